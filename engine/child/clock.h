// One clock: a rule's running deadline for one key (a matter, the child ...). It holds instants
// only; whether it is overdue at some time is read from them by StateAt. Pure. The model is
// rules.md; docs/clocks.md is for users.
#ifndef DOLEN_ENGINE_CHILD_CLOCK_H_
#define DOLEN_ENGINE_CHILD_CLOCK_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "engine/child/event.h"

namespace dolen {

enum class ClosedBy : uint8_t { kNothing, kStop, kCancel, kVoided };

// Time in which a clock stood, or a day or time that a pause took out of its count.
struct Stood {
  absl::Time from;
  absl::Time to = absl::InfiniteFuture();
  std::string owner;  // whose minutes: a party, an agency, a code, or empty
  friend bool operator==(const Stood&, const Stood&) = default;
};

// An exception that holds: from its authorisation on, before due.
struct Excused {
  absl::Time from;
  absl::Time to = absl::InfiniteFuture();
  friend bool operator==(const Excused&, const Excused&) = default;
};

struct Clock {
  int version = 0;    // of the rule, that judges it
  uint64_t root = 0;  // what tells it from the other clocks of its duty; 0: nothing need
  int matter = 0;     // index into Picture::matters: of the event that started it
  ClosedBy closed_by = ClosedBy::kNothing;  // kVoided: a ghost, whose start was voided
  bool no_calendar = false;  // a needed day lies outside the calendar: no due time, never a guess
  bool held = false;         // no due time, since a pause has neither end nor cap
  bool settled = false;      // nothing that comes later in the order can change it
  Moment start;              // when it started
  Moment close;              // when it was stopped or cancelled
  // When the ledger had all that closed it; InfinitePast: it is open, or no event closed it.
  absl::Time close_recorded = absl::InfinitePast();
  absl::Time due = absl::InfiniteFuture();     // first late instant; never: a standing duty, no
                                               // calendar, or held without end
  absl::Time target = absl::InfiniteFuture();  // as due, of what is wished
  std::vector<absl::Time> levels;              // when each level becomes true; never: silent
  // When first overdue, on those events of its key that had occurred by then.
  absl::Time breached_at = absl::InfiniteFuture();
  std::vector<Stood> stood;    // when it stood still, by begin
  std::vector<Stood> charged;  // what was not counted: days, or elapsed time
  std::vector<Excused> excused;
  absl::Time silent_from = absl::InfiniteFuture();  // an exception that came too late to excuse
  std::string starter;                              // the agency that started it
  std::string backfill;  // the backfill that the starting event came with
  friend bool operator==(const Clock&, const Clock&) = default;
};

// States as rules.md defines them, at a time.
enum class ClockState {
  kNotStarted,
  kRunning,
  kOverdue,
  kPaused,
  kInTime,
  kLate,
  kExcused,
  kCancelled,
  kStanding,
  kDone,
  kNoCalendar,
};
absl::string_view StateName(ClockState state);  // "in_time"

// What the clock is at time t: an instant later than t has not happened yet.
ClockState StateAt(const Clock& clock, absl::Time t);

// Whether it had started at time t, and nothing had closed it.
bool IsOpenAt(const Clock& clock, absl::Time t);

// Whether an exception holds at time t.
bool IsExcusedAt(const Clock& clock, absl::Time t);

}  // namespace dolen

#endif  // DOLEN_ENGINE_CHILD_CLOCK_H_
