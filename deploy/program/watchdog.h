// Tells systemd that the program is ready, and, where the unit asks for it, that it is alive: as
// long as its threads turn. Where systemd did not start it, nothing is told.
#ifndef DOLEN_DEPLOY_PROGRAM_WATCHDOG_H_
#define DOLEN_DEPLOY_PROGRAM_WATCHDOG_H_

#include <atomic>
#include <functional>
#include <thread>

namespace dolen {

class Watchdog {
 public:
  // Says READY. `is_well` is asked from a thread of its own, twice in each WatchdogSec of the unit;
  // it outlives this.
  explicit Watchdog(std::function<bool()> is_well);
  // Says STOPPING.
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

 private:
  const std::function<bool()> is_well_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;  // none where the unit has no watchdog
};

}  // namespace dolen

#endif  // DOLEN_DEPLOY_PROGRAM_WATCHDOG_H_
