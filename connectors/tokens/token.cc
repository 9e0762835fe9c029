#include "connectors/tokens/token.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/types/optional.h"
#include "connectors/tokens/strict_json.h"
#include "engine/base/status.h"

namespace dolen {
namespace {

using nlohmann::json;

absl::Status Refused(absl::string_view why) {
  return absl::UnauthenticatedError(absl::StrCat("token refused: ", why));
}

// Base64url without padding, in its one spelling.
absl::StatusOr<std::string> Decoded(absl::string_view part) {
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(part, &bytes) || absl::WebSafeBase64Escape(bytes) != part) {
    return Refused("a part of it is not base64url");
  }
  return bytes;
}

absl::StatusOr<json> ObjectIn(absl::string_view part, absl::string_view name) {
  DOLEN_ASSIGN_OR_RETURN(const std::string text, Decoded(part));
  absl::StatusOr<json> object = ParseStrictObject(text);
  if (!object.ok()) return Refused(absl::StrCat(name, ": ", object.status().message()));
  return object;
}

absl::StatusOr<std::string> NeededText(const json& claims, const std::string& claim) {
  const absl::optional<std::string> text = TextOf(claims, claim);
  if (!text || text->empty()) return Refused(absl::StrCat("it has no text \"", claim, "\""));
  return *text;
}

absl::StatusOr<absl::Time> NeededTime(const json& claims, const std::string& claim) {
  const auto found = claims.find(claim);
  if (found == claims.end() || !found->is_number()) {
    return Refused(absl::StrCat("it has no number \"", claim, "\""));
  }
  const double seconds = found->get<double>();
  // Up to the year 2286.
  if (!(seconds >= 0 && seconds < 1e10)) return Refused(absl::StrCat("\"", claim, "\" is no time"));
  return absl::UnixEpoch() + absl::Seconds(std::floor(seconds));
}

// A text or a list of texts; anything else is refused.
absl::StatusOr<std::vector<std::string>> TextsOf(const json& claims, const std::string& claim) {
  const auto found = claims.find(claim);
  if (found == claims.end()) return std::vector<std::string>();
  if (found->is_string()) return std::vector<std::string>{found->get<std::string>()};
  const bool are_texts =
      found->is_array() &&
      std::all_of(found->begin(), found->end(), [](const json& one) { return one.is_string(); });
  if (!are_texts) return Refused(absl::StrCat("\"", claim, "\" is no list of texts"));
  return found->get<std::vector<std::string>>();
}

struct Header {
  Algorithm algorithm = Algorithm::kEs256;
  std::string key_id;
};

absl::StatusOr<Header> HeaderOf(const json& object, const Issuer& issuer) {
  // Whoever lets a token bring its own key or its own meaning believes the bearer.
  for (const char* const member : {"jwk", "jku", "x5u", "x5c", "crit", "b64", "zip", "cty"}) {
    if (object.contains(member)) return Refused(absl::StrCat("its header has \"", member, "\""));
  }
  const std::string type = absl::AsciiStrToLower(TextOf(object, "typ").value_or(""));
  if (type != "at+jwt" && type != "application/at+jwt") return Refused("it is no access token");
  Header header;
  header.key_id = TextOf(object, "kid").value_or("");
  if (header.key_id.empty()) return Refused("its header names no key");
  const std::string algorithm = TextOf(object, "alg").value_or("");
  const auto allowed = std::find_if(issuer.algorithms.begin(), issuer.algorithms.end(),
                                    [&](Algorithm one) { return AlgorithmName(one) == algorithm; });
  if (allowed == issuer.algorithms.end()) return Refused("its algorithm is not accepted");
  header.algorithm = *allowed;
  return header;
}

absl::Status CheckTimes(const json& claims, absl::Time now, absl::Time& until) {
  DOLEN_ASSIGN_OR_RETURN(until, NeededTime(claims, "exp"));
  DOLEN_ASSIGN_OR_RETURN(const absl::Time issued, NeededTime(claims, "iat"));
  if (until + kTokenSkew <= now) return Refused("it has run out");
  if (issued > now + kTokenSkew) return Refused("it was issued in the future");
  if (until - issued > kLongestTokenLife) return Refused("it lives for more than a day");
  if (!claims.contains("nbf")) return absl::OkStatus();
  DOLEN_ASSIGN_OR_RETURN(const absl::Time from, NeededTime(claims, "nbf"));
  return from > now + kTokenSkew ? Refused("it is not valid yet") : absl::OkStatus();
}

absl::Status CheckParties(const json& claims, const Issuer& issuer) {
  if (TextOf(claims, "iss") != issuer.name) return Refused("it is of another issuer");
  DOLEN_ASSIGN_OR_RETURN(const std::vector<std::string> audience, TextsOf(claims, "aud"));
  const bool is_for_us =
      std::find(audience.begin(), audience.end(), issuer.audience) != audience.end();
  return is_for_us ? absl::OkStatus() : Refused("it is for another audience");
}

absl::StatusOr<Caller> CallerOf(const json& claims, const Issuer& issuer) {
  Caller caller;
  DOLEN_ASSIGN_OR_RETURN(caller.subject, NeededText(claims, "sub"));
  DOLEN_ASSIGN_OR_RETURN(caller.client, NeededText(claims, "client_id"));
  DOLEN_ASSIGN_OR_RETURN(caller.agency, NeededText(claims, issuer.agency_claim));
  DOLEN_ASSIGN_OR_RETURN(const std::vector<std::string> roles, TextsOf(claims, issuer.roles_claim));
  for (const std::string& name : roles) {
    // Roles for other programs say nothing here.
    if (const absl::optional<Role> role = RoleOf(name)) caller.roles.insert(*role);
  }
  if (caller.roles.empty()) return Refused("it gives no role that is known here");
  DOLEN_ASSIGN_OR_RETURN(const std::vector<std::string> teams, TextsOf(claims, issuer.teams_claim));
  caller.teams.insert(teams.begin(), teams.end());
  return caller;
}

}  // namespace

absl::StatusOr<Caller> CheckToken(absl::string_view token, const Issuer& issuer, const KeySet& keys,
                                  absl::Time now) {
  if (token.size() > kMostOfAToken) return Refused("it is too large");
  const std::vector<absl::string_view> parts = absl::StrSplit(token, '.');
  if (parts.size() != 3) return Refused("it has not three parts");
  DOLEN_ASSIGN_OR_RETURN(const json header_json, ObjectIn(parts[0], "header"));
  DOLEN_ASSIGN_OR_RETURN(const Header header, HeaderOf(header_json, issuer));
  DOLEN_RETURN_IF_ERROR(Decoded(parts[2]).status());
  const absl::Status verified = keys.Verify(token, header.key_id, header.algorithm);
  if (absl::IsNotFound(verified)) return absl::NotFoundError("token refused: its key is not known");
  if (!verified.ok()) return Refused(verified.message());
  // Nothing is read from the claims before they are known to be the issuer's.
  DOLEN_ASSIGN_OR_RETURN(const json claims, ObjectIn(parts[1], "claims"));
  DOLEN_RETURN_IF_ERROR(CheckParties(claims, issuer));
  absl::Time until;
  DOLEN_RETURN_IF_ERROR(CheckTimes(claims, now, until));
  DOLEN_ASSIGN_OR_RETURN(Caller caller, CallerOf(claims, issuer));
  caller.until = until + kTokenSkew;
  return caller;
}

}  // namespace dolen
