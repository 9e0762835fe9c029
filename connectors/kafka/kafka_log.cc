#include "connectors/kafka/kafka_log.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "connectors/kafka/appender.h"
#include "connectors/kafka/cluster.h"
#include "connectors/kafka/fenced_writer.h"
#include "connectors/kafka/group_offsets.h"
#include "connectors/kafka/reader.h"
#include "engine/base/status.h"

namespace dolen {
namespace {

class KafkaLog final : public Log {
 public:
  KafkaLog(KafkaOptions options, std::unique_ptr<Cluster> cluster)
      : options_(std::move(options)), cluster_(std::move(cluster)), groups_(options_) {}

  absl::Status CreateTopic(const TopicSpec& spec) override { return cluster_->CreateTopic(spec); }
  absl::StatusOr<std::vector<std::string>> Topics(absl::string_view prefix) override {
    return cluster_->Topics(prefix);
  }
  absl::StatusOr<int32_t> Partitions(const std::string& topic) override {
    return cluster_->Partitions(topic);
  }
  absl::StatusOr<Bounds> BoundsOf(const TopicPartition& of) override {
    return cluster_->BoundsOf(of);
  }
  absl::StatusOr<std::unique_ptr<LogReader>> Read(const TopicPartition& from, int64_t offset,
                                                  Holes holes) override {
    DOLEN_ASSIGN_OR_RETURN(const Bounds bounds, cluster_->BoundsOf(from));
    if (offset < bounds.begin || offset > bounds.end) {
      return absl::OutOfRangeError(absl::StrCat(from.topic, " [", from.partition, "] has offsets ",
                                                bounds.begin, " to ", bounds.end, ", asked was ",
                                                offset));
    }
    return KafkaReader::Open(options_, from, offset, holes);
  }
  absl::StatusOr<std::unique_ptr<LogAppender>> OpenAppender() override {
    return KafkaAppender::Open(options_, *cluster_);
  }
  absl::StatusOr<std::unique_ptr<FencedWriter>> OpenFencedWriter(const TopicPartition& to,
                                                                 const std::string& name) override {
    DOLEN_RETURN_IF_ERROR(cluster_->CheckExists(to));
    return KafkaFencedWriter::Open(options_, to, name);
  }
  absl::StatusOr<int64_t> Committed(const std::string& group, const TopicPartition& of) override {
    DOLEN_RETURN_IF_ERROR(cluster_->CheckExists(of));
    return groups_.Committed(group, of);
  }
  absl::Status Commit(const std::string& group, const TopicPartition& of, int64_t offset) override {
    DOLEN_RETURN_IF_ERROR(cluster_->CheckExists(of));
    return groups_.Commit(group, of, offset);
  }
  absl::StatusOr<std::string> Id() override { return cluster_->id(); }

 private:
  const KafkaOptions options_;
  const std::unique_ptr<Cluster> cluster_;
  GroupOffsets groups_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Log>> OpenKafkaLog(KafkaOptions options) {
  if (options.bootstrap.empty()) return absl::InvalidArgumentError("Kafka: no host:port given");
  if (options.deployment.empty()) return absl::InvalidArgumentError("Kafka: no deployment's name");
  DOLEN_ASSIGN_OR_RETURN(auto cluster, Cluster::Connect(options));
  return std::make_unique<KafkaLog>(std::move(options), std::move(cluster));
}

}  // namespace dolen
