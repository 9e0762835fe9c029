// Which children have a sealed record, maybe for a while only: they stand on no list, since what is
// true of them depends on who asks, and are drawn for whoever reads one. There are few.
#ifndef DOLEN_PROJECTIONS_SEALED_SEALED_VIEW_H_
#define DOLEN_PROJECTIONS_SEALED_SEALED_VIEW_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/shard/view.h"
#include "engine/store/store.h"

namespace dolen {

// Key = child; the value is empty.
class SealedView : public View {
 public:
  char letter() const override { return 's'; }
  uint8_t version() const override { return 1; }
  void AddRows(const ChildKey& child, const ChildState& state, const Books& books,
               Rows& rows) const override;
};

// Those of one shard, ascending.
absl::StatusOr<std::vector<ChildKey>> SealedChildren(const StoreReader& store);

absl::StatusOr<bool> IsSealed(const StoreReader& store, const ChildKey& child);

}  // namespace dolen

#endif  // DOLEN_PROJECTIONS_SEALED_SEALED_VIEW_H_
