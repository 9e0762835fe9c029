#include "engine/access/caller.h"

namespace dolen {
namespace {

constexpr Role kRoles[] = {Role::kPractitioner, Role::kTeamLead, Role::kBoardAnalyst,
                           Role::kAuditor, Role::kOperator};

}  // namespace

absl::string_view RoleName(Role role) {
  switch (role) {
    case Role::kPractitioner:
      return "practitioner";
    case Role::kTeamLead:
      return "team_lead";
    case Role::kBoardAnalyst:
      return "board_analyst";
    case Role::kAuditor:
      return "auditor";
    case Role::kOperator:
      return "operator";
  }
  return "";
}

absl::optional<Role> RoleOf(absl::string_view name) {
  for (const Role role : kRoles) {
    if (RoleName(role) == name) return role;
  }
  return absl::nullopt;
}

}  // namespace dolen
