#include "deploy/api/reading_side.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "connectors/alerting/make_destination.h"
#include "deploy/api/certificate_gate.h"
#include "deploy/api/sign_in.h"
#include "deploy/api/token_gate.h"
#include "engine/base/status.h"

namespace dolen {

absl::StatusOr<std::unique_ptr<ReadingSide>> ReadingSide::Open(Service* service,
                                                               access::v1::Access access,
                                                               const routing::v1::Routing* routing,
                                                               const std::string& access_file) {
  std::unique_ptr<ReadingSide> side(new ReadingSide(service, std::move(access)));
  DOLEN_RETURN_IF_ERROR(side->OpenGate(access_file));
  DOLEN_ASSIGN_OR_RETURN(side->api_, Api::Open(PartsOf(service, side->gate_.get())));
  service->engine().SetRowListener(
      [api = side->api_.get()](size_t shard, int64_t position, std::vector<RowChange> changes) {
        api->feed().Publish(shard, position, std::move(changes));
      });
  DOLEN_RETURN_IF_ERROR(side->StartGuardian(routing));
  return side;
}

absl::Status ReadingSide::OpenGate(const std::string& access_file) {
  if (access_.has_provider()) {
    DOLEN_ASSIGN_OR_RETURN(gate_, ProviderGate::Open(access_.provider()));
  } else if (access_.has_development()) {
    DOLEN_ASSIGN_OR_RETURN(std::unique_ptr<DevelopmentGate> gate, DevelopmentGate::Open());
    development_ = gate.get();
    gate_ = std::move(gate);
  }
  if (access_.tls().client_authority_file().empty()) return absl::OkStatus();
  gate_ = std::make_unique<CertificateGate>(access_, access_file, std::move(gate_));
  return absl::OkStatus();
}

absl::Status ReadingSide::StartGuardian(const routing::v1::Routing* routing) {
  const std::string& name = access_.guardian();
  if (name.empty()) return absl::OkStatus();
  const routing::v1::Destination* told = nullptr;
  for (int i = 0; routing != nullptr && i < routing->destination_size(); ++i) {
    if (routing->destination(i).name() == name) told = &routing->destination(i);
  }
  if (told == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat(
        "access: guardian: the routing file (--routing) has no destination \"", name, "\""));
  }
  GuardianOptions options;
  DOLEN_ASSIGN_OR_RETURN(options.destination, MakeDestination(*told));
  Engine& engine = service_->engine();
  options.reads = &api_->audit_reader();
  options.file = engine.installation().place().data + "/guardian";
  options.now = [&engine] { return engine.clock().Now(); };
  options.trouble = [&engine](const absl::Status& status) {
    constexpr char kAlarm[] = "guardian_not_told";
    status.ok() ? engine.alarms().Clear(kAlarm)
                : engine.alarms().Raise(kAlarm, std::string(status.message()));
  };
  guardian_ = std::make_unique<Guardian>(std::move(options));
  return absl::OkStatus();
}

void ReadingSide::AddTo(Router& router) {
  api_->AddTo(router);
  AddSignIn(&access_, development_, &api_->readings(), &service_->engine(), router);
}

}  // namespace dolen
