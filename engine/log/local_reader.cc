#include "engine/log/local_reader.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "engine/base/status.h"
#include "engine/log/wait.h"

namespace dolen::local {

namespace {
// Bytes after which a Read returns though fewer than `max` records were read: bounds the memory of
// a reader where records are large.
constexpr size_t kMaxReadBytes = 8 * 1024 * 1024;
// Records read from one iterator before it is opened anew, since it keeps files and memory alive
// that compaction has replaced.
constexpr int64_t kMaxIteratorRecords = 1000 * 1000;
}  // namespace

LocalReader::LocalReader(rocksdb::DB* db, LocalPartition* from, int64_t offset, Holes holes)
    : db_(db), from_(from), holes_(holes), position_(offset) {}

absl::StatusOr<absl::Span<const Entry>> LocalReader::Read(int max, absl::Duration wait) {
  entries_.clear();
  if (max <= 0) return absl::Span<const Entry>();
  int64_t end = 0, begin = 0;
  {
    std::unique_lock<std::mutex> lock(from_->mutex);
    WaitUntilTrue(from_->grown, lock, wait, [this] { return from_->end > position_; });
    end = from_->end;
    begin = from_->begin;
  }
  if (position_ < begin) {
    return absl::OutOfRangeError(absl::StrCat(from_->name.topic, "/", from_->name.partition,
                                              ": offset ", position_, " was trimmed; begins at ",
                                              begin));
  }
  if (position_ >= end) return absl::Span<const Entry>();
  if (iterator_ == nullptr) OpenIterator(end);
  buffer_.clear();
  rows_.clear();
  const absl::Status status = Collect(max);
  if (!status.ok()) iterator_ = nullptr;
  if (!status.ok() && rows_.empty()) return status;
  DOLEN_RETURN_IF_ERROR(Decode());
  if (!rows_.empty()) position_ = rows_.back().offset + 1;
  if (position_ >= bound_) iterator_ = nullptr;
  return absl::MakeConstSpan(entries_);
}

void LocalReader::OpenIterator(int64_t end) {
  bound_ = std::min(end, position_ + kMaxIteratorRecords);
  upper_ = MakeRecordKey(from_->topic, from_->name.partition, bound_);
  upper_slice_ = ToSlice(upper_);
  rocksdb::ReadOptions options;
  options.verify_checksums = true;
  options.iterate_upper_bound = &upper_slice_;
  // A log is read once, from front to back: caching it would only push out what is useful.
  options.fill_cache = false;
  options.background_purge_on_iterator_cleanup = true;
  iterator_.reset(db_->NewIterator(options));
  iterator_->Seek(ToSlice(MakeRecordKey(from_->topic, from_->name.partition, position_)));
}

absl::Status LocalReader::Collect(int max) {
  int64_t expected = position_;
  while (rows_.size() < static_cast<size_t>(max) && expected < bound_ &&
         buffer_.size() < kMaxReadBytes) {
    if (!iterator_->Valid()) {
      if (iterator_->status().IsCorruption()) return Damaged(iterator_->status().ToString());
      DOLEN_RETURN_IF_ERROR(FromRocks(iterator_->status(), "read"));
      if (holes_ == Holes::kNever) {
        return Damaged(absl::StrCat("records ", expected, " to ", bound_ - 1, " are missing"));
      }
      position_ = bound_;
      return absl::OkStatus();
    }
    const int64_t offset = OffsetOf(iterator_->key());
    if (offset != expected && holes_ == Holes::kNever) {
      return Damaged(absl::StrCat("expected offset ", expected, ", found ", offset));
    }
    const rocksdb::Slice value = iterator_->value();
    rows_.push_back({offset, value.size()});
    buffer_.append(value.data(), value.size());
    expected = offset + 1;
    iterator_->Next();
  }
  return absl::OkStatus();
}

absl::Status LocalReader::Decode() {
  if (headers_.size() < rows_.size()) headers_.resize(rows_.size());
  absl::string_view rest = buffer_;
  for (size_t i = 0; i < rows_.size(); ++i) {
    Entry entry;
    entry.offset = rows_[i].offset;
    if (!DecodeRecord(rest.substr(0, rows_[i].size), entry, headers_[i])) {
      iterator_ = nullptr;
      rows_.resize(i);  // what came before it is good, and is read first
      if (i == 0) return Damaged(absl::StrCat("record ", entry.offset, " cannot be decoded"));
      return absl::OkStatus();
    }
    entries_.push_back(entry);
    rest.remove_prefix(rows_[i].size);
  }
  return absl::OkStatus();
}

absl::Status LocalReader::Damaged(absl::string_view what) const {
  return absl::DataLossError(absl::StrCat(from_->name.topic, "/", from_->name.partition,
                                          " at offset ", position_, ": ", what));
}

}  // namespace dolen::local
