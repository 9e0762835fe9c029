// Who holds a child, for what and since when, as tables.
#include "engine/child/holding.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "engine/base/time.h"
#include "engine/pathway/zone_proto.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/engine/child/story.h"

namespace dolen {
namespace {

using pathway::v1::Pattern;
using story::Said;
using testing::ElementsAre;
using testing::IsEmpty;

// A rule whose clock is the gap.
const char kWatching[] =
    R"(rule { id: "GAP" per: "child" opens: AGAIN start { holding: UNHELD } stop { holding: HELD }
              accountable: "holder" limit { allow { hours: 0 } } level { name: "overdue" } } )";

std::vector<Hold> HoldsOf(const std::vector<Said>& said, absl::string_view more = "") {
  return story::PictureOf(said, story::BooksOf(absl::StrCat(kWatching, more))).holds;
}

const Zone& London() {
  static const auto* const zone = new Zone(*ZoneFromProto(story::LondonTable()));
  return *zone;
}

std::string Who(const std::vector<Hold>& holds, absl::string_view at, absl::string_view part = "") {
  return absl::StrJoin(HoldersAt(holds, part, story::At(at), London()), " ");
}

std::vector<std::string> Moments(const std::vector<Hold>& holds, absl::string_view part = "") {
  std::vector<std::string> words;
  for (const HoldingMoment& moment : HoldingMoments(holds, part, London())) {
    words.push_back(
        absl::StrCat(Pattern::Holding_Name(moment.becomes), " ", story::Text(moment.at)));
  }
  return words;
}

Said Part(Said said, const char* part) {
  said.open.set_part(part);
  return said;
}
Said Effective(Said said, absl::string_view at) {
  Said when = Said("x", at);
  *said.open.mutable_effective() = when.open.occurred();
  return said;
}

Said Offered(absl::string_view at, absl::string_view by, absl::string_view to,
             absl::string_view matter) {
  return Said("handover_offered", at).By(by).To(to).In(matter);
}
Said Completed(absl::string_view at, absl::string_view by, absl::string_view matter) {
  return Said("handover_completed", at).By(by).In(matter);
}

TEST(Holding, NobodyHoldsBeforeAnythingIsSaid) {
  EXPECT_THAT(HoldsOf({Said("referral_made", "2026-03-02 09:00").To("b").In("R")}), IsEmpty());
  EXPECT_THAT(Moments({}), IsEmpty());
}

TEST(Holding, AHandoverPassesItFromTheAskerToTheAsked) {
  const std::vector<Hold> holds = HoldsOf(
      {Offered("2026-03-02 09:00", "a", "b", "H1"), Completed("2026-03-03 09:00", "b", "H1"),
       Offered("2026-03-04 09:00", "b", "c", "H2"), Completed("2026-03-05 09:00", "c", "H2")});
  EXPECT_EQ(Who(holds, "2026-03-03 08:59"), "");
  EXPECT_EQ(Who(holds, "2026-03-03 09:00"), "b");
  EXPECT_EQ(Who(holds, "2026-03-05 08:59"), "b");
  EXPECT_EQ(Who(holds, "2026-03-05 09:00"), "c");
  // In passing there is neither a gap nor a doubling.
  EXPECT_THAT(Moments(holds), ElementsAre("HELD 2026-03-03 09:00"));
}

TEST(Holding, WithoutAnOfferTheEventSaysWhoTakesIt) {
  EXPECT_EQ(Who(HoldsOf({Said("handover_completed", "2026-03-02 09:00").By("a").To("b").In("H")}),
                "2026-03-02 09:00"),
            "b");
  // Nobody is named: the publisher takes it from the asker of another's matter.
  EXPECT_EQ(Who(HoldsOf({Said("referral_made", "2026-03-01 09:00").By("a").In("H"),
                         Completed("2026-03-02 09:00", "b", "H")}),
                "2026-03-02 09:00"),
            "b");
  EXPECT_THAT(HoldsOf({Completed("2026-03-02 09:00", "a", "H")}), IsEmpty());
}

TEST(Holding, ResponsibilityPassesWhenTheHandoverSays) {
  const std::vector<Said> first = {Offered("2026-03-02 09:00", "a", "b", "H1"),
                                   Completed("2026-03-03 09:00", "b", "H1"),
                                   Offered("2026-03-04 09:00", "b", "c", "H2")};
  std::vector<Said> later = first, day = first, before = first;
  later.push_back(Effective(Completed("2026-03-05 09:00", "c", "H2"), "2026-04-01 12:00"));
  EXPECT_EQ(Who(HoldsOf(later), "2026-04-01 11:59"), "b");
  EXPECT_EQ(Who(HoldsOf(later), "2026-04-01 12:00"), "c");
  day.push_back(Effective(Completed("2026-03-05 09:00", "c", "H2"), "2026-04-01"));
  EXPECT_EQ(Who(HoldsOf(day), "2026-03-31 23:59"), "b");
  EXPECT_EQ(Who(HoldsOf(day), "2026-04-01 00:00"), "c");
  before.push_back(Effective(Completed("2026-03-05 09:00", "c", "H2"), "2026-03-04 12:00"));
  EXPECT_EQ(Who(HoldsOf(before), "2026-03-04 12:00"), "c");
}

