#include "connectors/files/rows.h"

#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "connectors/files/csv.h"
#include "connectors/files/text.h"
#include "connectors/files/translate.h"
#include "engine/base/digest.h"
#include "engine/base/status.h"

namespace dolen {
namespace {

class CsvRows : public RowSource {
 public:
  CsvRows(std::string path, const mapping::v1::Mapping& mapping, CsvReader reader)
      : path_(std::move(path)), mapping_(mapping), reader_(std::move(reader)) {}

  // Reads the header, where there is one, and binds the mapping to it.
  absl::Status Start() {
    std::vector<std::string> columns(mapping_.csv().column().begin(),
                                     mapping_.csv().column().end());
    if (columns.empty()) {
      DOLEN_ASSIGN_OR_RETURN(const CsvReader::Got got, reader_.Next());
      if (got == CsvReader::Got::kEnd) return Unfit("the file is empty: not even a header");
      if (got == CsvReader::Got::kFault) {
        return Unfit(
            absl::StrCat("the header cannot be read: ", CsvReader::FaultText(reader_.fault())));
      }
      if (absl::StartsWith(reader_.raw(), "\xFF\xFE") ||
          absl::StartsWith(reader_.raw(), "\xFE\xFF")) {
        return Unfit("the file is in UTF-16; save it as UTF-8");
      }
      columns.assign(reader_.fields().begin(), reader_.fields().end());
      if (mapping_.csv().encoding() == "windows-1252") {
        for (std::string& column : columns) column = FromWindows1252(column);
      }
    }
    width_ = columns.size();
    absl::StatusOr<Translator> bound = Translator::Bind(mapping_, columns);
    if (!bound.ok()) return Unfit(bound.status().message());
    translator_ = *std::move(bound);
    return absl::OkStatus();
  }

  absl::StatusOr<absl::optional<FileRow>> Next() override {
    if (ended_) return absl::optional<FileRow>();
    const absl::StatusOr<CsvReader::Got> got = reader_.Next();
    if (!got.ok() && absl::IsDataLoss(got.status())) {
      ended_ = true;
      BadRow bad = Bad(0, {kRowDamagedFile, "",
                           "The file breaks off here: it is cut short or damaged. Fetch it again; "
                           "what was read before stays."});
      bad.raw.clear();  // what the reader still has is the row before
      return absl::optional<FileRow>(std::move(bad));
    }
    DOLEN_RETURN_IF_ERROR(got.status());
    if (*got == CsvReader::Got::kEnd) {
      ended_ = true;
      return absl::optional<FileRow>();
    }
    return absl::optional<FileRow>(*got == CsvReader::Got::kFault ? FileRow(FaultRow())
                                                                  : ReadRow());
  }

 private:
  absl::Status Unfit(absl::string_view sentence) const {
    return absl::InvalidArgumentError(absl::StrCat(path_, ": ", sentence));
  }

  BadRow Bad(int column, Rejection rejection) const {
    BadRow bad;
    bad.file = path_;
    bad.line = reader_.line();
    bad.column = column;
    bad.rejection = std::move(rejection);
    bad.raw = std::string(reader_.raw());
    return bad;
  }

  BadRow FaultRow() const {
    const CsvReader::Fault fault = reader_.fault();
    const bool quoting =
        fault == CsvReader::Fault::kQuote || fault == CsvReader::Fault::kUnclosedQuote;
    const char* code = quoting                                      ? kRowBadQuoting
                       : fault == CsvReader::Fault::kTooManyColumns ? kRowWrongColumns
                                                                    : kRowTooLong;
    return Bad(
        reader_.fault_column(),
        {code, "", absl::StrCat("The row cannot be read: ", CsvReader::FaultText(fault), ".")});
  }

