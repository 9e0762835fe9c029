// Prometheus Alertmanager, API v2 (0.25 and later): every alert as an alert of its own, told to
// every replica. Alertmanager groups, silences and routes; it forgets what is not repeated.
//
// Labels, by which Alertmanager knows an alert again and routes it:
//   alertname   DolenDueSoon, DolenOverdue and so on, by the level, for a step that is due;
//               DolenHandover, DolenGap, DolenOverlap, DolenSilence, DolenMissingStep
//   alert_id, rule, level, weight, about, severity (info, warning, error, critical)
//   agency      who must act
//   team        whom the book tells: "AGENCY" or "AGENCY/TEAM", several between commas
//   household   as the alert has it; else "child-" and the child's first digits, since Alertmanager
//               would put all alerts without the label into one group
// What changes (due time, answer, assignment) is an annotation. Where a label does change after all
// (another agency must act now, the household became known), the alert under the old labels is
// resolved in the same post, so that one alert is never firing twice.
//
// An open alert ends by itself after 4 x `repeat` unless it is told again; Repeat does that, and
// tells of those that ended in the last 15 minutes as well, so that a replica that was away when
// they did still hears of it.
#ifndef DOLEN_CONNECTORS_ALERTING_ALERTMANAGER_H_
#define DOLEN_CONNECTORS_ALERTING_ALERTMANAGER_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "connectors/alerting/destination.h"
#include "connectors/alerting/outbound.h"

namespace dolen {

// How long it is told that an alert has ended.
inline constexpr absl::Duration kTellOfEnd = absl::Minutes(15);
// Alerts in one post: some 500 kB, which Alertmanager takes in a few milliseconds.
inline constexpr size_t kMostInPost = 500;

struct AlertmanagerOptions {
  std::vector<Endpoint> replicas;  // base addresses
  absl::Duration repeat = absl::Seconds(60);
  absl::TimeZone zone;  // of times in annotations
  std::function<absl::Time()> now = absl::Now;
};

// Taken: at least one replica took it. `answer` says what any of them did not take; empty: nothing.
std::unique_ptr<Destination> MakeAlertmanager(AlertmanagerOptions options);

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_ALERTING_ALERTMANAGER_H_
