#include "deploy/api/token_gate.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "connectors/alerting/outbound.h"
#include "deploy/program/book_file.h"
#include "engine/base/say.h"
#include "engine/base/status.h"

namespace dolen {
namespace {

constexpr Algorithm kAlgorithms[] = {Algorithm::kEs256, Algorithm::kRs256, Algorithm::kPs256};

// Why a token was refused is for the log; its bearer learns that it was.
absl::Status Refused() {
  return absl::UnauthenticatedError(
      "no token that is accepted here: sign in again, and send it as Authorization: Bearer");
}

absl::StatusOr<std::string> TokenOf(const HttpRequest& request) {
  const auto header = request.headers.find("authorization");
  if (header == request.headers.end()) return Refused();
  constexpr absl::string_view kScheme = "Bearer ";
  if (!absl::StartsWithIgnoreCase(header->second, kScheme)) return Refused();
  return header->second.substr(kScheme.size());
}

absl::StatusOr<Caller> Told(absl::StatusOr<Caller> caller) {
  if (caller.ok()) return caller;
  Say(Severity::kInfo, "token_refused").Field("why", caller.status());
  return Refused();
}

absl::Status Missing(absl::string_view field) {
  return absl::InvalidArgumentError(absl::StrCat("access: provider: ", field, " is missing"));
}

absl::StatusOr<Issuer> IssuerOf(const access::v1::Provider& provider) {
  Issuer issuer;
  issuer.name = provider.issuer();
  issuer.audience = provider.audience();
  if (issuer.name.empty()) return Missing("issuer");
  if (issuer.audience.empty()) return Missing("audience");
  if (provider.keys_file().empty() == provider.keys_url().empty()) {
    return absl::InvalidArgumentError("access: provider: write either keys_file or keys_url");
  }
  if (!provider.keys_url().empty()) {
    const absl::Status url = CheckHttpUrl(provider.keys_url());
    if (!url.ok()) {
      return absl::InvalidArgumentError(absl::StrCat("access: provider: keys_url ", url.message()));
    }
  }
  if (!provider.agency_claim().empty()) issuer.agency_claim = provider.agency_claim();
  if (!provider.roles_claim().empty()) issuer.roles_claim = provider.roles_claim();
  if (!provider.teams_claim().empty()) issuer.teams_claim = provider.teams_claim();
  if (provider.algorithm().empty()) return issuer;
  issuer.algorithms.clear();
  for (const std::string& name : provider.algorithm()) {
    const auto known = std::find_if(std::begin(kAlgorithms), std::end(kAlgorithms),
                                    [&](Algorithm one) { return AlgorithmName(one) == name; });
    if (known == std::end(kAlgorithms)) {
      return absl::InvalidArgumentError(absl::StrCat("access: provider: algorithm \"", name,
                                                     "\" is not accepted: ES256, RS256, PS256"));
    }
    issuer.algorithms.push_back(*known);
  }
  return issuer;
}

// An identity provider that takes longer is asked again later; a worker waits meanwhile.
constexpr absl::Duration kKeysPatience = absl::Seconds(5);

absl::StatusOr<KeySet> ParseKeys(const std::string& from, const std::string& text) {
  absl::StatusOr<KeySet> keys = KeySet::Parse(text);
  if (keys.ok()) return keys;
  return absl::InvalidArgumentError(absl::StrCat(from, ": ", keys.status().message()));
}

KeyRing::Source SourceOf(const access::v1::Provider& provider) {
  if (provider.keys_url().empty()) {
    return [file = provider.keys_file()]() -> absl::StatusOr<KeySet> {
      DOLEN_ASSIGN_OR_RETURN(const std::string text, ReadFile(file));
      return ParseKeys(file, text);
    };
  }
  Endpoint from;
  from.url = provider.keys_url();
  from.ca_file = provider.keys_authority_file();
  from.timeout = kKeysPatience;
  return [from]() -> absl::StatusOr<KeySet> {
    const absl::StatusOr<std::string> text = Get(from);
    if (text.ok()) return ParseKeys(from.url, *text);
    return absl::UnavailableError(absl::StrCat(from.url, ": ", text.status().message()));
  };
}

}  // namespace

absl::StatusOr<std::unique_ptr<ProviderGate>> ProviderGate::Open(
    const access::v1::Provider& provider) {
  DOLEN_ASSIGN_OR_RETURN(Issuer issuer, IssuerOf(provider));
  std::unique_ptr<ProviderGate> gate(new ProviderGate(std::move(issuer), SourceOf(provider)));
  const absl::Status status = gate->keys_.Read();
  // A file is there or it is wrong; a provider may be away while the engine starts.
  if (!status.ok() && provider.keys_url().empty()) return status;
  return gate;
}

absl::StatusOr<Caller> ProviderGate::Check(absl::string_view token,
                                           const std::shared_ptr<const KeySet>& keys,
                                           absl::Time now) {
  return known_.Of(token, keys, now,
                   [&](const KeySet& by) { return CheckToken(token, issuer_, by, now); });
}

absl::StatusOr<Caller> ProviderGate::WhoAsks(const HttpRequest& request, absl::Time now) {
  DOLEN_ASSIGN_OR_RETURN(const std::string token, TokenOf(request));
  DOLEN_ASSIGN_OR_RETURN(std::shared_ptr<const KeySet> keys, keys_.AtHand(now));
  absl::StatusOr<Caller> caller = Check(token, keys, now);
  // It names a key that is not there: they may have been rotated.
  if (absl::IsNotFound(caller.status())) {
    DOLEN_ASSIGN_OR_RETURN(keys, keys_.Newest(now));
    caller = Check(token, keys, now);
  }
  return Told(std::move(caller));
}

absl::StatusOr<std::unique_ptr<DevelopmentGate>> DevelopmentGate::Open() {
  DOLEN_ASSIGN_OR_RETURN(std::unique_ptr<DevelopmentIssuer> issuer, DevelopmentIssuer::Make());
  return std::unique_ptr<DevelopmentGate>(new DevelopmentGate(std::move(issuer)));
}

absl::StatusOr<Caller> DevelopmentGate::WhoAsks(const HttpRequest& request, absl::Time now) {
  DOLEN_ASSIGN_OR_RETURN(const std::string token, TokenOf(request));
  return Told(known_.Of(token, issuer_->keys(), now, [&](const KeySet& keys) {
    return CheckToken(token, issuer_->issuer(), keys, now);
  }));
}

}  // namespace dolen
