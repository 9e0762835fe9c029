// The worked deadlines that need stepping only: the last day in time, from the local day of the
// start. X.. are the project's own numbers for them.
#include <map>
#include <string>

#include "engine/calendar/calendar.h"
#include "gtest/gtest.h"
#include "tests/engine/calendar/uk.h"

namespace dolen {
namespace {

struct Worked {
  const char* name;
  const char* nation;
  const char* start;
  int working_days;
  const char* last;
};

constexpr Worked kWorked[] = {
    {"X01 over Easter", "wales", "2026-04-02", 1, "2026-04-07"},
    {"X01 Scotland", "scotland", "2026-04-02", 1, "2026-04-06"},
    {"X02 Friday 16:28 is not late on Monday morning", "wales", "2026-03-06", 1, "2026-03-09"},
    {"X03 a Saturday keeps its date", "wales", "2026-03-07", 1, "2026-03-09"},
    {"X04", "wales", "2026-03-02", 7, "2026-03-11"},
    {"X07 s47 decided", "wales", "2025-12-08", 15, "2025-12-31"},
    {"X07 last strategy discussion", "wales", "2025-12-17", 15, "2026-01-12"},
    {"X08 outline", "wales", "2025-12-17", 5, "2025-12-24"},
    {"X08 core group", "wales", "2025-12-17", 10, "2026-01-05"},
    {"X08 core group, Scotland", "scotland", "2025-12-17", 10, "2026-01-06"},
    {"X09", "wales", "2025-12-19", 5, "2025-12-30"},
    {"X13 from the referral", "wales", "2026-01-05", 42, "2026-03-04"},
    {"X13 from s47", "wales", "2026-01-14", 42, "2026-03-13"},
    {"X15 the later of both starts", "wales", "2026-02-23", 15, "2026-03-16"},
    {"X15 the earlier alone", "wales", "2026-02-03", 15, "2026-02-24"},
    {"X16 in working days", "wales", "2026-02-06", 3, "2026-02-11"},
    {"X18 core group 2021", "scotland", "2021-03-29", 15, "2021-04-20"},
    {"X18 minutes 2021", "scotland", "2021-03-29", 10, "2021-04-13"},
    {"X19 England January", "england", "2022-01-03", 2, "2022-01-05"},
    {"X19 England Easter", "england", "2026-04-02", 2, "2026-04-08"},
    {"X19 Scotland January", "scotland", "2022-01-03", 2, "2022-01-06"},
    {"X19 Scotland Easter", "scotland", "2026-04-02", 2, "2026-04-07"},
    {"X22", "wales", "2025-12-19", 10, "2026-01-07"},
    {"X24 over a one-off holiday", "england", "2022-09-14", 5, "2022-09-22"},
    {"X25 July", "wales", "2026-07-30", 3, "2026-08-04"},
    {"X25 July, Scotland", "scotland", "2026-07-30", 3, "2026-08-05"},
    {"X25 August", "wales", "2026-08-27", 3, "2026-09-02"},
    {"X25 August, Scotland", "scotland", "2026-08-27", 3, "2026-09-01"},
    {"X26 one", "wales", "2026-12-24", 1, "2026-12-29"},
    {"X26 three", "wales", "2026-12-24", 3, "2026-12-31"},
    {"X26 five", "wales", "2026-12-24", 5, "2027-01-05"},
    {"X26 five, Scotland", "scotland", "2026-12-24", 5, "2027-01-06"},
};

TEST(WorkedDeadlines, WorkingDaysEndWhereTheyWereWorkedOutToEnd) {
  for (const Worked& worked : kWorked) {
    EXPECT_EQ(UkCalendar(worked.nation).Step(Day(worked.start), worked.working_days),
              Day(worked.last))
        << worked.name;
  }
}

TEST(WorkedDeadlines, X19WeekdaysLookAtNoHoliday) {
  EXPECT_EQ(StepWeekdays(Day("2022-01-03"), 2), Day("2022-01-05"));
  EXPECT_EQ(StepWeekdays(Day("2026-04-02"), 2), Day("2026-04-06"));
}

TEST(WorkedDeadlines, X24BeforeTheHolidayWasDeclared) {
  std::vector<Calendar::Closed> closed;
  for (absl::CivilDay day : ClosedDays("england")) {
    if (day != Day("2022-09-19")) closed.push_back({day, day});
  }
  const Calendar before = *Calendar::Make("england", Day("2012-01-01"), Day("2028-12-31"), closed);
  EXPECT_EQ(before.Step(Day("2022-09-14"), 5), Day("2022-09-21"));
}

TEST(WorkedDeadlines, CalendarDaysAreCivilDays) {
  EXPECT_EQ(Day("2026-02-02") + 28, Day("2026-03-02"));  // X14, inclusive
  EXPECT_EQ(Day("2026-02-03") + 84, Day("2026-04-28"));  // X16, 12 weeks
  EXPECT_EQ(Day("2026-02-06") + 3, Day("2026-02-09"));   // X16
  EXPECT_EQ(Day("2021-03-01") + 21, Day("2021-03-22"));  // X18, 2014
  EXPECT_EQ(Day("2021-03-01") + 28, Day("2021-03-29"));  // X18, 2021
}

TEST(WorkedDeadlines, BeyondTheCalendarThereIsNone) {
  EXPECT_EQ(UkCalendar("wales").Step(Day("2028-12-29"), 1), absl::nullopt);
  EXPECT_EQ(UkCalendar("wales").Step(Day("2011-12-30"), 1), absl::nullopt);
}

}  // namespace
}  // namespace dolen
