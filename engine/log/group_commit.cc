#include "engine/log/group_commit.h"

#include <chrono>

#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "engine/base/status.h"
#include "engine/log/local_format.h"

namespace dolen::local {

namespace {

// Bytes that wait for the next fsync, and as many that are being written: an fsync of this size is
// no dearer per record than a larger one, and memory stays bounded.
constexpr size_t kMaxGroupBytes = 8 * 1024 * 1024;
// While nobody waits for an answer, a group may grow for this long, so that a fast disk is not
// fsynced for every few records. Readers see records this much later at most.
constexpr std::chrono::milliseconds kLinger(2);
// One record. Admission and Kafka stop far below; this one bounds what a mistake can cost.
constexpr size_t kMaxRecordBytes = 16 * 1024 * 1024;

absl::Status CheckSize(absl::string_view key, absl::string_view value,
                       absl::Span<const Header> headers) {
  size_t size = key.size() + value.size();
  for (const Header& header : headers) size += header.key.size() + header.value.size();
  if (size <= kMaxRecordBytes) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("a record of ", size, " bytes; at most ", kMaxRecordBytes, " are taken"));
}

}  // namespace

GroupCommit::GroupCommit(rocksdb::DB* db, std::function<absl::Time()> clock, AcknowledgedMark* mark,
                         int64_t acknowledged)
    : db_(db), clock_(std::move(clock)), mark_(mark), acknowledged_(acknowledged) {
  thread_ = std::thread([this] { Run(); });
}

GroupCommit::~GroupCommit() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  work_.notify_one();
  thread_.join();
}

absl::Status GroupCommit::WaitForRoom(std::unique_lock<std::mutex>& lock) {
  room_.wait(lock,
             [this] { return !failed_.ok() || waiting_.batch.GetDataSize() < kMaxGroupBytes; });
  return failed_;
}

// Something was added: wakes the committing thread where it may sleep. Returns the group's number.
uint64_t GroupCommit::Started() {
  if (waiting_.batch.Count() == 1 || waiting_.batch.GetDataSize() >= kMaxGroupBytes || urgent_) {
    work_.notify_one();
  }
  return waiting_number_;
}

void GroupCommit::Add(LocalPartition& to, absl::Time now, absl::string_view key,
                      absl::string_view value, absl::Span<const Header> headers, bool tombstone) {
  EncodeRecordHead(now, key, headers, tombstone, head_);
  const RecordKey record_key = MakeRecordKey(to.topic, to.name.partition, to.next++);
  const rocksdb::Slice key_part = ToSlice(record_key);
  const rocksdb::Slice value_parts[2] = {head_, ToSlice(value)};
  const auto status =
      waiting_.batch.Put(rocksdb::SliceParts(&key_part, 1), rocksdb::SliceParts(value_parts, 2));
  DOLEN_CHECK(status.ok());  // fails only beyond 4 GiB
  if (to.group != waiting_number_) {
    to.group = waiting_number_;
    waiting_.touched.push_back(&to);
  }
  ++waiting_.records;
  waiting_.sync = true;
}

absl::StatusOr<uint64_t> GroupCommit::Append(LocalPartition& to, absl::string_view key,
                                             absl::string_view value,
                                             absl::Span<const Header> headers) {
  DOLEN_RETURN_IF_ERROR(CheckSize(key, value, headers));
  std::unique_lock<std::mutex> lock(mutex_);
  DOLEN_RETURN_IF_ERROR(WaitForRoom(lock));
  Add(to, clock_(), key, value, headers, /*tombstone=*/false);
  return Started();
}

