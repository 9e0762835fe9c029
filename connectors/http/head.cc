#include "connectors/http/head.h"

#include <boost/beast/http/status.hpp>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "engine/base/status.h"

namespace dolen {
namespace {

namespace http = boost::beast::http;

bool IsFieldValue(absl::string_view text) {
  for (char c : text) {
    // A line break here would let a value forge headers, or a whole second answer.
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F) return false;
  }
  return true;
}

// An answer's headers where the handler gives none.
constexpr std::pair<const char*, const char*> kDefaults[] = {{"cache-control", "private, no-store"},
                                                             {"x-content-type-options", "nosniff"}};

absl::Status AppendField(absl::string_view name, absl::string_view value, std::string& head) {
  DOLEN_RETURN_IF_ERROR(CheckField(name, value));
  // Two that contradict each other are how one answer is read as two.
  for (absl::string_view own : {"content-length", "transfer-encoding", "connection", "date"}) {
    if (absl::EqualsIgnoreCase(name, own)) {
      return absl::InvalidArgumentError(absl::StrCat(name, " is the server's to say"));
    }
  }
  absl::StrAppend(&head, name, ": ", value, "\r\n");
  return absl::OkStatus();
}

}  // namespace

bool IsToken(absl::string_view text) {
  for (char c : text) {
    if (!absl::ascii_isalnum(static_cast<unsigned char>(c)) &&
        absl::string_view("!#$%&'*+-.^_`|~").find(c) == absl::string_view::npos) {
      return false;
    }
  }
  return !text.empty();
}

absl::Status CheckField(absl::string_view name, absl::string_view value) {
  if (IsToken(name) && IsFieldValue(value)) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("no such header can be sent: ", name));
}

absl::StatusOr<std::string> HeadOf(const HttpResponse& response, Framing framing, bool keep_alive) {
  // 1xx are no answers.
  if (response.status < 200 || response.status > 599) {
    return absl::InvalidArgumentError(absl::StrCat("no status of HTTP: ", response.status));
  }
  const auto phrase = http::obsolete_reason(http::int_to_status(response.status));
  std::string head = absl::StrCat("HTTP/1.1 ", response.status, " ",
                                  absl::string_view(phrase.data(), phrase.size()), "\r\nDate: ");
  absl::StrAppend(&head,
                  absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", absl::Now(), absl::UTCTimeZone()),
                  "\r\n");
  if (!keep_alive) head += "Connection: close\r\n";
  if (framing == Framing::kChunked) head += "Transfer-Encoding: chunked\r\n";
  if (framing == Framing::kLength) {
    absl::StrAppend(&head, "Content-Length: ", response.body.size(), "\r\n");
  }
  for (const auto& [name, value] : response.headers) {
    DOLEN_RETURN_IF_ERROR(AppendField(name, value, head));
  }
  if (!response.content_type.empty()) {
    DOLEN_RETURN_IF_ERROR(AppendField("content-type", response.content_type, head));
  }
  for (const auto& [name, value] : kDefaults) {
    if (response.headers.count(name) == 0) absl::StrAppend(&head, name, ": ", value, "\r\n");
  }
  head += "\r\n";
  return head;
}

}  // namespace dolen
