// What every destination reads off an alert or a notice in the same way, for programs: instants,
// names, how grave it is. Words for people are in words.h.
#ifndef DOLEN_CONNECTORS_ALERTING_FACTS_H_
#define DOLEN_CONNECTORS_ALERTING_FACTS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "connectors/alerting/notice.h"
#include "dolen/alert/v1/alert.pb.h"

namespace dolen {

// InfiniteFuture where there is no due time, or none that a calendar shows (after the year 9999).
absl::Time DueOf(const alert::v1::Alert& alert);
// Never later than `at`.
absl::Time SinceOf(const alert::v1::Alert& alert);
absl::Time AtOf(const alert::v1::Alert& alert);

// Whether its level became true before the step was due.
bool IsBeforeDue(const alert::v1::Alert& alert);
// Cleared or withdrawn.
bool IsOver(const alert::v1::Alert& alert);

// The first 8 digits of the child's key, by which people tell children apart; empty for an alert
// about an agency.
std::string ShortChild(const alert::v1::Alert& alert);

// As PagerDuty names them, and Alertmanager's label.
enum class Gravity { kInfo, kWarning, kError, kCritical };
// By how binding the duty is: advisory is info, local warning, guidance error, statute critical.
// Before due never more than a warning, and a local duty is info then.
Gravity GravityOf(const alert::v1::Alert& alert);
absl::string_view GravityName(Gravity gravity);

// "deadline", "missing_step": as the routing file names it; empty where not said.
absl::string_view AboutName(alert::v1::About about);
// "raised", "withdrawn".
absl::string_view StateName(alert::v1::State state);
// "acknowledged"; empty where nobody said anything.
absl::string_view AnswerName(alert::v1::Answer::Kind kind);
// "page", "ended", "heartbeat".
absl::string_view KindName(Notice::Kind kind);

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_ALERTING_FACTS_H_
