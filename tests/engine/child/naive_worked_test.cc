// The worked deadlines of the domain reference (section 8), each by its number, asked of the second
// model alone: only a model that is right itself may judge the engine.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"
#include "tests/engine/calendar/uk.h"
#include "tests/engine/child/naive/due.h"

namespace dolen::second {
namespace {

constexpr char kZone[] = "Europe/London";

// "2026-01-05 09:00" in London; a day alone is that day.
Span When(const std::string& text) {
  const absl::TimeZone zone = ZoneOf(kZone);
  if (text.size() == 10) return {Midnight(DayFrom(text), zone), EndOf(DayFrom(text), zone)};
  absl::Time t;
  std::string error;
  EXPECT_TRUE(absl::ParseTime("%Y-%m-%d %H:%M", text, zone, &t, &error)) << text << ": " << error;
  return {t, t};
}

event::v1::Field DayField(const std::string& name, const std::string& day) {
  event::v1::Field field;
  field.set_name(name);
  field.mutable_when()->set_day(day);
  return field;
}

// The shipped calendars, an agency in each nation, and a school with made-up terms.
Library Uk() {
  pathway::v1::Book book = dolen::UkCalendars();
  for (const char* nation : {"wales", "scotland"}) {
    pathway::v1::Agency& agency = *book.add_agency();
    agency.set_id(nation);
    agency.set_nation(nation);
  }
  pathway::v1::Calendar& school = *book.add_calendar();
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
      R"(id: "school" school: true from: "2026-01-05" to: "2026-03-27" opens: "09:00"
         closed { from: "2026-02-16" to: "2026-02-20" })",
      &school));
  return Read({{book, absl::UnixEpoch()}});
}

Question Ask(const std::string& rule, const std::string& start, const std::string& agency) {
  Question question;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(rule, &question.rule)) << rule;
  question.start = When(start);
  question.accountable = agency;
  return question;
}

std::string Instant(absl::Time t) {
  if (t == absl::InfiniteFuture()) return "never";
  return absl::FormatTime("%a %e %b %Y %H:%M", t, ZoneOf(kZone));
}
// The last day in time.
std::string Last(absl::Time due) {
  if (due == absl::InfiniteFuture()) return "never";
  EXPECT_EQ(Midnight(absl::ToCivilDay(due, ZoneOf(kZone)), ZoneOf(kZone)), due);
  return absl::FormatTime("%a %e %b %Y", due - absl::Microseconds(1), ZoneOf(kZone));
}

std::string LastOf(const Question& question) { return Last(Due(question, Uk()).due); }
std::string LastIn(const std::string& agency, const std::string& limit, const std::string& start) {
  return LastOf(Ask(absl::StrCat("limit {", limit, "}"), start, agency));
}
std::string LastOf(const std::string& limit, const std::string& start) {
  return LastIn("wales", limit, start);
}
std::string DueOf(const std::string& limit, const std::string& start) {
  return Instant(Due(Ask(absl::StrCat("limit {", limit, "}"), start, "wales"), Uk()).due);
}

TEST(Worked, X01_W_RPT_DECIDE_OverEaster) {
  EXPECT_EQ(LastOf("allow { working_days: 1 }", "2026-04-02 16:30"), "Tue  7 Apr 2026");
  EXPECT_EQ(LastIn("scotland", "allow { working_days: 1 }", "2026-04-02 16:30"), "Mon  6 Apr 2026");
}

TEST(Worked, X02_W_RPT_DECIDE_OnAFridayAfternoon) {
  EXPECT_EQ(LastOf("allow { working_days: 1 }", "2026-03-06 16:28"), "Mon  9 Mar 2026");
  EXPECT_EQ(LastOf("allow { working_days: 1 } cut_off: \"16:00\"", "2026-03-06 16:28"),
            "Tue 10 Mar 2026");
  EXPECT_EQ(LastOf("allow { working_days: 1 } cut_off: \"16:29\"", "2026-03-06 16:28"),
            "Mon  9 Mar 2026");
  EXPECT_EQ(LastOf("allow { working_days: 1 } cut_off: \"16:28\"", "2026-03-06 16:28"),
            "Tue 10 Mar 2026");
}

