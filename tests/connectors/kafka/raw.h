// Things that only tests do to a Kafka, straight through librdkafka.
#ifndef DOLEN_TESTS_CONNECTORS_KAFKA_RAW_H_
#define DOLEN_TESTS_CONNECTORS_KAFKA_RAW_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "connectors/kafka/client.h"
#include "engine/log/log.h"

namespace dolen {

// A topic of one partition with settings of any kind; a test failure if it cannot be made.
void CreateRawTopic(const KafkaOptions& options, const std::string& name,
                    const std::map<std::string, std::string>& settings);

// Deletes all records below `offset`, as retention would.
void DeleteBefore(const KafkaOptions& options, const TopicPartition& of, int64_t offset);

// An idempotent producer, and a record of it with a time of its own choosing; waits for its fate.
std::unique_ptr<Client> RawProducer(const KafkaOptions& options,
                                    const std::map<std::string, std::string>& properties = {});
absl::Status SendRaw(Client& producer, const TopicPartition& to, const std::string& value,
                     absl::Time time = absl::Now());

}  // namespace dolen

#endif  // DOLEN_TESTS_CONNECTORS_KAFKA_RAW_H_
