// The gate by bearer tokens: of a provider, or of the local issuer for trying out.
#ifndef DOLEN_DEPLOY_API_TOKEN_GATE_H_
#define DOLEN_DEPLOY_API_TOKEN_GATE_H_

#include <memory>
#include <mutex>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "connectors/tokens/development.h"
#include "connectors/tokens/keys.h"
#include "connectors/tokens/token.h"
#include "deploy/api/gate.h"
#include "dolen/access/v1/access.pb.h"

namespace dolen {

// Keys are read again at most so often, whatever tokens name; and at least so often, so that a key
// that was taken out is not believed for long.
inline constexpr absl::Duration kBetweenKeyReadings = absl::Seconds(10);
inline constexpr absl::Duration kKeysAge = absl::Minutes(5);

class ProviderGate : public Gate {
 public:
  // kInvalidArgument: what the file says is not enough, or its keys cannot be used.
  static absl::StatusOr<std::unique_ptr<ProviderGate>> Open(const access::v1::Provider& provider);
  absl::StatusOr<Caller> WhoAsks(const HttpRequest& request, absl::Time now) override;

 private:
  ProviderGate(Issuer issuer, std::string keys_file, KeySet keys);
  // Those at hand; read again where they are older than `age`, unless that was just done.
  std::shared_ptr<const KeySet> Keys(absl::Time now, absl::Duration age);

  const Issuer issuer_;
  const std::string keys_file_;
  std::mutex mutex_;  // guards what follows
  std::shared_ptr<const KeySet> keys_;
  absl::Time read_at_ = absl::InfinitePast();
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
};

}  // namespace dolen

#endif  // DOLEN_DEPLOY_API_TOKEN_GATE_H_
