// The arithmetic of due times: from a start to the first late instant, and from there to the
// instants of the levels. Pure. Steps as numbered in rules.md, "Due".
#ifndef DOLEN_ENGINE_CHILD_DUE_H_
#define DOLEN_ENGINE_CHILD_DUE_H_

#include <vector>

#include "absl/time/time.h"
#include "dolen/pathway/v1/pathway.pb.h"
#include "engine/calendar/calendar.h"
#include "engine/calendar/zone.h"
#include "engine/child/event.h"

namespace dolen {

struct DueTimes {
  absl::Time due = absl::InfiniteFuture();
  std::vector<absl::Time> levels;  // one for each level of the rule
  bool no_calendar = false;
};

// `calendar` may be nullptr: none is known. A rule without limit stands: due is never, levels are
// silent.
DueTimes DueTimesOf(const pathway::v1::Rule& rule, const Moment& start, const Zone& zone,
                    const Calendar* calendar);

}  // namespace dolen

#endif  // DOLEN_ENGINE_CHILD_DUE_H_
