// What an event means to a duty: which uses of which patterns it fits, written down as hits.
// Internal to engine/child.
#ifndef DOLEN_ENGINE_CHILD_SEE_H_
#define DOLEN_ENGINE_CHILD_SEE_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "engine/child/duty.h"
#include "engine/child/picture.h"
#include "engine/pathway/books.h"
#include "engine/pathway/pattern.h"

namespace dolen {

// An event and what is true right after it. All references outlive the scene.
struct Scene {
  const Books& books;
  const Picture& picture;
  const Event& event;
  int matter;              // index
  const Parties& parties;  // during the event: a decline is said by who was asked
  bool is_void = false;
};

// Lets the duty see the event. `thread` is its key if it is per thread, else empty. Whether it
// meant something to the duty.
bool See(const Scene& scene, const Interest& interest, absl::string_view thread, Duty& duty);

// Marks those that start something too, among the hits of one or of several events.
void MarkStarts(absl::Span<Hit> hits, const RuleFamily& family);

// A moment that no event made, as one version of a duty's rule meets it. `thread` as for See.
struct MomentScene {
  const Books& books;
  const Picture& picture;
  const Duty& duty;
  int version;
  absl::string_view thread;
  absl::Time at;
};

// The opening of a clock by a moment. `watched`: the clock that fell due, if that is the moment;
// what its start came with, its watcher comes with too.
Opening OpeningAt(const MomentScene& moment, const Clock* watched);

// Whether the event fits a pattern that belongs to no rule.
bool FitsAlone(const pathway::v1::Pattern& pattern, const Scene& scene);

}  // namespace dolen

#endif  // DOLEN_ENGINE_CHILD_SEE_H_
