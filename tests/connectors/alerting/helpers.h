// What the notifier's tests share: alerts in short, a routing file as text, and a destination that
// records what it took.
#ifndef DOLEN_TESTS_CONNECTORS_ALERTING_HELPERS_H_
#define DOLEN_TESTS_CONNECTORS_ALERTING_HELPERS_H_

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "connectors/alerting/decide.h"
#include "connectors/alerting/planner.h"
#include "connectors/alerting/routing.h"
#include "engine/base/check.h"
#include "engine/base/time.h"

namespace dolen {

inline absl::Time At(absl::string_view text) {
  absl::Time time;
  DOLEN_CHECK(ParseRfc3339(text, time));
  return time;
}

inline routing::v1::Routing FileOf(absl::string_view text) {
  CheckedRouting checked = ParseRouting(text);
  for (const Finding& finding : checked.findings) {
    if (finding.severity == Finding::kError) {
      std::fprintf(stderr, "%s\n", FindingText("routing", finding).c_str());
    }
  }
  DOLEN_CHECK(checked.ok());
  return checked.file;
}

// An overdue statute alert "a" for the team "CSC".
inline alert::v1::Alert RaisedAlert(absl::string_view id, uint32_t number = 1,
                                    alert::v1::State state = alert::v1::STATE_RAISED) {
  alert::v1::Alert alert;
  alert.set_alert_id(std::string(id));
  alert.set_number(number);
  alert.set_state(state);
  alert.set_child(absl::StrCat("child-of-", id));
  alert.set_level("overdue");
  alert.set_weight("statute");
  alert.set_rule("visit");
  alert.set_about(alert::v1::ABOUT_DEADLINE);
  alert.add_to("CSC");
  return alert;
}

}  // namespace dolen

#endif  // DOLEN_TESTS_CONNECTORS_ALERTING_HELPERS_H_
