// The tricky timelines of the rule model (section 5), each by its number, told to the second model
// alone: only a model that is right itself may judge the engine.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/engine/child/naive/told.h"

namespace dolen::second {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// O of the table: W-ICPC-OUTLINE, and a conference on Friday 19 December 2025.
const std::string kOutline = RuleOf("W-ICPC-OUTLINE", R"(start { is: "icpc" } stop { is: "sent" }
  limit { allow { working_days: 5 } } exception_by: "agency:council"
  pause { begin { is: "clock_paused" } end { is: "clock_resumed" } })");
Told Icpc() { return Told("icpc", "2025-12-19"); }
Timeline Outline(std::vector<Told> told) {
  told.insert(told.begin(), Icpc());
  return Timeline(kOutline, told, "2026-01-20");
}

const std::string kIcpc = R"(start { is: "strategy" } stop { is: "icpc" } cancel { is: "s47_ended" }
  limit { allow { working_days: 15 } })";
Timeline First(const std::vector<Told>& told) {
  return Timeline(RuleOf("W-ICPC", kIcpc), told, "2026-02-10");
}
Timeline Latest(const std::vector<Told>& told) {
  return Timeline(RuleOf("W-ICPC", "which: LAST " + kIcpc), told, "2026-01-25");
}

TEST(Timelines, T01_AConferenceRecordedWhenTheOutlineIsOverdue) {
  const Timeline line(kOutline, {Icpc().Recorded("2026-01-05"), Told("sent", "2026-01-06")},
                      "2026-01-20");
  EXPECT_EQ(line.State(), "late");
  EXPECT_EQ(line.Last(), "2025-12-30");
  EXPECT_THAT(line.alerts, ElementsAre("R 2026-01-05", "C 2026-01-06"));
}

TEST(Timelines, T02_SentInTimeAndRecordedLateOrSentLate) {
  const Timeline in_time = Outline({Told("sent", "2025-12-29").Recorded("2026-01-02")});
  EXPECT_EQ(in_time.State(), "in_time");
  EXPECT_THAT(in_time.alerts, ElementsAre("R 2025-12-31", "W 2026-01-02"));
  const Timeline late = Outline({Told("sent", "2026-01-02")});
  EXPECT_EQ(late.State(), "late");
  EXPECT_THAT(late.alerts, ElementsAre("R 2025-12-31", "C 2026-01-02"));
}

TEST(Timelines, T03_AStopBeforeTheStart) {
  const Timeline overdue = Outline({Told("sent", "2025-12-18")});
  EXPECT_EQ(overdue.State(), "overdue");
  EXPECT_THAT(overdue.alerts, ElementsAre("R 2025-12-31"));
  const Timeline in_time(
      RuleOf("W-LAC-PLAN", R"(start { is: "placed" } stop { is: "plan" } done_before: true
                              limit { allow { working_days: 10 } })"),
      {Told("plan", "2025-12-18"), Told("placed", "2025-12-19")}, "2026-01-20");
  EXPECT_EQ(in_time.State(), "in_time");
  EXPECT_THAT(in_time.alerts, IsEmpty());
}

TEST(Timelines, T04_AVoidedStartLeavesAGhost) {
  const Timeline line = Outline({Correct("icpc", "2025-12-19", "", "2026-01-05")});
  ASSERT_EQ(line.clocks(), 1);
  EXPECT_EQ(line.State(), "cancelled");
  EXPECT_EQ(line.clock(0).closed_by, ClosedBy::kVoided);
  EXPECT_THAT(line.alerts, ElementsAre("R 2025-12-31", "W 2026-01-05"));
}

TEST(Timelines, T05_AStartMovedTwice) {
  const std::vector<Told> once = {Correct("icpc", "2025-12-19", "2025-12-17", "2026-01-02")};
  EXPECT_EQ(Outline(once).Last(), "2025-12-24");
  std::vector<Told> twice = once;
  twice.push_back(Correct("icpc", "2025-12-19", "2025-12-30", "2026-01-03"));
  const Timeline line = Outline(twice);
  EXPECT_EQ(line.Last(), "2026-01-07");
  EXPECT_THAT(line.alerts,
              ElementsAre("R 2025-12-31", "A 2026-01-02", "W 2026-01-03", "R 2026-01-08"));
}

