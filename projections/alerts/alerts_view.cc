#include "projections/alerts/alerts_view.h"

#include <algorithm>
#include <utility>

#include "absl/container/btree_set.h"
#include "absl/strings/str_cat.h"
#include "engine/base/status.h"
#include "engine/base/time.h"
#include "engine/store/walk.h"

namespace dolen {
namespace {

using alert::v1::Alert;

constexpr size_t kPlaceBytes = 8 + 32;  // due, alert id

absl::string_view AgencyOf(absl::string_view agency_or_team) {
  return agency_or_team.substr(0, agency_or_team.find('/'));
}

// Sorted, each once.
absl::btree_set<absl::string_view> AgenciesOf(const Alert& alert) {
  absl::btree_set<absl::string_view> agencies = {alert.accountable()};
  for (const std::string& to : alert.to()) agencies.insert(AgencyOf(to));
  if (!alert.assigned_to().empty()) agencies.insert(AgencyOf(alert.assigned_to()));
  return agencies;
}

std::string PlaceOf(const Alert& alert) {
  const int64_t due = Micros(FromTimestamp(alert.due()));
  return absl::StrCat(keys::BigEndian(static_cast<uint64_t>(due), 8), alert.alert_id());
}

absl::StatusOr<Alert> AlertIn(absl::string_view value) {
  Alert alert;
  if (alert.ParseFromArray(value.data(), static_cast<int>(value.size()))) return alert;
  return absl::DataLossError("alerts view: a row cannot be parsed");
}

}  // namespace

void AlertsView::AddRows(const ChildKey& child, const ChildState& state, const Books& books,
                         Rows& rows) const {
  for (const Told& told : state.alerts) {
    if (!told.IsOpen()) continue;
    const Alert alert = AlertOf(child, told, books);
    const std::string place = PlaceOf(alert), value = alert.SerializeAsString();
    for (const absl::string_view agency : AgenciesOf(alert)) {
      rows.push_back({absl::StrCat(agency, absl::string_view("\0", 1), place), value});
    }
  }
}

absl::StatusOr<std::vector<Alert>> OpenAlerts(const StoreReader& store, const AlertsQuery& query) {
  std::vector<Alert> alerts;
  const std::string all = ViewKey(AlertsView());
  const std::string prefix = query.accountable.empty()
                                 ? all
                                 : absl::StrCat(all, query.accountable, absl::string_view("\0", 1));
  const StoreReader* const stores[] = {&store};
  Walk walk(stores, prefix, prefix);
  for (; !walk.IsAtEnd(); walk.Next()) {
    DOLEN_ASSIGN_OR_RETURN(Alert alert, AlertIn(walk.value()));
    // It stands under others too; it counts where it stands under who is accountable.
    const absl::string_view key = walk.key();
    const bool counts = key.size() == all.size() + alert.accountable().size() + 1 + kPlaceBytes &&
                        key.substr(all.size(), alert.accountable().size()) == alert.accountable();
    if (counts && (query.level.empty() || alert.level() == query.level)) {
      alerts.push_back(std::move(alert));
    }
  }
  DOLEN_RETURN_IF_ERROR(walk.status());
  std::sort(alerts.begin(), alerts.end(),
            [](const Alert& a, const Alert& b) { return PlaceOf(a) < PlaceOf(b); });
  if (static_cast<int>(alerts.size()) > query.limit) alerts.resize(std::max(query.limit, 0));
  return alerts;
}

absl::StatusOr<std::vector<AgencyAlert>> AlertsOfAgency(absl::Span<const StoreReader* const> shards,
                                                        const AgencyAlertsQuery& query,
                                                        const absl::btree_set<std::string>& but) {
  std::vector<AgencyAlert> alerts;
  const std::string prefix = AgencyAlertsPrefix(query.agency);
  for (Walk walk(shards, prefix, prefix + query.after); alerts.size() < query.limit; walk.Next()) {
    if (walk.IsAtEnd()) {
      DOLEN_RETURN_IF_ERROR(walk.status());
      break;
    }
    DOLEN_ASSIGN_OR_RETURN(Alert alert, AlertIn(walk.value()));
    AgencyAlert one{std::string(walk.key().substr(prefix.size())), std::move(alert)};
    if (IsAskedFor(one, query) && !but.contains(one.alert.child())) {
      alerts.push_back(std::move(one));
    }
  }
  return alerts;
}

std::vector<AgencyAlert> AlertsIn(const ChildKey& child, const Alerts& told,
                                  absl::string_view agency, const Books& books) {
  std::vector<AgencyAlert> alerts;
  for (const Told& one : told) {
    if (!one.IsOpen()) continue;
    Alert alert = AlertOf(child, one, books);
    if (!Concerns(alert, agency)) continue;
    std::string place = PlaceOf(alert);
    alerts.push_back({std::move(place), std::move(alert)});
  }
  return alerts;
}

bool IsAskedFor(const AgencyAlert& one, const AgencyAlertsQuery& query) {
  return (query.level.empty() || one.alert.level() == query.level) && one.place > query.after;
}

std::string AgencyAlertsPrefix(absl::string_view agency) {
  return ViewKey(AlertsView(), absl::StrCat(agency, absl::string_view("\0", 1)));
}

bool Concerns(const Alert& alert, absl::string_view agency) {
  return AgenciesOf(alert).contains(agency);
}

}  // namespace dolen
