#include "deploy/program/signals.h"

#include <pthread.h>
#include <signal.h>

#include <algorithm>

namespace dolen {
namespace {

sigset_t EndSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

void BlockEndSignals() {
  const sigset_t set = EndSignals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

void WaitForEndSignal() {
  const sigset_t set = EndSignals();
  int which = 0;
  sigwait(&set, &which);
}

bool EndSignalWithin(absl::Duration patience) {
  const sigset_t set = EndSignals();
  const absl::Duration wait = std::max(patience, absl::ZeroDuration());
  const timespec timeout = absl::ToTimespec(wait);
  return sigtimedwait(&set, nullptr, &timeout) > 0;
}

}  // namespace dolen
