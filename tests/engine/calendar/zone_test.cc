#include "engine/calendar/zone.h"

#include "deploy/zone_table.h"
#include "engine/base/time.h"
#include "engine/pathway/zone_proto.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dolen {
namespace {

using testing::HasSubstr;

absl::Time At(absl::string_view text) {
  absl::Time time;
  EXPECT_TRUE(ParseRfc3339(text, time)) << text;
  return time;
}

Zone ZoneOf(const std::string& name) {
  const absl::StatusOr<ledger::v1::Zone> table = LoadZoneTable(name);
  EXPECT_TRUE(table.ok()) << table.status();
  const absl::StatusOr<Zone> zone = ZoneFromProto(*table);
  EXPECT_TRUE(zone.ok()) << zone.status();
  return *zone;
}

// The earlier of two, the first after a gap.
absl::Time Expected(absl::TimeZone zone, absl::CivilSecond civil) {
  const absl::TimeZone::TimeInfo info = zone.At(civil);
  return info.kind == absl::TimeZone::TimeInfo::SKIPPED ? info.trans : info.pre;
}

TEST(Zone, WithoutATableItIsUtc) {
  const Zone zone;
  const absl::Time noon = At("2026-06-01T12:00:00Z");
  EXPECT_EQ(zone.CivilOf(noon), absl::CivilSecond(2026, 6, 1, 12, 0, 0));
  EXPECT_EQ(zone.InstantOf(absl::CivilSecond(2026, 6, 1, 12, 0, 0)), noon);
}

TEST(Zone, ALocalTimeInTheGapIsTheFirstInstantAfterIt) {
  const Zone zone = ZoneOf("Europe/London");
  const absl::Time after = At("2026-03-29T01:00:00Z");
  EXPECT_EQ(zone.InstantOf(absl::CivilSecond(2026, 3, 29, 1, 0, 0)), after);
  EXPECT_EQ(zone.InstantOf(absl::CivilSecond(2026, 3, 29, 1, 59, 59)), after);
  EXPECT_EQ(zone.InstantOf(absl::CivilSecond(2026, 3, 29, 2, 0, 0)), after);
  EXPECT_EQ(zone.InstantOf(absl::CivilSecond(2026, 3, 29, 0, 59, 59)), after - absl::Seconds(1));
  EXPECT_EQ(zone.CivilOf(after), absl::CivilSecond(2026, 3, 29, 2, 0, 0));
  EXPECT_EQ(zone.CivilOf(after - absl::Nanoseconds(1)), absl::CivilSecond(2026, 3, 29, 0, 59, 59));
}

TEST(Zone, ALocalTimeThatIsThereTwiceIsTheEarlier) {
  const Zone zone = ZoneOf("Europe/London");
  EXPECT_EQ(zone.InstantOf(absl::CivilSecond(2026, 10, 25, 1, 0, 0)), At("2026-10-25T00:00:00Z"));
  EXPECT_EQ(zone.InstantOf(absl::CivilSecond(2026, 10, 25, 1, 59, 59)), At("2026-10-25T00:59:59Z"));
  EXPECT_EQ(zone.InstantOf(absl::CivilSecond(2026, 10, 25, 2, 0, 0)), At("2026-10-25T02:00:00Z"));
}

// X05 and X06 of the worked deadlines: elapsed hours over a change of the clocks.
TEST(Zone, ElapsedHoursShowAnotherLocalTimeAfterAChange) {
  const Zone zone = ZoneOf("Europe/London");
  const absl::Time spring = zone.InstantOf(absl::CivilSecond(2026, 3, 28, 18, 0, 0));
  EXPECT_EQ(zone.CivilOf(spring + absl::Hours(24)), absl::CivilSecond(2026, 3, 29, 19, 0, 0));
  const absl::Time autumn = zone.InstantOf(absl::CivilSecond(2026, 10, 24, 18, 0, 0));
  EXPECT_EQ(zone.CivilOf(autumn + absl::Hours(24)), absl::CivilSecond(2026, 10, 25, 17, 0, 0));
  const absl::Time friday = zone.InstantOf(absl::CivilSecond(2026, 3, 27, 20, 0, 0));
  EXPECT_EQ(zone.CivilOf(friday + absl::Hours(72)), absl::CivilSecond(2026, 3, 30, 21, 0, 0));
}

TEST(Zone, ADayBeginsAtLocalMidnight) {
  const Zone zone = ZoneOf("Europe/London");
  EXPECT_EQ(zone.StartOf(absl::CivilDay(2026, 3, 29)), At("2026-03-29T00:00:00Z"));
  EXPECT_EQ(zone.StartOf(absl::CivilDay(2026, 3, 30)), At("2026-03-29T23:00:00Z"));
  EXPECT_EQ(zone.DayOf(At("2026-06-30T23:00:00Z")), absl::CivilDay(2026, 7, 1));
  EXPECT_EQ(zone.DayOf(At("2026-06-30T22:59:59.999Z")), absl::CivilDay(2026, 6, 30));
}

TEST(Zone, ADayThatNeverWasBeginsWithTheNext) {
  // Samoa left out 30 December 2011.
  const Zone zone = ZoneOf("Pacific/Apia");
  EXPECT_EQ(zone.StartOf(absl::CivilDay(2011, 12, 30)), zone.StartOf(absl::CivilDay(2011, 12, 31)));
  EXPECT_EQ(zone.StartOf(absl::CivilDay(2011, 12, 31)), At("2011-12-30T10:00:00Z"));
}

// Every quarter of an hour within two days of every change: as absl says from the system's data.
class ZoneTable : public testing::TestWithParam<const char*> {};

TEST_P(ZoneTable, AgreesWithTheSystemAroundEveryChange) {
  absl::TimeZone system;
  ASSERT_TRUE(absl::LoadTimeZone(GetParam(), &system));
  const Zone zone = ZoneOf(GetParam());
  int changes = 0;
  for (const Zone::Change& change : zone.changes()) {
    if (change.at < At("2012-01-01T00:00:00Z") || change.at > At("2041-01-01T00:00:00Z")) continue;
    ++changes;
    for (int quarter = -200; quarter <= 200; ++quarter) {
      const absl::Time instant = change.at + quarter * absl::Minutes(15);
      const absl::CivilSecond civil = zone.CivilOf(instant);
      ASSERT_EQ(civil, absl::ToCivilSecond(instant, system)) << Rfc3339(instant);
      ASSERT_EQ(zone.InstantOf(civil), Expected(system, civil)) << absl::FormatCivilTime(civil);
      // This one steps over civil times, so that it meets those in a gap.
      const absl::CivilSecond wall =
          absl::CivilSecond(absl::ToCivilSecond(change.at, system)) + quarter * 15 * 60;
      ASSERT_EQ(zone.InstantOf(wall), Expected(system, wall)) << absl::FormatCivilTime(wall);
    }
  }
  EXPECT_GE(changes, 2) << "nothing was compared";
}

TEST_P(ZoneTable, AgreesWithTheSystemOnEveryDay) {
  absl::TimeZone system;
  ASSERT_TRUE(absl::LoadTimeZone(GetParam(), &system));
  const Zone zone = ZoneOf(GetParam());
  for (absl::CivilDay day(1900, 1, 2); day < absl::CivilDay(2100, 12, 31); ++day) {
    ASSERT_EQ(zone.StartOf(day), Expected(system, absl::CivilSecond(day))) << DayText(day);
  }
}

INSTANTIATE_TEST_SUITE_P(Zones, ZoneTable,
                         testing::Values("Europe/London", "Europe/Dublin", "America/New_York",
                                         "Australia/Lord_Howe", "Africa/Casablanca"),
                         [](const auto& tested) {
                           std::string name = tested.param;
                           for (char& c : name) {
                             if (c == '/') c = '_';
                           }
                           return name;
                         });

TEST(ZoneTable, LondonChangesTwiceAYear) {
  const Zone zone = ZoneOf("Europe/London");
  int changes = 0;
  for (const Zone::Change& change : zone.changes()) {
    if (At("2012-01-01T00:00:00Z") <= change.at && change.at < At("2041-01-01T00:00:00Z")) {
      ++changes;
    }
  }
  EXPECT_EQ(changes, 2 * 29);
}

TEST(ZoneTable, AZoneWithoutChangesHasItsOneOffset) {
  const Zone zone = ZoneOf("Etc/GMT-5");
  EXPECT_TRUE(zone.changes().empty());
  EXPECT_EQ(zone.first_offset(), absl::Hours(5));
}

TEST(ZoneTable, AnUnknownNameSaysWhatToWrite) {
  const absl::Status status = LoadZoneTable("Europe/Dolgellau").status();
  EXPECT_TRUE(absl::IsNotFound(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("Europe/London"));
}

TEST(ZoneProto, ComesBackAsItWent) {
  const ledger::v1::Zone table = *LoadZoneTable("Europe/London");
  EXPECT_EQ(ZoneToProto(*ZoneFromProto(table)).SerializeAsString(), table.SerializeAsString());
}

TEST(ZoneProto, BrokenTablesAreRefused) {
  ledger::v1::Zone odd;
  odd.add_at(1);
  EXPECT_FALSE(ZoneFromProto(odd).ok());

  ledger::v1::Zone back;
  for (int64_t at : {2, 2}) {
    back.add_at(at);
    back.add_offset(3600);
  }
  EXPECT_THAT(std::string(ZoneFromProto(back).status().message()),
              HasSubstr("change 1 at 1970-01-01T00:00:02+00:00 is not after the one before it"));

  ledger::v1::Zone wide;
  wide.set_first_offset(26 * 3600);
  EXPECT_FALSE(ZoneFromProto(wide).ok());
  wide.set_first_offset(0);
  wide.add_at(0);
  wide.add_offset(-26 * 3600);
  EXPECT_FALSE(ZoneFromProto(wide).ok());
}

}  // namespace
}  // namespace dolen
