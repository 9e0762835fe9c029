// A child as a store holds it, for whoever only reads. One thread at a time.
#ifndef DOLEN_ENGINE_STORE_CHILD_READER_H_
#define DOLEN_ENGINE_STORE_CHILD_READER_H_

#include <cstdint>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dolen/event/v1/event.pb.h"
#include "engine/base/ids.h"
#include "engine/child/event.h"
#include "engine/pathway/books.h"
#include "engine/store/child_row.h"
#include "engine/store/event_row.h"
#include "engine/store/store.h"

namespace dolen {

// Private parts by the ledger position of their event.
using Privates = absl::btree_map<int64_t, event::v1::Private>;

class ChildReader {
 public:
  // Both outlive this.
  ChildReader(const StoreReader* store, const Books* books) : store_(store), books_(books) {}

  // nullptr: no event of such a child was folded (an agency is none). It stays until the next call.
  absl::StatusOr<const ChildState*> Find(const ChildKey& child);
  // The same from its row.
  absl::StatusOr<const ChildState*> Take(const ChildKey& child, absl::string_view row);
  // Of the child found last, in their order; with their private parts, where `hidden` is given.
  absl::StatusOr<std::vector<Event>> Events(Privates* hidden = nullptr);
  // All that was ever said of the child found last.
  absl::StatusOr<Alerts> AllAlerts();

 private:
  const StoreReader* const store_;
  const Books* const books_;
  ChildRows rows_;
  EventRows event_rows_;
  ChildKey child_;
  ChildState state_;
};

}  // namespace dolen

#endif  // DOLEN_ENGINE_STORE_CHILD_READER_H_
