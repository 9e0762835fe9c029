// audit verify and audit readers: who has read what.
#include <string>

#include "absl/strings/match.h"
#include "deploy/program/command_line.h"
#include "deploy/program/door.h"
#include "deploy/program/verbs.h"

namespace dolen {
namespace {

int RunAuditVerify(const Common& common, const AuditFlags& flags) {
  HttpRequest request = Get({"v1", "audit", "verify"}, common);
  if (!flags.noted.empty()) request.query["noted"] = flags.noted;
  const absl::StatusOr<std::unique_ptr<Door>> door = Door::Open(common.place, WhereNone::kRefuse);
  if (!door.ok()) return Fail(door.status());
  const absl::StatusOr<std::string> answer = (*door)->Ask(request);
  const int printed = Print(answer);
  const bool is_cut_off = answer.ok() && (absl::StrContains(*answer, "\"holds\":false") ||
                                          absl::StartsWith(*answer, "The head that was noted"));
  return is_cut_off ? kNo : printed;
}

int RunAuditReaders(const Common& common, const AuditFlags& flags) {
  return AskAndPrint(common, Get({"v1", "audit", "readers", flags.issuer, flags.value}, common));
}

}  // namespace

void AddAudit(CLI::App& app, CommandLine& line) {
  CLI::App* audit = app.add_subcommand("audit", "Who has read what");
  audit->require_subcommand(1);
  CLI::App* verify =
      AddVerb(*audit, "verify", "Read the whole record of reads; say whether it holds",
              "dolen audit verify --noted=1042:9f86d081...", line,
              [&line] { return RunAuditVerify(line.common, line.audit); });
  AddPlace(verify, line);
  AddFormat(verify, line);
  verify->add_option(
      "--noted", line.audit.noted,
      "A head that was written down elsewhere, NUMBER:HASH: it must be in the chain");
  CLI::App* readers =
      AddVerb(*audit, "readers",
              "Who has read one child's record, the newest first: for the child's own request",
              "dolen audit readers nhs 9434765919", line,
              [&line] { return RunAuditReaders(line.common, line.audit); });
  AddPlace(readers, line);
  AddFormat(readers, line);
  readers->add_option("issuer", line.audit.issuer, "nhs, upn, or an agency's id")->required();
  readers->add_option("value", line.audit.value, "The identifier")->required();
}

}  // namespace dolen
