// Questions to a Kafka cluster that are about no single reader or writer: topics, watermarks, its
// name. For many threads at once. Each call waits at most about options.patience.
#ifndef DOLEN_CONNECTORS_KAFKA_CLUSTER_H_
#define DOLEN_CONNECTORS_KAFKA_CLUSTER_H_

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "connectors/kafka/client.h"
#include "engine/log/log.h"

namespace dolen {

class Cluster {
 public:
  // kUnavailable if no broker answers.
  static absl::StatusOr<std::unique_ptr<Cluster>> Connect(const KafkaOptions& options);

  absl::Status CreateTopic(const TopicSpec& spec);
  absl::StatusOr<std::vector<std::string>> Topics(absl::string_view prefix);
  absl::StatusOr<int32_t> Partitions(const std::string& topic);
  // OK if the partition is there. Asks the broker only the first time: topics never lose
  // partitions.
  absl::Status CheckExists(const TopicPartition& of);
  absl::StatusOr<Bounds> BoundsOf(const TopicPartition& of);
  const std::string& id() const { return id_; }

 private:
  Cluster(const KafkaOptions& options, std::unique_ptr<Client> client);

  // Starts an admin call through `start`, given options and queue, and waits for its event.
  template <typename Start>
  absl::StatusOr<RdEvent> Ask(rd_kafka_admin_op_t op, absl::string_view doing, Start start);
  // All topics, or one.
  absl::StatusOr<RdMetadata> Metadata(const std::string* topic);
  absl::Status Create(const TopicSpec& spec);
  absl::Status AwaitLeaders(const TopicSpec& spec);
  absl::StatusOr<Bounds> AskBounds(const TopicPartition& of);
  absl::Status CheckSettings(const TopicSpec& spec);

  const KafkaOptions options_;
  const std::unique_ptr<Client> client_;  // reads uncommitted: its watermark is the log's true end
  std::string id_;
  std::mutex mutex_;
  std::map<std::string, int32_t> known_;  // guarded by mutex_: partitions of topics seen
};

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_KAFKA_CLUSTER_H_
