#include "engine/shard/teller.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/strings/str_cat.h"
#include "dolen/alert/v1/alert.pb.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/time.h"

namespace dolen {

absl::Status Teller::Step() {
  for (Outgoing& change : fold_->TakeOutgoing()) waiting_.push_back(std::move(change));
  // Before there is anything to tell: on Kafka it takes half a second.
  if (writer_ == nullptr) DOLEN_RETURN_IF_ERROR(Fence());
  for (int batch = 0; batch < kMaxTellBatches && !waiting_.empty(); ++batch) {
    // Another process may have stated from where alerts continue, and then it has seen more.
    if (published_ < fold_->continued_from()) DOLEN_RETURN_IF_ERROR(Fence());
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

absl::Time Teller::waiting_since() const {
  alert::v1::Alert first;
  if (waiting_.empty() || !first.ParseFromString(waiting_.front().bytes)) {
    return absl::InfiniteFuture();
  }
  return FromTimestamp(first.at());
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
      DOLEN_RETURN_IF_ERROR(Parse(entry, change));
      highest = std::max(highest, change.shard_number());
      if (change.fold_revision() != fold_->revision() &&
          change.shard_number() > fold_->continued_from()) {
        interrupted_at_ = fold_->stated_at();
        return absl::AbortedError(absl::StrCat(
            "alert ", change.shard_number(), " of shard ", to_.partition,
            " was told by fold revision ", change.fold_revision(), " after revision ",
            fold_->revision(), " had taken over: stop the processes of the older release"));
      }
    }
  }
  published_ = highest;
  fold_->TellingReached(highest, reader_->position());
  for (; !waiting_.empty() && waiting_.front().number <= published_; waiting_.pop_front()) {
    const absl::Time due_since = waiting_.front().due_since;
    if (due_since != absl::InfiniteFuture()) told_.push_back(due_since);
  }
  return fold_->Commit();
}

absl::Status Teller::Parse(const Entry& entry, alert::v1::Alert& change) const {
  if (!change.ParseFromArray(entry.value.data(), static_cast<int>(entry.value.size()))) {
    return absl::DataLossError(absl::StrCat("alerts topic ", to_.topic, " partition ",
                                            to_.partition, " offset ", entry.offset,
                                            ": not an alert"));
  }
  if (change.fold_revision() <= fold_->revision()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "alerts topic ", to_.topic, " partition ", to_.partition, ": told by fold revision ",
      change.fold_revision(), ", this release has ", fold_->revision(), "; install the newer one"));
}

absl::StatusOr<Published> Teller::ReadPublished() {
  waiting_.clear();
  (void)fold_->TakeOutgoing();
  reader_.reset();
  DOLEN_ASSIGN_OR_RETURN(writer_, log_->OpenFencedWriter(to_, "teller"));
  DOLEN_ASSIGN_OR_RETURN(const Bounds bounds, log_->BoundsOf(to_));
  DOLEN_ASSIGN_OR_RETURN(const std::unique_ptr<LogReader> reader,
                         log_->Read(to_, bounds.begin, Holes::kAllowed));
  Published published;
  absl::btree_map<std::string, alert::v1::Alert> last;
  alert::v1::Alert change;
  while (reader->position() < bounds.end) {
    DOLEN_ASSIGN_OR_RETURN(const absl::Span<const Entry> entries,
                           reader->Read(kMaxBatch, absl::Milliseconds(100)));
    for (const Entry& entry : entries) {
      DOLEN_RETURN_IF_ERROR(Parse(entry, change));
      published.number = std::max(published.number, change.shard_number());
      Shorten(change);
      std::swap(last[change.alert_id()], change);
    }
  }
  for (auto& [id, alert] : last) published.last.push_back(std::move(alert));
  published_ = published.number;
  return published;
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
