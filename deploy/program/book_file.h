// Books as files: read, checked, and made into the ledger's record with the table of their zone.
#ifndef DOLEN_DEPLOY_PROGRAM_BOOK_FILE_H_
#define DOLEN_DEPLOY_PROGRAM_BOOK_FILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "dolen/ledger/v1/ledger.pb.h"
#include "engine/pathway/book.h"
#include "engine/pathway/books.h"

namespace dolen {

// The whole of a file. kNotFound and others name the path.
absl::StatusOr<std::string> ReadFile(const std::string& path);

// A book from a file, with whatever findings its check has. kInvalidArgument: the text cannot be
// read as a book; the message lists why, with file, line and column.
absl::StatusOr<CheckedBook> ReadBook(const std::string& path);

// A book that is fit for use, with the table of its zone.
struct UsableBook {
  pathway::v1::Book book;
  Zone zone;
};
// kInvalidArgument lists the errors of the book at `path`.
absl::StatusOr<UsableBook> Usable(const std::string& path, CheckedBook checked);

// Adds a book to what `books` holds, as if published long ago. kInvalidArgument lists its errors.
absl::Status AddBook(const std::string& path, const CheckedBook& checked, Books& books);

// The record that publishes a book's text at `written`. kInvalidArgument: the book has errors; the
// message lists them with file, line and field.
absl::StatusOr<ledger::v1::Record> BookRecord(absl::string_view file, absl::string_view text,
                                              absl::string_view by, absl::Time written);

}  // namespace dolen

#endif  // DOLEN_DEPLOY_PROGRAM_BOOK_FILE_H_
