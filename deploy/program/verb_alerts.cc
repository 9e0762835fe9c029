// alerts: what is open, the trail of one, and what people do with them.
#include <cstdio>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "deploy/program/door.h"
#include "deploy/program/verbs.h"
#include "engine/base/time.h"
#include "nlohmann/json.hpp"

namespace dolen {
namespace {

// "2h" and "3d" count from now; anything else stays as it is.
std::string TimeOf(const std::string& text) {
  int count = 0;
  if (text.size() < 2 || !absl::SimpleAtoi(text.substr(0, text.size() - 1), &count)) return text;
  switch (text.back()) {
    case 'm':
      return Rfc3339(absl::Now() + absl::Minutes(count));
    case 'h':
      return Rfc3339(absl::Now() + absl::Hours(count));
    case 'd':
      return Rfc3339(absl::Now() + absl::Hours(24 * count));
    default:
      return text;
  }
}

// The worst exit code counts.
int AskOfEach(const Common& common, const std::vector<std::string>& alerts,
              const std::vector<std::string>& further) {
  const absl::StatusOr<std::unique_ptr<Door>> door = Door::Open(common.place, WhereNone::kRefuse);
  if (!door.ok()) return Fail(door.status());
  int worst = kDone;
  for (const std::string& alert : alerts) {
    std::vector<std::string> path = {"v1", "alerts", alert};
    path.insert(path.end(), further.begin(), further.end());
    worst = std::max(worst, Print((*door)->Ask(Get(path, common))));
  }
  return worst;
}

}  // namespace

int RunAlertsList(const Common& common, const AlertsFlags& flags) {
  HttpRequest request = Get({"v1", "alerts"}, common);
  request.query["accountable"] = flags.accountable;
  request.query["level"] = flags.level;
  request.query["limit"] = absl::StrCat(flags.limit);
  return AskAndPrint(common, request);
}

int RunAlertsShow(const Common& common, const std::vector<std::string>& alerts) {
  return AskOfEach(common, alerts, {});
}

int RunAlertsLink(const Common& common, const std::vector<std::string>& alerts) {
  return AskOfEach(common, alerts, {"link"});
}

int RunAlertsDo(const Common& common, const AlertDeedFlags& flags, const std::string& did) {
  if (flags.all != flags.alerts.empty()) {
    absl::FPrintF(stderr,
                  "dolen: name the alerts by the first digits of their ids, or say --all\n");
    return kUsage;
  }
  const absl::StatusOr<std::unique_ptr<Door>> door = Door::Open(common.place, WhereNone::kRefuse);
  if (!door.ok()) return Fail(door.status());
  const nlohmann::json body = {{"did", did},           {"alerts", flags.alerts},
                               {"all", flags.all},     {"accountable", flags.accountable},
                               {"level", flags.level}, {"by", flags.by},
                               {"note", flags.note},   {"until", TimeOf(flags.until)},
                               {"to", flags.to}};
  HttpRequest request = Post({"v1", "alerts", "actions"}, body.dump());
  request.query["format"] = common.format;
  const absl::StatusOr<std::string> answer = (*door)->Ask(request);
  if (answer.ok() && !common.json()) absl::PrintF("%s: ", did);
  return Print(answer);
}

}  // namespace dolen
