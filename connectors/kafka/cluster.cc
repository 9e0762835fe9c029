#include "connectors/kafka/cluster.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "connectors/kafka/topic_settings.h"
#include "engine/base/status.h"

namespace dolen {
namespace {

// How often a login that was refused is looked for while waiting for the first answer.
constexpr absl::Duration kConnectSlice = absl::Milliseconds(100);

std::string Name(const TopicPartition& of) {
  return absl::StrCat(of.topic, " [", of.partition, "]");
}

}  // namespace

Cluster::Cluster(const KafkaOptions& options, std::unique_ptr<Client> client)
    : options_(options), client_(std::move(client)) {}

absl::StatusOr<std::unique_ptr<Cluster>> Cluster::Connect(const KafkaOptions& options) {
  DOLEN_ASSIGN_OR_RETURN(auto client, Client::Open(RD_KAFKA_CONSUMER, options, "admin", {},
                                                   {{"isolation.level", "read_uncommitted"},
                                                    {"enable.auto.commit", "false"}}));
  std::unique_ptr<Cluster> cluster(new Cluster(options, std::move(client)));
  char* id = nullptr;
  absl::Status why;
  const absl::Time until = absl::Now() + options.patience;
  while (id == nullptr) {
    id = rd_kafka_clusterid(cluster->client_->rk(), WaitMs(kConnectSlice));
    if (id != nullptr) break;
    cluster->client_->Poll();
    absl::Status error = cluster->client_->TakeError();
    if (!error.ok()) why = error;
    if (absl::IsPermissionDenied(why)) return why;  // waiting does not help
    if (absl::Now() >= until) {
      return absl::UnavailableError(absl::StrCat("Kafka: no broker answers at ", options.bootstrap,
                                                 why.ok() ? "" : ": ", why.message()));
    }
  }
  cluster->id_ = id;
  rd_kafka_mem_free(cluster->client_->rk(), id);
  return cluster;
}

template <typename Start>
absl::StatusOr<RdEvent> Cluster::Ask(rd_kafka_admin_op_t op, absl::string_view doing, Start start) {
  client_->Poll();  // errors of connections would pile up otherwise
  const int ms = WaitMs(options_.patience);
  RdQueue queue(rd_kafka_queue_new(client_->rk()));
  RdAdminOptions admin(rd_kafka_AdminOptions_new(client_->rk(), op));
  char why[256];
  rd_kafka_AdminOptions_set_request_timeout(admin.get(), ms, why, sizeof(why));
  if (op == RD_KAFKA_ADMIN_OP_CREATETOPICS) {
    rd_kafka_AdminOptions_set_operation_timeout(admin.get(), ms, why, sizeof(why));
  }
  start(admin.get(), queue.get());
  RdEvent event(rd_kafka_queue_poll(queue.get(), ms + 1000));
  if (event == nullptr)
    return absl::UnavailableError(absl::StrCat("Kafka: ", doing, ": no answer"));
  DOLEN_RETURN_IF_ERROR(
      KafkaError(rd_kafka_event_error(event.get()), doing,
                 absl::NullSafeStringView(rd_kafka_event_error_string(event.get()))));
  return event;
}

absl::StatusOr<RdMetadata> Cluster::Metadata(const std::string* topic) {
  client_->Poll();
  RdTopic handle;
  if (topic != nullptr) {
    handle.reset(rd_kafka_topic_new(client_->rk(), topic->c_str(), nullptr));
    if (handle == nullptr) return KafkaError(rd_kafka_last_error(), *topic);
  }
  const struct rd_kafka_metadata* metadata = nullptr;
  const rd_kafka_resp_err_t err = rd_kafka_metadata(client_->rk(), topic == nullptr, handle.get(),
                                                    &metadata, WaitMs(options_.patience));
  DOLEN_RETURN_IF_ERROR(KafkaError(err, "asking for topics"));
  return RdMetadata(metadata);
}

absl::StatusOr<std::vector<std::string>> Cluster::Topics(absl::string_view prefix) {
  DOLEN_ASSIGN_OR_RETURN(RdMetadata metadata, Metadata(nullptr));
  std::vector<std::string> topics;
  for (int i = 0; i < metadata->topic_cnt; ++i) {
    const absl::string_view name = metadata->topics[i].topic;
    if (absl::StartsWith(name, prefix)) topics.emplace_back(name);
  }
  std::sort(topics.begin(), topics.end());
  return topics;
}

absl::StatusOr<int32_t> Cluster::Partitions(const std::string& topic) {
  DOLEN_ASSIGN_OR_RETURN(RdMetadata metadata, Metadata(&topic));
  if (metadata->topic_cnt != 1) return absl::NotFoundError(absl::StrCat("no topic ", topic));
  const struct rd_kafka_metadata_topic& found = metadata->topics[0];
  DOLEN_RETURN_IF_ERROR(KafkaError(found.err, absl::StrCat("topic ", topic)));
  if (found.partition_cnt == 0) return absl::NotFoundError(absl::StrCat("no topic ", topic));
  std::lock_guard<std::mutex> lock(mutex_);
  known_[topic] = found.partition_cnt;
  return found.partition_cnt;
}

absl::Status Cluster::CheckExists(const TopicPartition& of) {
  int32_t partitions = 0;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto known = known_.find(of.topic);
    if (known != known_.end()) partitions = known->second;
  }
  if (of.partition >= partitions) {
    DOLEN_ASSIGN_OR_RETURN(partitions, Partitions(of.topic));
  }
  if (of.partition < 0 || of.partition >= partitions) {
    return absl::NotFoundError(absl::StrCat("no partition ", Name(of), ", there are ", partitions));
  }
  return absl::OkStatus();
}

