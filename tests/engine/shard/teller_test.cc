#include "engine/shard/teller.h"

#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/store/keys.h"
#include "tests/engine/shard/lab.h"

namespace dolen {
namespace {

using story::At;

// A log whose reads of one topic can be made to fail.
class UnreadableLog final : public Log {
 public:
  UnreadableLog(Log* log, std::string topic) : log_(log), topic_(std::move(topic)) {}
  int failing_reads = 0;   // so many of the next reads
  int failing_bounds = 0;  // and of the next looks at the bounds

  absl::Status CreateTopic(const TopicSpec& spec) override { return log_->CreateTopic(spec); }
  absl::StatusOr<std::vector<std::string>> Topics(absl::string_view prefix) override {
    return log_->Topics(prefix);
  }
  absl::StatusOr<int32_t> Partitions(const std::string& topic) override {
    return log_->Partitions(topic);
  }
  absl::StatusOr<Bounds> BoundsOf(const TopicPartition& of) override {
    if (of.topic == topic_ && failing_bounds > 0 && --failing_bounds == 0) return Unavailable();
    return log_->BoundsOf(of);
  }
  absl::StatusOr<std::unique_ptr<LogReader>> Read(const TopicPartition& from, int64_t offset,
                                                  Holes holes) override {
    DOLEN_ASSIGN_OR_RETURN(std::unique_ptr<LogReader> reader, log_->Read(from, offset, holes));
    if (from.topic != topic_) return reader;
    return std::make_unique<Reader>(this, std::move(reader));
  }
  absl::StatusOr<std::unique_ptr<LogAppender>> OpenAppender() override {
    return log_->OpenAppender();
  }
  absl::StatusOr<std::unique_ptr<FencedWriter>> OpenFencedWriter(const TopicPartition& to,
                                                                 const std::string& name) override {
    return log_->OpenFencedWriter(to, name);
  }
  absl::StatusOr<int64_t> Committed(const std::string& group, const TopicPartition& of) override {
    return log_->Committed(group, of);
  }
  absl::Status Commit(const std::string& group, const TopicPartition& of, int64_t offset) override {
    return log_->Commit(group, of, offset);
  }
  absl::StatusOr<std::string> Id() override { return log_->Id(); }

 private:
  class Reader final : public LogReader {
   public:
    Reader(UnreadableLog* log, std::unique_ptr<LogReader> reader)
        : log_(log), reader_(std::move(reader)) {}
    absl::StatusOr<absl::Span<const Entry>> Read(int max, absl::Duration wait) override {
      if (log_->failing_reads > 0) {
        --log_->failing_reads;
        return Unavailable();
      }
      return reader_->Read(max, wait);
    }
    int64_t position() const override { return reader_->position(); }

   private:
    UnreadableLog* const log_;
    const std::unique_ptr<LogReader> reader_;
  };
  static absl::Status Unavailable() { return absl::UnavailableError("the test cut the line"); }

  Log* const log_;
  const std::string topic_;
};

// `children` clocks that are overdue, and the tick that says so.
void MakeAlerts(Lab& lab, int children, int first = 0) {
  lab.now = At("2026-01-08");
  for (int child = 0; child < children; ++child) lab.Hear({"begun", "2026-01-05"}, first + child);
  ledger::v1::Record tick;
  tick.mutable_tick()->set_drains(10000);
  lab.Append(tick);
}

TEST(Teller, EachChangeIsPublishedOnceWhateverBecomesOfAWrite) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    Lab lab({seed});
    lab.Publish(OneDay());
    MakeAlerts(lab, 300);
    lab.log().SetFaults({seed, 0, /*unknown_fenced=*/500, /*short_reads=*/300});
    std::unique_ptr<Shard> shard = lab.Open();
    int unknown = 0;
    for (int round = 0; round < 5; ++round) {
      Lab::Pump(*shard);
      for (;;) {
        const absl::Status told = shard->Tell();
        if (told.ok() && *shard->IsAtEnd()) break;
        Lab::Pump(*shard);
        if (told.ok()) continue;
        ASSERT_EQ(told.code(), absl::StatusCode::kUnknown) << told;
        ASSERT_LT(++unknown, 1000);
        if (unknown % 3 == 0) shard = nullptr, shard = lab.Open();
      }
      MakeAlerts(lab, 20, 300 + 20 * round);
    }
    lab.ExpectPublished(300 + 4 * 20);
    EXPECT_EQ(shard->waiting_alerts(), 0);
  }
}

