// One alert with its trail, and what people do with alerts.
#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "deploy/api/api.h"
#include "deploy/api/children.h"
#include "deploy/api/routes.h"
#include "deploy/program/deed.h"
#include "engine/base/status.h"
#include "engine/base/time.h"
#include "nlohmann/json.hpp"
#include "projections/alerts/alert_json.h"
#include "projections/alerts/trail.h"
#include "projections/timeline/for_reader.h"
#include "projections/timeline/timeline.h"

namespace dolen {
namespace {

using alert::v1::Action;
using alert::v1::Alert;
using alert::v1::Receipt;
using Json = nlohmann::ordered_json;

struct AlertForReader {
  ChildKey child;
  Alert alert;
  std::vector<TrailLine> trail;
};

bool IsOf(const TrailLine& line, const std::string& alert_id) {
  return absl::visit([&](const auto& what) { return what.alert_id() == alert_id; }, line.what);
}

// kNotFound: there is none, or it is not theirs to know.
absl::StatusOr<AlertForReader> Find(const Question& question, const std::string& alert_id) {
  const absl::Status not_known = absl::NotFoundError("not to be known");
  for (const Glance& shard : question.glances.shards) {
    DOLEN_ASSIGN_OR_RETURN(const std::vector<AlertName> names,
                           AlertsNamed(shard.rows(), alert_id, 1));
    if (names.empty() || names.front().alert_id != alert_id) continue;
    AlertForReader found;
    found.child = names.front().child;
    DOLEN_ASSIGN_OR_RETURN(const absl::optional<StoredChild> child,
                           ReadStoredChild(shard, found.child, question.caller.agency));
    if (!child) return not_known;
    const absl::optional<TimelineForReader> read =
        ReadTimeline(*child, {question.caller.agency}, {}, shard.books(), shard.reached());
    if (!read) return not_known;
    const auto its = std::find_if(read->timeline.alerts.begin(), read->timeline.alerts.end(),
                                  [&](const Alert& one) { return one.alert_id() == alert_id; });
    if (its == read->timeline.alerts.end()) return not_known;
    found.alert = *its;
    if (child->is_told_again) {
      found.trail = child->trail;
      std::erase_if(found.trail, [&](const TrailLine& line) { return !IsOf(line, alert_id); });
    } else {
      DOLEN_ASSIGN_OR_RETURN(found.trail, TrailOf(shard.rows(), found.child, alert_id));
    }
    return found;
  }
  return not_known;
}

std::string Lower(absl::string_view name, absl::string_view prefix) {
  return absl::AsciiStrToLower(absl::StripPrefix(name, prefix));
}

Json LineJson(const TrailLine& line) {
  Json json = {{"at", Rfc3339(line.recorded)},
               {"kind", ""},
               {"state", ""},
               {"by", ""},
               {"note", ""},
               {"due", Json()}};
  if (const auto* const change = absl::get_if<Alert>(&line.what)) {
    json["kind"] = "change";
    json["state"] = StateText(change->state());
    json["due"] = Rfc3339(FromTimestamp(change->due()));
  } else if (const auto* const action = absl::get_if<Action>(&line.what)) {
    json["kind"] = "action";
    json["state"] = Lower(Action::Kind_Name(action->kind()), "KIND_");
    json["by"] = action->by();
    json["note"] = action->note();
  } else if (const auto* const receipt = absl::get_if<Receipt>(&line.what)) {
    json["kind"] = "receipt";
    json["state"] = Lower(Receipt::Outcome_Name(receipt->outcome()), "OUTCOME_");
    json["by"] = receipt->destination();
  }
  return json;
}

absl::StatusOr<Answered> AnswerAlert(const Question& question) {
  const std::string& alert_id = question.path.at("alert");
  ChildKey well_formed;  // an alert's id is as long as a child's key
  if (!ChildKey::FromHex(alert_id, well_formed)) return absl::NotFoundError("no alert's id");
  DOLEN_ASSIGN_OR_RETURN(const AlertForReader found, Find(question, alert_id));
  Json trail = Json::array();
  for (const TrailLine& line : found.trail) trail.push_back(LineJson(line));
  Answered answered;
  answered.response = JsonResponse(Envelope(
      question.glances, {{"alert", AlertForReaderJson(found.alert)}, {"trail", trail.dump()}}));
  answered.children = {found.child};
  answered.extent = Extent::kOpenPart;
  return answered;
}

absl::StatusOr<Answered> AnswerActions(Api& api, const Question& question) {
  DOLEN_ASSIGN_OR_RETURN(Deed deed, DeedOfJson(question.request.body));
  if (deed.all || deed.alerts.size() > 200) {
    return absl::InvalidArgumentError("alerts: name 1 to 200 of them");
  }
  Answered answered;
  for (const std::string& id : deed.alerts) {
    ChildKey well_formed;
    if (!ChildKey::FromHex(id, well_formed)) return absl::NotFoundError("no alert's id");
    DOLEN_ASSIGN_OR_RETURN(const AlertForReader found, Find(question, id));
    answered.children.push_back(found.child);
  }
  // Who did it is not theirs to choose.
  deed.action.set_by(question.caller.subject);
  DOLEN_RETURN_IF_ERROR(api.parts().act(deed));
  DOLEN_ASSIGN_OR_RETURN(const Glances after, api.readings().Take(""));
  const Json json = {{"alerts", deed.alerts.size()}, {"position", after.Position()}};
  answered.response = JsonResponse(json.dump() + "\n");
  answered.extent = Extent::kOpenPart;
  return answered;
}

}  // namespace

void AddAlertAnswers(Api& api, const AddAsked& add) {
  add("GET", "/v1/alerts/{alert}", Asked::kLists,
      [](const Question& question) { return AnswerAlert(question); });
  add("POST", "/v1/alerts/actions", Asked::kAct,
      [&api](const Question& question) { return AnswerActions(api, question); });
}

}  // namespace dolen
