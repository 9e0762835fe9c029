// The gate by bearer tokens: of a provider, or of the local issuer for trying out.
#ifndef DOLEN_DEPLOY_API_TOKEN_GATE_H_
#define DOLEN_DEPLOY_API_TOKEN_GATE_H_

#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "connectors/tokens/development.h"
#include "connectors/tokens/token.h"
#include "deploy/api/gate.h"
#include "deploy/api/key_ring.h"
#include "deploy/api/known_tokens.h"
#include "dolen/access/v1/access.pb.h"

namespace dolen {

class ProviderGate : public Gate {
 public:
  // kInvalidArgument: what the file says is not enough, or the keys of its keys_file cannot be
  // used. Keys that an address does not give now are asked for again when somebody comes.
  static absl::StatusOr<std::unique_ptr<ProviderGate>> Open(const access::v1::Provider& provider);
  absl::StatusOr<Caller> WhoAsks(const HttpRequest& request, absl::Time now) override;

 private:
  ProviderGate(Issuer issuer, KeyRing::Source source)
      : issuer_(std::move(issuer)), keys_(std::move(source)) {}

  absl::StatusOr<Caller> Check(absl::string_view token, const std::shared_ptr<const KeySet>& keys,
                               absl::Time now);

  const Issuer issuer_;
  KeyRing keys_;
  KnownTokens known_;
};

class DevelopmentGate : public Gate {
 public:
  static absl::StatusOr<std::unique_ptr<DevelopmentGate>> Open();
  absl::StatusOr<Caller> WhoAsks(const HttpRequest& request, absl::Time now) override;
  const DevelopmentIssuer& issuer() const { return *issuer_; }

 private:
  explicit DevelopmentGate(std::unique_ptr<DevelopmentIssuer> issuer)
      : issuer_(std::move(issuer)) {}
  const std::unique_ptr<DevelopmentIssuer> issuer_;
  KnownTokens known_;
};

}  // namespace dolen

#endif  // DOLEN_DEPLOY_API_TOKEN_GATE_H_
