#include "deploy/api/certificate_gate.h"

#include <algorithm>
#include <utility>

#include "deploy/api/access_file.h"
#include "engine/base/say.h"
#include "engine/base/status.h"

namespace dolen {
namespace {

absl::Status Refused() {
  return absl::UnauthenticatedError(
      "neither a certificate nor a token that is accepted here; send a token as Authorization: "
      "Bearer, or ask the operator to name the certificate in the access file");
}

bool Says(const ClientCertificate& certificate, const std::string& wanted) {
  return certificate.subject == wanted ||
         std::find(certificate.names.begin(), certificate.names.end(), wanted) !=
             certificate.names.end();
}

}  // namespace

CertificateGate::CertificateGate(access::v1::Access access, std::string file,
                                 std::unique_ptr<Gate> tokens)
    : file_(std::move(file)),
      tokens_(std::move(tokens)),
      access_(std::make_shared<const access::v1::Access>(std::move(access))) {}

std::shared_ptr<const access::v1::Access> CertificateGate::Programs(absl::Time now) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (file_.empty() || now < read_at_ + kBetweenProgramReadings) return access_;
  read_at_ = now;
  absl::StatusOr<access::v1::Access> access = ReadAccess(file_);
  if (access.ok()) {
    access_ = std::make_shared<const access::v1::Access>(*std::move(access));
  } else {
    // Those that are known go on being believed: half a file must not shut everybody out.
    Say(Severity::kError, "access_unreadable").Field("why", access.status());
  }
  return access_;
}

absl::StatusOr<Caller> CertificateGate::WhoAsks(const HttpRequest& request, absl::Time now) {
  const absl::optional<ClientCertificate>& certificate = request.peer.certificate;
  if (!certificate || request.headers.contains("authorization")) {
    return tokens_ == nullptr ? Refused() : tokens_->WhoAsks(request, now);
  }
  if (now >= certificate->until) return Refused();
  const std::shared_ptr<const access::v1::Access> access = Programs(now);
  const access::v1::Program* its = nullptr;
  for (const access::v1::Program& program : access->program()) {
    if (!Says(*certificate, program.certificate())) continue;
    // It speaks for two: nobody knows for which of them now.
    if (its != nullptr) return Refused();
    its = &program;
  }
  if (its == nullptr) return Refused();
  DOLEN_ASSIGN_OR_RETURN(Caller caller, CallerOf(*its));
  caller.until = certificate->until;
  return caller;
}

}  // namespace dolen
