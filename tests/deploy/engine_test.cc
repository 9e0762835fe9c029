// An installation at work, under clocks that a test can turn.
#include "deploy/program/engine.h"

#include <gtest/gtest.h>

#include <atomic>

#include "absl/time/clock.h"
#include "deploy/program/progress.h"
#include "tests/deploy/wait.h"

namespace dolen {
namespace {

// Wall and boot time, which the test moves on together.
class Clocks {
 public:
  GuardedClock::Source Source() {
    return {[this] { return absl::FromUnixSeconds(1770000000) + Passed(); },
            [this] { return Passed(); }};
  }
  void Pass(absl::Duration time) { seconds_ += absl::ToInt64Seconds(time); }

 private:
  absl::Duration Passed() const { return absl::Seconds(1000 + seconds_.load()); }
  std::atomic<int64_t> seconds_{0};
};

// Appends one record and waits for nothing.
void Append(Log& log, const TopicPartition& to, const std::string& value) {
  const std::unique_ptr<LogAppender> appender = *log.OpenAppender();
  ASSERT_TRUE(appender->Append(to, "", value).ok());
  ASSERT_TRUE(appender->Flush().ok());
}

TEST(Engine, ReceivedMessagesGoWhenTheirTimeIsOverAndTheLedgerStays) {
  Clocks clocks;
  Place place;
  place.data = MakeTemporaryFolder();
  place.partitions = 1;
  const absl::StatusOr<std::unique_ptr<Engine>> opened = Engine::Open(place, clocks.Source());
  ASSERT_TRUE(opened.ok()) << opened.status();
  Engine& engine = **opened;
  Log& log = engine.installation().log();
  const TopicNames& names = engine.installation().names();
  const TopicPartition intake{names.Intake("alpha"), 0}, ledger{names.Ledger(), 0};
  ASSERT_TRUE(log.CreateTopic({intake.topic, 1, false, absl::Hours(24 * 90)}).ok());
  Append(log, intake, "an old message");
  clocks.Pass(absl::Hours(24 * 91));
  Append(log, intake, "a fresh one");
  Append(log, ledger, TickRecord(engine.clock().Now()));
  EXPECT_EQ(log.BoundsOf(intake)->begin, 0);
  engine.Start();
  clocks.Pass(absl::Minutes(2));
  WaitFor([&] { return log.BoundsOf(intake)->begin > 0; });
  engine.Stop();
  EXPECT_EQ(log.BoundsOf(intake)->begin, 1);
  EXPECT_EQ(log.BoundsOf(intake)->end, 2);
  EXPECT_EQ(log.BoundsOf(ledger)->begin, 0);
}

// A list said "in 24 hours" of what was due in twelve, since nothing had happened since midnight.
TEST(Engine, WhereNothingComesAndNobodyIsDueTheRowsHoldUntilNow) {
  Clocks clocks;
  Place place;
  place.data = MakeTemporaryFolder();
  place.partitions = 2;
  const absl::StatusOr<std::unique_ptr<Engine>> opened = Engine::Open(place, clocks.Source());
  ASSERT_TRUE(opened.ok()) << opened.status();
  Engine& engine = **opened;
  EXPECT_EQ(engine.HoldsUntil(0), absl::InfinitePast());
  engine.Start();
  for (const absl::Duration quiet : {absl::Hours(1), absl::Hours(12)}) {
    clocks.Pass(quiet);
    const absl::Time now = engine.clock().Now();
    WaitFor([&] { return engine.HoldsUntil(0) >= now && engine.HoldsUntil(1) >= now; });
    EXPECT_EQ(engine.HoldsUntil(0), now);
    EXPECT_EQ(engine.HoldsUntil(1), now);
    EXPECT_LT(engine.WithShard(0, [](Shard& one) { return one.fold().reached(); }), now);
  }
  engine.Stop();
}

}  // namespace
}  // namespace dolen
