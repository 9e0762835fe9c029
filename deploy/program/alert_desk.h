// What people ask about alerts, and what they do with them. Answers are JSON or text for a
// terminal.
//
// Threads: any. Errors: kNotFound no such alert; kInvalidArgument what was asked for makes no
// sense; kDeadlineExceeded it is in the log and not folded yet; the rest is the world's.
#ifndef DOLEN_DEPLOY_PROGRAM_ALERT_DESK_H_
#define DOLEN_DEPLOY_PROGRAM_ALERT_DESK_H_

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "deploy/program/deed.h"
#include "deploy/program/engine.h"
#include "dolen/alert/v1/action.pb.h"
#include "dolen/alert/v1/alert.pb.h"
#include "projections/alerts/alerts_view.h"
#include "projections/alerts/trail.h"

namespace dolen {

enum class Format { kText, kJson };

// An alert as it is now, and its trail.
struct AlertFile {
  alert::v1::Alert alert;
  std::vector<TrailLine> trail;
};

class AlertDesk {
 public:
  // Fewest digits that name an alert.
  static constexpr size_t kFewestDigits = 6;

  explicit AlertDesk(Engine* engine) : engine_(engine) {}

  // What is open now, earliest due first.
  absl::StatusOr<std::string> List(const AlertsQuery& query, Format format);
  // One alert and its trail; `name` as in Deed::alerts.
  absl::StatusOr<std::string> Show(const std::string& name, Format format);
  // kNotFound: it was never raised.
  absl::StatusOr<AlertFile> Look(const AlertName& name);
  // The only alert of this name, written as in Deed::alerts.
  absl::StatusOr<AlertName> Find(absl::string_view name);
  // Puts it into the actions topic, as on-call systems do, and waits until it is folded where the
  // engine runs. Nothing is done where one of the alerts is not known or the deed is refused.
  absl::StatusOr<std::string> Do(const Deed& deed, Format format);

 private:
  absl::StatusOr<std::vector<alert::v1::Alert>> Open(const AlertsQuery& query);
  absl::StatusOr<std::vector<alert::v1::Action>> ActionsOf(const Deed& deed);
  absl::Status Append(const std::vector<alert::v1::Action>& actions);
  absl::Status WaitFor(const alert::v1::Action& action);

  Engine* const engine_;
  std::mutex appending_;
  std::unique_ptr<LogAppender> appender_;  // guarded by appending_; none: the next one opens it
};

}  // namespace dolen

#endif  // DOLEN_DEPLOY_PROGRAM_ALERT_DESK_H_
