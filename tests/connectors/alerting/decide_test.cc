#include "connectors/alerting/decide.h"

#include <gmock/gmock.h>

#include "tests/connectors/alerting/helpers.h"

namespace dolen {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const absl::Time kNow = At("2026-11-26T10:00:00Z");  // a Thursday

constexpr char kDestinations[] = R"(
destination { name: "pager" log_line {} }
destination { name: "mail" log_line {} }
)";

std::vector<Way> Decide(absl::string_view routes, const alert::v1::Alert& alert,
                        absl::Time now = kNow) {
  return Routes(FileOf(absl::StrCat(kDestinations, routes))).Decide(alert, now);
}

TEST(Decide, AnAlertTakesTheFirstRouteThatFits) {
  const std::string routes = R"(
route { level: "due_soon" to: "mail" }
route { weight: "statute" about: "deadline" to: "pager" to: "mail" }
route { to: "mail" })";
  const std::vector<Way> ways = Decide(routes, RaisedAlert("a"));
  ASSERT_EQ(ways.size(), 1u);
  EXPECT_EQ(ways[0].team, "CSC");
  EXPECT_EQ(ways[0].route, 1);
  EXPECT_THAT(ways[0].destinations, ElementsAre("pager", "mail"));
  EXPECT_FALSE(ways[0].digest);
  EXPECT_EQ(ways[0].due, kNow);
  EXPECT_EQ(ways[0].group, "");
}

TEST(Decide, AnAgencyStandsForItsTeamsAndForNoOther) {
  alert::v1::Alert alert = RaisedAlert("a");
  alert.clear_to();
  for (const char* team : {"CSC", "CSC/duty", "CSCX", "kind:council"}) alert.add_to(team);
  const std::vector<Way> ways = Decide("route { for: \"CSC\" to: \"pager\" }", alert);
  ASSERT_EQ(ways.size(), 4u);
  EXPECT_EQ(ways[0].route, 0);
  EXPECT_EQ(ways[1].route, 0);
  EXPECT_EQ(ways[2].route, -1);
  EXPECT_EQ(ways[3].route, -1);
  EXPECT_THAT(ways[3].destinations, IsEmpty());
}

TEST(Decide, WhomAPersonAssignedItToCountsAlone) {
  alert::v1::Alert alert = RaisedAlert("a");
  alert.add_to("LHB");
  alert.set_assigned_to("CSC/night");
  const std::vector<Way> ways = Decide("route { to: \"pager\" }", alert);
  ASSERT_EQ(ways.size(), 1u);
  EXPECT_EQ(ways[0].team, "CSC/night");
}

TEST(Decide, WhereTheBookNamesNobodyTheAccountableAgencyIsTold) {
  alert::v1::Alert alert = RaisedAlert("a");
  alert.clear_to();
  alert.set_accountable("LHB");
  EXPECT_EQ(Decide("route { to: \"pager\" }", alert)[0].team, "LHB");
}

TEST(Decide, HoursChooseTheRoute) {
  const std::string routes = R"(
team { id: "CSC" hours { day: "thu" from: "09:00" to: "17:00" } }
route { when: IN_HOURS to: "mail" }
route { when: OUT_OF_HOURS to: "pager" }
route { to: "mail" })";
  EXPECT_EQ(Decide(routes, RaisedAlert("a"))[0].route, 0);
  EXPECT_EQ(Decide(routes, RaisedAlert("a"), At("2026-11-26T17:00:00Z"))[0].route, 1);
}

TEST(Decide, BrothersAndSistersShareAGroupAndOthersDoNot) {
  const std::string routes = "route { group: HOUSEHOLD group_wait_seconds: 20 to: \"pager\" }";
  alert::v1::Alert one = RaisedAlert("a"), two = RaisedAlert("b");
  one.set_household("h1");
  two.set_household("h1");
  const Way way = Decide(routes, one)[0];
  EXPECT_NE(way.group, "");
  EXPECT_EQ(way.due, kNow + absl::Seconds(20));
  EXPECT_EQ(Decide(routes, two)[0].group, way.group);
  two.set_level("escalated");
  EXPECT_NE(Decide(routes, two)[0].group, way.group);
  // Nobody knows of a household: it is told by itself, at once.
  const Way alone = Decide(routes, RaisedAlert("c"))[0];
  EXPECT_EQ(alone.group, "");
  EXPECT_EQ(alone.due, kNow);
}

TEST(Decide, ADigestWaitsForItsTime) {
  const Way way = Decide("route { digest_at: \"16:00\" digest_at: \"09:00\" to: \"mail\" }",
                         RaisedAlert("a"))[0];
  EXPECT_TRUE(way.digest);
  EXPECT_EQ(way.due, At("2026-11-26T16:00:00Z"));
}

TEST(Decide, WhatIsOnlyAdvisoryNeverPages) {
  alert::v1::Alert alert = RaisedAlert("a");
  alert.set_weight("advisory");
  const std::string team =
      "team { id: \"CSC\" hours { day: \"mon\" day: \"thu\" from: \"09:00\" to: \"17:00\" } }";
  for (const char* route : {"", "quiet_outside_hours: true", "group: TEAM"}) {
    const std::string routes =
        absl::StrCat(team, "route { weight: \"advisory\" to: \"pager\" ", route, "}");
    EXPECT_TRUE(Decide(routes, alert)[0].digest) << route;
  }
  const std::string quiet =
      absl::StrCat(team, "route { weight: \"advisory\" quiet_outside_hours: true to: \"mail\" }");
  EXPECT_EQ(Decide(quiet, alert)[0].due, kNow + absl::Seconds(30));
  EXPECT_EQ(Decide(quiet, alert, At("2026-11-26T22:00:00Z"))[0].due, At("2026-11-30T09:00:00Z"));
}

TEST(Decide, NowhereIsARouteToo) {
  const Way way = Decide("route { nowhere: true }", RaisedAlert("a"))[0];
  EXPECT_EQ(way.route, 0);
  EXPECT_THAT(way.destinations, IsEmpty());
}

}  // namespace
}  // namespace dolen
