// Rows of a CSV file as RFC 4180 describes them: quoted fields may hold separators, doubled quotes
// and line breaks; CRLF, LF and CR end a row; a UTF-8 byte order mark is dropped; blank lines are
// passed over. A quote inside an unquoted field is data. Streaming: memory is one row and one
// chunk.
//
// A row that cannot be read is a fault, and reading goes on with the *line* after the one on which
// the row began: a stray quote spoils its own line, not the rest of the file.
#ifndef DOLEN_CONNECTORS_FILES_CSV_H_
#define DOLEN_CONNECTORS_FILES_CSV_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "connectors/files/gzip_file.h"

namespace dolen {

// A row, its quotes and line breaks included: several times the largest event (kMaxEventBytes), so
// that an unclosed quote cannot pull a whole file into memory.
inline constexpr size_t kMaxRowBytes = 1024 * 1024;
// Fields of one row: the widest real exports have some hundreds.
inline constexpr int kMaxColumns = 4096;

struct CsvOptions {
  char separator = ',';
  char quote = '"';
};

class CsvReader {
 public:
  enum class Got { kRow, kFault, kEnd };
  enum class Fault { kNone, kQuote, kUnclosedQuote, kTooLong, kTooManyColumns };

  explicit CsvReader(std::unique_ptr<ByteSource> source, CsvOptions options = {});

  // Reads the next row or fault. Errors are those of the source; after one, Next is not called
  // again.
  absl::StatusOr<Got> Next();

  // Of the row read last; valid until the next call of Next.
  absl::Span<const std::string> fields() const { return {fields_.data(), count_}; }
  // The line on which it begins, from 1.
  int64_t line() const { return line_; }
  // As it stands in the file, without the line break; cut at kMaxRowBytes. Of a fault: its first
  // line.
  absl::string_view raw() const { return raw_; }

  // Of the fault read last: what, and in which field of the row, from 1.
  Fault fault() const { return fault_; }
  int fault_column() const { return fault_column_; }
  // "a closing quote is followed by something other than a separator": what is wrong, for people.
  static absl::string_view FaultText(Fault fault);

 private:
  absl::Status Fill();               // appends a chunk to buffer_, or sets ended_
  absl::StatusOr<int> At(size_t i);  // the byte at buffer_[i]; -1 at the end
  absl::Status SkipBom();
  absl::Status ReadRow();                       // sets fault_, moves at_ and next_line_
  absl::StatusOr<size_t> ReadQuoted(size_t i);  // from behind the opening quote to behind the field
  absl::StatusOr<size_t> ReadPlain(size_t i);
  absl::StatusOr<size_t> PassLineBreak(size_t i);  // from a CR or LF to behind the line break
  absl::Status PassOneLine();                      // after a fault: from the row's start
  std::string& NewField();

  std::unique_ptr<ByteSource> source_;
  CsvOptions options_;
  std::string buffer_;
  size_t at_ = 0;     // where the next row begins in buffer_
  size_t limit_ = 0;  // the row must end before this place of buffer_
  bool ended_ = false;
  bool started_ = false;
  std::vector<std::string> fields_;
  size_t count_ = 0;
  int64_t line_ = 0, next_line_ = 1;
  std::string raw_;
  Fault fault_ = Fault::kNone;
  int fault_column_ = 0;
};

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_FILES_CSV_H_
