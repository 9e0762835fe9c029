// The settings of Kafka's topics that Dolen relies on, and whether a topic has them.
#ifndef DOLEN_CONNECTORS_KAFKA_TOPIC_SETTINGS_H_
#define DOLEN_CONNECTORS_KAFKA_TOPIC_SETTINGS_H_

#include <map>
#include <string>

#include "absl/status/status.h"
#include "engine/log/log.h"

namespace dolen {

using TopicSettings = std::map<std::string, std::string>;

// What a new topic is created with. `replication` as in KafkaOptions.
TopicSettings SettingsFor(const TopicSpec& spec, int replication);

// kFailedPrecondition, naming setting, value and need, where `actual` would lose records, keep them
// too long, refuse large ones, or take a writer's clock for the log's.
absl::Status CheckTopicSettings(const TopicSpec& spec, const TopicSettings& actual);

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_KAFKA_TOPIC_SETTINGS_H_
