// The planner: takes the changes of alerts, asks the routing file where each goes, and keeps a desk
// for each destination. Pure and single-threaded: time comes with each call; what it must find
// again after a crash is in TakeStep, and must be written before a task is carried out or the
// answer to it is believed.
//
// After a start: Recall, then Know each alert below the position, then Take what comes after it,
// then Begin; only then Next.
#ifndef DOLEN_CONNECTORS_ALERTING_PLANNER_H_
#define DOLEN_CONNECTORS_ALERTING_PLANNER_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "absl/status/status.h"
#include "absl/types/optional.h"
#include "connectors/alerting/desk.h"
#include "connectors/alerting/memory.h"
#include "connectors/alerting/memory_format.h"

namespace dolen {

class Planner {
 public:
  // What a destination says of itself.
  struct Traits {
    bool takes_groups = true;
    absl::Duration repeat_every = absl::InfiniteDuration();
  };
  // `traits` has each destination of the file.
  Planner(routing::v1::Routing file, const absl::btree_map<std::string, Traits>& traits,
          LinkTo link);
  Planner(const Planner&) = delete;
  Planner& operator=(const Planner&) = delete;

  void Recall(const Remembered& remembered);
  void Know(int32_t partition, const alert::v1::Alert& alert);
  // What was owed to destinations that the file does not name any more is given up. Error:
  // kDataLoss something is owed about an alert that is not in the alerts topic.
  absl::Status Begin(absl::Time now);

  void Take(int32_t partition, const alert::v1::Alert& alert, absl::Time now);
  // As of Desk; `destination` is one of the file.
  absl::optional<Task> Next(const std::string& destination, absl::Time now, bool well) {
    return desks_.at(destination)->Next(now, well);
  }
  void Answered(const std::string& destination, const Delivery& delivery, absl::Time now) {
    desks_.at(destination)->Answered(delivery, now);
  }
  absl::Time NextDue(const std::string& destination) const {
    return desks_.at(destination)->NextDue();
  }
  // Makes what a destination was given up on due again; returns how many alerts. kNotFound: the
  // file names no such destination.
  absl::StatusOr<int> SendAgain(const std::string& destination, absl::Time now);

  // What is to be written since the last call.
  Step TakeStep();
  // Without lag and reading.
  NotifierStatus Status() const;

 private:
  struct Orphan {
    std::string destination, alert_id;
    Leg leg;
  };
  // The way to each destination: the one that tells soonest, a page before a digest.
  using Ways = absl::btree_map<std::string, Way>;
  Ways WaysOf(const alert::v1::Alert& alert, absl::Time now);
  void GiveUp(const Orphan& orphan, absl::Time now);

  const Routes routes_;
  Desk::Office office_;
  absl::btree_map<std::string, std::unique_ptr<Desk>> desks_;
  std::vector<Orphan> orphans_;
  absl::btree_set<std::string> unrouted_;  // open alerts
};

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_ALERTING_PLANNER_H_
