#include "deploy/api/sealed_children.h"

#include <utility>
#include <vector>

#include "engine/base/status.h"
#include "projections/sealed/sealed_view.h"

namespace dolen {

absl::Status ForEachSealed(const Question& question,
                           absl::FunctionRef<absl::Status(const Glance&, StoredChild)> see) {
  for (const Glance& shard : question.glances.shards) {
    DOLEN_ASSIGN_OR_RETURN(const std::vector<ChildKey> sealed, SealedChildren(shard.rows()));
    for (const ChildKey& key : sealed) {
      DOLEN_ASSIGN_OR_RETURN(absl::optional<StoredChild> child,
                             ReadStoredChild(shard, key, question.caller.agency));
      if (child) DOLEN_RETURN_IF_ERROR(see(shard, *std::move(child)));
    }
  }
  return absl::OkStatus();
}

}  // namespace dolen
