// The gate of programs: who asks is the one for whom the certificate stands that was shown when the
// connection began. Whoever sends a token is asked for that alone.
#ifndef DOLEN_DEPLOY_API_CERTIFICATE_GATE_H_
#define DOLEN_DEPLOY_API_CERTIFICATE_GATE_H_

#include <memory>
#include <mutex>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "deploy/api/gate.h"
#include "dolen/access/v1/access.pb.h"

namespace dolen {

// The access file is read again at most so often, so that a program which was taken out of it is
// believed for so long at most, on connections that it holds too.
inline constexpr absl::Duration kBetweenProgramReadings = absl::Seconds(10);

class CertificateGate : public Gate {
 public:
  // `file`: from which `access` came; empty: it stays as it is. `tokens`: who looks at them;
  // nullptr: nobody's are believed.
  CertificateGate(access::v1::Access access, std::string file, std::unique_ptr<Gate> tokens);
  absl::StatusOr<Caller> WhoAsks(const HttpRequest& request, absl::Time now) override;

 private:
  std::shared_ptr<const access::v1::Access> Programs(absl::Time now);

  const std::string file_;
  const std::unique_ptr<Gate> tokens_;
  std::mutex mutex_;  // guards what follows
  std::shared_ptr<const access::v1::Access> access_;
  absl::Time read_at_ = absl::InfinitePast();
};

}  // namespace dolen

#endif  // DOLEN_DEPLOY_API_CERTIFICATE_GATE_H_
