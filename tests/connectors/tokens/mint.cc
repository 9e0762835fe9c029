#include "tests/connectors/tokens/mint.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "engine/base/check.h"

namespace dolen {
namespace {

constexpr int kCoordinate = 32;  // bytes of P-256

std::string NumberOf(const EVP_PKEY* key, const char* name, int size) {
  BIGNUM* number = nullptr;
  DOLEN_CHECK(EVP_PKEY_get_bn_param(key, name, &number) == 1);
  std::string bytes(size > 0 ? size : BN_num_bytes(number), '\0');
  BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()),
               static_cast<int>(bytes.size()));
  BN_free(number);
  return bytes;
}

// r and s, one after the other, as tokens have them.
std::string RawOf(const std::string& der) {
  const auto* begin = reinterpret_cast<const unsigned char*>(der.data());
  ECDSA_SIG* signature = d2i_ECDSA_SIG(nullptr, &begin, static_cast<int64_t>(der.size()));
  std::string raw(2 * kCoordinate, '\0');
  auto* out = reinterpret_cast<unsigned char*>(raw.data());
  BN_bn2binpad(ECDSA_SIG_get0_r(signature), out, kCoordinate);
  BN_bn2binpad(ECDSA_SIG_get0_s(signature), out + kCoordinate, kCoordinate);
  ECDSA_SIG_free(signature);
  return raw;
}

}  // namespace

MintKey MintKey::P256(std::string id) { return {std::move(id), EVP_EC_gen("P-256")}; }

MintKey MintKey::Rsa(std::string id, int bits) {
  return {std::move(id), EVP_RSA_gen(static_cast<unsigned>(bits))};
}

nlohmann::json MintKey::PublicJwk() const {
  nlohmann::json jwk = {{"kid", id_}, {"use", "sig"}};
  if (EVP_PKEY_get_base_id(key_.get()) == EVP_PKEY_EC) {
    jwk["kty"] = "EC";
    jwk["crv"] = "P-256";
    jwk["x"] = Base64Url(NumberOf(key_.get(), OSSL_PKEY_PARAM_EC_PUB_X, kCoordinate));
    jwk["y"] = Base64Url(NumberOf(key_.get(), OSSL_PKEY_PARAM_EC_PUB_Y, kCoordinate));
  } else {
    jwk["kty"] = "RSA";
    jwk["n"] = Base64Url(NumberOf(key_.get(), OSSL_PKEY_PARAM_RSA_N, 0));
    jwk["e"] = Base64Url(NumberOf(key_.get(), OSSL_PKEY_PARAM_RSA_E, 0));
  }
  return jwk;
}

std::string MintKey::Sign(const std::string& algorithm, const std::string& text) const {
  if (algorithm == "none") return "";
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  if (algorithm == "HS256") {
    const std::string secret = PublicJwk().dump();
    std::string mac(EVP_MAX_MD_SIZE, '\0');
    unsigned size = 0;
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), bytes, text.size(),
         reinterpret_cast<unsigned char*>(mac.data()), &size);
    return mac.substr(0, size);
  }
  EVP_MD_CTX* const context = EVP_MD_CTX_new();
  EVP_PKEY_CTX* options = nullptr;
  DOLEN_CHECK(EVP_DigestSignInit(context, &options, EVP_sha256(), nullptr, key_.get()) == 1);
  if (algorithm == "PS256") {
    EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING);
    EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST);
  }
  size_t size = 0;
  EVP_DigestSign(context, nullptr, &size, bytes, text.size());
  std::string signature(size, '\0');
  DOLEN_CHECK(EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size,
                             bytes, text.size()) == 1);
  EVP_MD_CTX_free(context);
  signature.resize(size);
  return EVP_PKEY_get_base_id(key_.get()) == EVP_PKEY_EC ? RawOf(signature) : signature;
}

std::string Base64Url(absl::string_view bytes) { return absl::WebSafeBase64Escape(bytes); }

std::string Minted(const MintKey& key, const std::string& algorithm, const std::string& header,
                   const std::string& claims) {
  const std::string signed_text = absl::StrCat(Base64Url(header), ".", Base64Url(claims));
  return absl::StrCat(signed_text, ".", Base64Url(key.Sign(algorithm, signed_text)));
}

}  // namespace dolen
