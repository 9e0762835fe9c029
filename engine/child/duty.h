// A duty: one rule applied to one key (a matter, the child, a thread ...): its clocks, and what it
// has seen that may still change them. Pure.
//
// What an event means to a duty is written down as hits: which use of which pattern it fitted. The
// clocks are then read off the hits (reading.h). What can no longer change a clock is forgotten, so
// that an event at the end costs the same however long the history is.
#ifndef DOLEN_ENGINE_CHILD_DUTY_H_
#define DOLEN_ENGINE_CHILD_DUTY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "engine/child/clock.h"
#include "engine/child/event.h"

namespace dolen {

// What a start says besides its time, as of its place in the order.
struct Opening {
  bool judged = false;  // the version judges a start then
  std::string accountable;
  std::string starter;
  std::string backfill;
  int matter = 0;
  uint32_t when = 0;                   // bit for each limit, then target, whose `when` it fits
  std::vector<Moment> fields;          // of each limit, then target: the stated base; or empty
  std::vector<std::string> calendars;  // of each: whose calendar; or empty: the accountable's
  friend bool operator==(const Opening&, const Opening&) = default;
};

// An event fitted one use of a pattern.
struct Hit {
  int version = 0;
  int use = 0;  // place in RuleVersion::uses
  Moment moment;
  uint64_t root = 0;   // of the event, or of its occasion
  uint64_t event = 0;  // of the event, whatever its occasion
  bool is_void = false;
  bool starts = false;                         // it fitted a start of this version too
  Moment base;                                 // kFrom: what to count from
  std::string cause;                           // kPauseBegin, kPauseEnd
  std::string owner;                           // kPauseBegin: a party, an agency or a code
  absl::Time until = absl::InfiniteFuture();   // kPauseBegin
  absl::Time recorded = absl::InfinitePast();  // kStop, kCancel: of the event; of a moment: none
  absl::optional<Opening> opening;             // kStart
  friend bool operator==(const Hit&, const Hit&) = default;
};

// An exception that its author may give, for one version.
struct Exception {
  int version = 0;
  Moment moment;
  absl::Time until = absl::InfiniteFuture();
  std::string starter;  // only clocks that this agency started; empty: all
  friend bool operator==(const Exception&, const Exception&) = default;
};

// When a pattern inside given or unless was first fitted.
struct Came {
  int version = 0;
  int use = 0;
  absl::Time from;
  friend bool operator==(const Came&, const Came&) = default;
};

// What is left of the settled clocks of a version: starts count after this.
struct Cursor {
  int version = 0;
  bool done = false;  // ONCE: there was one
  absl::Time after = absl::InfinitePast();
  uint64_t root = 0;  // of the event that closed the last one
  // When an earlier start of the clock that is open now was breached, before the start moved on.
  absl::Time breached = absl::InfiniteFuture();
  friend bool operator==(const Cursor&, const Cursor&) = default;
};

struct Duty {
  int family = 0;  // index into Books::families()
  // Its key: a matter (index into Picture::matters), or a text; neither: the child.
  int matter = -1;
  std::string key;
  bool is_partial =
      false;  // a field of the key is missing: it lends what it saw to those that agree
  std::vector<Clock> clocks;
  std::vector<Hit> hits;  // in the order of events
  std::vector<Exception> exceptions;
  std::vector<Came> came;
  std::vector<Cursor> cursors;
  std::vector<uint64_t> occasions;  // that were seen, each with the event's name
  friend bool operator==(const Duty&, const Duty&) = default;
};

}  // namespace dolen

#endif  // DOLEN_ENGINE_CHILD_DUTY_H_
