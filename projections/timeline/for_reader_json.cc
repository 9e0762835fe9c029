// A child for a reader, as JSON.
#include <algorithm>
#include <utility>

#include "engine/base/time.h"
#include "engine/child/matter.h"
#include "nlohmann/json.hpp"
#include "projections/alerts/alert_json.h"
#include "projections/timeline/for_reader.h"

namespace dolen {
namespace {

using Json = nlohmann::ordered_json;

Json TimeOrNull(absl::Time time) {
  return time == absl::InfiniteFuture() ? Json() : Json(Rfc3339(time));
}

Json Both(const std::string& en, const std::string& cy) { return {{"en", en}, {"cy", cy}}; }

Json HiddenJson(const EventLine& line, const Privates& shown) {
  const auto hidden = shown.find(line.position);
  if (hidden == shown.end()) return {};
  return {{"text", hidden->second.text()},
          {"practitioner", hidden->second.practitioner()},
          {"child_name", hidden->second.child_name()}};
}

Json NotesJson(const EventLine& line) {
  Json notes = Json::array();
  for (const NoteLine& note : line.notes) {
    notes.push_back(
        {{"code", note.code},
         {"title", Both(note.title_en, note.title_cy)},
         {"against", {{"agency", note.against_agency}, {"event_id", note.against_event_id}}}});
  }
  return notes;
}

Json ToJson(const EventLine& line, const Privates& shown) {
  return {{"occurred", line.occurred},
          {"recorded", Rfc3339(line.recorded)},
          {"agency", line.agency},
          {"event", line.event},
          {"event_id", line.event_id},
          {"matter", line.matter},
          {"to_agency", line.to_agency},
          {"reason", line.reason},
          {"outcome", line.outcome},
          {"part", line.part},
          {"extent", line.extent == Extent::kWhole ? "whole" : "open_part"},
          {"private", HiddenJson(line, shown)},
          {"notes", NotesJson(line)}};
}

Json ChargesJson(const ClockLine& line) {
  Json charges = Json::array();
  for (const ChargeLine& one : line.charged) {
    Json charge = {{"from", one.from}, {"to", one.to.empty() ? Json() : Json(one.to)}};
    if (one.days > 0) charge["days"] = one.days;
    if (one.time > absl::ZeroDuration()) charge["minutes"] = absl::ToInt64Minutes(one.time);
    charge["owner"] = one.owner;
    charges.push_back(std::move(charge));
  }
  return charges;
}

// Together, in the order in which each first had it.
Json MinutesJson(const std::vector<Share>& shares) {
  std::vector<std::pair<std::pair<std::string, bool>, absl::Duration>> minutes;
  for (const Share& share : shares) {
    const std::pair<std::string, bool> whose(share.who, share.is_paused);
    auto its = std::find_if(minutes.begin(), minutes.end(),
                            [&](const auto& one) { return one.first == whose; });
    if (its == minutes.end()) its = minutes.insert(its, {whose, absl::ZeroDuration()});
    its->second += share.to - share.from;
  }
  Json json = Json::array();
  for (const auto& [whose, time] : minutes) {
    json.push_back(
        {{"who", whose.first}, {"paused", whose.second}, {"minutes", absl::ToInt64Minutes(time)}});
  }
  return json;
}

Json ToJson(const ClockLine& line) {
  return {{"clock", line.clock},
          {"rule", line.rule},
          {"title", Both(line.title_en, line.title_cy)},
          {"state", std::string(StateName(line.state))},
          {"open", line.open},
          {"started", Rfc3339(line.start.from)},
          {"due", TimeOrNull(line.due)},
          {"closed", TimeOrNull(line.close.from)},
          {"accountable", line.accountable},
          {"matter", line.matter},
          {"book_version", line.book_version},
          {"source", line.source},
          {"weight", line.weight},
          {"charged", ChargesJson(line)},
          {"minutes", MinutesJson(line.shares)}};
}

Json EventsJson(const TimelineForReader& read, const TimelinePage& page) {
  const std::vector<EventLine>& all = read.timeline.events;
  const size_t from = std::min(page.from, all.size());
  const size_t to = std::min(from + page.limit, all.size());
  Json events = Json::array();
  for (size_t i = from; i < to; ++i) events.push_back(ToJson(all[i], read.shown));
  return events;
}

Json ToJson(const HolderLine& line) {
  return {{"part", line.part}, {"agency", line.agency}, {"since", line.since}, {"by", line.by}};
}

Json ToJson(const alert::v1::Alert& alert) { return AlertForReaderJson(alert); }

Json ToJson(const std::pair<std::string, std::string>& identifier) {
  return {{"issuer", identifier.first}, {"value", identifier.second}};
}

template <typename Lines>
Json ArrayOf(const Lines& lines) {
  Json json = Json::array();
  for (const auto& line : lines) json.push_back(ToJson(line));
  return json;
}

}  // namespace

std::string TimelineForReaderJson(const ChildKey& child, const TimelineForReader& read,
                                  const TimelinePage& page) {
  const Timeline& timeline = read.timeline;
  const Json json = {
      {"child", child.Hex()},
      {"at", Rfc3339(timeline.at)},
      {"reached", Rfc3339(timeline.reached)},
      {"position", page.position},
      {"as_of", TimeOrNull(timeline.past.as_of)},
      {"known_at", TimeOrNull(timeline.past.known_at)},
      {"emergency_until", page.emergency_until ? Json(Rfc3339(*page.emergency_until)) : Json()},
      {"name", read.name},
      {"identifiers", ArrayOf(read.identifiers)},
      {"language", read.language},
      {"events", EventsJson(read, page)},
      {"next", page.next.empty() ? Json() : Json(page.next)},
      {"clocks", ArrayOf(timeline.clocks)},
      {"holders", ArrayOf(timeline.holders)},
      {"alerts", timeline.IsPast() ? Json() : ArrayOf(timeline.alerts)}};
  return json.dump();
}

}  // namespace dolen