TEST(Holding, APartIsHeldByItselfAndElseByWhoeverHoldsAll) {
  const std::vector<Hold> holds = HoldsOf(
      {Offered("2026-03-02 09:00", "a", "b", "H1"), Completed("2026-03-03 09:00", "b", "H1"),
       Offered("2026-03-04 09:00", "b", "c", "H2"),
       Part(Completed("2026-03-05 09:00", "c", "H2"), "health")});
  EXPECT_EQ(Who(holds, "2026-03-04 09:00", "health"), "b");
  EXPECT_EQ(Who(holds, "2026-03-05 09:00", "health"), "c");
  EXPECT_EQ(Who(holds, "2026-03-05 09:00", "school"), "b");
  EXPECT_EQ(Who(holds, "2026-03-05 09:00"), "b");
  EXPECT_THAT(Moments(holds, "health"), ElementsAre("HELD 2026-03-03 09:00"));
}

TEST(Holding, WhoPassesAllOfItPassesEveryPartThatItHolds) {
  const std::vector<Hold> holds = HoldsOf({Offered("2026-03-02 09:00", "a", "b", "H1"),
                                           Part(Completed("2026-03-03 09:00", "b", "H1"), "health"),
                                           Offered("2026-03-04 09:00", "b", "c", "H2"),
                                           Completed("2026-03-05 09:00", "c", "H2")});
  EXPECT_EQ(Who(holds, "2026-03-05 09:00", "health"), "c");
  EXPECT_THAT(Moments(holds, "health"), ElementsAre("HELD 2026-03-03 09:00"));
}

TEST(Holding, CoverStandsInForTheHoldersUntilItEnds) {
  const std::vector<Hold> holds =
      HoldsOf({Offered("2026-03-02 09:00", "a", "b", "H"), Completed("2026-03-03 09:00", "b", "H"),
               Said("cover_started", "2026-03-04 17:00").By("b").To("d").In("C"),
               Said("cover_ended", "2026-03-05 09:00").By("d").In("C")});
  EXPECT_EQ(Who(holds, "2026-03-04 16:59"), "b");
  EXPECT_EQ(Who(holds, "2026-03-04 17:00"), "d");
  EXPECT_EQ(Who(holds, "2026-03-05 09:00"), "b");
  EXPECT_THAT(Moments(holds), ElementsAre("HELD 2026-03-03 09:00"));
  // Named by nobody else, the publisher stands in.
  EXPECT_EQ(
      Who(HoldsOf({Said("cover_started", "2026-03-04 17:00").By("d").In("C")}), "2026-03-04 17:00"),
      "d");
}

TEST(Holding, AnotherMattersCoverIsNotEnded) {
  const std::vector<Hold> holds =
      HoldsOf({Said("cover_started", "2026-03-04 17:00").By("b").To("d").In("C"),
               Said("cover_ended", "2026-03-05 09:00").By("d").In("other")});
  EXPECT_EQ(Who(holds, "2026-03-06 09:00"), "d");
}

TEST(Holding, EpisodesAddHoldersAndMayLeaveAGap) {
  const std::vector<Hold> holds =
      HoldsOf({Said("episode_opened", "2026-03-02 09:00").By("b").In("E1"),
               Said("episode_opened", "2026-03-03 09:00").By("a").To("c").In("E2"),
               Said("episode_closed", "2026-03-04 09:00").By("b").In("E1"),
               Said("episode_closed", "2026-03-05 09:00").By("c").In("E2")});
  EXPECT_EQ(Who(holds, "2026-03-02 09:00"), "b");
  EXPECT_EQ(Who(holds, "2026-03-03 09:00"), "b c");
  EXPECT_EQ(Who(holds, "2026-03-04 09:00"), "c");
  EXPECT_EQ(Who(holds, "2026-03-05 09:00"), "");
  EXPECT_THAT(Moments(holds), ElementsAre("HELD 2026-03-02 09:00", "HELD_BY_TWO 2026-03-03 09:00",
                                          "HELD 2026-03-04 09:00", "UNHELD 2026-03-05 09:00"));
}

TEST(Holding, AnEpisodeIsOfItsPartOrOfItsService) {
  Said service = Said("episode_opened", "2026-03-02 09:00").By("b").In("E");
  service.open.set_service_type("camhs");
  EXPECT_EQ(Who(HoldsOf({service}), "2026-03-02 09:00", "camhs"), "b");
  EXPECT_EQ(Who(HoldsOf({service}), "2026-03-02 09:00"), "");
  service.open.set_part("health");
  EXPECT_EQ(Who(HoldsOf({service}), "2026-03-02 09:00", "health"), "b");
  EXPECT_EQ(Who(HoldsOf({service}), "2026-03-02 09:00", "camhs"), "");
}

