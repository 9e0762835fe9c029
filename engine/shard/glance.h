// A shard as it stood at one instant, for whoever reads: taking one costs a snapshot and the read
// of one row, and holds up nobody.
#ifndef DOLEN_ENGINE_SHARD_GLANCE_H_
#define DOLEN_ENGINE_SHARD_GLANCE_H_

#include <cstdint>
#include <memory>
#include <mutex>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "dolen/store/v1/store.pb.h"
#include "engine/pathway/books.h"
#include "engine/store/store.h"

namespace dolen {

// The books of a shard, parsed once for each publication. Thread-safe.
class BookShelf {
 public:
  absl::StatusOr<std::shared_ptr<const Books>> Of(const StoreReader& rows,
                                                  const store::v1::ShardRow& row);

 private:
  std::mutex mutex_;
  uint64_t books_read_ = 0;  // book records that the shard had read then
  std::shared_ptr<const Books> books_;
};

class Glance {
 public:
  // `store` and its shelf outlive it. kDataLoss: the shard's own row cannot be parsed.
  static absl::StatusOr<Glance> Take(const Store& store, BookShelf& shelf);

  const StoreReader& rows() const { return *rows_; }
  const Books& books() const { return *books_; }
  absl::Time reached() const;
  // Offset of the first ledger record that is not in it.
  int64_t position() const { return static_cast<int64_t>(row_.next_offset()); }
  const store::v1::ShardRow& row() const { return row_; }

 private:
  std::unique_ptr<const Snapshot> rows_;
  std::shared_ptr<const Books> books_;
  store::v1::ShardRow row_;
};

}  // namespace dolen

#endif  // DOLEN_ENGINE_SHARD_GLANCE_H_
