// Appends to any partition with an idempotent producer: in order, acknowledged by all replicas in
// step. Contract: LogAppender and kafka_log.h.
#ifndef DOLEN_CONNECTORS_KAFKA_APPENDER_H_
#define DOLEN_CONNECTORS_KAFKA_APPENDER_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "connectors/kafka/client.h"
#include "connectors/kafka/cluster.h"
#include "engine/log/log.h"

namespace dolen {

// One record to be written; owns nothing.
struct RecordView {
  absl::string_view key;
  absl::string_view value;
  bool tombstone = false;
  absl::Span<const Header> headers;
};

// Hands one record to a producer, which copies it. RD_KAFKA_RESP_ERR__QUEUE_FULL: poll and try
// again.
rd_kafka_resp_err_t Produce(rd_kafka_t* rk, rd_kafka_topic_t* topic, int32_t partition,
                            const RecordView& record);

class KafkaAppender final : public LogAppender {
 public:
  // `cluster` outlives the appender.
  static absl::StatusOr<std::unique_ptr<KafkaAppender>> Open(const KafkaOptions& options,
                                                             Cluster& cluster);

  absl::Status Append(const TopicPartition& to, absl::string_view key, absl::string_view value,
                      absl::Span<const Header> headers = {}) override;
  absl::Status Flush() override;

 private:
  struct Topic {
    RdTopic handle;
    int32_t partitions = 0;  // known to be there
  };

  KafkaAppender(const KafkaOptions& options, Cluster& cluster, std::unique_ptr<Client> client);

  absl::StatusOr<rd_kafka_topic_t*> TopicOf(const TopicPartition& to);
  absl::Status Break(absl::Status why);

  const absl::Duration delivery_;
  Cluster& cluster_;
  const std::unique_ptr<Client> client_;
  absl::flat_hash_map<std::string, Topic> topics_;
  int64_t appended_ = 0;
  absl::Status broken_;
};

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_KAFKA_APPENDER_H_
