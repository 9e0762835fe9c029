// A shard: one ledger partition with its store, the unit of scale, recovery and proof. Its loop
// reads like its drawing: read, fold, commit, (tick if someone is due), (send what the outbox
// holds).
//
// Threads: one at a time; deploy/ gives each shard a thread and a lock. Errors: see fold.h and
// teller.h; after kDataLoss or kFailedPrecondition the shard must stop.
#ifndef DOLEN_ENGINE_SHARD_SHARD_H_
#define DOLEN_ENGINE_SHARD_SHARD_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "engine/base/limits.h"
#include "engine/log/log.h"
#include "engine/shard/fold.h"
#include "engine/shard/teller.h"
#include "engine/store/store.h"

namespace dolen {

// For Pump where nobody waits meanwhile; memory is bounded by kMaxBatchBytes.
inline constexpr int kManyRecords = 65536;

struct ShardOptions {
  TopicNames topics;
  uint32_t shard = 0;
  std::string folder;  // of its store
  size_t row_bytes_at_hand = kRowBytesAtHand;
  StoreOptions store;
  std::vector<const View*> views;
  uint32_t revision = kFoldRevision;  // another one only in tests
};

class Shard {
 public:
  // A store of an older fold revision is never read with this release's code: it is removed, and
  // the ledger is folded again from its beginning. kFailedPrecondition: it is of a newer one.
  static absl::StatusOr<std::unique_ptr<Shard>> Open(Log* log, const ShardOptions& options);

  // Read: at most kMaxBatch records; waits at most `wait` for the first, and less while something
  // waits to be committed or told. They live until the next Read.
  absl::StatusOr<absl::Span<const Entry>> Read(absl::Duration wait);
  // Fold what was read. Commit where nothing was, where a deadline was told, where enough has
  // gathered, or where what was folded first has waited for long enough. `since_boot`: now, by a
  // clock that never jumps.
  absl::Status FoldAll(absl::Span<const Entry> entries, absl::Duration since_boot);
  // Read, fold, commit: at most `max` records; waits at most `wait` for the first. Returns how many
  // there were.
  absl::StatusOr<int> Pump(int max, absl::Duration wait);
  // Appends one tick if someone is due at `now` or at the time reached, none of the own ticks is
  // unread, and the pause since a tick that drained nobody is over. True: one was appended.
  absl::StatusOr<bool> Tick(absl::Time now);
  // Sends what the outbox holds and reads it back; where much waits, a part of it. Where the ledger
  // has not stated this release's fold revision, it states it, once what the ledger held at Open is
  // folded; then that must be folded before anything is told.
  absl::Status Tell();

  // Whether everything that the ledger holds now has been folded and committed.
  absl::StatusOr<bool> IsAtEnd();
  // When Tick may have something to do, as seen from `now`; InfiniteFuture: only after other
  // records.
  absl::Time NextTick() const;

  Fold& fold() { return *fold_; }
  const Fold& fold() const { return *fold_; }
  const Store& store() const { return *store_; }
  size_t waiting_alerts() const { return teller_.waiting(); }
  absl::Time alerts_wait_since() const { return teller_.waiting_since(); }
  // Of deadlines that were told since the last call, and read back: since when they had been due.
  std::vector<absl::Time> TakeTold() { return teller_.TakeTold(); }
  // Nothing keeps it from telling what it folds.
  bool speaks() const { return fold_->speaks() && !teller_.was_interrupted(); }
  // While it does not speak: where it begins to.
  int64_t speaks_from() const { return speaks_from_; }

 private:
  absl::Status Apply(absl::Span<const Entry> entries);
  absl::Status StateRevision();
  Shard(Log* log, TopicPartition ledger, std::unique_ptr<Store> store, std::unique_ptr<Fold> fold,
        std::unique_ptr<LogReader> reader, std::unique_ptr<LogAppender> appender,
        TopicPartition alerts, int64_t end);

  Log* const log_;
  const TopicPartition ledger_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Fold> fold_;
  std::unique_ptr<LogReader> reader_;
  std::unique_ptr<LogAppender> appender_;
  Teller teller_;
  int64_t unread_tick_ = 0;  // the time written into the own tick that is on its way; 0: none is
  absl::Duration pause_ = absl::ZeroDuration();
  absl::Time last_tick_ = absl::InfinitePast();
  const int64_t end_at_open_;  // of the ledger
  absl::Time took_over_;       // time reached there; InfinitePast: not folded so far yet
  int64_t speaks_from_ = 0;
  absl::Duration uncommitted_since_ = absl::InfiniteDuration();
};

// The tick that a writer appends at `now`.
std::string TickRecord(absl::Time now);

}  // namespace dolen

#endif  // DOLEN_ENGINE_SHARD_SHARD_H_
