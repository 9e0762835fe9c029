// How the notifier is doing, as plain values: for metrics, doctor and people.
#ifndef DOLEN_CONNECTORS_ALERTING_NOTIFIER_STATUS_H_
#define DOLEN_CONNECTORS_ALERTING_NOTIFIER_STATUS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace dolen {

struct DestinationStatus {
  std::string name;
  int64_t waiting = 0;  // alerts with a change that is to be told, at once or later
  absl::Time oldest = absl::InfiniteFuture();  // since when the first of them waits
  int64_t dead = 0;                            // alerts given up, until SendAgain or a next change
  int64_t taken = 0;                           // notices since start
  int64_t failed = 0;                          // attempts since start
  bool breaker_open = false;
  std::string last_answer;
  absl::Time answered = absl::InfinitePast();
  // Of those given up, the first ones.
  static constexpr size_t kMaxListed = 100;
  std::vector<std::string> dead_alerts;
};

struct NotifierStatus {
  std::vector<DestinationStatus> destinations;  // by name
  int64_t unrouted = 0;                         // open alerts with a team to which no route leads
  int64_t lag = 0;                              // records of the alerts topic not yet taken
  absl::Status reading;                         // not OK: why nothing is read or sent
};

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_ALERTING_NOTIFIER_STATUS_H_
