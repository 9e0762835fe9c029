// How names are written that agencies, books and mappings share.
#ifndef DOLEN_ENGINE_BASE_NAMES_H_
#define DOLEN_ENGINE_BASE_NAMES_H_

#include "absl/strings/string_view.h"

namespace dolen {

// lower_snake_case: letters a-z, digits and single underscores; a letter first, no underscore last.
inline bool IsSnakeCase(absl::string_view text) {
  if (text.empty() || text[0] < 'a' || text[0] > 'z' || text.back() == '_') return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool is_word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (!is_word && !(c == '_' && text[i - 1] != '_')) return false;
  }
  return true;
}

// How many letters must be changed, added or removed to come from one to the other.
int Distance(absl::string_view a, absl::string_view b);

}  // namespace dolen

#endif  // DOLEN_ENGINE_BASE_NAMES_H_
