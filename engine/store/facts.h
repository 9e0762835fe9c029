// The facts of a shard that are for all of its children, read back from its store: published books,
// and backfills. Errors: kDataLoss a row cannot be parsed; kInvalidArgument a book's zone is none.
#ifndef DOLEN_ENGINE_STORE_FACTS_H_
#define DOLEN_ENGINE_STORE_FACTS_H_

#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "dolen/pathway/v1/pathway.pb.h"
#include "dolen/store/v1/store.pb.h"
#include "engine/calendar/zone.h"
#include "engine/child/watch.h"
#include "engine/pathway/books.h"
#include "engine/store/store.h"

namespace dolen {

struct PublishedBook {
  pathway::v1::Book book;
  Zone zone;
  absl::Time recorded;  // time reached when it was folded
};

// In order of publication.
absl::StatusOr<std::vector<PublishedBook>> ReadBooks(const StoreReader& store);
// Those that had been published by an instant, ready for use. Errors also: as Books::Add.
absl::StatusOr<Books> BooksKnownAt(absl::Time known_at, const StoreReader& store);
// By name.
using BackfillRows = absl::btree_map<std::string, store::v1::BackfillRow>;
absl::StatusOr<BackfillRows> ReadBackfillRows(const StoreReader& store);
// What of the rows alerts depend on.
Backfills BackfillsOf(const BackfillRows& rows);

}  // namespace dolen

#endif  // DOLEN_ENGINE_STORE_FACTS_H_
