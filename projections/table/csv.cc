#include "projections/table/csv.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace dolen {
namespace {

bool LooksLikeAFormula(absl::string_view cell) {
  return !cell.empty() && absl::string_view("=+-@\t\r").find(cell[0]) != absl::string_view::npos;
}

}  // namespace

std::string CsvLine(const std::vector<absl::string_view>& cells) {
  std::string line;
  for (size_t i = 0; i < cells.size(); ++i) {
    const absl::string_view cell = cells[i];
    if (i > 0) line += ',';
    const std::string text = absl::StrCat(LooksLikeAFormula(cell) ? "'" : "", cell);
    if (text.find_first_of(",\"\r\n") == std::string::npos) {
      line += text;
    } else {
      absl::StrAppend(&line, "\"", absl::StrReplaceAll(text, {{"\"", "\"\""}}), "\"");
    }
  }
  return line + "\r\n";
}

}  // namespace dolen
