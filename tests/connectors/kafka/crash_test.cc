// A broker that is killed with -9 in the middle of writing, and comes back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <thread>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/connectors/kafka/broker.h"

namespace dolen {
namespace {

class KafkaCrashTest : public testing::Test {
 protected:
  KafkaCrashTest() : broker_(TestBroker::Mortal()), log_(broker_.Open()) {}
  TopicPartition Topic(const std::string& name) {
    const TopicPartition topic{Unique(name), 0};
    const absl::Status status = log_->CreateTopic({topic.topic});
    EXPECT_TRUE(status.ok()) << status;
    return topic;
  }
  // Kills the broker once `reached` has come to `count` and starts it again; then `back` is true.
  std::thread KillAt(const std::atomic<int>& reached, int count, std::atomic<bool>& back) {
    return std::thread([this, &reached, count, &back] {
      while (reached < count) std::this_thread::yield();
      broker_.Kill();
      broker_.Restart();
      back = true;
    });
  }

  TestBroker& broker_;
  std::unique_ptr<Log> log_;
};

TEST_F(KafkaCrashTest, AnAppenderOutlivesABrokerThatIsKilledAndNothingIsLostOrRepeated) {
  constexpr int kBefore = 20000;
  constexpr int kAfter = 20000;
  const TopicPartition at = Topic("appender");
  auto appender = log_->OpenAppender();
  ASSERT_TRUE(appender.ok()) << appender.status();
  std::atomic<int> appended = 0;
  std::atomic<bool> back = false;
  std::thread killer = KillAt(appended, kBefore, back);
  absl::Status status;
  // Without a pause: records are on their way when the broker dies, and the queue fills up while it
  // is gone.
  for (int left = kAfter; status.ok() && left > 0; left -= back ? 1 : 0) {
    status = (*appender)->Append(at, "k", absl::StrCat(appended.load()));
    if (status.ok()) ++appended;
  }
  if (status.ok()) status = (*appender)->Flush();
  appended = std::max<int>(appended, kBefore);
  killer.join();
  ASSERT_TRUE(status.ok()) << status;
  const std::vector<std::string> values = AllValues(*log_, at);
  ASSERT_EQ(values.size(), static_cast<size_t>(appended.load()));
  for (size_t i = 0; i < values.size(); ++i) ASSERT_EQ(values[i], absl::StrCat(i));
}

TEST_F(KafkaCrashTest, AReaderSaysOnceThatTheBrokerIsGoneAndThenGoesOn) {
  const TopicPartition at = Topic("reader");
  auto reader = log_->Read(at, 0);
  ASSERT_TRUE(reader.ok()) << reader.status();
  ASSERT_TRUE((*reader)->Read(1, absl::Milliseconds(500)).ok());
  broker_.Kill();
  absl::Status status;
  for (int i = 0; i < 100 && status.ok(); ++i) {
    status = (*reader)->Read(1, absl::Milliseconds(100)).status();
  }
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  broker_.Restart();
  auto appender = log_->OpenAppender();
  ASSERT_TRUE((*appender)->Append(at, "k", "after").ok());
  ASSERT_TRUE((*appender)->Flush().ok());
  std::vector<std::string> seen;
  const absl::Time deadline = absl::Now() + absl::Seconds(60);
  while (seen.empty() && absl::Now() < deadline) {
    const auto entries = (*reader)->Read(10, absl::Seconds(1));
    ASSERT_TRUE(entries.ok() || absl::IsUnavailable(entries.status())) << entries.status();
    if (!entries.ok()) continue;
    for (const Entry& entry : *entries) seen.emplace_back(entry.value);
  }
  EXPECT_THAT(seen, testing::ElementsAre("after"));
}

// What was answered for each batch, by number.
using Answers = std::map<int, absl::Status>;

// Appends batches of three until one is not OK, or until five were written to the broker that came
// back: a kill between two transactions is waited out and needs no new writer.
void AppendBatches(FencedWriter& writer, std::atomic<int>& next, const std::atomic<bool>& back,
                   Answers& answers) {
  for (int left = 5; left > 0; left -= back ? 1 : 0) {
    const int n = next;
    const absl::Status status = writer.Append(
        Entries({absl::StrCat(n, "/0"), absl::StrCat(n, "/1"), absl::StrCat(n, "/2")}));
    answers[n] = status;
    ++next;
    if (!status.ok()) return;
  }
}

// A writer that comes back after the broker did; tries as an owner would.
std::unique_ptr<FencedWriter> Reopen(Log& log, const TopicPartition& at) {
  const absl::Time deadline = absl::Now() + absl::Seconds(90);
  absl::Status status;
  while (absl::Now() < deadline) {
    auto writer = log.OpenFencedWriter(at, "w");
    if (writer.ok()) return *std::move(writer);
    status = writer.status();
    EXPECT_TRUE(absl::IsUnavailable(status) || absl::IsUnknown(status)) << status;
  }
  ADD_FAILURE() << status;
  return nullptr;
}

TEST_F(KafkaCrashTest, AfterAnUnknownOutcomeANewWriterReadsBackAllOfABatchOrNothing) {
  constexpr int kRounds = 3;
  constexpr int kBeforeKill = 20;
  const TopicPartition at = Topic("transactions");
  Answers answers;
  std::atomic<int> next = 0;
  for (int round = 0; round < kRounds; ++round) {
    std::atomic<bool> back = false;
    const int kill_at = next + kBeforeKill;
    std::thread killer = KillAt(next, kill_at, back);
    while (!back) {
      auto writer = Reopen(*log_, at);
      if (writer == nullptr) break;
      AppendBatches(*writer, next, back, answers);
    }
    next = std::max<int>(next, kill_at);
    killer.join();
  }
  ASSERT_NE(Reopen(*log_, at), nullptr);  // fence: now what is there is all there is
  std::map<int, int> found;
  int last = -1;
  for (const std::string& value : AllValues(*log_, at, Holes::kAllowed)) {
    const std::vector<std::string> parts = absl::StrSplit(value, '/');
    int batch = 0;
    ASSERT_TRUE(absl::SimpleAtoi(parts[0], &batch));
    ASSERT_EQ(parts[1], absl::StrCat(found[batch]++));  // in order, none twice
    ASSERT_GE(batch, last);
    last = batch;
  }
  int written = 0;
  for (const auto& [batch, status] : answers) {
    const int records = found.count(batch) == 0 ? 0 : found[batch];
    if (status.ok()) {
      EXPECT_EQ(records, 3) << "lost batch " << batch;
      ++written;
    } else if (absl::IsUnknown(status) || absl::IsAborted(status)) {
      EXPECT_TRUE(records == 0 || records == 3) << "torn batch " << batch;
    } else {
      EXPECT_EQ(records, 0) << "batch " << batch << " was said not to be written: " << status;
    }
  }
  EXPECT_GE(written, kRounds);
}

}  // namespace
}  // namespace dolen
