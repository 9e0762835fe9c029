// What one person does with some alerts at once, however they say it.
#ifndef DOLEN_DEPLOY_PROGRAM_DEED_H_
#define DOLEN_DEPLOY_PROGRAM_DEED_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "dolen/alert/v1/action.pb.h"
#include "projections/alerts/alerts_view.h"

namespace dolen {

struct Deed {
  // Their ids, or so many first digits of each as tell it from all others.
  std::vector<std::string> alerts;
  // In place of ids: all that are open and fit, however many a list would show.
  bool all = false;
  AlertsQuery which;
  // What is done, by whom, and why; without ids, which are given to it for each alert.
  alert::v1::Action action;
};

// As routes.h and openapi.json say it. kInvalidArgument: what is wrong with the body.
absl::StatusOr<Deed> DeedOfJson(const std::string& body);

}  // namespace dolen

#endif  // DOLEN_DEPLOY_PROGRAM_DEED_H_
