#include "deploy/program/book_file.h"

#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "deploy/zone_table.h"
#include "engine/base/status.h"
#include "engine/base/time.h"

namespace dolen {

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError(absl::StrCat(path, ": cannot be read"));
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

absl::StatusOr<ledger::v1::Record> BookRecord(absl::string_view file, absl::string_view text,
                                              absl::string_view by, absl::Time written) {
  const CheckedBook checked = ParseBook(text);
  if (!checked.ok()) {
    std::string message = absl::StrCat(file, ": the book has errors and was not published");
    for (const Finding& finding : checked.findings) {
      if (finding.severity == Finding::kError) {
        absl::StrAppend(&message, "\n", FindingText(file, finding));
      }
    }
    return absl::InvalidArgumentError(message);
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
