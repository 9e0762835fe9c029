// kill -9 of the real program on the local log, at random moments under load.
#include <gtest/gtest.h>

#include "tests/crash/harness.h"

namespace dolen {
namespace {

TEST(KillTest, NothingIsLostNothingIsAppliedTwiceAndEachAlertIsToldOnce) {
  const TemporaryFolder folder;
  Where where;
  where.data = folder.path() + "/data";
  Trial trial(where, folder.path(), Seed());
  trial.KillAtRandom(Kills(100), absl::Milliseconds(200));
  if (!HasFailure()) trial.Judge();
}

}  // namespace
}  // namespace dolen
