// The notifier: tells the destinations of the routing file of the alerts in the alerts topic. A
// thin shell of threads around Dispatch: one reads, and each destination has one of its own, so
// that a destination that hangs holds up no other.
//
// Of two notifiers on one installation the one that started last works; the other stops by itself.
// Thread-safe.
#ifndef DOLEN_CONNECTORS_ALERTING_NOTIFIER_H_
#define DOLEN_CONNECTORS_ALERTING_NOTIFIER_H_

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/statusor.h"
#include "connectors/alerting/clock.h"
#include "connectors/alerting/destination.h"
#include "connectors/alerting/dispatch.h"
#include "connectors/alerting/notifier_status.h"

namespace dolen {

class Notifier {
 public:
  using Destinations = absl::btree_map<std::string, std::unique_ptr<Destination>>;
  struct Options {
    Log* log = nullptr;  // outlives the notifier; has the alerts topic
    TopicNames names;
    routing::v1::Routing file;  // checked
    Destinations destinations;  // by name; each of the file
    LinkTo link;                // called by several threads, one at a time
    NotifierClock::Source clock = NotifierClock::Machine();
  };
  // Errors: kInvalidArgument a destination of the file is missing; those of Dispatch::Open.
  static absl::StatusOr<std::unique_ptr<Notifier>> Start(Options options);
  // Waits for the attempts that are under way, up to their destinations' timeouts.
  ~Notifier();

  NotifierStatus Status() const;
  // Sends again what the destination was given up on; returns how many alerts. kNotFound: the file
  // names no such destination.
  absl::StatusOr<int> SendAgain(const std::string& destination);

 private:
  explicit Notifier(Options options);
  void Read();
  void Serve(const std::string& name, Destination& destination);
  bool IsOver() const { return stopping_ || dispatch_->stopped(); }

  Destinations destinations_;
  NotifierClock clock_;
  mutable std::mutex mutex_;       // guards dispatch_ and stopping_
  std::condition_variable ready_;  // something may be due, or all is over
  std::unique_ptr<Dispatch> dispatch_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_ALERTING_NOTIFIER_H_
