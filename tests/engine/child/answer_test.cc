// What people say to alerts, as stories. A step is due on Monday 5 January 2026 at 12:00; its
// levels are a day before, at due, a day after and two days after. An acknowledgement of "overdue"
// holds for ten hours, of "managers" until the end of the next working day.
#include "engine/child/answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "engine/base/time.h"
#include "engine/child/told.h"
#include "tests/engine/child/story.h"

namespace dolen::story {
namespace {

using alert::v1::Action;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr absl::string_view kStep =
    R"(rule { id: "R" accountable: "agency:a" start { is: "begun" } stop { is: "done" }
    limit { allow { hours: 24 } }
    level { name: "due_soon" offset { hours: -12 } audience: "starter" }
    level { name: "overdue" audience: "starter" ack_expires { hours: 10 } }
    level { name: "managers" offset { hours: 24 } audience: "starter/managers"
            ack_expires { working_days: 1 } }
    level { name: "other" offset { hours: 48 } audience: "asked" audience: "kind:police/duty" } })";

class Answers : public testing::Test {
 protected:
  Answers() {
    story_.Publish("2025-01-01", BookOf(kStep));
    story_.Hear("2026-01-04 12:00", {"begun", "2026-01-04 12:00"});
  }
  // What is said from here on.
  std::vector<std::string> SaidSince() {
    std::vector<std::string> all = story_.told();
    const size_t from = std::exchange(heard_, all.size());
    return {all.begin() + static_cast<ptrdiff_t>(from), all.end()};
  }
  const alert::v1::Alert& last() const { return story_.alerts().back(); }

  Story story_;

 private:
  size_t heard_ = 0;
};

TEST_F(Answers, WithoutOneEveryLevelIsTold) {
  story_.Until("2026-01-09");
  EXPECT_THAT(SaidSince(), ElementsAre("R due_soon 2026-01-05 00:00", "C due_soon 2026-01-05 12:00",
                                       "R overdue 2026-01-05 12:00", "E managers 2026-01-06 12:00",
                                       "E other 2026-01-07 12:00"));
}

TEST_F(Answers, AnAcknowledgementHoldsBackLaterLevelsAndRunsOut) {
  story_.Until("2026-01-06 11:00");
  SaidSince();
  story_.Act("2026-01-06 11:00", "overdue", Action::KIND_ACKNOWLEDGED).Until("2026-01-06 20:59");
  EXPECT_THAT(SaidSince(), ElementsAre("K overdue 2026-01-06 11:00"));
  EXPECT_EQ(Text(FromTimestamp(last().answer().until())), "2026-01-06 21:00");
  story_.Until("2026-01-06 21:00");
  EXPECT_THAT(SaidSince(),
              ElementsAre("E managers 2026-01-06 21:00", "R overdue 2026-01-06 21:00"));
  EXPECT_FALSE(last().has_answer());
}

TEST_F(Answers, TheClockGoesOnAndAStopEndsTheAcknowledgedAlert) {
  story_.Until("2026-01-05 13:00");
  story_.Act("2026-01-05 13:00", "overdue", Action::KIND_ACKNOWLEDGED);
  SaidSince();
  story_.Hear("2026-01-05 14:00", {"done", "2026-01-05 14:00"}).Until("2026-01-20");
  EXPECT_THAT(SaidSince(), ElementsAre("C overdue 2026-01-05 14:00"));
}

TEST_F(Answers, AnAcknowledgementIsSaidToAllOpenLevelsAndEachRunsOutByItsOwn) {
  story_.Until("2026-01-06 13:00");
  SaidSince();
  story_.Act("2026-01-06 13:00", "managers", Action::KIND_ACKNOWLEDGED).Until("2026-01-07 23:00");
  EXPECT_THAT(SaidSince(), ElementsAre("K managers 2026-01-06 13:00", "K overdue 2026-01-06 13:00",
                                       "R overdue 2026-01-06 23:00"))
      << "the other agency waits for as long as somebody sees to it";
  story_.Until("2026-01-08 01:00");
  EXPECT_THAT(SaidSince(), ElementsAre("E managers 2026-01-08 00:00", "E other 2026-01-08 00:00"));
}

TEST_F(Answers, ThatDueIsNearMayBeAcknowledgedButNotThatItIsOver) {
  story_.Until("2026-01-05 01:00");
  story_.Act("2026-01-05 01:00", "due_soon", Action::KIND_ACKNOWLEDGED).Until("2026-01-06 13:00");
  EXPECT_THAT(SaidSince(), ElementsAre("R due_soon 2026-01-05 00:00", "K due_soon 2026-01-05 01:00",
                                       "C due_soon 2026-01-05 12:00", "R overdue 2026-01-05 12:00",
                                       "E managers 2026-01-06 12:00"));
}

TEST_F(Answers, ASnoozedAlertComesBackWhenItWasAskedTo) {
  story_.Until("2026-01-05 13:00");
  SaidSince();
  story_.Act("2026-01-05 13:00", "overdue", Action::KIND_SNOOZED, "2026-01-07 13:00")
      .Until("2026-01-07 12:59");
  EXPECT_THAT(SaidSince(), ElementsAre("S overdue 2026-01-05 13:00"));
  story_.Until("2026-01-07 13:00");
  EXPECT_THAT(SaidSince(), ElementsAre("E managers 2026-01-07 13:00", "E other 2026-01-07 13:00",
                                       "R overdue 2026-01-07 13:00"));
}

