// The routing file: which alert goes where. From text to a checked file. Pure: text in, file or
// findings out; only the names of time zones are looked up in the system.
#ifndef DOLEN_CONNECTORS_ALERTING_ROUTING_H_
#define DOLEN_CONNECTORS_ALERTING_ROUTING_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "dolen/routing/v1/routing.pb.h"
#include "engine/pathway/finding.h"

namespace dolen {

struct CheckedRouting {
  routing::v1::Routing file;
  std::vector<Finding> findings;  // FindingText prints one
  bool ok() const;                // no errors among the findings
};

// Parses protobuf text format and checks all that can be checked without the outside: names, hours
// and days, references between routes and destinations, routes that nothing can reach. What would
// leave somebody untold without saying so is at least a warning: levels after due for which the
// file has no route, destinations that no route leads to.
CheckedRouting ParseRouting(absl::string_view text);

// The same checks for a file that is already a message; lines are 0.
std::vector<Finding> CheckRouting(const routing::v1::Routing& file);

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_ALERTING_ROUTING_H_
