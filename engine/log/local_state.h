// The local log's inside, shared by the files that make it up: opening (local_open.cc), its use
// (local_log.cc) and trimming (local_trim.cc).
#ifndef DOLEN_ENGINE_LOG_LOCAL_STATE_H_
#define DOLEN_ENGINE_LOG_LOCAL_STATE_H_

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/statusor.h"
#include "engine/log/group_commit.h"
#include "engine/log/local_format.h"
#include "engine/log/local_log.h"
#include "engine/log/local_mark.h"
#include "rocksdb/db.h"

namespace dolen {

namespace local {

struct LocalTopic {
  StoredTopic stored;
  std::vector<std::unique_ptr<LocalPartition>> partitions;
};

}  // namespace local

struct LocalLog::State {
  LocalLogOptions options;
  std::unique_ptr<rocksdb::DB> db;
  std::unique_ptr<local::AcknowledgedMark> mark;
  std::string id;

  std::mutex creating;  // one CreateTopic at a time; taken before `mutex`
  std::mutex trimming;  // one TrimExpired at a time
  std::mutex mutex;     // guards what follows; topics are only ever added
  absl::btree_map<std::string, std::unique_ptr<local::LocalTopic>> topics;
  absl::btree_map<std::pair<std::string, TopicPartition>, int64_t> committed;

  std::unique_ptr<local::GroupCommit> commit;  // destroyed first: it writes what still waits

  ~State();
  // kNotFound if it does not exist. Lives as long as the log.
  absl::StatusOr<local::LocalPartition*> Find(const TopicPartition& name);

  // Opening, in this order.
  absl::Status OpenDatabase(const std::string& folder);
  absl::Status LoadId();
  absl::Status LoadTopics();
  absl::Status LoadBounds(local::LocalPartition& partition);
  absl::Status LoadCommitted();
  absl::Status StartCommitting(const std::string& folder);

  // The offset of the first record of `partition` that was appended at `cutoff` or later.
  absl::StatusOr<int64_t> FirstKept(local::LocalPartition& partition, absl::Time cutoff);
  absl::Status RemoveBelow(local::LocalPartition& partition, int64_t begin);
};

}  // namespace dolen

#endif  // DOLEN_ENGINE_LOG_LOCAL_STATE_H_
