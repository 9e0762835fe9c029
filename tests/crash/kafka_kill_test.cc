// kill -9 of the real program, and of the broker, on a real Kafka.
#include <filesystem>

#include <gtest/gtest.h>

#include "absl/time/clock.h"

#include "tests/connectors/kafka/broker.h"
#include "tests/crash/harness.h"
#include "tests/crash/place.h"

namespace dolen {
namespace {

TEST(KafkaKillTest, NothingIsLostNothingIsAppliedTwiceAndEachAlertIsToldOnce) {
  const TemporaryFolder folder;
  Trial trial(NewPlace(folder.path()), folder.path(), Seed());
  // The first batch is taken some 200 ms after the answer: each request opens a producer of its
  // own.
  trial.KillAtRandom(Kills(100), absl::Milliseconds(800));
  if (!HasFailure()) trial.Judge();
}

TEST(KafkaKillTest, TheProgramOutlivesABrokerThatIsKilledAndGoesOnByItself) {
  constexpr int kBrokerKills = 3;
  constexpr int64_t kValuesBetween = 300;
  const TemporaryFolder folder;
  TestBroker& broker = TestBroker::Mortal();
  Where where = NewPlace(folder.path());
  where.kafka = broker.bootstrap();
  Trial trial(where, folder.path(), Seed());
  ASSERT_TRUE(trial.StartAndWait() && trial.WaitForNotifier());
  for (int i = 0; i < kBrokerKills; ++i) {
    ASSERT_TRUE(trial.WaitForAcknowledged(kValuesBetween, absl::Seconds(120)));
    broker.Kill();
    broker.Restart();
  }
  ASSERT_TRUE(trial.WaitForAcknowledged(kValuesBetween, absl::Seconds(120)));
  trial.Judge();  // of the same process: it was never started again
}

// Another machine: the same topics and secret, stores of its own.
Where RivalOf(const Where& first, const TemporaryFolder& folder) {
  Where where = first;
  where.data = folder.path() + "/rival";
  std::filesystem::create_directories(where.data);
  std::filesystem::copy(first.data + "/secret", where.data + "/secret",
                        std::filesystem::copy_options::skip_existing);
  return where;
}

TEST(KafkaKillTest, ASecondProcessThatTakesOverWhileTheFirstSleepsTellsNothingTwice) {
  constexpr int kRounds = 3;
  constexpr int64_t kValuesBetween = 300;
  const TemporaryFolder folder;
  Trial trial(NewPlace(folder.path()), folder.path(), Seed());
  ASSERT_TRUE(trial.StartAndWait());
  for (int i = 0; i < kRounds; ++i) {
    ASSERT_TRUE(trial.WaitForAcknowledged(kValuesBetween, absl::Seconds(120)));
    trial.serve().Pause();
    Serve rival(RivalOf(trial.serve().where(), folder), folder.path() + "/book.textproto",
                folder.path() + "/rival.log");
    rival.Start();
    ASSERT_TRUE(rival.WaitUntilItAnswers()) << rival.Messages();
    absl::SleepFor(absl::Seconds(1));  // it tells what the sleeper has left
    trial.serve().Continue();          // now both tick and tell
    ASSERT_TRUE(trial.WaitForAcknowledged(kValuesBetween, absl::Seconds(120)));
    EXPECT_TRUE(rival.IsRunning()) << rival.Messages();
    rival.Kill();
  }
  trial.Judge();
}

}  // namespace
}  // namespace dolen
