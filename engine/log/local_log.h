// The local log: the whole of a Log in one folder, on RocksDB, for one process. It needs no broker
// and loses nothing that it acknowledged: Flush and FencedWriter::Append return OK after an fsync,
// and no reader sees a record before that. The bytes are described in local_format.h, the writing
// in group_commit.h.
//
// Compacted topics are kept whole: a local log has no holes. Writers are fenced within the process,
// since no second one can open the folder.
#ifndef DOLEN_ENGINE_LOG_LOCAL_LOG_H_
#define DOLEN_ENGINE_LOG_LOCAL_LOG_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/log/log.h"

namespace rocksdb {
class Env;
}

namespace dolen {

struct LocalLogOptions {
  // The wall clock that stamps records. Called under a lock by any thread: it must not call back.
  std::function<absl::Time()> clock = [] { return absl::Now(); };
  // A memtable; there may be three of them. A restart after a crash reads as much again.
  size_t write_buffer_bytes = 32 * 1024 * 1024;
  size_t cache_bytes = 8 * 1024 * 1024;  // for indexes; records are not cached
  rocksdb::Env* env = nullptr;           // null: the default; must outlive the log
};

class LocalLog final : public Log {
 public:
  // Opens the log in `folder`, which is created where it does not exist (its rights are the
  // caller's business). kFailedPrecondition: another process has it open. kDataLoss: it is damaged,
  // or acknowledged records are gone.
  static absl::StatusOr<std::unique_ptr<LocalLog>> Open(const std::string& folder,
                                                        LocalLogOptions options = {});
  ~LocalLog() override;  // makes everything appended durable

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
  // Not synced: a lost commit makes a group read again what it has read.
  absl::Status Commit(const std::string& group, const TopicPartition& of, int64_t offset) override;
  absl::StatusOr<std::string> Id() override;

  // From the front of each partition, up to the first record that is not too old.
  absl::StatusOr<int64_t> TrimExpired() override;

 private:
  struct State;
  explicit LocalLog(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace dolen

#endif  // DOLEN_ENGINE_LOG_LOCAL_LOG_H_
