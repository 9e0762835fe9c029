// An event as the heart sees it: what the agency said, and its place among the child's other
// events. Pure.
#ifndef DOLEN_ENGINE_CHILD_EVENT_H_
#define DOLEN_ENGINE_CHILD_EVENT_H_

#include <algorithm>
#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "dolen/event/v1/event.pb.h"
#include "engine/calendar/zone.h"

namespace dolen {

// When something happened, as precisely as is known: one instant, or somewhere in a civil day. An
// instant that never comes is absl::InfiniteFuture(), so that "not yet" needs no second flag.
struct Moment {
  absl::Time from = absl::InfiniteFuture();  // it happened at or after this instant ...
  absl::Duration span;                       // ... and not later than this long after it

  absl::Time to() const { return from + span; }
  bool IsNever() const { return from == absl::InfiniteFuture(); }
  friend bool operator==(const Moment&, const Moment&) = default;
};

// Where something stands in the order of a child: an instant, or a day, which begins when it does
// in the zone of whoever asks.
struct Dated {
  absl::Time at;  // of a day its 00:00 in UTC; InfiniteFuture: it has not happened
  bool is_day = false;

  bool IsNever() const { return at == absl::InfiniteFuture(); }
  absl::Time In(const Zone& zone) const {
    return is_day ? zone.StartOf(absl::ToCivilDay(at, absl::UTCTimeZone())) : at;
  }
  friend bool operator==(const Dated&, const Dated&) = default;
};

// When the last of two things happened, as precisely as that is known.
inline Moment Later(const Moment& a, const Moment& b) {
  const absl::Time from = std::max(a.from, b.from);
  return {from, std::max(a.to(), b.to()) - from};
}

// Place in the order of one child's events: occurred, then rank of the kind (openers first),
// agency, the agency's own sequence, event id. A day stands at its 00:00 UTC; nothing may hang on
// the order of two events that precision cannot tell apart, so this order is only a way to agree.
struct OrderKey {
  absl::Time occurred = absl::InfinitePast();
  int rank = 0;
  std::string agency;
  uint64_t sequence = 0;
  std::string event_id;

  friend bool operator==(const OrderKey&, const OrderKey&) = default;
  friend std::strong_ordering operator<=>(const OrderKey& a, const OrderKey& b);
};

struct Event {
  event::v1::Open open;
  absl::Time recorded;   // time reached when the ledger got it
  int64_t position = 0;  // its ledger offset
  std::string backfill;  // the backfill it came with; empty: none

  // The instant it stands at in the order, to the microsecond; a day's 00:00 UTC.
  absl::Time Occurred() const;
  bool IsDayOnly() const { return open.occurred().has_day(); }
  Dated dated() const { return {Occurred(), IsDayOnly()}; }
  // When it happened, with days beginning as in `zone`.
  Moment MomentIn(const Zone& zone) const;
  OrderKey Order() const;
  // Who it is, also as the identity of a clock that it starts.
  uint64_t Root() const;
  static uint64_t RootOf(absl::string_view agency, absl::string_view event_id);
};

// A child's events, sorted by Order.
std::vector<Event> InOrder(std::vector<Event> events);

// When a stated, planned or agreed time is, with days beginning as in `zone`.
Moment MomentOf(const event::v1::When& when, const Zone& zone);

// Openers (a referral made, an episode opened, a handover offered) come first, closers last, so
// that at equal times a thread of work begins before it ends.
int RankOf(event::v1::Kind kind);

// Occurred() without making an Event.
absl::Time OccurredOf(const event::v1::Open& open);

}  // namespace dolen

#endif  // DOLEN_ENGINE_CHILD_EVENT_H_
