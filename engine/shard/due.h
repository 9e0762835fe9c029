// Who is due when: one instant per subject, in memory, rebuilt at start from the rows. In order
// (instant, subject), so that every owner drains alike.
#ifndef DOLEN_ENGINE_SHARD_DUE_H_
#define DOLEN_ENGINE_SHARD_DUE_H_

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "engine/base/ids.h"

namespace dolen {

class DueTable {
 public:
  // InfiniteFuture takes the subject out. `known_at`: when that came to be known.
  void Set(const ChildKey& child, absl::Time due, absl::Time known_at = absl::InfinitePast()) {
    auto known = due_.find(child);
    if (known != due_.end()) {
      if (known->second.at == due) return;
      order_.erase({known->second.at, child});
      if (due == absl::InfiniteFuture()) {
        due_.erase(known);
        return;
      }
      known->second = {due, std::max(due, known_at)};
    } else if (due == absl::InfiniteFuture()) {
      return;
    } else {
      due_.emplace(child, Due{due, std::max(due, known_at)});
    }
    order_.emplace(due, child);
  }

  // The earliest instant; InfiniteFuture: nobody waits.
  absl::Time First() const {
    return order_.empty() ? absl::InfiniteFuture() : order_.begin()->first;
  }

  // The first `count` subjects that are due at `reached`, in order.
  std::vector<ChildKey> DueAt(absl::Time reached, size_t count) const {
    std::vector<ChildKey> children;
    for (auto it = order_.begin(); it != order_.end() && children.size() < count; ++it) {
      if (it->first > reached) break;
      children.push_back(it->second);
    }
    return children;
  }

  absl::Time Of(const ChildKey& child) const {
    auto known = due_.find(child);
    return known == due_.end() ? absl::InfiniteFuture() : known->second.at;
  }
  // Since when it has been both due and known to be; of a subject that is here.
  absl::Time WaitsSince(const ChildKey& child) const { return due_.at(child).waits_since; }
  size_t size() const { return order_.size(); }

 private:
  absl::btree_set<std::pair<absl::Time, ChildKey>> order_;
  struct Due {
    absl::Time at, waits_since;
  };
  absl::flat_hash_map<ChildKey, Due> due_;  // for look-up only
};

}  // namespace dolen

#endif  // DOLEN_ENGINE_SHARD_DUE_H_