TEST_F(Answers, ASnoozeThatHasRunOutWhenItArrivesSaysNothing) {
  story_.Until("2026-01-05 13:00");
  SaidSince();
  story_.Act("2026-01-05 15:00", "overdue", Action::KIND_SNOOZED, "2026-01-05 14:00");
  EXPECT_THAT(SaidSince(), IsEmpty());
}

TEST_F(Answers, WhoeverItIsGivenToIsToldAndNothingWaitsForThem) {
  story_.Until("2026-01-05 13:00");
  story_.Act("2026-01-05 13:00", "overdue", Action::KIND_ACKNOWLEDGED);
  SaidSince();
  story_.Act("2026-01-05 14:00", "overdue", Action::KIND_ASSIGNED, "", "gp/duty");
  EXPECT_EQ(last().assigned_to(), "gp/duty");
  EXPECT_FALSE(last().has_answer()) << "they have not seen it yet";
  story_.Until("2026-01-06 12:00");
  EXPECT_THAT(SaidSince(),
              ElementsAre("G overdue 2026-01-05 14:00", "E managers 2026-01-06 12:00"));
}

TEST_F(Answers, WhatSomebodyHoldsToBeSettledComesBackWhereTheEvidenceDoesNot) {
  story_.Until("2026-01-05 13:00");
  SaidSince();
  story_.Act("2026-01-05 13:00", "overdue", Action::KIND_RESOLVED).Until("2026-01-05 23:00");
  EXPECT_THAT(SaidSince(), ElementsAre("V overdue 2026-01-05 13:00", "R overdue 2026-01-05 23:00"));
}

TEST_F(Answers, AnAlertThatBecomesTrueAgainIsNobodysYet) {
  story_.Until("2026-01-05 13:00");
  story_.Act("2026-01-05 13:00", "overdue", Action::KIND_ASSIGNED, "", "gp");
  story_.Act("2026-01-05 13:10", "overdue", Action::KIND_ACKNOWLEDGED);
  story_.Hear("2026-01-05 14:00", Said("done", "2026-01-05 10:00").Id("done"));
  SaidSince();
  story_.Hear("2026-01-05 15:00", Said::Voiding("done")).Until("2026-01-05 15:00");
  EXPECT_THAT(SaidSince(), ElementsAre("R overdue 2026-01-05 15:00"));
  EXPECT_FALSE(last().has_answer());
  EXPECT_EQ(last().assigned_to(), "");
}

TEST_F(Answers, TheSameActionTwiceIsOne) {
  story_.Until("2026-01-05 13:00");
  SaidSince();
  Action action = story_.ActionOn("overdue", Action::KIND_ACKNOWLEDGED);
  story_.Act("2026-01-05 13:00", action).Act("2026-01-05 14:00", action);
  EXPECT_THAT(SaidSince(), ElementsAre("K overdue 2026-01-05 13:00"));
  story_.Reopen();
  story_.Act("2026-01-05 15:00", action);
  EXPECT_THAT(SaidSince(), IsEmpty());
  EXPECT_EQ(story_.fold().counts().actions(), 3);
}

// A book that was published meanwhile made everybody due; an action before the tick must not undo
// that.
TEST_F(Answers, AnActionDoesNotHideWhatANewBookMakesTrue) {
  story_.Until("2026-01-05 13:00");
  pathway::v1::Book book =
      BookOf(absl::StrCat(kStep, R"(rule { id: "Q" accountable: "agency:a" start { is: "begun" }
                       limit { allow { hours: 1 } } level { name: "overdue" } })"));
  book.set_version("2");
  book.set_id("another");
  SaidSince();
  story_.Publish("2026-01-05 14:00", book);
  story_.Act("2026-01-05 14:00", "overdue", Action::KIND_ACKNOWLEDGED).Until("2026-01-05 14:00");
  EXPECT_THAT(SaidSince(), ElementsAre("K overdue 2026-01-05 14:00", "R overdue 2026-01-05 14:00"));
}

TEST_F(Answers, AnAlertSaysForWhomItIsAndWhatItIsAbout) {
  Said family("met", "2026-01-04 13:00");
  family.open.set_family("the Joneses of Gwynfryn");
  story_.Hear("2026-01-04 13:00", family);
  story_.Until("2026-01-07 13:00");
  EXPECT_THAT(last().to(), ElementsAre("asked", "a/duty"))
      << "nobody was asked, so the party stands as the book names it";
  EXPECT_EQ(last().about(), alert::v1::ABOUT_DEADLINE);
  EXPECT_EQ(last().household(), HouseholdOf("the Joneses of Gwynfryn"));
  EXPECT_EQ(story_.alerts().front().to(0), "a");
  EXPECT_EQ(story_.alerts()[3].to(0), "a/managers");
}

}  // namespace
}  // namespace dolen::story
