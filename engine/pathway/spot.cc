#include "engine/pathway/spot.h"

#include "absl/strings/str_cat.h"
#include "engine/base/check.h"

namespace dolen {

Spot Spot::At(absl::string_view field, int index) const {
  DOLEN_CHECK(type_ != nullptr);
  const google::protobuf::FieldDescriptor* const found = type_->FindFieldByName(std::string(field));
  DOLEN_CHECK(found != nullptr && found->is_repeated() == (index >= 0));
  Spot spot = *this;
  absl::StrAppend(&spot.path_, path_.empty() ? "" : ".", field);
  if (index >= 0) absl::StrAppend(&spot.path_, "[", index, "]");
  spot.type_ = found->message_type();
  spot.tree_ = nullptr;
  if (tree_ != nullptr) {
    const google::protobuf::TextFormat::ParseLocation place = tree_->GetLocation(found, index);
    if (place.line >= 0) {
      spot.line_ = place.line + 1;
      spot.column_ = place.column + 1;
    }
    if (spot.type_ != nullptr) spot.tree_ = tree_->GetTreeForNested(found, index);
  }
  return spot;
}

}  // namespace dolen