TEST(Worked, X03_W_RPT_DECIDE_OnASaturday) {
  EXPECT_EQ(LastOf("allow { working_days: 1 }", "2026-03-07 11:00"), "Mon  9 Mar 2026");
  EXPECT_EQ(LastOf("allow { working_days: 1 } closed_start_moves: true", "2026-03-07 11:00"),
            "Tue 10 Mar 2026");
}

TEST(Worked, X04_W_RPT_ACK_CHASE) {
  EXPECT_EQ(LastOf("allow { working_days: 7 }", "2026-03-02"), "Wed 11 Mar 2026");
  EXPECT_EQ(DueOf("allow { working_days: 7 }", "2026-03-02"), "Thu 12 Mar 2026 00:00");
}

TEST(Worked, X05_W_RPT_CONFIRM_HoursAreElapsedOverBothClockChanges) {
  EXPECT_EQ(DueOf("allow { hours: 24 }", "2026-03-28 18:00"), "Sun 29 Mar 2026 19:00");
  EXPECT_EQ(DueOf("allow { hours: 24 }", "2026-10-24 18:00"), "Sun 25 Oct 2026 17:00");
}

TEST(Worked, X06_W_POLPROT) {
  EXPECT_EQ(DueOf("allow { hours: 72 }", "2026-03-27 20:00"), "Mon 30 Mar 2026 21:00");
}

TEST(Worked, X07_W_ICPC_FromTheDecisionOrFromTheLast) {
  EXPECT_EQ(LastOf("allow { working_days: 15 }", "2025-12-08"), "Wed 31 Dec 2025");
  EXPECT_EQ(LastOf("allow { working_days: 15 }", "2025-12-17"), "Mon 12 Jan 2026");
}

TEST(Worked, X08_W_ICPC_OUTLINE_And_W_CORE_1) {
  EXPECT_EQ(LastOf("allow { working_days: 5 }", "2025-12-17"), "Wed 24 Dec 2025");
  EXPECT_EQ(LastOf("allow { working_days: 10 }", "2025-12-17"), "Mon  5 Jan 2026");
  EXPECT_EQ(LastIn("scotland", "allow { working_days: 10 }", "2025-12-17"), "Tue  6 Jan 2026");
}

TEST(Worked, X09_W_ICPC_OUTLINE) {
  EXPECT_EQ(LastOf("allow { working_days: 5 }", "2025-12-19"), "Tue 30 Dec 2025");
}

TEST(Worked, X10_W_CORE_N_TargetAndLimit) {
  const DueAnswer answer =
      Due(Ask("target { allow { months: 1 } } limit { allow { weeks: 6 } }", "2026-01-09", "wales"),
          Uk());
  EXPECT_EQ(Last(answer.target), "Mon  9 Feb 2026");
  EXPECT_EQ(Last(answer.due), "Fri 20 Feb 2026");
  EXPECT_EQ(LastOf("allow { weeks: 6 }", "2026-02-24"), "Tue  7 Apr 2026");
}

TEST(Worked, X11_W_RCPC_1_MonthsAndRoll) {
  EXPECT_EQ(LastOf("allow { months: 3 }", "2025-11-28"), "Sat 28 Feb 2026");
  EXPECT_EQ(LastOf("allow { months: 3 } roll: NEXT", "2025-11-28"), "Mon  2 Mar 2026");
  EXPECT_EQ(LastOf("allow { months: 3 } roll: PREVIOUS", "2025-11-28"), "Fri 27 Feb 2026");
}

TEST(Worked, X12_MonthsEndWithTheMonth) {
  EXPECT_EQ(LastOf("allow { months: 3 }", "2027-11-30"), "Tue 29 Feb 2028");
  EXPECT_EQ(LastOf("allow { months: 6 }", "2025-08-29"), "Sat 28 Feb 2026");
}

