#include "connectors/kafka/group_offsets.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/status.h"

namespace dolen {
namespace {

RdPartitions OneOffset(const TopicPartition& of, int64_t offset) {
  RdPartitions list(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(list.get(), of.topic.c_str(), of.partition)->offset = offset;
  return list;
}

}  // namespace

absl::StatusOr<int64_t> GroupOffsets::Committed(const std::string& group,
                                                const TopicPartition& of) {
  DOLEN_ASSIGN_OR_RETURN(Client * client, HandleOf(group));
  RdPartitions list = OneOffset(of, RD_KAFKA_OFFSET_INVALID);
  const std::string doing = absl::StrCat("reading the offset of group ", group);
  DOLEN_RETURN_IF_ERROR(Insist(options_.patience, [&] {
    client->Poll();
    const rd_kafka_resp_err_t err =
        rd_kafka_committed(client->rk(), list.get(), WaitMs(options_.patience));
    return KafkaError(err != RD_KAFKA_RESP_ERR_NO_ERROR ? err : list->elems[0].err, doing);
  }));
  return list->elems[0].offset < 0 ? -1 : list->elems[0].offset;
}

absl::Status GroupOffsets::Commit(const std::string& group, const TopicPartition& of,
                                  int64_t offset) {
  if (offset < 0) return absl::InvalidArgumentError(absl::StrCat("offset ", offset));
  DOLEN_ASSIGN_OR_RETURN(Client * client, HandleOf(group));
  RdPartitions list = OneOffset(of, offset);
  const std::string doing = absl::StrCat("storing the offset of group ", group);
  return Insist(options_.patience, [&] {
    client->Poll();
    const rd_kafka_resp_err_t err = rd_kafka_commit(client->rk(), list.get(), /*async=*/0);
    return KafkaError(err != RD_KAFKA_RESP_ERR_NO_ERROR ? err : list->elems[0].err, doing);
  });
}

absl::StatusOr<Client*> GroupOffsets::HandleOf(const std::string& group) {
  std::lock_guard<std::mutex> lock(mutex_);
  std::unique_ptr<Client>& handle = handles_[group];
  if (handle == nullptr) {
    DOLEN_ASSIGN_OR_RETURN(handle, Client::Open(RD_KAFKA_CONSUMER, options_, "offsets", {},
                                                {{"group.id", group},
                                                 {"enable.auto.commit", "false"},
                                                 {"enable.auto.offset.store", "false"}}));
  }
  return handle.get();
}

}  // namespace dolen
