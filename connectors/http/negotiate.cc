#include "connectors/http/negotiate.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "connectors/http/gzip.h"

namespace dolen {
namespace {

constexpr int kFullWeight = 1000;

// A qvalue (RFC 9110 section 12.4.2) in thousandths.
absl::optional<int> ParseWeight(absl::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return absl::nullopt;
  if (text.size() > 1 && text[1] != '.') return absl::nullopt;
  int weight = text[0] == '1' ? kFullWeight : 0;
  int unit = 100;
  for (char c : text.substr(std::min<size_t>(2, text.size()))) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) return absl::nullopt;
    weight += (c - '0') * unit;
    unit /= 10;
  }
  if (weight > kFullWeight) return absl::nullopt;
  return weight;
}

// The weight of one part of an Accept-Encoding after its name: "" or ";q=0.5", with blanks.
absl::optional<int> ParseParameters(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  if (text.empty()) return kFullWeight;
  if (!absl::ConsumePrefix(&text, ";")) return absl::nullopt;
  text = absl::StripLeadingAsciiWhitespace(text);
  if (!absl::ConsumePrefix(&text, "q=") && !absl::ConsumePrefix(&text, "Q=")) return absl::nullopt;
  return ParseWeight(text);
}

// RFC 9110 section 8.8.3: printable without the quote, or beyond ASCII.
bool IsTagCharacter(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == 0x21 || (byte >= 0x23 && byte != 0x7F);
}

// The tag that `text` begins with, which is taken off; empty: it begins with none.
std::string ConsumeEtag(absl::string_view& text) {
  const bool is_weak = absl::StartsWith(text, "W/");
  const size_t open = is_weak ? 2 : 0;
  if (open >= text.size() || text[open] != '"') return "";
  size_t close = open + 1;
  while (close < text.size() && IsTagCharacter(text[close])) ++close;
  if (close >= text.size() || text[close] != '"') return "";
  const std::string tag(text.substr(0, close + 1));
  text.remove_prefix(close + 1);
  return tag;
}

bool IsEtag(absl::string_view text) { return !ConsumeEtag(text).empty() && text.empty(); }

// What weak comparison compares.
absl::string_view Opaque(absl::string_view tag) {
  absl::ConsumePrefix(&tag, "W/");
  return tag;
}

std::string HeaderOf(const HttpRequest& request, const char* name) {
  const auto found = request.headers.find(name);
  return found == request.headers.end() ? "" : found->second;
}

void AddVary(HttpResponse& response) {
  std::string& vary = response.headers["vary"];
  if (absl::StrContains(absl::AsciiStrToLower(vary), "accept-encoding") || vary == "*") return;
  absl::StrAppend(&vary, vary.empty() ? "" : ", ", "accept-encoding");
}

// Whether the body is one that may be coded here at all.
bool MayBeCoded(const HttpResponse& response) {
  return response.may_be_compressed && !response.body.empty() && response.status != 204 &&
         response.status != 304 && response.headers.count("content-encoding") == 0 &&
         response.headers.count("content-range") == 0;
}

HttpResponse NotModified(HttpResponse response, std::string etag) {
  response.status = 304;
  response.content_type.clear();
  response.body.clear();
  response.headers["etag"] = std::move(etag);
  response.headers.erase("content-encoding");
  return response;
}

}  // namespace

CodingWish ParseAcceptEncoding(absl::string_view value) {
  absl::optional<int> gzip, identity, any;
  for (absl::string_view part : absl::StrSplit(value, ',')) {
    const size_t end = part.find(';');
    const std::string name = absl::AsciiStrToLower(absl::StripAsciiWhitespace(part.substr(0, end)));
    const absl::optional<int> weight =
        ParseParameters(end == absl::string_view::npos ? "" : part.substr(end));
    if (!weight) continue;
    if (name == "gzip" || name == "x-gzip") gzip = weight;
    if (name == "identity") identity = weight;
    if (name == "*") any = weight;
  }
  CodingWish wish;
  const int gzip_weight = gzip.value_or(any.value_or(0));
  wish.wants_gzip = gzip_weight > 0 && gzip_weight >= identity.value_or(0);
  wish.refuses_identity = identity.value_or(any.value_or(kFullWeight)) == 0;
  return wish;
}

std::vector<std::string> ParseIfNoneMatch(absl::string_view value) {
  value = absl::StripAsciiWhitespace(value);
  if (value == "*") return {"*"};
  std::vector<std::string> tags;
  while (!value.empty()) {
    // A list may hold empty parts (RFC 9110 section 5.6.1.2).
    if (value[0] == ',' || value[0] == ' ' || value[0] == '\t') {
      value.remove_prefix(1);
      continue;
    }
    std::string tag = ConsumeEtag(value);
    const absl::string_view after = absl::StripLeadingAsciiWhitespace(value);
    if (tag.empty() || (!after.empty() && after[0] != ',')) return {};
    tags.push_back(std::move(tag));
  }
  return tags;
}

absl::optional<std::string> MatchedEtag(absl::string_view if_none_match, const std::string& own,
                                        const std::string& other) {
  bool has_other = false;
  for (const std::string& tag : ParseIfNoneMatch(if_none_match)) {
    if (tag == "*" || Opaque(tag) == Opaque(own)) return own;
    has_other = has_other || Opaque(tag) == Opaque(other);
  }
  return has_other ? absl::make_optional(other) : absl::nullopt;
}

std::string GzipEtag(const std::string& etag) {
  if (!IsEtag(etag) || absl::StartsWith(etag, "W/")) return etag;
  return absl::StrCat(etag.substr(0, etag.size() - 1), "-gzip\"");
}

bool IsCompressible(absl::string_view content_type) {
  const std::string type = absl::AsciiStrToLower(
      absl::StripAsciiWhitespace(content_type.substr(0, content_type.find(';'))));
  for (absl::string_view known :
       {"application/json", "application/problem+json", "text/csv", "text/html", "text/css",
        "text/javascript", "application/javascript", "image/svg+xml"}) {
    if (type == known) return true;
  }
  return false;
}

HttpResponse Negotiated(const HttpRequest& request, HttpResponse response) {
  if (response.stream != nullptr) return response;
  const CodingWish wish = ParseAcceptEncoding(HeaderOf(request, "accept-encoding"));
  const bool shrinks =
      response.body.size() >= kMinCodedBytes && IsCompressible(response.content_type);
  const bool may_be_coded = MayBeCoded(response);
  const bool is_coded = may_be_coded && wish.wants_gzip && (shrinks || wish.refuses_identity);
  if (may_be_coded && (shrinks || is_coded)) AddVary(response);

  const auto etag = response.headers.find("etag");
  if (etag != response.headers.end()) {
    const std::string plain = etag->second;
    const std::string coded = may_be_coded ? GzipEtag(plain) : plain;
    if (is_coded) etag->second = coded;
    const bool may_be_known = response.status == 200 && IsEtag(plain) &&
                              (request.method == "GET" || request.method == "HEAD");
    if (may_be_known) {
      absl::optional<std::string> matched =
          MatchedEtag(HeaderOf(request, "if-none-match"), etag->second, is_coded ? plain : coded);
      if (matched) return NotModified(std::move(response), *std::move(matched));
    }
  }
  if (is_coded) {
    response.body = Gzip(response.body);
    response.headers["content-encoding"] = "gzip";
  }
  return response;
}

}  // namespace dolen
