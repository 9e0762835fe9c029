// The whole pipeline on the generated workload: intake values through admission into the ledger,
// folded, committed and told; then a restart with the state in place, and a fold of the whole
// ledger from nothing. Prints one JSON object.
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <thread>

#include "CLI/CLI.hpp"
#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "benchmarks/usage.h"
#include "benchmarks/workload.h"
#include "deploy/program/installation.h"
#include "deploy/program/progress.h"
#include "engine/base/check.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/time.h"
#include "engine/log/simulated_log.h"
#include "nlohmann/json.hpp"

namespace dolen {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kBatch = 2000;  // events admitted at a time
constexpr int kEventsBetweenTicks = 4000;

struct Flags {
  WorkloadOptions workload;
  std::string kafka;
  std::string data;
  int32_t partitions = 1;
  bool keep = false;
};

// Wall and CPU seconds since it was made.
struct Stopwatch {
  absl::Time wall = absl::Now();
  double cpu = CpuSeconds();
  double Wall() const { return absl::ToDoubleSeconds(absl::Now() - wall); }
  double Cpu() const { return CpuSeconds() - cpu; }
};

// What making the workload costs, which is not the pipeline's.
double GeneratorCpu(const WorkloadOptions& options) {
  Workload workload(options);
  Workload::Item item;
  const Stopwatch watch;
  while (workload.Next(item)) {
  }
  return watch.Cpu();
}

uint64_t FolderBytes(const std::string& folder) {
  uint64_t bytes = 0;
  std::error_code error;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, error)) {
    if (entry.is_regular_file(error)) bytes += entry.file_size(error);
  }
  return bytes;
}

absl::Status Tick(Installation& installation, LogAppender& ticks, absl::Time at) {
  for (size_t shard = 0; shard < installation.shards().size(); ++shard) {
    DOLEN_RETURN_IF_ERROR(ticks.Append({installation.names().Ledger(), static_cast<int32_t>(shard)},
                                       "", TickRecord(at)));
  }
  return ticks.Flush();
}

// Admits the whole workload, ticking in stated time.
absl::Status AdmitAll(Installation& installation, Workload& workload) {
  DOLEN_ASSIGN_OR_RETURN(const std::unique_ptr<LogAppender> ticks,
                         installation.log().OpenAppender());
  ledger::v1::Record stated;
  stated.set_written(Micros(workload.begin()));
  stated.mutable_fact()->set_time_counts(ledger::v1::TIME_COUNTS_STATED);
  DOLEN_RETURN_IF_ERROR(installation.AppendToAll(stated));
  DOLEN_RETURN_IF_ERROR(installation.AppendToAll(Workload::Book(workload.begin())));
  std::vector<Workload::Item> items(kBatch);
  std::vector<std::string> agencies;
  for (int agency = 0; agency < 64; ++agency) agencies.push_back(Workload::AgencyName(agency));
  std::vector<Received> batch;
  int64_t done = 0;
  for (bool more = true; more;) {
    batch.clear();
    size_t count = 0;
    while (count < items.size() && (more = workload.Next(items[count]))) ++count;
    for (size_t i = 0; i < count; ++i) {
      Received received;
      received.agency = agencies[items[i].agency];
      received.intake = {"bench", 0, done + static_cast<int64_t>(i)};
      received.value = items[i].bytes;
      received.stated = items[i].at;
      batch.push_back(received);
    }
    DOLEN_ASSIGN_OR_RETURN(const std::vector<Outcome> outcomes,
                           installation.admitter().Admit(batch));
    for (const Outcome& outcome : outcomes) DOLEN_CHECK(!outcome.rejection);
    done += static_cast<int64_t>(count);
    if (done % kEventsBetweenTicks < kBatch && count > 0) {
      DOLEN_RETURN_IF_ERROR(Tick(installation, *ticks, workload.end()));
    }
  }
  // The last of those who are due need as many ticks as there are slices.
  for (int i = 0; i < 8; ++i) DOLEN_RETURN_IF_ERROR(Tick(installation, *ticks, workload.end()));
  return absl::OkStatus();
}

