// The children a shard has at hand: parsed states, the least recently used of them let go when
// there are too many. Changed ones stay until they are written. Not thread-safe: the shard's own.
#ifndef DOLEN_ENGINE_SHARD_CHILDREN_H_
#define DOLEN_ENGINE_SHARD_CHILDREN_H_

#include <cstddef>
#include <list>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "engine/base/ids.h"
#include "engine/pathway/books.h"
#include "engine/shard/view.h"
#include "engine/store/child_row.h"
#include "engine/store/store.h"

namespace dolen {

class Children {
 public:
  struct Child {
    ChildKey key;
    ChildState state;
    uint32_t pages_written = 0;
    bool changed = false;
    std::vector<Rows> rows_before;  // of each view, as they are in the store; while changed
    std::list<Child*>::iterator place;
  };

  // Keeps at most `capacity` unchanged children.
  Children(const Store* store, const Books* books, size_t capacity)
      : store_(store), books_(books), capacity_(capacity) {}

  // The child, read from the store or new. Stays where it is until Settle.
  absl::StatusOr<Child*> Find(const ChildKey& key);
  // Marks a child as changed; true the first time since it was written.
  bool Change(Child& child);
  // The changed ones, by key.
  const std::vector<Child*>& SortedChanged();
  // Everything changed has been written: forget the marks, let the oldest go.
  void Settle();
  // Lets everybody go. Nothing may be changed.
  void Forget();

 private:
  const Store* store_;
  const Books* books_;
  const size_t capacity_;
  absl::flat_hash_map<ChildKey, std::unique_ptr<Child>> children_;
  std::list<Child*> by_use_;  // most recent first
  std::vector<Child*> changed_;
};

}  // namespace dolen

#endif  // DOLEN_ENGINE_SHARD_CHILDREN_H_
