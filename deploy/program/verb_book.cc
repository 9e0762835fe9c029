// book check, book publish.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "deploy/program/book_file.h"
#include "deploy/program/door.h"
#include "deploy/program/findings.h"
#include "deploy/program/verbs.h"
#include "deploy/zone_table.h"
#include "engine/pathway/book.h"

namespace dolen {

int RunBookCheck(const Common& common, const std::vector<std::string>& files,
                 const std::vector<std::string>& with) {
  pathway::v1::Book beside;
  for (const std::string& file : with) {
    const absl::StatusOr<CheckedBook> other = ReadBook(file);
    if (!other.ok()) return Fail(other.status());
    beside.MergeFrom(other->book);
  }
  int exit = kDone;
  for (const std::string& file : files) {
    const absl::StatusOr<std::string> text = ReadFile(file);
    if (!text.ok()) return Fail(absl::InvalidArgumentError(text.status().message()));
    CheckedBook checked = ParseBook(*text, beside);
    // Whether the zone exists is the system's to say, not the book's.
    if (checked.ok()) {
      const absl::Status zone = LoadZoneTable(checked.book.zone()).status();
      if (!zone.ok()) {
        Finding finding;
        finding.field = "zone";
        finding.sentence = std::string(zone.message());
        checked.findings.push_back(finding);
      }
    }
    for (Finding& finding : checked.findings) {
      if (finding.lacks == Finding::kTranslation) finding.severity = Finding::kError;
      if (finding.lacks == Finding::kCalendar) {
        finding.sentence += "; --with=FILE puts a book that has one beside it";
      }
      PrintFinding(file, finding, common.json());
    }
    if (!checked.ok()) exit = kNo;
    if (checked.ok() && !common.json()) {
      absl::PrintF("%s: book %s, version %s: %d rules, %d calendars; no errors\n", file,
                   checked.book.id(), checked.book.version(), checked.book.rule_size(),
                   checked.book.calendar_size());
    }
  }
  return exit;
}

int RunBookPublish(const Common& common, const std::vector<std::string>& files,
                   const std::string& by) {
  const absl::StatusOr<std::unique_ptr<Door>> door = Door::Open(common.place, WhereNone::kMake);
  if (!door.ok()) return Fail(door.status());
  for (const std::string& file : files) {
    const absl::StatusOr<std::string> text = ReadFile(file);
    if (!text.ok()) return Fail(absl::InvalidArgumentError(text.status().message()));
    HttpRequest request = Post({"v1", "books"}, *text);
    request.query["file"] = file;
    request.query["by"] = by;
    const absl::StatusOr<std::string> answer = (*door)->Ask(request);
    if (!answer.ok()) return Fail(answer.status());
    absl::PrintF("%s: published\n", file);
  }
  return kDone;
}

}  // namespace dolen
