// The real program on a real Kafka whose answers are lost after they were given, again and again.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "dolen/ledger/v1/ledger.pb.h"
#include "tests/connectors/kafka/lossy_proxy.h"
#include "tests/crash/harness.h"
#include "tests/crash/place.h"

namespace dolen {
namespace {

// Of how many answers one is lost, so that a run has some dozens of each kind.
constexpr std::pair<KafkaApi, int> kOneIn[] = {{KafkaApi::kProduce, 10},
                                               {KafkaApi::kOffsetCommit, 2},
                                               {KafkaApi::kInitProducerId, 2},
                                               {KafkaApi::kAddPartitionsToTxn, 4},
                                               {KafkaApi::kEndTxn, 4}};

// Each value that was received is in the ledger once, as long as one process reads the intake.
void ExpectEachValueOnce(const Where& where) {
  std::set<std::string> seen;
  for (const RawRecord& record : ReadTopic(where, "ledger")) {
    ledger::v1::Record parsed;
    ASSERT_TRUE(parsed.ParseFromString(record.value));
    if (!parsed.has_event()) continue;
    const ledger::v1::Position& intake = parsed.event().intake();
    const std::string place =
        absl::StrCat(intake.topic(), " ", intake.partition(), "@", intake.offset());
    EXPECT_TRUE(seen.insert(place).second) << place << " is there twice";
  }
  EXPECT_FALSE(seen.empty());
}

// The fewest losses of one kind so far.
int64_t FewestLost(const LossyProxy& proxy) {
  int64_t fewest = proxy.lost(kOneIn[0].first);
  for (const auto& [api, one_in] : kOneIn) fewest = std::min(fewest, proxy.lost(api));
  return fewest;
}

TEST(KafkaLostTest, NothingIsLostAndNothingIsToldTwiceWhereTheBrokersAnswersAreLost) {
  constexpr int64_t kLostOfEach = 8;
  constexpr int64_t kValuesBetween = 300;
  constexpr int kKills = 4;
  const TemporaryFolder folder;
  const uint64_t seed = Seed();
  LossyProxy proxy(TestBroker::Mortal(), seed);
  for (const auto& [api, one_in] : kOneIn) proxy.LoseOneIn(one_in, api);
  Where direct = NewPlace(folder.path());
  direct.kafka = TestBroker::Mortal().bootstrap();
  Where lossy = direct;
  lossy.kafka = proxy.bootstrap();
  lossy.properties = proxy.Options().properties;
  Trial trial(lossy, folder.path(), seed);
  ASSERT_TRUE(trial.StartAndWait());
  const absl::Time deadline = absl::Now() + absl::Seconds(60);
  while (FewestLost(proxy) < kLostOfEach && absl::Now() < deadline) {
    ASSERT_TRUE(trial.WaitForAcknowledged(kValuesBetween, absl::Seconds(60)));
  }
  EXPECT_GE(FewestLost(proxy), kLostOfEach);
  trial.Kill();
  ExpectEachValueOnce(direct);  // now that nobody writes: kcat would follow a moving end
  trial.KillAtRandom(Kills(kKills), absl::Milliseconds(1500));
  // It could not come to rest while every fourth commit must be looked for.
  for (const auto& [api, one_in] : kOneIn) proxy.LoseOneIn(0, api);
  if (!HasFailure()) trial.Judge(direct);
  for (const auto& [api, one_in] : kOneIn) {
    const std::string name(NameOf(api));
    std::printf("answers lost to %s: %lld\n", name.c_str(),
                static_cast<long long>(proxy.lost(api)));
  }
}

}  // namespace
}  // namespace dolen
