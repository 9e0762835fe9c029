// routing: the routing file, and how its destinations fare.
#include <string>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "connectors/alerting/routing.h"
#include "deploy/program/book_file.h"
#include "deploy/program/door.h"
#include "deploy/program/findings.h"
#include "deploy/program/notify.h"
#include "deploy/program/verbs.h"
#include "nlohmann/json.hpp"

namespace dolen {

int RunRoutingCheck(const Common& common, const std::vector<std::string>& files) {
  int exit = kDone;
  for (const std::string& file : files) {
    const absl::StatusOr<std::string> text = ReadFile(file);
    if (!text.ok()) return Fail(absl::InvalidArgumentError(text.status().message()));
    const CheckedRouting checked = ParseRouting(*text);
    for (const Finding& finding : checked.findings) PrintFinding(file, finding, common.json());
    if (!checked.ok()) {
      exit = kNo;
    } else if (!common.json()) {
      absl::PrintF("%s: %d destinations, %d routes, %d teams; no errors\n", file,
                   checked.file.destination_size(), checked.file.route_size(),
                   checked.file.team_size());
    }
  }
  return exit;
}

int RunRoutingStatus(const Common& common) {
  return AskAndPrint(common, Get({"v1", "destinations"}, common));
}

int RunRoutingSendAgain(const Common& common, const std::string& destination) {
  return AskAndPrint(common, Post({"v1", "destinations", destination, "send-again"}));
}

int RunTryDestinations(const Common& common, const std::string& file) {
  const absl::StatusOr<routing::v1::Routing> routing = ReadRouting(file);
  if (!routing.ok()) return Fail(routing.status());
  const absl::StatusOr<std::vector<Tried>> all = TryDestinations(*routing, absl::Now());
  if (!all.ok()) return Fail(all.status());
  int exit = kDone;
  for (const Tried& tried : *all) {
    if (!tried.taken) exit = kNo;
    if (common.json()) {
      const nlohmann::ordered_json json = {{"destination", tried.destination},
                                           {"routes", tried.routes},
                                           {"taken", tried.taken},
                                           {"answer", tried.answer}};
      absl::PrintF("%s\n", json.dump());
    } else {
      absl::PrintF("%-20s %s%s%s (route%s %s)\n", tried.destination,
                   tried.taken ? "took the test" : "did NOT take the test",
                   tried.answer.empty() ? "" : ": ", tried.answer,
                   tried.routes.size() == 1 ? "" : "s",
                   tried.routes.empty() ? "none" : absl::StrJoin(tried.routes, ", "));
    }
  }
  return exit;
}

}  // namespace dolen
