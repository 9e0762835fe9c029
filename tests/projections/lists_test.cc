// What the second model found in the worklist and the responsibility, a story each.
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "projections/alerts/alerts_view.h"
#include "projections/responsibility/responsibility.h"
#include "projections/worklist/worklist.h"
#include "tests/engine/child/story.h"
#include "tests/projections/lists.h"

namespace dolen {
namespace {

using story::Said;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ListsTest : public testing::Test {
 protected:
  void Publish(const std::string& rules) {
    story_.Publish("2026-01-01 08:00", story::BookOf(rules));
  }
  void Hear(const char* at, const Said& said) { story_.Hear(at, said); }

  // The lines of one agency without the child's key.
  std::vector<std::string> Lines(const char* agency, const char* at, const char* beginning = "") {
    std::vector<std::string> lines;
    const std::string child = story::Story::Child(0).Hex() + " ";
    lists::Lists all = lists::Stored(story_.store(), story_.fold().books(), story::At(at));
    for (const std::string& line : all[agency]) {
      const size_t key = line.find(child);
      const std::string rest = line.substr(key + child.size());
      if (absl::StartsWith(key == 0 ? rest : line, beginning)) lines.push_back(rest);
    }
    return lines;
  }

  const AlertsView alerts_{};
  const ResponsibilityView responsibility_{};
  const WorklistView worklist_{};
  story::Story story_{FoldOptions{0, kRowBytesAtHand, {&alerts_, &responsibility_, &worklist_}}};
};

constexpr char kOfferRule[] = R"(rule { id: "R" accountable: "asked"
  start { is: "handover_offered" } stop { is: "handover_accepted" }
  limit { allow { hours: 8 } } level { name: "overdue" } })";

Said Offered(const char* at) { return Said("handover_offered", at).By("b").To("c").In("H"); }

// The cover that had just ended, and nothing said since, was read as what b holds it by.
TEST_F(ListsTest, WhoStoodInForThemselvesHoldsItAsBeforeWhenThatHasEnded) {
  Publish(kOfferRule);
  Hear("2026-03-02 09:00", Said("handover_completed", "2026-03-02 09:00").By("a").To("b").In("G"));
  Hear("2026-03-03 09:00", Said("cover_started", "2026-03-03 09:00").By("b").In("C"));
  Hear("2026-03-03 10:00", Said("cover_ended", "2026-03-03 17:00").By("b").In("C"));
  EXPECT_THAT(Lines("b", "2026-03-03 16:59"),
              ElementsAre("holds '' since 2026-03-03T09:00:00Z by cover"));
  EXPECT_THAT(Lines("b", "2026-03-03 17:00"),
              ElementsAre("holds '' since 2026-03-02T09:00:00Z by handover"));
}

// A part that is over and held with the whole again was listed as if it were held by itself.
TEST_F(ListsTest, APartThatIsHeldWithTheWholeHasNoLineOfItsOwn) {
  Publish(kOfferRule);
  Hear("2026-03-02 09:00", Said("handover_completed", "2026-03-02 09:00").By("a").To("b").In("G"));
  Said camhs = Said("episode_opened", "2026-03-03 09:00").By("b").In("E");
  camhs.open.set_service_type("camhs");
  Hear("2026-03-03 09:00", camhs);
  Hear("2026-03-03 10:00", Said("episode_closed", "2026-03-03 17:00").By("b").In("E"));
  EXPECT_THAT(Lines("b", "2026-03-03 16:59").size(), 2u);
  EXPECT_THAT(Lines("b", "2026-03-03 17:00"),
              ElementsAre("holds '' since 2026-03-02T09:00:00Z by handover"));
}

// An answer that lay hours ahead took the offer from both lists at once.
TEST_F(ListsTest, AnOfferWaitsUntilItsAnswerHasHappened) {
  Publish(kOfferRule);
  Hear("2026-03-02 09:00", Offered("2026-03-02 09:00"));
  Hear("2026-03-02 10:00", Said("handover_accepted", "2026-03-02 15:00").By("c").In("H"));
  for (const char* const agency : {"b", "c"}) {
    EXPECT_THAT(Lines(agency, "2026-03-02 14:59", "offered"),
                ElementsAre(absl::StrCat("offered a:H '' b c since 2026-03-02T09:00:00Z due ",
                                         absl::ToUnixMicros(story::At("2026-03-02 17:00")))));
    EXPECT_THAT(Lines(agency, "2026-03-02 15:00", "offered"), IsEmpty());
  }
}

