// A replay on Kafka: the ledger that a replay has made is copied to a Kafka, with the same
// partitions and times, and folded from there by real shards, which tell through the real alerts
// topic.
#ifndef DOLEN_DEPLOY_PROGRAM_REPLAY_KAFKA_H_
#define DOLEN_DEPLOY_PROGRAM_REPLAY_KAFKA_H_

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "deploy/program/replay.h"

namespace dolen {

// `place` names the Kafka and the prefix; its topics must be new; they stay there. The answer is
// what Kafka's alerts topic says.
absl::StatusOr<ReplayResult> ReplayOnKafka(
    const Place& place, Installation& replayed,
    const std::function<std::string(const std::string&)>& name_of);

}  // namespace dolen

#endif  // DOLEN_DEPLOY_PROGRAM_REPLAY_KAFKA_H_
