// The broker did what it was asked, and its answer never arrives.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/connectors/kafka/broker.h"
#include "tests/connectors/kafka/lossy_proxy.h"

namespace dolen {
namespace {

constexpr uint64_t kSeed = 20261126;
constexpr int kBatch = 3;  // values

std::vector<std::string> Numbers(int64_t begin, int64_t end) {
  std::vector<std::string> numbers;
  for (; begin < end; ++begin) numbers.push_back(absl::StrCat(begin));
  return numbers;
}

// Writes batches of 0, 1, 2 ... as the owner of a partition does: after an error that says nothing
// of the outcome it opens a new writer, reads back what is there, and goes on behind it.
class Owner {
 public:
  Owner(Log& log, TopicPartition at) : log_(log), at_(std::move(at)) {}

  // Until so many further batches are there; false and a failure of the test where it cannot.
  bool Write(int batches) {
    const int64_t wanted = written_ + batches;
    while (written_ < wanted) {
      if (writer_ == nullptr && !TakeOver()) return false;
      last_ = writer_->Append(Entries(Numbers(written_ * kBatch, (written_ + 1) * kBatch)));
      if (last_.ok()) {
        ++written_;
        continue;
      }
      EXPECT_TRUE(absl::IsUnknown(last_) || absl::IsUnavailable(last_)) << last_;
      writer_ = nullptr;
    }
    return !testing::Test::HasFailure();
  }
  // With a new writer, as another process would.
  bool TakeOver() {
    const absl::Time deadline = absl::Now() + absl::Seconds(60);
    auto opened = log_.OpenFencedWriter(at_, "w");
    while (!opened.ok() && absl::Now() < deadline) opened = log_.OpenFencedWriter(at_, "w");
    EXPECT_TRUE(opened.ok()) << opened.status();
    if (!opened.ok()) return false;
    writer_ = *std::move(opened);
    const std::vector<std::string> there = AllValues(log_, at_, Holes::kAllowed);
    const auto found = static_cast<int64_t>(there.size()) / kBatch;
    EXPECT_EQ(there, Numbers(0, found * kBatch)) << "torn, doubled or out of order";
    EXPECT_GE(found, written_) << "lost a batch that was said to be written";
    EXPECT_LE(found, written_ + (absl::IsUnknown(last_) ? 1 : 0)) << "after " << last_;
    written_ = found;
    last_ = absl::OkStatus();
    return true;
  }
  int64_t written() const { return written_; }

 private:
  Log& log_;
  const TopicPartition at_;
  std::unique_ptr<FencedWriter> writer_;
  // At first: whoever was here before may have written one.
  absl::Status last_ = absl::UnknownError("");
  int64_t written_ = 0;  // batches
};

class KafkaLostAnswerTest : public testing::Test {
 protected:
  KafkaLostAnswerTest() : proxy_(broker_, kSeed), direct_(broker_.Open()) {}
  TopicPartition Topic(const std::string& name) {
    const TopicPartition topic{Unique(name), 0};
    const absl::Status status = direct_->CreateTopic({topic.topic});
    EXPECT_TRUE(status.ok()) << status;
    return topic;
  }
  // Behind the proxy, and `impatient` gives an answer up within a second.
  std::unique_ptr<Log> Open(bool impatient = false) {
    KafkaOptions options = proxy_.Options();
    if (impatient) options.properties["socket.timeout.ms"] = "1000";
    auto log = OpenKafkaLog(options);
    EXPECT_TRUE(log.ok()) << log.status();
    return *std::move(log);
  }
  void ExpectOnceAndInOrder(const TopicPartition& at, int64_t batches) {
    EXPECT_EQ(AllValues(*direct_, at, Holes::kAllowed), Numbers(0, batches * kBatch));
  }

