#include "engine/shard/children.h"

#include <algorithm>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/store/keys.h"

namespace dolen {

absl::StatusOr<Children::Child*> Children::Find(const ChildKey& key) {
  if (auto known = children_.find(key); known != children_.end()) {
    Child* child = known->second.get();
    by_use_.splice(by_use_.begin(), by_use_, child->place);
    return child;
  }
  auto child = std::make_unique<Child>();
  child->key = key;
  DOLEN_ASSIGN_OR_RETURN(const absl::optional<std::string> row, store_->Get(keys::Child(key)));
  if (row) {
    DOLEN_ASSIGN_OR_RETURN(child->state, ReadChild(key, *row, *books_, *store_));
    child->pages_written =
        static_cast<uint32_t>(child->state.history.entries().size() / kIndexPage);
  } else {
    child->state.picture.books = books_->publications();
  }
  by_use_.push_front(child.get());
  child->place = by_use_.begin();
  return children_.emplace(key, std::move(child)).first->second.get();
}

bool Children::Change(Child& child) {
  if (child.changed) return false;
  child.changed = true;
  changed_.push_back(&child);
  return true;
}

const std::vector<Children::Child*>& Children::SortedChanged() {
  std::sort(changed_.begin(), changed_.end(),
            [](const Child* a, const Child* b) { return a->key < b->key; });
  return changed_;
}

void Children::Settle() {
  for (Child* child : changed_) {
    child->changed = false;
    child->rows_before.clear();
  }
  changed_.clear();
  while (children_.size() > capacity_) {
    children_.erase(by_use_.back()->key);
    by_use_.pop_back();
  }
}

void Children::Forget() {
  DOLEN_CHECK(changed_.empty());
  children_.clear();
  by_use_.clear();
}

}  // namespace dolen