TEST(Worked, X13_W_ASSESS_CS_And_CP) {
  EXPECT_EQ(LastOf("allow { working_days: 42 }", "2026-01-05"), "Wed  4 Mar 2026");
  EXPECT_EQ(LastOf("allow { working_days: 42 }", "2026-01-14"), "Fri 13 Mar 2026");
}

TEST(Worked, X14_W_LPMHSS_A_UpToDay28_W_SCAMHS_LessThanFourWeeks) {
  EXPECT_EQ(LastOf("allow { calendar_days: 28 }", "2026-02-02"), "Mon  2 Mar 2026");
  EXPECT_EQ(LastOf("allow { weeks: 4 } before_last_day: true", "2026-02-02"), "Sun  1 Mar 2026");
}

TEST(Worked, X15_W_MOVE_CONF_FromTheLatestPart) {
  EXPECT_EQ(LastOf("allow { working_days: 15 }", "2026-02-23"), "Mon 16 Mar 2026");
}

TEST(Worked, X16_W_MOVE_LONG_And_WRITE) {
  EXPECT_EQ(LastOf("allow { weeks: 12 }", "2026-02-03"), "Tue 28 Apr 2026");
  EXPECT_EQ(LastOf("allow { calendar_days: 3 }", "2026-02-06"), "Mon  9 Feb 2026");
  EXPECT_EQ(LastOf("allow { working_days: 3 }", "2026-02-06"), "Wed 11 Feb 2026");
}

TEST(Worked, X17_W_ENCOMPASS_TheNextOpening) {
  const std::string limit = "allow { school_openings: 1 }";
  EXPECT_EQ(DueOf(limit, "2026-02-13 22:40"), "Mon 23 Feb 2026 09:00");
  EXPECT_EQ(DueOf(limit, "2026-03-01 23:30"), "Mon  2 Mar 2026 09:00");
  EXPECT_EQ(DueOf(limit, "2026-03-02 01:15"), "Mon  2 Mar 2026 09:00");
  EXPECT_EQ(DueOf(limit, "2026-03-02 09:00"), "Tue  3 Mar 2026 09:00") << "strictly after";
  EXPECT_TRUE(Due(Ask("limit {" + limit + "}", "2026-03-27 09:30", "wales"), Uk()).no_calendar)
      << "past the last known day";
}

TEST(Worked, X18_Scotland2014And2021) {
  EXPECT_EQ(LastIn("scotland", "allow { calendar_days: 21 }", "2021-03-01"), "Mon 22 Mar 2021");
  EXPECT_EQ(LastIn("scotland", "allow { calendar_days: 28 }", "2021-03-01"), "Mon 29 Mar 2021");
  EXPECT_EQ(LastIn("scotland", "allow { calendar_days: 15 }", "2021-03-29"), "Tue 13 Apr 2021");
  EXPECT_EQ(LastIn("scotland", "allow { working_days: 15 }", "2021-03-29"), "Tue 20 Apr 2021");
  EXPECT_EQ(LastIn("scotland", "allow { working_days: 10 }", "2021-03-29"), "Tue 13 Apr 2021");
}

TEST(Worked, X19_TwoDaysOnThreeCalendars) {
  EXPECT_EQ(LastOf("allow { weekdays: 2 }", "2022-01-03"), "Wed  5 Jan 2022");
  EXPECT_EQ(LastOf("allow { weekdays: 2 }", "2026-04-02"), "Mon  6 Apr 2026");
  EXPECT_EQ(LastOf("allow { working_days: 2 }", "2022-01-03"), "Wed  5 Jan 2022");
  EXPECT_EQ(LastOf("allow { working_days: 2 }", "2026-04-02"), "Wed  8 Apr 2026");
  EXPECT_EQ(LastIn("scotland", "allow { working_days: 2 }", "2022-01-03"), "Thu  6 Jan 2022");
  EXPECT_EQ(LastIn("scotland", "allow { working_days: 2 }", "2026-04-02"), "Tue  7 Apr 2026");
}

