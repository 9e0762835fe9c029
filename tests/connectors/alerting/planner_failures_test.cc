// What the planner does where destinations fail or forget.
#include <gmock/gmock.h>

#include "tests/connectors/alerting/office.h"

namespace dolen {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using Kind = Notice::Kind;

// ---- failures ----

TEST(Planner, WhatIsNotTakenIsSentAgainWithTheSameIdUntilItIsGivenUp) {
  Office office(kEach);
  office.Take("a", 1, alert::v1::STATE_RAISED);
  std::string id;
  uint32_t attempts = 0;
  const absl::Time start = office.now;
  for (; office.Status().dead == 0; ++attempts) {
    ASSERT_LT(attempts, 100u);
    const std::vector<Notice> sent = office.Send("desk", kLater);
    ASSERT_EQ(sent.size(), 1u);
    if (id.empty()) id = sent[0].id;
    EXPECT_EQ(sent[0].id, id);
    office.now = std::max(office.now, office.planner().NextDue("desk"));
    if (office.now == absl::InfiniteFuture()) break;
  }
  EXPECT_EQ(attempts + 1, kMostAttempts);
  EXPECT_THAT(office.Outcomes(), ElementsAre("a1 DEAD"));
  EXPECT_EQ(office.receipts[0].attempts(), kMostAttempts);
  EXPECT_EQ(office.receipts[0].answer(), "503");
  EXPECT_THAT(office.Status().dead_alerts, ElementsAre("a"));
  office.now = start + absl::Hours(48);
  EXPECT_THAT(office.Send(), IsEmpty());
  EXPECT_EQ(*office.planner().SendAgain("desk", office.now), 1);
  EXPECT_THAT(Kinds(office.Send()), ElementsAre(Kind::kPage));
  EXPECT_FALSE(office.planner().SendAgain("desc", office.now).ok());
}

TEST(Planner, WhatIsRefusedIsGivenUpAndHoldsUpNothing) {
  Office office(kEach);
  office.Take("a", 1, alert::v1::STATE_RAISED);
  office.Send("desk", kRefused);
  EXPECT_THAT(office.Outcomes(), ElementsAre("a1 DEAD"));
  office.Take("b", 1, alert::v1::STATE_RAISED);
  office.Take("a", 2, alert::v1::STATE_AMENDED);  // still nobody was paged
  EXPECT_THAT(Kinds(office.Send()), ElementsAre(Kind::kPage, Kind::kPage));
}

TEST(Planner, ADestinationThatAsksForPatienceGetsIt) {
  Office office(kEach);
  office.Take("a", 1, alert::v1::STATE_RAISED);
  Delivery later = kLater;
  later.try_after = absl::Minutes(7);
  office.Send("desk", later);
  EXPECT_EQ(office.planner().NextDue("desk"), office.now + absl::Minutes(7));
}

TEST(Planner, ADeadDestinationIsProbedAndThenGetsEverythingAtOnce) {
  Office office(kEach);
  for (int i = 0; i < 20; ++i) office.Take(absl::StrCat("a", i), 1, alert::v1::STATE_RAISED);
  EXPECT_EQ(office.Send("desk", kLater).size(), 5u);
  EXPECT_TRUE(office.Status().breaker_open);
  int attempts = 0;
  const absl::Time end = office.now + absl::Hours(2);
  while (office.planner().NextDue("desk") < end) {
    office.now = office.planner().NextDue("desk");
    attempts += static_cast<int>(office.Send("desk", kLater).size());
  }
  EXPECT_LT(attempts, 30);
  EXPECT_GT(attempts, 20);
  office.now = end + absl::Minutes(5);
  EXPECT_EQ(office.Send().size(), 20u);
  EXPECT_FALSE(office.Status().breaker_open);
}

TEST(Planner, ANoticeThatWaitsIsTakenApartWhenItsAlertMovesOn) {
  Office office(kEach);
  office.Take("a", 1, alert::v1::STATE_RAISED);
  const std::vector<Notice> first = office.Send("desk", kLater);
  office.Take("a", 2, alert::v1::STATE_ESCALATED);
  const std::vector<Notice> second = office.Send();
  ASSERT_THAT(Kinds(second), ElementsAre(Kind::kPage));
  EXPECT_NE(second[0].id, first[0].id);
  EXPECT_THAT(office.SendFor(absl::Hours(2)), IsEmpty());
  EXPECT_THAT(office.Outcomes(), ElementsAre("a1 OVERTAKEN", "a2 DELIVERED"));
}

TEST(Planner, AChangeThatComesWhileItsAlertIsUnderWayIsToldAfterIt) {
  Office office(kEach);
  office.Take("a", 1, alert::v1::STATE_RAISED);
  ASSERT_TRUE(office.planner().Next("desk", office.now, true).has_value());
  office.Take("a", 2, alert::v1::STATE_CLEARED);
  EXPECT_FALSE(office.planner().Next("desk", office.now, true).has_value());
  office.planner().Answered("desk", {Delivery::Outcome::kTaken, "ok", {}, false}, office.now);
  EXPECT_THAT(Kinds(office.Send()), ElementsAre(Kind::kEnded));
  EXPECT_THAT(office.Outcomes(), ElementsAre("a1 DELIVERED", "a2 DELIVERED"));
}

TEST(Planner, AChangeThatComesWhileAnAttemptFailsOvertakesIt) {
  Office office(kEach);
  office.Take("a", 1, alert::v1::STATE_RAISED);
  ASSERT_TRUE(office.planner().Next("desk", office.now, true).has_value());
  office.Take("a", 2, alert::v1::STATE_CLEARED);
  office.planner().Answered("desk", kLater, office.now);
  EXPECT_THAT(office.SendFor(absl::Hours(2)), IsEmpty());
  EXPECT_THAT(office.Outcomes(), UnorderedElementsAre("a1 OVERTAKEN", "a2 OVERTAKEN"));
}

TEST(Planner, AThreadEndsOnceThoughNewsOfItStillWaitedForAnotherAttempt) {
  Office office(kTeam);
  office.Take("a", 1, alert::v1::STATE_RAISED);
  office.Take("b", 1, alert::v1::STATE_RAISED);
  EXPECT_EQ(office.SendFor(absl::Minutes(1)).size(), 1u);
  office.Take("a", 2, alert::v1::STATE_CLEARED);
  office.Pass(kThreadWait);
  EXPECT_THAT(Kinds(office.Send("desk", kLater)), ElementsAre(Kind::kUpdate));
  office.Take("b", 2, alert::v1::STATE_CLEARED);
  const std::vector<Notice> end = office.SendFor(absl::Hours(2));
  ASSERT_THAT(Kinds(end), ElementsAre(Kind::kEnded));
  EXPECT_EQ(end[0].items.size(), 2u);
}

// ---- what forgets, and heartbeats ----

TEST(Planner, WhatForgetsIsToldAgainOfWhatIsOpen) {
  Office office(kEach, "desk", absl::Minutes(1));
  office.Take("a", 1, alert::v1::STATE_RAISED);
  office.Take("b", 1, alert::v1::STATE_RAISED);
  EXPECT_EQ(office.SendFor(absl::Minutes(2)).size(), 2u);
  // Also of nothing, before anything was told: it may still tell of what has ended.
  EXPECT_THAT(office.repeated,
              ElementsAre(IsEmpty(), ElementsAre("a", "b"), ElementsAre("a", "b")));
  office.Take("a", 2, alert::v1::STATE_CLEARED);
  EXPECT_THAT(Kinds(office.SendFor(absl::Minutes(1))), ElementsAre(Kind::kEnded));
  EXPECT_THAT(office.repeated.back(), ElementsAre("b"));
}

TEST(Planner, ANewDestinationThatForgetsStartsWithWhatIsOpenAndOthersWithWhatComes) {
  for (const bool forgets : {true, false}) {
    Office office(kEach, forgets ? "desk" : "", absl::Minutes(1));
    // As if the destination had just been added: nothing is remembered of it.
    absl::btree_map<std::string, Planner::Traits> traits = {
        {"desk", {!forgets, forgets ? absl::Minutes(1) : absl::InfiniteDuration()}}};
    Planner planner(FileOf(kEach), traits, [](const alert::v1::Alert&) { return std::string(); });
    planner.Know(0, RaisedAlert("a"));
    planner.Know(0, RaisedAlert("b", 2, alert::v1::STATE_CLEARED));
    ASSERT_TRUE(planner.Begin(office.now).ok());
    const absl::optional<Task> task = planner.Next("desk", office.now, true);
    ASSERT_EQ(task.has_value(), forgets);
    if (!forgets) continue;
    ASSERT_EQ(task->open.size(), 1u);
    EXPECT_EQ(task->open[0].alert.alert_id(), "a");
  }
}

TEST(Planner, AHeartbeatIsSentWhileAllIsWell) {
  Office office(R"(
destination { name: "desk" webhook {} }
route { to: "desk" }
heartbeat { to: "desk" })");
  EXPECT_EQ(office.SendFor(absl::Minutes(5)).size(), 6u);
  office.Pass(absl::Minutes(1));
  EXPECT_FALSE(office.planner().Next("desk", office.now, /*well=*/false).has_value());
  office.Pass(absl::Minutes(1));
  const absl::optional<Task> task = office.planner().Next("desk", office.now, true);
  ASSERT_TRUE(task.has_value());
  EXPECT_EQ(task->notice->kind, Kind::kHeartbeat);
  EXPECT_THAT(office.receipts, IsEmpty());
}

TEST(Planner, WhatNoRouteTakesIsCounted) {
  Office office(R"(
destination { name: "desk" log_line {} }
route { for: "LHB" to: "desk" })");
  office.Take("a", 1, alert::v1::STATE_RAISED);
  EXPECT_THAT(office.Send(), IsEmpty());
  EXPECT_EQ(office.planner().Status().unrouted, 1);
  office.Take("a", 2, alert::v1::STATE_CLEARED);
  EXPECT_EQ(office.planner().Status().unrouted, 0);
}

}  // namespace
}  // namespace dolen
