// The one door through which the local log writes. Whoever appends adds to the group that waits;
// one thread takes the whole group, writes it as one RocksDB batch, fsyncs it once, and only then
// moves the ends that readers see and answers those who wait. So an fsync is shared by all who came
// while the one before was under way.
//
// The first write error stops it for ever: what a failed fsync left on the disk is not known, and
// trying again would only hide it.
//
// Threads: any number. Errors: kFailedPrecondition stopped by an earlier error; kUnknown the group
// of the asker failed; kAborted fenced.
#ifndef DOLEN_ENGINE_LOG_GROUP_COMMIT_H_
#define DOLEN_ENGINE_LOG_GROUP_COMMIT_H_

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "engine/log/local_mark.h"
#include "engine/log/log.h"
#include "rocksdb/db.h"
#include "rocksdb/write_batch.h"

namespace dolen::local {

// A partition as its writers and readers share it. Never moves once it is there.
struct LocalPartition {
  TopicPartition name;
  uint32_t topic = 0;  // the topic's id

  // Of GroupCommit, under its mutex.
  int64_t next = 0;                              // offset of the next record to be taken
  uint64_t group = 0;                            // the last group that holds a record of it
  absl::btree_map<std::string, int64_t> epochs;  // of fenced writers, by name

  std::mutex mutex;  // guards what follows
  std::condition_variable grown;
  int64_t begin = 0;
  int64_t end = 0;  // everything below is durable
};

class GroupCommit {
 public:
  // `db` and `mark` must outlive it; `acknowledged` records are in the log already. `clock` is
  // called under a lock: it must not call back.
  GroupCommit(rocksdb::DB* db, std::function<absl::Time()> clock, AcknowledgedMark* mark,
              int64_t acknowledged);
  ~GroupCommit();  // writes what waits
  GroupCommit(const GroupCommit&) = delete;
  GroupCommit& operator=(const GroupCommit&) = delete;

  // Each takes a copy and returns the group to Wait for. They wait while too much waits already.
  absl::StatusOr<uint64_t> Append(LocalPartition& to, absl::string_view key,
                                  absl::string_view value, absl::Span<const Header> headers);
  absl::StatusOr<uint64_t> AppendFenced(LocalPartition& to, const std::string& writer,
                                        int64_t epoch, absl::Span<const NewEntry> entries);
  // A row that is not a record. `durable`: the group is fsynced for it.
  absl::StatusOr<uint64_t> Put(absl::string_view key, absl::string_view value, bool durable);

  // Waits until the group is durable and its ends are published. 0 is no group.
  absl::Status Wait(uint64_t group);
  // A new epoch for `writer`: earlier ones are fenced, and what they had begun is durable and
  // readable on return.
  absl::StatusOr<int64_t> Fence(LocalPartition& of, const std::string& writer);

 private:
  struct Group {
    rocksdb::WriteBatch batch;
    std::vector<LocalPartition*> touched;
    std::vector<int64_t> ends;  // of each touched partition
    int64_t records = 0;
    bool sync = false;
  };

  absl::Status WaitForRoom(std::unique_lock<std::mutex>& lock);
  void Add(LocalPartition& to, absl::Time now, absl::string_view key, absl::string_view value,
           absl::Span<const Header> headers, bool tombstone);
  uint64_t Started();
  void Run();
  absl::Status WriteAndPublish();

  rocksdb::DB* const db_;
  const std::function<absl::Time()> clock_;
  AcknowledgedMark* const mark_;

  std::mutex mutex_;
  std::condition_variable work_;     // for the committing thread
  std::condition_variable room_;     // for those who append
  std::condition_variable written_;  // for those who wait
  Group waiting_;
  uint64_t waiting_number_ = 1;
  uint64_t done_ = 0;    // groups up to this one are durable
  bool urgent_ = false;  // someone waits: write at once
  bool stopping_ = false;
  absl::Status failed_;
  std::string head_;  // scratch

  // Of the committing thread alone.
  Group writing_;
  int64_t acknowledged_;
  std::thread thread_;
};

}  // namespace dolen::local

#endif  // DOLEN_ENGINE_LOG_GROUP_COMMIT_H_
