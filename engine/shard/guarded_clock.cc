#include "engine/shard/guarded_clock.h"

#include <time.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "engine/base/limits.h"
#include "engine/base/time.h"

namespace dolen {

GuardedClock::Source GuardedClock::Machine() {
  return {[] { return absl::Now(); },
          [] {
            timespec since_boot;
            clock_gettime(CLOCK_BOOTTIME, &since_boot);
            return absl::DurationFromTimespec(since_boot);
          }};
}

GuardedClock::GuardedClock(Source source, absl::Time reached)
    : source_(std::move(source)),
      wall_at_start_(source_.wall()),
      boot_at_start_(source_.boot()),
      reached_(reached) {
  if (reached == absl::InfinitePast()) return;
  if (wall_at_start_ < reached) {
    alarm_ = absl::StrCat("the wall clock reads ", Rfc3339(wall_at_start_),
                          ", which is behind the time reached, ", Rfc3339(reached));
  } else if (wall_at_start_ - reached > kMaxClockGap) {
    alarm_ = absl::StrCat("the wall clock reads ", Rfc3339(wall_at_start_),
                          ", more than 7 days ahead of the time reached, ", Rfc3339(reached));
  }
}

void GuardedClock::Look() {
  if (!alarm_.empty()) return;
  const absl::Time by_boot = wall_at_start_ + (source_.boot() - boot_at_start_);
  const absl::Time by_wall = source_.wall();
  if (absl::AbsDuration(by_wall - by_boot) < kMaxClockStep) {
    last_ = std::max(last_, by_boot);
    return;
  }
  alarm_ = absl::StrCat("the wall clock jumped to ", Rfc3339(by_wall), "; by boot time it is ",
                        Rfc3339(by_boot));
}

absl::Time GuardedClock::Now() {
  const std::lock_guard<std::mutex> lock(mutex_);
  Look();
  if (alarm_.empty()) return last_;
  // Standing still at the time reached makes nothing overdue that was not so already. Before
  // anything was reached there is no deadline to fire early.
  if (reached_ == absl::InfinitePast()) return std::max(last_, wall_at_start_);
  return std::max(last_, reached_);
}

bool GuardedClock::Trusted() {
  const std::lock_guard<std::mutex> lock(mutex_);
  Look();
  return alarm_.empty();
}

std::string GuardedClock::Alarm() {
  const std::lock_guard<std::mutex> lock(mutex_);
  Look();
  return alarm_;
}

absl::Duration GuardedClock::Parted() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return source_.wall() - (wall_at_start_ + (source_.boot() - boot_at_start_));
}

void GuardedClock::Confirm() {
  const std::lock_guard<std::mutex> lock(mutex_);
  wall_at_start_ = source_.wall();
  boot_at_start_ = source_.boot();
  last_ = wall_at_start_;
  alarm_.clear();
}

void GuardedClock::SawReached(absl::Time reached) {
  const std::lock_guard<std::mutex> lock(mutex_);
  reached_ = std::max(reached_, reached);
}

}  // namespace dolen
