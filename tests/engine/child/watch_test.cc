// What is said to people, as stories: records with their times go through the real fold, ticks come
// at every due instant, and the alerts are compared with their times. Stories named Row are those
// of the tricky timelines of the rule model.
#include "engine/child/watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "engine/base/time.h"
#include "tests/engine/child/story.h"

namespace dolen::story {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// W-ICPC-OUTLINE: conference on Friday 19 December 2025, last day in time Tuesday 30 December.
pathway::v1::Book Outline() {
  return BookOf(
      Rule(R"(start { is: "icpc" } stop { is: "sent" } limit { allow { working_days: 5 } })"));
}
// W-ICPC with the first strategy discussion.
pathway::v1::Book Icpc() {
  return BookOf(Rule(R"(start { is: "strategy" } stop { is: "icpc" } cancel { is: "s47_ended" }
                        limit { allow { working_days: 15 } })"));
}
pathway::v1::Book OneDay(absl::string_view more) {
  return BookOf(Rule(absl::StrCat(R"(start { is: "begun" } stop { is: "done" }
                                     limit { allow { calendar_days: 1 } } )",
                                  more)));
}

TEST(Watch, Row1AStartRecordedAfterDueIsRaisedAtOnceAndClearedByTheStop) {
  Story story;
  story.Publish("2025-01-01", Outline())
      .Hear("2026-01-05", {"icpc", "2025-12-19"})
      .Hear("2026-01-06", {"sent", "2026-01-06"})
      .Until("2026-02-01");
  EXPECT_THAT(story.told(),
              ElementsAre("R overdue 2026-01-05 00:00", "C overdue 2026-01-06 00:00"));
  EXPECT_EQ(story.ClockNow("2026-02-01").substr(0, 4), "late");
}

TEST(Watch, Row2AndX27AStopInTimeThatIsRecordedLateWithdraws) {
  Story story;
  story.Publish("2025-01-01", Outline())
      .Hear("2025-12-19 12:00", {"icpc", "2025-12-19"})
      .Hear("2026-01-02 10:00", {"sent", "2025-12-29"})
      .Until("2026-02-01");
  EXPECT_THAT(story.told(),
              ElementsAre("R overdue 2025-12-31 00:00", "W overdue 2026-01-02 10:00"));
  EXPECT_EQ(story.ClockNow("2026-02-01").substr(0, 7), "in_time");
}

TEST(Watch, Row2AndX28AStopThatCameLateClears) {
  Story story;
  story.Publish("2025-01-01", Outline())
      .Hear("2025-12-19 12:00", {"icpc", "2025-12-19"})
      .Hear("2026-01-02 10:00", {"sent", "2026-01-02 10:00"})
      .Until("2026-02-01");
  EXPECT_THAT(story.told(),
              ElementsAre("R overdue 2025-12-31 00:00", "C overdue 2026-01-02 10:00"));
  EXPECT_EQ(story.ClockNow("2026-02-01").substr(0, 4), "late");
}

TEST(Watch, Row3AStopBeforeTheStartDoesNotCountUnlessTheRuleSaysSo) {
  Story story;
  story.Publish("2025-01-01", Outline())
      .Hear("2025-12-18 12:00", {"sent", "2025-12-18"})
      .Hear("2025-12-19 12:00", {"icpc", "2025-12-19"})
      .Until("2026-02-01");
  EXPECT_THAT(story.told(), ElementsAre("R overdue 2025-12-31 00:00"));
  Story done_before;
  done_before
      .Publish("2025-01-01",
               BookOf(Rule(R"(start { is: "icpc" } stop { is: "sent" } done_before: true
                              limit { allow { working_days: 5 } })")))
      .Hear("2025-12-19 12:00", {"icpc", "2025-12-19"})
      .Hear("2025-12-20 12:00", {"sent", "2025-12-18"})
      .Until("2026-02-01");
  EXPECT_THAT(done_before.told(), IsEmpty());
}

TEST(Watch, Row11AStopKnownAtTheDueInstantPagesNobodyThoughItIsLate) {
  Story story;
  story.Publish("2025-01-01", Outline())
      .Hear("2025-12-19 12:00", {"icpc", "2025-12-19"})
      .Hear("2025-12-31", {"sent", "2025-12-31 00:00"})
      .Until("2026-02-01");
  EXPECT_THAT(story.told(), IsEmpty());
  EXPECT_EQ(story.ClockNow("2026-02-01").substr(0, 4), "late");
}

TEST(Watch, Row12AStopAheadOfItsRecordSilencesNothingBeforeItComes) {
  // Admission refuses more than a day ahead; what is less far ahead has not happened yet.
  Story story;
  story.Publish("2025-01-01", Outline())
      .Hear("2025-12-19 12:00", {"icpc", "2025-12-19"})
      .Hear("2025-12-30 12:00", {"sent", "2025-12-31 11:00"})
      .Until("2026-02-01");
  EXPECT_THAT(story.told(),
              ElementsAre("R overdue 2025-12-31 00:00", "C overdue 2025-12-31 11:00"));
}

TEST(Watch, Row14AnEarlierStartThatIsRecordedLateAmends) {
  Story story;
  story.Publish("2025-01-01", Icpc())
      .Hear("2025-12-17 12:00", {"strategy", "2025-12-17"})
      .Hear("2026-01-14", {"strategy", "2025-12-08"})
      .Until("2026-02-01");
  EXPECT_THAT(story.told(),
              ElementsAre("R overdue 2026-01-13 00:00", "A overdue 2026-01-14 00:00"));
  EXPECT_EQ(Text(FromTimestamp(story.alerts()[1].due())), "2026-01-01 00:00");
  EXPECT_EQ(story.alerts()[0].alert_id(), story.alerts()[1].alert_id());
  EXPECT_EQ(story.alerts()[1].number(), 2);
}

TEST(Watch, Row17ACancelAfterDueClearsAndOneBeforeDueWithdraws) {
  Story late;
  late.Publish("2025-01-01", Icpc())
      .Hear("2025-12-08 12:00", {"strategy", "2025-12-08"})
      .Hear("2026-01-05", {"s47_ended", "2026-01-05"})
      .Until("2026-02-01");
  EXPECT_THAT(late.told(), ElementsAre("R overdue 2026-01-01 00:00", "C overdue 2026-01-05 00:00"));
  EXPECT_EQ(late.ClockNow("2026-02-01").substr(0, 4), "late");
  Story cancelled;
  cancelled.Publish("2025-01-01", Icpc())
      .Hear("2025-12-08 12:00", {"strategy", "2025-12-08"})
      .Hear("2026-01-05", {"s47_ended", "2025-12-30"})
      .Until("2026-02-01");
  EXPECT_THAT(cancelled.told(),
              ElementsAre("R overdue 2026-01-01 00:00", "W overdue 2026-01-05 00:00"));
  EXPECT_EQ(cancelled.ClockNow("2026-02-01").substr(0, 9), "cancelled");
}

TEST(Watch, Row20AnEarlierPartOfAConjunctionAmends) {
  Story story;
  story
      .Publish("2025-01-01", BookOf(Rule(R"(start { is: "notified" } start { is: "permanent" }
                                            stop { is: "conference" }
                                            limit { allow { working_days: 15 } })")))
      .Hear("2026-02-23 12:00", {"permanent", "2026-02-23"})
      .Hear("2026-03-02 12:00", {"notified", "2026-03-02"})
      .Hear("2026-03-24 10:00", {"notified", "2026-02-03"})
      .Until("2026-04-01");
  EXPECT_THAT(story.told(),
              ElementsAre("R overdue 2026-03-24 00:00", "A overdue 2026-03-24 10:00"));
  EXPECT_EQ(Text(FromTimestamp(story.alerts()[1].due())), "2026-03-17 00:00");
}

TEST(Watch, Row21WorkingDaysReachOverTheWeekend) {
  Story story;
  story
      .Publish("2025-01-01", BookOf(Rule(R"(start { is: "received" } stop { is: "decided" }
                                            stop { is: "decision_recorded" }
                                            limit { allow { working_days: 1 } })")))
      .Hear("2026-03-06 16:28", {"received", "2026-03-06 16:28"})
      .Hear("2026-03-09 12:00", {"decided", "2026-03-09 12:00"})
      .Hear("2026-03-10 09:00", {"decision_recorded", "2026-03-10 09:00"})
      .Until("2026-04-01");
  EXPECT_THAT(story.told(),
              ElementsAre("R overdue 2026-03-10 00:00", "C overdue 2026-03-10 09:00"));
}

TEST(Watch, Row27AnEarlierStartOfTheOldRulesDaysIsJudgedByTheOldRule) {
  // Row 27 moves the start by a correction, which is not folded yet; a late first start moves it as
  // well, the other way.
  Story story;
  story
      .Publish("2025-01-01",
               BookOf(Rule(R"(start { is: "begun" } stop { is: "done" } valid_to: "2026-05-01"
                              limit { allow { calendar_days: 10 } })") +
                      Rule(R"(start { is: "begun" } stop { is: "done" } valid_from: "2026-05-01"
                              limit { allow { calendar_days: 5 } })")))
      .Hear("2026-05-02 12:00", {"begun", "2026-05-02"})  // new rule, last 7 May
      .Hear("2026-05-08 10:00", {"begun", "2026-04-30"})  // old rule, last 10 May
      .Until("2026-06-01");
  EXPECT_THAT(story.told(), ElementsAre("R overdue 2026-05-08 00:00", "W overdue 2026-05-08 10:00",
                                        "R overdue 2026-05-11 00:00"));
  EXPECT_EQ(story.alerts()[2].number(), 3) << "the same alert, its next change";
  EXPECT_EQ(story.alerts()[2].alert_id(), story.alerts()[0].alert_id());
}

TEST(Watch, OnlyATickRaises) {
  Story story;
  story.Publish("2025-01-01", OneDay(""));
  ASSERT_TRUE(
      story.Tell(At("2026-01-05"), Story::RecordOf({"begun", "2026-01-05"}, Story::Child(0))).ok());
  ASSERT_TRUE(
      story.Tell(At("2026-01-08"), Story::RecordOf({"other", "2026-01-05"}, Story::Child(0))).ok());
  EXPECT_THAT(story.told(), IsEmpty());
  EXPECT_EQ(Text(story.fold().first_due()), "2026-01-07 00:00");
  ASSERT_TRUE(story.Tick(At("2026-01-08")).ok());
  EXPECT_THAT(story.told(), ElementsAre("R overdue 2026-01-08 00:00"));
  EXPECT_EQ(story.fold().first_due(), absl::InfiniteFuture());
}

TEST(Watch, OverdueClosesDueSoonAndLevelsAfterItEscalate) {
  Story story;
  story
      .Publish("2025-01-01", BookOf(R"(rule { id: "R" accountable: "agency:a" start { is: "begun" }
            stop { is: "done" } limit { allow { working_days: 5 } }
            level { name: "due_soon" offset { working_days: -2 } }
            level { name: "nearly" offset { hours: -3 } }
            level { name: "overdue" }
            level { name: "chief" offset { working_days: 1 } } })"))
      .Hear("2026-01-05 09:00", {"begun", "2026-01-05 09:00"})  // last day Monday 12 January
      .Hear("2026-01-20 10:00", {"done", "2026-01-20 10:00"})
      .Until("2026-02-01");
  EXPECT_THAT(story.told(), ElementsAre("R due_soon 2026-01-09 00:00", "R nearly 2026-01-12 21:00",
                                        "C due_soon 2026-01-13 00:00", "C nearly 2026-01-13 00:00",
                                        "R overdue 2026-01-13 00:00", "E chief 2026-01-14 00:00",
                                        "C chief 2026-01-20 10:00", "C overdue 2026-01-20 10:00"));
}

TEST(Watch, LevelsOfHoursAndOfDaysAreMeasuredFromDueAndFromTheLastDayInTime) {
  Story story;
  story
      .Publish("2025-01-01", BookOf(R"(rule { id: "R" accountable: "agency:a" start { is: "begun" }
            stop { is: "done" } limit { allow { hours: 72 } }
            level { name: "day_before" offset { calendar_days: -1 } }
            level { name: "hours_before" offset { hours: -4 } }
            level { name: "overdue" }
            level { name: "day_after" offset { calendar_days: 1 } } })"))
      .Hear("2026-03-27 20:00", {"begun", "2026-03-27 20:00"})  // X06: due 30 March 21:00
      .Until("2026-04-05");
  EXPECT_THAT(story.told(),
              ElementsAre("R day_before 2026-03-30 00:00", "R hours_before 2026-03-30 17:00",
                          "C day_before 2026-03-30 21:00", "C hours_before 2026-03-30 21:00",
                          "R overdue 2026-03-30 21:00", "E day_after 2026-04-01 00:00"));
}

TEST(Watch, ALevelThatLiesBeforeTheStartBecomesTrueWithIt) {
  Story story;
  story
      .Publish("2025-01-01", BookOf(R"(rule { id: "R" accountable: "agency:a" start { is: "begun" }
            stop { is: "done" } limit { allow { hours: 1 } }
            level { name: "due_soon" offset { hours: -24 } } level { name: "overdue" } })"))
      .Hear("2026-01-05 08:00", {"begun", "2026-01-05 09:00"})  // an hour ahead
      .Until("2026-01-06");
  EXPECT_THAT(story.told(),
              ElementsAre("R due_soon 2026-01-05 09:00", "C due_soon 2026-01-05 10:00",
                          "R overdue 2026-01-05 10:00"));
}

TEST(Watch, AStartThatMovesWithinItsDayAmendsALevelThatBeganWithIt) {
  Story story;
  story
      .Publish("2025-01-01", BookOf(R"(rule { id: "R" accountable: "agency:a" start { is: "begun" }
            stop { is: "done" } limit { allow { calendar_days: 1 } }
            level { name: "due_soon" offset { calendar_days: -7 } } })"))
      .Hear("2026-01-05 09:00", {"begun", "2026-01-05 09:00"})
      .Hear("2026-01-06 10:00", {"begun", "2026-01-05 08:00"})
      .Until("2026-01-06 12:00");
  EXPECT_THAT(story.told(),
              ElementsAre("R due_soon 2026-01-05 09:00", "A due_soon 2026-01-06 10:00"));
  EXPECT_EQ(Text(FromTimestamp(story.alerts()[1].since())), "2026-01-05 08:00");
  EXPECT_EQ(story.alerts()[1].due().seconds(), story.alerts()[0].due().seconds());
}

TEST(Watch, ClearedTurnsIntoWithdrawnWhenTheEvidenceChanges) {
  Story story;
  story.Publish("2025-01-01", OneDay(""))
      .Hear("2026-01-05 09:00", {"begun", "2026-01-05 09:00"})
      .Hear("2026-01-08 09:00", {"done", "2026-01-08 09:00"})
      .Hear("2026-01-09 09:00", {"done", "2026-01-06 09:00"})
      .Hear("2026-01-10 09:00", {"other", "2026-01-10 09:00"})
      .Until("2026-02-01");
  EXPECT_THAT(story.told(), ElementsAre("R overdue 2026-01-07 00:00", "C overdue 2026-01-08 09:00",
                                        "W overdue 2026-01-09 09:00"));
}

// Found by generated histories: as of the alert's instant the cancel of its day had come and the
// stop had not, though in the end the stop wins.
TEST(Watch, ACancelKnownToTheDayWithdrawsWhatBeganOnItsDayAlsoIfALaterStopWins) {
  Story story;
  story
      .Publish("2025-01-01", BookOf(R"(rule { id: "R" accountable: "agency:a" start { is: "begun" }
            stop { is: "done" } cancel { is: "dropped" } limit { allow { calendar_days: 1 } }
            level { name: "due_soon" offset { hours: -36 } } level { name: "overdue" } })"))
      .Hear("2026-01-05 09:00", {"begun", "2026-01-05 09:00"})
      .Hear("2026-01-05 18:00", {"done", "2026-01-05 18:00"})
      .Hear("2026-01-05 22:00", {"dropped", "2026-01-05"})
      .Hear("2026-01-05 23:00", {"dropped", "2026-01-05 17:00"})
      .Until("2026-01-06 12:00");
  EXPECT_THAT(story.told(),
              ElementsAre("R due_soon 2026-01-05 12:00", "C due_soon 2026-01-05 18:00",
                          "W due_soon 2026-01-05 22:00"));
  EXPECT_EQ(story.ClockNow("2026-01-06").substr(0, 7), "in_time");
}

// Found by generated histories: withdrawn, true again, and over before a tick came to raise it.
TEST(Watch, AnAnswerThatChangedWhileNoTickCameIsSaidByTheNextOne) {
  Story story;
  story
      .Publish("2025-01-01", BookOf(R"(rule { id: "R" accountable: "agency:a" start { is: "begun" }
            stop { is: "done" } limit { allow { calendar_days: 1 } }
            pause { begin { is: "clock_paused" } end { is: "clock_resumed" } }
            level { name: "due_soon" offset { hours: -36 } } level { name: "overdue" } })"))
      .Hear("2026-01-05 09:00", {"begun", "2026-01-05 09:00"})
      .Hear("2026-01-05 13:00", {"done", "2026-01-05 10:00"})
      .Until("2026-01-05 14:00");
  const Said voided = Said::Voiding("done@2026-01-05 10:00");
  ASSERT_TRUE(story.Tell(At("2026-01-06"), Story::RecordOf(voided, Story::Child(0))).ok());
  ASSERT_TRUE(story.Tick(At("2026-01-08")).ok());
  EXPECT_THAT(story.told(),
              ElementsAre("R due_soon 2026-01-05 12:00", "W due_soon 2026-01-05 13:00",
                          "C due_soon 2026-01-08 00:00", "R overdue 2026-01-08 00:00"));
}

TEST(Watch, OpenBackfillsMuteWhatTheirEventsStarted) {
  Story story;
  story.Publish("2025-01-01", OneDay(""))
      .BeginBackfill("2026-01-10", "old")
      .Hear("2026-01-10", Said("begun", "2026-01-05").With("old"), 0)        // due 7 January
      .Hear("2026-01-10", Said("begun", "2026-01-10").With("old"), 1)        // due 12 January
      .Hear("2026-01-10", Said("begun", "2026-01-11 01:00").With("old"), 2)  // due 13 January
      .Hear("2026-01-10", Said("begun", "2026-01-05"), 3)                    // not of the backfill
      .EndBackfill("2026-01-12", "old")
      .Hear("2026-01-20", {"other", "2026-01-20"}, 1)
      .Until("2026-02-01");
  EXPECT_THAT(story.told(0), IsEmpty());
  EXPECT_THAT(story.told(1), IsEmpty()) << "it became true when the backfill ended";
  EXPECT_THAT(story.told(2), ElementsAre("R overdue 2026-01-13 00:00"));
  EXPECT_THAT(story.told(3), ElementsAre("R overdue 2026-01-10 00:00"));
}

TEST(Watch, ABackfillThatGoesOnMutesAgain) {
  Story story;
  story.Publish("2025-01-01", OneDay(""))
      .BeginBackfill("2026-01-05", "old")
      .Hear("2026-01-05", Said("begun", "2026-01-05").With("old"), 0)  // due 7 January
      .EndBackfill("2026-01-06", "old")
      .BeginBackfill("2026-01-06 12:00", "old")
      .EndBackfill("2026-01-08", "old")
      .Until("2026-02-01");
  EXPECT_THAT(story.told(), IsEmpty());
}

TEST(Watch, TheAccountableIsWhoeverIsAskedWhenItIsSaid) {
  Story story;
  story
      .Publish("2025-01-01",
               BookOf(R"(rule { id: "R" accountable: "asked" start { is: "referral_made" }
                                stop { is: "referral_accepted" }
                                limit { allow { calendar_days: 1 } }
                                level { name: "overdue" } })"))
      .Hear("2026-01-05 09:00", Said("referral_made", "2026-01-05 09:00").To("b"))
      .Hear("2026-01-06 09:00", Said("referral_redirected", "2026-01-06 09:00").By("b").To("c"))
      .Hear("2026-01-07 09:00", Said("referral_declined", "2026-01-07 09:00").By("c"))
      .Hear("2026-01-08 09:00", Said("referral_accepted", "2026-01-08 09:00").By("d"))
      .Until("2026-02-01");
  ASSERT_THAT(story.told(),
              ElementsAre("R overdue 2026-01-07 00:00", "C overdue 2026-01-08 09:00"));
  EXPECT_EQ(story.alerts()[0].accountable(), "c");
  EXPECT_EQ(story.alerts()[1].accountable(), "a");
}

TEST(Watch, ABookInMidStreamIsTakenUpByTicksAndByDate) {
  Story story;
  story.Publish("2025-01-01", OneDay(""))
      .Hear("2026-01-05 09:00", {"begun", "2026-01-05 09:00"}, 0)
      .Hear("2026-01-05 09:00", {"referral_made", "2026-01-05 09:00"}, 1)
      .Publish("2026-01-06 12:00", BookOf(Rule(R"(start { is: "begun" } stop { is: "done" }
                                          limit { allow { calendar_days: 10 } })"),
                                          "2"))
      .Hear("2026-01-06 13:00", {"begun", "2026-01-06 13:00"}, 2);
  EXPECT_EQ(story.ClockNow("2026-01-06", 0), "running from 2026-01-05 09:00 due 2026-01-07 00:00");
  EXPECT_EQ(story.ClockNow("2026-01-07", 2), "running from 2026-01-06 13:00 due 2026-01-17 00:00");
  story.Reopen();
  story.Until("2026-02-01");
  EXPECT_THAT(story.told(0), ElementsAre("R overdue 2026-01-07 00:00")) << "keeps its rule";
  EXPECT_THAT(story.told(1), IsEmpty());
  EXPECT_THAT(story.told(2), ElementsAre("R overdue 2026-01-17 00:00"));
}

TEST(Watch, ACalendarThatIsExtendedHealsAClock) {
  const std::string rule = Rule(R"(start { is: "begun" } stop { is: "done" }
                                   limit { allow { working_days: 1 } })");
  pathway::v1::Book shorter = BookOf(rule), longer = BookOf(rule, "2");
  for (pathway::v1::Calendar& calendar : *shorter.mutable_calendar()) calendar.set_to("2026-01-05");
  Story story;
  story.Publish("2025-01-01", shorter).Hear("2026-01-05 09:00", {"begun", "2026-01-05 09:00"});
  EXPECT_EQ(story.ClockNow("2026-01-06"), "no_calendar from 2026-01-05 09:00");
  story.Publish("2026-01-10", longer).Until("2026-02-01");
  EXPECT_THAT(story.told(), ElementsAre("R overdue 2026-01-10 00:00"));
}

TEST(Watch, NextDueAfterATickIsAheadOrAnswersAChange) {
  Story story;
  story.Publish("2025-01-01", OneDay(R"(level { name: "chief" offset { calendar_days: 1 } })"));
  ASSERT_TRUE(
      story.Tell(At("2026-01-20"), Story::RecordOf({"begun", "2026-01-05"}, Story::Child(0))).ok());
  EXPECT_LE(story.fold().first_due(), story.fold().reached());
  ASSERT_TRUE(story.Tick(At("2026-01-20")).ok());
  EXPECT_EQ(story.told().size(), 2u);
  EXPECT_GT(story.fold().first_due(), story.fold().reached());
}

}  // namespace
}  // namespace dolen::story
