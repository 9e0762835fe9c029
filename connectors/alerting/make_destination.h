// Destinations as the routing file names them.
#ifndef DOLEN_CONNECTORS_ALERTING_MAKE_DESTINATION_H_
#define DOLEN_CONNECTORS_ALERTING_MAKE_DESTINATION_H_

#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "connectors/alerting/destination.h"
#include "dolen/routing/v1/routing.pb.h"

namespace dolen {

// Until a destination's attempt is given up, where the file says nothing, and at most.
inline constexpr absl::Duration kUsualTimeout = absl::Seconds(15);
inline constexpr absl::Duration kLongestTimeout = absl::Seconds(60);
// How often Alertmanager is told again, where the file says nothing; and the most, since its alerts
// live for four times as long after Dolen has gone.
inline constexpr absl::Duration kUsualRepeat = absl::Seconds(60);
inline constexpr absl::Duration kLongestRepeat = absl::Minutes(5);

// Reads the files with its secrets, once: a new secret needs a new destination. Nothing is sent.
// kInvalidArgument: the file cannot be meant so, with the path of the field
// ("destination council_mail, mail.server: ..."). kFailedPrecondition: a file of secrets cannot be
// read or does not hold any, or this system lacks time zones.
absl::StatusOr<std::unique_ptr<Destination>> MakeDestination(const routing::v1::Destination& told);

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_ALERTING_MAKE_DESTINATION_H_
