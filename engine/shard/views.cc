#include "engine/shard/views.h"

#include <algorithm>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/store/child_row.h"
#include "engine/store/keys.h"

namespace dolen {
namespace {

using Names = std::set<std::string>;  // letter and version of each

std::string NameOf(const View& view) { return ViewKey(view).substr(1); }

absl::Status CommitWhenLarge(Store& store, Batch& batch) {
  return batch.bytes() < kMaxBatchBytes ? absl::OkStatus() : store.Commit(batch);
}

// Rows of views that are not among `keep`.
absl::Status DropOthers(const Names& keep, Store& store) {
  Batch batch;
  absl::Status status;
  DOLEN_RETURN_IF_ERROR(store.Scan("v", [&](absl::string_view key, absl::string_view) {
    if (keep.contains(std::string(key.substr(1, 2)))) return true;
    batch.Delete(key);
    status = CommitWhenLarge(store, batch);
    return status.ok();
  }));
  DOLEN_RETURN_IF_ERROR(status);
  return store.Commit(batch);
}

// Whether a row is of a view that is not among `keep`. Looks at one row of each view.
absl::StatusOr<bool> HasOthers(const Names& keep, const Store& store) {
  std::string from = "v";
  for (;;) {
    absl::optional<std::string> first;
    DOLEN_RETURN_IF_ERROR(store.Scan("v", from, [&](absl::string_view key, absl::string_view) {
      first = std::string(key.substr(1, 2));
      return false;
    }));
    if (!first) return false;
    if (!keep.contains(*first)) return true;
    if (++first->back() == 0) return false;  // no version is higher
    from = absl::StrCat("v", *first);
  }
}

absl::Status AddRowsOf(absl::Span<const View* const> views, const Books& books, Store& store) {
  Batch batch;
  ChildRows codec;
  ChildState state;
  Rows rows;
  absl::Status status;
  DOLEN_RETURN_IF_ERROR(store.Scan("c", [&](absl::string_view key, absl::string_view value) {
    ChildKey child;
    if (!ChildKey::FromBytes(key.substr(1), child)) {
      status = absl::DataLossError("store: a child's key cannot be read");
      return false;
    }
    status = codec.Decode(child, value, books, store, state);
    if (!status.ok()) return false;
    for (const View* const view : views) {
      rows.clear();
      view->AddRows(child, state, books, rows);
      for (const Row& row : rows) batch.Put(ViewKey(*view, row.key), row.value);
    }
    status = CommitWhenLarge(store, batch);
    return status.ok();
  }));
  DOLEN_RETURN_IF_ERROR(status);
  return store.Commit(batch);
}

}  // namespace

absl::Status BringViews(absl::Span<const View* const> views, const Books& books, Store& store,
                        store::v1::ShardRow& row) {
  const Names stand(row.view().begin(), row.view().end());
  Names wanted;
  std::vector<const View*> missing;
  for (const View* const view : views) {
    wanted.insert(NameOf(*view));
    if (!stand.contains(NameOf(*view))) missing.push_back(view);
  }
  if (wanted == stand) {
    // A crash may have left the old ones when all new ones stood.
    DOLEN_ASSIGN_OR_RETURN(const bool has_others, HasOthers(wanted, store));
    return has_others ? DropOthers(wanted, store) : absl::OkStatus();
  }
  row.clear_view();
  for (const std::string& name : wanted) row.add_view(name);
  if (row.next_offset() == 0) return absl::OkStatus();
  // What an earlier attempt left may be of other children.
  DOLEN_RETURN_IF_ERROR(DropOthers(stand, store));
  DOLEN_RETURN_IF_ERROR(AddRowsOf(missing, books, store));
  Batch batch;
  batch.Put(keys::Shard(), row.SerializeAsString());
  DOLEN_RETURN_IF_ERROR(store.Commit(batch));
  return DropOthers(wanted, store);
}

}  // namespace dolen
