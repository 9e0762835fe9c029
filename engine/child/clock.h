// One clock: a rule's running deadline for one key (a matter or the child). It holds instants only;
// whether it is overdue at some time is read from them by StateAt. Pure. The model is rules.md;
// docs/clocks.md is for users.
//
// This version knows: opens ONCE, the FIRST match, start and stop as conjunctions, cancel,
// done_before, one limit in minutes, hours, calendar days, weekdays, working days or weeks, and
// levels before and after due.
#ifndef DOLEN_ENGINE_CHILD_CLOCK_H_
#define DOLEN_ENGINE_CHILD_CLOCK_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "engine/child/event.h"
#include "engine/pathway/books.h"
#include "engine/pathway/pattern.h"

namespace dolen {

enum class ClosedBy : uint8_t { kNothing, kStop, kCancel };

struct Clock {
  // What was matched of one part of a conjunction. Parts are numbered: starts first, then stops,
  // then cancel.
  struct Part {
    int version = 0;
    int part = 0;
    Moment moment;
    friend bool operator==(const Part&, const Part&) = default;
  };

  int family = 0;  // index into Books::families()
  int matter =
      0;  // index into Picture::matters; per "child": the matter of the event that started it
  int version = -1;  // the version of the rule that judges it; -1: not started
  ClosedBy closed_by = ClosedBy::kNothing;
  bool no_calendar = false;  // a needed day lies outside the calendar: no due time, never a guess
  Moment start;              // when it started
  Moment close;              // when it was stopped or cancelled
  absl::Time due =
      absl::InfiniteFuture();      // first late instant; never: a standing duty, or no calendar
  std::vector<absl::Time> levels;  // when each level of the rule becomes true; never: silent
  std::string starter;             // the agency that started it
  std::string backfill;            // the backfill that the starting event came with
  std::vector<Part> parts;         // half-met starts and stops

  bool started() const { return version >= 0; }
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

// Lets the clock see the next event of its key in order. Patterns fit by who was asked `during` the
// event, who is accountable is read from `after` it: the two differ for a decline and for a
// redirection. `family` is books.families()[clock.family].
void Observe(const Event& event, const Parties& during, const Parties& after, const Books& books,
             const RuleFamily& family, Clock& clock);

// The agency that a party ("starter", "asked", "asker", "agency:A") is now, or the party's name
// where no agency is known. The answer lives as long as the arguments.
absl::string_view AgencyOf(absl::string_view party, absl::string_view starter,
                           const Parties& parties);

}  // namespace dolen

#endif  // DOLEN_ENGINE_CHILD_CLOCK_H_
