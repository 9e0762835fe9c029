// The alerts view: what is open now, across children, by whom it concerns, earliest due first.
#ifndef DOLEN_PROJECTIONS_ALERTS_ALERTS_VIEW_H_
#define DOLEN_PROJECTIONS_ALERTS_ALERTS_VIEW_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "dolen/alert/v1/alert.pb.h"
#include "engine/shard/view.h"
#include "engine/store/store.h"

namespace dolen {

// One row for each open alert and each agency that it concerns: who is accountable, who is to be
// told, and to whom it was assigned. Key = agency, NUL, due (8 bytes, big-endian), alert id; value
// = dolen.alert.v1.Alert without the shard's own numbers and without `at`.
class AlertsView : public View {
 public:
  char letter() const override { return 'a'; }
  uint8_t version() const override { return 1; }
  bool is_followed() const override { return true; }
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
absl::StatusOr<std::vector<alert::v1::Alert>> OpenAlerts(const StoreReader& store,
                                                         const AlertsQuery& query);

// Those that concern an agency, in the order of their places.
struct AgencyAlert {
  std::string place;
  alert::v1::Alert alert;
};
struct AgencyAlertsQuery {
  std::string agency;
  std::string level;  // empty: all
  std::string after;  // the place of the last one of the page before; empty: from the start
  size_t limit = 50;
};
// Of all shards, at most `limit` of them, in order; without those of the children in `but`, in hex.
absl::StatusOr<std::vector<AgencyAlert>> AlertsOfAgency(
    absl::Span<const StoreReader* const> shards, const AgencyAlertsQuery& query,
    const absl::btree_set<std::string>& but = {});
// The open ones of one child that concern an agency, in any order.
std::vector<AgencyAlert> AlertsIn(const ChildKey& child, const Alerts& told,
                                  absl::string_view agency, const Books& books);
// Whether it is on the list that is asked for, and behind the page before.
bool IsAskedFor(const AgencyAlert& one, const AgencyAlertsQuery& query);

// What the keys of an agency's alerts begin with in the store.
std::string AgencyAlertsPrefix(absl::string_view agency);

// Whether an alert concerns an agency.
bool Concerns(const alert::v1::Alert& alert, absl::string_view agency);

}  // namespace dolen

#endif  // DOLEN_PROJECTIONS_ALERTS_ALERTS_VIEW_H_
