#include "deploy/api/token_gate.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
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
  if (provider.keys_file().empty()) return Missing("keys_file");
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

absl::StatusOr<KeySet> ReadKeys(const std::string& file) {
  DOLEN_ASSIGN_OR_RETURN(const std::string text, ReadFile(file));
  absl::StatusOr<KeySet> keys = KeySet::Parse(text);
  if (keys.ok()) return keys;
  return absl::InvalidArgumentError(absl::StrCat(file, ": ", keys.status().message()));
}

}  // namespace

ProviderGate::ProviderGate(Issuer issuer, std::string keys_file, KeySet keys)
    : issuer_(std::move(issuer)),
      keys_file_(std::move(keys_file)),
      keys_(std::make_shared<const KeySet>(std::move(keys))) {}

absl::StatusOr<std::unique_ptr<ProviderGate>> ProviderGate::Open(
    const access::v1::Provider& provider) {
  DOLEN_ASSIGN_OR_RETURN(Issuer issuer, IssuerOf(provider));
  DOLEN_ASSIGN_OR_RETURN(KeySet keys, ReadKeys(provider.keys_file()));
  return std::unique_ptr<ProviderGate>(
      new ProviderGate(std::move(issuer), provider.keys_file(), std::move(keys)));
}

std::shared_ptr<const KeySet> ProviderGate::Keys(absl::Time now, absl::Duration age) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (now < read_at_ + std::max(age, kBetweenKeyReadings)) return keys_;
  read_at_ = now;
  absl::StatusOr<KeySet> keys = ReadKeys(keys_file_);
  if (keys.ok()) {
    keys_ = std::make_shared<const KeySet>(*std::move(keys));
  } else {
    // Those that are known go on being believed.
    Say(Severity::kError, "keys_unreadable").Field("why", keys.status());
  }
  return keys_;
}

absl::StatusOr<Caller> ProviderGate::WhoAsks(const HttpRequest& request, absl::Time now) {
  DOLEN_ASSIGN_OR_RETURN(const std::string token, TokenOf(request));
  absl::StatusOr<Caller> caller = CheckToken(token, issuer_, *Keys(now, kKeysAge), now);
  // It names a key that is not there: they may have been rotated.
  if (absl::IsNotFound(caller.status())) {
    caller = CheckToken(token, issuer_, *Keys(now, absl::ZeroDuration()), now);
  }
  return Told(std::move(caller));
}

absl::StatusOr<std::unique_ptr<DevelopmentGate>> DevelopmentGate::Open() {
  DOLEN_ASSIGN_OR_RETURN(std::unique_ptr<DevelopmentIssuer> issuer, DevelopmentIssuer::Make());
  return std::unique_ptr<DevelopmentGate>(new DevelopmentGate(std::move(issuer)));
}

absl::StatusOr<Caller> DevelopmentGate::WhoAsks(const HttpRequest& request, absl::Time now) {
  DOLEN_ASSIGN_OR_RETURN(const std::string token, TokenOf(request));
  return Told(CheckToken(token, issuer_->issuer(), issuer_->keys(), now));
}

}  // namespace dolen
