#include "deploy/program/deed.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "engine/base/time.h"
#include "nlohmann/json.hpp"

namespace dolen {

absl::StatusOr<Deed> DeedOfJson(const std::string& body) {
  const nlohmann::json json = nlohmann::json::parse(body, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return absl::InvalidArgumentError("the body is no JSON object");
  Deed deed;
  try {
    const std::string did = absl::AsciiStrToUpper(json.value("did", ""));
    alert::v1::Action::Kind kind;
    if (!alert::v1::Action::Kind_Parse(absl::StrCat("KIND_", did), &kind) || kind == 0) {
      return absl::InvalidArgumentError(
          "did: write acknowledged, snoozed, assigned, resolved or noted");
    }
    deed.action.set_kind(kind);
    deed.alerts = json.value("alerts", std::vector<std::string>());
    deed.all = json.value("all", false);
    deed.which.accountable = json.value("accountable", "");
    deed.which.level = json.value("level", "");
    deed.action.set_by(json.value("by", ""));
    deed.action.set_note(json.value("note", ""));
    deed.action.set_to(json.value("to", ""));
    const std::string until = json.value("until", "");
    absl::Time time;
    if (!until.empty() && !ParseRfc3339(until, time)) {
      return absl::InvalidArgumentError("until: write a time as 2026-01-05T09:00:00Z");
    }
    if (!until.empty()) *deed.action.mutable_until() = ToTimestamp(time);
  } catch (const nlohmann::json::exception&) {
    return absl::InvalidArgumentError("a member of the body has another type than it must have");
  }
  if (deed.all != deed.alerts.empty()) {
    return absl::InvalidArgumentError("name the alerts, or say all");
  }
  return deed;
}

}  // namespace dolen
