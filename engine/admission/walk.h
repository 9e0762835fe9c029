// Walks over one received message by its table: the checks that every message has in common.
// Private to this room.
#ifndef DOLEN_ENGINE_ADMISSION_WALK_H_
#define DOLEN_ENGINE_ADMISSION_WALK_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "engine/admission/contract.h"
#include "engine/admission/reasons.h"
#include "engine/admission/text.h"
#include "engine/admission/wire.h"

namespace dolen {

// Where in the event we are; a chain on the stack that is written out only when something is wrong.
struct Path {
  const Path* parent = nullptr;
  const char* name = "";
  int index = -1;  // of a repeated field

  std::string Text() const {
    std::string text = parent == nullptr ? "" : parent->Text();
    if (!text.empty() && *name != '\0') text += '.';
    text += name;
    if (index >= 0) absl::StrAppend(&text, "[", index, "]");
    return text;
  }
  std::string Text(const char* field) const { return Path{this, field}.Text(); }
};

// What is wrong, once something is.
struct Fault {
  Reason reason = Reason::kMalformed;
  std::string field;

  // Always false, so that a check can end with `return fault.Set(...)`.
  bool Set(Reason what, std::string where) {
    reason = what;
    field = std::move(where);
    return false;
  }
};

inline bool CheckTextField(const FieldSpec& spec, absl::string_view text, const Path& path,
                           Fault& fault) {
  if (text.size() > spec.max_bytes) {
    return fault.Set(spec.text == TextClass::kProse ? Reason::kTextTooLong : Reason::kIdTooLong,
                     path.Text(spec.name));
  }
  switch (CheckText(text, spec.text)) {
    case TextFault::kNone:
      return true;
    case TextFault::kInvalidUtf8:
      return fault.Set(Reason::kInvalidUtf8, path.Text(spec.name));
    case TextFault::kControl:
      return fault.Set(Reason::kControlCharacters, path.Text(spec.name));
    case TextFault::kInvisible:
      return fault.Set(Reason::kInvisibleCharacters, path.Text(spec.name));
  }
  return true;
}

// Calls on_field(field) for each field of the table, in the order of the bytes; fields that are
// not in it go to on_field too, with number 0. Returns false, with `fault` set, when something is
// wrong or on_field returned false.
template <size_t kCount, typename OnField>
bool Walk(absl::string_view message, const FieldSpec (&specs)[kCount], const Path& path,
          Fault& fault, OnField&& on_field) {
  static_assert(kCount <= 64);
  uint64_t seen = 0;
  WireReader reader(message);
  WireField field;
  while (reader.Next(field)) {
    if (field.number >= kCount || specs[field.number].name == nullptr) {
      field.number = 0;
    } else {
      const FieldSpec& spec = specs[field.number];
      if (field.type != spec.type) {
        return fault.Set(Reason::kWrongWireType, path.Text(spec.name));
      }
      const uint64_t bit = uint64_t{1} << field.number;
      if (!spec.repeated && (seen & bit) != 0) {
        return fault.Set(Reason::kRepeatedField, path.Text(spec.name));
      }
      seen |= bit;
      if (spec.text != TextClass::kNone && !CheckTextField(spec, field.bytes, path, fault)) {
        return false;
      }
    }
    if (!on_field(field)) return false;
  }
  if (reader.fault() == WireFault::kNone) return true;
  return fault.Set(
      reader.fault() == WireFault::kTruncated ? Reason::kTruncated : Reason::kMalformed,
      path.Text());
}

}  // namespace dolen

#endif  // DOLEN_ENGINE_ADMISSION_WALK_H_
