#include "deploy/api/sealed_lists.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/base/status.h"
#include "engine/child/figures.h"
#include "engine/store/keys.h"
#include "projections/responsibility/responsibility.h"
#include "projections/sealed/sealed_view.h"
#include "projections/timeline/stored_child.h"
#include "projections/worklist/worklist.h"

namespace dolen {
namespace {

// Of what stands under one agency; keys of both views begin with the agency and a NUL.
Rows Under(absl::string_view agency, Rows rows) {
  const std::string prefix = absl::StrCat(agency, absl::string_view("\0", 1));
  std::erase_if(rows, [&](const Row& row) { return !absl::StartsWith(row.key, prefix); });
  return rows;
}

absl::Status AddRows(const Glance& shard, const std::string& prefix, RunningDigest& digest) {
  return shard.rows().Scan(prefix, [&](absl::string_view key, absl::string_view value) {
    digest.Add(key);
    digest.Add(value);
    return true;
  });
}

// What all drawings of a shard are made of.
absl::StatusOr<RunningDigest> MadeOf(const Glance& shard) {
  RunningDigest digest;
  digest.AddInt(shard.books().publications());
  DOLEN_RETURN_IF_ERROR(AddRows(shard, keys::Backfill(""), digest));
  return digest;
}

// And those of one child: its row changes with each event, its trail with each deed.
absl::StatusOr<RunningDigest> MadeOf(const Glance& shard, const ChildKey& child,
                                     RunningDigest digest) {
  DOLEN_ASSIGN_OR_RETURN(const absl::optional<std::string> row,
                         shard.rows().Get(keys::Child(child)));
  digest.Add(row.value_or(""));
  DOLEN_RETURN_IF_ERROR(AddRows(shard, keys::TrailOf(child), digest));
  return digest;
}

SealedLines LinesOf(const StoredChild& child, const std::string& agency, const Books& books) {
  const Picture picture = Draw(child.unsealed, books);
  SealedLines lines;
  lines.child = child.key;
  if (agency.empty()) {
    lines.figures = {child.key, picture.language, FiguresOf(picture, child.alerts, books)};
    return lines;
  }
  lines.work = Under(agency, WorkRowsOf(child.key, picture, child.alerts, child.recorded, books));
  lines.responsibility =
      Under(agency, ResponsibilityRowsOf(child.key, picture, child.recorded, books));
  lines.alerts = AlertsIn(child.key, child.alerts, agency, books);
  return lines;
}

}  // namespace

int SealedLists::drawn() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return drawn_;
}

absl::StatusOr<std::shared_ptr<const SealedLines>> SealedLists::Of(const Glance& shard,
                                                                   const ChildKey& child,
                                                                   const std::string& agency,
                                                                   absl::string_view made_of) {
  const std::pair<std::string, std::string> name(child.bytes(), agency);
  const absl::Time reached = shard.reached();
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto kept = kept_.find(name);
    if (kept != kept_.end()) {
      const Kept& its = kept->second;
      if (its.made_of == made_of && its.from <= reached && reached < its.until) return its.lines;
    }
  }
  DOLEN_ASSIGN_OR_RETURN(const absl::optional<StoredChild> stored,
                         ReadStoredChild(shard, child, agency));
  if (!stored) return nullptr;
  auto lines = std::make_shared<const SealedLines>(LinesOf(*stored, agency, shard.books()));
  const std::lock_guard<std::mutex> lock(mutex_);
  ++drawn_;
  if (kept_.size() >= kMost) kept_.clear();
  kept_[name] = {std::string(made_of), reached, stored->told_until, lines};
  return lines;
}

absl::Status SealedLists::ForEach(
    const Glances& glances, const std::string& agency,
    absl::FunctionRef<absl::Status(const Glance& shard, const SealedLines& lines)> see) {
  for (const Glance& shard : glances.shards) {
    DOLEN_ASSIGN_OR_RETURN(const std::vector<ChildKey> sealed, SealedChildren(shard.rows()));
    if (sealed.empty()) continue;
    DOLEN_ASSIGN_OR_RETURN(const RunningDigest of_all, MadeOf(shard));
    for (const ChildKey& child : sealed) {
      DOLEN_ASSIGN_OR_RETURN(const RunningDigest of_child, MadeOf(shard, child, of_all));
      DOLEN_ASSIGN_OR_RETURN(const std::shared_ptr<const SealedLines> lines,
                             Of(shard, child, agency, of_child.bytes()));
      if (lines != nullptr) DOLEN_RETURN_IF_ERROR(see(shard, *lines));
    }
  }
  return absl::OkStatus();
}

}  // namespace dolen
