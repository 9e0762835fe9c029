// Who asks: what a checked token says of its bearer.
#ifndef DOLEN_ENGINE_ACCESS_CALLER_H_
#define DOLEN_ENGINE_ACCESS_CALLER_H_

#include <string>

#include "absl/container/btree_set.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

namespace dolen {

// What people do here. What each may see is decided elsewhere.
enum class Role {
  kPractitioner,  // works with children of their agency
  kTeamLead,      // answers for a team
  kBoardAnalyst,  // sees numbers, no child
  kAuditor,       // sees who has read what
  kOperator,      // runs the installation, sees no child
};
absl::string_view RoleName(Role role);  // "team_lead"
absl::optional<Role> RoleOf(absl::string_view name);

struct Caller {
  std::string subject;                 // of the token: stable, opaque
  std::string client;                  // the program they use
  std::string agency;                  // for which they work
  absl::btree_set<Role> roles;         // never empty
  absl::btree_set<std::string> teams;  // of their agency
  absl::Time until;                    // the token is of no use from then on
};

}  // namespace dolen

#endif  // DOLEN_ENGINE_ACCESS_CALLER_H_
