// What the benchmark of reading works with: an installation at work whose store holds a generated
// workload, its API on a port of loopback, people with tokens, and a load of further events.
#ifndef DOLEN_BENCHMARKS_READ_WORLD_H_
#define DOLEN_BENCHMARKS_READ_WORLD_H_

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "benchmarks/workload.h"
#include "connectors/http/server.h"
#include "deploy/api/reading_side.h"
#include "deploy/program/engine.h"
#include "deploy/program/service.h"
#include "engine/base/ids.h"

namespace dolen {

inline constexpr int kStreamsOfAPerson = 10;  // of the API's kMostStreams
inline constexpr int kReadAgencies = 20;

struct ReadWorldOptions {
  std::string folder;
  int64_t events = 1'000'000;
  int64_t children = 100'000;
  int32_t partitions = 4;
  int64_t long_child_events = 2'000;
  int people = 100;  // person N works for agency N % kReadAgencies
};

class ReadWorld {
 public:
  // Fills the store, starts the engine, and waits until everything is folded and told. The events
  // are of the last weeks, so that deadlines that were missed are late now.
  static absl::StatusOr<std::unique_ptr<ReadWorld>> Open(const ReadWorldOptions& options);
  ~ReadWorld();

  int port() const { return server_->port(); }
  const std::string& token() const { return tokens_.front(); }
  // Whole requests of the first person.
  std::string Request(const std::string& target) const;
  std::string TimelineRequest(const std::string& child, int limit) const;
  // Keys of children on that person's worklist, a thousand at most.
  absl::StatusOr<std::vector<std::string>> ChildrenOnTheList();
  const std::string& long_child() const { return long_child_; }
  // Of so many readers of the worklist as it changes, each with a place among the people; they
  // begin with what changes from now on.
  absl::StatusOr<std::vector<std::string>> StreamRequests(int readers);

  // Further events through the agencies' intake topics, as fast as they are admitted.
  void StartLoad();
  void StopLoad();  // returns once all is folded
  // Events folded so far, those that came twice too.
  int64_t Folded();
  // One event that opens a matter which the agency numbered `agency` must answer, straight into
  // admission.
  void SendProbe(const std::string& matter, int agency);

 private:
  explicit ReadWorld(const ReadWorldOptions& options) : options_(options) {}
  absl::Status Fill();
  absl::Status AddLongChild(absl::Time begin);
  absl::Status StartServing();
  absl::Status SignEverybodyIn();
  void WaitUntilTold();
  void RunLoad();

  const ReadWorldOptions options_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Service> service_;
  std::unique_ptr<ReadingSide> reading_;
  std::unique_ptr<HttpServer> server_;
  std::vector<std::string> tokens_;  // of the people
  std::string long_child_;
  int64_t given_ = 0;  // events of all workloads so far
  std::atomic<bool> loading_{false};
  std::thread load_;
};

// How long news took to reach those whom it concerns.
struct ProbeReadings {
  int64_t sent = 0;
  int64_t expected = 0;              // arrivals, at all readers whom they concern
  std::vector<double> milliseconds;  // ascending; from before admission to the reader's socket
};

// Sends probes at a rate, to each agency in turn, and notes when each reader gets theirs.
class Probes {
 public:
  Probes(ReadWorld* world, int readers);
  ~Probes() { (void)Stop(); }
  void Start(double a_second);
  ProbeReadings Stop();
  // What one reader got; called by the thread of the readers.
  void OnBytes(size_t reader, absl::Time at, const std::string& bytes);

 private:
  void Run(double a_second);
  ReadWorld* const world_;
  const int readers_;
  std::mutex mutex_;  // guards what follows
  std::vector<absl::Time> sent_;
  std::vector<std::string> tails_;  // of what each reader got: a probe may be cut in two
  ProbeReadings readings_;
  int64_t first_ = 0;  // number of the first of this round
  std::atomic<bool> running_{false};
  std::thread thread_;
};

}  // namespace dolen

#endif  // DOLEN_BENCHMARKS_READ_WORLD_H_
