// Books as files: read, checked, and made into the ledger's record with the table of their zone.
#ifndef DOLEN_DEPLOY_PROGRAM_BOOK_FILE_H_
#define DOLEN_DEPLOY_PROGRAM_BOOK_FILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "dolen/ledger/v1/ledger.pb.h"
#include "engine/pathway/book.h"

namespace dolen {

// The whole of a file. kNotFound and others name the path.
absl::StatusOr<std::string> ReadFile(const std::string& path);

// The record that publishes a book's text at `written`. kInvalidArgument: the book has errors; the
// message lists them with file, line and field.
absl::StatusOr<ledger::v1::Record> BookRecord(absl::string_view file, absl::string_view text,
                                              absl::string_view by, absl::Time written);

}  // namespace dolen

#endif  // DOLEN_DEPLOY_PROGRAM_BOOK_FILE_H_
