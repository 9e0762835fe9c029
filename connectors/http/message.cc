#include "connectors/http/message.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "connectors/http/boost.h"
#include "connectors/http/head.h"
#include "connectors/http/target.h"
#include "engine/base/status.h"

namespace dolen {
namespace {

namespace http = beast::http;

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
  for (const auto& [name, value] : request.headers) {
    DOLEN_RETURN_IF_ERROR(CheckField(name, value));
    raw.set(name, value);
  }
  if (!request.content_type.empty()) {
    DOLEN_RETURN_IF_ERROR(CheckField("content-type", request.content_type));
    raw.set(http::field::content_type, request.content_type);
  }
  raw.body() = request.body;
  raw.prepare_payload();
  return raw;
}

}  // namespace dolen
