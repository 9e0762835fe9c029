// Makes keys and signed tokens for tests, right and wrong ones, with OpenSSL alone: another hand
// than the one that checks them.
#ifndef DOLEN_TESTS_ENGINE_ACCESS_MINT_H_
#define DOLEN_TESTS_ENGINE_ACCESS_MINT_H_

#include <openssl/evp.h>

#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"

namespace dolen {

// "ES256", "RS256", "PS256", "HS256" (with the key's own public JWK as the secret), "none".
class MintKey {
 public:
  static MintKey P256(std::string id);
  static MintKey Rsa(std::string id, int bits);

  const std::string& id() const { return id_; }
  nlohmann::json PublicJwk() const;
  std::string Sign(const std::string& algorithm, const std::string& text) const;  // the bytes

 private:
  struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  };
  MintKey(std::string id, EVP_PKEY* key) : id_(std::move(id)), key_(key) {}

  std::string id_;
  std::unique_ptr<EVP_PKEY, Free> key_;
};

std::string Base64Url(absl::string_view bytes);
// header.claims.signature, the two first as they are.
std::string Minted(const MintKey& key, const std::string& algorithm, const std::string& header,
                   const std::string& claims);

}  // namespace dolen

#endif  // DOLEN_TESTS_ENGINE_ACCESS_MINT_H_
