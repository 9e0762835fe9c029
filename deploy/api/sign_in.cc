#include "deploy/api/sign_in.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/strings/str_cat.h"
#include "deploy/api/access_file.h"
#include "deploy/api/question.h"
#include "deploy/api/words.h"
#include "deploy/program/routes.h"
#include "nlohmann/json.hpp"

namespace dolen {
namespace {

using Json = nlohmann::ordered_json;

using Words = absl::btree_map<std::string, pathway::v1::Text>;

// As the books call it, else its short id.
Json NameOf(const std::string& agency, const Words& words) {
  const auto word = words.find(agency);
  if (word == words.end()) return {{"en", agency}, {"cy", agency}};
  return {{"en", word->second.en()}, {"cy", word->second.cy()}};
}

Json ProviderJson(const access::v1::Provider& provider) {
  return {{"kind", "oidc"},
          {"issuer", provider.issuer()},
          {"client_id", provider.client_id()},
          {"scope", provider.scope().empty() ? "openid" : provider.scope()}};
}

Json DevelopmentJson(const access::v1::Development& development, const Words& words) {
  Json people = Json::array();
  for (const access::v1::Person& one : development.person()) {
    people.push_back({{"id", one.id()},
                      {"name", one.name()},
                      {"agency", one.agency()},
                      {"agency_name", NameOf(one.agency(), words)},
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

void AddSignIn(const access::v1::Access* access, const DevelopmentGate* development,
               Readings* readings, Engine* engine, Router& router) {
  router.Add("GET", "/v1/sign-in", [access, readings](const HttpRequest&, const PathArguments&) {
    if (access->who_case() == access::v1::Access::WHO_NOT_SET) {
      return Problem(404, "not_found", "nobody signs in here: programs show their certificates");
    }
    if (access->has_provider()) {
      return JsonResponse(ProviderJson(access->provider()).dump() + "\n");
    }
    const absl::StatusOr<Glances> glances = readings->Take("");
    if (!glances.ok()) return ResponseOf(glances.status());
    const absl::StatusOr<Words> words = WordsOf(*glances);
    if (!words.ok()) return ResponseOf(words.status());
    return JsonResponse(DevelopmentJson(access->development(), *words).dump() + "\n");
  });
  if (development == nullptr) return;
  router.Add("POST", "/v1/sign-in/development",
             [access, development, engine](const HttpRequest& request, const PathArguments&) {
               return TokenFor(*access, *development, request, engine->clock().Now());
             });
}

}  // namespace dolen
