// The shards of an installation as they stand at one instant, for one answer.
//
// Threads: any. Errors: kInvalidArgument a position is none of this installation; kUnavailable it
// was not reached in time; the rest is the store's.
#ifndef DOLEN_DEPLOY_API_READINGS_H_
#define DOLEN_DEPLOY_API_READINGS_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "engine/base/ids.h"
#include "engine/shard/glance.h"
#include "engine/store/store.h"

namespace dolen {

// How long an answer waits for a position to be folded.
inline constexpr absl::Duration kPositionPatience = absl::Seconds(5);

// All shards, by their numbers.
struct Glances {
  std::vector<Glance> shards;
  // Up to when each holds as it is, where it is known to hold for longer than its records say.
  std::vector<absl::Time> hold_until;

  // How far each was folded, "1042.998": pass it as min_position to read what is at least as new.
  std::string Position() const;
  // The lowest time up to which any shard in which something was folded is known: states are said
  // as of it.
  absl::Time Reached() const;
  const Glance& Of(const ChildKey& child) const;
  // Of the shard that has folded most books: after a publication they differ for an instant.
  const Books& books() const;
};

class Readings {
 public:
  // See Engine::HoldsUntil.
  using HoldsUntil = std::function<absl::Time(size_t shard)>;

  // Of the shards, by their numbers; they outlive it. `holds_until` nullptr: as their records say.
  Readings(std::vector<const Store*> stores, absl::Duration patience, HoldsUntil holds_until);

  // With `min_position` not before that much is folded; empty: as it stands.
  absl::StatusOr<Glances> Take(absl::string_view min_position);
  // A position by shards, from its text. kInvalidArgument: it is none of this installation.
  absl::StatusOr<std::vector<int64_t>> Parse(absl::string_view position) const;
  // How far each shard is folded; where that cannot be read, 0.
  std::vector<int64_t> PositionsNow();

 private:
  absl::StatusOr<Glances> TakeNow();

  const std::vector<const Store*> stores_;
  const absl::Duration patience_;
  const HoldsUntil holds_until_;
  std::vector<std::unique_ptr<BookShelf>> shelves_;
};

}  // namespace dolen

#endif  // DOLEN_DEPLOY_API_READINGS_H_
