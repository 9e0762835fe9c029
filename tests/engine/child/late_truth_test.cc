// What is said when the truth comes late, and where the time went: with whom (action delay), paused
// by whom, and between what happened and the record of it (reporting delay). One rule: begun on
// Monday 5 January at 09:00, to be done within seven days, so overdue from 13 January at 00:00.
#include <gmock/gmock.h>

#include <map>

#include "engine/child/minutes.h"
#include "tests/engine/child/story.h"

namespace dolen::story {
namespace {

using testing::ElementsAre;

class LateTruth : public testing::Test {
 protected:
  LateTruth() {
    story_.Publish("2025-01-01", BookOf(Rule(R"(start { is: "begun" } stop { is: "done" }
        limit { allow { calendar_days: 7 } }
        pause { begin { is: "clock_paused" } end { is: "clock_resumed" } owner: "family" }
        exception_by: "role:senior_manager")")));
    story_.Hear("2026-01-05 09:00", {"begun", "2026-01-05 09:00"});
  }
  LateTruth& Hear(absl::string_view recorded, const Said& said) {
    story_.Hear(recorded, said);
    return *this;
  }
  void HearWithoutTick(absl::string_view recorded, const Said& said) {
    ASSERT_TRUE(story_.Tell(At(recorded), Story::RecordOf(said, Story::Child(0))).ok());
  }
  std::vector<std::string> Told() {
    story_.Until("2026-02-01");
    return story_.told();
  }
  std::string State() {
    const std::string clock = story_.ClockNow("2026-02-01");
    return clock.substr(0, clock.find(' '));
  }
  // Hours of the clock's time by whose they were.
  std::map<std::string, int64_t> Hours() {
    std::map<std::string, int64_t> hours;
    const Picture& picture = story_.PictureOf();
    ForEachClock(picture, [&](const Duty& duty, const Clock& clock) {
      for (const auto& [who, time] :
           MinutesOf(SharesOf(picture, duty, clock, story_.fold().books(), At("2026-02-01")))) {
        hours[who] = time / absl::Hours(1);
      }
    });
    return hours;
  }
  // Hours from when each event happened to when it was recorded, by what it is.
  std::map<std::string, int64_t> ReportingDelay() {
    std::map<std::string, int64_t> hours;
    const std::vector<Event> events = *story_.fold().EventsOf(Story::Child(0));
    for (const Event& event : events) {
      if (event.recorded > event.Occurred()) {
        hours[std::string(EventName(event.open))] =
            (event.recorded - event.Occurred()) / absl::Hours(1);
      }
    }
    return hours;
  }
  static Said Exception(absl::string_view at) {
    return Said("exception_authorised", at).Role("senior_manager").Excusing("R");
  }

  using Of = std::map<std::string, int64_t>;
  Story story_;
};

TEST_F(LateTruth, AStopInTimeThatIsRecordedLateIsWithdrawnAndTheDelayIsOneOfReporting) {
  Hear("2026-01-14 09:00", {"done", "2026-01-12 09:00"});
  EXPECT_THAT(Told(), ElementsAre("R overdue 2026-01-13 00:00", "W overdue 2026-01-14 09:00"));
  EXPECT_EQ(State(), "in_time");
  EXPECT_EQ(Hours(), (Of{{"a", 168}}));
  EXPECT_EQ(ReportingDelay(), (Of{{"done", 48}}));
}

TEST_F(LateTruth, AStopThatCameLateClearsAndTheDelayIsOneOfAction) {
  Hear("2026-01-14 09:00", {"done", "2026-01-14 09:00"});
  EXPECT_THAT(Told(), ElementsAre("R overdue 2026-01-13 00:00", "C overdue 2026-01-14 09:00"));
  EXPECT_EQ(State(), "late");
  EXPECT_EQ(Hours(), (Of{{"a", 216}}));
  EXPECT_EQ(ReportingDelay(), Of());
}

TEST_F(LateTruth, AStartThatACorrectionMovesWithdraws) {
  Hear("2026-01-14 09:00", Said("begun", "2026-01-09 09:00").Replacing("begun@2026-01-05 09:00"));
  Hear("2026-01-15 09:00", {"done", "2026-01-15 09:00"});
  EXPECT_THAT(Told(), ElementsAre("R overdue 2026-01-13 00:00", "W overdue 2026-01-14 09:00"));
  EXPECT_EQ(State(), "in_time");
  EXPECT_EQ(Hours(), (Of{{"a", 144}})) << "from the start as it is known now";
}

// 12 and 13 January end in the pause, so the last day is the 14th.
TEST_F(LateTruth, APauseBeforeTheDeadlineThatIsReportedAfterItWithdraws) {
  Hear("2026-01-14 09:00", {"clock_paused", "2026-01-12 09:00"});
  Hear("2026-01-14 12:00", {"clock_resumed", "2026-01-14 12:00"});
  Hear("2026-01-14 18:00", {"done", "2026-01-14 18:00"});
  EXPECT_THAT(Told(), ElementsAre("R overdue 2026-01-13 00:00", "W overdue 2026-01-14 09:00"));
  EXPECT_EQ(State(), "in_time");
  EXPECT_EQ(Hours(), (Of{{"a", 174}, {"family", 51}}));
  EXPECT_EQ(ReportingDelay(), (Of{{"clock_paused", 48}}));
}

TEST_F(LateTruth, APauseAfterTheDeadlineMovesNothingAndItsMinutesAreItsOwners) {
  Hear("2026-01-14 09:00", {"clock_paused", "2026-01-14 09:00"});
  Hear("2026-01-15 09:00", {"clock_resumed", "2026-01-15 09:00"});
  Hear("2026-01-16 09:00", {"done", "2026-01-16 09:00"});
  EXPECT_THAT(Told(), ElementsAre("R overdue 2026-01-13 00:00", "C overdue 2026-01-16 09:00"));
  EXPECT_EQ(State(), "late");
  EXPECT_EQ(Hours(), (Of{{"a", 240}, {"family", 24}}));
}

TEST_F(LateTruth, AnExceptionBeforeTheDeadlineThatIsReportedAfterItWithdraws) {
  Hear("2026-01-14 09:00", Exception("2026-01-12 09:00"));
  Hear("2026-01-20 09:00", {"done", "2026-01-20 09:00"});
  EXPECT_THAT(Told(), ElementsAre("R overdue 2026-01-13 00:00", "W overdue 2026-01-14 09:00"));
  EXPECT_EQ(State(), "excused") << "its own state, apart from late";
  EXPECT_EQ(Hours(), (Of{{"a", 360}}));
  EXPECT_EQ(ReportingDelay(), (Of{{"exception_authorised", 48}}));
}

// It excuses nothing; what was raised stands until it is done.
TEST_F(LateTruth, AnExceptionAfterTheDeadlineIsNone) {
  Hear("2026-01-14 09:00", Exception("2026-01-14 09:00"));
  Hear("2026-01-20 09:00", {"done", "2026-01-20 09:00"});
  EXPECT_THAT(Told(), ElementsAre("R overdue 2026-01-13 00:00", "C overdue 2026-01-20 09:00"));
  EXPECT_EQ(State(), "late");
  EXPECT_EQ(Hours(), (Of{{"a", 360}}));
}

TEST_F(LateTruth, AMatterThatIsVoidedWithdrawsAndHasNoMinutes) {
  Hear("2026-01-14 09:00", Said::Voiding("begun@2026-01-05 09:00"));
  EXPECT_THAT(Told(), ElementsAre("R overdue 2026-01-13 00:00", "W overdue 2026-01-14 09:00"));
  EXPECT_EQ(Hours(), Of());
}

TEST_F(LateTruth, ABreachWhoseEndIsKnownBeforeATickPagesNobodyAndIsCounted) {
  story_.Until("2026-01-20");
  HearWithoutTick("2026-01-20 09:00", Said("begun", "2026-01-06 09:00").In("other"));
  HearWithoutTick("2026-01-20 09:00", Said("done", "2026-01-19 09:00").In("other").Id("too late"));
  EXPECT_EQ(story_.fold().untold(), 1);
  Hear("2026-01-21 09:00", {"done", "2026-01-20 09:00"});  // of this one people were told
  EXPECT_EQ(story_.fold().untold(), 1);
  Hear("2026-01-22 09:00", Said::Voiding("too late"));
  EXPECT_EQ(story_.fold().untold(), 0);
  Hear("2026-01-23 09:00", Said("done", "2026-01-22 10:00").In("other"));
  EXPECT_EQ(story_.fold().untold(), 0) << "the tick between told of it";
  EXPECT_THAT(Told(), ElementsAre("R overdue 2026-01-13 00:00", "C overdue 2026-01-21 09:00",
                                  "R overdue 2026-01-22 09:00", "C overdue 2026-01-23 09:00"));
}

TEST_F(LateTruth, WhatABackfillBringsIsNoBreachThatSomebodyShouldHaveBeenToldOf) {
  story_.BeginBackfill("2026-01-20 09:00", "old");
  Said begun = Said("begun", "2026-01-06 09:00").In("other");
  begun.backfill = "old";
  HearWithoutTick("2026-01-20 09:00", begun);
  HearWithoutTick("2026-01-20 09:00", Said("done", "2026-01-19 09:00").In("other"));
  story_.EndBackfill("2026-01-20 10:00", "old");
  EXPECT_EQ(story_.fold().untold(), 0);
}

}  // namespace
}  // namespace dolen::story