TEST(Timelines, T06_APauseAfterDueTakesNothingBack) {
  const Timeline line =
      Outline({Told("clock_paused", "2026-01-02"), Told("clock_resumed", "2026-01-06")});
  EXPECT_EQ(line.State(), "overdue");
  EXPECT_THAT(line.alerts, ElementsAre("R 2025-12-31"));
}

TEST(Timelines, T07_APauseBeforeDueRecordedAfter) {
  const Timeline line = Outline({Told("clock_paused", "2025-12-29").Recorded("2026-01-02"),
                                 Told("clock_resumed", "2026-01-05")});
  EXPECT_EQ(line.Last(), "2026-01-06");
  EXPECT_THAT(line.alerts, ElementsAre("R 2025-12-31", "W 2026-01-02", "R 2026-01-07"));
}

TEST(Timelines, T08_AnExceptionBeforeDue) {
  const Timeline known =
      Outline({Told("exception_authorised", "2025-12-29"), Told("sent", "2026-01-05")});
  EXPECT_EQ(known.State(), "excused");
  EXPECT_THAT(known.alerts, IsEmpty());
  const Timeline recorded_late =
      Outline({Told("exception_authorised", "2025-12-29").Recorded("2026-01-02"),
               Told("sent", "2026-01-05")});
  EXPECT_EQ(recorded_late.State(), "excused");
  EXPECT_THAT(recorded_late.alerts, ElementsAre("R 2025-12-31", "W 2026-01-02"));
}

TEST(Timelines, T09_AnExceptionWithAnEnd) {
  const Timeline line = Outline(
      {Told("exception_authorised", "2025-12-29").Until("2026-01-06"), Told("sent", "2026-01-08")});
  EXPECT_EQ(line.State(), "late");
  EXPECT_THAT(line.alerts, ElementsAre("R 2026-01-07", "C 2026-01-08"));
  EXPECT_EQ(line.Breached(), "2026-01-07 00:00");
}

TEST(Timelines, T10_AnExceptionAfterDueIsNoted) {
  const Timeline line =
      Outline({Told("exception_authorised", "2026-01-02"), Told("sent", "2026-01-05")});
  EXPECT_EQ(line.State(), "late");
  EXPECT_THAT(line.alerts, ElementsAre("R 2025-12-31", "C 2026-01-05"));
}

TEST(Timelines, T11_SentAtTheInstantOfDue) {
  const Timeline line = Outline({Told("sent", "2025-12-31 00:00")});
  EXPECT_EQ(line.State(), "late");
  EXPECT_THAT(line.alerts, IsEmpty());
}

TEST(Timelines, T12_WhatAdmissionRefusesIsNotThere) {
  const Timeline line = Outline({});
  EXPECT_EQ(line.State(), "overdue");
  EXPECT_THAT(line.alerts, ElementsAre("R 2025-12-31"));
}

TEST(Timelines, T13_AStopCorrectedToAfterDue) {
  const Timeline line = Outline(
      {Told("sent", "2025-12-30"), Correct("sent", "2025-12-30", "2026-01-02", "2026-01-05")});
  EXPECT_EQ(line.State(), "late");
  EXPECT_THAT(line.alerts, IsEmpty());
}

TEST(Timelines, T14_ALateEventBecomesTheFirst) {
  const Timeline line = First(
      {Told("strategy", "2025-12-17"), Told("strategy", "2025-12-08").Recorded("2026-01-14")});
  EXPECT_EQ(line.Last(), "2025-12-31");
  EXPECT_THAT(line.alerts, ElementsAre("R 2026-01-13", "A 2026-01-14"));
}

TEST(Timelines, T15_TheLastAfterABreach) {
  const Timeline line = Latest(
      {Told("strategy", "2025-12-08"), Told("strategy", "2026-01-05"), Told("icpc", "2026-01-12")});
  EXPECT_EQ(line.State(), "in_time");
  EXPECT_EQ(line.Last(), "2026-01-26");
  EXPECT_EQ(line.Breached(), "2026-01-01 00:00");
  EXPECT_THAT(line.alerts, ElementsAre("R 2026-01-01", "C 2026-01-05"));
}

