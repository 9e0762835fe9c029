// The two limits beside the pipeline, measured in the same way: what a bare librdkafka consumer
// needs that parses the same messages, and what a bare RocksDB writer needs for the rows that a
// fold writes. Prints one JSON object.
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "benchmarks/usage.h"
#include "benchmarks/workload.h"
#include "connectors/kafka/kafka_log.h"
#include "deploy/program/progress.h"
#include "dolen/event/v1/event.pb.h"
#include "engine/base/check.h"
#include "engine/base/digest.h"
#include "engine/base/status.h"
#include "engine/store/keys.h"
#include "engine/store/store.h"
#include "librdkafka/rdkafka.h"
#include "nlohmann/json.hpp"

namespace dolen {
namespace {

using Json = nlohmann::ordered_json;

// Rows as a fold writes them: an event of some 450 bytes appended under its position, and a child's
// row, of a size that grows with its events, under a random key; 4,096 events to a batch, flushed
// at the end.
absl::StatusOr<Json> Writer(const WorkloadOptions& options, const std::string& folder) {
  DOLEN_ASSIGN_OR_RETURN(const std::unique_ptr<Store> store, Store::Open(folder));
  std::mt19937_64 random(options.seed);
  std::vector<ChildKey> children(static_cast<size_t>(options.children));
  for (ChildKey& child : children) DOLEN_CHECK(ChildKey::FromBytes(RandomBytes(16), child));
  std::vector<int> events(children.size(), 0);
  const std::string event(450, 'e'), row(4096, 'c');
  const double begun = CpuSeconds();
  const absl::Time wall = absl::Now();
  Batch batch;
  for (int64_t i = 0; i < options.events; ++i) {
    const size_t child = random() % children.size();
    batch.Put(keys::Event(i), event);
    const size_t size =
        std::min<size_t>(150 + 60 * static_cast<size_t>(++events[child]), row.size());
    batch.Put(keys::Child(children[child]), absl::string_view(row).substr(0, size));
    if (i % 4096 == 4095) DOLEN_RETURN_IF_ERROR(store->Commit(batch));
  }
  DOLEN_RETURN_IF_ERROR(store->Commit(batch));
  DOLEN_RETURN_IF_ERROR(store->Flush());
  const double millions = static_cast<double>(options.events) / 1e6;
  return Json{{"limit", "rocksdb_writer"},
              {"events", options.events},
              {"cpu_s_per_million", (CpuSeconds() - begun) / millions},
              {"wall_s", absl::ToDoubleSeconds(absl::Now() - wall)}};
}

absl::Status Fill(const std::string& kafka, const std::string& topic,
                  const WorkloadOptions& options) {
  KafkaOptions kafka_options;
  kafka_options.bootstrap = kafka;
  DOLEN_ASSIGN_OR_RETURN(const std::unique_ptr<Log> log, OpenKafkaLog(kafka_options));
  DOLEN_RETURN_IF_ERROR(log->CreateTopic({topic, 1}));
  DOLEN_ASSIGN_OR_RETURN(const std::unique_ptr<LogAppender> appender, log->OpenAppender());
  Workload workload(options);
  Workload::Item item;
  while (workload.Next(item)) DOLEN_RETURN_IF_ERROR(appender->Append({topic, 0}, "", item.bytes));
  return appender->Flush();
}

absl::StatusOr<Json> Consumer(const std::string& kafka, const WorkloadOptions& options) {
  const std::string topic = absl::StrCat("limits-", absl::ToUnixMicros(absl::Now()));
  DOLEN_RETURN_IF_ERROR(Fill(kafka, topic, options));
  char error[256];
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  for (const auto& [name, value] :
       std::vector<std::pair<const char*, std::string>>{{"bootstrap.servers", kafka},
                                                        {"group.id", "limits"},
                                                        {"check.crcs", "true"},
                                                        {"enable.auto.commit", "false"},
                                                        {"auto.offset.reset", "error"}}) {
    DOLEN_CHECK(rd_kafka_conf_set(conf, name, value.c_str(), error, sizeof(error)) ==
                RD_KAFKA_CONF_OK);
  }
  rd_kafka_t* consumer = rd_kafka_new(RD_KAFKA_CONSUMER, conf, error, sizeof(error));
  DOLEN_CHECK(consumer != nullptr);
  rd_kafka_poll_set_consumer(consumer);
  rd_kafka_topic_partition_list_t* from = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(from, topic.c_str(), 0)->offset = 0;
  const double begun = CpuSeconds();
  const absl::Time wall = absl::Now();
  rd_kafka_assign(consumer, from);
  event::v1::Event event;
  for (int64_t read = 0; read < options.events;) {
    rd_kafka_message_t* message = rd_kafka_consumer_poll(consumer, 1000);
    if (message == nullptr) continue;
    DOLEN_CHECK(message->err == RD_KAFKA_RESP_ERR_NO_ERROR);
    DOLEN_CHECK(event.ParseFromArray(message->payload, static_cast<int>(message->len)));
    rd_kafka_message_destroy(message);
    ++read;
  }
  const double millions = static_cast<double>(options.events) / 1e6;
  const Json json = {{"limit", "kafka_consumer_that_parses"},
                     {"events", options.events},
                     {"cpu_s_per_million", (CpuSeconds() - begun) / millions},
                     {"wall_s", absl::ToDoubleSeconds(absl::Now() - wall)}};
  rd_kafka_topic_partition_list_destroy(from);
  rd_kafka_consumer_close(consumer);
  rd_kafka_destroy(consumer);
  return json;
}

int Main(int argc, char** argv) {
  WorkloadOptions options;
  std::string kafka;
  CLI::App app("The limits beside the pipeline; prints one JSON object each.");
  app.footer("Example:\n  dolen_limits --events=2000000 --kafka=127.0.0.1:29092");
  app.add_option("--events", options.events)->capture_default_str();
  app.add_option("--children", options.children)->capture_default_str();
  app.add_option("--kafka", kafka, "host:port; without it only the RocksDB writer is measured");
  CLI11_PARSE(app, argc, argv);
  const std::string folder = MakeTemporaryFolder();
  const auto removed = absl::MakeCleanup([&] {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  });
  std::vector<absl::StatusOr<Json>> answers;
  answers.push_back(Writer(options, folder));
  if (!kafka.empty()) answers.push_back(Consumer(kafka, options));
  for (const absl::StatusOr<Json>& answer : answers) {
    if (!answer.ok()) {
      absl::FPrintF(stderr, "dolen_limits: %s\n", answer.status().ToString());
      return 3;
    }
    absl::PrintF("%s\n", answer->dump());
  }
  return 0;
}

}  // namespace
}  // namespace dolen

int main(int argc, char** argv) { return dolen::Main(argc, argv); }
