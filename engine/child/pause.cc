#include "engine/child/pause.h"

#include <algorithm>

#include "engine/pathway/amount.h"

namespace dolen {
namespace {

using pathway::v1::Amount;

}  // namespace

PauseMeter::PauseMeter(const pathway::v1::Rule& rule, absl::Span<const Pause> pauses,
                       const Zone& zone)
    : pauses_(pauses), zone_(&zone) {
  if (pauses.empty()) return;
  for (const pathway::v1::Pause& clause : rule.pause()) {
    Cap& cap = caps_.emplace_back();
    const Amount& amount = clause.cap();
    cap.limited = amount.of_case() != Amount::OF_NOT_SET;
    cap.time = ElapsedOf(amount).value_or(absl::ZeroDuration());
    cap.days = DaysOf(amount);
  }
}

bool PauseMeter::HasDays(int clause) const {
  return !caps_[clause].limited || caps_[clause].days > 0;
}

bool PauseMeter::HasTime(int clause) const {
  return !caps_[clause].limited || caps_[clause].time > absl::ZeroDuration();
}

bool PauseMeter::Charge(absl::CivilDay day) {
  if (pauses_.empty()) return false;
  const absl::Time begin = zone_->StartOf(day), end = zone_->StartOf(day + 1);
  const absl::Time last = end - absl::Microseconds(1);
  for (size_t i = 0; i < pauses_.size(); ++i) {
    const Pause& pause = pauses_[i];
    if (last < pause.from || pause.to <= last || !HasDays(pause.clause)) continue;
    Cap& cap = caps_[pause.clause];
    if (cap.limited && --cap.days == 0) cap.spent = end;
    const int place = static_cast<int>(i);
    if (!charged_.empty() && charged_.back().pause == place && charged_.back().to == begin) {
      charged_.back().to = end;
    } else {
      charged_.push_back({begin, end, place});
    }
    return true;
  }
  return false;
}

bool PauseMeter::ChargesForEver() {
  Held& last = charged_.back();
  const Pause& pause = pauses_[last.pause];
  if (pause.to != absl::InfiniteFuture() || caps_[pause.clause].limited) return false;
  last.to = absl::InfiniteFuture();
  return true;
}

absl::optional<absl::Time> PauseMeter::Pass(absl::Time base, absl::Duration amount) {
  absl::Time now = base;
  while (true) {
    // Who holds the clock now, and until when nothing changes.
    int holder = -1;
    absl::Time change = absl::InfiniteFuture();
    for (size_t i = 0; i < pauses_.size(); ++i) {
      const Pause& pause = pauses_[i];
      if (now < pause.from) {
        change = std::min(change, pause.from);
      } else if (now < pause.to) {
        change = std::min(change, pause.to);
        if (holder < 0 && HasTime(pause.clause)) holder = static_cast<int>(i);
      }
    }
    if (holder < 0) {
      if (amount <= change - now) return now + amount;
      amount -= change - now;
      now = change;
      continue;
    }
    Cap& cap = caps_[pauses_[holder].clause];
    absl::Time until = change;
    if (cap.limited) {
      until = std::min(until, now + cap.time);
      cap.time -= until - now;
      if (cap.time == absl::ZeroDuration()) cap.spent = until;
    }
    charged_.push_back({now, until, holder});
    if (until == absl::InfiniteFuture()) return absl::nullopt;
    now = until;
  }
}

std::vector<Held> PauseMeter::Standing() const {
  std::vector<Held> standing;
  for (size_t i = 0; i < pauses_.size(); ++i) {
    const Pause& pause = pauses_[i];
    const absl::Time end = std::min(pause.to, caps_[pause.clause].spent);
    if (pause.from < end) standing.push_back({pause.from, end, static_cast<int>(i)});
  }
  return standing;
}

}  // namespace dolen