TEST(Worked, X20_PausedDaysDoNotCount) {
  const auto ask = [](const std::string& pause) {
    return Ask("limit { allow { working_days: 42 } }" + pause, "2026-01-05", "wales");
  };
  Question question = ask("pause {}");
  const Hold hold = {When("2026-01-26 10:00").from, When("2026-02-09 12:00").from, 0, ""};
  EXPECT_EQ(LastOf(question), "Wed  4 Mar 2026");
  question.holds = {hold};
  EXPECT_EQ(LastOf(question), "Wed 18 Mar 2026");
  question = ask("pause { cap { working_days: 5 } }");
  question.holds = {hold};
  EXPECT_EQ(LastOf(question), "Wed 11 Mar 2026");
  // What the row leaves open: nothing ends it.
  question.holds[0].end = absl::InfiniteFuture();
  EXPECT_EQ(LastOf(question), "Wed 11 Mar 2026") << "used up, then it runs";
  question = ask("pause {}");
  question.holds = {hold};
  question.holds[0].end = absl::InfiniteFuture();
  EXPECT_EQ(LastOf(question), "never");
}

TEST(Worked, X21_W_LAC_VISIT) {
  EXPECT_EQ(LastOf("allow { weeks: 1 }", "2026-01-06"), "Tue 13 Jan 2026");
  EXPECT_EQ(LastOf("allow { weeks: 6 }", "2026-01-12"), "Mon 23 Feb 2026");
}

TEST(Worked, X22_W_LAC_PLAN) {
  EXPECT_EQ(LastOf("allow { working_days: 10 }", "2025-12-19"), "Wed  7 Jan 2026");
}

TEST(Worked, X23_S_CPPM_NOTICE_BeforeAStatedDate) {
  Question question = Ask("limit { from { field: \"planned_for\" } allow { calendar_days: -5 } }",
                          "2026-03-20", "scotland");
  *question.start_event.add_fields() = DayField("planned_for", "2026-04-13");
  EXPECT_EQ(LastOf(question), "Wed  8 Apr 2026");
  *question.start_event.mutable_fields(0) = DayField("planned_for", "2026-04-27");
  EXPECT_EQ(LastOf(question), "Wed 22 Apr 2026") << "moves with the meeting";
}

TEST(Worked, X24_AHolidayDeclaredWhileTheClockRuns) {
  const std::string limit = "allow { working_days: 5 }";
  EXPECT_EQ(LastOf(limit, "2022-09-14"), "Thu 22 Sep 2022");
  Library library = Uk();
  auto& closed = *library.calendars.at("wales").mutable_closed();
  const auto funeral = std::find_if(closed.begin(), closed.end(),
                                    [](const auto& it) { return it.from() == "2022-09-19"; });
  ASSERT_NE(funeral, closed.end());
  const Question question = Ask("limit {" + limit + "}", "2022-09-14", "wales");
  funeral->set_announced("2022-09-22");
  EXPECT_EQ(Last(Due(question, library).due), "Wed 21 Sep 2022") << "announced at due";
  funeral->set_announced("2022-09-21");
  EXPECT_EQ(Last(Due(question, library).due), "Thu 22 Sep 2022") << "announced before due";
}

TEST(Worked, X25_ThreeWorkingDaysOverTheSummerHolidays) {
  const std::string limit = "allow { working_days: 3 }";
  EXPECT_EQ(LastOf(limit, "2026-07-30"), "Tue  4 Aug 2026");
  EXPECT_EQ(LastIn("scotland", limit, "2026-07-30"), "Wed  5 Aug 2026");
  EXPECT_EQ(LastOf(limit, "2026-08-27"), "Wed  2 Sep 2026");
  EXPECT_EQ(LastIn("scotland", limit, "2026-08-27"), "Tue  1 Sep 2026");
}

