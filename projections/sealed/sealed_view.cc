#include "projections/sealed/sealed_view.h"

#include <string>

#include "engine/base/status.h"

namespace dolen {

void SealedView::AddRows(const ChildKey& child, const ChildState& state, const Books&,
                         Rows& rows) const {
  if (state.has_seals) rows.push_back({std::string(child.bytes()), ""});
}

absl::StatusOr<std::vector<ChildKey>> SealedChildren(const StoreReader& store) {
  std::vector<ChildKey> children;
  const std::string prefix = ViewKey(SealedView());
  bool readable = true;
  DOLEN_RETURN_IF_ERROR(store.Scan(prefix, [&](absl::string_view key, absl::string_view) {
    readable = ChildKey::FromBytes(key.substr(prefix.size()), children.emplace_back());
    return readable;
  }));
  if (!readable) return absl::DataLossError("sealed view: a key is none of a child");
  return children;
}

absl::StatusOr<bool> IsSealed(const StoreReader& store, const ChildKey& child) {
  DOLEN_ASSIGN_OR_RETURN(const absl::optional<std::string> row,
                         store.Get(ViewKey(SealedView(), child.bytes())));
  return row.has_value();
}

}  // namespace dolen
