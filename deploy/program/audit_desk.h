// What operators ask of the record of reads: whether its chain holds, and who has read what of a
// child. Answers are JSON or text for a terminal.
//
// Errors: kDataLoss says at which offset the chain breaks; kInvalidArgument what was noted is none.
#ifndef DOLEN_DEPLOY_PROGRAM_AUDIT_DESK_H_
#define DOLEN_DEPLOY_PROGRAM_AUDIT_DESK_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "deploy/program/alert_desk.h"
#include "dolen/audit/v1/audit.pb.h"
#include "engine/base/ids.h"
#include "engine/log/log.h"
#include "nlohmann/json_fwd.hpp"

namespace dolen {

// One read, as openapi.json says it.
nlohmann::ordered_json ReadJson(const audit::v1::Read& read);

// `noted`: a head that was written down elsewhere, "NUMBER:HASH"; empty: none was. The answer's
// member "holds" says whether all is well: false where that head is not in the chain.
absl::StatusOr<std::string> VerifyAuditChain(Log& log, const TopicNames& names,
                                             absl::string_view noted, Format format);

// Everybody who has read the child's record or tried to, the newest first.
absl::StatusOr<std::string> ReadersOf(Log& log, const TopicNames& names, const ChildKey& child,
                                      Format format);

}  // namespace dolen

#endif  // DOLEN_DEPLOY_PROGRAM_AUDIT_DESK_H_
