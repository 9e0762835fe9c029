// Where one field stands in a file that people write: its path, line and column.
#ifndef DOLEN_ENGINE_PATHWAY_SPOT_H_
#define DOLEN_ENGINE_PATHWAY_SPOT_H_

#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "engine/pathway/finding.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/text_format.h"

namespace dolen {

// A value; cheap enough for a book's few thousand fields. Does not own the tree.
class Spot {
 public:
  // The whole file, a message of `type`. `tree` is what the parser filled, or nullptr where there
  // is no text.
  Spot(const google::protobuf::Descriptor* type,
       const google::protobuf::TextFormat::ParseInfoTree* tree)
      : type_(type), tree_(tree), line_(tree != nullptr ? 1 : 0), column_(line_) {}

  // A field of this message; `index` for one of a repeated field. A field that is not in the text
  // has the place of the message that lacks it.
  Spot At(absl::string_view field, int index = -1) const;

  const std::string& path() const { return path_; }

  Finding Error(std::string sentence) const { return Make(Finding::kError, std::move(sentence)); }
  Finding Warning(std::string sentence) const {
    return Make(Finding::kWarning, std::move(sentence));
  }

 private:
  Finding Make(Finding::Severity severity, std::string sentence) const {
    return {severity, line_, column_, path_, std::move(sentence)};
  }

  const google::protobuf::Descriptor* type_;  // nullptr: a plain value
  const google::protobuf::TextFormat::ParseInfoTree* tree_;
  std::string path_;
  int line_, column_;
};

}  // namespace dolen

#endif  // DOLEN_ENGINE_PATHWAY_SPOT_H_
