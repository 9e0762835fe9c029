// Tells the world: sends what the outbox holds to the alerts topic, each change once, in order, and
// ticks off only what it has read back from the topic. What was published is the consecutive number
// of the topic's last record, never a note of one's own; after any doubtful outcome a new writer
// fences the old one and reads back first.
//
// Threads: the shard's own. Errors: kDataLoss a gap while sending, or a topic that ends below what
// was ticked off: an integrity alarm. Errors of the log (kUnavailable, kUnknown) heal with the next
// Step.
#ifndef DOLEN_ENGINE_SHARD_TELLER_H_
#define DOLEN_ENGINE_SHARD_TELLER_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "engine/log/log.h"
#include "engine/shard/fold.h"

namespace dolen {

class Teller {
 public:
  // `log` and `fold` outlive the teller. `to` is the shard's partition of the alerts topic.
  Teller(Log* log, Fold* fold, TopicPartition to) : log_(log), fold_(fold), to_(std::move(to)) {}

  // Sends what Commit has added, at most kMaxTellBatches transactions of it, and reads it back. The
  // rest waits for the next step. Nothing to send: does nothing.
  absl::Status Step();
  // Changes not yet ticked off.
  size_t waiting() const { return waiting_.size(); }

 private:
  absl::Status Fence();
  // Reads to the end of the topic as it is now, or up to the change with the number `enough`.
  absl::Status ReadBack(uint64_t enough);
  absl::Status Send();

  Log* const log_;
  Fold* const fold_;
  const TopicPartition to_;
  std::unique_ptr<FencedWriter> writer_;  // none: fence and read back first
  std::unique_ptr<LogReader> reader_;
  std::deque<Outgoing> waiting_;
  uint64_t published_ = 0;
};

}  // namespace dolen

#endif  // DOLEN_ENGINE_SHARD_TELLER_H_
