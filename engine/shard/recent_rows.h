// The rows of the children used last, within a bound of memory. Two generations: what is used moves
// to the young one, and when that has grown to half of the bound, the old one goes and the young
// one becomes the old. So there is no list to keep, and what goes was not used for a while.
#ifndef DOLEN_ENGINE_SHARD_RECENT_ROWS_H_
#define DOLEN_ENGINE_SHARD_RECENT_ROWS_H_

#include <cstddef>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "engine/base/ids.h"

namespace dolen {

class RecentRows {
 public:
  explicit RecentRows(size_t bytes) : bound_(bytes / 2) {}

  // The row, until the next call; nullptr: not at hand.
  const std::string* Find(const ChildKey& key) {
    if (const auto young = young_.find(key); young != young_.end()) return &young->second;
    const auto old = old_.find(key);
    if (old == old_.end()) return nullptr;
    std::string row = std::move(old->second);
    old_.erase(old);
    return Put(key, std::move(row));
  }

  const std::string* Put(const ChildKey& key, std::string row) {
    const auto [place, is_new] = young_.try_emplace(key);
    bytes_ += row.capacity() + (is_new ? kOverhead : 0);
    bytes_ -= is_new ? 0 : place->second.capacity();
    place->second = std::move(row);
    if (is_new && !old_.empty()) old_.erase(key);
    return &place->second;
  }

  // Keeps the bound; between batches, since it lets rows go.
  void LetOldGo() {
    if (bytes_ <= bound_) return;
    old_ = std::exchange(young_, {});
    bytes_ = 0;
  }

 private:
  using Rows = absl::flat_hash_map<ChildKey, std::string>;
  // Of a row beside its bytes: its slot in a table that is a good half full, and the allocator's.
  static constexpr size_t kOverhead = 96;

  const size_t bound_;  // of the young ones
  size_t bytes_ = 0;    // of the young ones
  Rows young_, old_;
};

}  // namespace dolen

#endif  // DOLEN_ENGINE_SHARD_RECENT_ROWS_H_
