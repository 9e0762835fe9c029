// Drawing live events into a picture, in order. Pure. Internal to engine/child.
#ifndef DOLEN_ENGINE_CHILD_DRAWING_H_
#define DOLEN_ENGINE_CHILD_DRAWING_H_

#include <cstdint>
#include <set>

#include "absl/types/span.h"
#include "engine/child/event.h"
#include "engine/child/picture.h"
#include "engine/pathway/books.h"

namespace dolen {

// A picture of events among which there are no corrections. Those whose root is in `voided` are
// told as void.
Picture DrawLive(absl::Span<const Event> events, const Books& books,
                 const std::set<uint64_t>& voided);

// One event more, later in the order than all before.
void DrawOne(const Event& event, const Books& books, Picture& picture);

}  // namespace dolen

#endif  // DOLEN_ENGINE_CHILD_DRAWING_H_
