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

// Days of September 2022; the 19th was a one-off holiday, the rest is made up.
Calendar Announcing(const std::vector<Calendar::Closed>& closed) {
  return *Calendar::Make("late", Day("2022-09-01"), Day("2022-09-30"), closed);
}

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Calendar, ADayThatWasAnnouncedAsClosedDoesNotCount) {
  const Calendar calendar = Announcing({{Day("2022-09-19"), Day("2022-09-19"), Day("2022-09-10")}});
  EXPECT_FALSE(calendar.IsCounted(Day("2022-09-19")));
  EXPECT_EQ(calendar.Step(Day("2022-09-16"), 1), Day("2022-09-20"));
  EXPECT_THAT(calendar.announced(),
              ElementsAre(Calendar::Announced{Day("2022-09-19"), Day("2022-09-10")}));
}

TEST(Calendar, TellsItsAnnouncementsInTheirOrder) {
  const Calendar calendar =
      Announcing({{Day("2022-09-28"), Day("2022-09-28"), Day("2022-09-09")},
                  {Day("2022-09-22"), Day("2022-09-26"), Day("2022-09-05")},  // over a weekend
                  {Day("2022-09-20"), Day("2022-09-20"), Day("2022-09-09")}});
  EXPECT_THAT(calendar.announced(),
              ElementsAre(Calendar::Announced{Day("2022-09-22"), Day("2022-09-05")},
                          Calendar::Announced{Day("2022-09-23"), Day("2022-09-05")},
                          Calendar::Announced{Day("2022-09-26"), Day("2022-09-05")},
                          Calendar::Announced{Day("2022-09-20"), Day("2022-09-09")},
                          Calendar::Announced{Day("2022-09-28"), Day("2022-09-09")}));
}

TEST(Calendar, OfTwoAnnouncementsOfADayTheFirstCounts) {
  for (const bool first_last : {false, true}) {
    const Calendar::Closed early{Day("2022-09-19"), Day("2022-09-19"), Day("2022-09-05")};
    const Calendar::Closed late{Day("2022-09-19"), Day("2022-09-20"), Day("2022-09-08")};
    const Calendar calendar = first_last ? Announcing({late, early}) : Announcing({early, late});
    EXPECT_THAT(calendar.announced(),
                ElementsAre(Calendar::Announced{Day("2022-09-19"), Day("2022-09-05")},
                            Calendar::Announced{Day("2022-09-20"), Day("2022-09-08")}));
  }
}

TEST(Calendar, ADayThatWasAlwaysClosedIsNotAnnounced) {
  const Calendar::Closed known{Day("2022-09-19"), Day("2022-09-19")};
  const Calendar::Closed late{Day("2022-09-17"), Day("2022-09-19"), Day("2022-09-08")};
  EXPECT_THAT(Announcing({known, late}).announced(), IsEmpty());
  EXPECT_THAT(Announcing({late, known}).announced(), IsEmpty());
  EXPECT_FALSE(Announcing({late, known}).IsCounted(Day("2022-09-19")));
}

TEST(Calendar, AnAnnouncementMayReachBeyondWhatItKnows) {
  const Calendar calendar = Announcing({{Day("2022-08-29"), Day("2022-09-01"), Day("2022-08-20")},
                                        {Day("2022-10-03"), Day("2022-10-04"), Day("2022-09-20")}});
  EXPECT_THAT(calendar.announced(),
              ElementsAre(Calendar::Announced{Day("2022-09-01"), Day("2022-08-20")}));
}

TEST(Calendar, HasTheHoursThatItIsGivenAndElseNone) {
  EXPECT_FALSE(Christmas().hours());
  const Calendar school = *Calendar::Make("s", Day("2026-01-01"), Day("2026-12-31"), {},
                                          Calendar::Hours{8 * 60 + 50, 15 * 60 + 30});
  ASSERT_TRUE(school.hours());
  EXPECT_EQ(school.hours()->opens, 530);
  EXPECT_EQ(school.hours()->closes, 930);
}

}  // namespace
}  // namespace dolen
