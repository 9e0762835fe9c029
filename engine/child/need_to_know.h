// What the readers of one agency may see of a child: need-to-know (visible.h) and seals (seal.h)
// put together. Pure.
//
// To them a sealed record is as if it had never been said: it makes nobody party to anything, stops
// no clock and holds nothing. So pictures for readers are drawn from the events that are not sealed
// to them. What is not sealed and not theirs to know is drawn, and then left out line by line: a
// clock that concerns them shows what it is, though what stopped it may be somebody else's record.
// That it was done is what they wait to hear; who did it, where and with what outcome is not shown.
#ifndef DOLEN_ENGINE_CHILD_NEED_TO_KNOW_H_
#define DOLEN_ENGINE_CHILD_NEED_TO_KNOW_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "engine/child/event.h"
#include "engine/child/visible.h"

namespace dolen {

// The events of one child that are not sealed to an agency, in the order given.
std::vector<Event> Unsealed(absl::Span<const Event> events, absl::string_view agency);
// Those that are sealed to nobody at all: what numbers are made of.
std::vector<Event> NeverSealed(absl::Span<const Event> events);

class NeedToKnow {
 public:
  // Under an emergency access everything that is not sealed may be seen.
  enum class Grant { kNone, kEmergency };

  // `unsealed`: of the child, to this agency; they outlive this.
  NeedToKnow(absl::Span<const Event> unsealed, std::string agency, Grant grant = Grant::kNone);

  const std::string& agency() const { return agency_; }
  // Whether they may know of any event.
  bool any() const { return any_; }
  Extent OfEvent(const Event& event) const;
  Extent OfMatter(absl::string_view agency, absl::string_view id) const;
  // Of a duty of this matter that one agency must see to and another waits for. Whoever is told of
  // a deadline may look at it, also where no event has made them party.
  bool OfDuty(absl::string_view matter_agency, absl::string_view matter_id,
              absl::string_view accountable, absl::string_view waits) const;
  // Of who holds a part, by something of this matter. Who holds all of the child is known to
  // everybody who knows of the child.
  bool OfHold(absl::string_view part, absl::string_view holder, absl::string_view matter_agency,
              absl::string_view matter_id) const;

 private:
  const std::string agency_;
  const Grant grant_;
  const Involved involved_;
  bool any_ = false;
};

}  // namespace dolen

#endif  // DOLEN_ENGINE_CHILD_NEED_TO_KNOW_H_
