// The rows of one or several stores whose keys begin alike, one by one in key order: a page of what
// lies in all shards costs as many rows as it shows.
#ifndef DOLEN_ENGINE_STORE_WALK_H_
#define DOLEN_ENGINE_STORE_WALK_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "engine/store/store.h"

namespace rocksdb {
class Iterator;
}

namespace dolen {

// Lives no longer than the stores.
class Walk {
 public:
  // From `from` on, which begins with `prefix` too.
  Walk(absl::Span<const StoreReader* const> stores, absl::string_view prefix,
       absl::string_view from);
  ~Walk();
  Walk(const Walk&) = delete;
  Walk& operator=(const Walk&) = delete;

  bool IsAtEnd() const { return at_ == kEnd; }
  void Next();
  // Of the row at hand, until Next.
  absl::string_view key() const;
  absl::string_view value() const;
  size_t store() const { return at_; }  // its place among the stores
  // kDataLoss: what made an end of it was damage.
  const absl::Status& status() const { return status_; }

 private:
  static constexpr size_t kEnd = ~size_t{0};
  bool IsIn(const rocksdb::Iterator& row) const;
  void FindFirst();
  const std::string prefix_;
  std::vector<std::unique_ptr<rocksdb::Iterator>> rows_;
  size_t at_ = kEnd;
  absl::Status status_;
};

}  // namespace dolen

#endif  // DOLEN_ENGINE_STORE_WALK_H_
