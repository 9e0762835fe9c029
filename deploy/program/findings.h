// What is wrong with a file that a person wrote, as the program says it.
#ifndef DOLEN_DEPLOY_PROGRAM_FINDINGS_H_
#define DOLEN_DEPLOY_PROGRAM_FINDINGS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "engine/pathway/finding.h"

namespace dolen {

// The errors among them, each after a line break.
std::string ErrorLines(absl::string_view file, const std::vector<Finding>& findings);

// To standard output, as a line of text or of JSON.
void PrintFinding(absl::string_view file, const Finding& finding, bool as_json);

}  // namespace dolen

#endif  // DOLEN_DEPLOY_PROGRAM_FINDINGS_H_
