#include "connectors/files/csv.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/status.h"

namespace dolen {
namespace {

constexpr size_t kChunk = 64 * 1024;

bool IsLineBreak(int c) { return c == '\n' || c == '\r'; }

}  // namespace

CsvReader::CsvReader(std::unique_ptr<ByteSource> source, CsvOptions options)
    : source_(std::move(source)), options_(options) {}

absl::string_view CsvReader::FaultText(Fault fault) {
  switch (fault) {
    case Fault::kNone:
      return "nothing is wrong";
    case Fault::kQuote:
      return "a closing quote is followed by something other than a separator or a line break; "
             "double the quotes inside a field";
    case Fault::kUnclosedQuote:
      return "a quoted field is not closed before the end of the file";
    case Fault::kTooLong:
      return "the row is longer than 1 MiB; a quoted field may lack its closing quote";
    case Fault::kTooManyColumns:
      return "the row has more than 4096 fields";
  }
  return "";
}

absl::Status CsvReader::Fill() {
  const size_t size = buffer_.size();
  buffer_.resize(size + kChunk);
  const absl::StatusOr<size_t> got = source_->Read(&buffer_[size], kChunk);
  buffer_.resize(size + (got.ok() ? *got : 0));
  DOLEN_RETURN_IF_ERROR(got.status());
  ended_ = *got == 0;
  return absl::OkStatus();
}

absl::StatusOr<int> CsvReader::At(size_t i) {
  while (i >= buffer_.size() && !ended_) DOLEN_RETURN_IF_ERROR(Fill());
  return i < buffer_.size() ? static_cast<unsigned char>(buffer_[i]) : -1;
}

absl::Status CsvReader::SkipBom() {
  DOLEN_RETURN_IF_ERROR(At(2).status());
  if (absl::string_view(buffer_).substr(0, 3) == "\xEF\xBB\xBF") at_ = 3;
  return absl::OkStatus();
}

absl::StatusOr<CsvReader::Got> CsvReader::Next() {
  if (!started_) DOLEN_RETURN_IF_ERROR(SkipBom());
  started_ = true;
  // Bytes of rows already read go only now, so that places within a row stay put while it is read.
  if (at_ >= kChunk) {
    buffer_.erase(0, at_);
    at_ = 0;
  }
  while (true) {
    DOLEN_ASSIGN_OR_RETURN(const int c, At(at_));
    if (c < 0) return Got::kEnd;
    if (!IsLineBreak(c)) break;
    DOLEN_ASSIGN_OR_RETURN(at_, PassLineBreak(at_));
    ++next_line_;
  }
  line_ = next_line_;
  DOLEN_RETURN_IF_ERROR(ReadRow());
  if (fault_ == Fault::kNone) return Got::kRow;
  fault_column_ = static_cast<int>(count_);
  DOLEN_RETURN_IF_ERROR(PassOneLine());
  return Got::kFault;
}

absl::Status CsvReader::ReadRow() {
  fault_ = Fault::kNone;
  count_ = 0;
  limit_ = at_ + kMaxRowBytes;
  size_t i = at_;
  while (true) {
    if (count_ == static_cast<size_t>(kMaxColumns)) {
      fault_ = Fault::kTooManyColumns;
      return absl::OkStatus();
    }
    NewField();
    DOLEN_ASSIGN_OR_RETURN(const int first, At(i));
    if (first == static_cast<unsigned char>(options_.quote)) {
      DOLEN_ASSIGN_OR_RETURN(i, ReadQuoted(i + 1));
    } else {
      DOLEN_ASSIGN_OR_RETURN(i, ReadPlain(i));
    }
    if (fault_ != Fault::kNone) return absl::OkStatus();
    DOLEN_ASSIGN_OR_RETURN(const int c, At(i));
    if (c == static_cast<unsigned char>(options_.separator)) {
      ++i;
      continue;
    }
    if (c >= 0 && !IsLineBreak(c)) {
      fault_ = Fault::kQuote;
      return absl::OkStatus();
    }
    raw_.assign(buffer_, at_, i - at_);
    if (c >= 0) {
      DOLEN_ASSIGN_OR_RETURN(i, PassLineBreak(i));
      ++next_line_;
    }
    at_ = i;
    return absl::OkStatus();
  }
}

std::string& CsvReader::NewField() {
  if (count_ == fields_.size()) fields_.emplace_back();
  std::string& field = fields_[count_++];
  field.clear();
  return field;
}

absl::StatusOr<size_t> CsvReader::ReadPlain(size_t i) {
  std::string& field = fields_[count_ - 1];
  while (true) {
    if (i >= limit_) {
      fault_ = Fault::kTooLong;
      return i;
    }
    DOLEN_ASSIGN_OR_RETURN(const int c, At(i));
    if (c < 0 || IsLineBreak(c) || c == static_cast<unsigned char>(options_.separator)) return i;
    field.push_back(static_cast<char>(c));
    ++i;
  }
}

absl::StatusOr<size_t> CsvReader::ReadQuoted(size_t i) {
  std::string& field = fields_[count_ - 1];
  int64_t lines = 0;
  while (true) {
    if (i >= limit_) {
      fault_ = Fault::kTooLong;
      return i;
    }
    DOLEN_ASSIGN_OR_RETURN(const int c, At(i));
    if (c < 0) {
      fault_ = Fault::kUnclosedQuote;
      return i;
    }
    if (c == static_cast<unsigned char>(options_.quote)) {
      DOLEN_ASSIGN_OR_RETURN(const int next, At(i + 1));
      if (next != static_cast<unsigned char>(options_.quote)) {
        next_line_ += lines;
        return i + 1;
      }
      ++i;
    } else if (c == '\n') {
      ++lines;
    } else if (c == '\r') {
      DOLEN_ASSIGN_OR_RETURN(const int next, At(i + 1));
      if (next != '\n') ++lines;
    }
    field.push_back(static_cast<char>(c));
    ++i;
  }
}

absl::StatusOr<size_t> CsvReader::PassLineBreak(size_t i) {
  if (buffer_[i] == '\n') return i + 1;
  DOLEN_ASSIGN_OR_RETURN(const int next, At(i + 1));
  return next == '\n' ? i + 2 : i + 1;
}

absl::Status CsvReader::PassOneLine() {
  next_line_ = line_;
  raw_.clear();
  size_t i = at_;
  while (true) {
    DOLEN_ASSIGN_OR_RETURN(const int c, At(i));
    if (c < 0 || IsLineBreak(c)) break;
    if (raw_.size() < kMaxRowBytes) raw_.push_back(static_cast<char>(c));
    ++i;
    if (i >= at_ + 2 * kMaxRowBytes) {  // an endless line must not fill the memory
      buffer_.erase(0, i);
      at_ = i = 0;
    }
  }
  if (i < buffer_.size()) {
    DOLEN_ASSIGN_OR_RETURN(i, PassLineBreak(i));
    ++next_line_;
  }
  at_ = i;
  return absl::OkStatus();
}

}  // namespace dolen
