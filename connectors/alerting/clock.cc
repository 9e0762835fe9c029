#include "connectors/alerting/clock.h"

#include <time.h>

#include <utility>

#include "absl/time/clock.h"
#include "engine/base/limits.h"

namespace dolen {

NotifierClock::Source NotifierClock::Machine() {
  return {[] { return absl::Now(); },
          [] {
            timespec since_boot;
            clock_gettime(CLOCK_BOOTTIME, &since_boot);
            return absl::DurationFromTimespec(since_boot);
          }};
}

NotifierClock::NotifierClock(Source source)
    : source_(std::move(source)), wall_at_start_(source_.wall()), boot_at_start_(source_.boot()) {}

absl::Time NotifierClock::Now() {
  const std::lock_guard<std::mutex> lock(mutex_);
  const absl::Duration boot = source_.boot();
  const absl::Time by_boot = wall_at_start_ + (boot - boot_at_start_);
  const absl::Time by_wall = source_.wall();
  if (absl::AbsDuration(by_wall - by_boot) < kMaxClockStep) {
    parted_since_ = absl::InfiniteDuration();
    return by_boot;
  }
  if (parted_since_ == absl::InfiniteDuration()) parted_since_ = boot;
  if (boot - parted_since_ < kBelieveAfter) return by_boot;
  wall_at_start_ = by_wall;
  boot_at_start_ = boot;
  parted_since_ = absl::InfiniteDuration();
  return by_wall;
}

}  // namespace dolen
