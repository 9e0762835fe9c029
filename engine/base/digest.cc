#include "engine/base/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <xxhash.h>

#include <cstring>

#include "absl/strings/escaping.h"
#include "engine/base/check.h"

namespace dolen {

uint64_t Hash64(absl::string_view a, absl::string_view b) {
  return XXH3_64bits_withSeed(b.data(), b.size(), XXH3_64bits(a.data(), a.size()));
}

std::string Sha256(absl::string_view text) {
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  DOLEN_CHECK(EVP_Digest(text.data(), text.size(), out, &size, EVP_sha256(), nullptr) == 1);
  return {reinterpret_cast<const char*>(out), size};
}

std::string ShortSha256Hex(absl::string_view text) {
  return absl::BytesToHexString(Sha256(text).substr(0, 16));
}

ChildKey AgencyKey(absl::string_view agency) {
  ChildKey key;
  const std::string hex = ShortSha256Hex(absl::StrCat("agency\n", agency));
  DOLEN_CHECK(ChildKey::FromHex(hex, key));
  return key;
}

RunningDigest RunningDigest::FromBytes(absl::string_view bytes) {
  DOLEN_CHECK(bytes.size() == kBytes);
  RunningDigest digest;
  std::memcpy(digest.bytes_.data(), bytes.data(), kBytes);
  return digest;
}

void RunningDigest::Add(absl::string_view item) {
  // The chain so far is the seed, so that order and length count.
  const XXH128_hash_t hash = XXH3_128bits(item.data(), item.size());
  struct {
    char before[kBytes];
    uint64_t size, low, high;
  } link;
  std::memcpy(link.before, bytes_.data(), kBytes);
  link.size = item.size();
  link.low = hash.low64;
  link.high = hash.high64;
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits(&link, sizeof(link)));
  std::memcpy(bytes_.data(), canonical.digest, kBytes);
}

void RunningDigest::AddInt(int64_t item) {
  char bytes[8];
  for (int i = 0; i < 8; ++i)
    bytes[i] = static_cast<char>(static_cast<uint64_t>(item) >> (56 - 8 * i));
  Add({bytes, sizeof(bytes)});
}

std::string RunningDigest::Hex() const { return absl::BytesToHexString(bytes()); }

// Keyed once: setting a key costs more than hashing a small message.
struct KeyedDigest::State {
  EVP_MAC* mac = nullptr;
  EVP_MAC_CTX* context = nullptr;
};

KeyedDigest::KeyedDigest(absl::string_view secret) : state_(std::make_unique<State>()) {
  state_->mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  DOLEN_CHECK(state_->mac != nullptr);
  state_->context = EVP_MAC_CTX_new(state_->mac);
  char name[] = "SHA256";
  const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string("digest", name, 0),
                               OSSL_PARAM_construct_end()};
  DOLEN_CHECK(EVP_MAC_init(state_->context, reinterpret_cast<const unsigned char*>(secret.data()),
                           secret.size(), params) == 1);
}

KeyedDigest::~KeyedDigest() {
  EVP_MAC_CTX_free(state_->context);
  EVP_MAC_free(state_->mac);
}

std::string KeyedDigest::Of(absl::string_view text) const {
  std::string out(32, '\0');
  size_t size = 0;
  DOLEN_CHECK(EVP_MAC_init(state_->context, nullptr, 0, nullptr) == 1);
  DOLEN_CHECK(EVP_MAC_update(state_->context, reinterpret_cast<const unsigned char*>(text.data()),
                             text.size()) == 1);
  DOLEN_CHECK(EVP_MAC_final(state_->context, reinterpret_cast<unsigned char*>(out.data()), &size,
                            out.size()) == 1);
  return out;
}

bool SameSecret(absl::string_view a, absl::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string RandomBytes(size_t count) {
  std::string out(count, '\0');
  DOLEN_CHECK(RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(count)) ==
              1);
  return out;
}

}  // namespace dolen
