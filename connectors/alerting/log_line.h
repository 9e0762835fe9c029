// The log as a destination: a line for each alert of a notice, for installations without anything
// else, and beside it. Lines hold no text of an alert (engine/base/say.h): the shard and the
// change's number lead to it.
#ifndef DOLEN_CONNECTORS_ALERTING_LOG_LINE_H_
#define DOLEN_CONNECTORS_ALERTING_LOG_LINE_H_

#include <memory>

#include "connectors/alerting/destination.h"

namespace dolen {

// Takes everything.
std::unique_ptr<Destination> MakeLogLine();

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_ALERTING_LOG_LINE_H_
