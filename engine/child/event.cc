#include "engine/child/event.h"

#include "engine/base/digest.h"
#include "engine/base/time.h"

namespace dolen {

std::strong_ordering operator<=>(const OrderKey& a, const OrderKey& b) {
  if (a.occurred != b.occurred) {
    return a.occurred < b.occurred ? std::strong_ordering::less : std::strong_ordering::greater;
  }
  if (auto order = a.rank <=> b.rank; order != 0) return order;
  if (int order = a.agency.compare(b.agency); order != 0) return order <=> 0;
  if (auto order = a.sequence <=> b.sequence; order != 0) return order;
  return a.event_id.compare(b.event_id) <=> 0;
}

absl::Time OccurredOf(const event::v1::Open& open) {
  const event::v1::When& when = open.occurred();
  // To the microsecond, as the store keeps it: a finer order would be forgotten by a restart.
  if (!when.has_day()) return FromMicros(Micros(FromTimestamp(when.instant())));
  absl::CivilDay day;
  // Admission has refused days that do not exist; a day that cannot be read stands at the very
  // beginning.
  if (!ParseDay(when.day(), day)) return absl::UnixEpoch();
  return absl::FromCivil(absl::CivilSecond(day), absl::UTCTimeZone());
}

absl::Time Event::Occurred() const { return OccurredOf(open); }

Moment MomentOf(const event::v1::When& when, const Zone& zone) {
  absl::CivilDay day;
  if (!when.has_day() || !ParseDay(when.day(), day)) {
    return {FromMicros(Micros(FromTimestamp(when.instant()))), {}};
  }
  const absl::Time begin = zone.StartOf(day);
  return {begin, zone.StartOf(day + 1) - absl::Microseconds(1) - begin};
}

Moment Event::MomentIn(const Zone& zone) const {
  absl::CivilDay day;
  if (!IsDayOnly() || !ParseDay(open.occurred().day(), day)) return {Occurred(), {}};
  return MomentOf(open.occurred(), zone);
}

uint64_t Event::RootOf(absl::string_view agency, absl::string_view event_id) {
  return Hash64(agency, event_id);
}

uint64_t Event::Root() const { return RootOf(open.agency(), open.event_id()); }

OrderKey Event::Order() const {
  return {Occurred(), RankOf(open.kind()), open.agency(), open.sequence(), open.event_id()};
}

int RankOf(event::v1::Kind kind) {
  switch (kind) {
    case event::v1::KIND_REFERRAL_MADE:
    case event::v1::KIND_HANDOVER_OFFERED:
    case event::v1::KIND_COVER_STARTED:
    case event::v1::KIND_EPISODE_OPENED:
    case event::v1::KIND_REFERRAL_REOPENED:
      return 0;
    case event::v1::KIND_REFERRAL_WITHDRAWN:
    case event::v1::KIND_REFERRAL_COMPLETED:
    case event::v1::KIND_REFERRAL_EXPIRED:
    case event::v1::KIND_HANDOVER_COMPLETED:
    case event::v1::KIND_HANDOVER_CANCELLED:
    case event::v1::KIND_COVER_ENDED:
    case event::v1::KIND_EPISODE_CLOSED:
      return 2;
    default:
      return 1;
  }
}

std::vector<Event> InOrder(std::vector<Event> events) {
  // Reading when an event occurred is dear, and the rest of its place in the order rarely needed.
  std::vector<std::pair<absl::Time, size_t>> order(events.size());
  for (size_t i = 0; i < events.size(); ++i) order[i] = {events[i].Occurred(), i};
  std::sort(order.begin(), order.end(), [&](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first
                              : events[a.second].Order() < events[b.second].Order();
  });
  std::vector<Event> in_order(events.size());
  for (size_t i = 0; i < events.size(); ++i) in_order[i] = std::move(events[order[i].second]);
  return in_order;
}

}  // namespace dolen
