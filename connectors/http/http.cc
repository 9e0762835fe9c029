#include "connectors/http/http.h"

#include <boost/beast/http/status.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/base/digest.h"

namespace dolen {
namespace {

// A JSON string (RFC 8259 section 7). The text is valid UTF-8, which JSON takes as it is.
std::string Quoted(absl::string_view text) {
  std::string quoted = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      absl::StrAppendFormat(&quoted, "\\u%04x", static_cast<unsigned char>(c));
    } else {
      quoted += c;
    }
  }
  quoted += '"';
  return quoted;
}

}  // namespace

std::string QueryOf(const HttpRequest& request, const std::string& name) {
  const auto found = request.query.find(name);
  return found == request.query.end() ? "" : found->second;
}

HttpResponse Problem(int status, absl::string_view code, absl::string_view sentence) {
  const auto phrase =
      boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(status));
  HttpResponse response;
  response.status = status;
  response.content_type = "application/problem+json";
  response.body =
      absl::StrCat("{\"type\":", Quoted(absl::StrCat("urn:problem-type:dolen:", code)),
                   ",\"title\":", Quoted({phrase.data(), phrase.size()}), ",\"status\":", status,
                   ",\"detail\":", Quoted(sentence), ",\"code\":", Quoted(code), "}\n");
  return response;
}

std::string StrongEtag(absl::string_view body) {
  return absl::StrCat("\"", ShortSha256Hex(body), "\"");
}

}  // namespace dolen
