// Step against a second, naive model that walks day by day over the shipped calendars.
#include <random>
#include <set>

#include "engine/calendar/calendar.h"
#include "gtest/gtest.h"
#include "tests/engine/calendar/uk.h"

namespace dolen {
namespace {

constexpr int kCasesPerNation = 30000;

struct Naive {
  absl::CivilDay first, last;
  std::set<absl::CivilDay> closed;

  bool Counts(absl::CivilDay day) const {
    const absl::Weekday weekday = absl::GetWeekday(day);
    return weekday != absl::Weekday::saturday && weekday != absl::Weekday::sunday &&
           closed.count(day) == 0;
  }
  absl::optional<absl::CivilDay> Walk(absl::CivilDay day, int n) const {
    if (day < first || last < day) return absl::nullopt;
    const int direction = n > 0 ? 1 : -1;
    for (int left = n * direction; left > 0;) {
      day += direction;
      if (day < first || last < day) return absl::nullopt;
      if (Counts(day)) --left;
    }
    return day;
  }
};

// Mostly short steps, as rules have them; some of years, which leave the calendar.
int RandomSteps(std::mt19937& random) {
  const int reach = random() % 10 == 0 ? 900 : 45;
  return std::uniform_int_distribution<int>(-reach, reach)(random);
}

class CalendarModel : public testing::TestWithParam<const char*> {};

TEST_P(CalendarModel, StepsAsAWalkDayByDayDoes) {
  const std::string nation = GetParam();
  const Calendar calendar = UkCalendar(nation);
  Naive naive{calendar.first(), calendar.last(), {}};
  for (absl::CivilDay day : ClosedDays(nation)) naive.closed.insert(day);
  const unsigned seed = 20260302;
  std::mt19937 random(seed);
  // A month more on both sides, so that unknown days are asked for too.
  std::uniform_int_distribution<int> days(-30, static_cast<int>(naive.last - naive.first) + 30);
  int beyond = 0;
  for (int i = 0; i < kCasesPerNation; ++i) {
    const absl::CivilDay day = naive.first + days(random);
    const int n = RandomSteps(random);
    const absl::optional<absl::CivilDay> expected = naive.Walk(day, n);
    if (!expected) ++beyond;
    ASSERT_EQ(calendar.Step(day, n), expected)
        << nation << " " << DayText(day) << " steps " << n << " seed " << seed;
  }
  EXPECT_GT(beyond, 100);
  EXPECT_LT(beyond, kCasesPerNation / 10);
}

TEST_P(CalendarModel, CountsTheDaysThatTheFileDoesNotClose) {
  const std::string nation = GetParam();
  const Calendar calendar = UkCalendar(nation);
  Naive naive{calendar.first(), calendar.last(), {}};
  for (absl::CivilDay day : ClosedDays(nation)) naive.closed.insert(day);
  for (absl::CivilDay day = naive.first; day <= naive.last; ++day) {
    ASSERT_EQ(calendar.IsCounted(day), naive.Counts(day)) << DayText(day);
  }
}

INSTANTIATE_TEST_SUITE_P(Nations, CalendarModel,
                         testing::Values("england", "wales", "scotland", "northern_ireland"),
                         [](const auto& tested) { return std::string(tested.param); });

TEST(StepWeekdaysModel, StepsAsAWalkDayByDayDoes) {
  const Naive naive{Day("1900-01-01"), Day("2100-12-31"), {}};
  std::mt19937 random(7);
  for (int i = 0; i < kCasesPerNation; ++i) {
    const absl::CivilDay day = Day("2012-01-01") + static_cast<int>(random() % 6000);
    const int n = RandomSteps(random);
    ASSERT_EQ(StepWeekdays(day, n), naive.Walk(day, n)) << DayText(day) << " steps " << n;
  }
}

}  // namespace
}  // namespace dolen
