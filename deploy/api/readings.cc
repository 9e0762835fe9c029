#include "deploy/api/readings.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "engine/base/status.h"

namespace dolen {
namespace {

constexpr absl::Duration kLook = absl::Milliseconds(5);

bool IsReached(const Glances& glances, const std::vector<int64_t>& position) {
  for (size_t i = 0; i < position.size(); ++i) {
    if (glances.shards[i].position() < position[i]) return false;
  }
  return true;
}

}  // namespace

std::string Glances::Position() const {
  return absl::StrJoin(shards, ".", [](std::string* out, const Glance& one) {
    absl::StrAppend(out, one.position());
  });
}

absl::Time Glances::Reached() const {
  absl::Time reached = absl::InfiniteFuture();
  for (size_t i = 0; i < shards.size(); ++i) {
    if (shards[i].reached() == absl::InfinitePast()) continue;
    reached = std::min(reached, std::max(shards[i].reached(), hold_until[i]));
  }
  return reached == absl::InfiniteFuture() ? absl::InfinitePast() : reached;
}

const Glance& Glances::Of(const ChildKey& child) const {
  return shards[child.Partition(static_cast<int32_t>(shards.size()))];
}

const Books& Glances::books() const {
  const auto most =
      std::max_element(shards.begin(), shards.end(), [](const auto& a, const auto& b) {
        return a.books().publications() < b.books().publications();
      });
  return most->books();
}

Readings::Readings(std::vector<const Store*> stores, absl::Duration patience,
                   HoldsUntil holds_until)
    : stores_(std::move(stores)), patience_(patience), holds_until_(std::move(holds_until)) {
  for (size_t i = 0; i < stores_.size(); ++i) shelves_.push_back(std::make_unique<BookShelf>());
}

absl::StatusOr<std::vector<int64_t>> Readings::Parse(absl::string_view position) const {
  std::vector<int64_t> offsets;
  for (const absl::string_view one : absl::StrSplit(position, '.')) {
    int64_t offset = 0;
    if (!absl::SimpleAtoi(one, &offset) || offset < 0) break;
    offsets.push_back(offset);
  }
  if (offsets.size() == stores_.size()) return offsets;
  return absl::InvalidArgumentError(
      "min_position: this is no position of this installation; pass one that an answer gave");
}

std::vector<int64_t> Readings::PositionsNow() {
  std::vector<int64_t> positions(stores_.size());
  const absl::StatusOr<Glances> glances = TakeNow();
  for (size_t i = 0; glances.ok() && i < positions.size(); ++i) {
    positions[i] = glances->shards[i].position();
  }
  return positions;
}

absl::StatusOr<Glances> Readings::TakeNow() {
  Glances glances;
  for (size_t i = 0; i < stores_.size(); ++i) {
    // Before the glance, which then has all that there was until that time.
    glances.hold_until.push_back(holds_until_ ? holds_until_(i) : absl::InfinitePast());
    DOLEN_ASSIGN_OR_RETURN(Glance one, Glance::Take(*stores_[i], *shelves_[i]));
    glances.shards.push_back(std::move(one));
  }
  return glances;
}

absl::StatusOr<Glances> Readings::Take(absl::string_view min_position) {
  if (min_position.empty()) return TakeNow();
  DOLEN_ASSIGN_OR_RETURN(const std::vector<int64_t> position, Parse(min_position));
  const absl::Time patience = absl::Now() + patience_;
  for (;;) {
    DOLEN_ASSIGN_OR_RETURN(Glances glances, TakeNow());
    if (IsReached(glances, position)) return glances;
    if (absl::Now() >= patience) {
      return absl::UnavailableError(
          "min_position: this is not folded yet; ask again, or ask without it");
    }
    absl::SleepFor(kLook);
  }
}

}  // namespace dolen