absl::StatusOr<uint64_t> GroupCommit::AppendFenced(LocalPartition& to, const std::string& writer,
                                                   int64_t epoch,
                                                   absl::Span<const NewEntry> entries) {
  for (const NewEntry& entry : entries) {
    DOLEN_RETURN_IF_ERROR(CheckSize(entry.key, entry.value, entry.headers));
    if (entry.tombstone && !entry.value.empty()) {
      return absl::InvalidArgumentError("a tombstone has no value");
    }
  }
  std::unique_lock<std::mutex> lock(mutex_);
  DOLEN_RETURN_IF_ERROR(WaitForRoom(lock));
  if (to.epochs[writer] != epoch) {
    return absl::AbortedError(absl::StrCat("writer ", writer, " of ", to.name.topic, "/",
                                           to.name.partition, " was fenced by a newer one"));
  }
  if (entries.empty()) return 0;
  const absl::Time now = clock_();
  for (const NewEntry& entry : entries) {
    Add(to, now, entry.key, entry.value, entry.headers, entry.tombstone);
  }
  urgent_ = true;
  return Started();
}

absl::StatusOr<uint64_t> GroupCommit::Put(absl::string_view key, absl::string_view value,
                                          bool durable) {
  std::unique_lock<std::mutex> lock(mutex_);
  DOLEN_RETURN_IF_ERROR(WaitForRoom(lock));
  DOLEN_CHECK(waiting_.batch.Put(ToSlice(key), ToSlice(value)).ok());
  waiting_.sync = waiting_.sync || durable;
  urgent_ = urgent_ || durable;
  return Started();
}

absl::Status GroupCommit::Wait(uint64_t group) {
  std::unique_lock<std::mutex> lock(mutex_);
  if (done_ < group && group == waiting_number_ && !urgent_) {
    urgent_ = true;
    work_.notify_one();
  }
  written_.wait(lock, [&] { return !failed_.ok() || done_ >= group; });
  if (done_ >= group) return absl::OkStatus();
  return absl::UnknownError(failed_.message());
}

absl::StatusOr<int64_t> GroupCommit::Fence(LocalPartition& of, const std::string& writer) {
  int64_t epoch = 0;
  uint64_t last = 0;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    DOLEN_RETURN_IF_ERROR(failed_);
    epoch = ++of.epochs[writer];
    last = of.group;
  }
  // The new writer reads back what the old one wrote: none of it may still be on its way.
  DOLEN_RETURN_IF_ERROR(Wait(last));
  return epoch;
}

void GroupCommit::Run() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    work_.wait(lock, [this] { return stopping_ || waiting_.batch.Count() > 0; });
    if (waiting_.batch.Count() == 0) return;
    work_.wait_for(lock, kLinger, [this] {
      return stopping_ || urgent_ || waiting_.batch.GetDataSize() >= kMaxGroupBytes;
    });
    std::swap(waiting_, writing_);
    for (const LocalPartition* partition : writing_.touched) {
      writing_.ends.push_back(partition->next);
    }
    const uint64_t number = waiting_number_++;
    urgent_ = false;
    lock.unlock();
    room_.notify_all();
    const absl::Status status = WriteAndPublish();
    lock.lock();
    if (status.ok()) {
      done_ = number;
    } else {
      failed_ = absl::FailedPreconditionError(absl::StrCat(
          "the log stopped after a write error and must be opened again: ", status.message()));
      waiting_.batch.Clear();
      room_.notify_all();
    }
    written_.notify_all();
    if (!status.ok()) return;
  }
}

absl::Status GroupCommit::WriteAndPublish() {
  rocksdb::WriteOptions options;
  options.sync = writing_.sync;
  DOLEN_RETURN_IF_ERROR(FromRocks(db_->Write(options, &writing_.batch), "append"));
  if (writing_.records > 0) {
    acknowledged_ += writing_.records;
    mark_->Write(acknowledged_);
  }
  for (size_t i = 0; i < writing_.touched.size(); ++i) {
    LocalPartition& partition = *writing_.touched[i];
    {
      std::lock_guard<std::mutex> lock(partition.mutex);
      partition.end = writing_.ends[i];
    }
    partition.grown.notify_all();
  }
  writing_.batch.Clear();
  writing_.touched.clear();
  writing_.ends.clear();
  writing_.records = 0;
  writing_.sync = false;
  return absl::OkStatus();
}

}  // namespace dolen::local
