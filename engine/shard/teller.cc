#include "engine/shard/teller.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dolen/alert/v1/alert.pb.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"

namespace dolen {

absl::Status Teller::Step() {
  for (Outgoing& change : fold_->TakeOutgoing()) waiting_.push_back(std::move(change));
  for (int batch = 0; batch < kMaxTellBatches && !waiting_.empty(); ++batch) {
    if (writer_ == nullptr) DOLEN_RETURN_IF_ERROR(Fence());
    if (waiting_.empty()) break;
    const absl::Status sent = Send();
    if (!sent.ok()) {
      // Fenced by another, or the outcome is not known: only a new writer and the topic itself can
      // say what was published.
      writer_.reset();
      return sent;
    }
    const uint64_t expected = published_ + std::min<uint64_t>(waiting_.size(), kMaxOutboxBatch);
    // Not to the end: whoever wrote behind it has fenced this writer, so that the next Send fails;
    // and on Kafka the mark of a transaction at the end costs a wait.
    absl::Status read = ReadBack(expected);
    if (read.ok() && published_ < expected) {
      read = absl::UnavailableError("the alerts topic does not show yet what was sent to it");
    }
    if (!read.ok()) {
      // What was sent is still waiting, and must not be sent again before the topic was read.
      writer_.reset();
      return read;
    }
  }
  return absl::OkStatus();
}

absl::Status Teller::Fence() {
  DOLEN_ASSIGN_OR_RETURN(writer_, log_->OpenFencedWriter(to_, "teller"));
  const absl::Status read = ReadBack(std::numeric_limits<uint64_t>::max());
  if (!read.ok()) writer_.reset();
  return read;
}

absl::Status Teller::ReadBack(uint64_t enough) {
  DOLEN_ASSIGN_OR_RETURN(const Bounds bounds, log_->BoundsOf(to_));
  const int64_t from = fold_->telling().read_to();
  if (bounds.end < from) {
    return absl::DataLossError(absl::StrCat("alerts topic ", to_.topic, " partition ",
                                            to_.partition, ": ends at ", bounds.end,
                                            ", but was read back to ", from));
  }
  if (reader_ == nullptr) {
    DOLEN_ASSIGN_OR_RETURN(reader_, log_->Read(to_, std::max(from, bounds.begin), Holes::kAllowed));
  }
  uint64_t highest = fold_->telling().number();
  alert::v1::Alert change;
  while (reader_->position() < bounds.end && highest < enough) {
    absl::StatusOr<absl::Span<const Entry>> entries =
        reader_->Read(kMaxOutboxBatch, absl::Milliseconds(100));
    if (!entries.ok()) {
      reader_.reset();
      return entries.status();
    }
    for (const Entry& entry : *entries) {
      if (!change.ParseFromArray(entry.value.data(), static_cast<int>(entry.value.size()))) {
        return absl::DataLossError(absl::StrCat("alerts topic ", to_.topic, " partition ",
                                                to_.partition, " offset ", entry.offset,
                                                ": not an alert"));
      }
      highest = std::max(highest, change.shard_number());
    }
  }
  published_ = highest;
  fold_->TellingReached(highest, reader_->position());
  while (!waiting_.empty() && waiting_.front().number <= published_) waiting_.pop_front();
  return fold_->Commit();
}

absl::Status Teller::Send() {
  std::vector<NewEntry> entries;
  for (const Outgoing& change : waiting_) {
    if (entries.size() == kMaxOutboxBatch) break;
    const uint64_t expected = published_ + 1 + entries.size();
    if (change.number != expected) {
      return absl::DataLossError(absl::StrCat("outbox of shard ", to_.partition,
                                              ": expected change ", expected, ", found ",
                                              change.number));
    }
    entries.push_back({change.alert_id, change.bytes, {}});
  }
  return writer_->Append(entries);
}

}  // namespace dolen
