// Bearer tokens: signed access tokens of an OpenID provider (RFC 9068), checked strictly. What a
// token says is believed only if every part of it is as it must be; why one was refused is for the
// log, not for its bearer.
#ifndef DOLEN_ENGINE_ACCESS_TOKEN_H_
#define DOLEN_ENGINE_ACCESS_TOKEN_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "connectors/tokens/keys.h"
#include "engine/access/caller.h"

namespace dolen {

inline constexpr size_t kMostOfAToken = 8 * 1024;  // bytes
// By how much the clocks of issuer and engine may differ.
inline constexpr absl::Duration kTokenSkew = absl::Seconds(60);
// A token that lives longer could not be taken back in time.
inline constexpr absl::Duration kLongestTokenLife = absl::Hours(24);

// Whose tokens are believed, and how they say what we ask.
struct Issuer {
  std::string name;      // "iss", exactly
  std::string audience;  // must be among "aud"
  std::vector<Algorithm> algorithms = {Algorithm::kEs256};
  std::string agency_claim = "dolen_agency";
  std::string roles_claim = "dolen_roles";
  std::string teams_claim = "dolen_teams";
};

// kUnauthenticated with a sentence that shows nothing of the token; kNotFound: its key is not in
// the set, so the set may be outdated.
absl::StatusOr<Caller> CheckToken(absl::string_view token, const Issuer& issuer, const KeySet& keys,
                                  absl::Time now);

}  // namespace dolen

#endif  // DOLEN_ENGINE_ACCESS_TOKEN_H_