absl::Status Cluster::CreateTopic(const TopicSpec& spec) {
  DOLEN_RETURN_IF_ERROR(CheckTopic(spec));
  // First look: where an administrator made the topics, the right to create them may be missing.
  absl::StatusOr<int32_t> partitions = Partitions(spec.name);
  if (absl::IsNotFound(partitions.status())) {
    absl::Status created = Create(spec);
    if (created.ok()) return AwaitLeaders(spec);
    if (!absl::IsAlreadyExists(created)) return created;
    DOLEN_RETURN_IF_ERROR(AwaitLeaders(spec));  // somebody made it at the same moment
    partitions = Partitions(spec.name);
  }
  DOLEN_RETURN_IF_ERROR(partitions.status());
  if (*partitions != spec.partitions) {
    return absl::FailedPreconditionError(absl::StrCat("topic ", spec.name, " has ", *partitions,
                                                      " partitions, asked were ", spec.partitions));
  }
  return CheckSettings(spec);
}

absl::Status Cluster::Create(const TopicSpec& spec) {
  char why[256];
  RdNewTopic topic(rd_kafka_NewTopic_new(spec.name.c_str(), spec.partitions, options_.replication,
                                         why, sizeof(why)));
  if (topic == nullptr) return absl::InvalidArgumentError(why);
  for (const auto& [name, value] : SettingsFor(spec, options_.replication)) {
    DOLEN_RETURN_IF_ERROR(
        KafkaError(rd_kafka_NewTopic_set_config(topic.get(), name.c_str(), value.c_str()), name));
  }
  rd_kafka_NewTopic_t* topics[] = {topic.get()};
  const std::string doing = absl::StrCat("creating topic ", spec.name);
  DOLEN_ASSIGN_OR_RETURN(RdEvent event, Ask(RD_KAFKA_ADMIN_OP_CREATETOPICS, doing,
                                            [&](rd_kafka_AdminOptions_t* o, rd_kafka_queue_t* q) {
                                              rd_kafka_CreateTopics(client_->rk(), topics, 1, o, q);
                                            }));
  size_t count = 0;
  const rd_kafka_topic_result_t** results =
      rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event.get()), &count);
  if (count != 1) return absl::UnavailableError(absl::StrCat("Kafka: ", doing, ": no answer"));
  return KafkaError(rd_kafka_topic_result_error(results[0]), doing,
                    absl::NullSafeStringView(rd_kafka_topic_result_error_string(results[0])));
}

