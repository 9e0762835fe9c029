#include "engine/calendar/calendar.h"

#include <limits>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/engine/calendar/uk.h"

namespace dolen {
namespace {

using testing::HasSubstr;

// 2026: 25 December is a Friday, 28 December (Monday) the substitute for Boxing Day.
Calendar Christmas() {
  return *Calendar::Make("christmas", Day("2026-12-14"), Day("2027-01-10"),
                         {{Day("2026-12-28"), Day("2026-12-28")},
                          {Day("2026-12-25"), Day("2026-12-25")},
                          {Day("2027-01-01"), Day("2027-01-01")}});
}

TEST(Calendar, NeitherWeekendsNorClosedDaysCount) {
  const Calendar calendar = Christmas();
  EXPECT_TRUE(calendar.IsCounted(Day("2026-12-24")));
  EXPECT_FALSE(calendar.IsCounted(Day("2026-12-25")));
  EXPECT_FALSE(calendar.IsCounted(Day("2026-12-26")));  // Saturday
  EXPECT_FALSE(calendar.IsCounted(Day("2026-12-27")));
  EXPECT_FALSE(calendar.IsCounted(Day("2026-12-28")));
  EXPECT_TRUE(calendar.IsCounted(Day("2026-12-29")));
}

TEST(Calendar, StepsForwardAndBackOverClosedDays) {
  const Calendar calendar = Christmas();
  EXPECT_EQ(calendar.Step(Day("2026-12-24"), 1), Day("2026-12-29"));
  EXPECT_EQ(calendar.Step(Day("2026-12-29"), -1), Day("2026-12-24"));
  EXPECT_EQ(calendar.Step(Day("2026-12-24"), 3), Day("2026-12-31"));
}

TEST(Calendar, ADayThatDoesNotCountIsAStartLikeAnyOther) {
  const Calendar calendar = Christmas();
  EXPECT_EQ(calendar.Step(Day("2026-12-26"), 0), Day("2026-12-26"));
  EXPECT_EQ(calendar.Step(Day("2026-12-26"), 1), Day("2026-12-29"));
  EXPECT_EQ(calendar.Step(Day("2026-12-26"), -1), Day("2026-12-24"));
}

TEST(Calendar, BeyondWhatItKnowsItDoesNotGuess) {
  const Calendar calendar = Christmas();
  // The last counted day is Friday 8 January, the first Monday 14 December.
  EXPECT_EQ(calendar.Step(Day("2027-01-07"), 1), Day("2027-01-08"));
  EXPECT_EQ(calendar.Step(Day("2027-01-07"), 2), absl::nullopt);
  EXPECT_EQ(calendar.Step(Day("2027-01-10"), 1), absl::nullopt);
  EXPECT_EQ(calendar.Step(Day("2026-12-15"), -1), Day("2026-12-14"));
  EXPECT_EQ(calendar.Step(Day("2026-12-15"), -2), absl::nullopt);
  EXPECT_EQ(calendar.Step(Day("2026-12-13"), 0), absl::nullopt);
  EXPECT_EQ(calendar.Step(Day("2026-12-13"), 1), absl::nullopt);
  EXPECT_EQ(calendar.Step(Day("2027-01-11"), -1), absl::nullopt);
}

TEST(Calendar, AnyNumberOfStepsIsAnswered) {
  const Calendar calendar = Christmas();
  EXPECT_EQ(calendar.Step(Day("2026-12-24"), std::numeric_limits<int>::max()), absl::nullopt);
  EXPECT_EQ(calendar.Step(Day("2026-12-24"), std::numeric_limits<int>::min()), absl::nullopt);
}

TEST(Calendar, ClosedRunsMayOverlapAndReachBeyond) {
  const Calendar calendar = *Calendar::Make("runs", Day("2026-03-02"), Day("2026-03-13"),
                                            {{Day("2026-03-10"), Day("2026-04-01")},
                                             {Day("2026-02-01"), Day("2026-03-03")},
                                             {Day("2026-03-03"), Day("2026-03-04")}});
  EXPECT_EQ(calendar.Step(Day("2026-03-02"), 1), Day("2026-03-05"));
  EXPECT_EQ(calendar.Step(Day("2026-03-02"), 3), Day("2026-03-09"));
  EXPECT_EQ(calendar.Step(Day("2026-03-02"), 4), absl::nullopt);
}

TEST(Calendar, ImpossibleReachesAreRefused) {
  EXPECT_THAT(
      std::string(Calendar::Make("c", Day("2026-01-02"), Day("2026-01-01"), {}).status().message()),
      HasSubstr("first day 2026-01-02 is after last day 2026-01-01"));
  EXPECT_THAT(std::string(Calendar::Make("c", Day("2026-01-01"), Day("2026-02-01"),
                                         {{Day("2026-01-09"), Day("2026-01-08")}})
                              .status()
                              .message()),
              HasSubstr("ends before it begins"));
  EXPECT_FALSE(Calendar::Make("c", Day("1900-01-01"), Day("2100-01-02"), {}).ok());
  EXPECT_TRUE(Calendar::Make("c", Day("1900-01-01"), Day("2100-01-01"), {}).ok());
}

TEST(StepWeekdays, HolidaysCountAndWeekendsDoNot) {
  EXPECT_EQ(StepWeekdays(Day("2026-12-24"), 1), Day("2026-12-25"));
  EXPECT_EQ(StepWeekdays(Day("2026-12-25"), 1), Day("2026-12-28"));
  EXPECT_EQ(StepWeekdays(Day("2026-12-26"), 1), Day("2026-12-28"));
  EXPECT_EQ(StepWeekdays(Day("2026-12-27"), -1), Day("2026-12-25"));
  EXPECT_EQ(StepWeekdays(Day("2026-12-28"), -1), Day("2026-12-25"));
  EXPECT_EQ(StepWeekdays(Day("2026-12-26"), 0), Day("2026-12-26"));
}

TEST(CalendarDeathTest, ToCountAnUnknownDayIsAProgramError) {
  EXPECT_DEATH(Christmas().IsCounted(Day("2030-01-01")), "check failed");
}

}  // namespace
}  // namespace dolen
