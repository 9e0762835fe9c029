// Reads the clocks of a duty off what it has seen. Pure. rules.md, "Start", "Close", "Pause",
// "Exception" and "Version".
#ifndef DOLEN_ENGINE_CHILD_READING_H_
#define DOLEN_ENGINE_CHILD_READING_H_

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "engine/child/duty.h"
#include "engine/pathway/books.h"

namespace dolen {

// Brings the clocks of `duty` in line with its hits and with `moments`, which are hits that no
// event made. Whatever comes later in the order occurs at or after `firm`, and moments before it
// stay as they are: so clocks closed before it are settled, and hits that can change nothing any
// more are forgotten.
void ReadClocks(const Books& books, absl::Span<const Hit> moments, absl::Time firm, Duty& duty);

// Whether some limit of the family looks at the clocks that lived before, within a window.
bool HasWindow(const RuleFamily& family);

// Nothing that the duty could see would change anything: its rule opens once, and all is settled.
bool IsDone(const RuleFamily& family, const Duty& duty);

}  // namespace dolen

#endif  // DOLEN_ENGINE_CHILD_READING_H_
