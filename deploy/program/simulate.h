// What-if on a copy of history: the events of an installation, its books as published, and the same
// books with drafts in place. Both pictures of every child are drawn from its events and laid side
// by side.
//
// It reads the stores of the shards beside whoever works on them (Store::OpenToRead), so that a
// running `dolen serve` goes on and nothing real is touched. Errors: kNotFound no installation;
// kInvalidArgument a draft; kFailedPrecondition stores of another fold revision; kUnavailable
// the stores changed under the reader (run it again); kDataLoss damage.
#ifndef DOLEN_DEPLOY_PROGRAM_SIMULATE_H_
#define DOLEN_DEPLOY_PROGRAM_SIMULATE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "deploy/program/book_file.h"
#include "deploy/program/installation.h"
#include "projections/whatif/whatif.h"

namespace dolen {

// The store folders of an installation, by shard. On Kafka, where no store is at hand, the ledger
// is folded into temporary ones, which go with it.
class StoreFolders {
 public:
  // `progress`: records folded and records in all, of one shard after another.
  static absl::StatusOr<std::unique_ptr<StoreFolders>> Find(
      const Place& place, const std::function<void(int64_t, int64_t)>& progress);
  ~StoreFolders();
  const std::vector<std::string>& paths() const { return paths_; }

 private:
  StoreFolders() = default;
  absl::Status FoldLedger(const Place& place,
                          const std::function<void(int64_t, int64_t)>& progress);
  std::string temporary_;  // empty: none
  std::vector<std::string> paths_;
};

struct SimulateOptions {
  std::vector<UsableBook> drafts;
  absl::CivilDay from = absl::CivilDay::min();  // first day of start that the drafts judge
  absl::CivilDay to = absl::CivilDay::max();    // first day of start that they no longer judge
  absl::Time at = absl::InfiniteFuture();       // when clocks are compared; never: the time reached
  int threads = 1;
  size_t list = 0;           // differences kept, at most
  bool identifiers = false;  // of the children whose clocks are listed
  // Children done and children in all; by one thread at a time.
  std::function<void(int64_t, int64_t)> progress = [](int64_t, int64_t) {};
};

struct Simulated {
  WhatIf whatif{0};
  int64_t events = 0;
  absl::Time at;  // when clocks were compared
};

absl::StatusOr<Simulated> Simulate(const std::vector<std::string>& store_folders,
                                   const SimulateOptions& options);

}  // namespace dolen

#endif  // DOLEN_DEPLOY_PROGRAM_SIMULATE_H_
