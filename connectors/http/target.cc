#include "connectors/http/target.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace dolen {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The length of the UTF-8 character (RFC 3629) that `text` begins with; 0 if it begins with none.
size_t CharacterLength(absl::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x80) return 1;
  const size_t length = byte(0) < 0xC2   ? 0
                        : byte(0) < 0xE0 ? 2
                        : byte(0) < 0xF0 ? 3
                        : byte(0) < 0xF5 ? 4
                                         : 0;
  if (length == 0 || text.size() < length) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  // Longer than need be, half of a UTF-16 pair, beyond Unicode.
  if (byte(0) == 0xE0 && byte(1) < 0xA0) return 0;
  if (byte(0) == 0xED && byte(1) > 0x9F) return 0;
  if (byte(0) == 0xF0 && byte(1) < 0x90) return 0;
  if (byte(0) == 0xF4 && byte(1) > 0x8F) return 0;
  return length;
}

bool IsText(absl::string_view text) {
  while (!text.empty()) {
    const size_t length = text[0] == '\0' ? 0 : CharacterLength(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

absl::Status Decode(absl::string_view text, bool plus_is_space, std::string& decoded) {
  decoded.clear();
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      decoded += ' ';
    } else if (text[i] != '%') {
      decoded += text[i];
    } else {
      const int high = i + 1 < text.size() ? HexDigit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? HexDigit(text[i + 2]) : -1;
      if (high < 0 || low < 0) {
        return absl::InvalidArgumentError(
            "In the request target a % is not followed by two hex digits.");
      }
      decoded += static_cast<char>(high << 4 | low);
      i += 2;
    }
  }
  if (!IsText(decoded)) {
    return absl::InvalidArgumentError(
        "The request target, once decoded, is not UTF-8 or holds a zero byte.");
  }
  return absl::OkStatus();
}

void AppendEncoded(absl::string_view text, std::string& out) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  for (char c : text) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '.' || c == '_' ||
        c == '~') {
      out += c;
    } else {
      out += '%';
      out += kHex[static_cast<unsigned char>(c) >> 4];
      out += kHex[static_cast<unsigned char>(c) & 15];
    }
  }
}

absl::Status ParseQuery(absl::string_view text, HttpRequest& request) {
  for (absl::string_view part : absl::StrSplit(text, '&', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> pair =
        absl::StrSplit(part, absl::MaxSplits('=', 1));
    std::string name, value;
    if (absl::Status status = Decode(pair.first, true, name); !status.ok()) return status;
    if (absl::Status status = Decode(pair.second, true, value); !status.ok()) return status;
    if (!request.query.emplace(std::move(name), std::move(value)).second) {
      return absl::InvalidArgumentError("A name of the query is given twice.");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ParseTarget(absl::string_view target, HttpRequest& request) {
  request.path.clear();
  request.query.clear();
  for (absl::string_view scheme : {"http://", "https://"}) {
    if (!absl::StartsWithIgnoreCase(target, scheme)) continue;
    target.remove_prefix(scheme.size());
    target.remove_prefix(std::min(target.find('/'), target.size()));
    break;
  }
  if (!absl::ConsumePrefix(&target, "/")) {
    return absl::InvalidArgumentError("The request target does not begin with a slash.");
  }
  const size_t mark = target.find('?');
  const absl::string_view path = target.substr(0, mark);
  if (!path.empty()) {
    for (absl::string_view part : absl::StrSplit(path, '/')) {
      std::string segment;
      if (absl::Status status = Decode(part, false, segment); !status.ok()) return status;
      request.path.push_back(std::move(segment));
    }
  }
  if (mark == absl::string_view::npos) return absl::OkStatus();
  return ParseQuery(target.substr(mark + 1), request);
}

std::string TargetOf(const HttpRequest& request) {
  std::string target;
  for (const std::string& segment : request.path) {
    target += '/';
    AppendEncoded(segment, target);
  }
  if (target.empty()) target += '/';
  char separator = '?';
  for (const auto& [name, value] : request.query) {
    target += separator;
    AppendEncoded(name, target);
    target += '=';
    AppendEncoded(value, target);
    separator = '&';
  }
  return target;
}

}  // namespace dolen
