#include "connectors/alerting/facts.h"

#include <algorithm>

#include "engine/base/check.h"
#include "engine/base/time.h"

namespace dolen {
namespace {

// 9999-12-31T23:59:59Z: what RFC 3339 and receivers can write.
constexpr int64_t kLastSecond = 253402300799;

}  // namespace

absl::Time DueOf(const alert::v1::Alert& alert) {
  const bool is_shown = alert.has_due() && alert.due().seconds() <= kLastSecond;
  return is_shown ? FromTimestamp(alert.due()) : absl::InfiniteFuture();
}

absl::Time AtOf(const alert::v1::Alert& alert) { return FromTimestamp(alert.at()); }

absl::Time SinceOf(const alert::v1::Alert& alert) {
  return std::min(FromTimestamp(alert.since()), AtOf(alert));
}

bool IsBeforeDue(const alert::v1::Alert& alert) {
  const absl::Time due = DueOf(alert);
  return due != absl::InfiniteFuture() && FromTimestamp(alert.since()) < due;
}

bool IsOver(const alert::v1::Alert& alert) {
  return alert.state() == alert::v1::STATE_CLEARED || alert.state() == alert::v1::STATE_WITHDRAWN;
}

std::string ShortChild(const alert::v1::Alert& alert) {
  return alert.silent_agency().empty() ? alert.child().substr(0, 8) : "";
}

Gravity GravityOf(const alert::v1::Alert& alert) {
  const Gravity late = alert.weight() == "statute"    ? Gravity::kCritical
                       : alert.weight() == "guidance" ? Gravity::kError
                       : alert.weight() == "local"    ? Gravity::kWarning
                                                      : Gravity::kInfo;
  if (!IsBeforeDue(alert)) return late;
  return late >= Gravity::kError ? Gravity::kWarning : Gravity::kInfo;
}

absl::string_view GravityName(Gravity gravity) {
  switch (gravity) {
    case Gravity::kInfo:
      return "info";
    case Gravity::kWarning:
      return "warning";
    case Gravity::kError:
      return "error";
    case Gravity::kCritical:
      return "critical";
  }
  DOLEN_CHECK(false);
}

absl::string_view AboutName(alert::v1::About about) {
  switch (about) {
    case alert::v1::ABOUT_DEADLINE:
      return "deadline";
    case alert::v1::ABOUT_HANDOVER:
      return "handover";
    case alert::v1::ABOUT_GAP:
      return "gap";
    case alert::v1::ABOUT_OVERLAP:
      return "overlap";
    case alert::v1::ABOUT_SILENCE:
      return "silence";
    case alert::v1::ABOUT_MISSING_STEP:
      return "missing_step";
    default:
      return "";
  }
}

absl::string_view StateName(alert::v1::State state) {
  switch (state) {
    case alert::v1::STATE_RAISED:
      return "raised";
    case alert::v1::STATE_AMENDED:
      return "amended";
    case alert::v1::STATE_ACKNOWLEDGED:
      return "acknowledged";
    case alert::v1::STATE_ESCALATED:
      return "escalated";
    case alert::v1::STATE_CLEARED:
      return "cleared";
    case alert::v1::STATE_WITHDRAWN:
      return "withdrawn";
    case alert::v1::STATE_SNOOZED:
      return "snoozed";
    case alert::v1::STATE_ASSIGNED:
      return "assigned";
    case alert::v1::STATE_RESOLVED:
      return "resolved";
    default:
      return "";
  }
}

absl::string_view AnswerName(alert::v1::Answer::Kind kind) {
  switch (kind) {
    case alert::v1::Answer::KIND_ACKNOWLEDGED:
      return "acknowledged";
    case alert::v1::Answer::KIND_SNOOZED:
      return "snoozed";
    case alert::v1::Answer::KIND_RESOLVED:
      return "resolved";
    default:
      return "";
  }
}

absl::string_view KindName(Notice::Kind kind) {
  switch (kind) {
    case Notice::Kind::kPage:
      return "page";
    case Notice::Kind::kUpdate:
      return "update";
    case Notice::Kind::kAnswered:
      return "answered";
    case Notice::Kind::kEnded:
      return "ended";
    case Notice::Kind::kDigest:
      return "digest";
    case Notice::Kind::kSummary:
      return "summary";
    case Notice::Kind::kTest:
      return "test";
    case Notice::Kind::kHeartbeat:
      return "heartbeat";
    case Notice::Kind::kEmergency:
      return "emergency";
  }
  DOLEN_CHECK(false);
}

}  // namespace dolen
