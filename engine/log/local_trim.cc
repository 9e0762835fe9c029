#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/base/status.h"
#include "engine/log/local_reader.h"
#include "engine/log/local_state.h"
#include "rocksdb/convenience.h"

namespace dolen {

namespace {
using local::FromRocks;
using local::LocalPartition;
using local::MakeRecordKey;
using local::ToSlice;
using local::ToView;

constexpr int kDeletesAtOnce = 4096;  // rows in one batch of deletions: a megabyte at most
}  // namespace

absl::StatusOr<int64_t> LocalLog::TrimExpired() {
  std::lock_guard<std::mutex> trimming(state_->trimming);
  std::vector<std::pair<LocalPartition*, absl::Duration>> expiring;
  {
    std::lock_guard<std::mutex> lock(state_->mutex);
    for (const auto& [name, topic] : state_->topics) {
      if (topic->stored.spec.keep == absl::InfiniteDuration()) continue;
      for (const auto& partition : topic->partitions) {
        expiring.emplace_back(partition.get(), topic->stored.spec.keep);
      }
    }
  }
  const absl::Time now = state_->options.clock();
  int64_t removed = 0;
  for (const auto& [partition, keep] : expiring) {
    DOLEN_ASSIGN_OR_RETURN(const int64_t begin, state_->FirstKept(*partition, now - keep));
    int64_t before = 0;
    {
      std::lock_guard<std::mutex> lock(partition->mutex);
      before = partition->begin;
    }
    if (begin == before) continue;
    DOLEN_RETURN_IF_ERROR(state_->RemoveBelow(*partition, begin));
    removed += begin - before;
  }
  return removed;
}

absl::StatusOr<int64_t> LocalLog::State::FirstKept(LocalPartition& partition, absl::Time cutoff) {
  int64_t begin = 0, end = 0;
  {
    std::lock_guard<std::mutex> lock(partition.mutex);
    begin = partition.begin;
    end = partition.end;
  }
  local::LocalReader reader(db.get(), &partition, begin, Holes::kNever);
  while (reader.position() < end) {
    DOLEN_ASSIGN_OR_RETURN(const auto entries, reader.Read(1000, absl::ZeroDuration()));
    for (const Entry& entry : entries) {
      if (entry.appended >= cutoff) return entry.offset;
    }
  }
  return reader.position();
}

absl::Status LocalLog::State::RemoveBelow(LocalPartition& partition, int64_t begin) {
  // The new beginning first, durably: a crash in between leaves rows below it, which nobody reads
  // and the next trim removes.
  const int32_t number = partition.name.partition;
  DOLEN_ASSIGN_OR_RETURN(const uint64_t group,
                         commit->Put(local::BeginKey(partition.topic, number),
                                     local::EncodeInt(begin), /*durable=*/true));
  DOLEN_RETURN_IF_ERROR(commit->Wait(group));
  {
    std::lock_guard<std::mutex> lock(partition.mutex);
    partition.begin = begin;
  }
  // Whole files go at once; then row by row what shares a file with later records; then those
  // files are rewritten, so that nothing removed stays on the disk.
  const auto from = MakeRecordKey(partition.topic, number, 0);
  const auto to = MakeRecordKey(partition.topic, number, begin);
  const rocksdb::Slice first = ToSlice(from), last = ToSlice(to);
  DOLEN_RETURN_IF_ERROR(
      FromRocks(rocksdb::DeleteFilesInRange(db.get(), db->DefaultColumnFamily(), &first, &last,
                                            /*include_end=*/false),
                "trim"));
  rocksdb::ReadOptions read;
  read.iterate_upper_bound = &last;
  read.fill_cache = false;
  const std::unique_ptr<rocksdb::Iterator> rows(db->NewIterator(read));
  rocksdb::WriteBatch batch;
  for (rows->Seek(first); rows->Valid(); rows->Next()) {
    batch.Delete(rows->key());
    if (batch.Count() < kDeletesAtOnce) continue;
    DOLEN_RETURN_IF_ERROR(FromRocks(db->Write(rocksdb::WriteOptions(), &batch), "trim"));
    batch.Clear();
  }
  DOLEN_RETURN_IF_ERROR(FromRocks(rows->status(), "trim"));
  DOLEN_RETURN_IF_ERROR(FromRocks(db->Write(rocksdb::WriteOptions(), &batch), "trim"));
  rocksdb::CompactRangeOptions compact;
  compact.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  return FromRocks(db->CompactRange(compact, &first, &last), "trim");
}

}  // namespace dolen
