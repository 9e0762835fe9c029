#include "connectors/alerting/clock.h"

#include <gtest/gtest.h>

#include "tests/connectors/alerting/helpers.h"

namespace dolen {
namespace {

struct Clocks {
  absl::Time wall = At("2026-11-26T09:00:00Z");
  absl::Duration boot = absl::Hours(5);
  void Pass(absl::Duration time) {
    wall += time;
    boot += time;
  }
  NotifierClock::Source Source() {
    return {[this] { return wall; }, [this] { return boot; }};
  }
};

TEST(NotifierClock, AJumpOfTheWallClockIsNotBelievedAtOnce) {
  for (const absl::Duration jump : {absl::Hours(30), -absl::Hours(30)}) {
    Clocks clocks;
    NotifierClock clock(clocks.Source());
    const absl::Time start = clocks.wall;
    clocks.Pass(absl::Minutes(1));
    EXPECT_EQ(clock.Now(), start + absl::Minutes(1));
    clocks.wall += jump;
    EXPECT_EQ(clock.Now(), start + absl::Minutes(1));
    clocks.Pass(absl::Minutes(5));
    EXPECT_EQ(clock.Now(), start + absl::Minutes(6));
    clocks.Pass(absl::Minutes(5));
    EXPECT_EQ(clock.Now(), clocks.wall);
  }
}

TEST(NotifierClock, AJumpThatIsTakenBackChangesNothing) {
  Clocks clocks;
  NotifierClock clock(clocks.Source());
  clocks.wall += absl::Hours(1);
  clock.Now();
  clocks.wall -= absl::Hours(1);
  clocks.Pass(absl::Minutes(9));
  EXPECT_EQ(clock.Now(), clocks.wall);
  clocks.wall += absl::Hours(1);
  clocks.Pass(absl::Minutes(9));
  EXPECT_EQ(clock.Now(), clocks.wall - absl::Hours(1));
}

}  // namespace
}  // namespace dolen
