// What holds for every Log, as one test suite. A test binary links dolen_log_conformance and names
// the log that is to be judged:
//
//   INSTANTIATE_TEST_SUITE_P(Kafka, LogConformance, testing::Values(LogFactory(MakeKafka)));
//
// No test assumes an empty log: each asks for topic names that were never used. Nor that offsets of
// fenced writers are contiguous (Kafka puts marks of transactions between them).
#ifndef DOLEN_TESTS_ENGINE_LOG_CONFORMANCE_H_
#define DOLEN_TESTS_ENGINE_LOG_CONFORMANCE_H_

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "engine/log/log.h"

namespace dolen {

class LogUnderTest {
 public:
  virtual ~LogUnderTest() = default;
  virtual Log& log() = 0;
  // Ends the process's use of the log and begins it anew, as a restart would. All readers and
  // writers are gone before.
  virtual void Reopen() = 0;
  // A topic name that was never used in this log; the same for the same `name` in one test.
  virtual std::string Unique(const std::string& name) { return "conformance." + name; }
};

using LogFactory = std::function<std::unique_ptr<LogUnderTest>()>;

// What a fenced writer appends at once. (A bare braced list would do too, but one brace too many
// makes a string of two pointers.)
using Batch = std::vector<NewEntry>;

// An Entry that keeps its bytes.
struct Seen {
  int64_t offset = 0;
  absl::Time appended;
  std::string key;
  std::string value;
  std::vector<Header> headers;
  bool tombstone = false;
};

// Long enough for a broker that elects leaders on a busy machine; a test that passes waits for none
// of it.
inline constexpr absl::Duration kPatience = absl::Seconds(30);

// `count` records from `reader`, or fewer and a test failure.
std::vector<Seen> ReadRecords(LogReader& reader, size_t count);
std::vector<std::string> ReadValues(LogReader& reader, size_t count);

class LogConformance : public testing::TestWithParam<LogFactory> {
 protected:
  LogConformance() : under_test_(GetParam()()) {}
  Log& log() { return under_test_->log(); }
  void Reopen() { under_test_->Reopen(); }
  std::string Unique(const std::string& name) { return under_test_->Unique(name); }
  // A new topic; its name.
  std::string Topic(const std::string& name, int32_t partitions = 1);
  void Append(const TopicPartition& to, const std::vector<std::string>& values);
  std::unique_ptr<LogReader> ReaderAt(const TopicPartition& from, int64_t offset,
                                      Holes holes = Holes::kNever);
  std::unique_ptr<FencedWriter> Writer(const TopicPartition& to, const std::string& name);

 private:
  std::unique_ptr<LogUnderTest> under_test_;
};

}  // namespace dolen

#endif  // DOLEN_TESTS_ENGINE_LOG_CONFORMANCE_H_
