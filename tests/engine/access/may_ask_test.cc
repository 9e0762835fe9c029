// Who may ask what: every role, alone and with others, against the sentences of the guide.
#include "engine/access/may_ask.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace dolen {
namespace {

constexpr Role kRoles[] = {Role::kPractitioner, Role::kTeamLead, Role::kBoardAnalyst,
                           Role::kAuditor, Role::kOperator};

bool WorksWithChildren(Role role) { return role == Role::kPractitioner || role == Role::kTeamLead; }

// The second opinion: what is asked, first; then who may ask it, and why.
Reach Naive(Role role, Purpose purpose, Asked asked) {
  const bool is_work = purpose == Purpose::kDirectWork || purpose == Purpose::kSafeguarding;
  const bool leads = role == Role::kTeamLead;
  switch (asked) {
    case Asked::kLists:
    case Asked::kAct:
      if (WorksWithChildren(role) && is_work) return Reach::kOwnAgency;
      return leads && purpose == Purpose::kSupervision ? Reach::kOwnAgency : Reach::kNothing;
    case Asked::kChild:
      if (WorksWithChildren(role) && (is_work || purpose == Purpose::kEmergency)) {
        return Reach::kOwnAgency;
      }
      return leads && (purpose == Purpose::kSupervision || purpose == Purpose::kSubjectRequest)
                 ? Reach::kOwnAgency
                 : Reach::kNothing;
    case Asked::kEmergency:
      return WorksWithChildren(role) && purpose == Purpose::kEmergency ? Reach::kOwnAgency
                                                                       : Reach::kNothing;
    case Asked::kNumbers:
      if (role == Role::kBoardAnalyst && purpose == Purpose::kLearning) return Reach::kAll;
      return leads && (purpose == Purpose::kSupervision || purpose == Purpose::kLearning)
                 ? Reach::kOwnAgency
                 : Reach::kNothing;
    case Asked::kSilence:
      if (role == Role::kOperator) {
        return purpose == Purpose::kOperations ? Reach::kAll : Reach::kNothing;
      }
      if (role == Role::kBoardAnalyst) {
        return purpose == Purpose::kLearning ? Reach::kAll : Reach::kNothing;
      }
      return leads && (purpose == Purpose::kSupervision || purpose == Purpose::kLearning)
                 ? Reach::kAll
                 : Reach::kNothing;
    case Asked::kReads:
      return role == Role::kAuditor && purpose == Purpose::kAudit ? Reach::kAll : Reach::kNothing;
    case Asked::kReadersOf:
      if (role == Role::kAuditor) {
        return purpose == Purpose::kAudit || purpose == Purpose::kSubjectRequest ? Reach::kAll
                                                                                 : Reach::kNothing;
      }
      return leads && purpose == Purpose::kSubjectRequest ? Reach::kOwnAgency : Reach::kNothing;
  }
  return Reach::kNothing;
}

TEST(MayAsk, EveryCombinationOfRolesIsWhatItsRolesAre) {
  for (int roles = 1; roles < 1 << 5; ++roles) {
    Caller caller;
    for (int i = 0; i < 5; ++i) {
      if (roles >> i & 1) caller.roles.insert(kRoles[i]);
    }
    for (const Purpose purpose : kPurposes) {
      for (const Asked asked : kAllAsked) {
        Reach wanted = Reach::kNothing;
        for (const Role role : caller.roles) wanted = std::max(wanted, Naive(role, purpose, asked));
        EXPECT_EQ(MayAsk(caller, purpose, asked), wanted)
            << roles << " " << PurposeName(purpose) << " " << static_cast<int>(asked);
      }
    }
  }
}

TEST(MayAsk, NobodyWithoutARoleMayAskAnything) {
  for (const Purpose purpose : kPurposes) {
    for (const Asked asked : kAllAsked) {
      EXPECT_EQ(MayAsk(Caller(), purpose, asked), Reach::kNothing);
    }
  }
  EXPECT_TRUE(PurposesOf(Caller()).empty());
}

TEST(MayAsk, PurposesHaveNamesThatLeadBack) {
  for (const Purpose purpose : kPurposes) EXPECT_EQ(PurposeOf(PurposeName(purpose)), purpose);
  EXPECT_EQ(PurposeOf("curiosity"), absl::nullopt);
}

}  // namespace
}  // namespace dolen
