#include "engine/access/may_ask.h"

#include <algorithm>

namespace dolen {
namespace {

struct Line {
  Role role;
  Purpose purpose;
  Asked asked;
  Reach reach;
};

// What is not here may not be asked. A board's analyst sees no child, an operator nothing about
// children; nobody reads a child's record to audit.
constexpr Line kLines[] = {
    {Role::kPractitioner, Purpose::kDirectWork, Asked::kLists, Reach::kOwnAgency},
    {Role::kPractitioner, Purpose::kDirectWork, Asked::kAct, Reach::kOwnAgency},
    {Role::kPractitioner, Purpose::kDirectWork, Asked::kChild, Reach::kOwnAgency},
    {Role::kPractitioner, Purpose::kSafeguarding, Asked::kLists, Reach::kOwnAgency},
    {Role::kPractitioner, Purpose::kSafeguarding, Asked::kAct, Reach::kOwnAgency},
    {Role::kPractitioner, Purpose::kSafeguarding, Asked::kChild, Reach::kOwnAgency},
    {Role::kPractitioner, Purpose::kEmergency, Asked::kEmergency, Reach::kOwnAgency},
    {Role::kPractitioner, Purpose::kEmergency, Asked::kChild, Reach::kOwnAgency},

    {Role::kTeamLead, Purpose::kDirectWork, Asked::kLists, Reach::kOwnAgency},
    {Role::kTeamLead, Purpose::kDirectWork, Asked::kAct, Reach::kOwnAgency},
    {Role::kTeamLead, Purpose::kDirectWork, Asked::kChild, Reach::kOwnAgency},
    {Role::kTeamLead, Purpose::kSafeguarding, Asked::kLists, Reach::kOwnAgency},
    {Role::kTeamLead, Purpose::kSafeguarding, Asked::kAct, Reach::kOwnAgency},
    {Role::kTeamLead, Purpose::kSafeguarding, Asked::kChild, Reach::kOwnAgency},
    {Role::kTeamLead, Purpose::kEmergency, Asked::kEmergency, Reach::kOwnAgency},
    {Role::kTeamLead, Purpose::kEmergency, Asked::kChild, Reach::kOwnAgency},
    {Role::kTeamLead, Purpose::kSupervision, Asked::kLists, Reach::kOwnAgency},
    {Role::kTeamLead, Purpose::kSupervision, Asked::kAct, Reach::kOwnAgency},
    {Role::kTeamLead, Purpose::kSupervision, Asked::kChild, Reach::kOwnAgency},
    {Role::kTeamLead, Purpose::kSupervision, Asked::kNumbers, Reach::kOwnAgency},
    {Role::kTeamLead, Purpose::kSupervision, Asked::kSilence, Reach::kAll},
    {Role::kTeamLead, Purpose::kLearning, Asked::kNumbers, Reach::kOwnAgency},
    {Role::kTeamLead, Purpose::kLearning, Asked::kSilence, Reach::kAll},
    {Role::kTeamLead, Purpose::kSubjectRequest, Asked::kChild, Reach::kOwnAgency},
    {Role::kTeamLead, Purpose::kSubjectRequest, Asked::kReadersOf, Reach::kOwnAgency},

    {Role::kBoardAnalyst, Purpose::kLearning, Asked::kNumbers, Reach::kAll},
    {Role::kBoardAnalyst, Purpose::kLearning, Asked::kSilence, Reach::kAll},

    {Role::kAuditor, Purpose::kAudit, Asked::kReads, Reach::kAll},
    {Role::kAuditor, Purpose::kAudit, Asked::kReadersOf, Reach::kAll},
    {Role::kAuditor, Purpose::kSubjectRequest, Asked::kReadersOf, Reach::kAll},

    {Role::kOperator, Purpose::kOperations, Asked::kSilence, Reach::kAll},
};

}  // namespace

Reach MayAsk(const Caller& caller, Purpose purpose, Asked asked) {
  Reach reach = Reach::kNothing;
  for (const Line& line : kLines) {
    if (line.purpose == purpose && line.asked == asked && caller.roles.contains(line.role)) {
      reach = std::max(reach, line.reach);
    }
  }
  return reach;
}

std::vector<Purpose> PurposesOf(const Caller& caller) {
  std::vector<Purpose> purposes;
  for (const Purpose purpose : kPurposes) {
    const bool opens = std::any_of(std::begin(kAllAsked), std::end(kAllAsked), [&](Asked asked) {
      return MayAsk(caller, purpose, asked) != Reach::kNothing;
    });
    if (opens) purposes.push_back(purpose);
  }
  return purposes;
}

}  // namespace dolen