  TestBroker& broker_ = TestBroker::Mortal();
  LossyProxy proxy_;
  std::unique_ptr<Log> direct_;
};

class KafkaLostAnswerToTest : public KafkaLostAnswerTest,
                              public testing::WithParamInterface<KafkaApi> {};

TEST_P(KafkaLostAnswerToTest, AFencedWriterWritesEachBatchOnce) {
  constexpr int kRounds = 2;
  const TopicPartition at = Topic("fenced");
  const std::unique_ptr<Log> log = Open();
  Owner owner(*log, at);
  for (int round = 0; round < kRounds; ++round) {
    proxy_.LoseNext(1, GetParam());
    ASSERT_TRUE(owner.TakeOver());
    ASSERT_TRUE(owner.Write(2));
  }
  EXPECT_EQ(proxy_.lost(GetParam()), kRounds);
  ExpectOnceAndInOrder(at, owner.written());
}

TEST_P(KafkaLostAnswerToTest, AFencedWriterWaitsInVainAndWritesEachBatchOnce) {
  const TopicPartition at = Topic("withheld");
  const std::unique_ptr<Log> log = Open(/*impatient=*/true);
  Owner owner(*log, at);
  proxy_.LoseNext(1, GetParam(), Loss::kWithheld);
  ASSERT_TRUE(owner.TakeOver());
  ASSERT_TRUE(owner.Write(2));
  EXPECT_EQ(proxy_.lost(GetParam()), 1);
  ExpectOnceAndInOrder(at, owner.written());
}

constexpr KafkaApi kOfTransactions[] = {KafkaApi::kInitProducerId, KafkaApi::kAddPartitionsToTxn,
                                        KafkaApi::kProduce, KafkaApi::kEndTxn};

INSTANTIATE_TEST_SUITE_P(Kafka, KafkaLostAnswerToTest, testing::ValuesIn(kOfTransactions),
                         [](const auto& api) { return std::string(NameOf(api.param)); });

TEST_F(KafkaLostAnswerTest, AFencedWriterThatLosesAnyAnswerWritesEachBatchOnce) {
  constexpr int kBatches = 8;
  const TopicPartition at = Topic("any");
  const std::unique_ptr<Log> log = Open();
  Owner owner(*log, at);
  for (const KafkaApi api : kOfTransactions) {
    proxy_.LoseNext(1, api);
    proxy_.LoseOneIn(3, api);
  }
  ASSERT_TRUE(owner.Write(kBatches));
  for (const KafkaApi api : kOfTransactions) EXPECT_GT(proxy_.lost(api), 0);
  ExpectOnceAndInOrder(at, kBatches);
}

// librdkafka reports the first two losses of a connection and then, for half a minute, no other.
TEST_F(KafkaLostAnswerTest, AWriterThatAskedTwiceForACommitIsUsedUp) {
  const TopicPartition at = Topic("asked_twice");
  const std::unique_ptr<Log> log = Open();
  auto writer = log->OpenFencedWriter(at, "w");
  ASSERT_TRUE(writer.ok()) << writer.status();
  proxy_.LoseNext(2, KafkaApi::kAddPartitionsToTxn);
  proxy_.LoseNext(1, KafkaApi::kEndTxn);
  const absl::Status written = (*writer)->Append(Entries(Numbers(0, kBatch)));
  ASSERT_TRUE(written.ok()) << written;
  const absl::Status next = (*writer)->Append(One("next"));
  EXPECT_TRUE(absl::IsUnknown(next)) << next;
  ExpectOnceAndInOrder(at, 1);
}

TEST_F(KafkaLostAnswerTest, ACommitWhoseAnswersAreAllLostIsUnknownAndFoundByReadingBack) {
  const TopicPartition at = Topic("all_lost");
  const std::unique_ptr<Log> log = Open();
  auto writer = log->OpenFencedWriter(at, "w");
  ASSERT_TRUE(writer.ok()) << writer.status();
  proxy_.LoseOneIn(1, KafkaApi::kEndTxn);
  const absl::Status written = (*writer)->Append(Entries(Numbers(0, kBatch)));
  EXPECT_TRUE(absl::IsUnknown(written)) << written;
  EXPECT_GT(proxy_.lost(KafkaApi::kEndTxn), 1);
  proxy_.LoseOneIn(0, KafkaApi::kEndTxn);
  Owner next(*log, at);
  ASSERT_TRUE(next.TakeOver());
  EXPECT_EQ(next.written(), 1);
  ASSERT_TRUE(next.Write(1));
  ExpectOnceAndInOrder(at, 2);
}

TEST_F(KafkaLostAnswerTest, AnOwnerThatIsOvertakenWhileItWaitsForTheAnswerDoublesNothing) {
  const TopicPartition at = Topic("overtaken");
  const std::unique_ptr<Log> log = Open(/*impatient=*/true);
  auto waiting = log->OpenFencedWriter(at, "w");
  ASSERT_TRUE(waiting.ok()) << waiting.status();
  proxy_.LoseNext(1, KafkaApi::kEndTxn, Loss::kWithheld);
  absl::Status outcome;
  std::atomic<bool> ended = false;
  std::thread thread([&] {
    outcome = (*waiting)->Append(Entries(Numbers(0, kBatch)));
    ended = true;
  });
  while (proxy_.lost(KafkaApi::kEndTxn) == 0 && !ended) std::this_thread::yield();
  EXPECT_FALSE(ended);
  Owner next(*direct_, at);
  const bool went_on = next.TakeOver() && next.Write(3);
  thread.join();
  ASSERT_TRUE(went_on);
  EXPECT_TRUE(outcome.ok() || absl::IsUnknown(outcome) || absl::IsAborted(outcome)) << outcome;
  EXPECT_FALSE((*waiting)->Append(Entries(Numbers(0, kBatch))).ok());
  ExpectOnceAndInOrder(at, 4);
}

TEST_F(KafkaLostAnswerTest, AnAppenderWritesEachValueOnceAndInOrder) {
  constexpr int kFlushes = 200;
  constexpr int kValues = 50;
  const TopicPartition at = Topic("appender");
  const std::unique_ptr<Log> log = Open();
  proxy_.LoseNext(1, KafkaApi::kInitProducerId);
  proxy_.LoseOneIn(8, KafkaApi::kProduce);
  auto appender = log->OpenAppender();
  ASSERT_TRUE(appender.ok()) << appender.status();
  const std::vector<std::string> values = Numbers(0, kFlushes * kValues);
  for (size_t i = 0; i < values.size(); ++i) {
    ASSERT_TRUE((*appender)->Append(at, "k", values[i]).ok());
    if ((i + 1) % kValues != 0) continue;
    const absl::Status flushed = (*appender)->Flush();
    ASSERT_TRUE(flushed.ok()) << flushed;
  }
  EXPECT_EQ(proxy_.lost(KafkaApi::kInitProducerId), 1);
  EXPECT_GT(proxy_.lost(KafkaApi::kProduce), kFlushes / 20);
  EXPECT_EQ(AllValues(*direct_, at), values);
}

TEST_F(KafkaLostAnswerTest, AnAppenderWithMuchOnItsWayWritesEachValueOnceAndInOrder) {
  constexpr int kValues = 200000;
  const TopicPartition at = Topic("in_flight");
  KafkaOptions options = proxy_.Options();
  options.properties["batch.num.messages"] = "200";
  auto log = OpenKafkaLog(options);
  ASSERT_TRUE(log.ok()) << log.status();
  proxy_.LoseOneIn(40, KafkaApi::kProduce);
  auto appender = (*log)->OpenAppender();
  ASSERT_TRUE(appender.ok()) << appender.status();
  const std::vector<std::string> values = Numbers(0, kValues);
  for (const std::string& value : values) ASSERT_TRUE((*appender)->Append(at, "k", value).ok());
  const absl::Status flushed = (*appender)->Flush();
  ASSERT_TRUE(flushed.ok()) << flushed;
  EXPECT_GT(proxy_.lost(KafkaApi::kProduce), 5);
  EXPECT_EQ(AllValues(*direct_, at), values);
}

TEST_F(KafkaLostAnswerTest, AnOffsetIsCommittedThoughTheAnswerIsLost) {
  constexpr int kRounds = 5;
  const TopicPartition at = Topic("offsets");
  const std::unique_ptr<Log> log = Open();
  const std::string group = Unique("group");
  for (int round = 1; round <= kRounds; ++round) {
    proxy_.LoseNext(1, KafkaApi::kOffsetCommit);
    const absl::Status committed = log->Commit(group, at, round);
    ASSERT_TRUE(committed.ok()) << committed;
    EXPECT_EQ(direct_->Committed(group, at).value_or(-1), round);
  }
  EXPECT_EQ(proxy_.lost(KafkaApi::kOffsetCommit), kRounds);
}

}  // namespace
}  // namespace dolen
