// Counting days of one unit, as tables.
#include "engine/child/days.h"

#include <string>

#include "absl/types/optional.h"
#include "engine/base/time.h"
#include "gtest/gtest.h"
#include "tests/engine/calendar/uk.h"

namespace dolen {
namespace {

using pathway::v1::Amount;

TEST(AddMonths, KeepsTheDayNumberOrTakesTheMonthsLast) {
  struct Row {
    const char* from;
    int months;
    const char* to;
  };
  for (const Row& row : std::initializer_list<Row>{
           {"2026-01-31", 1, "2026-02-28"},
           {"2024-01-31", 1, "2024-02-29"},
           {"2026-01-30", 1, "2026-02-28"},
           {"2026-01-28", 1, "2026-02-28"},
           {"2026-02-28", 1, "2026-03-28"},  // not the last of March
           {"2026-03-31", 1, "2026-04-30"},
           {"2026-12-31", 2, "2027-02-28"},
           {"2026-08-31", 6, "2027-02-28"},
           {"2024-02-29", 12, "2025-02-28"},
           {"2024-02-29", 48, "2028-02-29"},
           {"2026-03-31", -1, "2026-02-28"},
           {"2026-01-15", -1, "2025-12-15"},
           {"2026-05-05", 0, "2026-05-05"},
       }) {
    EXPECT_EQ(AddMonths(Day(row.from), row.months), Day(row.to)) << row.from << " " << row.months;
  }
}

TEST(Days, EveryDayCountsForUnitsThatCountEveryDay) {
  for (const Amount::OfCase unit : {Amount::kCalendarDays, Amount::kWeeks, Amount::kMonths}) {
    const Days days(unit, nullptr);
    EXPECT_EQ(days.counts_days(), unit != Amount::kMonths);
    EXPECT_EQ(days.Counts(Day("2026-12-25")), true);
    EXPECT_EQ(days.Step(Day("2026-12-25"), 3), Day("2026-12-28"));
    EXPECT_EQ(days.Step(Day("2026-12-25"), -3), Day("2026-12-22"));
  }
}

TEST(Days, WeekdaysNeedNoCalendar) {
  const Days days(Amount::kWeekdays, nullptr);
  EXPECT_TRUE(days.counts_days());
  EXPECT_EQ(days.Counts(Day("2026-12-25")), true);
  EXPECT_EQ(days.Counts(Day("2026-12-26")), false);
  EXPECT_EQ(days.Next(Day("2026-12-25")), Day("2026-12-28"));
  EXPECT_EQ(days.Step(Day("2026-12-28"), -1), Day("2026-12-25"));
}

TEST(Days, WithoutACalendarThatReachesThereIsNoAnswer) {
  for (const Amount::OfCase unit :
       {Amount::kWorkingDays, Amount::kSchoolDays, Amount::kSchoolOpenings}) {
    const Days none(unit, nullptr);
    EXPECT_TRUE(none.counts_days());
    EXPECT_EQ(none.Counts(Day("2026-12-23")), absl::nullopt);
    EXPECT_EQ(none.Step(Day("2026-12-23"), 1), absl::nullopt);
    EXPECT_EQ(none.Step(Day("2026-12-23"), 0), absl::nullopt);
    const Calendar year = *Calendar::Make("y", Day("2026-01-01"), Day("2026-12-31"), {});
    const Days days(unit, &year);
    EXPECT_EQ(days.Counts(Day("2027-01-01")), absl::nullopt);
    EXPECT_EQ(days.Step(Day("2026-12-30"), 1), Day("2026-12-31"));
    EXPECT_EQ(days.Step(Day("2026-12-30"), 2), absl::nullopt);
    EXPECT_EQ(days.Step(Day("2026-01-02"), -2), absl::nullopt);
  }
}

// The one-off holiday of 19 September 2022 and a strike that was announced the day before it; which
// days they were announced on is made up.
Calendar WithLateClosures() {
  return *Calendar::Make("late", Day("2022-09-01"), Day("2022-09-30"),
                         {{Day("2022-09-19"), Day("2022-09-19"), Day("2022-09-10")},
                          {Day("2022-09-22"), Day("2022-09-23"), Day("2022-09-21")},
                          {Day("2022-09-26"), Day("2022-09-26")}});
}

TEST(Days, AClosureCountsFromTheDayOnWhichItWasAnnounced) {
  const Calendar calendar = WithLateClosures();
  struct Row {
    const char* known;  // announcements up to this day
    bool holiday, strike;
    const char* fifth;  // after the 14th, a Wednesday
  };
  for (const Row& row : std::initializer_list<Row>{
           {"2022-09-09", true, true, "2022-09-21"},
           {"2022-09-10", false, true, "2022-09-22"},
           {"2022-09-20", false, true, "2022-09-22"},
           {"2022-09-21", false, false, "2022-09-27"},
       }) {
    Days days(Amount::kWorkingDays, &calendar);
    days.IgnoreAnnouncedAfter(Day(row.known));
    EXPECT_EQ(days.Counts(Day("2022-09-19")), row.holiday) << row.known;
    EXPECT_EQ(days.Counts(Day("2022-09-22")), row.strike) << row.known;
    EXPECT_EQ(days.Counts(Day("2022-09-26")), false) << "always known";
    EXPECT_EQ(days.Counts(Day("2022-09-18")), false) << "a Sunday";
    EXPECT_EQ(days.Step(Day("2022-09-14"), 5), Day(row.fifth)) << row.known;
    EXPECT_EQ(days.Step(Day("2022-09-14"), 0), Day("2022-09-14"));
    EXPECT_EQ(days.Step(Day("2022-09-28"), 9), absl::nullopt) << "beyond";
  }
  // Without being told what was known, all of it is.
  EXPECT_EQ(Days(Amount::kWorkingDays, &calendar).Step(Day("2022-09-14"), 5), Day("2022-09-27"));
}

TEST(Days, StepsThereAndBackAreTheSame) {
  const Calendar calendar = WithLateClosures();
  for (const char* known : {"2022-09-01", "2022-09-10", "2022-09-30"}) {
    for (const Amount::OfCase unit :
         {Amount::kWorkingDays, Amount::kWeekdays, Amount::kCalendarDays}) {
      Days days(unit, &calendar);
      days.IgnoreAnnouncedAfter(Day(known));
      for (absl::CivilDay day = Day("2022-09-05"); day <= Day("2022-09-20"); ++day) {
        if (days.Counts(day) != true) continue;
        for (int n = 1; n <= 4; ++n) {
          const absl::optional<absl::CivilDay> there = days.Step(day, n);
          ASSERT_TRUE(there);
          EXPECT_EQ(days.Counts(*there), true);
          EXPECT_EQ(days.Step(*there, -n), day) << known << " " << DayText(day) << " " << n;
        }
      }
    }
  }
}

}  // namespace
}  // namespace dolen
