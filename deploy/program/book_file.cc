#include "deploy/program/book_file.h"

#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "deploy/program/findings.h"
#include "deploy/zone_table.h"
#include "engine/base/status.h"
#include "engine/base/time.h"
#include "engine/pathway/zone_proto.h"

namespace dolen {

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError(absl::StrCat(path, ": cannot be read"));
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

absl::StatusOr<CheckedBook> ReadBook(const std::string& path) {
  const absl::StatusOr<std::string> text = ReadFile(path);
  if (!text.ok()) return absl::InvalidArgumentError(text.status().message());
  CheckedBook checked = ParseBook(*text);
  if (checked.parsed) return checked;
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": cannot be read", ErrorLines(path, checked.findings)));
}

absl::StatusOr<UsableBook> Usable(const std::string& path, CheckedBook checked) {
  if (!checked.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": the book has errors", ErrorLines(path, checked.findings)));
  }
  UsableBook usable;
  DOLEN_ASSIGN_OR_RETURN(const ledger::v1::Zone table, LoadZoneTable(checked.book.zone()));
  DOLEN_ASSIGN_OR_RETURN(usable.zone, ZoneFromProto(table));
  usable.book = std::move(checked.book);
  return usable;
}

absl::Status AddBook(const std::string& path, const CheckedBook& checked, Books& books) {
  DOLEN_ASSIGN_OR_RETURN(UsableBook usable, Usable(path, checked));
  return books.Add(usable.book, std::move(usable.zone), absl::UnixEpoch());
}

absl::StatusOr<ledger::v1::Record> BookRecord(absl::string_view file, absl::string_view text,
                                              absl::string_view by, absl::Time written) {
  const CheckedBook checked = ParseBook(text);
  if (!checked.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(
        file, ": the book has errors and was not published", ErrorLines(file, checked.findings)));
  }
  ledger::v1::Record record;
  record.set_written(Micros(written));
  ledger::v1::Book& book = *record.mutable_book();
  book.set_book(checked.book.SerializeAsString());
  DOLEN_ASSIGN_OR_RETURN(*book.mutable_zone(), LoadZoneTable(checked.book.zone()));
  book.set_by(std::string(by));
  return record;
}

}  // namespace dolen
