#include "engine/shard/shard.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/digest.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/time.h"

namespace dolen {

std::string TickRecord(absl::Time now) {
  ledger::v1::Record record;
  record.set_written(Micros(now));
  record.mutable_tick()->set_drains(kMaxDrain);
  return record.SerializeAsString();
}

Shard::Shard(Log* log, TopicPartition ledger, std::unique_ptr<Store> store,
             std::unique_ptr<Fold> fold, std::unique_ptr<LogReader> reader,
             std::unique_ptr<LogAppender> appender, TopicPartition alerts, int64_t end)
    : log_(log),
      ledger_(std::move(ledger)),
      store_(std::move(store)),
      fold_(std::move(fold)),
      reader_(std::move(reader)),
      appender_(std::move(appender)),
      teller_(log, fold_.get(), std::move(alerts)),
      end_at_open_(end),
      took_over_(fold_->next_offset() == end ? fold_->reached() : absl::InfinitePast()),
      speaks_from_(end) {}

namespace {

absl::StatusOr<std::unique_ptr<Store>> OpenStore(const ShardOptions& options) {
  DOLEN_ASSIGN_OR_RETURN(std::unique_ptr<Store> store, Store::Open(options.folder, options.store));
  DOLEN_ASSIGN_OR_RETURN(const absl::optional<uint32_t> revision, RevisionOf(*store));
  if (!revision || *revision == options.revision) return store;
  if (*revision > options.revision) {
    return CheckRevision(*revision, options.folder, options.revision);
  }
  store = nullptr;
  DOLEN_RETURN_IF_ERROR(Store::Remove(options.folder));
  return Store::Open(options.folder, options.store);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Shard>> Shard::Open(Log* log, const ShardOptions& options) {
  const TopicPartition ledger{options.topics.Ledger(), static_cast<int32_t>(options.shard)};
  const TopicPartition alerts{options.topics.Alerts(), static_cast<int32_t>(options.shard)};
  DOLEN_ASSIGN_OR_RETURN(std::unique_ptr<Store> store, OpenStore(options));
  DOLEN_ASSIGN_OR_RETURN(std::unique_ptr<Fold> fold,
                         Fold::Open(store.get(), {options.shard, options.row_bytes_at_hand,
                                                  options.views, options.revision}));
  DOLEN_ASSIGN_OR_RETURN(const Bounds bounds, log->BoundsOf(ledger));
  if (fold->next_offset() > bounds.end || fold->next_offset() < bounds.begin) {
    return absl::DataLossError(absl::StrCat(
        "ledger partition ", options.shard, " holds offsets ", bounds.begin, " to ", bounds.end,
        ", but its store has folded up to ", fold->next_offset(),
        ": the ledger was truncated or re-created, or the store belongs to another one"));
  }
  DOLEN_ASSIGN_OR_RETURN(std::unique_ptr<LogReader> reader, log->Read(ledger, fold->next_offset()));
  DOLEN_ASSIGN_OR_RETURN(std::unique_ptr<LogAppender> appender, log->OpenAppender());
  return std::unique_ptr<Shard>(new Shard(log, ledger, std::move(store), std::move(fold),
                                          std::move(reader), std::move(appender), alerts,
                                          bounds.end));
}

absl::StatusOr<absl::Span<const Entry>> Shard::Read(absl::Duration wait) {
  if (waiting_alerts() > 0) wait = absl::ZeroDuration();
  return reader_->Read(kMaxBatch, fold_->open() ? std::min(wait, kCommitLinger) : wait);
}

absl::Status Shard::FoldAll(absl::Span<const Entry> entries, absl::Duration since_boot) {
  DOLEN_RETURN_IF_ERROR(Apply(entries));
  if (!fold_->open()) {
    uncommitted_since_ = absl::InfiniteDuration();
    return absl::OkStatus();
  }
  uncommitted_since_ = std::min(uncommitted_since_, since_boot);
  const bool may_gather = !entries.empty() && !fold_->told_deadline();
  if (may_gather && since_boot - uncommitted_since_ < kMaxCommitDelay) return absl::OkStatus();
  uncommitted_since_ = absl::InfiniteDuration();
  return fold_->Commit();
}

absl::StatusOr<int> Shard::Pump(int max, absl::Duration wait) {
  int folded = 0;
  for (bool more = true; more && folded < max;) {
    DOLEN_ASSIGN_OR_RETURN(const absl::Span<const Entry> entries,
                           reader_->Read(std::min(max - folded, kMaxBatch), wait));
    DOLEN_RETURN_IF_ERROR(Apply(entries));
    folded += static_cast<int>(entries.size());
    more = !entries.empty();
    wait = absl::ZeroDuration();
  }
  DOLEN_RETURN_IF_ERROR(fold_->Commit());
  return folded;
}

absl::Status Shard::Apply(absl::Span<const Entry> entries) {
  for (const Entry& entry : entries) {
    const uint64_t ticks = fold_->counts().ticks();
    DOLEN_RETURN_IF_ERROR(fold_->Apply(entry));
    if (fold_->next_offset() == end_at_open_) took_over_ = fold_->reached();
    if (fold_->batch_bytes() > kMaxBatchBytes) DOLEN_RETURN_IF_ERROR(fold_->Commit());
    if (fold_->counts().ticks() == ticks) continue;
    if (fold_->last_tick_written() == unread_tick_) unread_tick_ = 0;
    // A tick that drained nobody means that another owner ticks too, or that evidence moved what
    // was due: slow down.
    pause_ = fold_->last_drained() > 0 ? absl::ZeroDuration()
                                       : std::clamp(2 * pause_, kMinTickPause, kMaxTickPause);
  }
  return absl::OkStatus();
}

absl::Time Shard::NextTick() const {
  if (unread_tick_ != 0 || !fold_->speaks()) return absl::InfiniteFuture();
  return std::max(fold_->first_due(), last_tick_ + pause_);
}

absl::Status Shard::Tell() {
  if (speaks()) return teller_.Step();
  return fold_->next_offset() < speaks_from_ ? absl::OkStatus() : StateRevision();
}

// What was published is read back once whoever told before is fenced. It stands in the ledger then,
// so that alerts continue alike whenever this is folded again.
absl::Status Shard::StateRevision() {
  DOLEN_ASSIGN_OR_RETURN(const Published published, teller_.ReadPublished());
  ledger::v1::Continued from;
  from.set_after(fold_->stated_at());
  from.set_until(Micros(took_over_));
  const uint64_t attempt = Hash64(RandomBytes(16));
  const bool has_time = fold_->reached() != absl::InfinitePast();
  for (ledger::v1::Record& record :
       RevisionRecords(fold_->revision(), published, attempt, std::move(from))) {
    record.set_written(has_time ? Micros(fold_->reached()) : 0);
    DOLEN_RETURN_IF_ERROR(appender_->Append(ledger_, "", record.SerializeAsString()));
  }
  const absl::Status flushed = appender_->Flush();
  if (!flushed.ok()) {
    // Whether they are there will be seen; a second reading is harmless.
    DOLEN_ASSIGN_OR_RETURN(appender_, log_->OpenAppender());
    return flushed;
  }
  DOLEN_ASSIGN_OR_RETURN(const Bounds bounds, log_->BoundsOf(ledger_));
  speaks_from_ = bounds.end;
  return absl::OkStatus();
}

absl::StatusOr<bool> Shard::Tick(absl::Time now) {
  if (!fold_->speaks()) return false;
  if (unread_tick_ != 0 || fold_->first_due() > std::max(now, fold_->reached())) return false;
  if (now < last_tick_ + pause_) return false;
  last_tick_ = now;
  const absl::Status appended = appender_->Append(ledger_, "", TickRecord(now));
  DOLEN_RETURN_IF_ERROR(appended);
  const absl::Status flushed = appender_->Flush();
  if (!flushed.ok()) {
    // Whether it is there will be seen; a second one is harmless.
    DOLEN_ASSIGN_OR_RETURN(appender_, log_->OpenAppender());
    return flushed;
  }
  unread_tick_ = Micros(now);
  return true;
}

absl::StatusOr<bool> Shard::IsAtEnd() {
  DOLEN_ASSIGN_OR_RETURN(const Bounds bounds, log_->BoundsOf(ledger_));
  return fold_->next_offset() >= bounds.end && !fold_->open();
}

}  // namespace dolen