TEST_F(ListsTest, AnOfferToNobodyIsOnTheListOfWhoOffers) {
  Publish(kOfferRule);
  Hear("2026-03-02 09:00", Said("handover_offered", "2026-03-02 09:00").By("b").In("H"));
  EXPECT_THAT(Lines("b", "2026-03-02 10:00", "offered").size(), 1u);
  EXPECT_EQ(lists::AgenciesIn(story_.store()).count(""), 0u);
}

// No history could put a child on the list of those whom nobody holds: what is handed over is
// always with somebody, and episodes that end counted for nothing, whatever was still to be done.
TEST_F(ListsTest, WhoWantedToHandOverAndClosedTheEpisodeIsLeftInAGap) {
  Publish(kOfferRule);
  Hear("2026-03-02 09:00", Said("episode_opened", "2026-03-02 09:00").By("b").In("E"));
  Hear("2026-03-03 09:00", Offered("2026-03-03 09:00"));
  Hear("2026-03-04 09:00", Said("episode_closed", "2026-03-04 09:00").By("b").In("E"));
  EXPECT_THAT(Lines("b", "2026-03-04 08:59", "gap"), IsEmpty());
  EXPECT_THAT(Lines("b", "2026-03-04 09:00", "gap"),
              ElementsAre("gap '' b since 2026-03-04T09:00:00Z"));
  Hear("2026-03-05 09:00", Said("handover_declined", "2026-03-05 09:00").By("c").In("H"));
  EXPECT_THAT(Lines("b", "2026-03-05 10:00", "gap").size(), 1u) << "declined: it is with nobody";
  Hear("2026-03-06 09:00", Said("handover_offered", "2026-03-06 09:00").By("b").To("c").In("H"));
  Hear("2026-03-07 09:00", Said("handover_completed", "2026-03-07 09:00").By("c").In("H"));
  EXPECT_THAT(Lines("b", "2026-03-07 10:00", "gap"), IsEmpty());
  EXPECT_THAT(Lines("b", "2026-03-07 10:00", "holds"), IsEmpty());
  EXPECT_THAT(Lines("c", "2026-03-07 10:00", "holds").size(), 1u);
}

TEST_F(ListsTest, AnEpisodeThatIsClosedWithNothingLeftToDoLeavesNoGap) {
  Publish(kOfferRule);
  Hear("2026-03-02 09:00", Said("episode_opened", "2026-03-02 09:00").By("b").In("E"));
  Hear("2026-03-03 09:00", Offered("2026-03-03 09:00"));
  Hear("2026-03-03 10:00", Said("handover_cancelled", "2026-03-03 10:00").By("b").In("H"));
  Hear("2026-03-04 09:00", Said("episode_closed", "2026-03-04 09:00").By("b").In("E"));
  EXPECT_THAT(Lines("b", "2026-03-05 09:00", "gap"), IsEmpty());
}

// Of two alerts that became true at one instant the one with the later name was the highest.
TEST_F(ListsTest, TheHighestAlertIsThatOfTheLevelThatTheRuleNamesLast) {
  Publish(R"(rule { id: "R" start { is: "planned" } stop { is: "done" } accountable: "starter"
    limit { from { field: "planned_for" } allow { hours: 0 } }
    level { name: "overdue" } level { name: "chief" offset { hours: 1 } } })");
  Hear("2026-03-02 09:00",
       Said("planned", "2026-03-02 09:00").By("b").Stated("planned_for", "2026-02-02 09:00"));
  story_.Until("2026-03-03 09:00");
  EXPECT_THAT(Lines("b", "2026-03-03 09:00", "mine"), ElementsAre(HasSubstr(" chief ")));
}

// A pause was charged to whoever its owner was when it began.
TEST_F(ListsTest, APauseIsWhoseItIsThen) {
  Publish(R"(rule { id: "R" start { is: "referral_made" } stop { is: "done" } accountable: "asker"
    limit { allow { working_days: 20 } } level { name: "overdue" }
    pause { begin { is: "clock_paused" } end { is: "clock_resumed" } owner: "asked" } })");
  Hear("2026-03-02 09:00", Said("referral_made", "2026-03-02 09:00").By("b").To("c").In("H"));
  Hear("2026-03-03 09:00", Said("clock_paused", "2026-03-03 09:00").By("c").In("H"));
  Hear("2026-03-05 09:00", Said("referral_redirected", "2026-03-05 09:00").By("c").To("d").In("H"));
  EXPECT_THAT(Lines("b", "2026-03-05 08:00", "mine"), ElementsAre(HasSubstr(" paused c ")));
  EXPECT_THAT(Lines("b", "2026-03-05 10:00", "mine"), ElementsAre(HasSubstr(" paused d ")));
}

}  // namespace
}  // namespace dolen
