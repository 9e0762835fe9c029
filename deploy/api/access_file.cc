#include "deploy/api/access_file.h"

#include <utility>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "deploy/program/book_file.h"
#include "deploy/program/findings.h"
#include "engine/base/status.h"
#include "engine/pathway/text_file.h"

namespace dolen {
namespace {

constexpr char kDevelopmentClient[] = "development";
constexpr char kProgramClient[] = "certificate";

// Of a Person or a Program, which have the same fields.
template <typename Somebody>
absl::StatusOr<Caller> CallerNamed(const std::string& what, const char* client,
                                   const Somebody& somebody) {
  Caller caller;
  caller.subject = somebody.id();
  caller.client = client;
  caller.agency = somebody.agency();
  caller.teams.insert(somebody.team().begin(), somebody.team().end());
  for (const std::string& name : somebody.role()) {
    const absl::optional<Role> role = RoleOf(name);
    if (!role) {
      return absl::InvalidArgumentError(
          absl::StrCat("access: ", what, ": there is no role \"", name,
                       "\": practitioner, team_lead, board_analyst, auditor, operator"));
    }
    caller.roles.insert(*role);
  }
  return caller;
}

absl::Status CheckPrograms(const access::v1::Access& access) {
  absl::btree_set<std::string> certificates;
  for (const access::v1::Program& program : access.program()) {
    DOLEN_ASSIGN_OR_RETURN(const Caller caller, CallerOf(program));
    if (!certificates.insert(program.certificate()).second) {
      return absl::InvalidArgumentError(absl::StrCat("access: two programs have the certificate \"",
                                                     program.certificate(),
                                                     "\": who asks would not be known"));
    }
  }
  if (certificates.empty() || !access.tls().client_authority_file().empty()) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      "access: program: nobody vouches for certificates: tls.client_authority_file is missing");
}

absl::Status CheckWho(const access::v1::Access& access) {
  if (access.who_case() == access::v1::Access::WHO_NOT_SET && access.program().empty()) {
    return absl::InvalidArgumentError(
        "cannot be used: nobody is believed: name a provider, programs with certificates, or "
        "people for development");
  }
  for (const access::v1::Person& person : access.development().person()) {
    DOLEN_RETURN_IF_ERROR(CallerOf(person).status());
  }
  return CheckPrograms(access);
}

}  // namespace

absl::StatusOr<access::v1::Access> ReadAccess(const std::string& file) {
  DOLEN_ASSIGN_OR_RETURN(const std::string text, ReadFile(file));
  access::v1::Access access;
  google::protobuf::TextFormat::ParseInfoTree tree;
  std::vector<Finding> findings;
  if (!ParseTextFile(text, "an access file", access, tree, findings)) {
    return absl::InvalidArgumentError(
        absl::StrCat(file, ": cannot be used", ErrorLines(file, findings)));
  }
  const absl::Status status = CheckWho(access);
  if (status.ok()) return access;
  return absl::InvalidArgumentError(absl::StrCat(file, ": ", status.message()));
}

absl::StatusOr<Caller> CallerOf(const access::v1::Person& person) {
  return CallerNamed(absl::StrCat("person ", person.id()), kDevelopmentClient, person);
}

absl::StatusOr<Caller> CallerOf(const access::v1::Program& program) {
  const std::string what = absl::StrCat("program ", program.id());
  const bool is_whole = !program.certificate().empty() && !program.id().empty() &&
                        !program.agency().empty() && !program.role().empty();
  if (is_whole) return CallerNamed(what, kProgramClient, program);
  return absl::InvalidArgumentError(
      absl::StrCat("access: ", what, ": write certificate, id, agency and role"));
}

}  // namespace dolen
