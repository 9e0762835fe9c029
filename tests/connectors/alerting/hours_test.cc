#include "connectors/alerting/hours.h"

#include <gtest/gtest.h>

#include "google/protobuf/text_format.h"
#include "tests/connectors/alerting/helpers.h"

namespace dolen {
namespace {

TeamHours HoursOf(const std::string& text) {
  routing::v1::Team team;
  DOLEN_CHECK(google::protobuf::TextFormat::ParseFromString(text, &team));
  return TeamHours(team);
}

const TeamHours& Office() {
  static const TeamHours office = HoursOf(R"(
    hours { day: "mon" day: "tue" day: "wed" day: "thu" day: "fri" from: "09:00" to: "17:00" }
    closed: "2026-12-25")");
  return office;
}

TEST(TeamHours, ATeamWithoutHoursAlwaysWorks) {
  EXPECT_TRUE(TeamHours().IsOpen(At("2026-12-25T03:00:00Z")));
  EXPECT_EQ(TeamHours().NextOpen(At("2026-12-25T03:00:00Z")), At("2026-12-25T03:00:00Z"));
}

TEST(TeamHours, AnEndIsNoPartOfTheHours) {
  struct Row {
    const char* at;
    bool open;
    const char* next;
  };
  for (const Row& row : std::vector<Row>{
           {"2026-11-26T08:59:59Z", false, "2026-11-26T09:00:00Z"},
           {"2026-11-26T09:00:00Z", true, "2026-11-26T09:00:00Z"},
           {"2026-11-26T16:59:59Z", true, "2026-11-26T16:59:59Z"},
           {"2026-11-26T17:00:00Z", false, "2026-11-27T09:00:00Z"},
           {"2026-11-27T17:00:00Z", false, "2026-11-30T09:00:00Z"},  // over the weekend
           {"2026-12-24T18:00:00Z", false, "2026-12-28T09:00:00Z"},  // over Christmas too
           {"2026-12-25T10:00:00Z", false, "2026-12-28T09:00:00Z"},
           {"2026-07-01T08:00:00Z", true, "2026-07-01T08:00:00Z"},  // 09:00 in summer time
           {"2026-07-01T16:00:00Z", false, "2026-07-02T08:00:00Z"}}) {
    EXPECT_EQ(Office().IsOpen(At(row.at)), row.open) << row.at;
    EXPECT_EQ(Office().NextOpen(At(row.at)), At(row.next)) << row.at;
  }
}

TEST(TeamHours, WhereClocksGoForwardHoursBeginWithTheFirstInstantAfterTheGap) {
  const TeamHours early = HoursOf(R"(hours { day: "sun" from: "01:30" to: "03:00" })");
  // 2026-03-29 01:00 becomes 02:00.
  EXPECT_EQ(early.NextOpen(At("2026-03-28T20:00:00Z")), At("2026-03-29T01:00:00Z"));
  EXPECT_FALSE(early.IsOpen(At("2026-03-29T00:59:00Z")));
  EXPECT_TRUE(early.IsOpen(At("2026-03-29T01:59:00Z")));
  EXPECT_FALSE(early.IsOpen(At("2026-03-29T02:00:00Z")));
}

TEST(TeamHours, WhereClocksGoBackBothHoursCount) {
  const TeamHours early = HoursOf(R"(hours { day: "sun" from: "01:00" to: "02:00" })");
  // 2026-10-25 02:00 becomes 01:00.
  EXPECT_TRUE(early.IsOpen(At("2026-10-25T00:30:00Z")));
  EXPECT_TRUE(early.IsOpen(At("2026-10-25T01:30:00Z")));
  EXPECT_FALSE(early.IsOpen(At("2026-10-25T02:00:00Z")));
}

TEST(TeamHours, OtherZonesHaveTheirOwnHours) {
  const TeamHours hours = HoursOf(R"(zone: "America/New_York" hours { day: "thu" from: "09:00"
                                  to: "24:00" })");
  EXPECT_FALSE(hours.IsOpen(At("2026-11-26T13:59:00Z")));
  EXPECT_TRUE(hours.IsOpen(At("2026-11-26T14:00:00Z")));
  EXPECT_TRUE(hours.IsOpen(At("2026-11-27T04:59:00Z")));
  EXPECT_FALSE(hours.IsOpen(At("2026-11-27T05:00:00Z")));
}

TEST(TeamHours, ATeamThatNeverWorksAgainIsNotWaitedFor) {
  const TeamHours none = HoursOf(R"(hours { day: "xxx" from: "09:00" to: "10:00" })");
  EXPECT_EQ(none.NextOpen(At("2026-11-26T13:59:00Z")), At("2026-11-26T13:59:00Z"));
}

TEST(TeamHours, TheNextTimeOfDayKeepsToTheClockOnTheWall) {
  const TeamHours any;
  const std::vector<int> nine = {9 * 60}, night = {90}, twice = {9 * 60, 16 * 60};
  EXPECT_EQ(any.NextOf(nine, At("2026-03-28T12:00:00Z")), At("2026-03-29T08:00:00Z"));
  EXPECT_EQ(any.NextOf(nine, At("2026-10-24T12:00:00Z")), At("2026-10-25T09:00:00Z"));
  EXPECT_EQ(any.NextOf(nine, At("2026-11-26T09:00:00Z")), At("2026-11-27T09:00:00Z"));
  EXPECT_EQ(any.NextOf(twice, At("2026-11-26T09:00:00Z")), At("2026-11-26T16:00:00Z"));
  EXPECT_EQ(any.NextOf(night, At("2026-03-28T12:00:00Z")), At("2026-03-29T01:00:00Z"));
  EXPECT_EQ(any.NextOf(night, At("2026-10-24T12:00:00Z")), At("2026-10-25T00:30:00Z"));
  EXPECT_EQ(any.NextOf(night, At("2026-10-25T00:45:00Z")), At("2026-10-26T01:30:00Z"));
}

}  // namespace
}  // namespace dolen
