// What has ended with a child, in numbers that can be added up: across clocks, children and shards,
// in any order. Pure. Clocks are counted by rule, by who was accountable when they closed, and by
// the month in which they closed; asks by who asked whom, and by the month of the ask.
//
// A clock has ended once an event closed it, also where that event is said to lie a little ahead.
// The figures of a child are those of its picture together with those of what Forget took out of it
// (forget.h): when that happened cannot be seen in the sum.
#ifndef DOLEN_ENGINE_CHILD_FIGURES_H_
#define DOLEN_ENGINE_CHILD_FIGURES_H_

#include <cstdint>
#include <string>
#include <tuple>

#include "absl/container/btree_map.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "engine/child/picture.h"
#include "engine/child/told.h"
#include "engine/pathway/books.h"

namespace dolen {

struct ClockGroup {
  std::string rule;
  std::string agency;      // accountable at the close; empty: nobody was
  absl::CivilMonth month;  // of the close, in the rule's zone
  friend bool operator==(const ClockGroup&, const ClockGroup&) = default;
  friend bool operator<(const ClockGroup& a, const ClockGroup& b) {
    return std::tie(a.rule, a.agency, a.month) < std::tie(b.rule, b.agency, b.month);
  }
};

// Whose time it was: an agency, a code such as "family", or empty: nobody's.
struct Whose {
  std::string who;
  bool is_paused = false;  // the clock stood, on account of `who`
  friend bool operator==(const Whose&, const Whose&) = default;
  friend bool operator<(const Whose& a, const Whose& b) {
    return std::tie(a.who, a.is_paused) < std::tie(b.who, b.is_paused);
  }
};

struct ClockFigures {
  // Each clock is one of these, as it was when it closed (ClockState).
  int64_t in_time = 0;
  int64_t late = 0;
  int64_t excused = 0;
  int64_t cancelled = 0;
  int64_t done = 0;         // its rule has no due time
  int64_t no_calendar = 0;  // no calendar reaches so far: nobody can say
  // Of those that were late: nobody was told (IsUntold).
  int64_t untold = 0;
  // Of those in time: the ledger got the close at or after due, so that they looked overdue by
  // reporting alone.
  int64_t late_by_report = 0;
  absl::Duration action;     // from start to close
  absl::Duration overrun;    // of those that were late: from due to close
  absl::Duration reporting;  // from the close to when the ledger had it; a close ahead: none
  absl::btree_map<Whose, absl::Duration> shares;  // of `action`, without gaps

  int64_t clocks() const { return in_time + late + excused + cancelled + done + no_calendar; }
  ClockFigures& operator+=(const ClockFigures& other);
  friend bool operator==(const ClockFigures&, const ClockFigures&) = default;
};

struct AskGroup {
  std::string asker;       // who asked, or passed it on; empty: not said
  std::string asked;       // empty: not said
  absl::CivilMonth month;  // of the ask, in the zone of the newest book
  friend bool operator==(const AskGroup&, const AskGroup&) = default;
  friend bool operator<(const AskGroup& a, const AskGroup& b) {
    return std::tie(a.asker, a.asked, a.month) < std::tie(b.asker, b.asked, b.month);
  }
};

struct AskFigures {
  int64_t asks = 0;
  // At most one of these for each ask: what last became of it.
  int64_t taken_on = 0;
  int64_t passed_on = 0;                           // by who was asked, to another
  absl::btree_map<std::string, int64_t> declined;  // by coded reason; empty: none was said
  // Ping-pong: the agency had asked or been asked earlier in the thread. A reminder, which repeats
  // the ask before it, is none.
  int64_t back = 0;

  int64_t all_declined() const;
  // Of which nothing has become yet.
  int64_t unanswered() const { return asks - taken_on - all_declined() - passed_on; }
  AskFigures& operator+=(const AskFigures& other);
  friend bool operator==(const AskFigures&, const AskFigures&) = default;
};

struct Figures {
  absl::btree_map<ClockGroup, ClockFigures> clocks;
  absl::btree_map<AskGroup, AskFigures> asks;

  bool empty() const { return clocks.empty() && asks.empty(); }
  Figures& operator+=(const Figures& other);
  friend bool operator==(const Figures&, const Figures&) = default;
};

// Of all that the picture holds. `alerts` is what was said of it.
Figures FiguresOf(const Picture& picture, const Alerts& alerts, const Books& books);

// Adds one clock, if it has ended; a ghost is none.
void AddClock(const Picture& picture, const Duty& duty, const Clock& clock, const Alerts& alerts,
              const Books& books, Figures& figures);
// Adds the asks of one of the picture's matters.
void AddAsks(const Picture& picture, const Matter& matter, const Books& books, Figures& figures);

}  // namespace dolen

#endif  // DOLEN_ENGINE_CHILD_FIGURES_H_
