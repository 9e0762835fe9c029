#include "engine/admission/identifiers.h"

#include "absl/strings/ascii.h"

namespace dolen {

bool IsNhsNumber(absl::string_view value) {
  if (value.size() != 10) return false;
  int sum = 0;
  for (int i = 0; i < 10; ++i) {
    if (!absl::ascii_isdigit(value[i])) return false;
    if (i < 9) sum += (10 - i) * (value[i] - '0');
  }
  const int check = (11 - sum % 11) % 11;
  return check == value[9] - '0';  // a check of 10 is no digit: such numbers are never issued
}

bool IsUpn(absl::string_view value) {
  constexpr absl::string_view kLetters = "ABCDEFGHJKLMNPQRTUVWXYZ";  // without I, O and S
  if (value.size() != 13 || value.substr(1, 3) == "000") return false;
  size_t sum = 0;
  for (size_t i = 1; i < 13; ++i) {
    size_t worth = 0;
    if (absl::ascii_isdigit(value[i])) {
      worth = static_cast<size_t>(value[i] - '0');
    } else {
      worth = kLetters.find(value[i]);
      if (i != 12 || worth == absl::string_view::npos) return false;
    }
    sum += worth * (i + 1);
  }
  return value[0] == kLetters[sum % kLetters.size()];
}

}  // namespace dolen
