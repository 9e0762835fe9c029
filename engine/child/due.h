// The arithmetic of due times: from what a limit counts from to the first late instant, and from
// there to the instants of the levels. Pure. Steps as numbered in rules.md, "Due".
#ifndef DOLEN_ENGINE_CHILD_DUE_H_
#define DOLEN_ENGINE_CHILD_DUE_H_

#include <vector>

#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "dolen/pathway/v1/pathway.pb.h"
#include "engine/calendar/calendar.h"
#include "engine/calendar/zone.h"
#include "engine/child/event.h"
#include "engine/child/pause.h"

namespace dolen {

// What one limit counts from. A limit that does not speak has no base.
struct Base {
  Moment at;
  Moment said;  // when it was said: the start, or the event that it counts from
  const Calendar* working_days = nullptr;  // nullptr: none is known
  const Calendar* school_days = nullptr;
  bool speaks() const { return !at.IsNever(); }
};

// From when until when an instance of the rule lived, for limits with a window.
struct Life {
  absl::Time from;
  absl::Time to = absl::InfiniteFuture();
};

struct DueQuestion {
  const pathway::v1::Rule& rule;
  const Zone& zone;
  Moment start;
  absl::Span<const Base> bases;    // of each limit, then of each target
  absl::Span<const Pause> pauses;  // by begin
  absl::Span<const Life> others;   // earlier instances of the same rule and key
};

struct DueTimes {
  absl::Time due = absl::InfiniteFuture();  // first late instant; never: nothing speaks, or paused
  absl::Time target = absl::InfiniteFuture();
  std::vector<absl::Time> levels;  // one for each level of the rule; never: silent
  bool no_calendar = false;        // a needed day lies outside the calendar: no due, never a guess
  bool held = false;               // no due, since a pause has neither end nor cap
  std::vector<Held> charged;       // by the binding limit
  std::vector<Held> standing;
};

DueTimes DueTimesOf(const DueQuestion& question);

// Where days are counted.
struct Place {
  const Zone& zone;
  const Calendar* working_days = nullptr;  // nullptr: none is known
  const Calendar* school_days = nullptr;
};
// When an amount is over that counts from an instant: the day of `from` is day 0, and days end with
// the last. nullopt: the calendar does not reach.
absl::optional<absl::Time> EndOf(const pathway::v1::Amount& amount, absl::Time from,
                                 const Place& place);

}  // namespace dolen

#endif  // DOLEN_ENGINE_CHILD_DUE_H_
