#include "connectors/alerting/breaker.h"

#include <gtest/gtest.h>

#include "connectors/alerting/rate.h"
#include "tests/connectors/alerting/helpers.h"

namespace dolen {
namespace {

TEST(Backoff, IsFastAtFirstAndLastsADay) {
  absl::Duration total;
  for (uint32_t failed = 1; failed < kMostAttempts; ++failed) {
    const absl::Duration wait = Backoff(failed, "id");
    EXPECT_LE(wait, kLongestBackoff * 11 / 10);
    if (failed <= 5) {
      EXPECT_LT(total, absl::Minutes(5));
    }
    total += wait;
  }
  EXPECT_GE(total, absl::Hours(24));
  EXPECT_LE(total, absl::Hours(27));
}

TEST(Backoff, IsTheSameForTheSameNoticeAndAnotherForAnother) {
  EXPECT_EQ(Backoff(3, "a"), Backoff(3, "a"));
  EXPECT_NE(Backoff(3, "a"), Backoff(3, "b"));
  EXPECT_NE(Backoff(11, "a"), Backoff(12, "a"));
}

TEST(Breaker, OpensAfterFailuresInARowAndProbes) {
  Breaker breaker;
  absl::Time now = At("2026-11-26T09:00:00Z");
  for (int i = 0; i < Breaker::kFailuresToOpen; ++i) {
    EXPECT_FALSE(breaker.open());
    EXPECT_LE(breaker.next(), now);
    breaker.Failed(now);
  }
  EXPECT_TRUE(breaker.open());
  EXPECT_EQ(breaker.next(), now + Breaker::kFirstPause);
  now = breaker.next();
  breaker.Failed(now);  // the probe
  EXPECT_EQ(breaker.next(), now + 2 * Breaker::kFirstPause);
  for (int i = 0; i < 10; ++i) breaker.Failed(now);
  EXPECT_EQ(breaker.next(), now + Breaker::kLongestPause);
  EXPECT_TRUE(breaker.Succeeded());
  EXPECT_FALSE(breaker.open());
  EXPECT_LE(breaker.next(), now);
  EXPECT_FALSE(breaker.Succeeded());
}

TEST(Rate, LetsSoManyPagesGoInAnyHour) {
  Rate rate(2);
  const absl::Time now = At("2026-11-26T09:00:00Z");
  EXPECT_LE(rate.NextPage(), now);
  rate.Paged(now);
  EXPECT_LE(rate.NextPage(), now);
  rate.Paged(now + absl::Minutes(10));
  EXPECT_EQ(rate.NextPage(), now + absl::Hours(1));
  rate.Paged(now + absl::Hours(1));
  EXPECT_EQ(rate.NextPage(), now + absl::Minutes(70));
}

}  // namespace
}  // namespace dolen