TEST(Holding, ThreeAreNoMoreThanTwo) {
  const std::vector<Hold> holds =
      HoldsOf({Said("episode_opened", "2026-03-02 09:00").By("b").In("E1"),
               Said("episode_opened", "2026-03-02 09:00").By("c").In("E2"),
               Said("episode_opened", "2026-03-03 09:00").By("d").In("E3"),
               Said("episode_opened", "2026-03-04 09:00").By("b").In("E4")});
  EXPECT_EQ(Who(holds, "2026-03-04 09:00"), "b c d");
  EXPECT_THAT(Moments(holds), ElementsAre("HELD_BY_TWO 2026-03-02 09:00"));
}

TEST(Holding, OfSeveralHoldsTheOneThatCountsAndBeganLastIsInForce) {
  const std::vector<Hold> holds =
      HoldsOf({Offered("2026-03-02 09:00", "a", "b", "H"), Completed("2026-03-03 09:00", "b", "H"),
               Said("episode_opened", "2026-03-04 09:00").By("b").In("E"),
               Said("cover_started", "2026-03-05 09:00").By("b").In("C"),
               Said("cover_ended", "2026-03-06 09:00").By("b").In("C"),
               Said("episode_closed", "2026-03-07 09:00").By("b").In("E")});
  const auto why = [&](const char* at) {
    const Hold* const hold = HoldInForce(holds, "", "b", story::At(at), London());
    return hold == nullptr ? -1 : static_cast<int>(hold->why);
  };
  EXPECT_EQ(why("2026-03-03 08:59"), -1);
  EXPECT_EQ(why("2026-03-03 09:00"), Hold::kPassed);
  EXPECT_EQ(why("2026-03-04 09:00"), Hold::kEpisode);
  EXPECT_EQ(why("2026-03-05 09:00"), Hold::kCover);
  EXPECT_EQ(why("2026-03-06 09:00"), Hold::kEpisode);
  EXPECT_EQ(why("2026-03-07 09:00"), Hold::kPassed);
  EXPECT_EQ(HoldInForce(holds, "health", "b", story::At("2026-03-08"), London()), nullptr)
      << "a part is held with all of it";
}

TEST(Holding, AGapIsSinceTheLastOneEndedAndLeavesWhoHeldItLast) {
  const std::vector<Hold> holds =
      HoldsOf({Said("episode_opened", "2026-03-02 09:00").By("b").In("E1"),
               Said("episode_opened", "2026-03-03 09:00").By("c").In("E2"),
               Said("episode_closed", "2026-03-04 09:00").By("c").In("E2"),
               Said("cover_started", "2026-03-05 09:00").By("d").In("C"),
               Said("episode_closed", "2026-03-06 09:00").By("b").In("E1"),
               Said("cover_ended", "2026-03-07 09:00").By("d").In("C")});
  const auto at = [&](const char* t) { return GapAt(holds, "", story::At(t), London()); };
  EXPECT_FALSE(at("2026-03-01 09:00").has_value()) << "nobody ever held it";
  EXPECT_FALSE(at("2026-03-06 10:00").has_value()) << "somebody stands in";
  const absl::optional<Gap> gap = at("2026-03-07 09:00");
  ASSERT_TRUE(gap.has_value());
  EXPECT_EQ(gap->last->agency, "b");
  EXPECT_EQ(gap->since.at, story::At("2026-03-07 09:00"));
}

TEST(Holding, ABooksPassingMovesIt) {
  const std::string passing =
      R"(passing { on { is: "placed" where { field: "reason" is: "order" } } from: "agency:b"
                   to: "starter" }
         passing { part: "health" on { is: "placed" } from: "agency:b" to: "agency:d" })";
  const std::vector<Hold> holds =
      HoldsOf({Said("episode_opened", "2026-03-01 09:00").By("b").In("E"),
               Said("placed", "2026-03-02 09:00").By("c").Reason("voluntary").In("P"),
               Said("placed", "2026-03-03 09:00").By("c").Reason("order").In("P")},
              passing);
  EXPECT_EQ(Who(holds, "2026-03-02 08:59", "health"), "b");
  EXPECT_EQ(Who(holds, "2026-03-02 09:00", "health"), "d");
  EXPECT_EQ(Who(holds, "2026-03-02 09:00"), "b");
  EXPECT_EQ(Who(holds, "2026-03-03 09:00"), "c");
}

TEST(Holding, AGapStartsAClockThatTheNextHolderStops) {
  const Books books = story::BooksOf(kWatching);
  const std::vector<Said> said = {Said("episode_opened", "2026-03-02 09:00").By("b").In("E1"),
                                  Said("episode_closed", "2026-03-04 09:00").By("b").In("E1"),
                                  Said("episode_opened", "2026-03-05 09:00").By("c").In("E2")};
  EXPECT_EQ(story::ClockAt(story::PictureOf(said, books), "2026-03-06"),
            "late from 2026-03-04 09:00 due 2026-03-04 09:00 closed 2026-03-05 09:00");
}

}  // namespace
}  // namespace dolen
