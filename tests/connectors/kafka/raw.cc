#include "tests/connectors/kafka/raw.h"

#include <gtest/gtest.h>

#include "engine/base/check.h"

namespace dolen {
namespace {

constexpr int kWaitMs = 30000;

std::unique_ptr<Client> Admin(const KafkaOptions& options) {
  auto client = Client::Open(RD_KAFKA_PRODUCER, options, "test", {}, {});
  DOLEN_CHECK(client.ok());
  return *std::move(client);
}

}  // namespace

void CreateRawTopic(const KafkaOptions& options, const std::string& name,
                    const std::map<std::string, std::string>& settings) {
  const std::unique_ptr<Client> admin = Admin(options);
  RdQueue queue(rd_kafka_queue_new(admin->rk()));
  char why[256];
  RdNewTopic topic(rd_kafka_NewTopic_new(name.c_str(), 1, 1, why, sizeof(why)));
  for (const auto& [key, value] : settings) {
    rd_kafka_NewTopic_set_config(topic.get(), key.c_str(), value.c_str());
  }
  rd_kafka_NewTopic_t* topics[] = {topic.get()};
  rd_kafka_CreateTopics(admin->rk(), topics, 1, nullptr, queue.get());
  RdEvent event(rd_kafka_queue_poll(queue.get(), kWaitMs));
  ASSERT_NE(event, nullptr);
  ASSERT_EQ(rd_kafka_event_error(event.get()), RD_KAFKA_RESP_ERR_NO_ERROR);
  size_t count = 0;
  const auto** results =
      rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event.get()), &count);
  ASSERT_EQ(count, 1u);
  ASSERT_EQ(rd_kafka_topic_result_error(results[0]), RD_KAFKA_RESP_ERR_NO_ERROR)
      << rd_kafka_topic_result_error_string(results[0]);
}

void DeleteBefore(const KafkaOptions& options, const TopicPartition& of, int64_t offset) {
  const std::unique_ptr<Client> admin = Admin(options);
  RdQueue queue(rd_kafka_queue_new(admin->rk()));
  RdPartitions list(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(list.get(), of.topic.c_str(), of.partition)->offset = offset;
  std::unique_ptr<rd_kafka_DeleteRecords_t, CallDestroy<rd_kafka_DeleteRecords_destroy>> request(
      rd_kafka_DeleteRecords_new(list.get()));
  rd_kafka_DeleteRecords_t* requests[] = {request.get()};
  rd_kafka_DeleteRecords(admin->rk(), requests, 1, nullptr, queue.get());
  RdEvent event(rd_kafka_queue_poll(queue.get(), kWaitMs));
  ASSERT_NE(event, nullptr);
  ASSERT_EQ(rd_kafka_event_error(event.get()), RD_KAFKA_RESP_ERR_NO_ERROR);
  const auto* offsets =
      rd_kafka_DeleteRecords_result_offsets(rd_kafka_event_DeleteRecords_result(event.get()));
  ASSERT_EQ(offsets->cnt, 1);
  ASSERT_EQ(offsets->elems[0].err, RD_KAFKA_RESP_ERR_NO_ERROR);
}

std::unique_ptr<Client> RawProducer(const KafkaOptions& options,
                                    const std::map<std::string, std::string>& properties) {
  auto client = Client::Open(RD_KAFKA_PRODUCER, options, "test", {{"enable.idempotence", "true"}},
                             properties);
  EXPECT_TRUE(client.ok()) << client.status();
  DOLEN_CHECK(client.ok());
  return *std::move(client);
}

absl::Status SendRaw(Client& producer, const TopicPartition& to, const std::string& value,
                     absl::Time time) {
  const int64_t failed = producer.failed();
  const rd_kafka_resp_err_t err = rd_kafka_producev(
      producer.rk(), RD_KAFKA_V_TOPIC(to.topic.c_str()), RD_KAFKA_V_PARTITION(to.partition),
      RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
      RD_KAFKA_V_VALUE(const_cast<char*>(value.data()), value.size()),
      RD_KAFKA_V_TIMESTAMP(absl::ToUnixMillis(time)), RD_KAFKA_V_END);
  if (err != RD_KAFKA_RESP_ERR_NO_ERROR) return KafkaError(err, "producing");
  const rd_kafka_resp_err_t flushed = rd_kafka_flush(producer.rk(), kWaitMs);
  if (producer.failed() != failed) return producer.FirstFailure();
  return KafkaError(flushed, "producing");
}

}  // namespace dolen
