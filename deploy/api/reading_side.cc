#include "deploy/api/reading_side.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "deploy/api/sign_in.h"
#include "deploy/api/token_gate.h"
#include "deploy/program/book_file.h"
#include "deploy/program/findings.h"
#include "engine/base/status.h"
#include "engine/pathway/text_file.h"

namespace dolen {

absl::StatusOr<access::v1::Access> ReadAccess(const std::string& file) {
  DOLEN_ASSIGN_OR_RETURN(const std::string text, ReadFile(file));
  access::v1::Access access;
  google::protobuf::TextFormat::ParseInfoTree tree;
  std::vector<Finding> findings;
  if (!ParseTextFile(text, "an access file", access, tree, findings)) {
    return absl::InvalidArgumentError(
        absl::StrCat(file, ": cannot be used", ErrorLines(file, findings)));
  }
  if (access.who_case() == access::v1::Access::WHO_NOT_SET) {
    return absl::InvalidArgumentError(
        absl::StrCat(file, ": nobody is believed: name a provider, or people for development"));
  }
  for (const access::v1::Person& person : access.development().person()) {
    const absl::StatusOr<Caller> caller = CallerOf(person);
    if (!caller.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(file, ": ", caller.status().message()));
    }
  }
  return access;
}

absl::StatusOr<std::unique_ptr<ReadingSide>> ReadingSide::Open(Service* service,
                                                               access::v1::Access access) {
  std::unique_ptr<ReadingSide> side(new ReadingSide(service, std::move(access)));
  if (side->access_.has_provider()) {
    DOLEN_ASSIGN_OR_RETURN(side->gate_, ProviderGate::Open(side->access_.provider()));
  } else {
    DOLEN_ASSIGN_OR_RETURN(std::unique_ptr<DevelopmentGate> gate, DevelopmentGate::Open());
    side->development_ = gate.get();
    side->gate_ = std::move(gate);
  }
  DOLEN_ASSIGN_OR_RETURN(side->api_, Api::Open(PartsOf(service, side->gate_.get())));
  return side;
}

void ReadingSide::AddTo(Router& router) {
  api_->AddTo(router);
  AddSignIn(&access_, development_, &service_->engine(), router);
}

}  // namespace dolen
