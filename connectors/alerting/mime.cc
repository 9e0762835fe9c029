#include "connectors/alerting/mime.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace dolen {
namespace {

constexpr size_t kLongestLine = 76;  // RFC 2045 section 6.7, RFC 2047 section 2
constexpr size_t kAroundAWord = 12;  // "=?UTF-8?B?" and "?="

bool IsPlain(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

// The end of the first part of `text` of at most `bytes`, between two characters of UTF-8.
size_t CutBefore(absl::string_view text, size_t bytes) {
  if (text.size() <= bytes) return text.size();
  size_t end = bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return end == 0 ? bytes : end;  // no character of UTF-8 is that long
}

// A character of a quoted-printable line; a space at the end of a line would be lost.
std::string Quoted(char c, bool is_last) {
  const bool is_space = c == ' ' || c == '\t';
  const bool stays = (c > ' ' && c <= '~' && c != '=') || (is_space && !is_last);
  return stays ? std::string(1, c) : absl::StrFormat("=%02X", static_cast<unsigned char>(c));
}

void AddLine(absl::string_view line, std::string& encoded) {
  size_t length = 0;
  for (size_t i = 0; i < line.size(); ++i) {
    const std::string quoted = Quoted(line[i], i + 1 == line.size());
    if (length + quoted.size() >= kLongestLine) {  // room for the "=" of a soft break
      encoded += "=\r\n";
      length = 0;
    }
    encoded += quoted;
    length += quoted.size();
  }
  encoded += "\r\n";
}

}  // namespace

std::string HeaderLine(absl::string_view name, absl::string_view text) {
  if (IsPlain(text) && name.size() + 2 + text.size() <= kLongestLine) {
    return absl::StrCat(name, ": ", text, "\r\n");
  }
  std::string header = absl::StrCat(name, ": ");
  size_t column = header.size();
  while (true) {
    const size_t end = CutBefore(text, (kLongestLine - column - kAroundAWord) / 4 * 3);
    absl::StrAppend(&header, "=?UTF-8?B?", absl::Base64Escape(text.substr(0, end)), "?=\r\n");
    text.remove_prefix(end);
    if (text.empty()) return header;
    header += " ";
    column = 1;
  }
}

std::string QuotedPrintable(absl::string_view text) {
  std::string encoded;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) AddLine(line, encoded);
  return encoded;
}

std::string MailDate(absl::Time time) {
  return absl::FormatTime("%a, %d %b %Y %H:%M:%S +0000", time, absl::UTCTimeZone());
}

bool IsMailbox(absl::string_view address) {
  const auto is_allowed = [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           absl::string_view("!#$%&'*+-/=?^_`{|}~.@").find(c) != absl::string_view::npos;
  };
  const size_t at = address.find('@');
  return at != 0 && at != absl::string_view::npos && at + 1 < address.size() &&
         address.find('@', at + 1) == absl::string_view::npos &&
         std::all_of(address.begin(), address.end(), is_allowed);
}

std::string HtmlEscaped(absl::string_view text) {
  return absl::StrReplaceAll(
      text, {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}, {"'", "&#39;"}});
}

}  // namespace dolen
