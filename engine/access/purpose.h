// Why somebody reads. It is stated with each question and stands on record with the read.
#ifndef DOLEN_ENGINE_ACCESS_PURPOSE_H_
#define DOLEN_ENGINE_ACCESS_PURPOSE_H_

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace dolen {

enum class Purpose {
  kDirectWork,      // to work with the child or the family
  kSafeguarding,    // to protect the child
  kSupervision,     // to answer for the work of a team
  kLearning,        // to learn from numbers, and from what went wrong
  kAudit,           // to see whether reads were right
  kSubjectRequest,  // to answer the child's or the family's own request for what is kept of them
  kEmergency,       // to avert harm now, where there is no need to know on record
  kOperations,      // to keep the installation running
};
inline constexpr Purpose kPurposes[] = {
    Purpose::kDirectWork, Purpose::kSafeguarding,   Purpose::kSupervision, Purpose::kLearning,
    Purpose::kAudit,      Purpose::kSubjectRequest, Purpose::kEmergency,   Purpose::kOperations};

absl::string_view PurposeName(Purpose purpose);  // "direct_work"
absl::optional<Purpose> PurposeOf(absl::string_view name);

}  // namespace dolen

#endif  // DOLEN_ENGINE_ACCESS_PURPOSE_H_
