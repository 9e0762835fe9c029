// A notice: one message for one destination, about one alert or about several that belong together.
// The notifier decides which there are; a destination puts one into its own form and sends it.
#ifndef DOLEN_CONNECTORS_ALERTING_NOTICE_H_
#define DOLEN_CONNECTORS_ALERTING_NOTICE_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "dolen/alert/v1/alert.pb.h"
#include "dolen/routing/v1/routing.pb.h"

namespace dolen {

struct Notice {
  enum class Kind {
    kPage,       // somebody is to look now: raised, escalated, assigned, or true again
    kUpdate,     // true as before, nobody need look: the due time moved
    kAnswered,   // a person acknowledged it, snoozed it or holds it to be settled
    kEnded,      // everything that its thread told of was cleared or withdrawn
    kDigest,     // what need not page, at a set time
    kSummary,    // there was more than may be sent: how many, and the first of them
    kTest,       // an operator tries the route; it is about nothing
    kHeartbeat,  // all is well; its absence is what pages
    kEmergency   // somebody opened a child's record in an emergency; for the guardian
  };
  // One alert as it is after its last change, and where a person can look at it and answer.
  struct Item {
    alert::v1::Alert alert;
    std::string link;  // empty: no pages are reached from outside
  };

  Kind kind = Kind::kPage;
  // The same in each attempt, also after a restart: receivers may drop what they have.
  std::string id;
  // What is said later about the same alerts has the same: an alert's id, or a group's.
  std::string thread;
  std::vector<Item> items;
  int left_out = 0;  // further alerts that `items` does not hold
  std::string team;  // for whom: "AGENCY", "AGENCY/TEAM", or a party that no agency is known for
  routing::v1::Team::Language language = routing::v1::Team::BOTH;
  absl::Time at;          // when it was decided
  std::string reference;  // of an emergency: where it is on record; empty otherwise
};

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_ALERTING_NOTICE_H_
