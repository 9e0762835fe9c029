// The simulated log: a Log in memory, for tests, what-if and replay at the speed of the CPU. Its
// clock is whatever it is given, so records can carry stated times. Records are stored once and
// read without copying.
//
// Faults are off unless asked for; then they come from a seed, so that a failing run can be
// repeated (with the same calls in the same order, that is from one thread).
#ifndef DOLEN_ENGINE_LOG_SIMULATED_LOG_H_
#define DOLEN_ENGINE_LOG_SIMULATED_LOG_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/log/log.h"

namespace dolen {

struct SimulatedFaults {
  uint64_t seed = 0;
  // Of 1,000 Flushes, how many say kUnknown; of these, as the seed has it, none, some (a prefix) or
  // all of the records are in the log. Without this fault an appended record is readable at once;
  // with it, after the Flush, as in a real log.
  int unknown_flushes = 0;
  // Of 1,000 FencedWriter::Append, how many say kUnknown, with all or none of the records there.
  int unknown_fenced = 0;
  // Of 1,000 Reads, how many return fewer records than there are, or none, and do not wait.
  int short_reads = 0;
};

struct SimulatedLogOptions {
  // Stamps records. Called under a lock by any thread: it must not call back.
  std::function<absl::Time()> clock = [] { return absl::Now(); };
  std::string id;  // empty: a random one
  SimulatedFaults faults;
};

class SimulatedLog final : public Log {
 public:
  explicit SimulatedLog(SimulatedLogOptions options = {});
  ~SimulatedLog() override;

  absl::Status CreateTopic(const TopicSpec& spec) override;
  absl::StatusOr<std::vector<std::string>> Topics(absl::string_view prefix) override;
  absl::StatusOr<int32_t> Partitions(const std::string& topic) override;
  absl::StatusOr<Bounds> BoundsOf(const TopicPartition& of) override;
  absl::StatusOr<std::unique_ptr<LogReader>> Read(const TopicPartition& from, int64_t offset,
                                                  Holes holes = Holes::kNever) override;
  absl::StatusOr<std::unique_ptr<LogAppender>> OpenAppender() override;
  absl::StatusOr<std::unique_ptr<FencedWriter>> OpenFencedWriter(const TopicPartition& to,
                                                                 const std::string& name) override;
  absl::StatusOr<int64_t> Committed(const std::string& group, const TopicPartition& of) override;
  absl::Status Commit(const std::string& group, const TopicPartition& of, int64_t offset) override;
  absl::StatusOr<std::string> Id() override;

  // Changes what goes wrong from now on, but not the seed.
  void SetFaults(const SimulatedFaults& faults);
  // Forgets the records below `before`, as retention would, and frees their memory; readers keep
  // what they have just read.
  absl::Status Trim(const TopicPartition& of, int64_t before);

 private:
  struct State;
  class Appender;
  class Fenced;
  class Reader;
  std::unique_ptr<State> state_;
};

}  // namespace dolen

#endif  // DOLEN_ENGINE_LOG_SIMULATED_LOG_H_
