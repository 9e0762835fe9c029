// What the alerts of a rule are about, read off the rule: its readers tell a late step from a child
// whom nobody holds without knowing the book. Pure.
#ifndef DOLEN_ENGINE_PATHWAY_ABOUT_H_
#define DOLEN_ENGINE_PATHWAY_ABOUT_H_

#include "absl/strings/string_view.h"
#include "dolen/alert/v1/alert.pb.h"
#include "dolen/pathway/v1/pathway.pb.h"

namespace dolen {

// The event that the engine makes of its own record that an agency was heard.
inline constexpr absl::string_view kAgencyHeard = "agency_heard";

//   starts when nobody, or two, hold the child   gap, overlap
//   starts when an agency was heard              silence
//   from a handover's offer to its acceptance    handover
//   no time is left once another event came      missing step
//   else                                         deadline
alert::v1::About AboutOf(const pathway::v1::Rule& rule);

}  // namespace dolen

#endif  // DOLEN_ENGINE_PATHWAY_ABOUT_H_
