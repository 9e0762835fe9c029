#include "engine/calendar/zone.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace dolen {
namespace {

// A civil time read as if it were UTC. Saturates at the ends of time.
absl::Time AsUtc(absl::CivilSecond civil) { return absl::FromCivil(civil, absl::UTCTimeZone()); }

}  // namespace

absl::StatusOr<Zone> Zone::Make(std::string name, absl::Duration first_offset,
                                std::vector<Change> changes) {
  const auto in_reach = [](absl::Duration offset) {
    return -kMaxOffset < offset && offset < kMaxOffset &&
           offset % absl::Seconds(1) == absl::ZeroDuration();
  };
  if (!in_reach(first_offset)) {
    return absl::InvalidArgumentError(
        absl::StrCat("zone ", name, ": the first offset, ", absl::FormatDuration(first_offset),
                     ", is not a number of seconds below ", absl::FormatDuration(kMaxOffset)));
  }
  for (size_t i = 0; i < changes.size(); ++i) {
    if (!in_reach(changes[i].offset)) {
      return absl::InvalidArgumentError(
          absl::StrCat("zone ", name, ": offset ", i, ", ", absl::FormatDuration(changes[i].offset),
                       ", is not a number of seconds below ", absl::FormatDuration(kMaxOffset)));
    }
    if (i > 0 && changes[i].at <= changes[i - 1].at) {
      return absl::InvalidArgumentError(absl::StrCat(
          "zone ", name, ": change ", i, " at ",
          absl::FormatTime(changes[i].at, absl::UTCTimeZone()), " is not after the one before it"));
    }
  }
  Zone zone;
  zone.name_ = std::move(name);
  zone.first_offset_ = first_offset;
  zone.changes_ = std::move(changes);
  return zone;
}

size_t Zone::SegmentOf(absl::Time instant) const {
  return std::upper_bound(changes_.begin(), changes_.end(), instant,
                          [](absl::Time t, const Change& change) { return t < change.at; }) -
         changes_.begin();
}

absl::CivilSecond Zone::CivilOf(absl::Time instant) const {
  return absl::ToCivilSecond(instant + OffsetOf(SegmentOf(instant)), absl::UTCTimeZone());
}

absl::Time Zone::InstantOf(absl::CivilSecond civil) const {
  const absl::Time local = AsUtc(civil);
  // No segment that ends before this can reach `civil`. From there the first segment that has not
  // yet passed `civil` at its end decides: either it contains it, or it begins after it, which is
  // a gap. The earlier of two is found first.
  size_t segment = SegmentOf(local - kMaxOffset);
  while (segment < changes_.size() && local - OffsetOf(segment) >= changes_[segment].at) ++segment;
  const absl::Time instant = local - OffsetOf(segment);
  if (segment > 0 && instant < changes_[segment - 1].at) return changes_[segment - 1].at;
  return instant;
}

}  // namespace dolen
