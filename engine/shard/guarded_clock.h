// The guarded clock of a process that writes ledger records. It advances by boot time from the wall
// clock's reading at start. Where the two part, or the wall clock at start cannot be believed, it
// stands still at the time reached and says so, until an operator confirms: a clock that jumps must
// make no early alert.
//
// Thread-safe.
#ifndef DOLEN_ENGINE_SHARD_GUARDED_CLOCK_H_
#define DOLEN_ENGINE_SHARD_GUARDED_CLOCK_H_

#include <functional>
#include <mutex>
#include <string>

#include "absl/time/time.h"

namespace dolen {

class GuardedClock {
 public:
  struct Source {
    std::function<absl::Time()> wall;  // may jump
    std::function<absl::Duration()>
        boot;  // never does; since some fixed instant, suspended time included
  };
  // The machine's clocks.
  static Source Machine();

  // `reached`: the highest time reached in any shard at start; InfinitePast: nothing was ever
  // written.
  GuardedClock(Source source, absl::Time reached);

  // The time to write into a record: never behind what it said before.
  absl::Time Now();
  // Whether ticks may be written. Looks at the clocks.
  bool Trusted();
  // Why not, as a sentence; empty when trusted.
  std::string Alarm();
  // How far the wall clock has moved away from boot time since the start, or since it was
  // confirmed.
  absl::Duration Parted();
  // An operator has looked: from now on the wall clock's reading counts again.
  void Confirm();
  // The time reached while records are folded; what Now() repeats while not trusted.
  void SawReached(absl::Time reached);

 private:
  void Look();  // with mutex_ held

  const Source source_;
  std::mutex mutex_;
  absl::Time wall_at_start_;
  absl::Duration boot_at_start_;
  absl::Time reached_;
  absl::Time last_ = absl::InfinitePast();
  std::string alarm_;
};

}  // namespace dolen

#endif  // DOLEN_ENGINE_SHARD_GUARDED_CLOCK_H_
