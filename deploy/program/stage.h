// The stage of the demo: an installation on the local log whose clock is the story's. What is
// published goes the whole way: intake, admission, ledger, fold, alerts.
#ifndef DOLEN_DEPLOY_PROGRAM_STAGE_H_
#define DOLEN_DEPLOY_PROGRAM_STAGE_H_

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "deploy/program/engine.h"
#include "deploy/program/recorded_rows.h"
#include "deploy/program/service.h"
#include "dolen/alert/v1/alert.pb.h"

namespace dolen {

// A clock that stands where the story is; after the story it goes on with the machine's pace.
class StoryClock {
 public:
  explicit StoryClock(absl::Time begin) : now_(begin) {}
  absl::Time Now() const;
  void Set(absl::Time now);
  void GoOn();
  GuardedClock::Source Source();

 private:
  mutable std::mutex mutex_;
  absl::Time now_;
  absl::Time real_ = absl::InfinitePast();  // when it went on
};

class Stage {
 public:
  struct Hooks {
    // Before the story's time moves on.
    std::function<void(absl::Time from, absl::Time to)> pace;
    std::function<void(const RecordedEvent&)> happened;
    std::function<void(const alert::v1::Alert&)> said;
  };

  static absl::StatusOr<std::unique_ptr<Stage>> Open(const std::string& folder, absl::Time begin,
                                                     Hooks hooks);

  absl::Status PublishBook(const std::string& file, const std::string& text);
  // Plays the rows; then lets time run to `end`, telling what falls due.
  absl::Status Play(const RecordedRows& rows, absl::Time end);
  // Once the engine's threads run: sends one event, as its agency does. They do the rest.
  absl::Status Send(const RecordedEvent& event);
  // Tells what alerts have changed since it was told last.
  absl::Status Listen();

  Engine& engine() { return *engine_; }
  Service& service() { return *service_; }
  StoryClock& clock() { return clock_; }

 private:
  Stage(absl::Time begin, Hooks hooks) : clock_(begin), hooks_(std::move(hooks)) {}
  absl::Status Publish(const RecordedEvent& event);
  absl::Status RunTo(absl::Time to);
  absl::Time FirstDue();

  StoryClock clock_;
  const Hooks hooks_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Service> service_;
  std::vector<int64_t> heard_;  // how far each partition of the alerts topic was read
};

}  // namespace dolen

#endif  // DOLEN_DEPLOY_PROGRAM_STAGE_H_
