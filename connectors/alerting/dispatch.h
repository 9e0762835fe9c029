// What the notifier does, one step at a time and without threads: reads the alerts topic, plans,
// and remembers each step in the receipts topic before anything that follows from it is done. So a
// crash at any point loses nothing, and makes one notice be sent twice, with the same id, only
// where it came between the destination's answer and the receipt.
//
// Threads: one at a time. Errors: kAborted another notifier has taken over: this one sends nothing
// any more; kDataLoss an integrity alarm: nothing further is read; those of the log heal.
#ifndef DOLEN_CONNECTORS_ALERTING_DISPATCH_H_
#define DOLEN_CONNECTORS_ALERTING_DISPATCH_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "connectors/alerting/memory.h"
#include "connectors/alerting/planner.h"
#include "engine/log/log.h"

namespace dolen {

class Dispatch {
 public:
  struct Options {
    Log* log = nullptr;  // outlives the dispatch; has the alerts topic
    TopicNames names;
    routing::v1::Routing file;  // checked
    absl::btree_map<std::string, Planner::Traits> traits;
    LinkTo link;
  };
  // Fences whoever notified before, and takes what was told since. Reads the alerts topic from its
  // beginning, since what is open may be older than the position.
  static absl::StatusOr<std::unique_ptr<Dispatch>> Open(Options options, absl::Time now);

  // Takes some of what is new, without waiting; returns how many records. An error leaves it to the
  // next call.
  absl::StatusOr<int> TakeNew(absl::Time now);
  // What the destination is to do now, if anything; it is already remembered.
  absl::optional<Task> Next(const std::string& destination, absl::Time now);
  void Answered(const std::string& destination, const Delivery& delivery, absl::Time now);
  absl::Time NextDue(const std::string& destination) const { return planner_.NextDue(destination); }
  absl::StatusOr<int> SendAgain(const std::string& destination, absl::Time now);
  NotifierStatus Status() const;
  // Another notifier has taken over.
  bool stopped() const { return saved_.code() == absl::StatusCode::kAborted; }

 private:
  using Taker = absl::FunctionRef<void(const Entry& entry, const alert::v1::Alert& alert)>;
  explicit Dispatch(Options options)
      : log_(options.log),
        alerts_(options.names.Alerts()),
        planner_(std::move(options.file), options.traits, std::move(options.link)) {}

  absl::Status Begin(const TopicNames& names, absl::Time now);
  absl::Status OpenReader(int32_t partition);  // at the position
  // Gives the next records of a partition to `take`; waits at most `wait` for the first.
  absl::StatusOr<int> ReadSome(int32_t partition, absl::Duration wait, Taker take);
  absl::StatusOr<int> TakeSome(int32_t partition, absl::Duration wait, absl::Time now);
  absl::Status Measure(absl::Time now);
  // Writes what was planned; whether all of it is there.
  bool Save();

  Log* const log_;
  const std::string alerts_;
  Planner planner_;
  std::unique_ptr<Memory> memory_;
  std::vector<std::unique_ptr<LogReader>> readers_;  // by partition; none: open one
  absl::btree_map<std::string, Task> held_;  // by destination: to be done when it is remembered
  absl::Status saved_, reading_;
  absl::Time read_at_ = absl::InfinitePast();      // when all partitions were last read
  absl::Time measured_at_ = absl::InfinitePast();  // when lag_ was
  int64_t lag_ = 0;
};

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_ALERTING_DISPATCH_H_