TEST(Worked, X26_WorkingDaysOverChristmas) {
  EXPECT_EQ(LastOf("allow { working_days: 1 }", "2026-12-24"), "Tue 29 Dec 2026");
  EXPECT_EQ(LastOf("allow { working_days: 3 }", "2026-12-24"), "Thu 31 Dec 2026");
  EXPECT_EQ(LastOf("allow { working_days: 5 }", "2026-12-24"), "Tue  5 Jan 2027");
  EXPECT_EQ(LastIn("scotland", "allow { working_days: 5 }", "2026-12-24"), "Wed  6 Jan 2027");
}

TEST(Worked, X31_TenDaysOrFive) {
  EXPECT_EQ(LastOf("allow { calendar_days: 10 }", "2026-04-28"), "Fri  8 May 2026");
  EXPECT_EQ(LastOf("allow { calendar_days: 5 }", "2026-05-02"), "Thu  7 May 2026");
}

// --- what the table leaves out

TEST(Further, ACountedDayOfTheStartMayBeDayOne) {
  const std::string limit = "allow { working_days: 2 } start_day_is_one: true";
  EXPECT_EQ(LastOf(limit, "2026-03-06"), "Mon  9 Mar 2026");
  EXPECT_EQ(LastOf(limit, "2026-03-07"), "Tue 10 Mar 2026") << "Saturday is not counted";
  EXPECT_EQ(LastOf("allow { weeks: 1 } start_day_is_one: true", "2026-03-06"), "Thu 12 Mar 2026");
}

TEST(Further, WorkingDaysCountBackAndAreNotPaused) {
  Question question = Ask("pause {} limit { allow { working_days: -3 } }", "2026-04-08", "wales");
  question.holds = {{When("2026-01-01").from, absl::InfiniteFuture(), 0, ""}};
  EXPECT_EQ(LastOf(question), "Wed  1 Apr 2026");
}

TEST(Further, ADayBeginsAfterAGapAndAtTheEarlierOfTwoMidnights) {
  const auto due_in = [](const std::string& zone, const std::string& day) {
    Question question = Ask("limit { allow { calendar_days: 0 } }", "2018-11-03", "wales");
    question.zone = zone;
    question.start = {Midnight(DayFrom(day), ZoneOf(zone)), EndOf(DayFrom(day), ZoneOf(zone))};
    return absl::FormatTime("%Y-%m-%d %H:%M", Due(question, Uk()).due, absl::UTCTimeZone());
  };
  EXPECT_EQ(due_in("America/Sao_Paulo", "2018-11-03"), "2018-11-04 03:00") << "no 00:00 at all";
  EXPECT_EQ(due_in("America/Havana", "2018-11-03"), "2018-11-04 04:00") << "00:00 comes twice";
}

// The proto says it so, and this model rolled to a school day once, beyond the half-term.
TEST(Further, ALastDayRollsToAWorkingDayWhateverTheUnit) {
  const std::string limit = "allow { school_days: 1 } before_last_day: true ";
  EXPECT_EQ(LastOf(limit, "2026-02-13"), "Sun 22 Feb 2026");
  EXPECT_EQ(LastOf(limit + "roll: PREVIOUS", "2026-02-13"), "Fri 20 Feb 2026");
  EXPECT_EQ(LastOf(limit + "roll: NEXT", "2026-02-13"), "Mon 23 Feb 2026");
}

TEST(Further, LevelsAreCountedFromTheLastDayInTime) {
  const Question question = Ask(R"(limit { allow { working_days: 5 } }
      level { offset { working_days: -1 } } level {} level { offset { hours: 5 } }
      level { offset { working_days: 2 } } level { offset { months: 1 } })",
                                "2025-12-17", "wales");
  std::vector<std::string> levels;
  for (const absl::Time level : Due(question, Uk()).levels) levels.push_back(Instant(level));
  EXPECT_THAT(levels, testing::ElementsAre("Wed 24 Dec 2025 00:00", "Thu 25 Dec 2025 00:00",
                                           "Thu 25 Dec 2025 05:00", "Wed 31 Dec 2025 00:00",
                                           "Sun 25 Jan 2026 00:00"));
}

}  // namespace
}  // namespace dolen::second