TEST(Timelines, T16_TheLastRecordedLate) {
  const Timeline line = Latest(
      {Told("strategy", "2025-12-08"), Told("strategy", "2025-12-17").Recorded("2026-01-05")});
  EXPECT_EQ(line.Last(), "2026-01-12");
  EXPECT_EQ(line.Breached(), "2026-01-13 00:00");
  EXPECT_THAT(line.alerts, ElementsAre("R 2026-01-01", "W 2026-01-05", "R 2026-01-13"));
}

TEST(Timelines, T17_ACancelAfterDueAndBefore) {
  const Timeline late = First({Told("strategy", "2025-12-08"), Told("s47_ended", "2026-01-05")});
  EXPECT_EQ(late.State(), "late");
  EXPECT_THAT(late.alerts, ElementsAre("R 2026-01-01", "C 2026-01-05"));
  const Timeline cancelled = First(
      {Told("strategy", "2025-12-08"), Told("s47_ended", "2025-12-30").Recorded("2026-01-05")});
  EXPECT_EQ(cancelled.State(), "cancelled");
  EXPECT_THAT(cancelled.alerts, ElementsAre("R 2026-01-01", "W 2026-01-05"));
}

const std::string kCore = RuleOf("W-CORE-N", R"(opens: EACH start { is: "core_group" }
  stop { is: "core_group" } cancel { is: "deregistered" }
  target { allow { months: 1 } } limit { allow { weeks: 6 } })");

TEST(Timelines, T18_AMissedMiddleOneDisturbsNoOther) {
  const Timeline line(kCore,
                      {Told("core_group", "2026-01-09"), Told("core_group", "2026-03-20"),
                       Told("core_group", "2026-02-13").Recorded("2026-03-25")},
                      "2026-04-20");
  ASSERT_EQ(line.clocks(), 3);
  EXPECT_EQ(line.State(0), "in_time");
  EXPECT_EQ(line.State(1), "in_time");
  EXPECT_EQ(line.Last(1), "2026-03-27");
  EXPECT_EQ(line.State(2), "running");
  EXPECT_EQ(line.Last(2), "2026-05-01");
  EXPECT_THAT(line.alerts, ElementsAre("R 2026-02-21", "C 2026-03-20", "W 2026-03-25"));
}

TEST(Timelines, T19_AVoidedMiddleOne) {
  const Timeline line(kCore,
                      {Told("core_group", "2026-01-09"), Told("core_group", "2026-02-13"),
                       Correct("core_group", "2026-02-13", "", "2026-03-02")},
                      "2026-04-20");
  ASSERT_EQ(line.clocks(), 2);
  EXPECT_EQ(line.State(0), "overdue");
  EXPECT_EQ(line.State(1), "cancelled");
  EXPECT_THAT(line.alerts, ElementsAre("R 2026-03-02"));
}

TEST(Timelines, T20_AConjunctionStartsAtItsLatestPart) {
  const std::string rule = RuleOf("W-MOVE-CONF", R"(start { is: "notified" }
    start { is: "permanent" } stop { is: "transfer_conference" }
    limit { allow { working_days: 15 } })");
  const std::vector<Told> told = {Told("permanent", "2026-02-23"), Told("notified", "2026-03-02")};
  EXPECT_EQ(Timeline(rule, told, "2026-03-10").Last(), "2026-03-23");
  std::vector<Told> corrected = told;
  corrected.push_back(Correct("notified", "2026-03-02", "2026-02-03", "2026-03-24 10:00"));
  const Timeline line(rule, corrected, "2026-04-20");
  EXPECT_EQ(line.Last(), "2026-03-16");
  EXPECT_THAT(line.alerts, ElementsAre("R 2026-03-24", "A 2026-03-24 10:00"));
}

TEST(Timelines, T21_DecidedInTimeAndRecordedLate) {
  const Timeline line(RuleOf("W-RPT-DECIDE", R"(start { is: "report" } stop { is: "decided" }
    stop { is: "decision_written" } limit { allow { working_days: 1 } })"),
                      {Told("report", "2026-03-06 16:28"), Told("decided", "2026-03-09"),
                       Told("decision_written", "2026-03-10 09:00")},
                      "2026-03-20");
  EXPECT_EQ(line.State(), "late");
  EXPECT_THAT(line.alerts, ElementsAre("R 2026-03-10", "C 2026-03-10"));
  EXPECT_EQ(line.clock(0).close.from, At("2026-03-10 09:00"));
}

