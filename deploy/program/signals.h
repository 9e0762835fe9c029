// Waiting for the operator's wish to end (SIGINT, SIGTERM).
#ifndef DOLEN_DEPLOY_PROGRAM_SIGNALS_H_
#define DOLEN_DEPLOY_PROGRAM_SIGNALS_H_

#include "absl/time/time.h"

namespace dolen {

// Blocks the two signals in this thread and in all that it starts later: call it before any other
// thread exists.
void BlockEndSignals();
// Waits until one of them comes.
void WaitForEndSignal();
// The same, for so long; whether one came.
bool EndSignalWithin(absl::Duration patience);

}  // namespace dolen

#endif  // DOLEN_DEPLOY_PROGRAM_SIGNALS_H_
