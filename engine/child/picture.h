// The picture: what is true about a child, in instants. A pure function of the child's events and
// the books, free of "now"; reading it at a time is arithmetic (StateAt in clock.h).
#ifndef DOLEN_ENGINE_CHILD_PICTURE_H_
#define DOLEN_ENGINE_CHILD_PICTURE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "engine/child/clock.h"
#include "engine/child/duty.h"
#include "engine/child/event.h"
#include "engine/child/holding.h"
#include "engine/child/live.h"
#include "engine/child/matter.h"
#include "engine/pathway/books.h"

namespace dolen {

// Which agency acts as a party that some rule names, "role:R" or "kind:K".
struct Acting {
  std::string party;
  int matter = 0;  // index; -1: of one that Forget took out
  std::string agency;
  Dated from;
  friend bool operator==(const Acting&, const Acting&) = default;
};

struct Picture {
  int books = 0;  // publications it was drawn with; with another number it must be drawn again
  std::vector<Matter> matters;
  std::vector<Duty> duties;
  std::vector<Acting> acting;  // in order
  std::vector<Hold> holds;     // in order of their beginning
  std::string birth_month;     // "YYYY-MM", as last stated; kept only where a rule reads it
  std::string family;          // what agencies call the household, as last stated
  std::string language;        // in which the family wants to be served, as last stated
  // What makes it necessary to draw again although an event comes last:
  std::vector<uint64_t> awaited;                   // roots of events whose correction came first
  bool has_voided = false;                         // some event was voided
  absl::Time corrected_to = absl::InfinitePast();  // up to then corrections moved events about
  std::vector<uint64_t> asleep;                    // ids of matters that Forget took out; sorted

  friend bool operator==(const Picture&, const Picture&) = default;
};

// From scratch: the definition. `events` are in the order of OrderKey, corrections included.
Picture Draw(absl::Span<const Event> events, const Books& books);

// The same from what is left after corrections.
Picture DrawFrom(Live live, const Books& books);

// What was true at an instant, on all that is known now: corrections are applied, then whatever
// occurred after `t` is left out. Days begin as in `zone`.
Picture DrawAsOf(absl::Span<const Event> events, const Books& books, absl::Time t,
                 const Zone& zone);

// One event that is later in the order than all before: the same answer, sooner. The picture must
// have been drawn with the same books; what Forget took out of it stays out. False: the picture
// must be drawn again from all events, since this one changes what earlier ones mean (a correction,
// a matter that turns out to continue another) or wakes a matter that sleeps; then `picture` is as
// it was.
bool Advance(const Event& event, const Books& books, Picture& picture);

// Visits every clock with its duty.
template <typename Visit>
void ForEachClock(const Picture& picture, const Visit& visit) {
  for (const Duty& duty : picture.duties) {
    for (const Clock& clock : duty.clocks) visit(duty, clock);
  }
}

// The clock's instance as people and alerts name it: rule and key, and what tells it from the
// others of that key, for example "W-ICPC/cardiff:R17" or "W-CORE-N/cardiff:R17/00a1b2c3d4e5f607".
// It holds neither book version nor due time, so that a late or corrected start amends and does not
// replace.
std::string ClockName(const Picture& picture, const Duty& duty, const Clock& clock,
                      const Books& books);

// The agency that a party ("starter", "asked", "asker", "holder", "role:R", "kind:K", "agency:A")
// of this clock is at an instant (InfiniteFuture: as far as is known now), or the party's name
// where no agency is known.
std::string AgencyAt(absl::string_view party, const Picture& picture, const Duty& duty,
                     const Clock& clock, const Books& books, absl::Time t = absl::InfiniteFuture());

// Who waits for the clock's step, which `accountable` must see to: who asked, else who started it.
// Empty: nobody else.
std::string WaitsFor(absl::string_view accountable, const Picture& picture, const Duty& duty,
                     const Clock& clock, const Books& books);

}  // namespace dolen

#endif  // DOLEN_ENGINE_CHILD_PICTURE_H_
