#include "connectors/alerting/known_alerts.h"

#include "connectors/alerting/decide.h"
#include "engine/base/check.h"

namespace dolen {

KnownAlerts::News KnownAlerts::Take(int32_t partition, const alert::v1::Alert& alert) {
  Known& known = alerts_[alert.alert_id()];
  const uint32_t before = known.alert.number();
  if (alert.number() <= before) return News::kOld;
  known.alert = alert;
  known.partition = partition;
  return alert.number() == before + 1 ? News::kNext : News::kMissed;
}

const KnownAlerts::Known* KnownAlerts::Find(absl::string_view alert_id) const {
  const auto found = alerts_.find(alert_id);
  return found == alerts_.end() ? nullptr : &found->second;
}

void KnownAlerts::Release(const std::string& alert_id) {
  const auto found = alerts_.find(alert_id);
  DOLEN_CHECK(found != alerts_.end() && found->second.held > 0);
  --found->second.held;
  Tidy(alert_id);
}

void KnownAlerts::Tidy(const std::string& alert_id) {
  const auto found = alerts_.find(alert_id);
  if (found != alerts_.end() && found->second.held == 0 &&
      (IsOver(found->second.alert) || found->second.alert.number() == 0)) {
    alerts_.erase(found);
  }
}

}  // namespace dolen
