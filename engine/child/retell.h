// What would have been said of a child, had only these of its events ever come: for readers from
// whom others are sealed. Pure; the same Watch as always, with ticks that come the instant they are
// due. Books count as they are now, also for what was said before they were.
#ifndef DOLEN_ENGINE_CHILD_RETELL_H_
#define DOLEN_ENGINE_CHILD_RETELL_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "dolen/alert/v1/action.pb.h"
#include "dolen/alert/v1/alert.pb.h"
#include "engine/base/ids.h"
#include "engine/child/event.h"
#include "engine/child/told.h"
#include "engine/child/watch.h"
#include "engine/pathway/books.h"

namespace dolen {

// What a person did, and when the ledger got it.
struct DoneAt {
  absl::Time recorded;
  alert::v1::Action action;
};

struct Retold {
  Alerts alerts;
  std::vector<alert::v1::Alert> changes;  // in order, each with when it would have been told
  // As long as nothing else comes, no more would be said before this.
  absl::Time until = absl::InfiniteFuture();
};

// `events` in their order; `done` by time. Errors: what Watch says.
absl::StatusOr<Retold> Retell(const ChildKey& child, absl::Span<const Event> events,
                              absl::Span<const DoneAt> done, const Books& books,
                              const Backfills& backfills, absl::Time reached);

}  // namespace dolen

#endif  // DOLEN_ENGINE_CHILD_RETELL_H_
