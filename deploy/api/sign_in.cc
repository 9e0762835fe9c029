#include "deploy/api/sign_in.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "deploy/api/access_file.h"
#include "deploy/api/question.h"
#include "deploy/program/routes.h"
#include "nlohmann/json.hpp"

namespace dolen {
namespace {

using Json = nlohmann::ordered_json;

Json SignInJson(const access::v1::Access& access) {
  if (access.has_provider()) {
    const access::v1::Provider& provider = access.provider();
    return {{"kind", "oidc"},
            {"issuer", provider.issuer()},
            {"client_id", provider.client_id()},
            {"scope", provider.scope().empty() ? "openid" : provider.scope()}};
  }
  Json people = Json::array();
  for (const access::v1::Person& one : access.development().person()) {
    people.push_back({{"id", one.id()},
                      {"name", one.name()},
                      {"agency", one.agency()},
                      {"roles", std::vector<std::string>(one.role().begin(), one.role().end())}});
  }
  return {{"kind", "development"}, {"people", people}};
}

HttpResponse TokenFor(const access::v1::Access& access, const DevelopmentGate& gate,
                      const HttpRequest& request, absl::Time now) {
  if (absl::optional<HttpResponse> refused = RefusedBody(request)) return *std::move(refused);
  const Json body = Json::parse(request.body, nullptr, /*allow_exceptions=*/false);
  const bool has_id = body.is_object() && body.contains("id") && body["id"].is_string();
  if (!has_id) return Problem(400, "invalid", "id: say whom of the people of /v1/sign-in");
  for (const access::v1::Person& one : access.development().person()) {
    if (one.id() != body["id"].get<std::string>()) continue;
    const absl::StatusOr<Caller> caller = CallerOf(one);
    if (!caller.ok()) return ResponseOf(caller.status());
    const absl::StatusOr<std::string> token = gate.issuer().TokenFor(*caller, now);
    if (!token.ok()) return ResponseOf(token.status());
    const Json json = {{"access_token", *token},
                       {"expires_in", absl::ToInt64Seconds(kDevelopmentTokenLife)}};
    return JsonResponse(json.dump() + "\n");
  }
  return Problem(404, "not_found", "none of the people of /v1/sign-in has this id");
}

}  // namespace

void AddSignIn(const access::v1::Access* access, const DevelopmentGate* development, Engine* engine,
               Router& router) {
  router.Add("GET", "/v1/sign-in", [access](const HttpRequest&, const PathArguments&) {
    if (access->who_case() == access::v1::Access::WHO_NOT_SET) {
      return Problem(404, "not_found", "nobody signs in here: programs show their certificates");
    }
    return JsonResponse(SignInJson(*access).dump() + "\n");
  });
  if (development == nullptr) return;
  router.Add("POST", "/v1/sign-in/development",
             [access, development, engine](const HttpRequest& request, const PathArguments&) {
               return TokenFor(*access, *development, request, engine->clock().Now());
             });
}

}  // namespace dolen
