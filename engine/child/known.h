// The past: what was true about a child at a time, on what was known by a time, or could have been
// known to an agency. Pure; the same Draw as always, over fewer events and the books of then.
#ifndef DOLEN_ENGINE_CHILD_KNOWN_H_
#define DOLEN_ENGINE_CHILD_KNOWN_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "engine/child/event.h"
#include "engine/child/live.h"
#include "engine/child/picture.h"
#include "engine/pathway/books.h"

namespace dolen {

// Which past is asked for. Each by itself or with the others.
struct Past {
  absl::Time as_of = absl::InfiniteFuture();     // what was true then
  absl::Time known_at = absl::InfiniteFuture();  // on what was recorded by then
  std::string known_to;                          // and Visible to this agency; empty: on all of it

  friend bool operator==(const Past&, const Past&) = default;
};

struct Known {
  std::vector<Event> events;  // as they were said, in the order given; drawn, they are `picture`
  Live live;                  // what became of them
  Picture picture;            // to be read; what says when to draw again is not kept
};

// Takes what was recorded by `known_at` and `known_to` may know, applies corrections and voids,
// then leaves out what occurred after `as_of`, and draws. What an agency is party to is read from
// the events recorded by `known_at` too, so that knowing more takes nothing back. Days begin as in
// books.zone(). `events` are all of the child's; `books` those published by `known_at`.
Known KnownIn(absl::Span<const Event> events, const Past& past, const Books& books);

}  // namespace dolen

#endif  // DOLEN_ENGINE_CHILD_KNOWN_H_
