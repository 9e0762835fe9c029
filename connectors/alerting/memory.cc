#include "connectors/alerting/memory.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "engine/base/digest.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"

namespace dolen {
namespace {

// Of a first write whose outcome is not known; then the log has other troubles.
constexpr int kOpenAttempts = 5;

bool Heals(const absl::Status& status) {
  return status.code() == absl::StatusCode::kUnknown ||
         status.code() == absl::StatusCode::kUnavailable;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Memory>> Memory::Open(Log* log, const TopicNames& names) {
  std::unique_ptr<Memory> memory(new Memory(log, absl::BytesToHexString(RandomBytes(8))));
  DOLEN_RETURN_IF_ERROR(memory->Begin(names));
  return memory;
}

absl::Status Memory::Begin(const TopicNames& names) {
  DOLEN_ASSIGN_OR_RETURN(const int32_t partitions, log_->Partitions(names.Alerts()));
  TopicSpec spec;
  spec.name = names.Receipts();
  spec.partitions = partitions;
  spec.compacted = true;
  DOLEN_RETURN_IF_ERROR(log_->CreateTopic(spec));
  parts_.resize(partitions);
  for (int32_t number = 0; number < partitions; ++number) {
    parts_[number].topic = {names.Receipts(), number};
    DOLEN_RETURN_IF_ERROR(BeginPart(number, {names.Alerts(), number}));
  }
  return absl::OkStatus();
}

absl::Status Memory::BeginPart(int32_t number, const TopicPartition& alerts) {
  Part& part = parts_[number];
  DOLEN_ASSIGN_OR_RETURN(part.writer, log_->OpenFencedWriter(part.topic, "notifier"));
  DOLEN_ASSIGN_OR_RETURN(const Bounds receipts, log_->BoundsOf(part.topic));
  part.read_to = receipts.begin;
  DOLEN_RETURN_IF_ERROR(ReadOn(number, remembered_));
  DOLEN_ASSIGN_OR_RETURN(const Bounds bounds, log_->BoundsOf(alerts));
  part.next = part.found.has_value() ? part.found->next() : bounds.end;
  if (part.next > bounds.end) {
    return absl::DataLossError(absl::StrCat("alerts topic ", alerts.topic, " partition ", number,
                                            ": ends at ", bounds.end, ", but was taken to ",
                                            part.next));
  }
  absl::Status claimed;
  for (int attempt = 0; attempt < kOpenAttempts; ++attempt) {
    claimed = Append(number, {}, part.next);
    if (!Heals(claimed)) break;
  }
  return claimed;
}

absl::Status Memory::ReadOn(int32_t number, Remembered& into) {
  Part& part = parts_[number];
  DOLEN_ASSIGN_OR_RETURN(const Bounds bounds, log_->BoundsOf(part.topic));
  if (part.read_to >= bounds.end) return absl::OkStatus();
  DOLEN_ASSIGN_OR_RETURN(const std::unique_ptr<LogReader> reader,
                         log_->Read(part.topic, part.read_to, Holes::kAllowed));
  while (reader->position() < bounds.end) {
    DOLEN_ASSIGN_OR_RETURN(const absl::Span<const Entry> entries,
                           reader->Read(kMaxBatch, absl::Milliseconds(100)));
    for (const Entry& entry : entries) DOLEN_RETURN_IF_ERROR(into.Add(number, entry));
  }
  part.read_to = reader->position();
  const auto position = into.positions.find(number);
  if (position != into.positions.end()) part.found = position->second;
  return absl::OkStatus();
}

absl::StatusOr<bool> Memory::Recover(int32_t number) {
  Part& part = parts_[number];
  DOLEN_ASSIGN_OR_RETURN(std::unique_ptr<FencedWriter> writer,
                         log_->OpenFencedWriter(part.topic, "notifier"));
  const absl::optional<notifier::v1::Position> before = part.found;
  Remembered unused;
  DOLEN_RETURN_IF_ERROR(ReadOn(number, unused));
  const bool is_mine = part.found.has_value() && part.found->writer() == writer_;
  // Nothing of this run yet: what was there when it began is no other's doing.
  const bool is_as_before =
      part.batch == 0 && part.found.has_value() == before.has_value() &&
      (!before.has_value() || before->SerializeAsString() == part.found->SerializeAsString());
  if (!is_mine && !is_as_before) {
    stopped_ = absl::AbortedError(absl::StrCat("receipts topic ", part.topic.topic, " partition ",
                                               number, ": another notifier has taken over"));
    return stopped_;
  }
  part.writer = std::move(writer);
  return is_mine && part.found->batch() == part.batch + 1;
}

absl::Status Memory::Append(int32_t number, std::vector<NewEntry> entries, int64_t next) {
  Part& part = parts_[number];
  bool there = false;
  if (part.writer == nullptr) {
    DOLEN_ASSIGN_OR_RETURN(there, Recover(number));
  }
  if (!there) {
    notifier::v1::Position position;
    position.set_next(next);
    position.set_batch(part.batch + 1);
    position.set_writer(writer_);
    entries.push_back(PositionRecord(position));
    const absl::Status appended = part.writer->Append(entries);
    if (!appended.ok()) {
      part.writer.reset();
      if (!Heals(appended)) stopped_ = appended;
      return appended;
    }
  }
  ++part.batch;
  part.next = next;
  return absl::OkStatus();
}

absl::Status Memory::WriteStep(const Step& step) {
  // Partitions in the order of their last write.
  std::vector<int32_t> order;
  for (auto write = step.writes.rbegin(); write != step.writes.rend(); ++write) {
    if (std::find(order.begin(), order.end(), write->partition) == order.end()) {
      order.push_back(write->partition);
    }
  }
  if (step.reached.has_value() &&
      std::find(order.begin(), order.end(), step.reached->partition) == order.end()) {
    order.push_back(step.reached->partition);
  }
  std::reverse(order.begin(), order.end());
  for (const int32_t number : order) {
    if (std::find(written_.begin(), written_.end(), number) != written_.end()) continue;
    std::vector<NewEntry> entries;
    for (const Write& write : step.writes) {
      if (write.partition == number) entries.push_back(write.entry);
    }
    const bool moves = step.reached.has_value() && step.reached->partition == number;
    DOLEN_RETURN_IF_ERROR(
        Append(number, std::move(entries), moves ? step.reached->next : parts_[number].next));
    written_.push_back(number);
  }
  return absl::OkStatus();
}

absl::Status Memory::Flush() {
  DOLEN_RETURN_IF_ERROR(stopped_);
  while (!steps_.empty()) {
    DOLEN_RETURN_IF_ERROR(WriteStep(steps_.front()));
    written_.clear();
    steps_.pop_front();
  }
  return absl::OkStatus();
}

}  // namespace dolen
