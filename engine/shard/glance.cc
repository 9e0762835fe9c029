#include "engine/shard/glance.h"

#include <string>
#include <utility>

#include "engine/base/status.h"
#include "engine/base/time.h"
#include "engine/store/facts.h"
#include "engine/store/keys.h"

namespace dolen {

absl::StatusOr<std::shared_ptr<const Books>> BookShelf::Of(const StoreReader& rows,
                                                           const store::v1::ShardRow& row) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (books_ == nullptr || books_read_ != row.counts().books()) {
    DOLEN_ASSIGN_OR_RETURN(Books books, BooksKnownAt(absl::InfiniteFuture(), rows));
    books_ = std::make_shared<const Books>(std::move(books));
    books_read_ = row.counts().books();
  }
  return books_;
}

absl::StatusOr<Glance> Glance::Take(const Store& store, BookShelf& shelf) {
  Glance glance;
  glance.rows_ = store.Now();
  glance.row_.set_reached(Micros(absl::InfinitePast()));
  DOLEN_ASSIGN_OR_RETURN(const absl::optional<std::string> row, glance.rows_->Get(keys::Shard()));
  if (row && !glance.row_.ParseFromString(*row)) {
    return absl::DataLossError("store: the shard's own row cannot be parsed");
  }
  DOLEN_ASSIGN_OR_RETURN(glance.books_, shelf.Of(*glance.rows_, glance.row_));
  return glance;
}

absl::Time Glance::reached() const { return FromMicros(row_.reached()); }

}  // namespace dolen
