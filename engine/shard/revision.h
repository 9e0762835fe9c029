// The fold revision: what changes whenever Draw or Watch would answer otherwise for the same
// events, and what a release with another one writes into a ledger before it tells anything. How
// alerts continue then is fold_revision.cc's business; why so is in
// docs/decisions/2026-11-26-fold-revisions.md.
#ifndef DOLEN_ENGINE_SHARD_REVISION_H_
#define DOLEN_ENGINE_SHARD_REVISION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "dolen/alert/v1/alert.pb.h"
#include "dolen/ledger/v1/ledger.pb.h"
#include "engine/store/store.h"

namespace dolen {

// Hashes compare within a revision. Of late: 5 counts breaches that nobody was told of; 6 keeps
// what became of each ask, when a close was recorded, the family's language and the figures of what
// was forgotten, forgets a clock two days after its close at the earliest, and has the figures
// view; 7 keeps when a handover was accepted and was over, and figures of what was forgotten in
// pages.
inline constexpr uint32_t kFoldRevision = 7;

// What the alerts topic of a shard says.
struct Published {
  uint64_t number = 0;                 // highest consecutive number
  std::vector<alert::v1::Alert> last;  // the last change of each alert, in short, by id
};

// The first record of a new ledger: nothing was ever told.
ledger::v1::Record FirstRecord(uint32_t revision = kFoldRevision);

// The records that state a revision and from what alerts continue, to be appended in this order.
// `attempt`: random. `from`: what is not yet set by the pages.
std::vector<ledger::v1::Record> RevisionRecords(uint32_t revision, const Published& published,
                                                uint64_t attempt, ledger::v1::Continued from);

// Leaves of a published alert what a fold needs to continue it.
void Shorten(alert::v1::Alert& alert);

// The fold revision of the release that made the store; none: nothing was ever folded into it.
// kDataLoss: it cannot be read.
absl::StatusOr<absl::optional<uint32_t>> RevisionOf(const StoreReader& store);

// Refuses rows of another revision than `own`: kFailedPrecondition, which says of the store in
// `folder` what must happen to it.
absl::Status CheckRevision(uint32_t found, const std::string& folder, uint32_t own = kFoldRevision);

}  // namespace dolen

#endif  // DOLEN_ENGINE_SHARD_REVISION_H_