TEST(Teller, WhereManyAlertsWaitTheyAreToldInStepsSoThatOtherEventsAreFoldedBetween) {
  constexpr int kStep = kMaxTellBatches * kMaxOutboxBatch;
  Lab lab;
  lab.Publish(OneDay());
  MakeAlerts(lab, 2 * kStep + 1);
  std::unique_ptr<Shard> shard = lab.Open();
  Lab::Pump(*shard);
  for (const int left : {kStep + 1, 1, 0}) {
    ASSERT_TRUE(shard->Tell().ok());
    EXPECT_EQ(shard->waiting_alerts(), left);
    if (left == 1) shard = nullptr, shard = lab.Open();
  }
  lab.ExpectPublished(2 * kStep + 1);
}

// A process that slept, and had folded more than it had committed when it read what another had
// told meanwhile, stopped its shard for a gap that was none.
TEST(Teller, WhatAnotherToldIsNotSentFromAnOpenBatch) {
  Lab lab;
  lab.Publish(OneDay());
  MakeAlerts(lab, 3);
  std::unique_ptr<Shard> sleeper = lab.Open("sleeper"), other = lab.Open("other");
  Lab::Pump(*sleeper);
  for (int child = 0; child < 3; ++child) lab.Hear({"done", "2026-01-08"}, child);
  Lab::Pump(*other);
  ASSERT_TRUE(other->Tell().ok());
  const absl::StatusOr<absl::Span<const Entry>> entries = sleeper->Read(absl::ZeroDuration());
  ASSERT_TRUE(entries.ok());
  ASSERT_TRUE(sleeper->FoldAll(*entries, absl::ZeroDuration()).ok());
  ASSERT_TRUE(sleeper->fold().open());
  for (int step = 0; step < 2; ++step) EXPECT_EQ(sleeper->Tell(), absl::OkStatus()) << step;
  EXPECT_EQ(sleeper->waiting_alerts(), 0u);
  lab.ExpectPublished(6);
}

TEST(Teller, WhatWasReadBackLeavesTheOutbox) {
  Lab lab;
  lab.Publish(OneDay());
  MakeAlerts(lab, 250);
  std::unique_ptr<Shard> shard = lab.Open();
  Lab::Pump(*shard);
  EXPECT_TRUE(shard->store().Get(keys::Outbox(250))->has_value());
  ASSERT_TRUE(shard->Tell().ok());
  for (int number = 1; number <= 250; ++number) {
    EXPECT_FALSE(shard->store().Get(keys::Outbox(number))->has_value());
  }
  EXPECT_EQ(shard->fold().telling().number(), 250);
  EXPECT_EQ(shard->fold().telling().read_to(), 250);
}

TEST(Teller, AReadBackThatFailsAfterASendIsNotSentAgain) {
  for (const bool bounds : {false, true}) {
    Lab lab;
    lab.Publish(OneDay());
    MakeAlerts(lab, 10);
    UnreadableLog log(&lab.log(), lab.names.Alerts());
    std::unique_ptr<Shard> shard = lab.Open("s", &log);
    Lab::Pump(*shard);
    // The topic is empty when the writer is opened, so the first read, and the second look at the
    // bounds, come after the send.
    (bounds ? log.failing_bounds : log.failing_reads) = bounds ? 2 : 1;
    EXPECT_EQ(shard->Tell().code(), absl::StatusCode::kUnavailable);
    EXPECT_TRUE(shard->Tell().ok());
    lab.ExpectPublished(10);
  }
}

