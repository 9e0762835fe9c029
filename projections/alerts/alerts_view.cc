#include "projections/alerts/alerts_view.h"

#include <utility>

#include "engine/base/time.h"
#include "engine/store/keys.h"

namespace dolen {

void AlertsView::AddRows(const ChildKey& child, const ChildState& state, const Books& books,
                         Rows& rows) const {
  for (const Told& told : state.alerts) {
    if (!told.IsOpen()) continue;
    const alert::v1::Alert alert = AlertOf(child, told, books);
    rows.push_back({keys::BigEndian(static_cast<uint64_t>(Micros(told.due)), 8) + alert.alert_id(),
                    alert.SerializeAsString()});
  }
}

absl::StatusOr<std::vector<alert::v1::Alert>> OpenAlerts(const Store& store,
                                                         const AlertsQuery& query) {
  std::vector<alert::v1::Alert> alerts;
  absl::Status result;
  const std::string prefix = keys::View(AlertsView().letter(), "");
  const absl::Status scanned = store.Scan(prefix, [&](absl::string_view, absl::string_view value) {
    alert::v1::Alert alert;
    if (!alert.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
      result = absl::DataLossError("alerts view: a row cannot be parsed");
      return false;
    }
    if (!query.accountable.empty() && alert.accountable() != query.accountable) return true;
    if (!query.level.empty() && alert.level() != query.level) return true;
    alerts.push_back(std::move(alert));
    return static_cast<int>(alerts.size()) < query.limit;
  });
  if (!scanned.ok()) return scanned;
  if (!result.ok()) return result;
  return alerts;
}

}  // namespace dolen
