// What became of a child's events by corrections. Pure. rules.md, "History"; docs/clocks.md.
//
// A correction by the agency whose event it names belongs to that event's chain. Of all corrections
// in a chain the one published last decides (at a tie the greater event id): the event stands as it
// says, under the id at the chain's beginning, or is void. A correction by another agency is a
// dispute: it is shown, and the picture stays as it is.
#ifndef DOLEN_ENGINE_CHILD_LIVE_H_
#define DOLEN_ENGINE_CHILD_LIVE_H_

#include <cstdint>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "engine/calendar/zone.h"
#include "engine/child/event.h"

namespace dolen {

struct Live {
  std::vector<Event> events;  // in the order of OrderKey; no corrections among them
  std::vector<Event> voided;  // as they were first said, if they have arrived; in order
  // Roots of corrections whose event has not arrived; ascending.
  std::vector<uint64_t> awaited;
};

bool IsCorrection(const Event& event);
// Whether it names an event of its own agency; else it is a dispute.
bool IsOwnCorrection(const Event& event);

// `events` in any order.
Live Corrected(absl::Span<const Event> events);

// Leaves out what occurred after `t`, with days beginning as in `zone`.
void DropLater(absl::Time t, const Zone& zone, Live& live);

// Of each event, in the order of `events`, the root of the chain it belongs to: Event::Root() of
// the live event that came of it, if one did.
std::vector<uint64_t> RootsOf(absl::Span<const Event> events);

}  // namespace dolen

#endif  // DOLEN_ENGINE_CHILD_LIVE_H_
