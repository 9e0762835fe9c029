// The tricky timelines of the rule model, rules.md section 5, each by its number: events as they
// occurred and were recorded, the clocks in the end, and what was said when.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "engine/child/minutes.h"
#include "tests/engine/child/story.h"

namespace dolen::story {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Lines = std::vector<std::string>;

constexpr absl::string_view kEnd = "2026-12-31";

// W-ICPC-OUTLINE: conference on Friday 19 December 2025, last day in time Tuesday 30 December.
pathway::v1::Book Outline() {
  return BookOf(Rule(R"(start { is: "icpc" } stop { is: "sent" } limit { allow { working_days: 5 } }
                        pause { begin { is: "clock_paused" } end { is: "clock_resumed" } }
                        exception_by: "role:senior_manager")"));
}

pathway::v1::Book Icpc(absl::string_view which) {
  return BookOf(Rule(absl::StrCat(R"(start { is: "strategy" } stop { is: "icpc" }
      cancel { is: "s47_ended" } limit { allow { working_days: 15 } } which: )",
                                  which)));
}

pathway::v1::Book CoreGroups() {
  return BookOf(Rule(R"(opens: EACH start { is: "core_group" } stop { is: "core_group" }
      cancel { is: "deregistered" } target { allow { months: 1 } } limit { allow { weeks: 6 } })"));
}

pathway::v1::Book Notice() {
  return BookOf(Rule(R"(opens: AGAIN which: LAST start { is: "meeting_planned" }
      stop { is: "participants_told" } cancel { is: "meeting_cancelled" }
      limit { from { field: "planned_for" } allow { calendar_days: -5 } })"));
}

Said Exception(absl::string_view at) {
  return Said("exception_authorised", at).Role("senior_manager").Excusing("R");
}

class Timeline : public testing::Test {
 public:
  Timeline& Book(const pathway::v1::Book& book) {
    story_.Publish("2021-01-01", book);
    return *this;
  }
  // Heard when it occurred.
  Timeline& On(absl::string_view at, Said said) {
    story_.Hear(at, said);
    return *this;
  }
  Timeline& On(absl::string_view what_and, absl::string_view at) {
    return On(at, Said(what_and, at));
  }
  Timeline& Late(absl::string_view recorded, const Said& said) {
    story_.Hear(recorded, said);
    return *this;
  }
  Lines Clocks() {
    story_.Until(kEnd);
    return story_.ClocksNow(kEnd);
  }
  Lines Told() {
    story_.Until(kEnd);
    Lines lines;
    for (const std::string& line : story_.told()) {
      // "R overdue 2025-12-31 00:00" is told as "R 2025-12-31".
      std::string text = absl::StrCat(line.substr(0, 2), line.substr(line.size() - 16));
      if (text.substr(text.size() - 6) == " 00:00") text.resize(text.size() - 6);
      lines.push_back(text);
    }
    return lines;
  }

 protected:
  Story story_;
};

TEST_F(Timeline, Row01AConferenceThatIsRecordedAfterDue) {
  Book(Outline()).Late("2026-01-05", {"icpc", "2025-12-19"}).On("sent", "2026-01-06");
  EXPECT_THAT(Clocks(), ElementsAre("R/standing late last 2025-12-30"));
  EXPECT_THAT(Told(), ElementsAre("R 2026-01-05", "C 2026-01-06"));
}

TEST_F(Timeline, Row02SentInTimeButRecordedLate) {
  Book(Outline()).On("icpc", "2025-12-19").Late("2026-01-02", {"sent", "2025-12-29"});
  EXPECT_THAT(Clocks(), ElementsAre("R/standing in_time last 2025-12-30"));
  EXPECT_THAT(Told(), ElementsAre("R 2025-12-31", "W 2026-01-02"));
}

TEST_F(Timeline, Row02SentLate) {
  Book(Outline()).On("icpc", "2025-12-19").On("sent", "2026-01-02");
  EXPECT_THAT(Clocks(), ElementsAre("R/standing late last 2025-12-30"));
  EXPECT_THAT(Told(), ElementsAre("R 2025-12-31", "C 2026-01-02"));
}

TEST_F(Timeline, Row03AStopBeforeTheStartDoesNotCount) {
  Book(Outline()).On("sent", "2025-12-18").On("icpc", "2025-12-19");
  EXPECT_THAT(Clocks(), ElementsAre("R/standing overdue last 2025-12-30"));
  EXPECT_THAT(Told(), ElementsAre("R 2025-12-31"));
}

TEST_F(Timeline, Row03ThePlanBeforeThePlacementDoes) {
  Book(BookOf(Rule(R"(start { is: "placed" } stop { is: "plan" } done_before: true
                      limit { allow { working_days: 10 } })")))
      .On("plan", "2025-12-18")
      .On("placed", "2025-12-19");
  EXPECT_THAT(Clocks(), ElementsAre("R/standing in_time last 2026-01-07"));
  EXPECT_THAT(Told(), IsEmpty());
}

TEST_F(Timeline, Row04AVoidedConferenceLeavesACancelledClock) {
  Book(Outline()).On("icpc", "2025-12-19").Late("2026-01-05", Said::Voiding("icpc@2025-12-19"));
  EXPECT_THAT(Clocks(), ElementsAre("R/standing cancelled voided"));
  EXPECT_THAT(Told(), ElementsAre("R 2025-12-31", "W 2026-01-05"));
}

TEST_F(Timeline, Row05AConferenceThatIsMovedTwice) {
  Book(Outline())
      .On("icpc", "2025-12-19")
      .Late("2026-01-02", Said("icpc", "2025-12-17").Replacing("icpc@2025-12-19"))
      .Late("2026-01-03", Said("icpc", "2025-12-30").Replacing("icpc@2025-12-19"));
  EXPECT_THAT(Clocks(), ElementsAre("R/standing overdue last 2026-01-07"));
  EXPECT_THAT(Told(), ElementsAre("R 2025-12-31", "A 2026-01-02", "W 2026-01-03", "R 2026-01-08"));
}

TEST_F(Timeline, Row06APauseAfterDueTakesNothingBack) {
  Book(Outline())
      .On("icpc", "2025-12-19")
      .On("clock_paused", "2026-01-02")
      .On("clock_resumed", "2026-01-06");
  EXPECT_THAT(Clocks(), ElementsAre("R/standing overdue last 2025-12-30"));
  EXPECT_THAT(Told(), ElementsAre("R 2025-12-31"));
}

TEST_F(Timeline, Row07APauseBeforeDueThatIsRecordedAfterIt) {
  Book(Outline())
      .On("icpc", "2025-12-19")
      .Late("2026-01-02", {"clock_paused", "2025-12-29"})
      .On("clock_resumed", "2026-01-05");
  EXPECT_THAT(Clocks(), ElementsAre("R/standing overdue last 2026-01-06"));
  EXPECT_THAT(Told(), ElementsAre("R 2025-12-31", "W 2026-01-02", "R 2026-01-07"));
}

TEST_F(Timeline, Row08AnExceptionBeforeDueExcuses) {
  Book(Outline())
      .On("icpc", "2025-12-19")
      .On("2025-12-29", Exception("2025-12-29"))
      .On("sent", "2026-01-05");
  EXPECT_THAT(Clocks(), ElementsAre("R/standing excused last 2025-12-30"));
  EXPECT_THAT(Told(), IsEmpty());
}

TEST_F(Timeline, Row08AndIfItIsRecordedAfterDueTheAlertIsWithdrawn) {
  Book(Outline())
      .On("icpc", "2025-12-19")
      .Late("2026-01-02", Exception("2025-12-29"))
      .On("sent", "2026-01-05");
  EXPECT_THAT(Clocks(), ElementsAre("R/standing excused last 2025-12-30"));
  EXPECT_THAT(Told(), ElementsAre("R 2025-12-31", "W 2026-01-02"));
}

TEST_F(Timeline, Row09AnExceptionThatRunsOut) {
  Book(Outline())
      .On("icpc", "2025-12-19")
      .On("2025-12-29", Exception("2025-12-29").Until("2026-01-06"))
      .On("sent", "2026-01-08");
  EXPECT_THAT(Clocks(), ElementsAre("R/standing late last 2025-12-30"));
  EXPECT_THAT(Told(), ElementsAre("R 2026-01-07", "C 2026-01-08"));
}

TEST_F(Timeline, Row10AnExceptionAfterDueExcusesNothing) {
  Book(Outline())
      .On("icpc", "2025-12-19")
      .On("2026-01-02", Exception("2026-01-02"))
      .On("sent", "2026-01-05");
  EXPECT_THAT(Clocks(), ElementsAre("R/standing late last 2025-12-30"));
  EXPECT_THAT(Told(), ElementsAre("R 2025-12-31", "C 2026-01-05"));
}

TEST_F(Timeline, Row11SentAndRecordedAtTheVeryInstant) {
  Book(Outline()).On("icpc", "2025-12-19").On("sent", "2025-12-31 00:00");
  EXPECT_THAT(Clocks(), ElementsAre("R/standing late last 2025-12-30"));
  EXPECT_THAT(Told(), IsEmpty());
}

TEST_F(Timeline, Row13AStopThatIsCorrectedToALateOne) {
  Book(Outline())
      .On("icpc", "2025-12-19")
      .On("sent", "2025-12-30")
      .Late("2026-01-05", Said("sent", "2026-01-02").Replacing("sent@2025-12-30"));
  EXPECT_THAT(Clocks(), ElementsAre("R/standing late last 2025-12-30"));
  EXPECT_THAT(Told(), IsEmpty());
}

TEST_F(Timeline, Row14AnEarlierStartThatIsRecordedLate) {
  Book(Icpc("FIRST")).On("strategy", "2025-12-17").Late("2026-01-14", {"strategy", "2025-12-08"});
  EXPECT_THAT(Clocks(), ElementsAre("R/standing overdue last 2025-12-31"));
  EXPECT_THAT(Told(), ElementsAre("R 2026-01-13", "A 2026-01-14"));
}

TEST_F(Timeline, Row15TheLastDiscussionStartsTheClockEvenAfterABreach) {
  Book(Icpc("LAST"))
      .On("strategy", "2025-12-08")
      .On("strategy", "2026-01-05")
      .On("icpc", "2026-01-12");
  EXPECT_THAT(Clocks(), ElementsAre("R/standing in_time last 2026-01-26"));
  EXPECT_THAT(Told(), ElementsAre("R 2026-01-01", "C 2026-01-05"));
  EXPECT_EQ(story_.PictureOf().duties[0].clocks[0].breached_at, At("2026-01-01"));
}

TEST_F(Timeline, Row16AndIfItOccurredInTimeTheBreachNeverWas) {
  Book(Icpc("LAST")).On("strategy", "2025-12-08").Late("2026-01-05", {"strategy", "2025-12-17"});
  EXPECT_THAT(Clocks(), ElementsAre("R/standing overdue last 2026-01-12"));
  EXPECT_THAT(Told(), ElementsAre("R 2026-01-01", "W 2026-01-05", "R 2026-01-13"));
}

TEST_F(Timeline, Row17AnEnquiryThatEndsAfterDue) {
  Book(Icpc("FIRST")).On("strategy", "2025-12-08").On("s47_ended", "2026-01-05");
  EXPECT_THAT(Clocks(), ElementsAre("R/standing late last 2025-12-31"));
  EXPECT_THAT(Told(), ElementsAre("R 2026-01-01", "C 2026-01-05"));
}

TEST_F(Timeline, Row17AndOneThatEndedBefore) {
  Book(Icpc("FIRST")).On("strategy", "2025-12-08").Late("2026-01-05", {"s47_ended", "2025-12-30"});
  EXPECT_THAT(Clocks(), ElementsAre("R/standing cancelled last 2025-12-31"));
  EXPECT_THAT(Told(), ElementsAre("R 2026-01-01", "W 2026-01-05"));
}

TEST_F(Timeline, Row18ACoreGroupInTheMiddleThatIsReportedLate) {
  Book(CoreGroups())
      .On("core_group", "2026-01-09")
      .On("core_group", "2026-03-20")
      .Late("2026-03-25", {"core_group", "2026-02-13"});
  story_.Until("2026-04-01");
  EXPECT_THAT(story_.ClocksNow("2026-04-01"), ElementsAre("R/standing/* in_time last 2026-02-20",
                                                          "R/standing/* in_time last 2026-03-27",
                                                          "R/standing/* running last 2026-05-01"));
  Lines told = Told();
  told.resize(3);
  EXPECT_THAT(told, ElementsAre("R 2026-02-21", "C 2026-03-20", "W 2026-03-25"));
}

TEST_F(Timeline, Row19ACoreGroupThatWasVoidedLeavesTheOneBeforeOpen) {
  Book(CoreGroups())
      .On("core_group", "2026-01-09")
      .On("core_group", "2026-02-13")
      .Late("2026-03-02", Said::Voiding("core_group@2026-02-13"));
  EXPECT_THAT(Clocks(),
              ElementsAre("R/standing/* overdue last 2026-02-20", "R/standing/* cancelled voided"));
  EXPECT_THAT(Told(), ElementsAre("R 2026-03-02"));
}

TEST_F(Timeline, Row20AConjunctionOfWhichOnePartIsCorrected) {
  Book(BookOf(Rule(R"(start { is: "notified" } start { is: "permanent" }
                      stop { is: "transfer_conference" } limit { allow { working_days: 15 } })")))
      .On("permanent", "2026-02-23")
      .On("notified", "2026-03-02")
      .Late("2026-03-24 10:00", Said("notified", "2026-02-03").Replacing("notified@2026-03-02"));
  EXPECT_THAT(Clocks(), ElementsAre("R/standing overdue last 2026-03-16"));
  EXPECT_THAT(Told(), ElementsAre("R 2026-03-24", "A 2026-03-24 10:00"));
}

TEST_F(Timeline, Row21DecidedOnMondayAndWrittenDownOnTuesday) {
  Book(BookOf(Rule(R"(start { is: "report" } stop { is: "decided" } stop { is: "written_down" }
                      limit { allow { working_days: 1 } })")))
      .On("report", "2026-03-06 16:28")
      .On("decided", "2026-03-09 10:00")
      .On("written_down", "2026-03-10 09:00");
  EXPECT_THAT(Clocks(), ElementsAre("R/standing late last 2026-03-09"));
  EXPECT_THAT(Told(), ElementsAre("R 2026-03-10", "C 2026-03-10 09:00"));
}

TEST_F(Timeline, Row22TwoPausesThatOverlap) {
  Book(BookOf(
           Rule(R"(start { is: "s47" } stop { is: "assessed" } limit { allow { working_days: 42 } }
      pause { begin { is: "clock_paused" } end { is: "clock_resumed" } cause: "school"
              owner: "agency:b" }
      pause { begin { is: "clock_paused" } end { is: "clock_resumed" } cause: "family" })")))
      .On("s47", "2026-01-05")
      .On("2026-01-26", Said("clock_paused", "2026-01-26").Reason("school"))
      .On("2026-01-28", Said("clock_paused", "2026-01-28").Reason("family").Owner("family"))
      .On("2026-02-02", Said("clock_resumed", "2026-02-02").Reason("school"))
      .On("2026-02-04", Said("clock_resumed", "2026-02-04").Reason("family"));
  EXPECT_THAT(Clocks(), ElementsAre("R/standing overdue last 2026-03-13"));
  std::map<std::string, int64_t> days;
  for (const Stood& one : story_.PictureOf().duties[0].clocks[0].charged) {
    days[one.owner] += (one.to - one.from) / absl::Hours(24);  // winter: none is shorter
  }
  EXPECT_EQ(days, (std::map<std::string, int64_t>{{"agency:b", 5}, {"family", 2}}));
}

pathway::v1::Book Chasing() {
  return BookOf(absl::StrCat(Rule(R"(start { is: "written_report" } stop { is: "acknowledged" }
              limit { allow { working_days: 7 } })"),
                             R"(rule { id: "S" accountable: "asker" start { overdue: "R" }
                stop { is: "recontacted" or { is: "acknowledged" } } })"));
}

TEST_F(Timeline, Row23AnAcknowledgementInTimeThatIsRecordedLateEndsTheChase) {
  Book(Chasing()).On("written_report", "2026-03-02");
  story_.Until("2026-03-12 12:00");
  EXPECT_THAT(story_.ClocksNow("2026-03-12 12:00"),
              ElementsAre("R/standing overdue last 2026-03-11", "S/standing standing"));
  Late("2026-03-13", {"acknowledged", "2026-03-11"});
  EXPECT_THAT(Clocks(), ElementsAre("R/standing in_time last 2026-03-11"));
  EXPECT_THAT(Told(), ElementsAre("R 2026-03-12", "W 2026-03-13"));
}

TEST_F(Timeline, Row23AChaseThatWasMade) {
  Book(Chasing())
      .On("written_report", "2026-03-02")
      .On("recontacted", "2026-03-13")
      .On("acknowledged", "2026-03-16");
  EXPECT_THAT(Clocks(), ElementsAre("R/standing late last 2026-03-11", "S/standing done"));
  EXPECT_THAT(Told(), ElementsAre("R 2026-03-12", "C 2026-03-16"));
}

TEST_F(Timeline, Row24HoursThatStandStillOverTheChangeOfClocks) {
  Book(BookOf(Rule(R"(start { is: "told" } stop { is: "written" } limit { allow { hours: 24 } }
      pause { begin { is: "clock_paused" } end { is: "clock_resumed" } })")))
      .On("told", "2026-03-28 18:00")
      .On("clock_paused", "2026-03-28 20:00")
      .On("clock_resumed", "2026-03-29 06:00");
  EXPECT_THAT(Clocks(), ElementsAre("R/standing overdue due 2026-03-30 04:00"));
}

TEST_F(Timeline, Row25AMeetingThatIsMovedAfterItsNoticeWasDue) {
  Book(Notice())
      .On("2026-03-20", Said("meeting_planned", "2026-03-20").Stated("planned_for", "2026-04-13"))
      .On("2026-04-10", Said("meeting_planned", "2026-04-10").Stated("planned_for", "2026-04-27"))
      .On("participants_told", "2026-04-20");
  EXPECT_THAT(Clocks(), ElementsAre("R/standing in_time last 2026-04-22"));
  EXPECT_THAT(Told(), ElementsAre("R 2026-04-09", "C 2026-04-10"));
}

TEST_F(Timeline, Row26AMeetingThatIsMovedAfterAllWereTold) {
  Book(Notice())
      .On("2026-03-20", Said("meeting_planned", "2026-03-20").Stated("planned_for", "2026-04-13"))
      .On("participants_told", "2026-04-02")
      .On("2026-04-07", Said("meeting_planned", "2026-04-07").Stated("planned_for", "2026-04-27"));
  EXPECT_THAT(Clocks(), ElementsAre("R/standing in_time last 2026-04-08",
                                    "R/standing/* overdue last 2026-04-22"));
  EXPECT_THAT(Told(), ElementsAre("R 2026-04-23"));
}

TEST_F(Timeline, Row27AStartThatIsCorrectedIntoTheNextRule) {
  Book(
      BookOf(absl::StrCat(Rule(R"(valid_to: "2026-05-01" start { is: "begun" } stop { is: "done" }
                           limit { allow { calendar_days: 10 } })"),
                          Rule(R"(valid_from: "2026-05-01" start { is: "begun" } stop { is: "done" }
                           limit { allow { calendar_days: 5 } })"))))
      .On("begun", "2026-04-28");
  story_.Until("2026-05-07 12:00");
  EXPECT_THAT(story_.ClocksNow("2026-05-07 12:00"),
              ElementsAre("R/standing running last 2026-05-08"));
  Late("2026-05-08 10:00", Said("begun", "2026-05-02").Replacing("begun@2026-04-28"));
  EXPECT_THAT(Clocks(), ElementsAre("R/standing overdue last 2026-05-07"));
  EXPECT_THAT(Told(), ElementsAre("R 2026-05-08 10:00"));
}

// By hand only in the rule model, as the next.
TEST_F(Timeline, Row28OneWaitAcrossTwoReferralsInAnyOrderOfArrival) {
  const pathway::v1::Book book = BookOf(R"(rule { id: "one-wait" per: "thread" accountable: "asked"
      start { is: "referral_made" } stop { is: "appointment_attended" }
      cancel { is: "withdrawn" } })");
  std::vector<Said> said = {
      Said("referral_made", "2026-01-05").By("c").In("A").To("a"),
      Said("referral_declined", "2026-01-26").By("a").In("A"),
      Said("referral_made", "2026-02-04").By("c").In("B").To("b").Continues("A"),
      Said("appointment_attended", "2026-04-13").By("b").In("B")};
  std::vector<size_t> order = {0, 1, 2, 3};
  do {
    Story story;
    story.Publish("2025-01-01", book);
    for (const size_t i : order) story.Hear("2026-04-14", said[i]);
    const Picture& picture = story.PictureOf();
    ASSERT_THAT(story.ClocksNow("2026-05-01"), ElementsAre("one-wait/a:A done"));
    std::map<std::string, double> days;
    const Duty& duty = picture.duties[0];
    for (const auto& [who, time] : MinutesOf(
             SharesOf(picture, duty, duty.clocks[0], story.fold().books(), At("2026-05-01")))) {
      days[who] = absl::ToDoubleHours(time) / 24;
    }
    // The last Sunday of March has 23 hours.
    EXPECT_EQ(days, (std::map<std::string, double>{{"a", 21}, {"c", 9}, {"b", 68 - 1.0 / 24}}));
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_F(Timeline, Row29ShortBreaksThatUseUpTheBudgetOfAYear) {
  Book(BookOf(Rule(R"(per: "child" opens: EACH start { is: "break_started" }
      stop { is: "break_ended" } limit { allow { weeks: 4 } }
      limit { allow { calendar_days: 120 } within { months: 12 } })")));
  const std::pair<const char*, const char*> breaks[] = {{"2026-01-05", "2026-01-30"},
                                                        {"2026-03-02", "2026-03-27"},
                                                        {"2026-04-20", "2026-05-15"},
                                                        {"2026-06-08", "2026-07-03"}};
  for (const auto& [begun, ended] : breaks) {
    On(absl::StrCat(begun, " 12:00"), Said("break_started", absl::StrCat(begun, " 12:00")));
    On(absl::StrCat(ended, " 12:00"), Said("break_ended", absl::StrCat(ended, " 12:00")));
  }
  On("break_started", "2026-09-07 12:00");
  EXPECT_EQ(Clocks().back(), "R/child/* overdue last 2026-09-26");
}

}  // namespace
}  // namespace dolen::story
