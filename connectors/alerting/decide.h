// Where one alert goes, by the routing file: for each team that it is for the first route that
// fits, its destinations, and when. Pure.
//
// What is only advisory never pages: on whatever route, it goes into a digest; at the route's
// digest times, or when the team works (quiet_outside_hours), or else after the time in which
// others of its group may come.
#ifndef DOLEN_CONNECTORS_ALERTING_DECIDE_H_
#define DOLEN_CONNECTORS_ALERTING_DECIDE_H_

#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "connectors/alerting/facts.h"
#include "connectors/alerting/hours.h"
#include "dolen/alert/v1/alert.pb.h"
#include "dolen/routing/v1/routing.pb.h"

namespace dolen {

inline constexpr absl::string_view kWeights[] = {"statute", "guidance", "local", "advisory"};
// In the order of alert::v1::About, from its second.
inline constexpr absl::string_view kAbouts[] = {"deadline", "handover", "gap",
                                                "overlap",  "silence",  "missing_step"};
inline constexpr int kDefaultGroupWait = 30;  // seconds

// Acknowledged, snoozed or resolved by its last change.
bool IsAnswer(const alert::v1::Alert& alert);

// The way of one alert to one team.
struct Way {
  std::string team;
  int route = -1;                         // place in the file; -1: none fits, it is unrouted
  std::vector<std::string> destinations;  // none where the route says nowhere
  bool digest = false;                    // somebody may look later; otherwise it pages
  absl::Time due;                         // not before
  // What is told together has the same; empty: it is told by itself.
  std::string group;
};

// A checked routing file, made ready. A value.
class Routes {
 public:
  explicit Routes(routing::v1::Routing file);

  // One way for each of the teams that the alert is for: the one to whom a person assigned it;
  // otherwise those of `to`, or the accountable agency where the book names nobody.
  std::vector<Way> Decide(const alert::v1::Alert& alert, absl::Time now) const;

  const routing::v1::Routing& file() const { return file_; }
  // Of a team that the file does not name: both.
  routing::v1::Team::Language LanguageOf(absl::string_view team) const;

 private:
  struct Wishes {
    TeamHours hours;
    routing::v1::Team::Language language = routing::v1::Team::BOTH;
  };
  const Wishes& WishesOf(absl::string_view team) const;
  Way WayTo(const std::string& team, const alert::v1::Alert& alert, absl::Time now) const;

  routing::v1::Routing file_;
  Wishes none_;
  absl::btree_map<std::string, Wishes> teams_;
};

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_ALERTING_DECIDE_H_
