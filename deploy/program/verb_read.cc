// timeline, quarantine, doctor: questions to an installation.
#include <cstdio>
#include <functional>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "deploy/program/door.h"
#include "deploy/program/verbs.h"
#include "nlohmann/json.hpp"

namespace dolen {
namespace {

// One question for each offset; the worst exit code counts.
int ForEach(const Common& common, const QuarantineFlags& flags,
            const std::function<int(Door&, const std::string&)>& ask) {
  const absl::StatusOr<std::unique_ptr<Door>> door = Door::Open(common.place, WhereNone::kRefuse);
  if (!door.ok()) return Fail(door.status());
  int worst = kDone;
  for (const int64_t offset : flags.offsets)
    worst = std::max(worst, ask(**door, absl::StrCat(offset)));
  return worst;
}

}  // namespace

int Fail(const absl::Status& status) {
  absl::FPrintF(stderr, "dolen: %s\n", status.message());
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
      return kUsage;
    case absl::StatusCode::kNotFound:
      return kNo;
    default:
      return kWorldFailed;
  }
}

int RunTimeline(const Common& common, const TimelineFlags& flags) {
  const size_t colon = flags.child.find(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == flags.child.size()) {
    absl::FPrintF(stderr, "dolen: --child=ISSUER:VALUE, for example --child=nhs:9990000018\n");
    return kUsage;
  }
  HttpRequest request = Get(
      {"v1", "children", flags.child.substr(0, colon), flags.child.substr(colon + 1), "timeline"},
      common);
  request.query["as_of"] = flags.past.as_of;
  request.query["known_at"] = flags.past.known_at;
  request.query["known_to"] = flags.past.known_to;
  return AskAndPrint(common, request);
}

int RunQuarantineList(const Common& common, const QuarantineFlags& flags) {
  HttpRequest request = Get({"v1", "quarantine"}, common);
  request.query["reason"] = flags.reason;
  request.query["agency"] = flags.agency;
  request.query["state"] = flags.state;
  return AskAndPrint(common, request);
}

int RunQuarantineShow(const Common& common, const QuarantineFlags& flags) {
  return ForEach(common, flags, [&](Door& door, const std::string& offset) {
    return Print(door.Ask(Get({"v1", "quarantine", offset}, common)));
  });
}

int RunQuarantineRetry(const Common& common, const QuarantineFlags& flags) {
  return ForEach(common, flags, [&](Door& door, const std::string& offset) {
    HttpRequest request = Post({"v1", "quarantine", offset, "retry"});
    request.query["by"] = flags.by;
    const absl::StatusOr<std::string> answer = door.Ask(request);
    const int printed = Print(answer);
    if (printed != kDone) return printed;
    return absl::StrContains(*answer, "\"admitted\":true") ? kDone : kNo;
  });
}

int RunQuarantineSetAside(const Common& common, const QuarantineFlags& flags) {
  return ForEach(common, flags, [&](Door& door, const std::string& offset) {
    HttpRequest request = Post({"v1", "quarantine", offset, "set-aside"});
    request.query["by"] = flags.by;
    request.query["why"] = flags.why;
    return Print(door.Ask(request));
  });
}

int RunDoctor(const Common& common, const DoctorFlags& flags) {
  if (!flags.destinations.empty()) return RunTryDestinations(common, flags.destinations);
  const absl::StatusOr<std::unique_ptr<Door>> door = Door::Open(common.place, WhereNone::kRefuse);
  if (!door.ok()) return Fail(door.status());
  if (flags.confirm_time) {
    if ((*door)->is_own()) {
      absl::FPrintF(
          stderr,
          "dolen: no dolen serve runs on %s, so there is no clock to confirm; start it and "
          "say it again\n",
          common.place.data);
      return kNo;
    }
    const absl::StatusOr<std::string> confirmed =
        (*door)->Ask(Post({"v1", "doctor", "confirm-time"}));
    if (!confirmed.ok()) return Fail(confirmed.status());
  }
  const absl::StatusOr<std::string> answer = (*door)->Ask(Get({"v1", "doctor"}, common));
  if (!answer.ok()) return Fail(answer.status());
  const auto json = nlohmann::ordered_json::parse(*answer, nullptr, false);
  if (!common.json() && json.is_object()) {
    absl::PrintF(
        "%s log, %d shards, %d records folded, %d events, time reached %s; "
        "breaches nobody was told of: %d; %s\n",
        json.value("log", ""), json.value("shards", 0), json.value("records", 0),
        json.value("events", 0), json.value("reached", ""), json.value("breaches_untold", 0),
        (*door)->is_own() ? "no dolen serve runs" : "dolen serve runs");
    for (const auto& finding : json["findings"]) {
      absl::PrintF("%s: %s: %s\n", finding.value("severity", ""), finding.value("code", ""),
                   finding.value("sentence", ""));
    }
    if (json["findings"].empty()) absl::PrintF("Nothing is missing.\n");
  } else {
    std::fputs(answer->c_str(), stdout);
  }
  return json.is_object() && json.value("ok", false) ? kDone : kNo;
}

}  // namespace dolen
