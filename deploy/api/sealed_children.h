// Children with seals, who stand in no row that is kept for lists: each is drawn as the caller's
// agency knows it.
#ifndef DOLEN_DEPLOY_API_SEALED_CHILDREN_H_
#define DOLEN_DEPLOY_API_SEALED_CHILDREN_H_

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "deploy/api/question.h"
#include "projections/timeline/stored_child.h"

namespace dolen {

// `see` gets each of them with its shard; its errors end it.
absl::Status ForEachSealed(const Question& question,
                           absl::FunctionRef<absl::Status(const Glance&, StoredChild)> see);

}  // namespace dolen

#endif  // DOLEN_DEPLOY_API_SEALED_CHILDREN_H_
