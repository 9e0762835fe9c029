// Reads whole topics without the engine: the local log's files through the port, a Kafka's through
// kcat, a program that is not ours.
#ifndef DOLEN_TESTS_CRASH_RECORDS_H_
#define DOLEN_TESTS_CRASH_RECORDS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "tests/crash/program.h"

namespace dolen {

struct RawRecord {
  int partition = 0;
  int64_t offset = 0;
  std::string key, value;
};

// Everything in a topic, by partition and offset; of a Kafka what is committed. No serve may run on
// a local log meanwhile. `topic` is the name without the prefix: "alerts", "ledger", "quarantine",
// "intake.alpha".
std::vector<RawRecord> ReadTopic(const Where& where, const std::string& topic);

}  // namespace dolen

#endif  // DOLEN_TESTS_CRASH_RECORDS_H_
