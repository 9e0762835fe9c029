// Waiting for the threads of a real engine.
#ifndef DOLEN_TESTS_DEPLOY_WAIT_H_
#define DOLEN_TESTS_DEPLOY_WAIT_H_

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace dolen {

// Until another thread has done something, or ten seconds are over: whether it has, the caller
// asserts. The engine's threads have no moment at which they say so.
template <typename Done>
void WaitFor(const Done& done) {
  for (int i = 0; i < 500 && !done(); ++i) absl::SleepFor(absl::Milliseconds(20));
}

}  // namespace dolen

#endif  // DOLEN_TESTS_DEPLOY_WAIT_H_