  FileRow ReadRow() {
    const absl::Span<const std::string> raw = reader_.fields();
    if (raw.size() != width_) {
      return Bad(static_cast<int>(std::min(raw.size(), width_ + 1)),
                 {kRowWrongColumns, "",
                  absl::StrCat("The row has ", raw.size(), " fields where there are ", width_,
                               " columns.")});
    }
    fields_.assign(raw.begin(), raw.end());
    RowHash hash;
    for (size_t i = 0; i < fields_.size(); ++i) {
      hash.Add(fields_[i]);
      if (mapping_.csv().encoding() == "windows-1252") {
        fields_[i] = FromWindows1252(fields_[i]);
      } else if (!IsWellFormedUtf8(fields_[i])) {
        return Bad(static_cast<int>(i) + 1,
                   {std::string(ReasonCode(Reason::kInvalidUtf8)), "",
                    "The field is not UTF-8; if the whole file is of an older spreadsheet, write "
                    "encoding: \"windows-1252\" into the mapping."});
      }
    }
    std::vector<event::v1::Event> events;
    GoodRow row;
    row.file = path_;
    row.line = reader_.line();
    std::vector<std::string> names;
    if (auto fault = translator_.Translate(fields_, events, row.events, names)) {
      return Bad(fault->column, std::move(fault->rejection));
    }
    if (!events.empty()) Finish(hash.Hex(), events, names, row);
    return row;
  }

  // Gives ids to those that have none, and writes all of them out.
  void Finish(const std::string& hash, std::vector<event::v1::Event>& events,
              const std::vector<std::string>& names, GoodRow& row) {
    const int64_t ordinal = ++seen_[Hash64(hash)];
    for (size_t i = 0; i < events.size(); ++i) {
      if (row.events[i].event_id.empty()) {
        row.events[i].event_id = RowEventId(hash, names[i], ordinal);
        events[i].mutable_open()->set_event_id(row.events[i].event_id);
      }
      row.events[i].bytes = events[i].SerializeAsString();
    }
  }

  std::string path_;
  mapping::v1::Mapping mapping_;
  CsvReader reader_;
  Translator translator_;
  size_t width_ = 0;
  bool ended_ = false;
  std::vector<std::string> fields_;
  absl::flat_hash_map<uint64_t, int64_t> seen_;  // hash of a row: how often so far
};

}  // namespace

std::string BadRow::Place() const {
  return absl::StrCat(file, line > 0 ? absl::StrCat(":", line) : "",
                      column > 0 ? absl::StrCat(": column ", column) : "");
}

std::string BadRow::Text() const {
  return absl::StrCat(Place(), ": ", rejection.code, ": ",
                      rejection.field.empty() ? "" : absl::StrCat(rejection.field, ": "),
                      rejection.sentence);
}

void RowHash::Add(absl::string_view field) { absl::StrAppend(&text_, field.size(), ":", field); }

std::string RowHash::Hex() const { return ShortSha256Hex(text_); }

std::string RowEventId(absl::string_view row_hash, absl::string_view name, int64_t ordinal) {
  return absl::StrCat("row-", row_hash, name.empty() ? "" : "-", name,
                      ordinal > 1 ? absl::StrCat("-", ordinal) : "");
}

absl::StatusOr<std::unique_ptr<RowSource>> OpenCsv(const std::string& path,
                                                   const CheckedMapping& mapping) {
  if (!mapping.ok()) return absl::InvalidArgumentError("the mapping has errors");
  CsvOptions options;
  if (!mapping.mapping.csv().separator().empty()) {
    options.separator = mapping.mapping.csv().separator()[0];
  }
  if (!mapping.mapping.csv().quote().empty()) options.quote = mapping.mapping.csv().quote()[0];
  DOLEN_ASSIGN_OR_RETURN(std::unique_ptr<ByteSource> source, OpenPlainOrGzip(path));
  auto rows =
      std::make_unique<CsvRows>(path, mapping.mapping, CsvReader(std::move(source), options));
  DOLEN_RETURN_IF_ERROR(rows->Start());
  return rows;
}

}  // namespace dolen
