// What an installation says of itself to Prometheus, at /metrics.
#ifndef DOLEN_DEPLOY_PROGRAM_MEASURES_H_
#define DOLEN_DEPLOY_PROGRAM_MEASURES_H_

#include <string>

#include "absl/status/statusor.h"
#include "deploy/program/service.h"

namespace dolen {

// The text of one scrape. Nothing in it is about a child.
absl::StatusOr<std::string> MeasuresOf(Service& service);

}  // namespace dolen

#endif  // DOLEN_DEPLOY_PROGRAM_MEASURES_H_
