// A real Prometheus Alertmanager for tests (Debian: prometheus-alertmanager), on a port of its own
// and in a folder that goes away. It groups by household and tells a receiver within seconds.
#ifndef DOLEN_TESTS_CONNECTORS_ALERTING_REAL_ALERTMANAGER_H_
#define DOLEN_TESTS_CONNECTORS_ALERTING_REAL_ALERTMANAGER_H_

#include <memory>
#include <string>
#include <vector>

#include "connectors/alerting/outbound.h"
#include "nlohmann/json.hpp"
#include "tests/connectors/alerting/receiver.h"
#include "tests/connectors/alerting/server.h"

namespace dolen {

class RealAlertmanager {
 public:
  RealAlertmanager();

  std::string Url() const;
  Endpoint endpoint() const { return {Url(), "", "", kPatience}; }
  // Ends it and starts it again; what it keeps in memory only is gone.
  void Restart();
  void Stop() { server_.reset(); }

  // What its API says is firing, silenced or not.
  std::vector<nlohmann::ordered_json> Alerts() const;
  // "active", "suppressed"; empty where it does not know the alert.
  std::string StateOf(const std::string& alert_id) const;
  // Output of amtool; a test failure where it fails.
  std::string Amtool(const std::string& arguments) const;
  // Groups that it told its receiver, in order: each "STATUS: HOUSEHOLD: ALERT_ID ALERT_ID".
  std::vector<std::string> Told() const;

 private:
  const TemporaryFolder folder_;
  const Receiver receiver_;
  const int port_;
  std::unique_ptr<Server> server_;
};

}  // namespace dolen

#endif  // DOLEN_TESTS_CONNECTORS_ALERTING_REAL_ALERTMANAGER_H_
