// A child for a reader, as JSON.
#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "absl/types/span.h"
#include "engine/base/time.h"
#include "engine/child/matter.h"
#include "projections/alerts/alert_json.h"
#include "projections/timeline/for_reader.h"

namespace dolen {
namespace {

namespace json = boost::json;
using Memory = json::storage_ptr;  // in which one answer is put together

json::value TextOrNull(const std::string& text, const Memory& memory) {
  return text.empty() ? json::value(memory) : json::value(text, memory);
}

json::value TimeOrNull(absl::Time time, const Memory& memory) {
  return TextOrNull(time == absl::InfiniteFuture() ? "" : Rfc3339(time), memory);
}

json::value Both(const std::string& en, const std::string& cy, const Memory& memory) {
  return json::value({{"en", en}, {"cy", cy}}, memory);
}

// `draw` makes a value of one of them.
template <typename Lines, typename Draw>
json::array ArrayOf(const Lines& lines, const Memory& memory, const Draw& draw) {
  json::array array(memory);
  for (const auto& line : lines) array.push_back(draw(line, memory));
  return array;
}

json::value HiddenJson(const EventLine& line, const Privates& shown, const Memory& memory) {
  const auto hidden = shown.find(line.position);
  if (hidden == shown.end()) return json::value(memory);
  return json::value({{"text", hidden->second.text()},
                      {"practitioner", hidden->second.practitioner()},
                      {"child_name", hidden->second.child_name()}},
                     memory);
}

json::value NoteJson(const NoteLine& note, const Memory& memory) {
  return json::value(
      {{"code", note.code},
       {"title", Both(note.title_en, note.title_cy, memory)},
       {"against", {{"agency", note.against_agency}, {"event_id", note.against_event_id}}}},
      memory);
}

json::value EventJson(const EventLine& line, const Privates& shown, const Memory& memory) {
  return json::value({{"occurred", line.occurred},
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
                      {"private", HiddenJson(line, shown, memory)},
                      {"notes", ArrayOf(line.notes, memory, NoteJson)}},
                     memory);
}

json::value ChargeJson(const ChargeLine& one, const Memory& memory) {
  json::object charge({{"from", one.from}, {"to", TextOrNull(one.to, memory)}}, memory);
  if (one.days > 0) charge["days"] = one.days;
  if (one.time > absl::ZeroDuration()) charge["minutes"] = absl::ToInt64Minutes(one.time);
  charge["owner"] = one.owner;
  return charge;
}

// Together, in the order in which each first had it.
json::value MinutesJson(const std::vector<Share>& shares, const Memory& memory) {
  std::vector<std::pair<std::pair<std::string, bool>, absl::Duration>> minutes;
  for (const Share& share : shares) {
    const std::pair<std::string, bool> whose(share.who, share.is_paused);
    auto its = std::find_if(minutes.begin(), minutes.end(),
                            [&](const auto& one) { return one.first == whose; });
    if (its == minutes.end()) its = minutes.insert(its, {whose, absl::ZeroDuration()});
    its->second += share.to - share.from;
  }
  return ArrayOf(minutes, memory, [](const auto& one, const Memory& in) {
    const auto& [whose, time] = one;
    return json::value(
        {{"who", whose.first}, {"paused", whose.second}, {"minutes", absl::ToInt64Minutes(time)}},
        in);
  });
}

json::value ClockJson(const ClockLine& line, const Memory& memory) {
  return json::value({{"clock", line.clock},
                      {"rule", line.rule},
                      {"title", Both(line.title_en, line.title_cy, memory)},
                      {"state", std::string(StateName(line.state))},
                      {"open", line.open},
                      {"started", Rfc3339(line.start.from)},
                      {"due", TimeOrNull(line.due, memory)},
                      {"closed", TimeOrNull(line.close.from, memory)},
                      {"accountable", line.accountable},
                      {"matter", line.matter},
                      {"book_version", line.book_version},
                      {"source", line.source},
                      {"weight", line.weight},
                      {"charged", ArrayOf(line.charged, memory, ChargeJson)},
                      {"minutes", MinutesJson(line.shares, memory)}},
                     memory);
}

json::value EventsJson(const TimelineForReader& read, const TimelinePage& page,
                       const Memory& memory) {
  const absl::Span<const EventLine> all = read.timeline.events;
  const auto its = all.subspan(std::min(page.from, all.size()), page.limit);
  return ArrayOf(its, memory, [&](const EventLine& line, const Memory& in) {
    return EventJson(line, read.shown, in);
  });
}

json::value HolderJson(const HolderLine& line, const Memory& memory) {
  return json::value(
      {{"part", line.part}, {"agency", line.agency}, {"since", line.since}, {"by", line.by}},
      memory);
}

json::value IdentifierJson(const std::pair<std::string, std::string>& identifier,
                           const Memory& memory) {
  return json::value({{"issuer", identifier.first}, {"value", identifier.second}}, memory);
}

json::value AlertsJson(const Timeline& timeline, const Memory& memory) {
  if (timeline.IsPast()) return json::value(memory);
  return ArrayOf(timeline.alerts, memory, AlertForReader);
}

}  // namespace

std::string TimelineForReaderJson(const ChildKey& child, const TimelineForReader& read,
                                  const TimelinePage& page) {
  json::monotonic_resource resource;
  const Memory memory(&resource);
  const Timeline& timeline = read.timeline;
  const absl::Time emergency = page.emergency_until.value_or(absl::InfiniteFuture());
  const json::value value({{"child", child.Hex()},
                           {"at", Rfc3339(timeline.at)},
                           {"reached", Rfc3339(timeline.reached)},
                           {"position", page.position},
                           {"as_of", TimeOrNull(timeline.past.as_of, memory)},
                           {"known_at", TimeOrNull(timeline.past.known_at, memory)},
                           {"emergency_until", TimeOrNull(emergency, memory)},
                           {"name", read.name},
                           {"identifiers", ArrayOf(read.identifiers, memory, IdentifierJson)},
                           {"language", read.language},
                           {"events", EventsJson(read, page, memory)},
                           {"next", TextOrNull(page.next, memory)},
                           {"clocks", ArrayOf(timeline.clocks, memory, ClockJson)},
                           {"holders", ArrayOf(timeline.holders, memory, HolderJson)},
                           {"alerts", AlertsJson(timeline, memory)}},
                          memory);
  return json::serialize(value);
}

}  // namespace dolen
