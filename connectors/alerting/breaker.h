// When to try again. Two schedules of one destination: of a notice that it did not take (the
// backoff), and of the destination itself where it takes nothing (the breaker). Pure.
#ifndef DOLEN_CONNECTORS_ALERTING_BREAKER_H_
#define DOLEN_CONNECTORS_ALERTING_BREAKER_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace dolen {

// Attempts of one notice; after the last it is given up, and listed until somebody sends it again.
// A page is worth most in its first minutes and most failures are a restart or a lost connection,
// so the first attempts follow fast: 5 s, 15 s, 30 s, 1 m, 2 m, 5 m, 10 m, 20 m, 30 m. Then each
// hour until a day is over, since a child's alert that comes late is still better than none.
inline constexpr uint32_t kMostAttempts = 33;
inline constexpr absl::Duration kLongestBackoff = absl::Hours(1);
// How long to wait after the `failed`th attempt of the notice `id` (from 1): the schedule, and up
// to a tenth more, as its id has it, so that what failed together does not come again together.
absl::Duration Backoff(uint32_t failed, absl::string_view id);

// After kFailuresToOpen failures in a row a destination is left alone, and then probed by one
// notice at a time until it takes one.
class Breaker {
 public:
  static constexpr int kFailuresToOpen = 5;
  static constexpr absl::Duration kFirstPause = absl::Seconds(30);
  static constexpr absl::Duration kLongestPause = absl::Minutes(5);

  // Nothing is to be sent before this instant.
  absl::Time next() const { return next_; }
  bool open() const { return failures_ >= kFailuresToOpen; }
  // It answered. Returns whether the breaker was open.
  bool Succeeded();
  void Failed(absl::Time now);

 private:
  int failures_ = 0;  // in a row
  absl::Duration pause_ = kFirstPause;
  absl::Time next_ = absl::InfinitePast();
};

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_ALERTING_BREAKER_H_
