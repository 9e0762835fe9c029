#include "connectors/alerting/planner.h"

#include <gmock/gmock.h>

#include "tests/connectors/alerting/office.h"

namespace dolen {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using Kind = Notice::Kind;

TEST(Planner, AnAlertIsPagedFollowedAndEndedInOneThread) {
  Office office(kEach);
  office.Take("a", 1, alert::v1::STATE_RAISED);
  const std::vector<Notice> page = office.Send();
  ASSERT_THAT(Kinds(page), ElementsAre(Kind::kPage));
  EXPECT_EQ(page[0].thread, "a");
  EXPECT_EQ(page[0].team, "CSC");
  EXPECT_EQ(page[0].items[0].link, "link/a");
  const std::vector<std::pair<alert::v1::State, Kind>> story = {
      {alert::v1::STATE_AMENDED, Kind::kUpdate},
      {alert::v1::STATE_ACKNOWLEDGED, Kind::kAnswered},
      {alert::v1::STATE_SNOOZED, Kind::kAnswered},
      {alert::v1::STATE_RAISED, Kind::kPage},
      {alert::v1::STATE_RESOLVED, Kind::kAnswered},
      {alert::v1::STATE_ESCALATED, Kind::kPage},
      {alert::v1::STATE_CLEARED, Kind::kEnded}};
  uint32_t number = 1;
  for (const auto& [state, kind] : story) {
    office.Take("a", ++number, state);
    const std::vector<Notice> sent = office.Send();
    ASSERT_THAT(Kinds(sent), ElementsAre(kind));
    EXPECT_EQ(sent[0].thread, "a");
    EXPECT_EQ(sent[0].items[0].alert.number(), number);
  }
  EXPECT_EQ(office.receipts.size(), 8u);
  EXPECT_EQ(office.Status().waiting, 0);
}

TEST(Planner, ARaiseThatWasClearedBeforeItCouldBeSentGoesToNobody) {
  Office office(kEach);
  office.Take("a", 1, alert::v1::STATE_RAISED);
  office.Take("a", 2, alert::v1::STATE_CLEARED);
  EXPECT_THAT(office.Send(), IsEmpty());
  EXPECT_THAT(office.Outcomes(), ElementsAre("a1 OVERTAKEN", "a2 OVERTAKEN"));
  // Nor after attempts that surely failed.
  office.Take("b", 1, alert::v1::STATE_RAISED);
  EXPECT_EQ(office.Send("desk", kLater).size(), 1u);
  office.Take("b", 2, alert::v1::STATE_WITHDRAWN);
  EXPECT_THAT(office.SendFor(absl::Hours(30)), IsEmpty());
}

TEST(Planner, AnEndIsToldWhereThePageMayHaveArrived) {
  Office office(kEach);
  office.Take("a", 1, alert::v1::STATE_RAISED);
  Delivery lost = kLater;
  lost.perhaps_taken = true;
  EXPECT_EQ(office.Send("desk", lost).size(), 1u);
  office.Take("a", 2, alert::v1::STATE_CLEARED);
  EXPECT_THAT(Kinds(office.SendFor(absl::Hours(1))), ElementsAre(Kind::kEnded));
}

TEST(Planner, AChangeThatIsOvertakenIsToldOnceAsItIsNow) {
  Office office(kEach);
  office.Take("a", 1, alert::v1::STATE_RAISED);
  office.Take("a", 2, alert::v1::STATE_AMENDED);
  const std::vector<Notice> sent = office.Send();
  ASSERT_THAT(Kinds(sent), ElementsAre(Kind::kPage));
  EXPECT_EQ(sent[0].items[0].alert.number(), 2u);
  EXPECT_THAT(office.Outcomes(), ElementsAre("a1 OVERTAKEN", "a2 DELIVERED"));
}

TEST(Planner, WhatAPersonAnsweredElsewhereBeforeItCouldBeSentPagesNobody) {
  Office office(kEach);
  office.Take("a", 1, alert::v1::STATE_RAISED);
  office.Take("a", 2, alert::v1::STATE_ACKNOWLEDGED);
  EXPECT_THAT(office.Send(), IsEmpty());
  office.Take("a", 3, alert::v1::STATE_RAISED);
  EXPECT_THAT(Kinds(office.Send()), ElementsAre(Kind::kPage));
}

TEST(Planner, AQuietChangePagesNobodyAndFollowsWhatWasTold) {
  Office office(kEach);
  alert::v1::Alert quiet = RaisedAlert("a");
  quiet.set_quiet(true);
  office.Take(quiet);
  EXPECT_THAT(office.Send(), IsEmpty());
  office.Take("a", 2, alert::v1::STATE_CLEARED);
  EXPECT_THAT(office.Send(), IsEmpty());
  EXPECT_THAT(office.receipts, IsEmpty());
  office.Take("b", 1, alert::v1::STATE_RAISED);
  office.Send();
  quiet = RaisedAlert("b", 2);
  quiet.set_quiet(true);
  office.Take(quiet);
  EXPECT_THAT(Kinds(office.Send()), ElementsAre(Kind::kUpdate));
}

TEST(Planner, WhoMissedTheRaiseIsPagedByWhatCameAfter) {
  Office office(kEach);
  office.Take("a", 3, alert::v1::STATE_AMENDED);
  EXPECT_THAT(Kinds(office.Send()), ElementsAre(Kind::kPage));
  office.Take("a", 7, alert::v1::STATE_AMENDED);  // it may have been over between
  EXPECT_THAT(Kinds(office.Send()), ElementsAre(Kind::kUpdate));
  office.Take("a", 9, alert::v1::STATE_CLEARED);
  EXPECT_THAT(Kinds(office.Send()), ElementsAre(Kind::kEnded));
  office.Take("a", 9, alert::v1::STATE_CLEARED);
  EXPECT_THAT(office.Send(), IsEmpty());
}

TEST(Planner, WhoeverItIsAssignedToIsPagedAndTheOthersAreToldThatItLeft) {
  Office office(R"(
destination { name: "desk" log_line {} }
destination { name: "night" log_line {} }
route { for: "CSC/night" to: "night" }
route { to: "desk" })");
  office.Take("a", 1, alert::v1::STATE_RAISED);
  office.Send();
  alert::v1::Alert given = RaisedAlert("a", 2, alert::v1::STATE_ASSIGNED);
  given.set_assigned_to("CSC/night");
  office.Take(given);
  EXPECT_THAT(Kinds(office.Send("night")), ElementsAre(Kind::kPage));
  const std::vector<Notice> left = office.Send("desk");
  ASSERT_THAT(Kinds(left), ElementsAre(Kind::kEnded));
  EXPECT_EQ(left[0].items[0].alert.state(), alert::v1::STATE_ASSIGNED);
  given.set_number(3);
  given.set_state(alert::v1::STATE_CLEARED);
  office.Take(given);
  EXPECT_THAT(Kinds(office.Send("night")), ElementsAre(Kind::kEnded));
  EXPECT_THAT(office.Send("desk"), IsEmpty());
}

TEST(Planner, ADestinationOfTwoTeamsIsToldOnceAndAsSoonAsTheFirstOfThemWouldBe) {
  Office office(R"(
destination { name: "desk" log_line {} }
route { for: "LHB" digest_at: "16:00" to: "desk" }
route { to: "desk" })");
  alert::v1::Alert alert = RaisedAlert("a");
  alert.set_to(0, "LHB");
  alert.add_to("CSC");
  office.Take(alert);
  const std::vector<Notice> sent = office.SendFor(absl::Hours(24));
  ASSERT_THAT(Kinds(sent), ElementsAre(Kind::kPage));
  EXPECT_EQ(sent[0].team, "CSC");
}

// ---- groups ----

TEST(Planner, FiveSiblingsAreOnePageThatNamesFiveAndEndsWithTheLast) {
  Office office(kHousehold);
  const std::vector<std::string> ids = {"a", "b", "c", "d", "e"};
  for (const std::string& id : ids) {
    alert::v1::Alert alert = RaisedAlert(id);
    alert.set_household("h");
    office.Take(alert);
    EXPECT_THAT(office.Send(), IsEmpty());
    office.Pass(absl::Seconds(5));
  }
  office.Pass(absl::Seconds(5));
  const std::vector<Notice> pages = office.Send();
  ASSERT_THAT(Kinds(pages), ElementsAre(Kind::kPage));
  EXPECT_EQ(pages[0].items.size(), 5u);
  for (uint32_t i = 0; i < 4; ++i) office.Take(ids[i], 2, alert::v1::STATE_CLEARED);
  const std::vector<Notice> some = office.SendFor(absl::Hours(1));
  ASSERT_THAT(Kinds(some), ElementsAre(Kind::kUpdate));
  EXPECT_EQ(some[0].items.size(), 4u);
  office.Take("e", 2, alert::v1::STATE_CLEARED);
  const std::vector<Notice> end = office.Send();
  ASSERT_THAT(Kinds(end), ElementsAre(Kind::kEnded));
  EXPECT_EQ(end[0].thread, pages[0].thread);
  EXPECT_EQ(end[0].items.size(), 1u);
  // A new story has a new thread.
  alert::v1::Alert again = RaisedAlert("a", 3);
  again.set_household("h");
  office.Take(again);
  const std::vector<Notice> next = office.SendFor(absl::Minutes(1));
  ASSERT_THAT(Kinds(next), ElementsAre(Kind::kPage));
  EXPECT_NE(next[0].thread, pages[0].thread);
}

TEST(Planner, WhoComesLaterJoinsTheThreadOfTheGroupWhileItIsOpen) {
  Office office(kTeam);
  office.Take("a", 1, alert::v1::STATE_RAISED);
  const std::vector<Notice> first = office.SendFor(absl::Minutes(1));
  office.Take("b", 1, alert::v1::STATE_RAISED);
  const std::vector<Notice> second = office.SendFor(absl::Minutes(1));
  ASSERT_THAT(Kinds(second), ElementsAre(Kind::kPage));
  EXPECT_EQ(second[0].items.size(), 1u);
  EXPECT_EQ(second[0].thread, first[0].thread);
  // One of two is answered: the group is not.
  office.Take("a", 2, alert::v1::STATE_ACKNOWLEDGED);
  EXPECT_THAT(office.Send(), IsEmpty());
  office.Take("b", 2, alert::v1::STATE_ACKNOWLEDGED);
  const std::vector<Notice> answered = office.Send();
  ASSERT_THAT(Kinds(answered), ElementsAre(Kind::kAnswered));
  EXPECT_EQ(answered[0].items.size(), 2u);
}

TEST(Planner, WhoTakesNoGroupsGetsEachByItself) {
  Office office(kTeam, "desk");
  office.Take("a", 1, alert::v1::STATE_RAISED);
  office.Take("b", 1, alert::v1::STATE_RAISED);
  const std::vector<Notice> pages = office.Send();
  ASSERT_THAT(Kinds(pages), ElementsAre(Kind::kPage, Kind::kPage));
  EXPECT_EQ(pages[0].thread, "a");
  EXPECT_EQ(pages[1].thread, "b");
}

// ---- storms ----

TEST(Planner, AThousandAlertsForOneTeamAreOnePageWhereTheTeamIsAGroup) {
  Office office(kTeam);
  for (int i = 0; i < 1000; ++i) office.Take(absl::StrCat("a", i), 1, alert::v1::STATE_RAISED);
  const std::vector<Notice> sent = office.SendFor(absl::Hours(2));
  ASSERT_THAT(Kinds(sent), ElementsAre(Kind::kPage));
  EXPECT_EQ(sent[0].items.size(), kMaxShown);
  EXPECT_EQ(sent[0].items.size() + sent[0].left_out, 1000u);
  EXPECT_EQ(office.receipts.size(), 1000u);
}

TEST(Planner, AThousandAlertsByThemselvesAreSixtyPagesAndOneSummary) {
  Office office(kEach);
  for (int i = 0; i < 1000; ++i) office.Take(absl::StrCat("a", i), 1, alert::v1::STATE_RAISED);
  const std::vector<Notice> sent = office.SendFor(absl::Minutes(50));
  ASSERT_EQ(sent.size(), 61u);
  EXPECT_EQ(sent[60].kind, Kind::kSummary);
  EXPECT_EQ(sent[60].items.size() + sent[60].left_out, 940u);
  // What comes in the same hour waits for the next summary, not for the next hour.
  office.Take("late", 1, alert::v1::STATE_RAISED);
  EXPECT_THAT(Kinds(office.SendFor(absl::Minutes(5))), ElementsAre(Kind::kSummary));
  // Ends never count.
  for (int i = 0; i < 1000; ++i) office.Take(absl::StrCat("a", i), 2, alert::v1::STATE_CLEARED);
  const std::vector<Notice> ends = office.SendFor(absl::Minutes(10));
  EXPECT_EQ(ends.size(), 61u);
  for (const Notice& end : ends) EXPECT_EQ(end.kind, Kind::kEnded);
}

TEST(Planner, ARestartSendsNothingAgain) {
  Office office(kEach);
  std::vector<alert::v1::Alert> known;
  for (int i = 0; i < 100; ++i) {
    known.push_back(RaisedAlert(absl::StrCat("a", i)));
    office.Take(known.back());
  }
  EXPECT_EQ(office.SendFor(absl::Minutes(1)).size(), 61u);
  office.Restart(known);
  EXPECT_THAT(office.SendFor(absl::Hours(3)), IsEmpty());
  // The hour's pages are remembered too.
  office.Restart(known);
  office.Take("b", 1, alert::v1::STATE_RAISED);
  EXPECT_THAT(Kinds(office.Send()), ElementsAre(Kind::kPage));
}

// ---- digests ----

TEST(Planner, ADigestIsOneMessageAtItsTimeAndLeavesOutWhatIsOver) {
  Office office(R"(
destination { name: "desk" log_line {} }
route { digest_at: "16:00" to: "desk" })");
  for (const char* id : {"a", "b", "c"}) office.Take(id, 1, alert::v1::STATE_RAISED);
  office.Take("b", 2, alert::v1::STATE_CLEARED);
  EXPECT_THAT(office.SendFor(absl::Hours(5) + absl::Minutes(59)), IsEmpty());
  const std::vector<Notice> sent = office.SendFor(absl::Minutes(1));
  ASSERT_THAT(Kinds(sent), ElementsAre(Kind::kDigest));
  EXPECT_EQ(sent[0].items.size(), 2u);
  EXPECT_THAT(office.Outcomes(), UnorderedElementsAre("b1 OVERTAKEN", "b2 OVERTAKEN",
                                                      "a1 SUMMARISED", "c1 SUMMARISED"));
  office.Take("a", 2, alert::v1::STATE_CLEARED);
  EXPECT_THAT(office.SendFor(absl::Hours(48)), IsEmpty());
}

TEST(Planner, WhatIsAdvisoryIsAnUpdateWhereEachGoesByItself) {
  Office office(kEach, "desk");
  alert::v1::Alert alert = RaisedAlert("a");
  alert.set_weight("advisory");
  office.Take(alert);
  EXPECT_THAT(Kinds(office.SendFor(absl::Minutes(1))), ElementsAre(Kind::kUpdate));
  alert.set_number(2);
  alert.set_state(alert::v1::STATE_CLEARED);
  office.Take(alert);
  EXPECT_THAT(Kinds(office.Send()), ElementsAre(Kind::kEnded));
}

}  // namespace
}  // namespace dolen
