#include "projections/timeline/timeline.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "engine/base/time.h"
#include "engine/pathway/pattern.h"
#include "nlohmann/json.hpp"

namespace dolen {
namespace {

using Json = nlohmann::ordered_json;

// A day is shown as a day: no invented 00:00.
std::string MomentText(const Moment& moment) {
  if (moment.IsNever()) return "";
  return Rfc3339(moment.from);
}

EventLine LineOf(const Event& event) {
  const event::v1::Open& open = event.open;
  EventLine line;
  line.occurred = event.IsDayOnly() ? open.occurred().day() : Rfc3339(event.Occurred());
  line.at = event.Occurred();
  line.recorded = event.recorded;
  line.agency = open.agency();
  line.event = std::string(EventName(open));
  line.matter = MatterName(open.matter().agency(), open.matter().id());
  line.to_agency = open.to_agency();
  line.reason = open.reason();
  line.event_id = open.event_id();
  line.position = event.position;
  return line;
}

ClockLine LineOf(const Duty& duty, const Clock& clock, const Picture& picture, const Books& books,
                 absl::Time reached) {
  const RuleVersion& version = books.families()[duty.family].versions[clock.version];
  const Matter& matter = picture.matters[clock.matter];
  ClockLine line;
  line.clock = ClockName(picture, duty, clock, books);
  line.rule = version.rule.id();
  line.book_version = version.book_version;
  line.title_en = version.rule.title().en();
  line.title_cy = version.rule.title().cy();
  line.source = absl::StrCat(version.rule.source().title(),
                             version.rule.source().paragraph().empty() ? "" : ", ",
                             version.rule.source().paragraph());
  line.weight = absl::AsciiStrToLower(pathway::v1::Rule::Weight_Name(version.rule.weight()));
  line.accountable = AgencyAt(version.rule.accountable(), picture, duty, clock, books);
  line.matter = matter.Name();
  line.state = StateAt(clock, reached);
  line.start = clock.start;
  line.close = clock.close;
  line.due = clock.due;
  return line;
}

Json ToJson(const EventLine& line) {
  Json json = {{"occurred", line.occurred}, {"recorded", Rfc3339(line.recorded)},
               {"agency", line.agency},     {"event", line.event},
               {"matter", line.matter},     {"event_id", line.event_id}};
  if (!line.to_agency.empty()) json["to_agency"] = line.to_agency;
  if (!line.reason.empty()) json["reason"] = line.reason;
  return json;
}

Json ToJson(const ClockLine& line) {
  Json json = {{"clock", line.clock},
               {"rule", line.rule},
               {"state", std::string(StateName(line.state))},
               {"started", MomentText(line.start)},
               {"due", line.due == absl::InfiniteFuture() ? Json() : Json(Rfc3339(line.due))},
               {"closed", line.close.IsNever() ? Json() : Json(MomentText(line.close))},
               {"accountable", line.accountable},
               {"matter", line.matter},
               {"book_version", line.book_version},
               {"source", line.source},
               {"weight", line.weight},
               {"title", {{"en", line.title_en}, {"cy", line.title_cy}}}};
  return json;
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
  return json;
}

}  // namespace

std::string StateText(alert::v1::State state) {
  const std::string name = alert::v1::State_Name(state);
  return absl::AsciiStrToLower(absl::StripPrefix(name, "STATE_"));
}

std::string SourceText(const alert::v1::Source& source) {
  return absl::StrCat(source.title(), source.paragraph().empty() ? "" : ", ", source.paragraph());
}

std::string AlertJson(const alert::v1::Alert& alert, absl::string_view child,
                      absl::string_view matter) {
  return ToJson(alert, child, matter).dump();
}

Timeline DrawTimeline(const ChildKey& child, absl::Span<const Event> events, const Picture& picture,
                      const Alerts& alerts, const Books& books, absl::Time reached) {
  Timeline timeline;
  timeline.reached = reached;
  for (const Event& event : events) timeline.events.push_back(LineOf(event));
  ForEachClock(picture, [&](const Duty& duty, const Clock& clock) {
    timeline.clocks.push_back(LineOf(duty, clock, picture, books, reached));
  });
  std::stable_sort(timeline.clocks.begin(), timeline.clocks.end(),
                   [](const ClockLine& a, const ClockLine& b) {
                     return std::tie(a.start.from, a.clock) < std::tie(b.start.from, b.clock);
                   });
  std::vector<const Told*> told;
  for (const Told& one : alerts) told.push_back(&one);
  std::stable_sort(told.begin(), told.end(),
                   [](const Told* a, const Told* b) { return a->since < b->since; });
  for (const Told* one : told) timeline.alerts.push_back(AlertOf(child, *one, books));
  return timeline;
}

std::string TimelineJson(absl::string_view child, const Timeline& timeline) {
  Json json = {{"child", std::string(child)}, {"reached", Rfc3339(timeline.reached)}};
  Json& events = json["events"] = Json::array();
  for (const EventLine& line : timeline.events) events.push_back(ToJson(line));
  Json& clocks = json["clocks"] = Json::array();
  for (const ClockLine& line : timeline.clocks) clocks.push_back(ToJson(line));
  Json& alerts = json["alerts"] = Json::array();
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

std::string TimelineText(absl::string_view child, const Timeline& timeline) {
  struct Line {
    absl::Time at;
    int rank;
    std::string text;
  };
  std::vector<Line> lines;
  for (const EventLine& event : timeline.events) {
    std::string text =
        absl::StrFormat("%-25s  %-18s %s", event.occurred, event.agency, event.event);
    if (!event.to_agency.empty()) absl::StrAppend(&text, " -> ", event.to_agency);
    if (!event.reason.empty()) absl::StrAppend(&text, " (", event.reason, ")");
    const absl::Duration delay = event.recorded - event.at;
    if (delay > absl::Hours(24)) {
      absl::StrAppend(&text, "  [told ", absl::ToInt64Hours(delay) / 24, " days later]");
    }
    lines.push_back({event.at, 0, std::move(text)});
  }
  for (const ClockLine& clock : timeline.clocks) {
    if (clock.due == absl::InfiniteFuture()) continue;
    lines.push_back(
        {clock.due, 1,
         absl::StrFormat("%-25s  %-18s should be done before: %s [%s: %s]", Rfc3339(clock.due),
                         clock.accountable, clock.title_en, clock.rule, StateName(clock.state))});
  }
  for (const alert::v1::Alert& alert : timeline.alerts) {
    lines.push_back(
        {FromTimestamp(alert.since()), 2,
         absl::StrFormat("%-25s  %-18s ALERT %s, now %s: %s [%s]",
                         Rfc3339(FromTimestamp(alert.since())), alert.accountable(), alert.level(),
                         StateText(alert.state()), alert.title_en(), alert.rule())});
  }
  std::stable_sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) {
    return std::tie(a.at, a.rank) < std::tie(b.at, b.rank);
  });
  std::string out = absl::StrCat("Child ", child, ", as of ", Rfc3339(timeline.reached), "\n");
  for (const Line& line : lines) absl::StrAppend(&out, "  ", line.text, "\n");
  return out;
}

}  // namespace dolen
