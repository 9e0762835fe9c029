// The notifier of an installation, from its routing file; and a try of each destination in it.
#ifndef DOLEN_DEPLOY_PROGRAM_NOTIFY_H_
#define DOLEN_DEPLOY_PROGRAM_NOTIFY_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "connectors/alerting/notifier.h"
#include "deploy/program/service.h"
#include "dolen/routing/v1/routing.pb.h"
#include "engine/pathway/book.h"

namespace dolen {

// A routing file that can be used. kInvalidArgument: with a line for each error in it.
absl::StatusOr<routing::v1::Routing> ReadRouting(const std::string& path);

// Errors: of ReadRouting and MakeDestination; of the log. `service` outlives it.
absl::StatusOr<std::unique_ptr<Notifier>> StartNotifier(Service* service,
                                                        const routing::v1::Routing& file);

// What a destination said to a test, and which routes lead to it.
struct Tried {
  std::string destination;
  std::vector<int> routes;  // by place in the file, from 1
  bool taken = false;
  std::string answer;
};
// Sends a test to each destination of the file, one after the other.
absl::StatusOr<std::vector<Tried>> TryDestinations(const routing::v1::Routing& file,
                                                   absl::Time now);

// What of the notifier wants an operator.
std::vector<std::pair<std::string, std::string>> NotifierFindings(const NotifierStatus& status);

// As JSON, or for a terminal.
std::string NotifierText(const NotifierStatus& status, Format format);

}  // namespace dolen

#endif  // DOLEN_DEPLOY_PROGRAM_NOTIFY_H_
