#include "engine/access/purpose.h"

namespace dolen {

absl::string_view PurposeName(Purpose purpose) {
  switch (purpose) {
    case Purpose::kDirectWork:
      return "direct_work";
    case Purpose::kSafeguarding:
      return "safeguarding";
    case Purpose::kSupervision:
      return "supervision";
    case Purpose::kLearning:
      return "learning";
    case Purpose::kAudit:
      return "audit";
    case Purpose::kSubjectRequest:
      return "subject_request";
    case Purpose::kEmergency:
      return "emergency";
    case Purpose::kOperations:
      return "operations";
  }
  return "";
}

absl::optional<Purpose> PurposeOf(absl::string_view name) {
  for (const Purpose purpose : kPurposes) {
    if (PurposeName(purpose) == name) return purpose;
  }
  return absl::nullopt;
}

}  // namespace dolen
