#include "deploy/program/findings.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "nlohmann/json.hpp"

namespace dolen {

std::string ErrorLines(absl::string_view file, const std::vector<Finding>& findings) {
  std::string lines;
  for (const Finding& finding : findings) {
    if (finding.severity == Finding::kError) {
      absl::StrAppend(&lines, "\n", FindingText(file, finding));
    }
  }
  return lines;
}

void PrintFinding(absl::string_view file, const Finding& finding, bool as_json) {
  if (!as_json) {
    absl::PrintF("%s\n", FindingText(file, finding));
    return;
  }
  const nlohmann::ordered_json json = {
      {"file", std::string(file)},
      {"line", finding.line},
      {"column", finding.column},
      {"severity", finding.severity == Finding::kError ? "error" : "warning"},
      {"field", finding.field},
      {"sentence", finding.sentence}};
  absl::PrintF("%s\n", json.dump());
}

}  // namespace dolen
