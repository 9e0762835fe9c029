#include "engine/base/time.h"

#include <limits>
#include <string>

#include "gtest/gtest.h"

namespace dolen {
namespace {

TEST(ParseTimeOfDay, TakesHoursAndMinutesOfADayToItsEnd) {
  struct Row {
    const char* text;
    int minutes;
  };
  for (const Row& row : std::initializer_list<Row>{{"00:00", 0},
                                                   {"00:01", 1},
                                                   {"09:05", 545},
                                                   {"16:00", 960},
                                                   {"23:59", 1439},
                                                   {"24:00", 1440}}) {
    int minutes = -1;
    EXPECT_TRUE(ParseTimeOfDay(row.text, minutes)) << row.text;
    EXPECT_EQ(minutes, row.minutes) << row.text;
  }
}

TEST(ParseTimeOfDay, TakesNothingElse) {
  for (const char* text : {"", "9:00", "09:0", "09:000", "0900", "09.00", "24:01", "25:00", "09:60",
                           " 9:00", "09: 0", "-1:00", "09:-1", "ab:cd", "09:00Z", "09:00:00"}) {
    int minutes = 7;
    EXPECT_FALSE(ParseTimeOfDay(text, minutes)) << text;
    EXPECT_EQ(minutes, 7) << "untouched by " << text;
  }
  int minutes = 7;
  EXPECT_FALSE(ParseTimeOfDay(absl::string_view("09:0\0", 5), minutes));
}

TEST(ParseDay, TakesDaysThatExist) {
  absl::CivilDay day;
  for (const char* text : {"2026-03-02", "2024-02-29", "1900-01-01", "9999-12-31"}) {
    ASSERT_TRUE(ParseDay(text, day)) << text;
    EXPECT_EQ(DayText(day), text);
  }
  const absl::CivilDay before = day;
  for (const char* text : {"", "2026-3-2", "2026-02-29", "2026-13-01", "2026-00-10", "2026-01-00",
                           "2026/01/01", "02-03-2026", "2026-01-0x", "2026-01-011"}) {
    EXPECT_FALSE(ParseDay(text, day)) << text;
    EXPECT_EQ(day, before) << "untouched by " << text;
  }
}

TEST(Micros, KeepsTheInfiniteTimes) {
  EXPECT_EQ(Micros(absl::InfiniteFuture()), std::numeric_limits<int64_t>::max());
  EXPECT_EQ(Micros(absl::InfinitePast()), std::numeric_limits<int64_t>::min());
  for (const absl::Time time :
       {absl::InfiniteFuture(), absl::InfinitePast(), absl::UnixEpoch(),
        absl::UnixEpoch() - absl::Microseconds(1), absl::FromUnixMicros(1772442000000001)}) {
    EXPECT_EQ(FromMicros(Micros(time)), time);
  }
}

TEST(Timestamps, AreReadAsTheyWereWritten) {
  for (const int64_t micros :
       {int64_t{0}, int64_t{-1}, int64_t{-1000001}, int64_t{1772442000000001}}) {
    const google::protobuf::Timestamp timestamp = ToTimestamp(FromMicros(micros));
    EXPECT_GE(timestamp.nanos(), 0) << "as the contract of Timestamp has it";
    EXPECT_EQ(Micros(FromTimestamp(timestamp)), micros);
  }
}

}  // namespace
}  // namespace dolen
