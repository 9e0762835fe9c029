// Small pure helpers for texts that come out of files.
#ifndef DOLEN_CONNECTORS_FILES_TEXT_H_
#define DOLEN_CONNECTORS_FILES_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace dolen {

// Well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
bool IsWellFormedUtf8(absl::string_view text);

// The same text in UTF-8. The five bytes that Windows-1252 leaves undefined become U+FFFD.
std::string FromWindows1252(absl::string_view text);

// "Take in charge ticket" -> "take_in_charge_ticket": ASCII letters in lower case and digits stay,
// every run of other bytes becomes one "_", none at the ends. May be empty.
std::string Slug(absl::string_view text);

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_FILES_TEXT_H_
