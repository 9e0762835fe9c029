// Telling again: with all events of a child it is what the fold said.
#include "engine/child/retell.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/base/time.h"
#include "tests/engine/child/story.h"

namespace dolen::story {
namespace {

constexpr char kRule[] = R"(
  accountable: "asked" start { is: "referral_made" } stop { is: "seen" }
  limit { allow { hours: 8 } }
  level { name: "due_soon" offset { hours: -1 } }
  level { name: "overdue" ack_expires { hours: 4 } }
  level { name: "chief" offset { hours: 6 } })";

// What the fold said of the first child, and what is told again from its events and `done`.
void ExpectToldAgain(Story& story, const std::vector<DoneAt>& done = {}) {
  const ChildKey child = Story::Child(0);
  const absl::StatusOr<std::vector<Event>> events = story.fold().EventsOf(child);
  ASSERT_TRUE(events.ok());
  const absl::StatusOr<Retold> told = Retell(child, *events, done, story.fold().books(),
                                             story.fold().backfills(), story.fold().reached());
  ASSERT_TRUE(told.ok()) << told.status();
  const absl::StatusOr<Alerts> said = story.fold().AlertsOf(child);
  ASSERT_TRUE(said.ok());
  EXPECT_EQ(told->alerts, *said);
  std::vector<std::string> lines;
  for (const alert::v1::Alert& change : told->changes) {
    lines.push_back(absl::StrCat(std::string(1, "?RAKECWSGV"[change.state()]), " ", change.level(),
                                 " ", Text(FromTimestamp(change.at()))));
  }
  EXPECT_EQ(lines, story.told());
}

TEST(Retell, ADeadlineThatPassesAndIsMetLate) {
  Story story;
  story.Publish("2026-01-01 08:00", BookOf(absl::StrCat("rule { id: \"R\" ", kRule, " }")))
      .Hear("2026-01-05 09:00", Said("referral_made", "2026-01-05 09:00").To("b"))
      .Until("2026-01-06 09:00")
      .Hear("2026-01-06 10:00", Said("seen", "2026-01-06 09:30").By("b"))
      .Until("2026-01-07 09:00");
  EXPECT_EQ(story.told().size(), 6u);
  ExpectToldAgain(story);
}

TEST(Retell, AStopThatCameLateTakesBackWhatWasSaid) {
  Story story;
  story.Publish("2026-01-01 08:00", BookOf(absl::StrCat("rule { id: \"R\" ", kRule, " }")))
      .Hear("2026-01-05 09:00", Said("referral_made", "2026-01-05 09:00").To("b"))
      .Until("2026-01-05 20:00")
      .Hear("2026-01-05 20:00", Said("seen", "2026-01-05 12:00").By("b"))
      .Until("2026-01-07 09:00");
  ExpectToldAgain(story);
}

TEST(Retell, WhatPeopleDidHoldsBackAndRunsOut) {
  Story story;
  story.Publish("2026-01-01 08:00", BookOf(absl::StrCat("rule { id: \"R\" ", kRule, " }")))
      .Hear("2026-01-05 09:00", Said("referral_made", "2026-01-05 09:00").To("b"))
      .Until("2026-01-05 18:00");
  const alert::v1::Action action = story.ActionOn("overdue", alert::v1::Action::KIND_ACKNOWLEDGED);
  story.Act("2026-01-05 18:30", action).Until("2026-01-06 09:00");
  ExpectToldAgain(story, {{At("2026-01-05 18:30"), action}});
}

TEST(Retell, WithoutAStopItIsAsIfItHadNotCome) {
  Story with, without;
  for (Story* story : {&with, &without}) {
    story->Publish("2026-01-01 08:00", BookOf(absl::StrCat("rule { id: \"R\" ", kRule, " }")))
        .Hear("2026-01-05 09:00", Said("referral_made", "2026-01-05 09:00").To("b"));
  }
  with.Hear("2026-01-05 10:00", Said("seen", "2026-01-05 10:00").By("b"));
  for (Story* story : {&with, &without}) {
    story->Until("2026-01-07 09:00").HearFrom("2026-01-07 09:00", "a");
  }
  std::vector<Event> events = *with.fold().EventsOf(Story::Child(0));
  events.pop_back();
  const absl::StatusOr<Retold> told = Retell(Story::Child(0), events, {}, with.fold().books(),
                                             with.fold().backfills(), with.fold().reached());
  ASSERT_TRUE(told.ok());
  EXPECT_EQ(told->alerts, *without.fold().AlertsOf(Story::Child(0)));
}

}  // namespace
}  // namespace dolen::story
