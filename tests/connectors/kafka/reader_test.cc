// What a reader does where the log is not as it should be.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "connectors/kafka/reader.h"
#include "tests/connectors/kafka/broker.h"
#include "tests/connectors/kafka/raw.h"

namespace dolen {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr absl::Duration kWait = absl::Seconds(30);

class KafkaReaderTest : public testing::Test {
 protected:
  KafkaReaderTest() : log_(TestBroker::Shared().Open()) {}
  KafkaOptions Options() const { return TestBroker::Shared().Options(); }

  TopicPartition Topic(const std::string& name) {
    const TopicPartition topic{Unique(name), 0};
    const absl::Status status = log_->CreateTopic({topic.topic});
    EXPECT_TRUE(status.ok()) << status;
    return topic;
  }
  void Append(const TopicPartition& to, int from, int count, size_t padding = 0) {
    auto appender = log_->OpenAppender();
    ASSERT_TRUE(appender.ok()) << appender.status();
    const std::string more(padding, 'x');
    for (int i = from; i < from + count; ++i) {
      ASSERT_TRUE((*appender)->Append(to, "k", absl::StrCat(i, more)).ok());
    }
    const absl::Status status = (*appender)->Flush();
    ASSERT_TRUE(status.ok()) << status;
  }
  // The broker writes the mark of a transaction a moment after it has answered.
  void AwaitEnd(const TopicPartition& of, int64_t end) {
    const absl::Time deadline = absl::Now() + kWait;
    while (log_->BoundsOf(of)->end < end && absl::Now() < deadline) std::this_thread::yield();
    EXPECT_EQ(log_->BoundsOf(of)->end, end);
  }
  // The first error, or OK once `count` records came.
  absl::Status ReadTo(LogReader& reader, size_t count) {
    const absl::Time deadline = absl::Now() + kWait;
    while (seen_.size() < count && absl::Now() < deadline) {
      const auto entries = reader.Read(100, absl::Milliseconds(500));
      if (!entries.ok()) return entries.status();
      for (const Entry& entry : *entries) seen_.push_back(std::string(entry.value));
    }
    return seen_.size() == count ? absl::OkStatus() : absl::DeadlineExceededError("too few");
  }

  std::unique_ptr<Log> log_;
  std::vector<std::string> seen_;
};

TEST_F(KafkaReaderTest, AMarkOfATransactionBetweenRecordsIsAHoleAndStaysOne) {
  const TopicPartition at = Topic("hole");
  Append(at, 0, 2);
  ASSERT_TRUE((*log_->OpenFencedWriter(at, "w"))->Append(One("2")).ok());
  AwaitEnd(at, 4);
  Append(at, 4, 1);
  auto reader = log_->Read(at, 0);
  const absl::Status status = ReadTo(**reader, 4);
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_THAT(seen_, ElementsAre("0", "1", "2"));  // what was good was given first
  EXPECT_THAT(std::string(status.message()), HasSubstr(at.topic));
  EXPECT_THAT(std::string(status.message()), HasSubstr("[0]: expected offset 3, found 4"));
  EXPECT_EQ((*reader)->position(), 3);
  EXPECT_EQ((*reader)->Read(10, kWait).status(), status);
}

TEST_F(KafkaReaderTest, AMarkAtTheVeryEndIsAHoleToo) {
  const TopicPartition at = Topic("hole_at_end");
  ASSERT_TRUE((*log_->OpenFencedWriter(at, "w"))->Append(One("0")).ok());
  auto reader = log_->Read(at, 0);
  EXPECT_TRUE(absl::IsDataLoss(ReadTo(**reader, 2)));
  EXPECT_THAT(seen_, ElementsAre("0"));
}

TEST_F(KafkaReaderTest, WhereHolesAreAllowedTheSameLogIsReadThrough) {
  const TopicPartition at = Topic("holes_allowed");
  Append(at, 0, 2);
  ASSERT_TRUE((*log_->OpenFencedWriter(at, "w"))->Append(One("2")).ok());
  AwaitEnd(at, 4);
  Append(at, 4, 1);
  EXPECT_THAT(AllValues(*log_, at, Holes::kAllowed), ElementsAre("0", "1", "2", "4"));
}

TEST_F(KafkaReaderTest, AnOffsetThatWasTruncatedIsOutOfRangeAtOpening) {
  const TopicPartition at = Topic("truncated");
  Append(at, 0, 10);
  DeleteBefore(Options(), at, 5);
  EXPECT_EQ(log_->BoundsOf(at)->begin, 5);
  EXPECT_TRUE(absl::IsOutOfRange(log_->Read(at, 4).status()));
  EXPECT_THAT(AllValues(*log_, at), ElementsAre("5", "6", "7", "8", "9"));
}

TEST_F(KafkaReaderTest, ALogThatIsTruncatedUnderAReaderIsOutOfRangeAndNeverSkipped) {
  const TopicPartition at = Topic("truncated_under");
  Append(at, 0, 10);
  DeleteBefore(Options(), at, 5);
  for (const int64_t outside : {4, 11}) {  // as if it had been opened before
    auto reader = KafkaReader::Open(Options(), at, outside, Holes::kAllowed);
    ASSERT_TRUE(reader.ok()) << reader.status();
    const absl::Status status = ReadTo(**reader, 1);
    EXPECT_TRUE(absl::IsOutOfRange(status)) << status;
    EXPECT_THAT(seen_, IsEmpty());
    EXPECT_EQ((*reader)->position(), outside);
    EXPECT_EQ((*reader)->Read(10, kWait).status(), status);
  }
}

TEST_F(KafkaReaderTest, TheTimeOfARecordIsTheBrokersAndNotTheWriters) {
  const TopicPartition at = Topic("time");
  auto producer = RawProducer(Options());
  const absl::Time before = absl::Now();
  for (const absl::Duration off : {-absl::Hours(24 * 400), absl::Hours(24 * 400)}) {
    const absl::Status status = SendRaw(*producer, at, "x", absl::Now() + off);
    ASSERT_TRUE(status.ok()) << status;
  }
  auto reader = log_->Read(at, 0);
  for (int seen = 0; seen < 2;) {
    const auto entries = (*reader)->Read(10, kWait);
    ASSERT_TRUE(entries.ok() && !entries->empty()) << entries.status();
    for (const Entry& entry : *entries) {
      EXPECT_GE(entry.appended, before - absl::Milliseconds(1));
      EXPECT_LE(entry.appended, absl::Now() + absl::Milliseconds(1));
      ++seen;
    }
  }
}

TEST_F(KafkaReaderTest, RecordsWithTheirWritersTimeAreRefusedInAContiguousLog) {
  const TopicPartition at{Unique("create_time"), 0};
  CreateRawTopic(Options(), at.topic, {{"message.timestamp.type", "CreateTime"}});
  Append(at, 0, 1);
  auto reader = log_->Read(at, 0);
  const absl::Status status = ReadTo(**reader, 1);
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("message.timestamp.type=LogAppendTime"));
}

