// The read API over loopback while events come in: how long a page of a timeline and of a worklist
// takes, idle and beside ingest at full rate; a thousand readers of streams; and what reading costs
// ingest. Server, load and readers share one process and its cores. Prints one JSON object.
#include <algorithm>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "benchmarks/plain_http.h"
#include "benchmarks/read_world.h"
#include "benchmarks/usage.h"
#include "deploy/program/progress.h"
#include "engine/base/status.h"
#include "nlohmann/json.hpp"

namespace dolen {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kFewReads = 50;  // a second: too few to be in each other's way
constexpr int kConnections = 32;
constexpr absl::Duration kWarmUp = absl::Seconds(2);
constexpr absl::Duration kOnItsWay = absl::Seconds(6);  // of news that was sent
constexpr double kProbes = 4;                           // a second

struct Flags {
  ReadWorldOptions world;
  int readers = 1000;
  double seconds = 10;  // of each phase
  int rounds = 3;
  double reads = 500;  // a second
  std::string wrk;
  std::string data;
};

struct Asking {
  std::vector<std::string> timelines;
  std::string worklist;
};

std::vector<ReadsOf> KindsOf(const Asking& asking) {
  return {{[&](int64_t turn) -> const std::string& {
             // Far apart, so that a page is rarely read while it is still at hand.
             return asking.timelines[static_cast<size_t>(turn) * 7919 % asking.timelines.size()];
           },
           {},
           0},
          {[&](int64_t) -> const std::string& { return asking.worklist; }, {}, 0}};
}

Json JsonOf(const ReadsOf& reads) {
  return {{"reads", reads.milliseconds.size()},
          {"failed", reads.failed},
          {"p50_ms", ShareOf(reads.milliseconds, 0.5)},
          {"p99_ms", ShareOf(reads.milliseconds, 0.99)},
          {"max_ms", ShareOf(reads.milliseconds, 1)}};
}

// One stretch of time: `reads` a second (0: none), with ingest at full rate or without.
Json Measure(ReadWorld& world, const Asking& asking, const Flags& flags, bool with_ingest,
             double reads) {
  const absl::Duration duration = absl::Seconds(flags.seconds);
  absl::FPrintF(stderr, "# %g reads a second%s\n", reads, with_ingest ? " beside ingest" : "");
  if (with_ingest) {
    world.StartLoad();
    absl::SleepFor(kWarmUp);
  }
  const int64_t folded = world.Folded();
  const absl::Time begun = absl::Now();
  const double cpu = CpuSeconds();
  std::vector<ReadsOf> kinds = KindsOf(asking);
  if (reads > 0) {
    ReadAtRate(world.port(), reads, duration, kConnections, kinds);
  } else {
    absl::SleepFor(duration);
  }
  const double took = absl::ToDoubleSeconds(absl::Now() - begun);
  const double folded_a_second = static_cast<double>(world.Folded() - folded) / took;
  Json json = {{"folded_a_second", folded_a_second},
               {"cpu_s_a_second", (CpuSeconds() - cpu) / took}};
  if (with_ingest) world.StopLoad();
  if (reads > 0) {
    json["reads_a_second"] = reads;
    json["timeline"] = JsonOf(kinds[0]);
    json["worklist"] = JsonOf(kinds[1]);
  }
  return json;
}

// The same number of events with reads and without, by turns, since the machine's pace varies.
Json Rounds(ReadWorld& world, const Asking& asking, const Flags& flags) {
  Json rounds = Json::array();
  std::vector<double> ratios;
  for (int i = 0; i < flags.rounds; ++i) {
    // Every other round begins with the reads, so that a store that grows favours neither.
    const bool reads_first = i % 2 == 1;
    Json first = Measure(world, asking, flags, true, reads_first ? flags.reads : 0);
    Json second = Measure(world, asking, flags, true, reads_first ? 0 : flags.reads);
    Json& with = reads_first ? first : second;
    Json& without = reads_first ? second : first;
    ratios.push_back(with["folded_a_second"].get<double>() /
                     without["folded_a_second"].get<double>());
    rounds.push_back({{"without_reads", without}, {"with_reads", with}, {"ratio", ratios.back()}});
  }
  std::sort(ratios.begin(), ratios.end());
  return {{"rounds", rounds},
          {"ratio_lowest", ShareOf(ratios, 0)},
          {"ratio_median", ShareOf(ratios, 0.5)},
          {"ratio_highest", ShareOf(ratios, 1)}};
}

Json JsonOf(const ProbeReadings& lags) {
  return {{"probes", lags.sent},
          {"expected", lags.expected},
          {"arrived", lags.milliseconds.size()},
          {"p50_ms", ShareOf(lags.milliseconds, 0.5)},
          {"p99_ms", ShareOf(lags.milliseconds, 0.99)},
          {"max_ms", ShareOf(lags.milliseconds, 1)}};
}

// With all readers of streams there: how long news takes to reach them, and what the rest does.
absl::StatusOr<Json> Streams(ReadWorld& world, const Asking& asking, const Flags& flags) {
  DOLEN_ASSIGN_OR_RETURN(const std::vector<std::string> requests,
                         world.StreamRequests(flags.readers));
  Probes probes(&world, flags.readers);
  const absl::Time begun = absl::Now();
  PlainFollowers followers(world.port(), requests,
                           [&probes](size_t reader, absl::Time at, const std::string& bytes) {
                             probes.OnBytes(reader, at, bytes);
                           });
  Json json = {{"readers", flags.readers},
               {"connected_s", absl::ToDoubleSeconds(absl::Now() - begun)}};
  absl::SleepFor(kWarmUp);
  if (followers.ended() > 0) {
    return absl::InternalError(absl::StrCat(followers.ended(), " readers were turned away"));
  }
  for (const bool with_ingest : {false, true}) {
    const int64_t bytes = followers.bytes(), ended = followers.ended();
    probes.Start(kProbes);
    Json phase = Measure(world, asking, flags, with_ingest, kFewReads);
    // What is on its way may still arrive.
    absl::SleepFor(kOnItsWay);
    phase["news"] = JsonOf(probes.Stop());
    phase["bytes_to_readers"] = followers.bytes() - bytes;
    phase["readers_cut_off"] = followers.ended() - ended;
    json[with_ingest ? "with_ingest" : "idle"] = phase;
  }
  return json;
}

// Pages of one child of very many events, which are told whole for each page.
Json LongChild(ReadWorld& world, const Flags& flags) {
  const std::string request = world.TimelineRequest(world.long_child(), 50);
  std::vector<ReadsOf> kinds = {{[&](int64_t) -> const std::string& { return request; }, {}, 0}};
  ReadAtRate(world.port(), 4, absl::Seconds(flags.seconds), 4, kinds);
  Json json = JsonOf(kinds[0]);
  json["events"] = flags.world.long_child_events;
  return json;
}

// What wrk says of the same pages, one connection that asks as soon as it was answered.
Json Wrk(ReadWorld& world, const Flags& flags, const std::string& target) {
  const std::string command = absl::StrFormat(
      "%s -t1 -c1 -d%ds --latency -H 'authorization: Bearer %s' -H 'dolen-purpose: direct_work' "
      "'http://127.0.0.1:%d%s' 2>&1",
      flags.wrk, static_cast<int>(flags.seconds), world.token(), world.port(), target);
  FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return nullptr;
  Json lines = Json::array();
  char line[512];
  while (std::fgets(line, sizeof(line), pipe) != nullptr) {
    const std::string text = line;
    for (const char* wanted : {"50%", "99%", "Requests/sec", "Non-2xx", "Latency  "}) {
      if (text.find(wanted) != std::string::npos) {
        lines.push_back(text.substr(0, text.find_last_not_of('\n') + 1));
      }
    }
  }
  return pclose(pipe) == 0 ? lines : Json(nullptr);
}

absl::StatusOr<Json> Run(Flags flags, const std::string& folder) {
  flags.world.folder = folder + "/data";
  // As many for each agency, so that its readers can be counted.
  constexpr int kEach = kStreamsOfAPerson * kReadAgencies;
  flags.world.people = (flags.readers + kEach - 1) / kEach * kReadAgencies;
  const absl::Time begun = absl::Now();
  DOLEN_ASSIGN_OR_RETURN(const std::unique_ptr<ReadWorld> world, ReadWorld::Open(flags.world));
  Json json = {{"events", flags.world.events},
               {"children", flags.world.children},
               {"partitions", flags.world.partitions},
               {"filled_s", absl::ToDoubleSeconds(absl::Now() - begun)}};
  Asking asking;
  DOLEN_ASSIGN_OR_RETURN(const std::vector<std::string> children, world->ChildrenOnTheList());
  for (const std::string& child : children) {
    asking.timelines.push_back(world->TimelineRequest(child, 200));
  }
  asking.worklist = world->Request("/v1/worklist?limit=50");
  json["children_asked_for"] = children.size();
  (void)Measure(*world, asking, flags, false,
                kFewReads);  // once, for what is made at the first use
  json["idle"] = Measure(*world, asking, flags, false, kFewReads);
  json["idle_many_reads"] = Measure(*world, asking, flags, false, flags.reads);
  if (!flags.wrk.empty()) {
    json["wrk_worklist"] = Wrk(*world, flags, "/v1/worklist?limit=50");
    json["wrk_timeline"] =
        Wrk(*world, flags, absl::StrCat("/v1/children/", children.front(), "/timeline?limit=200"));
  }
  json["long_child"] = LongChild(*world, flags);
  json["beside_ingest"] = Measure(*world, asking, flags, true, kFewReads);
  json["ingest"] = Rounds(*world, asking, flags);
  DOLEN_ASSIGN_OR_RETURN(json["streams"], Streams(*world, asking, flags));
  json["peak_mb"] = PeakMegabytes();
  return json;
}

int Main(int argc, char** argv) {
  Flags flags;
  CLI::App app("The read API while events come in; prints one JSON object.");
  app.footer("Example:\n  dolen_reading --events=10000 --children=1000 --readers=100 --seconds=3");
  app.add_option("--events", flags.world.events, "In the store at the start")
      ->capture_default_str();
  app.add_option("--children", flags.world.children)->capture_default_str();
  app.add_option("--partitions", flags.world.partitions)->capture_default_str();
  app.add_option("--long", flags.world.long_child_events, "Events of one long child")
      ->capture_default_str();
  app.add_option("--readers", flags.readers, "Readers of streams")->capture_default_str();
  app.add_option("--seconds", flags.seconds, "Of each phase")->capture_default_str();
  app.add_option("--rounds", flags.rounds, "With reads and without, by turns")
      ->capture_default_str();
  app.add_option("--reads", flags.reads, "Reads a second beside ingest")->capture_default_str();
  app.add_option("--wrk", flags.wrk, "The program wrk, for a second opinion (default: none)");
  app.add_option("--data", flags.data, "Folder to work in (default: a temporary one, removed)");
  CLI11_PARSE(app, argc, argv);
  const std::string folder = flags.data.empty() ? MakeTemporaryFolder() : flags.data;
  const auto removed = absl::MakeCleanup([&] {
    std::error_code ignored;
    if (flags.data.empty()) std::filesystem::remove_all(folder, ignored);
  });
  const absl::StatusOr<Json> json = Run(flags, folder);
  if (!json.ok()) {
    absl::FPrintF(stderr, "dolen_reading: %s\n", json.status().ToString());
    return 3;
  }
  absl::PrintF("%s\n", json->dump(1));
  return 0;
}

}  // namespace
}  // namespace dolen

int main(int argc, char** argv) { return dolen::Main(argc, argv); }