TEST(Teller, ASecondTellerFencesTheFirstAndNothingIsSaidTwice) {
  Lab lab;
  lab.Publish(OneDay());
  MakeAlerts(lab, 10);
  std::unique_ptr<Shard> one = lab.Open("one"), two = lab.Open("two");
  Lab::Pump(*one);
  Lab::Pump(*two);
  ASSERT_TRUE(one->Tell().ok());
  ASSERT_TRUE(two->Tell().ok());
  MakeAlerts(lab, 10, 10);
  Lab::Pump(*one);
  Lab::Pump(*two);
  ASSERT_TRUE(two->Tell().ok());  // opened its writer last only if it had to send
  const absl::Status first = one->Tell();
  EXPECT_TRUE(first.ok() || first.code() == absl::StatusCode::kAborted) << first;
  EXPECT_TRUE(one->Tell().ok());
  lab.ExpectPublished(20);
  // And the other way round.
  MakeAlerts(lab, 10, 20);
  Lab::Pump(*two);
  Lab::Pump(*one);
  ASSERT_TRUE(one->Tell().ok());
  const absl::Status second = two->Tell();
  EXPECT_EQ(second.code(), absl::StatusCode::kAborted) << second;
  EXPECT_TRUE(two->Tell().ok());
  lab.ExpectPublished(30);
}

TEST(Teller, AWipedStoreSaysNothingTwice) {
  Lab lab;
  lab.Publish(OneDay());
  MakeAlerts(lab, 30);
  std::unique_ptr<Shard> shard = lab.Open();
  Lab::Pump(*shard);
  ASSERT_TRUE(shard->Tell().ok());
  shard = nullptr;
  lab.Wipe();
  shard = lab.Open();
  // Part of the ledger is folded and told, so the topic is ahead of the fold.
  ASSERT_TRUE(shard->Pump(5, absl::ZeroDuration()).ok());
  ASSERT_TRUE(shard->Tell().ok());
  Lab::Pump(*shard);
  ASSERT_TRUE(shard->Tell().ok());
  MakeAlerts(lab, 5, 30);
  Lab::Pump(*shard);
  ASSERT_TRUE(shard->Tell().ok());
  lab.ExpectPublished(35);
  EXPECT_FALSE(shard->store().Get(keys::Outbox(1))->has_value());
}

TEST(Teller, AGapInTheOutboxIsDataLoss) {
  Lab lab;
  lab.Publish(OneDay());
  MakeAlerts(lab, 3);
  Lab::Pump(*lab.Open());
  {
    std::unique_ptr<Store> store = *Store::Open(lab.Path());
    Batch batch;
    batch.Delete(keys::Outbox(1));
    ASSERT_TRUE(store->Commit(batch).ok());
  }
  EXPECT_EQ(lab.Open()->Tell().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(lab.Published().size(), 0);
}

TEST(Teller, ATopicThatEndsBelowWhatWasTickedOffIsDataLoss) {
  Lab lab;
  lab.Publish(OneDay());
  MakeAlerts(lab, 3);
  std::unique_ptr<Shard> shard = lab.Open();
  Lab::Pump(*shard);
  ASSERT_TRUE(shard->Tell().ok());
  MakeAlerts(lab, 1, 3);
  Lab::Pump(*shard);
  shard = nullptr;
  // The same ledger, but an alerts topic that was made anew.
  const std::unique_ptr<SimulatedLog> other = lab.NewLog();
  auto reader = *lab.log().Read(lab.ledger(), 0);
  auto appender = *other->OpenAppender();
  const absl::Span<const Entry> entries = *reader->Read(1000, absl::ZeroDuration());
  for (const Entry& entry : entries) {
    ASSERT_TRUE(appender->Append(lab.ledger(), entry.key, entry.value).ok());
  }
  EXPECT_EQ(lab.Open("s", other.get())->Tell().code(), absl::StatusCode::kDataLoss);
}

TEST(Teller, WhatIsNoAlertInTheTopicIsDataLoss) {
  Lab lab;
  lab.Publish(OneDay());
  MakeAlerts(lab, 3);
  auto appender = *lab.log().OpenAppender();
  ASSERT_TRUE(appender->Append(lab.alerts(), "", "\xff garbage").ok());
  std::unique_ptr<Shard> shard = lab.Open();
  Lab::Pump(*shard);
  EXPECT_EQ(shard->Tell().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace dolen
