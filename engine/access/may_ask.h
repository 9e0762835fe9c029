// Who may ask what, and why: decided by role and purpose, before any child is looked at. What an
// agency may know of a child is read from the child's events (engine/child/need_to_know.h), and is
// asked after this. Pure.
#ifndef DOLEN_ENGINE_ACCESS_MAY_ASK_H_
#define DOLEN_ENGINE_ACCESS_MAY_ASK_H_

#include <vector>

#include "engine/access/caller.h"
#include "engine/access/purpose.h"

namespace dolen {

// What there is to ask. The rules are for everybody who has a token, as is who one is.
enum class Asked {
  kLists,      // worklist, handovers, alerts
  kAct,        // to answer alerts
  kChild,      // one child: find, timeline
  kEmergency,  // to break the glass
  kNumbers,    // delay, performance, flow
  kSilence,    // when agencies were heard
  kReads,      // who has read what
  kReadersOf,  // who has read the record of one child
};
inline constexpr Asked kAllAsked[] = {Asked::kLists,     Asked::kAct,      Asked::kChild,
                                      Asked::kEmergency, Asked::kNumbers,  Asked::kSilence,
                                      Asked::kReads,     Asked::kReadersOf};

// How far the answer goes. Ascending: of two that hold the wider counts.
enum class Reach {
  kNothing,
  kOwnAgency,  // what concerns the caller's agency, as it is
  kAll,        // of all agencies; numbers with the small ones hidden
};

Reach MayAsk(const Caller& caller, Purpose purpose, Asked asked);

// Those that open anything to this caller, in the order of the enumeration.
std::vector<Purpose> PurposesOf(const Caller& caller);

}  // namespace dolen

#endif  // DOLEN_ENGINE_ACCESS_MAY_ASK_H_
