#include "engine/store/walk.h"

#include "engine/store/rocks.h"
#include "rocksdb/iterator.h"

namespace dolen {

Walk::Walk(absl::Span<const StoreReader* const> stores, absl::string_view prefix,
           absl::string_view from)
    : prefix_(prefix) {
  for (const StoreReader* store : stores) rows_.push_back(store->From(from));
  FindFirst();
}

Walk::~Walk() = default;

bool Walk::IsIn(const rocksdb::Iterator& row) const {
  return row.Valid() && ViewOf(row.key()).substr(0, prefix_.size()) == prefix_;
}

void Walk::FindFirst() {
  at_ = kEnd;
  for (size_t i = 0; i < rows_.size(); ++i) {
    status_.Update(StatusOf(rows_[i]->status(), "store: scan"));
    if (!IsIn(*rows_[i])) continue;
    if (at_ == kEnd || rows_[i]->key().compare(rows_[at_]->key()) < 0) at_ = i;
  }
  if (!status_.ok()) at_ = kEnd;
}

void Walk::Next() {
  rows_[at_]->Next();
  FindFirst();
}

absl::string_view Walk::key() const { return ViewOf(rows_[at_]->key()); }
absl::string_view Walk::value() const { return ViewOf(rows_[at_]->value()); }

}  // namespace dolen
