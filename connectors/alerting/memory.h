// The notifier's memory: the receipts topic, one fenced writer for each partition. What is added is
// in the topic, in order and each thing once, before anything that follows from it is done.
//
// Threads: one at a time. Errors: kAborted another notifier took over: stop; kDataLoss a record
// that cannot be read; those of the log (kUnavailable, kUnknown) heal with the next Flush.
#ifndef DOLEN_CONNECTORS_ALERTING_MEMORY_H_
#define DOLEN_CONNECTORS_ALERTING_MEMORY_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "connectors/alerting/memory_format.h"
#include "connectors/alerting/told.h"
#include "engine/log/log.h"

namespace dolen {

// What is remembered together. Where it lies in several partitions, that of its last write comes
// last: a crash between them leaves what that write would have ended.
struct Step {
  struct Reached {
    int32_t partition = 0;
    int64_t next = 0;
  };
  std::vector<Write> writes;
  absl::optional<Reached> reached;  // how far the alerts topic was taken by it
};

class Memory {
 public:
  // Makes the topic where it is missing, fences whoever writes it, and reads all of it. A partition
  // that has no position yet gets the end of that of the alerts topic: who begins starts with what
  // comes after. `log` outlives the memory.
  static absl::StatusOr<std::unique_ptr<Memory>> Open(Log* log, const TopicNames& names);

  // What was read, until it is taken.
  Remembered TakeRemembered() { return std::move(remembered_); }
  int partitions() const { return static_cast<int>(parts_.size()); }
  // The offset of the alerts topic from which to take.
  int64_t next(int32_t partition) const { return parts_[partition].next; }

  void Add(Step step) { steps_.push_back(std::move(step)); }
  // Writes what was added. On an error what is not known to be there stays added.
  absl::Status Flush();

 private:
  struct Part {
    TopicPartition topic;
    std::unique_ptr<FencedWriter> writer;  // none: fence, and read what became of the last batch
    int64_t next = 0;                      // of the alerts topic
    int64_t read_to = 0;                   // of this one
    uint64_t batch = 0;                    // the last that is there
    absl::optional<notifier::v1::Position> found;  // the last that was read
  };
  explicit Memory(Log* log, std::string writer) : log_(log), writer_(std::move(writer)) {}

  absl::Status Begin(const TopicNames& names);
  absl::Status BeginPart(int32_t number, const TopicPartition& alerts);
  // Reads to the end; a Part with batches of its own only looks for the position.
  absl::Status ReadOn(int32_t number, Remembered& into);
  absl::Status Append(int32_t number, std::vector<NewEntry> entries, int64_t next);
  // With a new writer: whether the batch that was sent last is there.
  absl::StatusOr<bool> Recover(int32_t number);
  absl::Status WriteStep(const Step& step);

  Log* const log_;
  const std::string writer_;  // names this run
  std::vector<Part> parts_;
  Remembered remembered_;
  std::deque<Step> steps_;
  // Of the first step: partitions that have it.
  std::vector<int32_t> written_;
  absl::Status stopped_;  // not OK: this run is over
};

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_ALERTING_MEMORY_H_