absl::Status FoldAll(Shard& shard, const std::atomic<bool>& admitted) {
  for (;;) {
    const bool last = admitted;
    DOLEN_ASSIGN_OR_RETURN(const absl::Span<const Entry> entries,
                           shard.Read(absl::Milliseconds(20)));
    DOLEN_RETURN_IF_ERROR(shard.FoldAll(entries, absl::Now() - absl::UnixEpoch()));
    DOLEN_RETURN_IF_ERROR(shard.Tell());
    if (!entries.empty() || !last || shard.waiting_alerts() > 0) continue;
    DOLEN_ASSIGN_OR_RETURN(const bool at_end, shard.IsAtEnd());
    if (at_end) return absl::OkStatus();
  }
}

absl::StatusOr<int64_t> CountAlerts(Installation& installation) {
  int64_t raised = 0;
  for (size_t shard = 0; shard < installation.shards().size(); ++shard) {
    const TopicPartition from{installation.names().Alerts(), static_cast<int32_t>(shard)};
    DOLEN_ASSIGN_OR_RETURN(const Bounds bounds, installation.log().BoundsOf(from));
    DOLEN_ASSIGN_OR_RETURN(const std::unique_ptr<LogReader> reader,
                           installation.log().Read(from, bounds.begin, Holes::kAllowed));
    alert::v1::Alert alert;
    while (reader->position() < bounds.end) {
      DOLEN_ASSIGN_OR_RETURN(const absl::Span<const Entry> entries,
                             reader->Read(kMaxBatch, absl::Seconds(1)));
      for (const Entry& entry : entries) {
        if (alert.ParseFromArray(entry.value.data(), static_cast<int>(entry.value.size())) &&
            alert.state() == alert::v1::STATE_RAISED) {
          ++raised;
        }
      }
    }
  }
  return raised;
}

absl::StatusOr<std::unique_ptr<Installation>> OpenPlace(const Place& place) {
  DOLEN_ASSIGN_OR_RETURN(std::unique_ptr<Log> log, OpenLog(place, [] { return absl::Now(); }));
  return Installation::Open(place, std::move(log), [] { return absl::Now(); });
}

// Folds the whole ledger into fresh stores.
absl::Status Refold(Installation& installation, const std::string& folder, Json& json) {
  const Stopwatch watch;
  int64_t records = 0;
  for (size_t shard = 0; shard < installation.shards().size(); ++shard) {
    ShardOptions options;
    options.topics = installation.names();
    options.shard = static_cast<uint32_t>(shard);
    options.folder = absl::StrCat(folder, "/again-", shard);
    options.row_bytes_at_hand /= installation.shards().size();
    options.views = installation.views();
    DOLEN_ASSIGN_OR_RETURN(const std::unique_ptr<Shard> again,
                           Shard::Open(&installation.log(), options));
    const int64_t end = installation.shards()[shard]->fold().next_offset();
    while (again->fold().next_offset() < end) {
      DOLEN_RETURN_IF_ERROR(again->Pump(kManyRecords, absl::Seconds(1)).status());
    }
    records += end;
    DOLEN_ASSIGN_OR_RETURN(const Store::Digest here,
                           installation.shards()[shard]->store().DigestAll());
    DOLEN_ASSIGN_OR_RETURN(const Store::Digest there, again->store().DigestAll());
    if (!(here.digest == there.digest)) return absl::DataLossError("the refolded store differs");
  }
  json["refold_s"] = watch.Wall();
  json["refold_cpu_s_per_million"] = watch.Cpu() * 1e6 / static_cast<double>(records);
  return absl::OkStatus();
}

