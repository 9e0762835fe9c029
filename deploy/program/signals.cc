#include "deploy/program/signals.h"

#include <pthread.h>
#include <signal.h>

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

}  // namespace dolen
