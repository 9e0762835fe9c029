// The lists that concern the caller's agency, across children and shards, as of a question's
// glances.
#ifndef DOLEN_DEPLOY_API_LISTS_H_
#define DOLEN_DEPLOY_API_LISTS_H_

#include <vector>

#include "absl/status/statusor.h"
#include "deploy/api/api.h"
#include "deploy/api/question.h"
#include "projections/alerts/alerts_view.h"
#include "projections/worklist/worklist.h"

namespace dolen {

// What the question says of a worklist, but for where its page begins and how long it is.
absl::StatusOr<WorkQuery> WorkQueryOf(const Question& question);
// At most `limit` of them, and beside those the ones of children with seals; in any order.
absl::StatusOr<std::vector<WorkItem>> WorkItemsFor(Api& api, const Question& question,
                                                   const WorkQuery& query);
absl::StatusOr<std::vector<AgencyAlert>> AlertsFor(Api& api, const Question& question,
                                                   const AgencyAlertsQuery& query);

}  // namespace dolen

#endif  // DOLEN_DEPLOY_API_LISTS_H_
