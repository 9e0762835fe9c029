#include "connectors/tokens/development.h"

#include <cjose/cjose.h>

#include <cstdlib>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/base/status.h"
#include "nlohmann/json.hpp"

namespace dolen {
namespace {

constexpr char kKeyId[] = "development";

struct FreeHeader {
  void operator()(cjose_header_t* header) const { cjose_header_release(header); }
};
struct FreeJws {
  void operator()(cjose_jws_t* jws) const { cjose_jws_release(jws); }
};

absl::Status Failed(absl::string_view what, const cjose_err& error) {
  return absl::InternalError(absl::StrCat("development issuer: ", what, ": ", error.message));
}

std::string ClaimsOf(const Caller& caller, const Issuer& issuer, absl::Time now) {
  std::vector<std::string> roles;
  for (const Role role : caller.roles) roles.emplace_back(RoleName(role));
  const nlohmann::json claims = {
      {"iss", issuer.name},
      {"aud", issuer.audience},
      {"sub", caller.subject},
      {"client_id", caller.client},
      {"iat", absl::ToUnixSeconds(now)},
      {"exp", absl::ToUnixSeconds(now + kDevelopmentTokenLife)},
      {issuer.agency_claim, caller.agency},
      {issuer.roles_claim, roles},
      {issuer.teams_claim, std::vector<std::string>(caller.teams.begin(), caller.teams.end())}};
  return claims.dump();
}

}  // namespace

struct DevelopmentIssuer::Key {
  ~Key() {
    if (jwk != nullptr) cjose_jwk_release(jwk);
  }
  cjose_jwk_t* jwk = nullptr;
};

DevelopmentIssuer::DevelopmentIssuer() : key_(std::make_unique<Key>()) {
  issuer_.name = "dolen-development";
  issuer_.audience = "dolen";
}
DevelopmentIssuer::~DevelopmentIssuer() = default;

absl::StatusOr<std::unique_ptr<DevelopmentIssuer>> DevelopmentIssuer::Make() {
  std::unique_ptr<DevelopmentIssuer> made(new DevelopmentIssuer());
  cjose_err error = {};
  made->key_->jwk = cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, &error);
  if (made->key_->jwk == nullptr ||
      !cjose_jwk_set_kid(made->key_->jwk, kKeyId, sizeof(kKeyId) - 1, &error)) {
    return Failed("no key can be made", error);
  }
  char* const json = cjose_jwk_to_json(made->key_->jwk, /*priv=*/false, &error);
  if (json == nullptr) return Failed("its key cannot be written", error);
  nlohmann::json key = nlohmann::json::parse(json, nullptr, /*allow_exceptions=*/false);
  std::free(json);
  key["use"] = "sig";
  key["alg"] = "ES256";
  DOLEN_ASSIGN_OR_RETURN(KeySet keys, KeySet::Parse(nlohmann::json({{"keys", {key}}}).dump()));
  made->keys_ = std::make_shared<const KeySet>(std::move(keys));
  return made;
}

absl::StatusOr<std::string> DevelopmentIssuer::TokenFor(const Caller& caller,
                                                        absl::Time now) const {
  cjose_err error = {};
  const std::unique_ptr<cjose_header_t, FreeHeader> header(cjose_header_new(&error));
  if (header == nullptr || !cjose_header_set(header.get(), CJOSE_HDR_ALG, "ES256", &error) ||
      !cjose_header_set(header.get(), "typ", "at+jwt", &error) ||
      !cjose_header_set(header.get(), CJOSE_HDR_KID, kKeyId, &error)) {
    return Failed("no header can be made", error);
  }
  const std::string claims = ClaimsOf(caller, issuer_, now);
  const std::unique_ptr<cjose_jws_t, FreeJws> jws(
      cjose_jws_sign(key_->jwk, header.get(), reinterpret_cast<const uint8_t*>(claims.data()),
                     claims.size(), &error));
  const char* token = nullptr;
  if (jws == nullptr || !cjose_jws_export(jws.get(), &token, &error)) {
    return Failed("a token cannot be signed", error);
  }
  return std::string(token);
}

}  // namespace dolen
