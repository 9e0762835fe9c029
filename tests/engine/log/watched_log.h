// A simulated log that notes what is asked of it: what a caller costs a log is a number of readers,
// appenders and records, and no stopwatch is needed to see it.
#ifndef DOLEN_TESTS_ENGINE_LOG_WATCHED_LOG_H_
#define DOLEN_TESTS_ENGINE_LOG_WATCHED_LOG_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/log/simulated_log.h"

namespace dolen {

class WatchedLog final : public Log {
 public:
  // How often OpenAppender was called.
  int appenders = 0;
  // How many records of a topic lay between where its readers began and its end, summed.
  std::map<std::string, int64_t> to_read;

  SimulatedLog& simulated() { return log_; }

  absl::StatusOr<std::unique_ptr<LogReader>> Read(const TopicPartition& from, int64_t offset,
                                                  Holes holes = Holes::kNever) override {
    const absl::StatusOr<Bounds> bounds = log_.BoundsOf(from);
    if (bounds.ok()) to_read[from.topic] += bounds->end - offset;
    return log_.Read(from, offset, holes);
  }
  absl::StatusOr<std::unique_ptr<LogAppender>> OpenAppender() override {
    ++appenders;
    return log_.OpenAppender();
  }

  absl::Status CreateTopic(const TopicSpec& spec) override { return log_.CreateTopic(spec); }
  absl::StatusOr<std::vector<std::string>> Topics(absl::string_view prefix) override {
    return log_.Topics(prefix);
  }
  absl::StatusOr<int32_t> Partitions(const std::string& topic) override {
    return log_.Partitions(topic);
  }
  absl::StatusOr<Bounds> BoundsOf(const TopicPartition& of) override { return log_.BoundsOf(of); }
  absl::StatusOr<std::unique_ptr<FencedWriter>> OpenFencedWriter(const TopicPartition& to,
                                                                 const std::string& name) override {
    return log_.OpenFencedWriter(to, name);
  }
  absl::StatusOr<int64_t> Committed(const std::string& group, const TopicPartition& of) override {
    return log_.Committed(group, of);
  }
  absl::Status Commit(const std::string& group, const TopicPartition& of, int64_t offset) override {
    return log_.Commit(group, of, offset);
  }
  absl::StatusOr<std::string> Id() override { return log_.Id(); }

 private:
  SimulatedLog log_;
};

}  // namespace dolen

#endif  // DOLEN_TESTS_ENGINE_LOG_WATCHED_LOG_H_
