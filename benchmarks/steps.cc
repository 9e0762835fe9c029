// One step of the pipeline alone, in one thread, so that instructions can be counted
// (benchmarks/instructions).
#include <filesystem>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "benchmarks/workload.h"
#include "deploy/program/installation.h"
#include "deploy/program/progress.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/time.h"
#include "engine/log/simulated_log.h"

namespace dolen {
namespace {

constexpr int kBatch = 1000;

// Making the workload, admitting it, folding and committing it: each stage includes those before
// it.
enum class Stage { kGenerate, kAdmit, kFold };

absl::Status Run(Stage stage, const WorkloadOptions& options, const std::string& folder) {
  Place place;
  place.data = folder;
  place.partitions = 1;
  DOLEN_ASSIGN_OR_RETURN(
      const std::unique_ptr<Installation> installation,
      Installation::Open(place, std::make_unique<SimulatedLog>(), [] { return absl::Now(); }));
  Workload workload(options);
  ledger::v1::Record stated;
  stated.set_written(Micros(workload.begin()));
  stated.mutable_fact()->set_time_counts(ledger::v1::TIME_COUNTS_STATED);
  DOLEN_RETURN_IF_ERROR(installation->AppendToAll(stated));
  DOLEN_RETURN_IF_ERROR(installation->AppendToAll(Workload::Book(workload.begin())));
  std::vector<Workload::Item> items(kBatch);
  for (bool more = true; more;) {
    size_t count = 0;
    while (count < items.size() && (more = workload.Next(items[count]))) ++count;
    if (stage == Stage::kGenerate) continue;
    std::vector<std::string> agencies(count);
    std::vector<Received> batch(count);
    for (size_t i = 0; i < count; ++i) {
      agencies[i] = Workload::AgencyName(items[i].agency);
      batch[i].agency = agencies[i];
      batch[i].intake = {"bench", 0, static_cast<int64_t>(i)};
      batch[i].value = items[i].bytes;
      batch[i].stated = items[i].at;
    }
    DOLEN_RETURN_IF_ERROR(installation->admitter().Admit(batch).status());
    if (stage == Stage::kAdmit) continue;
    DOLEN_RETURN_IF_ERROR(installation->CatchUp());
  }
  return absl::OkStatus();
}

int Main(int argc, char** argv) {
  WorkloadOptions options;
  options.events = 10000;
  options.children = 5000;
  std::string name = "fold";
  CLI::App app("One step of the pipeline alone, for counting instructions.");
  app.footer("Example:\n  valgrind --tool=callgrind dolen_steps --stage=fold --events=10000");
  app.add_option("--stage", name)->check(CLI::IsMember({"generate", "admit", "fold"}));
  app.add_option("--events", options.events)->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  const std::string folder = MakeTemporaryFolder();
  const auto removed = absl::MakeCleanup([&] {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  });
  const Stage stage = name == "generate" ? Stage::kGenerate
                      : name == "admit"  ? Stage::kAdmit
                                         : Stage::kFold;
  const absl::Status status = Run(stage, options, folder);
  if (status.ok()) return 0;
  absl::FPrintF(stderr, "dolen_steps: %s\n", status.ToString());
  return 3;
}

}  // namespace
}  // namespace dolen

int main(int argc, char** argv) { return dolen::Main(argc, argv); }