absl::StatusOr<Json> Run(const Flags& flags, const std::string& folder) {
  Place place;
  place.data = folder + "/data";
  place.kafka = flags.kafka;
  place.partitions = flags.partitions;
  if (!flags.kafka.empty()) place.prefix = absl::StrCat("bench-", absl::ToUnixSeconds(absl::Now()));
  Workload workload(flags.workload);
  Json json = {{"events", flags.workload.events},
               {"log", flags.kafka.empty() ? "local" : "kafka"},
               {"partitions", flags.partitions}};
  {
    DOLEN_ASSIGN_OR_RETURN(const std::unique_ptr<Installation> installation, OpenPlace(place));
    const double generator_cpu = GeneratorCpu(flags.workload);
    const Stopwatch watch;
    std::atomic<bool> admitted{false};
    std::vector<std::thread> folds;
    std::vector<absl::Status> statuses(installation->shards().size());
    for (size_t shard = 0; shard < statuses.size(); ++shard) {
      folds.emplace_back(
          [&, shard] { statuses[shard] = FoldAll(*installation->shards()[shard], admitted); });
    }
    const absl::Status admission = AdmitAll(*installation, workload);
    admitted = true;
    for (std::thread& fold : folds) fold.join();
    DOLEN_RETURN_IF_ERROR(admission);
    for (const absl::Status& status : statuses) DOLEN_RETURN_IF_ERROR(status);
    const double events = static_cast<double>(flags.workload.events);
    json["wall_s"] = watch.Wall();
    json["events_per_s"] = events / watch.Wall();
    json["cpu_s_per_million"] = (watch.Cpu() - generator_cpu) * 1e6 / events;
    json["generator_cpu_s_per_million"] = generator_cpu * 1e6 / events;
    json["peak_mb"] = PeakMegabytes();
    json["clocks"] = workload.clocks();
    json["expected_alerts"] = workload.expected_alerts();
    DOLEN_ASSIGN_OR_RETURN(json["alerts"], CountAlerts(*installation));
    uint64_t duplicates = 0;
    for (const auto& shard : installation->shards()) {
      duplicates += shard->fold().counts().duplicates();
    }
    json["duplicates"] = duplicates;
  }
  json["disk_bytes_per_event"] =
      static_cast<double>(FolderBytes(place.data)) / static_cast<double>(flags.workload.events);
  const Stopwatch restart;
  DOLEN_ASSIGN_OR_RETURN(const std::unique_ptr<Installation> again, OpenPlace(place));
  json["restart_s"] = restart.Wall();
  DOLEN_RETURN_IF_ERROR(Refold(*again, folder, json));
  json["peak_mb_in_all"] = PeakMegabytes();
  return json;
}

int Main(int argc, char** argv) {
  Flags flags;
  CLI::App app("The whole pipeline on the generated workload; prints one JSON object.");
  app.footer("Example:\n  dolen_pipeline --events=2000000 --partitions=1");
  app.add_option("--events", flags.workload.events)->capture_default_str();
  app.add_option("--children", flags.workload.children)->capture_default_str();
  app.add_option("--partitions", flags.partitions)->capture_default_str();
  app.add_option("--kafka", flags.kafka, "host:port; without it the local log");
  app.add_option("--data", flags.data, "Folder to work in (default: a temporary one, removed)");
  CLI11_PARSE(app, argc, argv);
  const std::string folder = flags.data.empty() ? MakeTemporaryFolder() : flags.data;
  const auto removed = absl::MakeCleanup([&] {
    std::error_code ignored;
    if (flags.data.empty()) std::filesystem::remove_all(folder, ignored);
  });
  const absl::StatusOr<Json> json = Run(flags, folder);
  if (!json.ok()) {
    absl::FPrintF(stderr, "dolen_pipeline: %s\n", json.status().ToString());
    return 3;
  }
  absl::PrintF("%s\n", json->dump(1));
  return (*json)["alerts"] == (*json)["expected_alerts"] ? 0 : 1;
}

}  // namespace
}  // namespace dolen

int main(int argc, char** argv) { return dolen::Main(argc, argv); }
