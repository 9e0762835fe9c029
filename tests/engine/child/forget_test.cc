// What has ended leaves the picture that a shard keeps, and comes back when it is needed.
#include "engine/child/forget.h"

#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "tests/engine/child/story.h"

namespace dolen::story {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

FoldOptions Soon() {
  FoldOptions options;
  options.forgetting = {1, 1, absl::Hours(48)};
  return options;
}

class ForgetTest : public testing::Test {
 protected:
  void Publish(absl::string_view rule) { story_.Publish("2026-01-01", BookOf(Rule(rule))); }
  const ChildState& State() { return **story_.fold().Find(Story::Child(0)); }
  // Of what is left: clocks of all duties.
  size_t ClocksLeft() {
    size_t clocks = 0;
    ForEachClock(State().picture, [&](const Duty&, const Clock&) { ++clocks; });
    return clocks;
  }

  static constexpr char kPerMatter[] =
      "start { is: \"begun\" } stop { is: \"done\" } limit { allow { calendar_days: 7 } }";
  Story story_{Soon()};
};

TEST_F(ForgetTest, AMatterThatIsOverSleepsAndItsAlertsArePutAway) {
  Publish(kPerMatter);
  story_.Hear("2026-01-05", Said("begun", "2026-01-05 09:00").In("m"));
  story_.Hear("2026-01-20", Said("done", "2026-01-20 09:00").In("m"));
  EXPECT_EQ(ClocksLeft(), 1);
  story_.Hear("2026-02-10", Said("begun", "2026-02-10 09:00").In("n"));
  EXPECT_EQ(ClocksLeft(), 1) << "that of n";
  EXPECT_THAT(State().picture.matters, SizeIs(1));
  EXPECT_THAT(State().picture.asleep, SizeIs(1));
  EXPECT_THAT(State().alerts, IsEmpty());
  EXPECT_EQ(State().alert_pages, 1);
  EXPECT_THAT(*story_.fold().AlertsOf(Story::Child(0)), SizeIs(1));
  EXPECT_THAT(story_.ClocksNow("2026-02-10 10:00"), SizeIs(2)) << "whole when it is asked for";
  EXPECT_THAT(story_.told(),
              ElementsAre("R overdue 2026-01-13 00:00", "C overdue 2026-01-20 09:00"));
}

// Whatever comes late makes the picture be drawn again, and what was said goes on from where it
// was.
TEST_F(ForgetTest, LateTruthReachesAnAlertThatWasPutAway) {
  Publish(kPerMatter);
  story_.Hear("2026-01-05", Said("begun", "2026-01-05 09:00").In("m"));
  story_.Hear("2026-01-20", Said("done", "2026-01-20 09:00").In("m"));
  story_.Hear("2026-02-10", Said("begun", "2026-02-10 09:00").In("n"));
  ASSERT_EQ(State().alert_pages, 1);
  story_.Reopen();
  story_.Hear("2026-02-11", Said("done", "2026-01-12 09:00").In("m"));
  EXPECT_THAT(story_.told(), ElementsAre("R overdue 2026-01-13 00:00", "C overdue 2026-01-20 09:00",
                                         "W overdue 2026-02-11 00:00"));
  EXPECT_EQ(story_.alerts().back().number(), 3) << "of the same alert";
  EXPECT_THAT(*story_.fold().AlertsOf(Story::Child(0)), SizeIs(1));
  story_.Hear("2026-02-12", Said::Voiding("begun@2026-01-05 09:00"));
  EXPECT_THAT(story_.told(), SizeIs(3)) << "withdrawn already";
  EXPECT_EQ(State().alert_pages, 0) << "where something was voided all stays";
}

TEST_F(ForgetTest, AnEventOfASleepingMatterWakesIt) {
  Publish(absl::StrCat("opens: AGAIN ", kPerMatter));
  story_.Hear("2026-01-05", Said("begun", "2026-01-05 09:00").In("m"));
  story_.Hear("2026-01-07", Said("done", "2026-01-07 09:00").In("m"));
  story_.Hear("2026-02-10", Said("begun", "2026-02-10 09:00").In("n"));
  ASSERT_THAT(State().picture.asleep, SizeIs(1));
  story_.Hear("2026-03-10", Said("begun", "2026-03-10 09:00").In("m"));
  EXPECT_THAT(State().picture.asleep, IsEmpty());
  EXPECT_THAT(story_.ClocksNow("2026-03-10 10:00"), SizeIs(3));
  story_.Until("2026-03-20");
  EXPECT_EQ(story_.told().back(), "R overdue 2026-03-18 00:00");
}

TEST_F(ForgetTest, AMatterThatContinuesASleepingOneWakesItAndThenBothStayAwake) {
  Publish(absl::StrCat("per: \"thread\" opens: AGAIN ", kPerMatter));
  story_.Hear("2026-01-05", Said("begun", "2026-01-05 09:00").In("m"));
  story_.Hear("2026-01-07", Said("done", "2026-01-07 09:00").In("m"));
  story_.Hear("2026-02-10", Said("seen", "2026-02-10 09:00").In("n"));
  ASSERT_THAT(State().picture.asleep, SizeIs(1));
  story_.Hear("2026-03-10", Said("begun", "2026-03-10 09:00").In("o").Continues("m"));
  story_.Hear("2026-03-11", Said("done", "2026-03-11 09:00").In("o"));
  story_.Hear("2026-06-10", Said("seen", "2026-06-10 09:00").In("n"));
  EXPECT_THAT(State().picture.asleep, IsEmpty());
  EXPECT_THAT(story_.ClocksNow("2026-06-10 10:00"), SizeIs(2));
}

// Of a matter that goes on and on each clock leaves as it ends.
TEST_F(ForgetTest, ClocksOfARuleThatOpensAgainLeaveOneByOne) {
  Publish(
      "opens: AGAIN start { is: \"met\" } stop { is: \"met\" } "
      "limit { allow { calendar_days: 7 } }");
  for (int i = 0; i < 40; ++i) {
    const std::string at = Text(At("2026-01-05 09:00") + i * absl::Hours(24 * 6));
    story_.Hear(at, Said("met", at));
    EXPECT_LE(ClocksLeft(), 3);
  }
  EXPECT_THAT(story_.ClocksNow("2026-08-28 09:00"), SizeIs(20));
  EXPECT_THAT(story_.told(), IsEmpty());
}

// Events of one occasion are one, under whatever name: a clock that left would start once more.
TEST_F(ForgetTest, ADutyThatSawAnOccasionKeepsItsClocks) {
  Publish(
      "opens: EACH start { is: \"begun\" or { is: \"opened\" } } stop { is: \"done\" } "
      "limit { allow { calendar_days: 7 } }");
  story_.Hear("2026-01-05", Said("begun", "2026-01-05 09:00").Occasion("o"));
  story_.Hear("2026-01-07", Said("done", "2026-01-07 09:00"));
  story_.Hear("2026-02-10", Said("opened", "2026-02-10 09:00").Occasion("o"));
  EXPECT_THAT(story_.ClocksNow("2026-02-10 10:00"), SizeIs(1));
}

// Under the new version the duty could open a clock of the same identity, which the older one
// holds.
TEST_F(ForgetTest, AClockStaysWhereAnotherVersionCouldOpenItAgain) {
  Publish(
      "per: \"child\" start { is: \"begun\" } stop { is: \"done\" } "
      "limit { allow { calendar_days: 7 } }");
  story_.Hear("2026-01-05", Said("begun", "2026-01-05 09:00"));
  story_.Hear("2026-01-20", Said("done", "2026-01-20 09:00"));
  story_.Publish("2026-02-01", BookOf(Rule("per: \"child\" start { is: \"opened\" } "
                                           "stop { is: \"done\" } "
                                           "limit { allow { calendar_days: 7 } }"),
                                      "2"));
  story_.Hear("2026-02-10", Said("done", "2026-02-10 09:00"));
  story_.Hear("2026-03-01", Said("opened", "2026-03-01 09:00"));
  story_.Until("2026-04-01");
  EXPECT_THAT(story_.ClocksNow("2026-04-01"), SizeIs(1));
  EXPECT_THAT(story_.told(), SizeIs(2));
}

// What a clock's start was is known for two days more, and read off again with the next event.
TEST_F(ForgetTest, AClockStaysWhileItsStartCouldBeReadAgain) {
  Publish(
      "opens: EACH start { is: \"begun\" } stop { is: \"done\" } "
      "limit { allow { calendar_days: 7 } }");
  story_.Hear("2026-01-05 09:00", Said("begun", "2026-01-05 09:00"));
  story_.Hear("2026-01-05 12:00", Said("done", "2026-01-05 12:00"));
  EXPECT_EQ(ClocksLeft(), 1);
  story_.Hear("2026-01-09 09:00", Said("begun", "2026-01-09 09:00"));
  EXPECT_EQ(ClocksLeft(), 1) << "the second";
  EXPECT_THAT(story_.ClocksNow("2026-01-09 10:00"), SizeIs(2));
}

TEST_F(ForgetTest, WhatIsStillOpenStaysHoweverOldItIs) {
  Publish(kPerMatter);
  story_.Hear("2026-01-05", Said("begun", "2026-01-05 09:00").In("m"));
  story_.Hear("2026-12-10", Said("seen", "2026-12-10 09:00").In("n"));
  EXPECT_THAT(State().picture.asleep, IsEmpty());
  EXPECT_EQ(ClocksLeft(), 1);
  EXPECT_THAT(State().alerts, SizeIs(1));
}

TEST_F(ForgetTest, SmallPicturesStayWhole) {
  Story story;  // as a shard does it
  story.Publish("2026-01-01", BookOf(Rule(kPerMatter)));
  for (int i = 0; i < 20; ++i) {
    const std::string at = Text(At("2026-01-05 09:00") + i * absl::Hours(24 * 3));
    story.Hear(at, Said(i % 2 == 0 ? "begun" : "done", at).In(absl::StrCat("m", i / 2)));
  }
  EXPECT_THAT((*story.fold().Find(Story::Child(0)))->picture.asleep, IsEmpty());
  for (int i = 20; i < 160; ++i) {
    const std::string at = Text(At("2026-01-05 09:00") + i * absl::Hours(24 * 3));
    story.Hear(at, Said(i % 2 == 0 ? "begun" : "done", at).In(absl::StrCat("m", i / 2)));
  }
  EXPECT_GE((*story.fold().Find(Story::Child(0)))->picture.asleep.size(), 32);
  EXPECT_THAT(story.ClocksNow("2027-05-01 09:00"), SizeIs(80));
}

}  // namespace
}  // namespace dolen::story
