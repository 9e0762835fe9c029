#include "connectors/alerting/check_routing.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "connectors/alerting/decide.h"
#include "connectors/alerting/hours.h"
#include "engine/base/limits.h"
#include "engine/base/names.h"
#include "engine/base/time.h"

namespace dolen {
namespace {

using routing::v1::Destination;
using routing::v1::Route;

// Seconds of a route's group_wait: what belongs together comes within one tick of a shard or some;
// longer keeps people waiting for nothing.
constexpr uint32_t kMaxGroupWait = 3600;
constexpr uint32_t kMaxTimeout = 60;         // a thread waits so long for each attempt
constexpr uint32_t kMaxInHour = 3600;        // one each second
constexpr uint32_t kMinHeartbeat = 10;       // seconds
constexpr uint32_t kMaxRepeatSeconds = 300;  // Alertmanager forgets after four of them

bool IsOnly(const google::protobuf::RepeatedPtrField<std::string>& values,
            absl::string_view value) {
  return values.size() == 1 && values.Get(0) == value;
}

bool Has(const google::protobuf::RepeatedPtrField<std::string>& values, absl::string_view value) {
  return values.empty() || std::find(values.begin(), values.end(), value) != values.end();
}

// "AGENCY", "AGENCY/TEAM" or a party such as "kind:council".
bool IsTeam(absl::string_view id) {
  return !id.empty() && id.size() <= 2 * kMaxId && id.front() != '/' && id.back() != '/' &&
         !absl::StrContains(id, ' ');
}

}  // namespace

void RoutingChecker::Error(const Spot& spot, std::string sentence) {
  findings_.push_back(spot.Error(std::move(sentence)));
}

void RoutingChecker::Warn(const Spot& spot, std::string sentence) {
  findings_.push_back(spot.Warning(std::move(sentence)));
}

std::vector<Finding> RoutingChecker::Run() {
  if (!file_.public_url().empty() && !absl::StartsWith(file_.public_url(), "https://") &&
      !absl::StartsWith(file_.public_url(), "http://")) {
    Error(root_.At("public_url"), "not an address; write \"https://dolen.example.org\"");
  }
  for (int i = 0; i < file_.team_size(); ++i) CheckTeam(file_.team(i), root_.At("team", i));
  for (int i = 0; i < file_.destination_size(); ++i) {
    CheckDestination(file_.destination(i), root_.At("destination", i));
  }
  for (int i = 0; i < file_.route_size(); ++i) CheckRoute(file_.route(i), root_.At("route", i));
  CheckHeartbeat();
  CheckReached();
  std::stable_sort(findings_.begin(), findings_.end(), [](const Finding& a, const Finding& b) {
    return std::tie(a.line, a.column) < std::tie(b.line, b.column);
  });
  return std::move(findings_);
}

void RoutingChecker::CheckTeam(const routing::v1::Team& team, const Spot& spot) {
  if (!IsTeam(team.id())) {
    Error(spot.At("id"),
          absl::StrCat("\"", team.id(), "\" is not a team; write \"AGENCY\" or \"AGENCY/TEAM\""));
  } else if (!teams_.insert(team.id()).second) {
    Error(spot.At("id"), absl::StrCat("team \"", team.id(), "\" is here twice; join the two"));
  }
  absl::TimeZone zone;
  if (!team.zone().empty() && !absl::LoadTimeZone(team.zone(), &zone)) {
    Error(spot.At("zone"), absl::StrCat("time zone \"", team.zone(),
                                        "\" is not known here; write \"Europe/London\" or the "
                                        "like (the package tzdata has them)"));
  }
  for (int i = 0; i < team.hours_size(); ++i) CheckHours(team.hours(i), spot.At("hours", i));
  for (int i = 0; i < team.closed_size(); ++i) {
    absl::CivilDay day;
    if (ParseDay(team.closed(i), day)) continue;
    Error(spot.At("closed", i),
          absl::StrCat("\"", team.closed(i), "\" is not a day; write it as \"2026-12-25\""));
  }
  if (team.closed_size() > 0 && team.hours().empty()) {
    Error(spot.At("closed", 0), "a team without hours works always; say its hours");
  }
}

void RoutingChecker::CheckHours(const routing::v1::Hours& hours, const Spot& spot) {
  if (hours.day().empty()) Error(spot, "no days; write day: \"mon\" and so on");
  CheckWords(hours.day(), kWeekdays, "day", spot);
  int from = 0, to = 0;
  for (absl::string_view field : {"from", "to"}) {
    const std::string& text = field == "from" ? hours.from() : hours.to();
    if (ParseTimeOfDay(text, field == "from" ? from : to)) continue;
    Error(spot.At(field), absl::StrCat("\"", text, "\" is not a time of day; write \"09:00\""));
    return;
  }
  if (to <= from) {
    Error(spot.At("to"),
          "it ends no later than it begins; write hours over midnight as two, until 24:00 and from "
          "00:00");
  }
}

void RoutingChecker::CheckDestination(const Destination& destination, const Spot& spot) {
  const std::string& name = destination.name();
  if (!IsSnakeCase(name) || name.size() > kMaxId) {
    Error(spot.At("name"),
          absl::StrCat("\"", name, "\" is not a name; write lower_snake_case, \"duty_desk\""));
  } else if (!names_.insert(name).second) {
    Error(spot.At("name"), absl::StrCat("destination \"", name, "\" is here twice; rename one"));
  }
  if (destination.kind_case() == Destination::KIND_NOT_SET) {
    Error(spot, "no kind; write alertmanager {}, webhook {}, pagerduty {}, mail {} or log_line {}");
  }
  if (destination.timeout_seconds() > kMaxTimeout) {
    Error(spot.At("timeout_seconds"), absl::StrCat("longer than ", kMaxTimeout, " seconds"));
  }
  if (destination.most_in_hour() > kMaxInHour) {
    Error(spot.At("most_in_hour"), absl::StrCat("more than ", kMaxInHour, " is no limit"));
  }
  if (destination.has_alertmanager() &&
      destination.alertmanager().repeat_seconds() > kMaxRepeatSeconds) {
    Error(spot.At("alertmanager").At("repeat_seconds"),
          absl::StrCat("longer than ", kMaxRepeatSeconds,
                       " seconds: what was missed once would be forgotten there"));
  }
}

void RoutingChecker::CheckRoute(const Route& route, const Spot& spot) {
  for (int i = 0; i < route.for__size(); ++i) {
    if (IsTeam(route.for_(i))) continue;
    Error(spot.At("for", i),
          absl::StrCat("\"", route.for_(i),
                       "\" is nobody; write \"AGENCY\", \"AGENCY/TEAM\" or \"kind:council\""));
  }
  CheckWords(route.weight(), kWeights, "weight", spot);
  CheckWords(route.about(), kAbouts, "about", spot);
  for (int i = 0; i < route.level_size(); ++i) {
    if (IsSnakeCase(route.level(i))) continue;
    Error(spot.At("level", i),
          absl::StrCat("\"", route.level(i), "\" is not a level; write the book's, \"overdue\""));
  }
  if (route.nowhere() && route.to_size() > 0) {
    Error(spot.At("nowhere"), "it goes nowhere and somewhere; keep one of nowhere and to");
  } else if (!route.nowhere() && route.to().empty()) {
    Error(spot, "no destination; write to: \"NAME\", or nowhere: true if that is meant");
  }
  CheckTo(route.to(), spot);
  CheckTiming(route, spot);
}

void RoutingChecker::CheckTiming(const Route& route, const Spot& spot) {
  if (route.quiet_outside_hours() && !IsOnly(route.weight(), "advisory")) {
    Error(spot.At("quiet_outside_hours"),
          "a duty that is not only advisory does not wait for office hours; write weight: "
          "\"advisory\" and nothing else, or digest_at");
  }
  for (int i = 0; i < route.digest_at_size(); ++i) {
    int minutes = 0;
    if (ParseTimeOfDay(route.digest_at(i), minutes) && minutes < 24 * 60) continue;
    Error(spot.At("digest_at", i),
          absl::StrCat("\"", route.digest_at(i), "\" is not a time of day; write \"09:00\""));
  }
  if (route.group_wait_seconds() > 0 && route.group() == Route::EACH) {
    Error(spot.At("group_wait_seconds"),
          "nothing is told together here; write group: HOUSEHOLD or TEAM, or take it away");
  }
  if (route.group_wait_seconds() > kMaxGroupWait) {
    Error(spot.At("group_wait_seconds"), absl::StrCat("longer than ", kMaxGroupWait, " seconds"));
  }
  if (route.digest_at_size() > 0 && Has(route.weight(), "statute") &&
      Has(route.level(), "overdue")) {
    Warn(spot.At("digest_at", 0),
         "what is overdue by statute waits for a digest; write weight or level so that it pages");
  }
}

void RoutingChecker::CheckHeartbeat() {
  if (!file_.has_heartbeat()) return;
  const Spot spot = root_.At("heartbeat");
  const auto& heartbeat = file_.heartbeat();
  CheckTo(heartbeat.to(), spot);
  if (heartbeat.to().empty()) Error(spot, "it goes nowhere; write to: \"NAME\"");
  if (heartbeat.every_seconds() > 0 && heartbeat.every_seconds() < kMinHeartbeat) {
    Error(spot.At("every_seconds"), absl::StrCat("shorter than ", kMinHeartbeat, " seconds"));
  }
  for (int i = 0; i < heartbeat.to_size(); ++i) {
    for (const Destination& destination : file_.destination()) {
      if (destination.name() != heartbeat.to(i) || destination.has_alertmanager() ||
          destination.has_webhook()) {
        continue;
      }
      Error(spot.At("to", i),
            "people would get a message each minute; write the name of an "
            "alertmanager or a webhook that watches for its absence");
    }
  }
}

// What is overdue by statute must reach somebody, whoever it is for, at any hour.
void RoutingChecker::CheckReached() {
  const bool reached =
      std::any_of(file_.route().begin(), file_.route().end(), [](const Route& route) {
        return !route.nowhere() && route.for_().empty() && Has(route.weight(), "statute") &&
               Has(route.level(), "overdue") && route.about().empty() && route.when() == Route::ANY;
      });
  if (!reached) {
    Warn(root_,
         "no route takes every alert that is overdue by statute, so some may reach nobody; end "
         "the file with a route { to: \"NAME\" } without conditions");
  }
  for (int i = 0; i < file_.destination_size(); ++i) {
    const std::string& name = file_.destination(i).name();
    if (names_.contains(name) && !used_.contains(name)) {
      Warn(root_.At("destination", i),
           absl::StrCat("nothing goes to \"", name, "\"; name it in a route or take it away"));
    }
  }
  for (int i = 0; i + 1 < file_.route_size(); ++i) {
    const Route& route = file_.route(i);
    if (!route.for_().empty() || !route.weight().empty() || !route.level().empty() ||
        !route.about().empty() || route.when() != Route::ANY) {
      continue;
    }
    Warn(root_.At("route", i + 1),
         absl::StrCat("route[", i, "] takes every alert, so none comes here; put it last"));
    return;
  }
}

void RoutingChecker::CheckWords(const google::protobuf::RepeatedPtrField<std::string>& given,
                                absl::Span<const absl::string_view> known, absl::string_view field,
                                const Spot& spot) {
  for (int i = 0; i < given.size(); ++i) {
    if (std::find(known.begin(), known.end(), given.Get(i)) != known.end()) continue;
    Error(spot.At(field, i),
          absl::StrCat("\"", given.Get(i), "\" is none of ", absl::StrJoin(known, ", ")));
  }
}

void RoutingChecker::CheckTo(const google::protobuf::RepeatedPtrField<std::string>& to,
                             const Spot& spot) {
  for (int i = 0; i < to.size(); ++i) {
    used_.insert(to.Get(i));
    if (names_.contains(to.Get(i))) continue;
    Error(spot.At("to", i),
          absl::StrCat("destination \"", to.Get(i), "\" is not in this file; write one of: ",
                       names_.empty() ? "(none yet)" : absl::StrJoin(names_, ", ")));
  }
}

}  // namespace dolen
