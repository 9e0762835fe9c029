// What-if: how the clocks of a child would stand by other books. Two pictures of the same events
// are laid side by side; clocks with one name are one clock. Pure. Clocks and children are counted
// apart, and all counts can be added up over children and shards in any order.
#ifndef DOLEN_PROJECTIONS_WHATIF_WHATIF_H_
#define DOLEN_PROJECTIONS_WHATIF_WHATIF_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "engine/base/ids.h"
#include "engine/child/clock.h"
#include "engine/child/picture.h"
#include "engine/child/watch.h"
#include "engine/pathway/books.h"

namespace dolen {

// A clock as it stands at a time, by one of the two sets of books.
struct Standing {
  ClockState state = ClockState::kNotStarted;
  absl::Time due = absl::InfiniteFuture();
  absl::Duration late;  // how long after due it ended, or has been open; never negative
  std::string accountable;
  absl::btree_set<std::string> told;  // levels that would have been raised by then
  absl::btree_set<std::string> escalated;
  friend bool operator==(const Standing&, const Standing&) = default;
};

// A clock that stands otherwise by the other books. Without `before` it appears, without `after` it
// disappears.
struct ClockDifference {
  ChildKey child;
  std::string rule;
  std::string clock;                     // ClockName
  std::vector<std::string> identifiers;  // of the child; filled in only where they are asked for
  absl::optional<Standing> before, after;

  bool ChangesSide() const;
  // How much later it is due; zero where it is not due in both.
  absl::Duration Moved() const;
};

// The side of a clock: its state, or not there.
using ClockSide = absl::optional<ClockState>;
absl::string_view SideText(const ClockSide& side);  // "late"; "absent"
ClockSide SideOf(const absl::optional<Standing>& standing);

// All clocks of a group by one set of books.
struct SideCounts {
  int64_t clocks = 0;
  absl::btree_map<ClockState, int64_t> by_state;
  absl::Duration late;  // together
  void Add(const Standing& standing);
  void Add(const SideCounts& other);
};

// Alerts of one level: by the one books, by the other, only by the other, no longer.
struct ToldCounts {
  int64_t before = 0, after = 0, more = 0, fewer = 0;
  void Add(const ToldCounts& other);
};

struct Move {
  int64_t clocks = 0;
  int64_t children = 0;  // with at least one such clock
};

// A rule's clocks, an agency's, or all.
struct WhatIfGroup {
  SideCounts before, after;
  int64_t changed = 0;           // clocks that stand otherwise
  int64_t children_changed = 0;  // children with at least one of them
  absl::btree_map<std::pair<ClockSide, ClockSide>, Move> moves;  // only between two sides
  std::vector<absl::Duration> earlier, later;  // by how much due moved; all positive
  absl::Duration more_late, less_late;         // over the clocks that stand otherwise
  absl::btree_map<std::string, ToldCounts> raised, escalated;  // by level
  void Add(const WhatIfGroup& other);

  // Internal to counting: the last child counted here and in each move.
  int64_t last_child = -1;
  absl::btree_map<std::pair<ClockSide, ClockSide>, int64_t> last_moved;
};

// Ascending; the middle one, of an even number the mean of the middle two. Zero where there is
// none.
absl::Duration MedianOf(std::vector<absl::Duration> durations);

class WhatIf {
 public:
  // Keeps at most `list` differences: those that change side first, then by rule, due
  // time, child and clock.
  explicit WhatIf(size_t list) : list_(list) {}

  // One set of books with a child's picture drawn by it; outlives the call.
  struct By {
    const Picture& picture;
    const Books& books;
  };
  // Counts one child. `at`: when clocks are compared; those that start later are not there yet.
  // `identifiers` goes with the differences that are kept.
  void Count(const ChildKey& child, const By& before, const By& after, const Backfills& backfills,
             absl::Time at, const std::vector<std::string>& identifiers = {});
  // Adds what was counted of other children.
  void Add(WhatIf&& other);

  int64_t children() const { return children_; }
  // Children with a clock that is late or overdue, by each of the two books.
  int64_t late_before() const { return late_before_; }
  int64_t late_after() const { return late_after_; }
  // Late by the other books only, and no longer late by them.
  int64_t newly_late() const { return newly_late_; }
  int64_t no_longer_late() const { return no_longer_late_; }
  const WhatIfGroup& all() const { return all_; }
  const absl::btree_map<std::string, WhatIfGroup>& by_rule() const { return by_rule_; }
  const absl::btree_map<std::string, WhatIfGroup>& by_agency() const { return by_agency_; }
  // In order.
  std::vector<ClockDifference> Listed() const;

 private:
  void CountClock(const std::string& rule, const absl::optional<Standing>& before,
                  const absl::optional<Standing>& after);
  void Keep(ClockDifference difference);
  void Shorten();

  size_t list_;
  int64_t children_ = 0, late_before_ = 0, late_after_ = 0, newly_late_ = 0, no_longer_late_ = 0;
  WhatIfGroup all_;
  absl::btree_map<std::string, WhatIfGroup> by_rule_, by_agency_;
  std::vector<ClockDifference> kept_;  // sorted up to list_ now and then
};

}  // namespace dolen

#endif  // DOLEN_PROJECTIONS_WHATIF_WHATIF_H_
