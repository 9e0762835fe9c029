#include "deploy/program/watchdog.h"

#include <systemd/sd-daemon.h>

#include <cstdint>
#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace dolen {

Watchdog::Watchdog(std::function<bool()> is_well) : is_well_(std::move(is_well)) {
  (void)sd_notify(0, "READY=1");
  uint64_t micros = 0;
  if (sd_watchdog_enabled(0, &micros) <= 0) return;
  thread_ = std::thread([this, every = absl::Microseconds(static_cast<int64_t>(micros / 2))] {
    absl::Time next = absl::Now();
    for (; !stopping_; absl::SleepFor(absl::Milliseconds(50))) {
      if (absl::Now() < next) continue;
      next = absl::Now() + every;
      if (is_well_()) (void)sd_notify(0, "WATCHDOG=1");
    }
  });
}

Watchdog::~Watchdog() {
  (void)sd_notify(0, "STOPPING=1");
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
}

}  // namespace dolen
