// Reading files that people write in protobuf's text format.
#ifndef DOLEN_ENGINE_PATHWAY_TEXT_FILE_H_
#define DOLEN_ENGINE_PATHWAY_TEXT_FILE_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "engine/pathway/finding.h"
#include "google/protobuf/text_format.h"

namespace dolen {

// Fills `message`, and `tree` with where each field stands. False: it cannot be read; `message` is
// then empty and `findings` has at least one error more. `what` names such a file in a sentence.
bool ParseTextFile(absl::string_view text, absl::string_view what,
                   google::protobuf::Message& message,
                   google::protobuf::TextFormat::ParseInfoTree& tree,
                   std::vector<Finding>& findings);

}  // namespace dolen

#endif  // DOLEN_ENGINE_PATHWAY_TEXT_FILE_H_
