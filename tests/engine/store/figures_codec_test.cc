#include "engine/store/figures_codec.h"

#include <gtest/gtest.h>

#include <random>

#include "dolen/store/v1/store.pb.h"

namespace dolen {
namespace {

class AnyFigures {
 public:
  explicit AnyFigures(uint64_t seed) : random_(seed) {}

  int64_t Below(int64_t bound) { return static_cast<int64_t>(random_() % bound); }

  Figures Make() {
    Figures figures;
    for (int64_t i = Below(6); i > 0; --i) {
      ClockFigures& its = figures.clocks[{Name(), Name(), Month()}];
      for (int64_t* count : {&its.in_time, &its.late, &its.excused, &its.cancelled, &its.done,
                             &its.no_calendar, &its.untold, &its.late_by_report}) {
        *count = Count();
      }
      for (absl::Duration* time : {&its.action, &its.overrun, &its.reporting}) *time = Time();
      for (int64_t n = Below(4); n > 0; --n) its.shares[{Name(), Below(2) == 0}] = Time();
    }
    for (int64_t i = Below(6); i > 0; --i) {
      AskFigures& its = figures.asks[{Name(), Name(), Month()}];
      for (int64_t* count : {&its.asks, &its.taken_on, &its.passed_on, &its.back}) {
        *count = Count();
      }
      for (int64_t n = Below(3); n > 0; --n) its.declined[Name()] = Count();
    }
    return figures;
  }

 private:
  std::string Name() { return std::string(Below(4), static_cast<char>('a' + Below(5))); }
  absl::CivilMonth Month() { return absl::CivilMonth(2020, 1) + Below(100); }
  int64_t Count() { return Below(2) * Below(1000); }
  absl::Duration Time() {
    return Below(3) == 0 ? absl::Microseconds(Below(int64_t{1} << 50)) : absl::Seconds(Below(9999));
  }

  std::mt19937_64 random_;
};

TEST(FiguresCodec, WhatIsWrittenIsReadBackByteForByte) {
  AnyFigures any(1);
  for (int i = 0; i < 2000; ++i) {
    const Figures figures = any.Make();
    const std::string bytes = EncodeFigures(figures);
    Figures read;
    ASSERT_TRUE(DecodeFigures(bytes, read).ok());
    ASSERT_EQ(read, figures);
    ASSERT_EQ(EncodeFigures(read), bytes);
    ASSERT_EQ(bytes.empty(), figures.empty());
  }
}

TEST(FiguresCodec, ReadingAddsToWhatIsThere) {
  AnyFigures any(2);
  for (int i = 0; i < 500; ++i) {
    const Figures a = any.Make(), b = any.Make();
    Figures sum = a, read = a, other_way = b;
    sum += b;
    other_way += a;
    ASSERT_TRUE(DecodeFigures(EncodeFigures(b), read).ok());
    EXPECT_EQ(read, sum);
    EXPECT_EQ(other_way, sum);
  }
}

TEST(FiguresCodec, NumbersThatDoNotFitTogetherAreDataLoss) {
  AnyFigures any(3);
  int refused = 0, taken = 0;
  for (int i = 0; i < 5000; ++i) {
    store::v1::Figures row;
    ASSERT_TRUE(row.ParseFromString(EncodeFigures(any.Make())));
    if (row.number_size() == 0) continue;
    const int place = static_cast<int>(any.Below(row.number_size()));
    switch (any.Below(3)) {
      case 0:
        row.mutable_number()->Truncate(place);
        break;
      case 1:
        row.set_number(place, ~uint64_t{0} >> any.Below(64));
        break;
      default:
        row.add_number(0);
    }
    Figures figures;
    const absl::Status read = DecodeFigures(row.SerializeAsString(), figures);
    EXPECT_TRUE(read.ok() || absl::IsDataLoss(read)) << read;
    ++(read.ok() ? taken : refused);
  }
  EXPECT_GT(refused, 1000);
  EXPECT_GT(taken, 10);
  Figures figures;
  EXPECT_TRUE(absl::IsDataLoss(DecodeFigures("\xff", figures)));
}

}  // namespace
}  // namespace dolen
