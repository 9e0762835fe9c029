// The offsets of consumer groups, for showing lag; nobody joins a group. For many threads at once.
#ifndef DOLEN_CONNECTORS_KAFKA_GROUP_OFFSETS_H_
#define DOLEN_CONNECTORS_KAFKA_GROUP_OFFSETS_H_

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "connectors/kafka/client.h"
#include "engine/log/log.h"

namespace dolen {

class GroupOffsets {
 public:
  explicit GroupOffsets(const KafkaOptions& options) : options_(options) {}

  // Both expect a partition that is there, and wait at most about options.patience.
  absl::StatusOr<int64_t> Committed(const std::string& group, const TopicPartition& of);
  absl::Status Commit(const std::string& group, const TopicPartition& of, int64_t offset);

 private:
  // librdkafka ties a handle to one group. Kept until the end: there are few groups.
  absl::StatusOr<Client*> HandleOf(const std::string& group);

  const KafkaOptions options_;
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Client>> handles_;  // guarded by mutex_
};

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_KAFKA_GROUP_OFFSETS_H_
