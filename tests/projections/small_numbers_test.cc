// What an attacker can tell of few children from all that boards may be answered.
#include "projections/figures/small_numbers.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <map>
#include <random>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/base/digest.h"
#include "projections/performance/performance.h"

namespace dolen {
namespace {

ChildKey Key(int number) {
  ChildKey key;
  EXPECT_TRUE(ChildKey::FromHex(ShortSha256Hex(absl::StrCat("child ", number)), key));
  return key;
}

// A small register: children of two agencies in four months.
constexpr int kAgencies = 2, kMonths = 4, kCells = kAgencies * kMonths;
using Counts = std::vector<int>;  // of each cell
constexpr int kMost = 20;         // children of one cell, as far as the attacker can know

std::string Agency(int number) { return number == 0 ? "north" : "south"; }
absl::CivilMonth Month(int number) { return absl::CivilMonth(2026, 1) + number; }

std::vector<ChildFigures> RegisterOf(const Counts& counts, int first_child) {
  std::vector<ChildFigures> children;
  for (int cell = 0; cell < kCells; ++cell) {
    for (int i = 0; i < counts[cell]; ++i) {
      ChildFigures& child = children.emplace_back();
      child.child = Key(first_child + static_cast<int>(children.size()));
      child.figures.clocks[{"R", Agency(cell / kMonths), Month(cell % kMonths)}].in_time = 1;
    }
  }
  return children;
}

// A question, and between which bounds the sum over its cells lies by the answer.
struct Bounds {
  std::vector<int> cells;
  int least, most;
};

Bounds BoundsOf(const Shown& shown) {
  if (shown.kind == Shown::kFew) return {{}, 1, 4};
  const int number = static_cast<int>(shown.number);
  if (number == 0) return {{}, 0, 0};
  return {{}, number == 5 ? 5 : number - 2, number + 2};
}

// All questions: either agency or both, and every span of months. The answer is what the sheet
// shows as the children of the total.
std::vector<Bounds> AskAll(const std::vector<ChildFigures>& children, const Mask* mask) {
  std::vector<Bounds> all;
  for (int agency = -1; agency < kAgencies; ++agency) {
    for (int from = 0; from < kMonths; ++from) {
      for (int to = from; to < kMonths; ++to) {
        ClockTable table;
        table.masked = true;
        table.query.agency = agency < 0 ? "" : Agency(agency);
        table.query.from = Month(from);
        table.query.to = Month(to);
        for (const ChildFigures& child : children) table.Add(child, WeightOf(child.child, mask));
        const Sheet sheet = PerformanceSheet(table);
        Bounds& bounds = all.emplace_back(BoundsOf(absl::get<Shown>(sheet.total[2])));
        for (int cell = 0; cell < kCells; ++cell) {
          const bool is_in = (agency < 0 || cell / kMonths == agency) && from <= cell % kMonths &&
                             cell % kMonths <= to;
          if (is_in) bounds.cells.push_back(cell);
        }
      }
    }
  }
  return all;
}

// Every table of counts that agrees with all answers: whatever can be had by adding them up and
// taking them from each other is in here.
void ForEachTable(const std::vector<Bounds>& answers,
                  const std::function<void(const Counts&)>& see) {
  Counts table(kCells, 0);
  const std::function<void(int)> fill = [&](int cell) {
    // Answers of which the last cell was just filled.
    for (const Bounds& answer : answers) {
      if (cell == 0 || answer.cells.back() != cell - 1) continue;
      int sum = 0;
      for (const int one : answer.cells) sum += table[one];
      if (sum < answer.least || sum > answer.most) return;
    }
    if (cell == kCells) return see(table);
    for (table[cell] = 0; table[cell] <= kMost; ++table[cell]) fill(cell + 1);
  };
  fill(0);
}

Counts AnyCounts(std::mt19937_64& random) {
  Counts counts;
  // Mostly few, and some that are none.
  for (int cell = 0; cell < kCells; ++cell) {
    counts.push_back(random() % 3 == 0 ? static_cast<int>(random() % 10)
                                       : static_cast<int>(random() % 5));
  }
  return counts;
}

// How many cells of one to four children are known for certain.
int PinnedWithoutMask(const Counts& counts) {
  std::vector<std::map<int, int>> possible(kCells);
  ForEachTable(AskAll(RegisterOf(counts, 0), nullptr), [&](const Counts& table) {
    for (int cell = 0; cell < kCells; ++cell) ++possible[cell][table[cell]];
  });
  int pinned = 0;
  for (int cell = 0; cell < kCells; ++cell) {
    EXPECT_EQ(possible[cell].count(counts[cell]), 1u) << "the truth must be possible";
    pinned += possible[cell].size() == 1 && 0 < counts[cell] && counts[cell] < 5 ? 1 : 0;
  }
  return pinned;
}

// The example in the header: it is why there is a mask.
TEST(SmallNumbers, RoundingAloneTellsOfFourAndFour) {
  EXPECT_GE(PinnedWithoutMask({4, 4, 0, 0, 0, 0, 0, 0}), 2);
}

TEST(SmallNumbers, TheAttackerBreaksRoundingAlone) {
  std::mt19937_64 random(1);
  int broken = 0;
  for (int i = 0; i < 300; ++i) broken += PinnedWithoutMask(AnyCounts(random)) > 0 ? 1 : 0;
  printf("rounding alone: of 300 tables %d tell a count of one to four for certain\n", broken);
  EXPECT_GT(broken, 10) << "else he proves nothing below";
}

// How likely it is that n children count m together.
double Likelihood(int m, int n) {
  if (m > 2 * n) return 0;
  return std::exp(std::lgamma(2 * n + 1) - std::lgamma(m + 1) - std::lgamma(2 * n - m + 1) -
                  2 * n * std::log(2));
}

// With the mask every answer bounds a sum over the register that counts each child 0, 1 or 2 times.
// The attacker knows that, and how often which weight comes, and that no number of children is
// likelier than another. For each cell, how likely he must think each number of children.
std::vector<std::vector<double>> BeliefsOf(const std::vector<Bounds>& answers) {
  std::vector<double> any(2 * kMost + 1, 0);  // of a cell that counts m
  for (int m = 0; m <= 2 * kMost; ++m) {
    for (int n = 0; n <= kMost; ++n) any[m] += Likelihood(m, n);
  }
  std::vector<std::map<int, double>> counted(kCells);  // how likely which sum of a cell is
  ForEachTable(answers, [&](const Counts& table) {
    double weight = 1;
    for (const int m : table) weight *= any[m];
    for (int cell = 0; cell < kCells; ++cell) counted[cell][table[cell]] += weight;
  });
  std::vector<std::vector<double>> beliefs(kCells, std::vector<double>(kMost + 1, 0));
  for (int cell = 0; cell < kCells; ++cell) {
    double all = 0;
    for (const auto& [m, weight] : counted[cell]) all += weight;
    for (const auto& [m, weight] : counted[cell]) {
      for (int n = 0; n <= kMost; ++n) {
        beliefs[cell][n] += weight / all * Likelihood(m, n) / any[m];
      }
    }
  }
  return beliefs;
}

TEST(SmallNumbers, NoAnswersTogetherTellACountOfOneToFour) {
  std::mt19937_64 random(2);
  int cells = 0, right = 0;
  double surest = 0;
  for (int i = 0; i < 300; ++i) {
    const Counts counts = AnyCounts(random);
    // A secret of its own for each table.
    const Mask mask(absl::StrCat("secret ", i));
    const auto beliefs = BeliefsOf(AskAll(RegisterOf(counts, 1000 * i), &mask));
    for (int cell = 0; cell < kCells; ++cell) {
      int possible = 0, best = 0;
      for (int n = 0; n <= kMost; ++n) {
        possible += beliefs[cell][n] > 0 ? 1 : 0;
        if (beliefs[cell][n] > beliefs[cell][best]) best = n;
        if (0 < n && n < 5) surest = std::max(surest, beliefs[cell][n]);
      }
      ASSERT_GT(possible, 2) << "table " << i << " cell " << cell;
      ASSERT_GT(beliefs[cell][counts[cell]], 0) << "the truth must be possible";
      if (counts[cell] == 0 || counts[cell] >= 5) continue;
      ++cells;
      right += best == counts[cell] ? 1 : 0;
    }
  }
  printf(
      "with the mask: of %d cells of one to four the attacker guesses %d, at most %.0f %% sure\n",
      cells, right, 100 * surest);
  EXPECT_GT(cells, 1000);
  // Counting once is as likely as not; the register itself would tell no more.
  EXPECT_LT(surest, 0.6);
  EXPECT_LT(right, cells / 2);
}

TEST(SmallNumbers, AChildCountsOnceOnAverageAndAlwaysTheSame) {
  const Mask mask("one secret"), same("one secret"), other("another secret");
  int by_weight[3] = {}, differ = 0;
  for (int i = 0; i < 20'000; ++i) {
    const int64_t weight = mask.WeightOf(Key(i));
    ASSERT_TRUE(0 <= weight && weight <= 2);
    ++by_weight[weight];
    ASSERT_EQ(same.WeightOf(Key(i)), weight);
    differ += other.WeightOf(Key(i)) != weight ? 1 : 0;
  }
  EXPECT_NEAR(by_weight[0], 5000, 300);
  EXPECT_NEAR(by_weight[1], 10000, 300);
  EXPECT_NEAR(by_weight[2], 5000, 300);
  EXPECT_NEAR(differ, 12'500, 400) << "they have nothing to do with each other";
  EXPECT_EQ(WeightOf(Key(1), nullptr), 1);
}

TEST(SmallNumbers, AreShownToTheNearestFiveAndFewAsFew) {
  const auto text = [](int64_t count) {
    const Shown shown = ShownCount(count, true);
    return shown.kind == Shown::kFew ? "few" : absl::StrCat(shown.number);
  };
  EXPECT_EQ(text(0), "0");
  EXPECT_EQ(text(1), "few");
  EXPECT_EQ(text(4), "few");
  EXPECT_EQ(text(5), "5");
  EXPECT_EQ(text(7), "5");
  EXPECT_EQ(text(8), "10");
  EXPECT_EQ(text(1234), "1235");
  EXPECT_EQ(ShownCount(3, false), (Shown{Shown::kNumber, 3}));
}

TEST(SmallNumbers, MeansAndPercentagesNeedFiveChildrenBehindThem) {
  EXPECT_EQ(ShownMean(1000, 3, 4, true).kind, Shown::kHidden);
  EXPECT_EQ(ShownMean(61'725, 50, 5, true), (Shown{Shown::kNumber, 1200}));
  EXPECT_EQ(ShownMean(61'725, 50, 5, false), (Shown{Shown::kNumber, 1235}));
  EXPECT_EQ(ShownMean(0, 0, 5, false).kind, Shown::kHidden) << "a mean of nothing";
  EXPECT_EQ(ShownPercent(3, 4, 4, true).kind, Shown::kHidden);
  EXPECT_EQ(ShownPercent(72, 100, 50, true), (Shown{Shown::kNumber, 70}));
  EXPECT_EQ(ShownPercent(72, 100, 50, false), (Shown{Shown::kNumber, 72}));
  EXPECT_EQ(ShownSum(72, true).kind, Shown::kHidden);
  EXPECT_EQ(ShownSum(72, false), (Shown{Shown::kNumber, 72}));
}

}  // namespace
}  // namespace dolen
