#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "deploy/program/book_file.h"
#include "deploy/program/progress.h"
#include "deploy/program/replay.h"
#include "deploy/program/replay_kafka.h"
#include "deploy/program/verbs.h"
#include "engine/base/digest.h"
#include "engine/base/status.h"
#include "engine/base/time.h"
#include "engine/log/local_log.h"
#include "engine/log/simulated_log.h"
#include "nlohmann/json.hpp"
#include "projections/timeline/timeline.h"

namespace dolen {
namespace {

using Json = nlohmann::ordered_json;

constexpr int32_t kReplayPartitions = 4;

// In the order of the contract; every state is there, also at zero.
constexpr ClockState kCounted[] = {
    ClockState::kInTime, ClockState::kLate,      ClockState::kRunning,   ClockState::kOverdue,
    ClockState::kPaused, ClockState::kExcused,   ClockState::kCancelled, ClockState::kStanding,
    ClockState::kDone,   ClockState::kNoCalendar};

Json SummaryJson(const ReplaySummary& summary) {
  Json clocks = Json::object();
  for (const auto& [rule, counts] : summary.clocks) {
    Json& one = clocks[rule];
    one["started"] = counts.started;
    for (const ClockState state : kCounted) {
      const auto found = counts.by_state.find(state);
      one[std::string(StateName(state))] = found == counts.by_state.end() ? 0 : found->second;
    }
  }
  return {{"summary",
           {{"read", summary.read},
            {"filtered", summary.filtered},
            {"admitted", summary.admitted},
            {"duplicates", summary.duplicates},
            {"conflicts", summary.conflicts},
            {"quarantined", summary.quarantined},
            {"children", summary.children},
            {"clocks", clocks}}}};
}

void PrintText(const ReplayResult& result,
               const std::function<std::string(const std::string&)>& name_of) {
  for (const alert::v1::Alert& change : result.changes) {
    absl::PrintF(
        "%s  %-10s %-9s %-24s %s  due %s\n", Rfc3339(FromTimestamp(change.at())),
        StateText(change.state()), change.level(), change.rule(),
        absl::StrCat(name_of(change.child()),
                     change.matter_id().empty() ? "" : absl::StrCat(" / ", change.matter_id())),
        Rfc3339(FromTimestamp(change.due())));
  }
  const ReplaySummary& s = result.summary;
  absl::PrintF(
      "\n%d rows read = %d filtered + %d admitted + %d duplicates + %d conflicts + %d quarantined; "
      "%d children\n",
      s.read, s.filtered, s.admitted, s.duplicates, s.conflicts, s.quarantined, s.children);
  for (const auto& [rule, counts] : s.clocks) {
    absl::PrintF("  %-24s %6d started", rule, counts.started);
    for (const auto& [state, count] : counts.by_state) {
      absl::PrintF(", %d %s", count, StateName(state));
    }
    absl::PrintF("\n");
  }
}

// A replay needs topics of its own; where no prefix was given it makes one up and says so.
Place PlaceOnKafka(Place place) {
  if (place.prefix != Place().prefix) return place;
  place.prefix = absl::StrCat("replay-", absl::BytesToHexString(RandomBytes(6)));
  absl::FPrintF(stderr, "replay: its topics on %s begin with %s.\n", place.kafka, place.prefix);
  return place;
}

struct Played {
  ReplayResult result;
  std::unique_ptr<Installation> installation;
  std::unique_ptr<Replay> replay;
};

absl::StatusOr<Played> Play(const ReplayFlags& flags, const RecordedRows& rows, absl::Time until,
                            const std::string& folder) {
  std::vector<std::pair<std::string, std::string>> books;
  for (const std::string& file : flags.books) {
    DOLEN_ASSIGN_OR_RETURN(std::string text, ReadFile(file));
    books.emplace_back(file, std::move(text));
  }
  Place place;
  place.data = folder;
  place.partitions = kReplayPartitions;
  std::unique_ptr<Log> log = std::make_unique<SimulatedLog>();
  if (!flags.data.empty()) {
    DOLEN_ASSIGN_OR_RETURN(log, OpenLog(place, [] { return absl::Now(); }));
    if (log->Partitions(TopicNames().Ledger()).ok()) {
      return absl::FailedPreconditionError(
          absl::StrCat(folder, ": there is an installation already; --data needs a new folder"));
    }
  }
  Played played;
  DOLEN_ASSIGN_OR_RETURN(played.installation,
                         Installation::Open(place, std::move(log), [] { return absl::Now(); }));
  Progress progress("replay");
  played.replay = std::make_unique<Replay>(
      played.installation.get(), [&](int64_t done, int64_t all) { progress.Show(done, all); });
  DOLEN_ASSIGN_OR_RETURN(played.result, played.replay->Run(rows, books, until));
  progress.End();
  return played;
}

}  // namespace

int RunReplay(const Common& common, const ReplayFlags& flags) {
  absl::Time until = absl::InfiniteFuture();
  if (!flags.until.empty() && !ParseRfc3339(flags.until, until)) {
    absl::FPrintF(stderr, "--until: \"%s\" is no time like 2026-03-02T09:00:00Z\n", flags.until);
    return kUsage;
  }
  absl::optional<CheckedMapping> mapping;
  if (!flags.mapping.empty()) {
    absl::StatusOr<CheckedMapping> loaded = LoadMapping(flags.mapping);
    if (!loaded.ok()) return Fail(loaded.status());
    mapping = *std::move(loaded);
  }
  const absl::StatusOr<RecordedRows> rows =
      ReadRecordedRows(flags.files, mapping ? &*mapping : nullptr, until);
  if (!rows.ok()) return Fail(rows.status());
  for (const BadRow& bad : rows->bad) absl::FPrintF(stderr, "%s\n", bad.Text());

  std::string folder = flags.data;
  if (folder.empty()) folder = MakeTemporaryFolder();
  const auto removed = absl::MakeCleanup([&] {
    std::error_code ignored;
    if (flags.data.empty()) std::filesystem::remove_all(folder, ignored);
  });
  absl::StatusOr<Played> played = Play(flags, *rows, until, folder);
  if (!played.ok()) return Fail(played.status());
  const auto name_of = [&](const std::string& child) { return played->replay->NameOf(child); };
  if (!common.place.kafka.empty()) {
    absl::StatusOr<ReplayResult> on_kafka =
        ReplayOnKafka(PlaceOnKafka(common.place), *played->installation, name_of);
    if (!on_kafka.ok()) return Fail(on_kafka.status());
    on_kafka->summary.read = played->result.summary.read;
    on_kafka->summary.filtered = played->result.summary.filtered;
    on_kafka->summary.quarantined = played->result.summary.quarantined;
    played->result = *std::move(on_kafka);
  }
  if (!common.json()) {
    PrintText(played->result, name_of);
    return kDone;
  }
  for (const alert::v1::Alert& change : played->result.changes) {
    absl::PrintF("%s\n", AlertJson(change, name_of(change.child()), change.matter_id()));
  }
  absl::PrintF("%s\n", SummaryJson(played->result.summary).dump());
  return kDone;
}

}  // namespace dolen
