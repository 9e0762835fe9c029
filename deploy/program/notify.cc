#include "deploy/program/notify.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "connectors/alerting/make_destination.h"
#include "connectors/alerting/routing.h"
#include "deploy/program/book_file.h"
#include "deploy/program/findings.h"
#include "engine/base/digest.h"
#include "engine/base/status.h"
#include "engine/base/time.h"
#include "nlohmann/json.hpp"

namespace dolen {
namespace {

absl::StatusOr<Notifier::Destinations> DestinationsOf(const routing::v1::Routing& file) {
  Notifier::Destinations destinations;
  for (const routing::v1::Destination& one : file.destination()) {
    DOLEN_ASSIGN_OR_RETURN(destinations[one.name()], MakeDestination(one));
  }
  return destinations;
}

}  // namespace

absl::StatusOr<routing::v1::Routing> ReadRouting(const std::string& path) {
  const absl::StatusOr<std::string> text = ReadFile(path);
  if (!text.ok()) return absl::InvalidArgumentError(text.status().message());
  CheckedRouting checked = ParseRouting(*text);
  if (checked.ok()) return std::move(checked.file);
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": cannot be used", ErrorLines(path, checked.findings)));
}

absl::StatusOr<std::unique_ptr<Notifier>> StartNotifier(Service* service,
                                                        const routing::v1::Routing& file) {
  Notifier::Options options;
  Installation& installation = service->engine().installation();
  options.log = &installation.log();
  options.names = installation.names();
  options.file = file;
  DOLEN_ASSIGN_OR_RETURN(options.destinations, DestinationsOf(file));
  options.link = [service, url = file.public_url()](const alert::v1::Alert& alert) -> std::string {
    AlertName name{alert.alert_id(), {}};
    if (url.empty() || !ChildKey::FromHex(alert.child(), name.child)) return "";
    return absl::StrCat(url,
                        service->links().To(name, service->engine().clock().Now() + kLinkHolds));
  };
  return Notifier::Start(std::move(options));
}

absl::StatusOr<std::vector<Tried>> TryDestinations(const routing::v1::Routing& file,
                                                   absl::Time now) {
  DOLEN_ASSIGN_OR_RETURN(const Notifier::Destinations destinations, DestinationsOf(file));
  std::vector<Tried> all;
  for (const auto& [name, destination] : destinations) {
    Tried& tried = all.emplace_back();
    tried.destination = name;
    for (int i = 0; i < file.route_size(); ++i) {
      const auto& to = file.route(i).to();
      if (std::find(to.begin(), to.end(), name) != to.end()) tried.routes.push_back(i + 1);
    }
    Notice notice;
    notice.kind = Notice::Kind::kTest;
    notice.id = absl::StrCat("test-", absl::BytesToHexString(RandomBytes(8)));
    notice.thread = notice.id;
    notice.at = now;
    const Delivery delivery = destination->Deliver(notice);
    tried.taken = delivery.outcome == Delivery::Outcome::kTaken;
    tried.answer = delivery.answer;
  }
  return all;
}

std::vector<std::pair<std::string, std::string>> NotifierFindings(const NotifierStatus& status) {
  std::vector<std::pair<std::string, std::string>> findings;
  if (!status.reading.ok()) {
    findings.emplace_back("notifier_failing", status.reading.ToString());
  }
  if (status.unrouted > 0) {
    findings.emplace_back("alerts_unrouted",
                          absl::StrCat(status.unrouted,
                                       " open alerts are for a team to which no route leads; add "
                                       "one to the routing file"));
  }
  for (const DestinationStatus& one : status.destinations) {
    if (one.dead > 0) {
      findings.emplace_back(
          "undelivered_" + one.name,
          absl::StrCat(one.dead, " alerts could not be delivered to ", one.name, " (",
                       one.last_answer, "); when it is mended, say: dolen routing send-again ",
                       one.name));
    } else if (one.breaker_open) {
      findings.emplace_back("destination_failing_" + one.name,
                            absl::StrCat(one.name, " does not take what it is sent: ",
                                         one.last_answer, "; it is tried again"));
    }
  }
  return findings;
}

std::string NotifierText(const NotifierStatus& status, Format format) {
  std::string out;
  for (const DestinationStatus& one : status.destinations) {
    if (format == Format::kJson) {
      nlohmann::ordered_json json = {{"destination", one.name},
                                     {"waiting", one.waiting},
                                     {"dead", one.dead},
                                     {"taken", one.taken},
                                     {"failed", one.failed},
                                     {"breaker_open", one.breaker_open},
                                     {"last_answer", one.last_answer},
                                     {"dead_alerts", one.dead_alerts}};
      if (one.oldest != absl::InfiniteFuture()) json["oldest"] = Rfc3339(one.oldest);
      absl::StrAppend(&out, json.dump(), "\n");
    } else {
      absl::StrAppendFormat(&out, "%-20s %6d waiting %6d taken %6d failed %6d given up  %s%s\n",
                            one.name, one.waiting, one.taken, one.failed, one.dead,
                            one.breaker_open ? "does not answer: " : "", one.last_answer);
    }
  }
  return out;
}

}  // namespace dolen
