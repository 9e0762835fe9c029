#include "engine/audit/audit_reader.h"

#include <algorithm>
#include <utility>

#include "absl/container/btree_set.h"
#include "absl/strings/str_cat.h"
#include "engine/base/status.h"

namespace dolen {
namespace {

using audit::v1::Read;

constexpr int kAtOnce = 1000;
constexpr absl::Duration kWait = absl::Milliseconds(100);

absl::StatusOr<Read> Parse(const TopicPartition& topic, const Entry& entry) {
  Read read;
  if (read.ParseFromArray(entry.value.data(), static_cast<int>(entry.value.size()))) return read;
  return absl::DataLossError(
      absl::StrCat(topic.topic, " offset ", entry.offset, ": not a record of a read"));
}

}  // namespace

AuditReader::AuditReader(Log* log, const TopicNames& names) : log_(log), topic_{names.Audit(), 0} {}

void AuditReader::Take(int64_t offset, Read read) {
  offsets_.push_back(offset);
  const uint64_t number = offsets_.size();
  const absl::btree_set<std::string> children(read.child().begin(), read.child().end());
  for (const std::string& child : children) by_child_[child].push_back(number);
  by_subject_[read.subject()].push_back(number);
  if (!read.emergency().empty()) emergencies_.push_back(std::move(read));
}

absl::Status AuditReader::ReadOn() {
  DOLEN_ASSIGN_OR_RETURN(const Bounds bounds, log_->BoundsOf(topic_));
  if (next_ >= bounds.end) return absl::OkStatus();
  DOLEN_ASSIGN_OR_RETURN(const std::unique_ptr<LogReader> reader,
                         log_->Read(topic_, std::max(next_, bounds.begin), Holes::kAllowed));
  while (reader->position() < bounds.end) {
    DOLEN_ASSIGN_OR_RETURN(const absl::Span<const Entry> entries, reader->Read(kAtOnce, kWait));
    for (const Entry& entry : entries) {
      DOLEN_ASSIGN_OR_RETURN(Read read, Parse(topic_, entry));
      Take(entry.offset, std::move(read));
      next_ = entry.offset + 1;
    }
  }
  next_ = reader->position();
  return absl::OkStatus();
}

// Newest first; one pass over the log between the oldest and the newest of them.
absl::StatusOr<std::vector<Read>> AuditReader::Fetch(std::vector<int64_t> offsets) {
  std::vector<Read> reads;
  if (offsets.empty()) return reads;
  std::sort(offsets.begin(), offsets.end());
  DOLEN_ASSIGN_OR_RETURN(const std::unique_ptr<LogReader> reader,
                         log_->Read(topic_, offsets.front(), Holes::kAllowed));
  while (reads.size() < offsets.size()) {
    DOLEN_ASSIGN_OR_RETURN(const absl::Span<const Entry> entries, reader->Read(kAtOnce, kWait));
    for (const Entry& entry : entries) {
      if (!std::binary_search(offsets.begin(), offsets.end(), entry.offset)) continue;
      DOLEN_ASSIGN_OR_RETURN(Read read, Parse(topic_, entry));
      reads.push_back(std::move(read));
    }
    if (entries.empty() && reader->position() > offsets.back()) break;
  }
  std::reverse(reads.begin(), reads.end());
  return reads;
}

absl::StatusOr<std::vector<Read>> AuditReader::Find(const ReadsQuery& query) {
  const std::lock_guard<std::mutex> lock(mutex_);
  DOLEN_RETURN_IF_ERROR(ReadOn());
  const auto is_among = [](const std::map<std::string, std::vector<uint64_t>>& by,
                           const std::string& name, uint64_t number) {
    const auto its = by.find(name);
    return its != by.end() && std::binary_search(its->second.begin(), its->second.end(), number);
  };
  std::vector<int64_t> offsets;
  uint64_t number =
      query.before == 0 ? offsets_.size() : std::min<uint64_t>(query.before - 1, offsets_.size());
  for (; number > 0 && offsets.size() < query.limit; --number) {
    if (!query.child.empty() && !is_among(by_child_, query.child, number)) continue;
    if (!query.subject.empty() && !is_among(by_subject_, query.subject, number)) continue;
    offsets.push_back(offsets_[number - 1]);
  }
  return Fetch(std::move(offsets));
}

absl::StatusOr<std::vector<Read>> AuditReader::Emergencies() {
  const std::lock_guard<std::mutex> lock(mutex_);
  DOLEN_RETURN_IF_ERROR(ReadOn());
  return emergencies_;
}

}  // namespace dolen
