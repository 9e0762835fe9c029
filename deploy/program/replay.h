// A recorded log under its own stated times: rows go in when they were recorded, time stops at
// every due instant and ticks, and what would have been said comes out.
#ifndef DOLEN_DEPLOY_PROGRAM_REPLAY_H_
#define DOLEN_DEPLOY_PROGRAM_REPLAY_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "deploy/program/installation.h"
#include "deploy/program/recorded_rows.h"
#include "dolen/alert/v1/alert.pb.h"

namespace dolen {

// How many clocks of a rule were started, and in which state each of them is.
struct ClockCounts {
  int64_t started = 0;
  std::map<ClockState, int64_t> by_state;
};

struct ReplaySummary {
  int64_t read = 0, filtered = 0, admitted = 0, duplicates = 0, conflicts = 0, quarantined = 0;
  int64_t children = 0;
  std::map<std::string, ClockCounts> clocks;  // by rule; every rule of the books is there
};

struct ReplayResult {
  // Every change of an alert, in order of at, child, matter, clock, level.
  std::vector<alert::v1::Alert> changes;
  ReplaySummary summary;
};

class Replay {
 public:
  // `progress` is called now and then with events done and events in all.
  Replay(Installation* installation, std::function<void(int64_t, int64_t)> progress)
      : installation_(installation), progress_(std::move(progress)) {}

  // The installation must be new. `books` are texts with their file names. Ends at the last
  // recorded time, or at `until` where that is not InfiniteFuture.
  absl::StatusOr<ReplayResult> Run(const RecordedRows& rows,
                                   const std::vector<std::pair<std::string, std::string>>& books,
                                   absl::Time until);

  // How the files know the child of an alert; its key where they do not.
  std::string NameOf(const std::string& child_hex) const;

 private:
  absl::Status Begin(const std::vector<std::pair<std::string, std::string>>& books,
                     absl::Time first);
  absl::Status Admit(const RecordedRows& rows, size_t from, size_t to);
  absl::Status QuarantineBad(const RecordedRows& rows);
  absl::Status TickUntil(absl::Time limit);
  absl::Status TickAll(absl::Time at);
  absl::Status Pump(Shard& shard);
  absl::Time FirstDue() const;
  absl::StatusOr<ReplayResult> Collect(absl::Time end);

  Installation* const installation_;
  const std::function<void(int64_t, int64_t)> progress_;
  absl::Time now_ = absl::InfinitePast();
  int64_t quarantined_ = 0;
  std::unique_ptr<LogAppender> ticks_;
  absl::flat_hash_map<std::string, std::string> names_;  // child key in hex -> as in the file
};

// Reads every change of an alert from the installation's alerts topic, in the order described
// above.
absl::StatusOr<std::vector<alert::v1::Alert>> ReadChanges(
    Installation& installation, const std::function<std::string(const std::string&)>& name_of);
// Counts what the shards hold, with clocks as they are at `end`.
absl::StatusOr<ReplaySummary> Summarise(Installation& installation, absl::Time end);

}  // namespace dolen

#endif  // DOLEN_DEPLOY_PROGRAM_REPLAY_H_
