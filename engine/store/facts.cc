#include "engine/store/facts.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "dolen/ledger/v1/ledger.pb.h"
#include "dolen/store/v1/store.pb.h"
#include "engine/base/status.h"
#include "engine/base/time.h"
#include "engine/pathway/zone_proto.h"
#include "engine/store/keys.h"

namespace dolen {

absl::StatusOr<std::vector<PublishedBook>> ReadBooks(const StoreReader& store) {
  std::vector<PublishedBook> books;
  absl::Status result;
  DOLEN_RETURN_IF_ERROR(store.Scan("b", [&](absl::string_view key, absl::string_view value) {
    store::v1::BookRow row;
    ledger::v1::Book published;
    PublishedBook& book = books.emplace_back();
    if (!row.ParseFromArray(value.data(), static_cast<int>(value.size())) ||
        !published.ParseFromString(row.book()) || !book.book.ParseFromString(published.book())) {
      result = absl::DataLossError(
          absl::StrCat("store: book ", keys::FromBigEndian(key.substr(1)), " cannot be parsed"));
      return false;
    }
    absl::StatusOr<Zone> zone = ZoneFromProto(published.zone());
    result = zone.status();
    if (!result.ok()) return false;
    book.zone = *std::move(zone);
    book.recorded = FromMicros(row.recorded());
    return true;
  }));
  DOLEN_RETURN_IF_ERROR(result);
  return books;
}

absl::StatusOr<Books> BooksKnownAt(absl::Time known_at, const StoreReader& store) {
  DOLEN_ASSIGN_OR_RETURN(std::vector<PublishedBook> published, ReadBooks(store));
  Books books;
  for (PublishedBook& one : published) {
    if (one.recorded > known_at) break;  // in order of publication, and so of recorded times
    DOLEN_RETURN_IF_ERROR(books.Add(one.book, std::move(one.zone), one.recorded));
  }
  return books;
}

absl::StatusOr<BackfillRows> ReadBackfillRows(const StoreReader& store) {
  BackfillRows rows;
  absl::Status result;
  DOLEN_RETURN_IF_ERROR(store.Scan("f", [&](absl::string_view key, absl::string_view value) {
    store::v1::BackfillRow& row = rows[std::string(key.substr(1))];
    if (row.ParseFromArray(value.data(), static_cast<int>(value.size()))) return true;
    result = absl::DataLossError("store: a backfill cannot be parsed");
    return false;
  }));
  DOLEN_RETURN_IF_ERROR(result);
  return rows;
}

Backfills BackfillsOf(const BackfillRows& rows) {
  Backfills backfills;
  for (const auto& [name, row] : rows) {
    Backfill& backfill = backfills[name];
    backfill.begun = FromMicros(row.begun());
    if (row.has_ended()) backfill.ended = FromMicros(row.ended());
  }
  return backfills;
}

}  // namespace dolen
