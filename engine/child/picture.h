// The picture: what is true about a child, in instants. A pure function of the child's events and
// the books, free of "now"; reading it at a time is arithmetic (StateAt in clock.h).
#ifndef DOLEN_ENGINE_CHILD_PICTURE_H_
#define DOLEN_ENGINE_CHILD_PICTURE_H_

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "engine/child/clock.h"
#include "engine/child/event.h"
#include "engine/child/matter.h"
#include "engine/pathway/books.h"

namespace dolen {

struct Picture {
  int books = 0;  // publications it was drawn with; with another number it must be drawn again
  std::vector<Matter> matters;
  std::vector<Clock> clocks;  // not yet started ones included

  friend bool operator==(const Picture&, const Picture&) = default;
};

// From scratch: the definition. `events` are in the order of OrderKey.
Picture Draw(absl::Span<const Event> events, const Books& books);

// One event that is later in the order than all before: the same answer, sooner. The picture must
// have been drawn with the same books.
void Advance(const Event& event, const Books& books, Picture& picture);

// The clock's instance as people and alerts name it: rule and key, for example
// "W-ICPC/cardiff:R17"; per child "W-X/child". It holds neither book version nor due time, so that
// a late or corrected start amends and does not replace.
std::string ClockName(const Picture& picture, const Clock& clock, const Books& books);

}  // namespace dolen

#endif  // DOLEN_ENGINE_CHILD_PICTURE_H_
