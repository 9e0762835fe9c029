#include "engine/admission/text.h"

#include <cstring>

namespace dolen {
namespace {

// True if the eight bytes of `word` all lie in 0x20..0x7e.
bool AreEightPlain(uint64_t word) {
  constexpr uint64_t kOnes = 0x0101010101010101, kHigh = 0x8080808080808080;
  if (word & kHigh) return false;
  // No byte borrows from its neighbour below, since the high bits are clear and set by kHigh.
  const uint64_t below_space = ~((word | kHigh) - kOnes * 0x20) & kHigh;
  const uint64_t above_tilde = (word + kOnes) & kHigh;
  return (below_space | above_tilde) == 0;
}

template <typename Word>
Word Load(const char* at) {
  Word word;
  std::memcpy(&word, at, sizeof(word));
  return word;
}

// True if all of `text` lies in 0x20..0x7e, which is nearly always so. The last bytes are looked at
// twice rather than one by one.
bool IsPlain(absl::string_view text) {
  const char* at = text.data();
  const size_t size = text.size();
  if (size >= 8) {
    for (size_t i = 0; i + 8 < size; i += 8) {
      if (!AreEightPlain(Load<uint64_t>(at + i))) return false;
    }
    return AreEightPlain(Load<uint64_t>(at + size - 8));
  }
  if (size >= 4) {
    return AreEightPlain(uint64_t{Load<uint32_t>(at)} << 32 | Load<uint32_t>(at + size - 4));
  }
  for (const char c : text) {
    if (c < 0x20 || c >= 0x7f) return false;
  }
  return true;
}

// Decodes one character of two to four bytes. Returns its length, or 0 if it is not valid UTF-8:
// cut, over-long, a surrogate, or beyond U+10FFFF.
size_t Decode(absl::string_view text, uint32_t& code) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t lead = byte(0);
  size_t size = 0;
  uint32_t least = 0;
  if (lead >= 0xc2 && lead <= 0xdf) {
    size = 2, least = 0x80, code = lead & 0x1f;
  } else if ((lead & 0xf0) == 0xe0) {
    size = 3, least = 0x800, code = lead & 0x0f;
  } else if (lead >= 0xf0 && lead <= 0xf4) {
    size = 4, least = 0x10000, code = lead & 0x07;
  } else {
    return 0;
  }
  if (text.size() < size) return 0;
  for (size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
    code = code << 6 | (byte(i) & 0x3f);
  }
  if (code < least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return 0;
  return size;
}

bool IsInvisible(uint32_t code) {
  return code == 0xad || code == 0x34f || code == 0x61c ||  // soft hyphen, joiner, Arabic mark
         code == 0x115f || code == 0x1160 || code == 0x3164 || code == 0xffa0 ||  // Hangul fillers
         (code >= 0x17b4 && code <= 0x17b5) || (code >= 0x180b && code <= 0x180f) ||
         (code >= 0x200b && code <= 0x200f) ||  // zero-width characters, marks of direction
         (code >= 0x2028 && code <= 0x202e) ||  // line and paragraph ends, overrides of direction
         (code >= 0x2060 && code <= 0x206f) || (code >= 0xfe00 && code <= 0xfe0f) ||
         code == 0xfeff || (code >= 0xfff9 && code <= 0xfffb) ||
         (code >= 0xe0000 && code <= 0xe0fff);
}

// Judges the first character of `text`; `size` is its length if nothing is wrong.
TextFault CheckOne(absl::string_view text, TextClass text_class, size_t& size) {
  const uint8_t first = static_cast<uint8_t>(text[0]);
  uint32_t code = first;
  size = first < 0x80 ? 1 : Decode(text, code);
  if (size == 0) return TextFault::kInvalidUtf8;
  const bool is_control = code < 0x20 || (code >= 0x7f && code <= 0x9f);
  const bool is_layout = code == '\n' || code == '\r' || code == '\t';
  if (is_control && !(is_layout && text_class == TextClass::kProse)) return TextFault::kControl;
  if (text_class == TextClass::kId && IsInvisible(code)) return TextFault::kInvisible;
  return TextFault::kNone;
}

}  // namespace

TextFault CheckText(absl::string_view text, TextClass text_class) {
  if (IsPlain(text)) return TextFault::kNone;
  while (!text.empty()) {
    size_t size = 8;
    if (text.size() < size || !AreEightPlain(Load<uint64_t>(text.data()))) {
      const TextFault fault = CheckOne(text, text_class, size);
      if (fault != TextFault::kNone) return fault;
    }
    text.remove_prefix(size);
  }
  return TextFault::kNone;
}

bool IsUtf8(absl::string_view text) {
  while (!text.empty()) {
    uint32_t code = 0;
    const size_t size = static_cast<signed char>(text[0]) >= 0 ? 1 : Decode(text, code);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

}  // namespace dolen
