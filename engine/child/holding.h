// Who holds a child, for what, since when: from handovers, cover, episodes and the book's passings.
// Pure. A part of the responsibility that nobody holds by itself is held by whoever holds all of it
// (the part with the empty name). During cover, those who stand in hold in place of the holders.
#ifndef DOLEN_ENGINE_CHILD_HOLDING_H_
#define DOLEN_ENGINE_CHILD_HOLDING_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "dolen/pathway/v1/pathway.pb.h"
#include "engine/calendar/zone.h"
#include "engine/child/event.h"
#include "engine/child/matter.h"

namespace dolen {

struct Hold {
  enum Why : uint8_t { kPassed, kEpisode, kCover };
  std::string part;  // empty: all of it
  std::string agency;
  Why why = kPassed;
  int matter = 0;  // index; by which it was begun; -1: by one that Forget took out
  Dated from;
  Dated to{absl::InfiniteFuture()};  // exclusive

  friend bool operator==(const Hold&, const Hold&) = default;
};

// Whether an event of this kind may change who holds the child.
bool ChangesHolding(event::v1::Kind kind);

// When responsibility passes by it: the effective time that it states, else when it occurred.
Dated EffectiveOf(const Event& event);

// Takes up what an event of matter `index` says about the holding. Whether it changed.
bool TakeHolding(const Event& event, const Matter& matter, int index, std::vector<Hold>& holds);
// Responsibility passes from one agency to another, as a book's passing says.
void Pass(absl::string_view part, absl::string_view from, absl::string_view to, int matter,
          const Dated& at, std::vector<Hold>& holds);

// Who holds a part at an instant; ascending, each once.
std::vector<absl::string_view> HoldersAt(absl::Span<const Hold> holds, absl::string_view part,
                                         absl::Time t, const Zone& zone);

// By what an agency is among the holders of a part at an instant; of several holds the one that
// began last. nullptr: it is none of them, or only as a holder of all.
const Hold* HoldInForce(absl::Span<const Hold> holds, absl::string_view part,
                        absl::string_view agency, absl::Time t, const Zone& zone);

// A part that nobody holds any more.
struct Gap {
  const Hold* last = nullptr;  // of the part itself, in whose place nobody came
  Dated since;                 // when the last that held it, or held all, ended
};
// Where nobody holds a part at an instant that somebody had held: who had it last but for those who
// stood in. nullopt: somebody holds it, or nobody ever did.
absl::optional<Gap> GapAt(absl::Span<const Hold> holds, absl::string_view part, absl::Time t,
                          const Zone& zone);

// An instant at which the number of holders of a part changes over one of the three marks.
struct HoldingMoment {
  absl::Time at;
  pathway::v1::Pattern::Holding becomes;
};
// Of one part, in order of time.
std::vector<HoldingMoment> HoldingMoments(absl::Span<const Hold> holds, absl::string_view part,
                                          const Zone& zone);

}  // namespace dolen

#endif  // DOLEN_ENGINE_CHILD_HOLDING_H_
