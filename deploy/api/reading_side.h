// The reading side of an installation: whom it believes, and the API that they may ask, as one file
// says (dolen.access.v1.Access).
#ifndef DOLEN_DEPLOY_API_READING_SIDE_H_
#define DOLEN_DEPLOY_API_READING_SIDE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "connectors/http/router.h"
#include "deploy/api/api.h"
#include "deploy/api/gate.h"
#include "deploy/api/guardian.h"
#include "deploy/program/service.h"
#include "dolen/access/v1/access.pb.h"
#include "dolen/routing/v1/routing.pb.h"

namespace dolen {

class ReadingSide {
 public:
  // Before the engine starts, whose commits it follows; the engine is stopped before this goes.
  // `routing`: with the guardian's destination; nullptr: there is no such file. `access_file`:
  // where `access` came from, to read its programs again; empty: they stay as they are.
  static absl::StatusOr<std::unique_ptr<ReadingSide>> Open(Service* service,
                                                           access::v1::Access access,
                                                           const routing::v1::Routing* routing,
                                                           const std::string& access_file = "");
  // It outlives the router.
  void AddTo(Router& router);

  const access::v1::Access& access() const { return access_; }

 private:
  absl::Status OpenGate(const std::string& access_file);
  absl::Status StartGuardian(const routing::v1::Routing* routing);
  ReadingSide(Service* service, access::v1::Access access)
      : service_(service), access_(std::move(access)) {}

  Service* const service_;
  const access::v1::Access access_;
  std::unique_ptr<Gate> gate_;
  const class DevelopmentGate* development_ = nullptr;  // the gate, where it is one
  std::unique_ptr<Api> api_;
  std::unique_ptr<Guardian> guardian_;  // nullptr: nobody is told of emergencies
};

}  // namespace dolen

#endif  // DOLEN_DEPLOY_API_READING_SIDE_H_
