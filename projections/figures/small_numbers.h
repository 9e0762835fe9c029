// Small numbers: what boards may see of figures behind which few children stand. An agency sees its
// own figures as they are; whoever looks across agencies sees them through a Mask.
//
// Rounding alone is no protection. Let two groups have four children each: both read "fewer than
// 5", and together they read 10. A reader who knows the rule (10 is 8 to 12, "fewer than 5" is at
// most 4) can only conclude 4 and 4. Whatever the rule, as long as each answer bounds the true
// count there is a table whose answers, taken together, leave one count possible: totals against
// cells, a span of months against the span that is one month shorter, one rule against all. Answers
// would have to be checked against each other, all that were ever given.
//
// So it is not the answers that are made inexact, but the register behind them. Each child counts
// not once but zero, one or two times (a quarter, a half and a quarter of all children), as a
// secret and the child's key say: always the same, in every question, so that asking again tells
// nothing more. All counts and times are sums over that register, which could itself be given away:
// a count of m in it may be m/2 children or any number above, and nought may be children who count
// zero times. No set of answers can say more than the register does. On average a child counts
// once: of n children the count is off by about the root of n/2, by 5 of 50, by 22 of 1,000; shares
// and means hardly at all.
//
// On top of that counts are shown to the nearest 5, and 1 to 4 as "fewer than 5", so that no reader
// takes a small one for a fact; and no mean, percentage or time is shown where fewer than 5
// children stand behind it. Sums of times are never shown: two of them would tell the time of one
// child.
//
// What it does not hide: that a large group is large, and that hardly anybody in it was in time.
// And an agency that knows one of its own children to be alone in a cell learns how often it
// counts.
#ifndef DOLEN_PROJECTIONS_FIGURES_SMALL_NUMBERS_H_
#define DOLEN_PROJECTIONS_FIGURES_SMALL_NUMBERS_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "engine/base/digest.h"
#include "engine/base/ids.h"

namespace dolen {

// Counts below this are not told.
inline constexpr int64_t kFewChildren = 5;

// How often a child counts. Not for use from two threads at once.
class Mask {
 public:
  // `secret` is the installation's, the same for ever; not empty.
  explicit Mask(absl::string_view secret);
  int64_t WeightOf(const ChildKey& child) const;

 private:
  const KeyedDigest digest_;
};
// Without a mask each counts once.
int64_t WeightOf(const ChildKey& child, const Mask* mask);

// A number as a reader gets it.
struct Shown {
  enum Kind { kNumber, kFew, kHidden };
  Kind kind = kHidden;
  int64_t number = 0;
  friend bool operator==(const Shown&, const Shown&) = default;
};

// `masked`: the sums were made through a mask.
Shown ShownCount(int64_t count, bool masked);
// Per hundred of `of`, to a whole number, or to the nearest 5. Hidden where `of` is none, or few
// `children` stand behind it.
Shown ShownPercent(double part, double of, int64_t children, bool masked);
// A mean per one of `of`, to a whole number, or to two digits. Likewise hidden.
Shown ShownMean(double sum, int64_t of, int64_t children, bool masked);
// A sum of times.
Shown ShownSum(int64_t sum, bool masked);

}  // namespace dolen

#endif  // DOLEN_PROJECTIONS_FIGURES_SMALL_NUMBERS_H_
