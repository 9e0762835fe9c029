#include "engine/shard/guarded_clock.h"

#include <gtest/gtest.h>

#include "engine/base/limits.h"
#include "tests/engine/child/story.h"

namespace dolen {
namespace {

using story::At;

class GuardedClockTest : public testing::Test {
 protected:
  GuardedClock Start(absl::Time reached) {
    return GuardedClock({[this] { return wall_; }, [this] { return boot_; }}, reached);
  }
  void Pass(absl::Duration time) {
    wall_ += time;
    boot_ += time;
  }

  absl::Time wall_ = At("2026-01-05 09:00");
  absl::Duration boot_ = absl::Hours(5);
};

TEST_F(GuardedClockTest, GoesByBootTimeFromTheWallClockAtStart) {
  GuardedClock clock = Start(At("2026-01-05 08:00"));
  EXPECT_EQ(clock.Now(), wall_);
  Pass(absl::Hours(1));
  EXPECT_EQ(clock.Now(), At("2026-01-05 10:00"));
  wall_ += absl::Milliseconds(1900);  // a small step is not followed
  EXPECT_EQ(clock.Now(), At("2026-01-05 10:00"));
  EXPECT_TRUE(clock.Trusted());
}

TEST_F(GuardedClockTest, StandsStillAfterAJumpWhileRunningUntilConfirmed) {
  for (const absl::Duration jump : {absl::Hours(30), -absl::Hours(30), kMaxClockStep}) {
    wall_ = At("2026-01-05 09:00");
    GuardedClock clock = Start(At("2026-01-05 08:00"));
    clock.Now();
    clock.SawReached(At("2026-01-05 09:00"));
    wall_ += jump;
    EXPECT_FALSE(clock.Trusted());
    EXPECT_NE(clock.Alarm(), "");
    EXPECT_EQ(clock.Now(), At("2026-01-05 09:00")) << "the last time reached";
    Pass(absl::Hours(1));
    EXPECT_EQ(clock.Now(), At("2026-01-05 09:00"));
    wall_ -= jump;  // it came back by itself: still nobody has looked
    EXPECT_FALSE(clock.Trusted());
    clock.Confirm();
    EXPECT_TRUE(clock.Trusted());
    EXPECT_EQ(clock.Alarm(), "");
    EXPECT_EQ(clock.Now(), wall_);
  }
}

TEST_F(GuardedClockTest, AWallClockThatCannotBeBelievedAtStartIsNotFollowed) {
  GuardedClock behind = Start(wall_ + absl::Microseconds(1));
  EXPECT_FALSE(behind.Trusted());
  EXPECT_EQ(behind.Now(), wall_ + absl::Microseconds(1));
  GuardedClock ahead = Start(wall_ - kMaxClockGap - absl::Microseconds(1));
  EXPECT_FALSE(ahead.Trusted());
  EXPECT_EQ(ahead.Now(), wall_ - kMaxClockGap - absl::Microseconds(1));
  EXPECT_TRUE(Start(wall_).Trusted());
  EXPECT_TRUE(Start(wall_ - kMaxClockGap).Trusted());
  EXPECT_TRUE(Start(absl::InfinitePast()).Trusted()) << "nothing was ever written";
  ahead.Confirm();
  EXPECT_TRUE(ahead.Trusted());
  EXPECT_EQ(ahead.Now(), wall_);
}

TEST_F(GuardedClockTest, NeverGoesBackByItself) {
  GuardedClock clock = Start(absl::InfinitePast());
  Pass(absl::Hours(1));
  const absl::Time said = clock.Now();
  clock.SawReached(said - absl::Minutes(10));  // what it wrote is not folded yet
  wall_ += absl::Hours(30);
  EXPECT_FALSE(clock.Trusted());
  EXPECT_GE(clock.Now(), said);
}

}  // namespace
}  // namespace dolen
