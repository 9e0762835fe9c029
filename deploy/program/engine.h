// An installation at work: one thread for admission, one for each shard, one guarded clock for all
// that write.
//
// Threads: all methods from any thread. A shard is shared with its own thread through WithShard.
#ifndef DOLEN_DEPLOY_PROGRAM_ENGINE_H_
#define DOLEN_DEPLOY_PROGRAM_ENGINE_H_

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "connectors/metrics/metrics.h"
#include "deploy/program/installation.h"
#include "engine/admission/intake.h"
#include "engine/admission/quarantine.h"
#include "engine/shard/guarded_clock.h"

namespace dolen {

// Coded things that are wrong now. Each is an error line in the log when it begins; `dolen doctor`
// lists them until they are mended.
class Alarms {
 public:
  void Raise(const std::string& code, const std::string& sentence);
  void Clear(const std::string& code);
  std::map<std::string, std::string> List() const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::string> active_;
};

// A thread that has not turned for so long hangs: the longest step, a commit on a slow disk or a
// broker that does not answer, ends before.
inline constexpr absl::Duration kLongestStandstill = absl::Seconds(60);

class Engine {
 public:
  // Opens the place's log and everything on it. `source`: the clocks of this process.
  static absl::StatusOr<std::unique_ptr<Engine>> Open(const Place& place,
                                                      GuardedClock::Source source);
  // On a log that is already open.
  static absl::StatusOr<std::unique_ptr<Engine>> Open(const Place& place, std::unique_ptr<Log> log,
                                                      GuardedClock::Source source);
  ~Engine();

  // Gets the rows of views that each commit of a shard put or took away, with the position up to
  // which it was committed, on the shard's own thread: it must be quick. To be set before Start.
  using RowListener =
      std::function<void(size_t shard, int64_t position, std::vector<RowChange> changes)>;
  void SetRowListener(RowListener listener);

  // Starts the threads.
  void Start();
  // Ends them; what was read is folded and committed.
  void Stop();

  // Without threads: admits what intake holds, folds what the ledger holds, tells; no ticks. On
  // Kafka it folds only: a serve may be at work elsewhere, which admits and tells. After a change
  // of the fold revision alerts continue first.
  absl::Status CatchUp();

  template <typename F>
  auto WithShard(size_t shard, F&& use) {
    const std::lock_guard<std::mutex> lock(locks_[shard]);
    return use(*installation_->shards()[shard]);
  }
  // To read, beside the shard's own thread.
  const Store& StoreOf(size_t shard) const { return installation_->shards()[shard]->store(); }
  template <typename F>
  auto WithAdmitter(F&& use) {
    const std::lock_guard<std::mutex> lock(admission_);
    return use(installation_->admitter());
  }
  // Looks for new intake topics now, rather than at the next look.
  absl::Status RefreshIntake();
  // Waits until everything that the ledger holds now is folded. Works with and without threads.
  absl::Status WaitForFold(absl::Duration patience);

  size_t shards() const { return installation_->shards().size(); }
  size_t ShardOf(const ChildKey& child) const {
    return static_cast<size_t>(child.Partition(static_cast<int32_t>(shards())));
  }
  Installation& installation() { return *installation_; }
  // Up to when the shard's rows hold as they are, though no record says that time: all that the log
  // held was folded and committed, and nobody was due before. Of the local log alone, whose end is
  // known here; else, and before that was ever so, InfinitePast.
  absl::Time HoldsUntil(size_t shard) const;
  // The longest time for which one of its threads has not turned; one that ended does not count.
  absl::Duration LongestStandstill() const;
  // Whether every shard tells what it folds.
  bool speaks() const { return silent_ == 0; }
  // Whether its threads admit and fold.
  bool running() const { return running_; }
  GuardedClock& clock() { return *clock_; }
  Alarms& alarms() { return alarms_; }
  int64_t intake_lag() const { return lag_; }
  // From when a deadline was due, and known to be, until it was read back from the alerts topic.
  const Distribution& lateness() const { return lateness_; }
  PumpResult intake_totals() const;

 private:
  explicit Engine(GuardedClock::Source source);
  void RunAdmission();
  void RunShard(size_t shard);
  // Keeps to what was promised about received bytes: they go when their time is over. `due`: when
  // to look first, since boot.
  void RunTrimming(absl::Duration due);
  absl::Status StepShard(Shard& shard, size_t index);
  // Counts shards that do not tell yet, and changes that are held back.
  void Watch(const Shard& shard, bool& silent, int64_t& held);
  bool MayTick();
  absl::Duration SinceBoot() const { return source_.boot(); }
  void Turned(size_t thread) { turned_[thread] = absl::ToInt64Microseconds(SinceBoot()); }

  const GuardedClock::Source source_;
  std::unique_ptr<GuardedClock> clock_;
  std::unique_ptr<Installation> installation_;
  std::unique_ptr<Intake> intake_;
  Alarms alarms_;
  RowListener row_listener_;  // nobody: none
  Distribution lateness_;

  std::unique_ptr<std::mutex[]> locks_;  // one for each shard
  // When each thread last turned, since boot; admission's behind those of the shards.
  std::unique_ptr<std::atomic<int64_t>[]> turned_;
  std::unique_ptr<std::atomic<int64_t>[]> hold_until_;  // of each shard, in Unix µs; 0: not known
  mutable std::mutex admission_;                        // admitter, identity and intake
  std::vector<std::thread> threads_;
  std::atomic<bool> stopping_{false};
  bool running_ = false;

  // Written by admission, read by shards: since when evidence has waited, in microseconds since
  // boot; 0: none waits.
  std::atomic<int64_t> waiting_since_{0};
  std::atomic<int64_t> lag_{0};
  // Shards that still fold again what another fold revision told; until then nothing is admitted,
  // so that what people are told later is news and no difference between revisions.
  std::atomic<int> silent_{0};
  std::atomic<int64_t> held_{0};             // changes of alerts that are held back, in all shards
  std::atomic<bool> intake_started_{false};  // the ends that intake had at start were reached
};

}  // namespace dolen

#endif  // DOLEN_DEPLOY_PROGRAM_ENGINE_H_
