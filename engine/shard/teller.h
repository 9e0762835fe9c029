// Tells the world: sends what the outbox holds to the alerts topic, each change once, in order, and
// ticks off only what it has read back from the topic. What was published is the consecutive number
// of the topic's last record, never a note of one's own; after any doubtful outcome a new writer
// fences the old one and reads back first.
//
// Threads: the shard's own. Errors: kDataLoss a gap while sending, or a topic that ends below what
// was ticked off: an integrity alarm; kFailedPrecondition a newer release tells here. Errors of the
// log (kUnavailable, kUnknown) heal with the next Step.
#ifndef DOLEN_ENGINE_SHARD_TELLER_H_
#define DOLEN_ENGINE_SHARD_TELLER_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "dolen/alert/v1/alert.pb.h"
#include "engine/log/log.h"
#include "engine/shard/fold.h"
#include "engine/shard/revision.h"

namespace dolen {

class Teller {
 public:
  // `log` and `fold` outlive the teller. `to` is the shard's partition of the alerts topic.
  Teller(Log* log, Fold* fold, TopicPartition to) : log_(log), fold_(fold), to_(std::move(to)) {}

  // Sends what Commit has added, at most kMaxTellBatches transactions of it, and reads it back. The
  // rest waits for the next step. The first step fences whoever told before, also where there is
  // nothing to send.
  absl::Status Step();
  // Changes not yet ticked off.
  size_t waiting() const { return waiting_.size(); }
  // When the first of them was decided; InfiniteFuture: none waits.
  absl::Time waiting_since() const;

  // Of what ticks told and was read back since the last call: since when it had been due.
  std::vector<absl::Time> TakeTold() { return std::exchange(told_, {}); }

  // Fences whoever tells, and reads the whole topic. Forgets what waits: alerts will continue from
  // what was read.
  absl::StatusOr<Published> ReadPublished();
  // A process of an older fold revision has told something after this one took over: what it said
  // must be continued from once more.
  bool was_interrupted() const {
    return interrupted_at_ != 0 && interrupted_at_ == fold_->stated_at();
  }

 private:
  absl::Status Fence();
  // Reads to the end of the topic as it is now, or up to the change with the number `enough`.
  absl::Status ReadBack(uint64_t enough);
  absl::Status Send();
  // Of a record of the topic.
  absl::Status Parse(const Entry& entry, alert::v1::Alert& change) const;

  Log* const log_;
  Fold* const fold_;
  const TopicPartition to_;
  std::unique_ptr<FencedWriter> writer_;  // none: fence and read back first
  std::unique_ptr<LogReader> reader_;
  std::deque<Outgoing> waiting_;
  std::vector<absl::Time> told_;
  uint64_t published_ = 0;
  uint64_t interrupted_at_ = 0;  // Fold::stated_at then; 0: never
};

}  // namespace dolen

#endif  // DOLEN_ENGINE_SHARD_TELLER_H_
