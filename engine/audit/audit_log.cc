#include "engine/audit/audit_log.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/digest.h"
#include "engine/base/status.h"

namespace dolen {
namespace {

using audit::v1::Read;

constexpr int kAtOnce = 200;  // reads that are written together
constexpr int kAttempts = 3;
constexpr absl::Duration kWait = absl::Milliseconds(100);

TopicPartition TopicOf(const TopicNames& names) { return {names.Audit(), 0}; }

absl::Status NoRead(const TopicPartition& topic, int64_t offset) {
  return absl::DataLossError(
      absl::StrCat(topic.topic, " offset ", offset, ": not a record of a read"));
}

}  // namespace

absl::StatusOr<std::unique_ptr<AuditLog>> AuditLog::Open(Log* log, const TopicNames& names) {
  const TopicPartition topic = TopicOf(names);
  DOLEN_RETURN_IF_ERROR(log->CreateTopic({topic.topic}));
  std::unique_ptr<AuditLog> audit(new AuditLog(log, topic));
  DOLEN_RETURN_IF_ERROR(audit->TakeOver());
  return audit;
}

AuditHead AuditLog::head() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return head_;
}

absl::Status AuditLog::Append(Read read) {
  std::vector<Read> reads(1);
  reads[0] = std::move(read);
  return AppendAll(std::move(reads));
}

absl::Status AuditLog::AppendAll(std::vector<Read> reads) {
  // Others who read meanwhile wait for one batch of these, not for all.
  for (size_t from = 0; from < reads.size(); from += kAtOnce) {
    DOLEN_RETURN_IF_ERROR(AppendSome(absl::MakeSpan(reads).subspan(from, kAtOnce)));
  }
  return absl::OkStatus();
}

absl::Status AuditLog::AppendSome(absl::Span<Read> reads) {
  std::deque<Waiting> mine;
  for (Read& read : reads) mine.push_back({std::move(read), absl::OkStatus()});
  std::unique_lock<std::mutex> lock(mutex_);
  for (Waiting& one : mine) queue_.push_back(&one);
  // They are written in order, so the last one is done last.
  while (!mine.empty() && !mine.back().is_done) {
    if (is_writing_) {
      written_.wait(lock);
      continue;
    }
    // Whoever finds nobody writing writes for all who wait.
    const auto end = queue_.begin() + std::min<ptrdiff_t>(kAtOnce, std::ssize(queue_));
    const std::vector<Waiting*> batch(queue_.begin(), end);
    queue_.erase(queue_.begin(), end);
    is_writing_ = true;
    lock.unlock();
    const absl::Status status = Write(batch);
    lock.lock();
    is_writing_ = false;
    for (Waiting* one : batch) {
      one->status = status;
      one->is_done = true;
    }
    written_.notify_all();
  }
  for (const Waiting& one : mine) DOLEN_RETURN_IF_ERROR(one.status);
  return absl::OkStatus();
}

absl::Status AuditLog::Write(const std::vector<Waiting*>& batch) {
  absl::Status status;
  AuditHead sent;  // where the chain stands if the attempt before did arrive
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    if (writer_ == nullptr) DOLEN_RETURN_IF_ERROR(TakeOver());
    AuditHead head = this->head();
    if (attempt > 0 && head == sent) return absl::OkStatus();
    std::vector<NewEntry> entries;
    for (Waiting* one : batch) {
      one->read.set_number(head.number + 1);
      one->read.set_previous(head.hash);
      std::string bytes = one->read.SerializeAsString();
      head = {head.number + 1, Sha256(bytes)};
      entries.push_back({"", std::move(bytes), {}});
    }
    status = writer_->Append(entries);
    if (status.ok()) {
      const std::lock_guard<std::mutex> lock(mutex_);
      head_ = head;
      return status;
    }
    sent = head;
    writer_.reset();
  }
  return status;
}

absl::Status AuditLog::TakeOver() {
  DOLEN_ASSIGN_OR_RETURN(std::unique_ptr<FencedWriter> writer,
                         log_->OpenFencedWriter(topic_, "audit"));
  DOLEN_ASSIGN_OR_RETURN(const Bounds bounds, log_->BoundsOf(topic_));
  AuditHead head;
  // Marks of transactions may lie behind the last record.
  for (int64_t back = kAtOnce; head.number == 0; back *= 2) {
    const int64_t from = std::max(bounds.begin, bounds.end - back);
    DOLEN_ASSIGN_OR_RETURN(const std::unique_ptr<LogReader> reader,
                           log_->Read(topic_, from, Holes::kAllowed));
    while (reader->position() < bounds.end) {
      DOLEN_ASSIGN_OR_RETURN(const absl::Span<const Entry> entries, reader->Read(kAtOnce, kWait));
      if (entries.empty()) continue;
      const Entry& last = entries.back();
      Read read;
      if (!read.ParseFromArray(last.value.data(), static_cast<int>(last.value.size()))) {
        return NoRead(topic_, last.offset);
      }
      head = {read.number(), Sha256(last.value)};
    }
    if (from == bounds.begin) break;
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  head_ = std::move(head);
  writer_ = std::move(writer);
  return absl::OkStatus();
}

absl::StatusOr<AuditReport> VerifyAudit(Log& log, const TopicNames& names, const AuditHead& noted,
                                        absl::FunctionRef<void(const Read&)> see) {
  const TopicPartition topic = TopicOf(names);
  DOLEN_ASSIGN_OR_RETURN(const Bounds bounds, log.BoundsOf(topic));
  DOLEN_ASSIGN_OR_RETURN(const std::unique_ptr<LogReader> reader,
                         log.Read(topic, bounds.begin, Holes::kAllowed));
  AuditReport report;
  Read read;
  while (reader->position() < bounds.end) {
    DOLEN_ASSIGN_OR_RETURN(const absl::Span<const Entry> entries, reader->Read(kAtOnce, kWait));
    for (const Entry& entry : entries) {
      if (!read.ParseFromArray(entry.value.data(), static_cast<int>(entry.value.size()))) {
        return NoRead(topic, entry.offset);
      }
      if (read.number() != report.head.number + 1 || read.previous() != report.head.hash) {
        return absl::DataLossError(absl::StrCat(topic.topic, " offset ", entry.offset,
                                                ": the chain is broken: read ", read.number(),
                                                " does not follow read ", report.head.number));
      }
      report.head = {read.number(), Sha256(entry.value)};
      report.has_noted |= report.head == noted;
      see(read);
    }
  }
  return report;
}

}  // namespace dolen
