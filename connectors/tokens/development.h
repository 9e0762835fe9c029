// A local issuer of tokens, for trying out only: it signs whatever it is asked to, with a key that
// lives as long as the process. Nothing outside believes it.
#ifndef DOLEN_CONNECTORS_TOKENS_DEVELOPMENT_H_
#define DOLEN_CONNECTORS_TOKENS_DEVELOPMENT_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "connectors/tokens/keys.h"
#include "connectors/tokens/token.h"
#include "engine/access/caller.h"

namespace dolen {

inline constexpr absl::Duration kDevelopmentTokenLife = absl::Hours(8);

// Thread-safe.
class DevelopmentIssuer {
 public:
  // Makes a key. kInternal: it cannot be made.
  static absl::StatusOr<std::unique_ptr<DevelopmentIssuer>> Make();
  ~DevelopmentIssuer();

  // What believes its tokens, and nobody else's.
  const Issuer& issuer() const { return issuer_; }
  const std::shared_ptr<const KeySet>& keys() const { return keys_; }
  // `until` of the caller is not used.
  absl::StatusOr<std::string> TokenFor(const Caller& caller, absl::Time now) const;

 private:
  struct Key;
  DevelopmentIssuer();
  std::unique_ptr<Key> key_;
  Issuer issuer_;
  std::shared_ptr<const KeySet> keys_;
};

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_TOKENS_DEVELOPMENT_H_
