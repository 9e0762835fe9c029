// How a fold takes up where its store stands.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/status.h"
#include "engine/base/time.h"
#include "engine/shard/fold.h"
#include "engine/shard/views.h"
#include "engine/store/facts.h"
#include "engine/store/keys.h"

namespace dolen {

absl::StatusOr<std::unique_ptr<Fold>> Fold::Open(Store* store, FoldOptions options) {
  std::unique_ptr<Fold> fold(new Fold(store, std::move(options)));
  DOLEN_RETURN_IF_ERROR(fold->Load());
  return fold;
}

absl::Status Fold::Load() {
  row_.set_reached(Micros(absl::InfinitePast()));
  row_.set_time_counts(ledger::v1::TIME_COUNTS_LOG);
  row_.set_revision(options_.revision);
  DOLEN_ASSIGN_OR_RETURN(const absl::optional<std::string> row, store_->Get(keys::Shard()));
  if (row) {
    if (!row_.ParseFromString(*row) || row_.digest().size() != RunningDigest::kBytes) {
      return absl::DataLossError("store: the shard's own row cannot be parsed");
    }
    if (row_.revision() != options_.revision) {
      return absl::FailedPreconditionError(absl::StrCat(
          "store: its rows are of fold revision ", row_.revision(), ", this release has ",
          options_.revision, ": it must be folded again from the ledger"));
    }
    digest_ = RunningDigest::FromBytes(row_.digest());
    DOLEN_RETURN_IF_ERROR(CheckConservation());
  }
  DOLEN_ASSIGN_OR_RETURN(const absl::optional<std::string> telling, store_->Get(keys::Telling()));
  if (telling && !telling_.ParseFromString(*telling)) {
    return absl::DataLossError("store: the read-back position cannot be parsed");
  }
  outbox_from_ = telling_.number() + 1;
  DOLEN_RETURN_IF_ERROR(LoadBooks());
  DOLEN_RETURN_IF_ERROR(BringViews(options_.views, books_, *store_, row_));
  DOLEN_ASSIGN_OR_RETURN(backfill_rows_, ReadBackfillRows(*store_));
  backfills_ = BackfillsOf(backfill_rows_);
  DOLEN_RETURN_IF_ERROR(agencies_.Load(*store_));
  DOLEN_RETURN_IF_ERROR(LoadChildren());
  DOLEN_RETURN_IF_ERROR(LoadHeld());
  return store_->Scan("o", [this](absl::string_view key, absl::string_view value) {
    alert::v1::Alert alert;
    if (alert.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
      outgoing_.push_back({keys::FromBigEndian(key.substr(1)), alert.alert_id(), std::string(value),
                           absl::InfiniteFuture()});
    }
    return true;
  });
}

absl::Status Fold::LoadBooks() {
  DOLEN_ASSIGN_OR_RETURN(std::vector<PublishedBook> published, ReadBooks(*store_));
  for (PublishedBook& one : published) {
    DOLEN_RETURN_IF_ERROR(books_.Add(one.book, std::move(one.zone), one.recorded));
    book_times_.push_back(one.recorded);
  }
  return absl::OkStatus();
}

absl::StatusOr<Books> Fold::BooksKnownAt(absl::Time known_at) const {
  DOLEN_ASSIGN_OR_RETURN(Books books, dolen::BooksKnownAt(known_at, *store_));
  const auto known = std::upper_bound(book_times_.begin(), book_times_.end(), known_at);
  if (books.publications() != known - book_times_.begin()) {
    return absl::UnavailableError("a book is being published; ask again");
  }
  return books;
}

// Only the fronts of the rows are read: who is due when, and whose picture was drawn with fewer
// books.
absl::Status Fold::LoadChildren() {
  absl::Status result;
  DOLEN_RETURN_IF_ERROR(store_->Scan("c", [&](absl::string_view key, absl::string_view value) {
    ChildKey child;
    const absl::StatusOr<RowFront> front = ReadRowFront(value);
    if (!front.ok() || !ChildKey::FromBytes(key.substr(1), child)) {
      result = absl::DataLossError("store: a child's row cannot be read");
      return false;
    }
    absl::Time due = front->next_due;
    if (front->books < static_cast<int>(book_times_.size())) {
      due = std::min(due, book_times_[front->books]);
    }
    due_.Set(child, due);
    return true;
  }));
  return result;
}

}  // namespace dolen
