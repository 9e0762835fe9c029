// Forgetting: what has ended for good leaves the picture that a shard keeps at hand, so that an
// event at the end costs the same however long the history is. Nothing is lost: Draw has it all.
// Pure. Why so is in docs/decisions/2026-11-26-what-has-ended-leaves-the-row.md.
#ifndef DOLEN_ENGINE_CHILD_FORGET_H_
#define DOLEN_ENGINE_CHILD_FORGET_H_

#include <cstddef>

#include "absl/time/time.h"
#include "engine/child/figures.h"
#include "engine/child/picture.h"
#include "engine/child/watch.h"
#include "engine/pathway/books.h"

namespace dolen {

// When it is worth while.
struct Forgetting {
  size_t events = 16;  // looked at once in so many events of the child
  size_t least = 32;   // so many clocks and duties must go: small pictures stay whole
  // A matter of which nothing was heard for so long may sleep. The event that wakes it makes the
  // picture be drawn again, at most so often.
  absl::Duration quiet = absl::Hours(92 * 24);
};

// What is to be kept of that which was taken out of a picture. It is right as long as the picture
// is not drawn again.
struct Forgotten {
  Alerts alerts;    // none of them open
  Figures figures;  // as FiguresOf had them
};

// Takes out of the picture what no event that Advance takes up can change, and of which nothing is
// left to be said at `reached`: clocks that have ended, and all duties of a matter that is over,
// which then sleeps (Picture::asleep). `alerts` is as Watch left it at `reached`; `latest` is when
// the last event in the order occurred.
Forgotten Forget(const Forgetting& forgetting, const Books& books, absl::Time reached,
                 absl::Time latest, Picture& picture, Alerts& alerts);

}  // namespace dolen

#endif  // DOLEN_ENGINE_CHILD_FORGET_H_
