#include "connectors/alerting/decide.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "engine/base/time.h"

namespace dolen {
namespace {

using routing::v1::Route;

// A condition that is empty holds always.
bool Fits(const google::protobuf::RepeatedPtrField<std::string>& condition,
          absl::string_view value) {
  return condition.empty() ||
         std::find(condition.begin(), condition.end(), value) != condition.end();
}

absl::string_view AboutOf(const alert::v1::Alert& alert) {
  const int place = static_cast<int>(alert.about()) - 1;
  return place >= 0 && place < static_cast<int>(std::size(kAbouts)) ? kAbouts[place] : "";
}

// An agency stands for all of its teams.
bool IsFor(const Route& route, absl::string_view team) {
  return route.for_().empty() ||
         std::any_of(route.for_().begin(), route.for_().end(), [&](const std::string& who) {
           return who == team || absl::StartsWith(team, absl::StrCat(who, "/"));
         });
}

bool IsInTime(const Route& route, const TeamHours& hours, absl::Time now) {
  return route.when() == Route::ANY || hours.IsOpen(now) == (route.when() == Route::IN_HOURS);
}

absl::Duration GroupWait(const Route& route) {
  return absl::Seconds(route.group_wait_seconds() > 0 ? route.group_wait_seconds()
                                                      : uint32_t{kDefaultGroupWait});
}

std::string GroupOf(const Route& route, const std::string& team, const alert::v1::Alert& alert) {
  if (route.group() == Route::TEAM) return absl::StrCat("team|", team);
  if (route.group() != Route::HOUSEHOLD || alert.household().empty()) return "";
  return absl::StrJoin({absl::string_view("household"), absl::string_view(team),
                        absl::string_view(alert.household()), absl::string_view(alert.rule()),
                        absl::string_view(alert.level())},
                       "|");
}

absl::Time DueOf(const Route& route, bool grouped, const TeamHours& hours, absl::Time now) {
  absl::Time due = now;
  if (!route.digest_at().empty()) {
    std::vector<int> minutes(route.digest_at_size());
    for (int i = 0; i < route.digest_at_size(); ++i) {
      ParseTimeOfDay(route.digest_at(i), minutes[i]);
    }
    due = hours.NextOf(minutes, now);
  } else if (grouped) {
    due = now + GroupWait(route);
  }
  return route.quiet_outside_hours() ? hours.NextOpen(due) : due;
}

}  // namespace

bool IsAnswer(const alert::v1::Alert& alert) {
  return alert.state() == alert::v1::STATE_ACKNOWLEDGED ||
         alert.state() == alert::v1::STATE_SNOOZED || alert.state() == alert::v1::STATE_RESOLVED;
}

Routes::Routes(routing::v1::Routing file) : file_(std::move(file)) {
  for (const routing::v1::Team& team : file_.team()) {
    teams_[team.id()] = {TeamHours(team), team.language()};
  }
}

const Routes::Wishes& Routes::WishesOf(absl::string_view team) const {
  const auto found = teams_.find(team);
  return found == teams_.end() ? none_ : found->second;
}

routing::v1::Team::Language Routes::LanguageOf(absl::string_view team) const {
  return WishesOf(team).language;
}

std::vector<Way> Routes::Decide(const alert::v1::Alert& alert, absl::Time now) const {
  std::vector<Way> ways;
  if (!alert.assigned_to().empty()) {
    ways.push_back(WayTo(alert.assigned_to(), alert, now));
    return ways;
  }
  for (const std::string& team : alert.to()) ways.push_back(WayTo(team, alert, now));
  if (ways.empty()) ways.push_back(WayTo(alert.accountable(), alert, now));
  return ways;
}

Way Routes::WayTo(const std::string& team, const alert::v1::Alert& alert, absl::Time now) const {
  const TeamHours& hours = WishesOf(team).hours;
  Way way;
  way.team = team;
  for (int i = 0; i < file_.route_size(); ++i) {
    const Route& route = file_.route(i);
    if (!IsFor(route, team) || !Fits(route.weight(), alert.weight()) ||
        !Fits(route.level(), alert.level()) || !Fits(route.about(), AboutOf(alert)) ||
        !IsInTime(route, hours, now)) {
      continue;
    }
    way.route = i;
    way.destinations.assign(route.to().begin(), route.to().end());
    way.digest = alert.weight() == "advisory" || !route.digest_at().empty();
    if (!way.digest) way.group = GroupOf(route, team, alert);
    // A digest is for the whole team; where nothing sets its time, others are waited for.
    way.due = DueOf(route, way.digest || !way.group.empty(), hours, now);
    return way;
  }
  return way;
}

}  // namespace dolen
