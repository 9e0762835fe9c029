// The timeline, and the change of an alert, as JSON.
#include <utility>

#include "engine/base/time.h"
#include "engine/child/matter.h"
#include "nlohmann/json.hpp"
#include "projections/timeline/timeline.h"

namespace dolen {
namespace {

using Json = nlohmann::ordered_json;

std::string MomentText(const Moment& moment) {
  if (moment.IsNever()) return "";
  return Rfc3339(moment.from);
}

Json ToJson(const EventLine& line) {
  Json json = {{"occurred", line.occurred}, {"recorded", Rfc3339(line.recorded)},
               {"agency", line.agency},     {"event", line.event},
               {"matter", line.matter},     {"event_id", line.event_id}};
  if (!line.to_agency.empty()) json["to_agency"] = line.to_agency;
  if (!line.reason.empty()) json["reason"] = line.reason;
  for (const NoteLine& note : line.notes) {
    json["notes"].push_back(
        {{"code", note.code},
         {"title", {{"en", note.title_en}, {"cy", note.title_cy}}},
         {"against", {{"agency", note.against_agency}, {"event_id", note.against_event_id}}}});
  }
  return json;
}

Json ToJson(const ClockLine& line) {
  Json json = {{"clock", line.clock},
               {"rule", line.rule},
               {"state", std::string(StateName(line.state))},
               {"open", line.open},
               {"started", MomentText(line.start)},
               {"due", line.due == absl::InfiniteFuture() ? Json() : Json(Rfc3339(line.due))},
               {"closed", line.close.IsNever() ? Json() : Json(MomentText(line.close))},
               {"accountable", line.accountable},
               {"matter", line.matter},
               {"book_version", line.book_version},
               {"source", line.source},
               {"weight", line.weight},
               {"title", {{"en", line.title_en}, {"cy", line.title_cy}}}};
  for (const ChargeLine& one : line.charged) {
    Json charge = {{"from", one.from}, {"to", one.to.empty() ? Json() : Json(one.to)}};
    if (one.days > 0) charge["days"] = one.days;
    if (one.time > absl::ZeroDuration()) charge["minutes"] = absl::ToInt64Minutes(one.time);
    charge["owner"] = one.owner;
    json["charged"].push_back(std::move(charge));
  }
  return json;
}

Json ToJson(const HolderLine& line) {
  return {{"part", line.part}, {"agency", line.agency}, {"since", line.since}, {"by", line.by}};
}

Json ToJson(const alert::v1::Alert& alert, absl::string_view child, absl::string_view matter) {
  Json json = {{"alert_id", alert.alert_id()},
               {"child", std::string(child)},
               {"matter", std::string(matter)},
               {"clock", alert.clock()},
               {"level", alert.level()},
               {"state", StateText(alert.state())},
               {"due", Rfc3339(FromTimestamp(alert.due()))},
               {"at", alert.has_at() ? Json(Rfc3339(FromTimestamp(alert.at()))) : Json()},
               {"accountable", alert.accountable()},
               {"book_version", alert.book_version()},
               {"rule", alert.rule()},
               {"source", SourceText(alert.source())}};
  if (!alert.assigned_to().empty()) json["assigned_to"] = alert.assigned_to();
  if (alert.has_answer()) json["until"] = Rfc3339(FromTimestamp(alert.answer().until()));
  return json;
}

}  // namespace

std::string AlertJson(const alert::v1::Alert& alert, absl::string_view child,
                      absl::string_view matter) {
  return ToJson(alert, child, matter).dump();
}

std::string TimelineJson(absl::string_view child, const Timeline& timeline) {
  Json json = {{"child", std::string(child)},
               {"reached", Rfc3339(timeline.reached)},
               {"at", Rfc3339(timeline.at)}};
  const Past& past = timeline.past;
  if (past.as_of != absl::InfiniteFuture()) json["as_of"] = Rfc3339(past.as_of);
  if (past.known_at != absl::InfiniteFuture()) json["known_at"] = Rfc3339(past.known_at);
  if (!past.known_to.empty()) json["known_to"] = past.known_to;
  Json& events = json["events"] = Json::array();
  for (const EventLine& line : timeline.events) events.push_back(ToJson(line));
  Json& clocks = json["clocks"] = Json::array();
  for (const ClockLine& line : timeline.clocks) clocks.push_back(ToJson(line));
  Json& holders = json["holders"] = Json::array();
  for (const HolderLine& line : timeline.holders) holders.push_back(ToJson(line));
  Json& alerts = json["alerts"];
  if (timeline.IsPast()) return json.dump();
  alerts = Json::array();
  for (const alert::v1::Alert& alert : timeline.alerts) {
    const std::string matter = MatterName(alert.matter_agency(), alert.matter_id());
    Json one = ToJson(alert, child, matter);
    one["since"] = Rfc3339(FromTimestamp(alert.since()));
    one["number"] = alert.number();
    one.erase("at");
    alerts.push_back(std::move(one));
  }
  return json.dump();
}

}  // namespace dolen
