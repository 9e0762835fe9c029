#include "connectors/kafka/appender.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"

namespace dolen {
namespace {

// What may be on its way; Append waits beyond. Some seconds of a busy intake.
constexpr char kQueueRecords[] = "100000";
constexpr char kQueueKbytes[] = "32768";
// Reports of delivery are looked at this often: they hold the records' memory until then.
constexpr int64_t kPollEvery = 256;
constexpr absl::Duration kFullPause = absl::Milliseconds(100);
// Beyond the time that librdkafka itself gives a record; reached only if it hangs.
constexpr absl::Duration kFlushMargin = absl::Seconds(10);

// Kafka tells an absent key or value from an empty one by the pointer.
const void* Data(absl::string_view text) { return text.data() == nullptr ? "" : text.data(); }

}  // namespace

rd_kafka_resp_err_t Produce(rd_kafka_t* rk, rd_kafka_topic_t* topic, int32_t partition,
                            const RecordView& record) {
  const auto& [key, value, tombstone, headers] = record;
  void* payload = tombstone ? nullptr : const_cast<void*>(Data(value));
  if (headers.empty()) {
    if (rd_kafka_produce(topic, partition, RD_KAFKA_MSG_F_COPY, payload, value.size(), Data(key),
                         key.size(), nullptr) == 0) {
      return RD_KAFKA_RESP_ERR_NO_ERROR;
    }
    return rd_kafka_last_error();
  }
  rd_kafka_headers_t* list = rd_kafka_headers_new(headers.size());
  for (const Header& header : headers) {
    rd_kafka_header_add(list, header.key.data(), static_cast<ssize_t>(header.key.size()),
                        header.value.data(), static_cast<ssize_t>(header.value.size()));
  }
  const rd_kafka_resp_err_t err = rd_kafka_producev(
      rk, RD_KAFKA_V_RKT(topic), RD_KAFKA_V_PARTITION(partition),
      RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_VALUE(payload, value.size()),
      RD_KAFKA_V_KEY(Data(key), key.size()), RD_KAFKA_V_HEADERS(list), RD_KAFKA_V_END);
  if (err != RD_KAFKA_RESP_ERR_NO_ERROR) rd_kafka_headers_destroy(list);  // otherwise it owns them
  return err;
}

KafkaAppender::KafkaAppender(const KafkaOptions& options, Cluster& cluster,
                             std::unique_ptr<Client> client)
    : delivery_(options.delivery), cluster_(cluster), client_(std::move(client)) {}

absl::StatusOr<std::unique_ptr<KafkaAppender>> KafkaAppender::Open(const KafkaOptions& options,
                                                                   Cluster& cluster) {
  const Client::Properties defaults = {
      {"linger.ms", "5"},  // Flush does not wait for it
      {"batch.num.messages", "10000"},
      {"compression.codec", "lz4"},
      {"queue.buffering.max.messages", kQueueRecords},
      {"queue.buffering.max.kbytes", kQueueKbytes},
      {"message.max.bytes", absl::StrCat(kMaxOwnRecord)},
  };
  const Client::Properties fixed = {
      {"enable.idempotence", "true"},
      {"acks", "all"},
      {"message.timeout.ms", absl::StrCat(WaitMs(options.delivery))},
  };
  DOLEN_ASSIGN_OR_RETURN(auto client,
                         Client::Open(RD_KAFKA_PRODUCER, options, "appender", defaults, fixed));
  return std::unique_ptr<KafkaAppender>(new KafkaAppender(options, cluster, std::move(client)));
}

absl::StatusOr<rd_kafka_topic_t*> KafkaAppender::TopicOf(const TopicPartition& to) {
  const auto known = topics_.find(to.topic);
  if (known != topics_.end() && to.partition >= 0 && to.partition < known->second.partitions) {
    return known->second.handle.get();
  }
  // librdkafka would keep records for a topic that is not there until they time out.
  DOLEN_RETURN_IF_ERROR(cluster_.CheckExists(to));
  DOLEN_ASSIGN_OR_RETURN(const int32_t partitions, cluster_.Partitions(to.topic));
  Topic& topic = topics_[to.topic];
  topic.partitions = partitions;
  if (topic.handle == nullptr) {
    topic.handle.reset(rd_kafka_topic_new(client_->rk(), to.topic.c_str(), nullptr));
  }
  if (topic.handle == nullptr) return KafkaError(rd_kafka_last_error(), to.topic);
  return topic.handle.get();
}

absl::Status KafkaAppender::Append(const TopicPartition& to, absl::string_view key,
                                   absl::string_view value, absl::Span<const Header> headers) {
  DOLEN_RETURN_IF_ERROR(broken_);
  DOLEN_ASSIGN_OR_RETURN(rd_kafka_topic_t * topic, TopicOf(to));
  for (;;) {
    const rd_kafka_resp_err_t err =
        Produce(client_->rk(), topic, to.partition, {key, value, false, headers});
    if (err == RD_KAFKA_RESP_ERR_NO_ERROR) break;
    if (err == RD_KAFKA_RESP_ERR__FATAL) return Break(client_->Fatal());
    // Refused at once, say as too large: nothing else is touched by it.
    if (err != RD_KAFKA_RESP_ERR__QUEUE_FULL) {
      return KafkaError(err, absl::StrCat("appending to ", to.topic));
    }
    // Ends at the latest when the records on their way time out.
    client_->Poll(kFullPause);
    if (client_->failed() > 0) return Break(client_->FirstFailure());
  }
  if (++appended_ % kPollEvery == 0) client_->Poll();
  return absl::OkStatus();
}

absl::Status KafkaAppender::Flush() {
  DOLEN_RETURN_IF_ERROR(broken_);
  const rd_kafka_resp_err_t err = rd_kafka_flush(client_->rk(), WaitMs(delivery_ + kFlushMargin));
  if (client_->failed() > 0) return Break(client_->FirstFailure());
  if (err != RD_KAFKA_RESP_ERR_NO_ERROR || client_->delivered() != appended_) {
    return Break(absl::UnknownError(absl::StrCat("Kafka: ", client_->delivered(), " of ", appended_,
                                                 " records are known to be written")));
  }
  return absl::OkStatus();
}

absl::Status KafkaAppender::Break(absl::Status why) {
  // Nothing of the rest may follow later, behind what the caller appends again elsewhere.
  rd_kafka_purge(client_->rk(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  broken_ = std::move(why);
  return broken_;
}

}  // namespace dolen
