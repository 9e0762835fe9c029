// The public keys of an issuer of tokens, from its JSON Web Key Set (RFC 7517).
#ifndef DOLEN_ENGINE_ACCESS_KEYS_H_
#define DOLEN_ENGINE_ACCESS_KEYS_H_

#include <memory>
#include <string>

#include "absl/container/btree_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dolen {

// How a token may be signed. Nothing else is accepted, least of all "none" and shared secrets.
enum class Algorithm { kEs256, kRs256, kPs256 };
absl::string_view AlgorithmName(Algorithm algorithm);  // "ES256", as tokens say it

// One key set; a rotation replaces it as a whole. Thread-safe.
class KeySet {
 public:
  // Keys that are not for signing, or of a kind that is not accepted, are left out.
  // kInvalidArgument: it is no key set, a key cannot be read, is shorter than 2,048 bits (RSA), has
  // no id or the id of another, or none is left.
  static absl::StatusOr<KeySet> Parse(absl::string_view jwks);

  // Whether this key signed the compact JWS `token` whose header names `algorithm`. kNotFound:
  // there is no such key; kUnauthenticated: the key is for something else, or the signature is
  // wrong.
  absl::Status Verify(absl::string_view token, const std::string& key_id,
                      Algorithm algorithm) const;
  size_t size() const { return keys_.size(); }

 private:
  struct Key;
  absl::btree_map<std::string, std::shared_ptr<const Key>> keys_;  // by id
};

}  // namespace dolen

#endif  // DOLEN_ENGINE_ACCESS_KEYS_H_
