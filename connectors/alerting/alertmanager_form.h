// The form in which Alertmanager takes alerts (alertmanager.h says what the labels mean). Pure.
#ifndef DOLEN_CONNECTORS_ALERTING_ALERTMANAGER_FORM_H_
#define DOLEN_CONNECTORS_ALERTING_ALERTMANAGER_FORM_H_

#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "connectors/alerting/notice.h"

namespace dolen {

// One alert of Alertmanager's.
struct Posted {
  std::map<std::string, std::string> labels, annotations;
  absl::Time starts;
  absl::Time ends;
  std::string link;
};

// Without `ends`.
Posted PostedOf(const Notice::Item& item, absl::TimeZone zone,
                routing::v1::Team::Language language);
// What a notice says that is about no single alert: a test, a heartbeat, a summary. Without `ends`.
Posted PostedOf(const Notice& notice);

// The body of POST /api/v2/alerts.
std::string BodyOf(const std::vector<Posted>& posted);

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_ALERTING_ALERTMANAGER_FORM_H_
