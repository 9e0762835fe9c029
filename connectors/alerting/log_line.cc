#include "connectors/alerting/log_line.h"

#include "connectors/alerting/facts.h"
#include "engine/base/say.h"

namespace dolen {
namespace {

// Codes of log lines are literals: what was received cannot become one.
void SayState(const alert::v1::Alert& alert) {
  // An alert's id has the form of a child's key.
  ChildKey id;
  const bool is_id = ChildKey::FromHex(alert.alert_id(), id);
  const auto say = [&](auto& code) {
    Say line(Severity::kInfo, code);
    line.Field("shard", static_cast<int64_t>(alert.shard()))
        .Field("shard_number", static_cast<int64_t>(alert.shard_number()));
    if (is_id) line.Field("alert", id);
  };
  switch (alert.state()) {
    case alert::v1::STATE_AMENDED:
      return say("alert_amended");
    case alert::v1::STATE_ACKNOWLEDGED:
      return say("alert_acknowledged");
    case alert::v1::STATE_ESCALATED:
      return say("alert_escalated");
    case alert::v1::STATE_CLEARED:
      return say("alert_cleared");
    case alert::v1::STATE_WITHDRAWN:
      return say("alert_withdrawn");
    case alert::v1::STATE_SNOOZED:
      return say("alert_snoozed");
    case alert::v1::STATE_ASSIGNED:
      return say("alert_assigned");
    case alert::v1::STATE_RESOLVED:
      return say("alert_resolved");
    default:
      return say("alert_raised");
  }
}

class LogLine : public Destination {
 public:
  Delivery Deliver(const Notice& notice) override {
    for (const Notice::Item& item : notice.items) SayState(item.alert);
    if (notice.left_out > 0) {
      Say(Severity::kInfo, "alerts_left_out").Field("count", notice.left_out);
    }
    if (notice.kind == Notice::Kind::kTest) Say(Severity::kInfo, "alert_test");
    if (notice.kind == Notice::Kind::kEmergency) Say(Severity::kWarning, "emergency_access");
    if (notice.kind == Notice::Kind::kHeartbeat) Say(Severity::kInfo, "alert_heartbeat");
    return {Delivery::Outcome::kTaken, "", {}};
  }
};

}  // namespace

std::unique_ptr<Destination> MakeLogLine() { return std::make_unique<LogLine>(); }

}  // namespace dolen
