// The alerts view: what is open now, across children, earliest due first.
#ifndef DOLEN_PROJECTIONS_ALERTS_ALERTS_VIEW_H_
#define DOLEN_PROJECTIONS_ALERTS_ALERTS_VIEW_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dolen/alert/v1/alert.pb.h"
#include "engine/shard/view.h"
#include "engine/store/store.h"

namespace dolen {

// One row for each open alert: key = due (8 bytes, big-endian), alert id; value =
// dolen.alert.v1.Alert without the shard's own numbers and without `at`.
class AlertsView : public View {
 public:
  char letter() const override { return 'a'; }
  void AddRows(const ChildKey& child, const ChildState& state, const Books& books,
               Rows& rows) const override;
};

// What to list; empty: all.
struct AlertsQuery {
  std::string accountable;
  std::string level;
  int limit = 1000;
};

// Open alerts of one shard, earliest due first.
absl::StatusOr<std::vector<alert::v1::Alert>> OpenAlerts(const Store& store,
                                                         const AlertsQuery& query);

}  // namespace dolen

#endif  // DOLEN_PROJECTIONS_ALERTS_ALERTS_VIEW_H_