TEST_F(KafkaReaderTest, APositionPassesAnAbortedTransactionWithoutShowingIt) {
  const TopicPartition at = Topic("aborted");
  Append(at, 0, 1);
  auto producer = RawProducer(Options(), {{"transactional.id", at.topic}});
  ASSERT_EQ(rd_kafka_init_transactions(producer->rk(), 30000), nullptr);
  ASSERT_EQ(rd_kafka_begin_transaction(producer->rk()), nullptr);
  ASSERT_TRUE(SendRaw(*producer, at, "aborted").ok());
  ASSERT_EQ(rd_kafka_abort_transaction(producer->rk(), 30000), nullptr);
  // Record, aborted record, mark.
  AwaitEnd(at, 3);
  EXPECT_THAT(AllValues(*log_, at, Holes::kAllowed), ElementsAre("0"));
}

TEST_F(KafkaReaderTest, AnOpenTransactionHidesItsRecordsButNotTheEndOfTheLog) {
  const TopicPartition at = Topic("open");
  auto producer = RawProducer(Options(), {{"transactional.id", at.topic}});
  ASSERT_EQ(rd_kafka_init_transactions(producer->rk(), 30000), nullptr);
  ASSERT_EQ(rd_kafka_begin_transaction(producer->rk()), nullptr);
  ASSERT_TRUE(SendRaw(*producer, at, "open").ok());
  EXPECT_EQ(log_->BoundsOf(at)->end, 1);
  auto reader = log_->Read(at, 0, Holes::kAllowed);
  EXPECT_THAT(*(*reader)->Read(10, absl::Milliseconds(700)), IsEmpty());
  EXPECT_EQ((*reader)->position(), 0);
  ASSERT_EQ(rd_kafka_commit_transaction(producer->rk(), 30000), nullptr);
  EXPECT_TRUE(ReadTo(**reader, 1).ok());
  EXPECT_THAT(seen_, ElementsAre("open"));
}

// librdkafka 2.0.2 stops fetching when its queue is full and then sleeps up to a second, whatever
// the reader does meanwhile. Not compressed, so that one fetch does not bring everything.
TEST_F(KafkaReaderTest, AReaderSlowerThanTheBrokerIsNotLeftWaiting) {
  constexpr int kRecords = 10 * kReadAheadRecords;
  const TopicPartition at = Topic("slow_reader");
  KafkaOptions options = Options();
  options.properties["compression.codec"] = "none";
  log_ = *OpenKafkaLog(options);
  Append(at, 0, kRecords, 700);
  auto reader = log_->Read(at, 0);
  int seen = 0;
  absl::Duration empty_handed;
  while (seen < kRecords) {
    const absl::Time start = absl::Now();
    const auto entries = (*reader)->Read(4096, kWait);
    empty_handed += absl::Now() - start;
    ASSERT_TRUE(entries.ok() && !entries->empty()) << entries.status();
    seen += static_cast<int>(entries->size());
    // Folding them takes longer than fetching them: 10 us each.
    const absl::Time until = absl::Now() + entries->size() * absl::Microseconds(10);
    while (absl::Now() < until) {
    }
  }
  EXPECT_LT(empty_handed, absl::Milliseconds(2500));  // 4 to 5 s if it is not woken
}

// The last fetch had brought all there was, so nothing said that there was more: under full load
// every deadline was told up to a second late.
TEST_F(KafkaReaderTest, WhatComesWhileTheFetcherSleepsIsReadWhenTheQueueRunsEmpty) {
  const TopicPartition at = Topic("full_queue");
  Append(at, 0, kReadAheadRecords + 1);
  auto reader = log_->Read(at, 0);
  ASSERT_FALSE((*reader)->Read(1, kWait)->empty());
  absl::SleepFor(absl::Milliseconds(100));  // it has fetched all, and found its queue full
  constexpr int kMore = 10;
  const absl::Time start = absl::Now();
  Append(at, 0, kMore);
  while ((*reader)->position() < kReadAheadRecords + 1 + kMore) {
    const auto entries = (*reader)->Read(4096, kWait);
    ASSERT_TRUE(entries.ok() && !entries->empty()) << entries.status();
  }
  EXPECT_LT(absl::Now() - start, absl::Milliseconds(500));
}

}  // namespace
}  // namespace dolen
