#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "deploy/program/simulated_words.h"
#include "engine/base/time.h"
#include "nlohmann/json.hpp"

namespace dolen {
namespace {

using Json = nlohmann::ordered_json;

int64_t Minutes(absl::Duration duration) { return absl::ToInt64Minutes(duration); }

Json DayJson(absl::CivilDay day) {
  if (day == absl::CivilDay::min() || day == absl::CivilDay::max()) return nullptr;
  return DayText(day);
}

Json ToJson(const absl::optional<Standing>& standing) {
  if (!standing) return nullptr;
  return {{"state", std::string(StateName(standing->state))},
          {"due",
           standing->due == absl::InfiniteFuture() ? Json(nullptr) : Json(Rfc3339(standing->due))},
          {"late_minutes", Minutes(standing->late)},
          {"accountable", standing->accountable},
          {"raised", standing->told},
          {"escalated", standing->escalated}};
}

Json ToJson(const ClockDifference& difference) {
  Json json = {{"child", difference.child.Hex().substr(0, 8)}};
  if (!difference.identifiers.empty()) json["identifiers"] = difference.identifiers;
  json["rule"] = difference.rule;
  json["clock"] = difference.clock;
  json["before"] = ToJson(difference.before);
  json["after"] = ToJson(difference.after);
  json["due_moved_minutes"] = Minutes(difference.Moved());
  return json;
}

Json StatesJson(const WhatIfGroup& group) {
  Json states = Json::object();
  for (const auto* side : {&group.before, &group.after}) {
    for (const auto& [state, count] : side->by_state) {
      Json& one = states[std::string(StateName(state))];
      if (one.is_null()) one = {{"before", 0}, {"after", 0}};
      one[side == &group.before ? "before" : "after"] = count;
    }
  }
  return states;
}

Json MovedJson(const std::vector<absl::Duration>& moved) {
  if (moved.empty()) return {{"clocks", 0}};
  return {{"clocks", moved.size()},
          {"median_minutes", Minutes(MedianOf(moved))},
          {"max_minutes", Minutes(*std::max_element(moved.begin(), moved.end()))}};
}

Json ToldJson(const absl::btree_map<std::string, ToldCounts>& told) {
  Json json = Json::object();
  for (const auto& [level, counts] : told) {
    json[level] = {{"before", counts.before},
                   {"after", counts.after},
                   {"only_after", counts.more},
                   {"only_before", counts.fewer}};
  }
  return json;
}

Json ToJson(const WhatIfGroup& group) {
  Json moves = Json::array();
  for (const auto& [sides, move] : group.moves) {
    moves.push_back({{"from", std::string(SideText(sides.first))},
                     {"to", std::string(SideText(sides.second))},
                     {"clocks", move.clocks},
                     {"children", move.children}});
  }
  return {{"clocks", {{"before", group.before.clocks}, {"after", group.after.clocks}}},
          {"states", StatesJson(group)},
          {"changed", {{"clocks", group.changed}, {"children", group.children_changed}}},
          {"moves", std::move(moves)},
          {"due_earlier", MovedJson(group.earlier)},
          {"due_later", MovedJson(group.later)},
          {"late_minutes",
           {{"before", Minutes(group.before.late)},
            {"after", Minutes(group.after.late)},
            {"more", Minutes(group.more_late)},
            {"less", Minutes(group.less_late)}}},
          {"raised", ToldJson(group.raised)},
          {"escalated", ToldJson(group.escalated)}};
}

Json ToJson(const absl::btree_map<std::string, WhatIfGroup>& groups) {
  Json json = Json::object();
  for (const auto& [name, group] : groups) json[name] = ToJson(group);
  return json;
}

}  // namespace

std::string SimulatedJson(const Simulated& simulated, const SimulateOptions& options) {
  const WhatIf& whatif = simulated.whatif;
  std::string lines;
  const std::vector<ClockDifference> listed = whatif.Listed();
  for (const ClockDifference& difference : listed) {
    absl::StrAppend(&lines, ToJson(difference).dump(), "\n");
  }
  Json drafts = Json::array();
  for (const UsableBook& draft : options.drafts) {
    drafts.push_back({{"book", draft.book.id()}, {"version", draft.book.version()}});
  }
  const Json summary = {{"drafts", std::move(drafts)},
                        {"from", DayJson(options.from)},
                        {"to", DayJson(options.to)},
                        {"at", Rfc3339(simulated.at)},
                        {"events", simulated.events},
                        {"children",
                         {{"all", whatif.children()},
                          {"changed", whatif.all().children_changed},
                          {"late_before", whatif.late_before()},
                          {"late_after", whatif.late_after()},
                          {"newly_late", whatif.newly_late()},
                          {"no_longer_late", whatif.no_longer_late()}}},
                        {"listed", listed.size()},
                        {"all", ToJson(whatif.all())},
                        {"rules", ToJson(whatif.by_rule())},
                        {"agencies", ToJson(whatif.by_agency())}};
  absl::StrAppend(&lines, Json{{"summary", summary}}.dump(), "\n");
  return lines;
}

}  // namespace dolen
