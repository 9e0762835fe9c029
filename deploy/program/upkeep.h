// What operators look after beside the running of it: the difference after a change of the fold
// revision, and backfills. Answers are JSON or text for a terminal.
//
// Threads: any. Errors: kUnavailable not yet; ask again later; the rest is the world's.
#ifndef DOLEN_DEPLOY_PROGRAM_UPKEEP_H_
#define DOLEN_DEPLOY_PROGRAM_UPKEEP_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "deploy/program/engine.h"
#include "deploy/program/service.h"

namespace dolen {

// One thing that `dolen doctor` lists.
struct UpkeepFinding {
  std::string severity;  // "error" or "warning"
  std::string code;
  std::string sentence;
};

// The changes of alerts that are held back: each of them, and how many by rule and by what changed.
absl::StatusOr<std::string> ShowRevision(Engine& engine, Format format);
// Lets them go, as a fact in every partition. kUnavailable: they are not all known yet.
absl::Status ReleaseRevision(Engine& engine, bool quiet, const std::string& by);

// Every backfill there ever was, oldest first; waits for the fold.
absl::StatusOr<std::string> ListBackfills(Engine& engine, Format format);

// What of these wants an operator.
absl::StatusOr<std::vector<UpkeepFinding>> UpkeepFindings(Engine& engine);

}  // namespace dolen

#endif  // DOLEN_DEPLOY_PROGRAM_UPKEEP_H_
