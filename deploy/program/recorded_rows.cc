#include "deploy/program/recorded_rows.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "connectors/files/census.h"
#include "deploy/program/findings.h"
#include "engine/base/status.h"

namespace dolen {

absl::StatusOr<CheckedMapping> LoadMapping(const std::string& path) {
  DOLEN_ASSIGN_OR_RETURN(CheckedMapping mapping, ReadMapping(path));
  if (mapping.ok()) return mapping;
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": the mapping has errors", ErrorLines(path, mapping.findings)));
}

absl::StatusOr<std::unique_ptr<RowSource>> OpenRows(const std::string& path,
                                                    const CheckedMapping* mapping) {
  if (absl::EndsWith(path, ".xml") || absl::EndsWith(path, ".xml.gz")) return OpenCensus(path);
  if (mapping == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": a CSV file needs --mapping=FILE, which says what its columns mean"));
  }
  return OpenCsv(path, *mapping);
}

absl::StatusOr<RecordedRows> ReadRecordedRows(const std::vector<std::string>& files,
                                              const CheckedMapping* mapping, absl::Time until) {
  RecordedRows rows;
  rows.files = files;
  for (int file = 0; file < static_cast<int>(files.size()); ++file) {
    DOLEN_ASSIGN_OR_RETURN(const std::unique_ptr<RowSource> source, OpenRows(files[file], mapping));
    for (int64_t row = 0;; ++row) {
      DOLEN_ASSIGN_OR_RETURN(absl::optional<FileRow> next, source->Next());
      if (!next) break;
      if (BadRow* bad = absl::get_if<BadRow>(&*next)) {
        ++rows.read;
        rows.bad.push_back(std::move(*bad));
        continue;
      }
      GoodRow& good = absl::get<GoodRow>(*next);
      if (good.filtered()) {
        ++rows.read;
        ++rows.filtered;
      }
      for (FileEvent& event : good.events) {
        const absl::Time time = event.recorded.value_or(event.occurred);
        if (time > until) continue;
        ++rows.read;
        rows.events.push_back({time, file, row, std::move(event)});
      }
    }
  }
  std::stable_sort(rows.events.begin(), rows.events.end(),
                   [](const RecordedEvent& a, const RecordedEvent& b) {
                     return std::tie(a.time, a.file, a.row) < std::tie(b.time, b.file, b.row);
                   });
  return rows;
}

}  // namespace dolen
