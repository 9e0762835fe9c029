// What-if over the generated workload: the ledger is made and folded first, then all children are
// compared by the book in force and by a draft that allows 12 hours instead of 24. Prints one JSON
// object, and fails where the answer is not the one that the workload itself gives.
#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "benchmarks/usage.h"
#include "benchmarks/workload.h"
#include "deploy/program/installation.h"
#include "deploy/program/progress.h"
#include "deploy/program/simulate.h"
#include "engine/base/check.h"
#include "engine/base/status.h"
#include "engine/base/time.h"
#include "engine/log/simulated_log.h"
#include "engine/pathway/zone_proto.h"
#include "nlohmann/json.hpp"

namespace dolen {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kBatch = 2000;  // events admitted at a time
constexpr absl::Duration kDraftAllows = absl::Hours(12);
constexpr absl::Duration kBookAllows = absl::Hours(24);

// How many answers come after the draft's limit and within the book's.
class Expected {
 public:
  void Take(const Workload::Item& item) {
    event::v1::Event event;
    DOLEN_CHECK(event.ParseFromString(item.bytes));
    const event::v1::Open& open = event.open();
    if (open.kind() == event::v1::KIND_REFERRAL_MADE) {
      begun_.emplace(open.matter().id(), FromTimestamp(open.occurred().instant()));
    } else if (open.kind() == event::v1::KIND_REFERRAL_ACCEPTED) {
      answered_.emplace(open.matter().id(), FromTimestamp(open.occurred().instant()));
    }
  }
  int64_t NewlyLate() const {
    return std::count_if(answered_.begin(), answered_.end(), [this](const auto& answer) {
      const absl::Duration took = answer.second - begun_.at(answer.first);
      return kDraftAllows <= took && took < kBookAllows;
    });
  }

 private:
  std::map<std::string, absl::Time> begun_, answered_;  // by matter
};

absl::Status Admit(Installation& installation, Workload& workload, Expected& expected) {
  ledger::v1::Record stated;
  stated.set_written(Micros(workload.begin()));
  stated.mutable_fact()->set_time_counts(ledger::v1::TIME_COUNTS_STATED);
  DOLEN_RETURN_IF_ERROR(installation.AppendToAll(stated));
  DOLEN_RETURN_IF_ERROR(installation.AppendToAll(Workload::Book(workload.begin())));
  std::vector<Workload::Item> items(kBatch);
  std::vector<std::string> agencies(kBatch);
  for (bool more = true; more;) {
    size_t count = 0;
    while (count < items.size() && (more = workload.Next(items[count]))) ++count;
    std::vector<Received> batch(count);
    for (size_t i = 0; i < count; ++i) {
      expected.Take(items[i]);
      agencies[i] = Workload::AgencyName(items[i].agency);
      batch[i].agency = agencies[i];
      batch[i].intake = {"bench", 0, static_cast<int64_t>(i)};
      batch[i].value = items[i].bytes;
      batch[i].stated = items[i].at;
    }
    DOLEN_RETURN_IF_ERROR(installation.admitter().Admit(batch).status());
    DOLEN_RETURN_IF_ERROR(installation.Fold());
  }
  return absl::OkStatus();
}

absl::StatusOr<UsableBook> Draft() {
  const ledger::v1::Record published = Workload::Book(absl::UnixEpoch());
  UsableBook draft;
  DOLEN_CHECK(draft.book.ParseFromString(published.book().book()));
  pathway::v1::Amount& allow = *draft.book.mutable_rule(0)->mutable_limit(0)->mutable_allow();
  DOLEN_CHECK(allow.hours() == absl::ToInt64Hours(kBookAllows));
  allow.set_hours(static_cast<int32_t>(absl::ToInt64Hours(kDraftAllows)));
  DOLEN_ASSIGN_OR_RETURN(draft.zone, ZoneFromProto(published.book().zone()));
  return draft;
}

struct Flags {
  WorkloadOptions workload;
  int32_t partitions = 2;
  int threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
};

absl::Status Measure(const Flags& flags, const std::string& folder) {
  Place place;
  place.data = folder;
  place.partitions = flags.partitions;
  Expected expected;
  {
    DOLEN_ASSIGN_OR_RETURN(
        const std::unique_ptr<Installation> installation,
        Installation::Open(place, std::make_unique<SimulatedLog>(), [] { return absl::Now(); }));
    Workload workload(flags.workload);
    DOLEN_RETURN_IF_ERROR(Admit(*installation, workload, expected));
  }
  SimulateOptions options;
  DOLEN_ASSIGN_OR_RETURN(UsableBook draft, Draft());
  options.drafts.push_back(std::move(draft));
  options.threads = flags.threads;
  options.list = 20;
  Progress progress("children");
  options.progress = [&](int64_t done, int64_t all) { progress.Show(done, all); };
  const absl::Time begun = absl::Now();
  const double cpu_begun = CpuSeconds();
  DOLEN_ASSIGN_OR_RETURN(const std::unique_ptr<StoreFolders> stores,
                         StoreFolders::Find(place, options.progress));
  DOLEN_ASSIGN_OR_RETURN(const Simulated simulated, Simulate(stores->paths(), options));
  const double wall = absl::ToDoubleSeconds(absl::Now() - begun), cpu = CpuSeconds() - cpu_begun;
  progress.End();
  const auto& moves = simulated.whatif.all().moves;
  const auto late = moves.find({ClockState::kInTime, ClockState::kLate});
  const int64_t newly_late = late == moves.end() ? 0 : late->second.clocks;
  if (newly_late != expected.NewlyLate()) {
    return absl::DataLossError(
        absl::StrCat(newly_late, " clocks become late, the workload has ", expected.NewlyLate()));
  }
  const double events = static_cast<double>(simulated.events);
  const Json json = {{"events", simulated.events},
                     {"children", simulated.whatif.children()},
                     {"clocks", simulated.whatif.all().before.clocks},
                     {"newly_late", newly_late},
                     {"threads", std::min(flags.threads, flags.partitions)},
                     {"wall_s", wall},
                     {"cpu_s", cpu},
                     {"events_per_s", events / wall},
                     {"events_per_core_s", events / cpu}};
  absl::PrintF("%s\n", json.dump());
  return absl::OkStatus();
}

int Main(int argc, char** argv) {
  Flags flags;
  flags.workload.events = 1000000;
  flags.workload.children = 93234;
  CLI::App app("What-if over the generated workload: events a second and core.");
  app.footer("Example:\n  dolen_simulate --events=1000000 --partitions=2");
  app.add_option("--events", flags.workload.events)->capture_default_str();
  app.add_option("--children", flags.workload.children)->capture_default_str();
  app.add_option("--partitions", flags.partitions, "Shards: each is one thread's work")
      ->capture_default_str();
  app.add_option("--threads", flags.threads)->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  const std::string folder = MakeTemporaryFolder();
  const auto removed = absl::MakeCleanup([&] {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  });
  const absl::Status status = Measure(flags, folder);
  if (status.ok()) return 0;
  absl::FPrintF(stderr, "dolen_simulate: %s\n", status.ToString());
  return 3;
}

}  // namespace
}  // namespace dolen

int main(int argc, char** argv) { return dolen::Main(argc, argv); }
