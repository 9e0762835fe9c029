#include "tests/connectors/alerting/real_alertmanager.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace dolen {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kProgram[] = "/usr/bin/prometheus-alertmanager";

// Seconds instead of minutes, so that tests need not wait.
constexpr char kSettings[] = R"(
global:
  resolve_timeout: 20s
route:
  receiver: test
  group_by: [household]
  group_wait: 1s
  group_interval: 2s
receivers:
  - name: test
    webhook_configs:
      - url: %s
        send_resolved: true
)";

}  // namespace

RealAlertmanager::RealAlertmanager() : port_(FreePort()) {
  EXPECT_EQ(access(kProgram, X_OK), 0)
      << "install prometheus-alertmanager (deploy/install-packages test)";
  std::string settings = kSettings;
  settings.replace(settings.find("%s"), 2, receiver_.Url("/ok"));
  folder_.Write("settings.yml", settings);
  Restart();
}

std::string RealAlertmanager::Url() const { return absl::StrCat("http://127.0.0.1:", port_); }

void RealAlertmanager::Restart() {
  server_.reset();
  server_ = std::make_unique<Server>(
      std::vector<std::string>{kProgram, "--config.file=" + folder_.Path("settings.yml"),
                               "--storage.path=" + folder_.Path("data"),
                               absl::StrCat("--web.listen-address=127.0.0.1:", port_),
                               "--cluster.listen-address="},
      folder_.Path("log"));
  server_->AwaitListening(port_);
}

std::vector<Json> RealAlertmanager::Alerts() const {
  const std::string body = HttpGet(port_, "/api/v2/alerts");
  const Json json = Json::parse(body, nullptr, false);
  return json.is_array() ? json.get<std::vector<Json>>() : std::vector<Json>{};
}

std::string RealAlertmanager::StateOf(const std::string& alert_id) const {
  for (const Json& alert : Alerts()) {
    if (alert["labels"].value("alert_id", "") == alert_id) return alert["status"]["state"];
  }
  return "";
}

std::string RealAlertmanager::Amtool(const std::string& arguments) const {
  const Ran ran = RunCommand(absl::StrCat("amtool --alertmanager.url=", Url(), " ", arguments));
  EXPECT_EQ(ran.status, 0) << "amtool " << arguments << ": " << ran.output;
  return ran.output;
}

std::vector<std::string> RealAlertmanager::Told() const {
  std::vector<std::string> told;
  for (const Json& request : receiver_.Requests()) {
    const Json group = Json::parse(request["body"].get<std::string>());
    std::vector<std::string> ids;
    for (const Json& alert : group["alerts"]) ids.push_back(alert["labels"].value("alert_id", ""));
    std::sort(ids.begin(), ids.end());
    told.push_back(absl::StrCat(group["status"].get<std::string>(), ": ",
                                group["groupLabels"].value("household", ""), ": ",
                                absl::StrJoin(ids, " ")));
  }
  return told;
}

}  // namespace dolen
