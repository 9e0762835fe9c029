// The log on which a test program of this folder runs what holds on every log: crash_test is linked
// with place_local.cc, crash_kafka_test with place_kafka.cc, on the broker that its tests share.
#ifndef DOLEN_TESTS_CRASH_PLACE_H_
#define DOLEN_TESTS_CRASH_PLACE_H_

#include <memory>
#include <string>
#include <vector>

#include "engine/log/log.h"
#include "tests/crash/program.h"

namespace dolen {

// A new installation; `folder` is for what lies on this machine.
Where NewPlace(const std::string& folder);

// The log itself, past the program, as agencies reach it. A local one is the program's alone: only
// while no serve runs.
std::unique_ptr<Log> OpenLog(const Where& where);

// Writes these values to the agency's intake topic, of one partition, while a serve runs: on Kafka
// as the agency itself would, on the local log through the program's socket. A failure of the test
// if it cannot be done.
void WriteToIntake(const Where& where, const std::string& agency,
                   const std::vector<std::string>& values);

// Makes the agency's intake topic, as an operator would.
inline absl::Status MakeIntake(Log& log, const std::string& topic) {
  return log.CreateTopic({topic, 1, false, absl::Hours(24 * 90), kMaxIntakeRecord});
}

inline TopicNames NamesOf(const Where& where) {
  TopicNames names;
  names.prefix = where.prefix;
  return names;
}

}  // namespace dolen

#endif  // DOLEN_TESTS_CRASH_PLACE_H_