// A new topic shows in the brokers' answers a moment after the controller made it, and answers
// itself a moment after that.
absl::Status Cluster::AwaitLeaders(const TopicSpec& spec) {
  DOLEN_RETURN_IF_ERROR(Insist(options_.patience, [&]() -> absl::Status {
    DOLEN_ASSIGN_OR_RETURN(RdMetadata metadata, Metadata(&spec.name));
    const struct rd_kafka_metadata_topic& found = metadata->topics[0];
    const auto* begin = found.partitions;
    if (found.partition_cnt > 0 && std::all_of(begin, begin + found.partition_cnt,
                                               [](const auto& p) { return p.leader >= 0; })) {
      return absl::OkStatus();
    }
    return absl::UnavailableError(absl::StrCat("Kafka: topic ", spec.name, " has no leaders yet"));
  }));
  DOLEN_ASSIGN_OR_RETURN(const int32_t partitions, Partitions(spec.name));
  for (int32_t p = 0; p < partitions; ++p) {
    DOLEN_RETURN_IF_ERROR(Insist(options_.patience, [&]() -> absl::Status {
      absl::StatusOr<Bounds> bounds = AskBounds({spec.name, p});
      if (!absl::IsNotFound(bounds.status())) return bounds.status();
      return absl::UnavailableError(bounds.status().message());  // not there yet
    }));
  }
  return absl::OkStatus();
}

absl::Status Cluster::CheckSettings(const TopicSpec& spec) {
  RdResource resource(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, spec.name.c_str()));
  rd_kafka_ConfigResource_t* resources[] = {resource.get()};
  const std::string doing = absl::StrCat("reading the settings of topic ", spec.name);
  DOLEN_ASSIGN_OR_RETURN(RdEvent event, Ask(RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, doing,
                                            [&](rd_kafka_AdminOptions_t* o, rd_kafka_queue_t* q) {
                                              rd_kafka_DescribeConfigs(client_->rk(), resources, 1,
                                                                       o, q);
                                            }));
  size_t count = 0;
  const rd_kafka_ConfigResource_t** results = rd_kafka_DescribeConfigs_result_resources(
      rd_kafka_event_DescribeConfigs_result(event.get()), &count);
  if (count != 1) return absl::UnavailableError(absl::StrCat("Kafka: ", doing, ": no answer"));
  DOLEN_RETURN_IF_ERROR(
      KafkaError(rd_kafka_ConfigResource_error(results[0]), doing,
                 absl::NullSafeStringView(rd_kafka_ConfigResource_error_string(results[0]))));
  size_t entries = 0;
  const rd_kafka_ConfigEntry_t** entry = rd_kafka_ConfigResource_configs(results[0], &entries);
  TopicSettings settings;
  for (size_t i = 0; i < entries; ++i) {
    const char* value = rd_kafka_ConfigEntry_value(entry[i]);
    if (value != nullptr) settings[rd_kafka_ConfigEntry_name(entry[i])] = value;
  }
  return CheckTopicSettings(spec, settings);
}

absl::StatusOr<Bounds> Cluster::BoundsOf(const TopicPartition& of) {
  DOLEN_RETURN_IF_ERROR(CheckExists(of));
  Bounds bounds;
  const absl::Status status = Insist(options_.patience, [&]() -> absl::Status {
    DOLEN_ASSIGN_OR_RETURN(bounds, AskBounds(of));
    return absl::OkStatus();
  });
  if (status.ok()) return bounds;
  std::lock_guard<std::mutex> lock(mutex_);
  known_.erase(of.topic);  // it may have been deleted: ask again next time
  return status;
}

absl::StatusOr<Bounds> Cluster::AskBounds(const TopicPartition& of) {
  client_->Poll();
  Bounds bounds;
  const rd_kafka_resp_err_t err =
      rd_kafka_query_watermark_offsets(client_->rk(), of.topic.c_str(), of.partition, &bounds.begin,
                                       &bounds.end, WaitMs(options_.patience));
  DOLEN_RETURN_IF_ERROR(KafkaError(err, absl::StrCat("asking for the bounds of ", Name(of))));
  return bounds;
}

}  // namespace dolen
