#include "connectors/http/message.h"

#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "connectors/http/boost.h"
#include "connectors/http/target.h"
#include "engine/base/status.h"

namespace dolen {
namespace {

namespace http = beast::http;

// A token of RFC 9110 section 5.6.2: what a method or the name of a header is made of.
bool IsToken(absl::string_view text) {
  for (char c : text) {
    if (!absl::ascii_isalnum(static_cast<unsigned char>(c)) &&
        absl::string_view("!#$%&'*+-.^_`|~").find(c) == absl::string_view::npos) {
      return false;
    }
  }
  return !text.empty();
}

bool IsFieldValue(absl::string_view text) {
  for (char c : text) {
    // A line break here would let a value forge headers, or a whole second answer.
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F) return false;
  }
  return true;
}

template <typename Raw>
absl::Status SetField(absl::string_view name, absl::string_view value, Raw& raw) {
  if (!IsToken(name) || !IsFieldValue(value)) {
    return absl::InvalidArgumentError(absl::StrCat("no such header can be sent: ", name));
  }
  raw.set(View(name), View(value));
  return absl::OkStatus();
}

template <typename Raw, typename Message>
void TakeFields(const Raw& raw, Message& message) {
  for (const auto& field : raw) {
    const std::string name = absl::AsciiStrToLower(View(field.name_string()));
    const absl::string_view value = View(field.value());
    if (name == "content-type") {
      message.content_type = std::string(value);
    } else if (const auto [at, added] = message.headers.emplace(name, value); !added) {
      absl::StrAppend(&at->second, ", ", value);
    }
  }
}

template <typename Raw, typename Message>
absl::Status SetFields(const Message& message, Raw& raw) {
  for (const auto& [name, value] : message.headers) {
    DOLEN_RETURN_IF_ERROR(SetField(name, value, raw));
  }
  if (message.content_type.empty()) return absl::OkStatus();
  return SetField("content-type", message.content_type, raw);
}

}  // namespace

absl::StatusOr<HttpRequest> FromRaw(RawRequest raw) {
  HttpRequest request;
  DOLEN_RETURN_IF_ERROR(ParseTarget(View(raw.target()), request));
  request.method = std::string(View(raw.method_string()));
  TakeFields(raw, request);
  request.body = std::move(raw.body());
  return request;
}

HttpResponse FromRaw(RawResponse raw) {
  HttpResponse response;
  response.status = static_cast<int>(raw.result_int());
  response.content_type.clear();
  TakeFields(raw, response);
  response.body = std::move(raw.body());
  return response;
}

absl::StatusOr<RawRequest> ToRaw(const HttpRequest& request) {
  RawRequest raw;
  raw.version(11);
  if (!IsToken(request.method)) {
    return absl::InvalidArgumentError(absl::StrCat("no HTTP method: ", request.method));
  }
  raw.method_string(request.method);
  raw.target(TargetOf(request));
  raw.set(http::field::host, "localhost");
  DOLEN_RETURN_IF_ERROR(SetFields(request, raw));
  raw.body() = request.body;
  raw.prepare_payload();
  return raw;
}

absl::StatusOr<RawResponse> ToRaw(HttpResponse response) {
  RawResponse raw;
  raw.version(11);
  // 1xx are no answers.
  if (response.status < 200 || response.status > 599) {
    return absl::InvalidArgumentError(absl::StrCat("no status of HTTP: ", response.status));
  }
  raw.result(static_cast<unsigned>(response.status));
  raw.set(http::field::date,
          absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", absl::Now(), absl::UTCTimeZone()));
  raw.set(http::field::cache_control, "private, no-store");
  raw.set("x-content-type-options", "nosniff");
  DOLEN_RETURN_IF_ERROR(SetFields(response, raw));
  raw.body() = std::move(response.body);
  return raw;
}

}  // namespace dolen
