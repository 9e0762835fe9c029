#include "connectors/tokens/keys.h"

#include <cjose/cjose.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "connectors/tokens/strict_json.h"
#include "engine/base/status.h"

namespace dolen {
namespace {

using nlohmann::json;

constexpr int kShortestRsa = 2048;  // bits

struct Release {
  void operator()(cjose_jwk_t* key) const { cjose_jwk_release(key); }
  void operator()(cjose_jws_t* token) const { cjose_jws_release(token); }
};
using Jwk = std::unique_ptr<cjose_jwk_t, Release>;
using Jws = std::unique_ptr<cjose_jws_t, Release>;

bool IsForSigning(const json& key) {
  const std::string use = TextOf(key, "use").value_or("");
  if (!use.empty() && use != "sig") return false;
  const auto operations = key.find("key_ops");
  if (operations == key.end() || !operations->is_array()) return true;
  return std::find(operations->begin(), operations->end(), "verify") != operations->end();
}

bool IsElliptic(const json& key) {
  return TextOf(key, "kty") == "EC" && TextOf(key, "crv") == "P-256";
}

}  // namespace

struct KeySet::Key {
  Jwk jwk;
  bool is_elliptic = false;
  std::string algorithm;  // the only one it is for; empty: any that fits
};

absl::string_view AlgorithmName(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::kEs256:
      return "ES256";
    case Algorithm::kRs256:
      return "RS256";
    case Algorithm::kPs256:
      return "PS256";
  }
  return "";
}

absl::StatusOr<KeySet> KeySet::Parse(absl::string_view jwks) {
  DOLEN_ASSIGN_OR_RETURN(const json set, ParseStrictObject(jwks));
  const auto keys = set.find("keys");
  if (keys == set.end() || !keys->is_array()) {
    return absl::InvalidArgumentError("no key set: it has no array \"keys\"");
  }
  KeySet parsed;
  for (const json& one : *keys) {
    if (!one.is_object()) return absl::InvalidArgumentError("a key of the set is no object");
    const bool is_elliptic = IsElliptic(one);
    if (!IsForSigning(one) || (!is_elliptic && TextOf(one, "kty") != "RSA")) continue;
    const std::string id = TextOf(one, "kid").value_or("");
    if (id.empty()) return absl::InvalidArgumentError("a key of the set has no \"kid\"");
    const std::string text = one.dump();
    cjose_err error{};
    auto key = std::make_shared<Key>();
    key->jwk.reset(cjose_jwk_import(text.data(), text.size(), &error));
    if (key->jwk == nullptr) {
      return absl::InvalidArgumentError(absl::StrCat("key ", id, " cannot be read"));
    }
    if (!is_elliptic && cjose_jwk_get_keysize(key->jwk.get(), &error) < kShortestRsa) {
      return absl::InvalidArgumentError(
          absl::StrCat("key ", id, " is shorter than ", kShortestRsa, " bits"));
    }
    key->is_elliptic = is_elliptic;
    key->algorithm = TextOf(one, "alg").value_or("");
    if (!parsed.keys_.emplace(id, std::move(key)).second) {
      return absl::InvalidArgumentError(absl::StrCat("two keys are called ", id));
    }
  }
  if (parsed.keys_.empty()) {
    return absl::InvalidArgumentError("the key set has no key that tokens may be signed with");
  }
  return parsed;
}

absl::Status KeySet::Verify(absl::string_view token, const std::string& key_id,
                            Algorithm algorithm) const {
  const auto found = keys_.find(key_id);
  if (found == keys_.end()) return absl::NotFoundError("no such key");
  const Key& key = *found->second;
  const absl::string_view name = AlgorithmName(algorithm);
  if (key.is_elliptic != (algorithm == Algorithm::kEs256) ||
      (!key.algorithm.empty() && key.algorithm != name)) {
    return absl::UnauthenticatedError("its key is not for this algorithm");
  }
  cjose_err error{};
  const Jws jws(cjose_jws_import(token.data(), token.size(), &error));
  if (jws == nullptr || !cjose_jws_verify(jws.get(), key.jwk.get(), &error)) {
    return absl::UnauthenticatedError("its signature is wrong");
  }
  return absl::OkStatus();
}

}  // namespace dolen
