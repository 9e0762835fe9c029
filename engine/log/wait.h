// Waiting on a condition variable for an absl::Duration, which may be infinite.
#ifndef DOLEN_ENGINE_LOG_WAIT_H_
#define DOLEN_ENGINE_LOG_WAIT_H_

#include <condition_variable>
#include <mutex>

#include "absl/time/time.h"

namespace dolen {

// Whether `condition` came true in time. `lock` is held on entry and on return.
template <typename Condition>
bool WaitUntilTrue(std::condition_variable& changed, std::unique_lock<std::mutex>& lock,
                   absl::Duration wait, Condition condition) {
  constexpr absl::Duration kLongest = absl::Hours(24);  // a deadline that cannot overflow
  if (wait <= absl::ZeroDuration()) return condition();
  if (wait > kLongest) {
    changed.wait(lock, condition);
    return true;
  }
  return changed.wait_for(lock, absl::ToChronoNanoseconds(wait), condition);
}

}  // namespace dolen

#endif  // DOLEN_ENGINE_LOG_WAIT_H_
