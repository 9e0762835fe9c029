#include "engine/child/holding.h"

#include <algorithm>
#include <set>
#include <utility>

#include "engine/base/time.h"

namespace dolen {
namespace {

using event::v1::Open;
using pathway::v1::Pattern;

bool IsOpen(const Hold& hold) { return hold.to.IsNever(); }

bool IsOn(const Hold& hold, absl::Time t, const Zone& zone) {
  return hold.from.In(zone) <= t && (IsOpen(hold) || t < hold.to.In(zone));
}

const std::string& FirstOf(const std::string& a, const std::string& b) { return a.empty() ? b : a; }

void Complete(const Event& event, const Matter& matter, int index, std::vector<Hold>& holds) {
  const Open& open = event.open;
  const Parties parties = matter.parties();
  const std::string giver = FirstOf(std::string(parties.asker), open.agency());
  std::string taker = FirstOf(std::string(parties.asked), open.to_agency());
  if (taker.empty() || taker == giver) {
    if (open.agency() == giver) return;  // nobody is named who takes it
    taker = open.agency();
  }
  Pass(open.part(), giver, taker, index, EffectiveOf(event), holds);
}

bool End(Hold::Why why, int matter, const Dated& at, std::vector<Hold>& holds) {
  bool ended = false;
  for (Hold& hold : holds) {
    if (hold.why != why || hold.matter != matter || !IsOpen(hold)) continue;
    hold.to = at;
    ended = true;
  }
  return ended;
}

}  // namespace

Dated EffectiveOf(const Event& event) {
  if (!event.open.has_effective()) return event.dated();
  Event effective;
  *effective.open.mutable_occurred() = event.open.effective();
  return effective.dated();
}

bool ChangesHolding(event::v1::Kind kind) {
  switch (kind) {
    case event::v1::KIND_HANDOVER_COMPLETED:
    case event::v1::KIND_COVER_STARTED:
    case event::v1::KIND_COVER_ENDED:
    case event::v1::KIND_EPISODE_OPENED:
    case event::v1::KIND_EPISODE_CLOSED:
      return true;
    default:
      return false;
  }
}

void Pass(absl::string_view part, absl::string_view from, absl::string_view to, int matter,
          const Dated& at, std::vector<Hold>& holds) {
  for (Hold& hold : holds) {
    if (hold.why == Hold::kCover || hold.agency != from || !IsOpen(hold)) continue;
    if (part.empty() || hold.part == part) hold.to = at;
  }
  if (!to.empty()) holds.push_back({std::string(part), std::string(to), Hold::kPassed, matter, at});
}

bool TakeHolding(const Event& event, const Matter& matter, int index, std::vector<Hold>& holds) {
  const Open& open = event.open;
  switch (open.kind()) {
    case event::v1::KIND_HANDOVER_COMPLETED:
      Complete(event, matter, index, holds);
      return true;
    case event::v1::KIND_COVER_STARTED:
      holds.push_back({open.part(), FirstOf(open.to_agency(), open.agency()), Hold::kCover, index,
                       event.dated()});
      return true;
    case event::v1::KIND_COVER_ENDED:
      return End(Hold::kCover, index, event.dated(), holds);
    case event::v1::KIND_EPISODE_OPENED:
      holds.push_back({FirstOf(open.part(), open.service_type()),
                       FirstOf(open.to_agency(), open.agency()), Hold::kEpisode, index,
                       event.dated()});
      return true;
    case event::v1::KIND_EPISODE_CLOSED:
      return End(Hold::kEpisode, index, event.dated(), holds);
    default:
      return false;
  }
}

std::vector<absl::string_view> HoldersAt(absl::Span<const Hold> holds, absl::string_view part,
                                         absl::Time t, const Zone& zone) {
  std::set<absl::string_view> covering, holding;
  for (const Hold& hold : holds) {
    if (hold.part != part || !IsOn(hold, t, zone)) continue;
    (hold.why == Hold::kCover ? covering : holding).insert(hold.agency);
  }
  const std::set<absl::string_view>& who = covering.empty() ? holding : covering;
  if (who.empty() && !part.empty()) return HoldersAt(holds, "", t, zone);
  return {who.begin(), who.end()};
}

const Hold* HoldInForce(absl::Span<const Hold> holds, absl::string_view part,
                        absl::string_view agency, absl::Time t, const Zone& zone) {
  const bool covered = std::any_of(holds.begin(), holds.end(), [&](const Hold& hold) {
    return hold.part == part && hold.why == Hold::kCover && IsOn(hold, t, zone);
  });
  const Hold* latest = nullptr;
  for (const Hold& hold : holds) {
    if (hold.part != part || hold.agency != agency || !IsOn(hold, t, zone)) continue;
    if ((hold.why == Hold::kCover) != covered) continue;
    if (latest == nullptr || hold.from.In(zone) >= latest->from.In(zone)) latest = &hold;
  }
  return latest;
}

absl::optional<Gap> GapAt(absl::Span<const Hold> holds, absl::string_view part, absl::Time t,
                          const Zone& zone) {
  if (!HoldersAt(holds, part, t, zone).empty()) return absl::nullopt;
  const Hold *last = nullptr, *of_any = nullptr;
  const auto is_later = [&](const Hold& hold, const Hold* than) {
    return than == nullptr || hold.to.In(zone) > than->to.In(zone);
  };
  for (const Hold& hold : holds) {
    if ((hold.part != part && !hold.part.empty()) || hold.to.IsNever()) continue;
    if (hold.to.In(zone) > t || hold.to.In(zone) <= hold.from.In(zone)) continue;  // or never was
    if (is_later(hold, of_any)) of_any = &hold;
    if (hold.part == part && hold.why != Hold::kCover && is_later(hold, last)) last = &hold;
  }
  if (last == nullptr) return absl::nullopt;
  return Gap{last, of_any->to};
}

std::vector<HoldingMoment> HoldingMoments(absl::Span<const Hold> holds, absl::string_view part,
                                          const Zone& zone) {
  std::set<absl::Time> changes;
  for (const Hold& hold : holds) {
    if (hold.part != part && !hold.part.empty()) continue;
    changes.insert(hold.from.In(zone));
    if (!IsOpen(hold)) changes.insert(hold.to.In(zone));
  }
  std::vector<HoldingMoment> moments;
  size_t before = 0;
  for (const absl::Time at : changes) {
    const size_t now = std::min<size_t>(2, HoldersAt(holds, part, at, zone).size());
    if (now != before) {
      moments.push_back({at, now == 0   ? Pattern::UNHELD
                             : now == 1 ? Pattern::HELD
                                        : Pattern::HELD_BY_TWO});
    }
    before = now;
  }
  return moments;
}

}  // namespace dolen
