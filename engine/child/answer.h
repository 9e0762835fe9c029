// What people say to alerts: acknowledged, snoozed, assigned, settled. Pure.
//
// It is said to all open alerts of the clock, since people see to a step and not to a level of it.
// As long as it holds, levels after due wait (child/watch.h); the clock goes on. It runs out, and
// then the alert is raised again: nothing that was acknowledged is forgotten.
#ifndef DOLEN_ENGINE_CHILD_ANSWER_H_
#define DOLEN_ENGINE_CHILD_ANSWER_H_

#include <vector>

#include "absl/time/time.h"
#include "dolen/alert/v1/action.pb.h"
#include "dolen/alert/v1/alert.pb.h"
#include "engine/base/ids.h"
#include "engine/child/told.h"
#include "engine/pathway/books.h"

namespace dolen {

// How long an acknowledgement holds where the level does not say: whoever was on duty is not any
// more.
inline constexpr absl::Duration kAckExpires = absl::Hours(24);

// Takes up what a person did with the alert that `action` names; `reached` is when the ledger got
// it. Returns what changed, as Watch does. Nothing changes where no such alert is open, where a
// snooze has run out already, and by a note.
std::vector<alert::v1::Alert> TakeAction(const alert::v1::Action& action, const ChildKey& child,
                                         const Books& books, absl::Time reached, Alerts& alerts);

}  // namespace dolen

#endif  // DOLEN_ENGINE_CHILD_ANSWER_H_
