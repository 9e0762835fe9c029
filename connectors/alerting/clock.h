// The notifier's time: advances by boot time from the wall clock's reading at start, so that a wall
// clock that jumps makes no digest early and no retry late. A wall clock that stays where it jumped
// to is believed after a while: people's working hours go by it.
//
// Thread-safe.
#ifndef DOLEN_CONNECTORS_ALERTING_CLOCK_H_
#define DOLEN_CONNECTORS_ALERTING_CLOCK_H_

#include <functional>
#include <mutex>

#include "absl/time/time.h"

namespace dolen {

class NotifierClock {
 public:
  struct Source {
    std::function<absl::Time()> wall;      // may jump
    std::function<absl::Duration()> boot;  // never does; suspended time included
  };
  // The machine's clocks.
  static Source Machine();
  // How long the two must be parted until the wall clock is believed.
  static constexpr absl::Duration kBelieveAfter = absl::Minutes(10);

  explicit NotifierClock(Source source);
  absl::Time Now();

 private:
  const Source source_;
  std::mutex mutex_;
  absl::Time wall_at_start_;
  absl::Duration boot_at_start_;
  absl::Duration parted_since_ = absl::InfiniteDuration();  // boot time
};

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_ALERTING_CLOCK_H_
