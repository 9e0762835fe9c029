// Which events belong to one clock, by the key of its rule.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/engine/child/story.h"

namespace dolen {
namespace {

using story::Said;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

// The names of all clocks and what they are in the end.
std::vector<std::string> Clocks(const std::vector<Said>& said, const Books& books) {
  const Picture picture = story::PictureOf(said, books);
  std::vector<std::string> words;
  ForEachClock(picture, [&](const Duty& duty, const Clock& clock) {
    words.push_back(absl::StrCat(ClockName(picture, duty, clock, books), " ",
                                 StateName(StateAt(clock, story::At("2026-04-01")))));
  });
  return words;
}

Said Placed(absl::string_view at, absl::string_view placement, absl::string_view round = "") {
  Said said =
      Said("placed", at).Id(absl::StrCat(placement, "@", round)).Code("placement", placement);
  return round.empty() ? said : std::move(said).Code("round", round);
}

std::string RulePer(absl::string_view per) {
  return story::Rule(absl::StrCat(
      R"(start { is: "placed" } stop { is: "visit" } limit { allow { weeks: 1 } } )", per));
}

TEST(Key, AnEventThatLacksAKeyFieldCountsForEveryKeyThatAgrees) {
  const Books books = story::BooksOf(RulePer("per: 'placement' per: 'round'"));
  EXPECT_THAT(Clocks({Placed("2026-03-02 09:00", "p", "1"), Placed("2026-03-02 09:00", "q", "1"),
                      Said("visit", "2026-03-03 09:00").Code("round", "1").Code("placement", "p")},
                     books),
              UnorderedElementsAre("R/p/1 in_time", "R/q/1 overdue"));
  EXPECT_THAT(Clocks({Placed("2026-03-02 09:00", "p", "1"), Placed("2026-03-02 09:00", "q", "1"),
                      Placed("2026-03-02 09:00", "q", "2"),
                      Said("visit", "2026-03-03 09:00").Code("round", "1")},
                     books),
              UnorderedElementsAre("R/p/1 in_time", "R/q/1 in_time", "R/q/2 overdue"));
}

TEST(Key, AnEventWithoutKeyMakesNone) {
  const Books books = story::BooksOf(RulePer("per: 'placement'"));
  EXPECT_THAT(
      Clocks({Said("placed", "2026-03-02 09:00"), Said("visit", "2026-03-03 09:00")}, books),
      testing::IsEmpty());
}

TEST(Key, AValueIsItselfWhateverIsWrittenInIt) {
  const Books both = story::BooksOf(RulePer("per: 'placement' per: 'round'"));
  // Joined without care both were "a/b/c".
  EXPECT_THAT(
      Clocks({Placed("2026-03-02 09:00", "a/b", "c"), Placed("2026-03-02 09:00", "a", "b/c"),
              Said("visit", "2026-03-03 09:00").Code("placement", "a")},
             both),
      UnorderedElementsAre("R/a%2Fb/c overdue", "R/a/b%2Fc in_time"));
  const Books one = story::BooksOf(RulePer("per: 'placement'"));
  EXPECT_THAT(Clocks({Placed("2026-03-02 09:00", "a/b"), Said("visit", "2026-03-03 09:00")}, one),
              ElementsAre("R/a%2Fb in_time"));
  EXPECT_THAT(Clocks({Placed("2026-03-02 09:00", "*"), Placed("2026-03-02 09:00", "%2A"),
                      Said("visit", "2026-03-03 09:00").Code("placement", "*")},
                     one),
              UnorderedElementsAre("R/%2A in_time", "R/%252A overdue"));
}

TEST(Key, OfAPartOfTheResponsibilityWhateverIsWrittenInIt) {
  const Books books = story::BooksOf(
      R"(rule { id: "R" per: "part" start { holding: UNHELD } stop { holding: HELD }
                accountable: "holder" limit { allow { hours: 0 } } } )");
  Said opened = Said("episode_opened", "2026-03-02 09:00").By("b").In("E");
  opened.open.set_part("a/b");
  EXPECT_THAT(Clocks({opened, Said("episode_closed", "2026-03-03 09:00").By("b").In("E")}, books),
              ElementsAre("R/a%2Fb overdue"));
}

TEST(Key, MattersThatContinueOneAnotherAreOneThread) {
  const Books books = story::BooksOf(story::Rule(
      R"(per: "thread" start { is: "referral_made" } stop { is: "appointment_attended" })"));
  const auto referral = [](absl::string_view at, absl::string_view matter) {
    return Said("referral_made", at).To("b").In(matter);
  };
  EXPECT_THAT(
      Clocks({referral("2026-01-05 09:00", "A"), referral("2026-02-04 09:00", "B").Continues("A"),
              referral("2026-03-04 09:00", "C").Continues("B"),
              Said("appointment_attended", "2026-03-13 09:00").In("C"),
              referral("2026-03-05 09:00", "D")},
             books),
      UnorderedElementsAre("R/a:A done", "R/a:D standing"));
  // Named by where it began, even if nothing of that arrived; a circle by its smallest name.
  EXPECT_THAT(Clocks({referral("2026-02-04 09:00", "B").Continues("A")}, books),
              ElementsAre("R/a:A standing"));
  EXPECT_THAT(Clocks({referral("2026-02-04 09:00", "B").Continues("C"),
                      referral("2026-02-05 09:00", "C").Continues("B")},
                     books),
              ElementsAre("R/a:B standing"));
  // The first word about what a matter continues counts.
  EXPECT_THAT(Clocks({referral("2026-02-04 09:00", "B").Continues("A"),
                      Said("waitlisted", "2026-02-05 09:00").In("B").Continues("X")},
                     books),
              ElementsAre("R/a:A standing"));
}

// A matter that turned out to continue another had two keys: the events before that stayed behind.
TEST(Key, WhatAMatterContinuesCountsForItsEarlierEventsToo) {
  const Books books = story::BooksOf(story::Rule(
      R"(per: "thread" start { is: "referral_made" } stop { is: "appointment_attended" })"));
  EXPECT_THAT(Clocks({Said("referral_made", "2026-01-05 09:00").To("b").In("A"),
                      Said("referral_made", "2026-02-04 09:00").To("b").In("B"),
                      Said("waitlisted", "2026-02-05 09:00").In("B").Continues("A"),
                      Said("appointment_attended", "2026-03-13 09:00").In("B")},
                     books),
              ElementsAre("R/a:A done"));
}

TEST(Key, OneOccasionCountsOnce) {
  const Books books = story::BooksOf(story::Rule(
      R"(per: "child" opens: EACH start { is: "visit" } stop { is: "visit" }
         limit { allow { weeks: 1 } })"));
  EXPECT_EQ(Clocks({Said("visit", "2026-03-02 09:00").By("b").Occasion("o"),
                    Said("visit", "2026-03-02 09:30").By("c").Occasion("o"),
                    Said("visit", "2026-03-03 09:00").By("c")},
                   books)
                .size(),
            2u);
}

}  // namespace
}  // namespace dolen
