// PagerDuty's Events API v2, or a product that understands it.
//
//   notice             action        why
//   page               trigger       after a resolve where something was said of it before:
//   PagerDuty
//                                    pages nobody for what it holds to be acknowledged
//   update             trigger       is added to the open incident, and nobody is paged again
//   answered           acknowledge   also where a person snoozed it or holds it to be settled:
//                                    without evidence Dolen does not let an incident be closed
//   ended              resolve
//   digest, summary    trigger       severity info
//   test               trigger       severity info
//   heartbeat          refused       PagerDuty does not notice that something stays away
// The dedup_key is the notice's thread.
#ifndef DOLEN_CONNECTORS_ALERTING_PAGERDUTY_H_
#define DOLEN_CONNECTORS_ALERTING_PAGERDUTY_H_

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "connectors/alerting/destination.h"
#include "connectors/alerting/outbound.h"

namespace dolen {

inline constexpr char kPagerDutyUrl[] = "https://events.pagerduty.com/v2/enqueue";
// What PagerDuty takes.
inline constexpr size_t kLongestSummary = 1024;
inline constexpr size_t kLongestDedupKey = 255;
// Alerts that are listed in one event: a person reads no more, and PagerDuty takes 512 kB.
inline constexpr size_t kMostInEvent = 50;

struct PagerDutyOptions {
  Endpoint endpoint;
  std::string routing_key;
  absl::TimeZone zone;  // of times in texts
};

std::unique_ptr<Destination> MakePagerDuty(PagerDutyOptions options);

// "trigger", "acknowledge" or "resolve".
absl::string_view PagerDutyAction(Notice::Kind kind);

// The event of a notice that is no heartbeat.
std::string PagerDutyEvent(const Notice& notice, absl::string_view action,
                           absl::string_view routing_key, absl::TimeZone zone);

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_ALERTING_PAGERDUTY_H_