TEST(Timelines, T22_OverlappingPausesCountOnce) {
  const Timeline line(RuleOf("W-ASSESS-CP", R"(start { is: "s47" } stop { is: "assessed" }
               limit { allow { working_days: 42 } }
    pause { begin { is: "clock_paused" } end { is: "clock_resumed" } })"),
                      {Told("s47", "2026-01-05"),
                       Told("clock_paused", "2026-01-26").Reason("school").Owner("school"),
                       Told("clock_resumed", "2026-02-02").Reason("school").Owner("school"),
                       Told("clock_paused", "2026-01-28").Reason("family").Owner("family"),
                       Told("clock_resumed", "2026-02-04").Reason("family").Owner("family")},
                      "2026-03-10");
  EXPECT_EQ(line.Last(), "2026-03-13");
  // Minutes are those in which the clock stood, weekends too; days not counted are 5 and 2.
  EXPECT_EQ(line.Shares()["school"], absl::Hours(24 * 7));
  EXPECT_EQ(line.Shares()["family"], absl::Hours(24 * 2));
  EXPECT_THAT(line.alerts, IsEmpty());
}

TEST(Timelines, T23_TheChaserOfAnOverdueAcknowledgement) {
  const std::string rules =
      RuleOf("W-RPT-ACK", R"(start { is: "written_report" } stop { is: "acknowledged" }
                             limit { allow { working_days: 7 } })") +
      RuleOf("W-RPT-ACK-CHASE", R"(start { overdue: "W-RPT-ACK" } accountable: "asker"
                             stop { is: "recontacted" or { is: "acknowledged" } })");
  const Timeline in_time(rules,
                         {Told("written_report", "2026-03-02"),
                          Told("acknowledged", "2026-03-11").Recorded("2026-03-13")},
                         "2026-03-20");
  EXPECT_EQ(in_time.State(), "in_time");
  EXPECT_EQ(in_time.clocks(), 1) << "the chaser's is gone";
  EXPECT_THAT(in_time.alerts, ElementsAre("R 2026-03-12", "W 2026-03-13"));
  const Timeline late(rules,
                      {Told("written_report", "2026-03-02"), Told("recontacted", "2026-03-13"),
                       Told("acknowledged", "2026-03-16")},
                      "2026-03-20");
  EXPECT_EQ(late.State(0), "late");
  ASSERT_EQ(late.clocks(), 2);
  EXPECT_EQ(late.State(1), "done");
  EXPECT_EQ(late.clock(1).start.from, At("2026-03-12"));
  EXPECT_EQ(late.clock(1).close.from, At("2026-03-13"));
  EXPECT_THAT(late.alerts, ElementsAre("R 2026-03-12", "C 2026-03-16"));
}

TEST(Timelines, T24_PausedHoursOverAClockChange) {
  const Timeline line(
      RuleOf("R", R"(start { is: "s" } stop { is: "e" } limit { allow { hours: 24 } }
    pause { begin { is: "clock_paused" } end { is: "clock_resumed" } })"),
      {Told("s", "2026-03-28 18:00"), Told("clock_paused", "2026-03-28 20:00"),
       Told("clock_resumed", "2026-03-29 06:00")},
      "2026-03-29 12:00");
  EXPECT_EQ(line.clock(0).due, At("2026-03-30 04:00"));
}

const std::string kNotice = RuleOf("S-CPPM-NOTICE", R"(opens: AGAIN which: LAST
  start { is: "meeting_planned" } stop { is: "participants_told" }
  cancel { is: "meeting_cancelled" }
  limit { from { field: "planned_for" } allow { calendar_days: -5 } })");

TEST(Timelines, T25_AMeetingMovedWhileItsNoticeIsOverdue) {
  const Timeline line(kNotice,
                      {Told("meeting_planned", "2026-03-20").States("planned_for", "2026-04-13"),
                       Told("meeting_planned", "2026-04-10").States("planned_for", "2026-04-27"),
                       Told("participants_told", "2026-04-20")},
                      "2026-05-05");
  ASSERT_EQ(line.clocks(), 1);
  EXPECT_EQ(line.State(), "in_time");
  EXPECT_THAT(line.alerts, ElementsAre("R 2026-04-09", "C 2026-04-10"));
}

