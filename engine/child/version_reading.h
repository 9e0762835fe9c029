// The clocks that one version of a rule reads off the hits of a duty, as if there were no other
// version. Pure. Internal to engine/child.
#ifndef DOLEN_ENGINE_CHILD_VERSION_READING_H_
#define DOLEN_ENGINE_CHILD_VERSION_READING_H_

#include <cstdint>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "engine/child/due.h"
#include "engine/child/duty.h"
#include "engine/child/pause.h"
#include "engine/pathway/books.h"

namespace dolen {

// How far before the last event in the order a later one may still occur: a day stands at its 00:00
// UTC, wherever its zone is.
inline constexpr absl::Duration kReach = absl::Hours(48);

// A clock as one version reads it.
struct Candidate {
  Clock clock;
  absl::Time moved_breach = absl::InfiniteFuture();  // of an earlier start, before it moved
  const Opening* opening = nullptr;
  uint64_t close_root = 0;  // of the event that closed it
  std::vector<int> used;    // places among the hits
  bool waits = false;       // some limit counts from an event that has not come
  bool is_void = false;     // a part of its start was voided: it stays as a ghost
};

// A pause and the places of the hits that made it; not clipped to any clock.
struct PauseHits {
  Pause pause;
  std::vector<int> used;
};

struct VersionReading {
  std::vector<const Hit*> hits;  // in the order of time; all places are among these
  std::vector<Candidate> candidates;
  std::vector<int> pending;             // places of hits that half-met starts still need
  std::vector<std::vector<int>> stops;  // places of the matches of each stop
  std::vector<PauseHits> pauses;        // all ever begun, in order
};

// What it points to lives as long as the duty's hits and the moments. `lives`: all clocks of the
// duty, whatever version judges them, for limits with a window.
VersionReading ReadVersion(const Books& books, int version, const Duty& duty,
                           absl::Span<const Hit> moments, const Cursor& cursor,
                           absl::Span<const Life> lives);

}  // namespace dolen

#endif  // DOLEN_ENGINE_CHILD_VERSION_READING_H_
