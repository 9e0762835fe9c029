#include "connectors/alerting/hours.h"

#include <algorithm>

#include "engine/base/time.h"

namespace dolen {
namespace {

constexpr int kDaysAhead = 366;  // that are searched for the next opening

}  // namespace

TeamHours::TeamHours(const routing::v1::Team& team) : always_(team.hours().empty()) {
  if (team.zone().empty() || !absl::LoadTimeZone(team.zone(), &zone_)) {
    absl::LoadTimeZone("Europe/London", &zone_);
  }
  for (const routing::v1::Hours& hours : team.hours()) {
    Span span{};
    if (!ParseTimeOfDay(hours.from(), span.from) || !ParseTimeOfDay(hours.to(), span.to)) continue;
    for (const std::string& day : hours.day()) {
      const auto* const found = std::find(std::begin(kWeekdays), std::end(kWeekdays), day);
      if (found != std::end(kWeekdays)) spans_[found - std::begin(kWeekdays)].push_back(span);
    }
  }
  for (std::vector<Span>& spans : spans_) {
    std::sort(spans.begin(), spans.end(),
              [](const Span& a, const Span& b) { return a.from < b.from; });
  }
  for (const std::string& text : team.closed()) {
    absl::CivilDay day;
    if (ParseDay(text, day)) closed_.insert(day);
  }
}

absl::Time TeamHours::InstantOf(absl::CivilDay day, int minutes) const {
  const absl::TimeZone::TimeInfo info = zone_.At(absl::CivilSecond(day) + int64_t{60} * minutes);
  return info.kind == absl::TimeZone::TimeInfo::SKIPPED ? info.trans : info.pre;
}

const std::vector<TeamHours::Span>& TeamHours::SpansOf(absl::CivilDay day) const {
  static const std::vector<Span> none;
  return closed_.contains(day) ? none : spans_[static_cast<size_t>(absl::GetWeekday(day))];
}

bool TeamHours::IsOpen(absl::Time at) const {
  if (always_) return true;
  const absl::CivilSecond local = absl::ToCivilSecond(at, zone_);
  const int minute = local.hour() * 60 + local.minute();
  const std::vector<Span>& spans = SpansOf(absl::CivilDay(local));
  return std::any_of(spans.begin(), spans.end(),
                     [&](const Span& span) { return span.from <= minute && minute < span.to; });
}

absl::Time TeamHours::NextOpen(absl::Time at) const {
  if (IsOpen(at)) return at;
  const absl::CivilDay today = absl::ToCivilDay(at, zone_);
  for (int ahead = 0; ahead <= kDaysAhead; ++ahead) {
    for (const Span& span : SpansOf(today + ahead)) {
      const absl::Time opens = InstantOf(today + ahead, span.from);
      if (opens > at && IsOpen(opens)) return opens;
    }
  }
  return at;
}

absl::Time TeamHours::NextOf(absl::Span<const int> minutes, absl::Time at) const {
  const absl::CivilDay today = absl::ToCivilDay(at, zone_);
  absl::Time next = absl::InfiniteFuture();
  for (int ahead = 0; ahead <= 2; ++ahead) {
    for (const int minute : minutes) {
      const absl::Time instant = InstantOf(today + ahead, minute);
      if (instant > at) next = std::min(next, instant);
    }
  }
  return next;
}

}  // namespace dolen
