// Which characters a received text may have. Pure.
#ifndef DOLEN_ENGINE_ADMISSION_TEXT_H_
#define DOLEN_ENGINE_ADMISSION_TEXT_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "engine/base/names.h"

namespace dolen {

enum class TextClass : uint8_t {
  kNone,   // not a text
  kId,     // ids and codes: no control characters, nothing invisible
  kProse,  // names and free text: line ends, tabs, and marks that scripts need, are allowed
};

enum class TextFault { kNone, kInvalidUtf8, kControl, kInvisible };

// The first thing that is wrong with `text`, or kNone.
TextFault CheckText(absl::string_view text, TextClass text_class);

bool IsUtf8(absl::string_view text);

}  // namespace dolen

#endif  // DOLEN_ENGINE_ADMISSION_TEXT_H_