TEST(Timelines, T26_AMeetingMovedAfterItsNoticeOpensASecond) {
  const Timeline line(kNotice,
                      {Told("meeting_planned", "2026-03-20").States("planned_for", "2026-04-13"),
                       Told("participants_told", "2026-04-02"),
                       Told("meeting_planned", "2026-04-07").States("planned_for", "2026-04-27")},
                      "2026-05-05");
  ASSERT_EQ(line.clocks(), 2);
  EXPECT_EQ(line.State(0), "in_time");
  EXPECT_EQ(line.State(1), "overdue");
  EXPECT_EQ(line.Last(1), "2026-04-22");
  EXPECT_THAT(line.alerts, ElementsAre("R 2026-04-23"));
}

TEST(Timelines, T27_AStartCorrectedIntoAnotherVersion) {
  const std::string pattern = R"(start { is: "s" } stop { is: "e" } )";
  const std::string rules =
      RuleOf("R", pattern + R"(valid_to: "2026-05-01" limit { allow { calendar_days: 10 } })") +
      RuleOf("R", pattern + R"(valid_from: "2026-05-01" limit { allow { calendar_days: 5 } })");
  const Timeline old(rules, {Told("s", "2026-04-28"), Told("e", "2026-05-06")}, "2026-05-20");
  EXPECT_EQ(old.State(), "in_time") << "X31: judged by the rule at the start";
  EXPECT_THAT(old.alerts, IsEmpty());
  const Timeline corrected(
      rules,
      {Told("s", "2026-04-28"), Correct("s", "2026-04-28", "2026-05-02", "2026-05-08 10:00")},
      "2026-05-20");
  ASSERT_EQ(corrected.clocks(), 1);
  EXPECT_EQ(corrected.Last(), "2026-05-07");
  EXPECT_THAT(corrected.alerts, ElementsAre("R 2026-05-08 10:00"));
}

TEST(Timelines, T28_OneWaitOverADeclineInAnyOrderOfArrival) {
  const std::string rule = RuleOf("one-wait", R"(per: "thread" start { is: "referral_made" }
    stop { is: "appointment_attended" } cancel { is: "withdrawn" } accountable: "asked")");
  std::vector<Told> told = {
      Told("referral_made", "2026-01-05 10:00").By("gp").In("1").To("a"),
      Told("referral_declined", "2026-01-26 10:00").By("a").In("1"),
      Told("referral_made", "2026-02-04 10:00").By("gp").In("2").To("b").After("1"),
      Told("appointment_attended", "2026-04-13 11:00").By("b").In("2")};
  std::vector<int> order = {0, 1, 2, 3};
  do {
    std::vector<Told> arrived;
    for (const int i : order) arrived.push_back(told[i]);
    for (Told& one : arrived) one.recorded = At("2026-05-01") + absl::Hours(arrived.size());
    const Timeline line(rule, arrived, "2026-05-02");
    ASSERT_EQ(line.clocks(), 1);
    EXPECT_EQ(line.State(), "done");
    EXPECT_EQ(line.clock(0).key, "gp:1");
    EXPECT_EQ(line.Shares()["a"], absl::Hours(24 * 21));
    EXPECT_EQ(line.Shares()["gp"], absl::Hours(24 * 9));
    EXPECT_EQ(line.Shares()["b"], absl::Hours(24 * 68));
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST(Timelines, T29_ABudgetOfDaysWithinTwelveMonths) {
  const std::string rule = RuleOf("W-LAC-SHORT", R"(per: "child" opens: EACH
    start { is: "break_started" } stop { is: "break_ended" } limit { allow { weeks: 4 } }
    limit { allow { calendar_days: 120 } within { months: 12 } })");
  const Timeline line(rule,
                      {Told("break_started", "2026-01-05"), Told("break_ended", "2026-01-30"),
                       Told("break_started", "2026-02-16"), Told("break_ended", "2026-03-13"),
                       Told("break_started", "2026-04-13"), Told("break_ended", "2026-05-08"),
                       Told("break_started", "2026-06-15"), Told("break_ended", "2026-07-10"),
                       Told("break_started", "2026-09-07")},
                      "2026-09-20");
  ASSERT_EQ(line.clocks(), 5);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(line.State(i), "in_time");
  EXPECT_EQ(line.Last(4), "2026-09-26");
}

}  // namespace
}  // namespace dolen::second
