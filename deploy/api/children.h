// What the caller of a question may know of one child.
#ifndef DOLEN_DEPLOY_API_CHILDREN_H_
#define DOLEN_DEPLOY_API_CHILDREN_H_

#include "absl/status/statusor.h"
#include "deploy/api/question.h"
#include "engine/base/ids.h"

namespace dolen {

// Whether they may know that there is such a child. Without regard to an emergency.
absl::StatusOr<bool> IsKnownTo(const Question& question, const ChildKey& child);

}  // namespace dolen

#endif  // DOLEN_DEPLOY_API_CHILDREN_H_
