// A time zone as a plain table, so that every machine and every year computes the same days: the
// table is a fact in the ledger, and a system's own time zone data change nothing. Pure.
#ifndef DOLEN_ENGINE_CALENDAR_ZONE_H_
#define DOLEN_ENGINE_CALENDAR_ZONE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace dolen {

class Zone {
 public:
  struct Change {
    absl::Time at;          // from this instant on ...
    absl::Duration offset;  // ... local time is UTC plus this
  };

  Zone() = default;  // UTC
  // Offsets are whole seconds and smaller than this; real ones are below 16 hours.
  static constexpr absl::Duration kMaxOffset = absl::Hours(26);
  // `changes` ascend strictly. Errors: kInvalidArgument says which does not, or which offset is out
  // of reach.
  static absl::StatusOr<Zone> Make(std::string name, absl::Duration first_offset,
                                   std::vector<Change> changes);

  // "Europe/London"; for messages only.
  const std::string& name() const { return name_; }
  absl::Duration first_offset() const { return first_offset_; }
  const std::vector<Change>& changes() const { return changes_; }

  // The local civil time of an instant.
  absl::CivilSecond CivilOf(absl::Time instant) const;
  absl::CivilDay DayOf(absl::Time instant) const { return absl::CivilDay(CivilOf(instant)); }
  // The instant of a local civil time. Where clocks go forward over it: the first instant after the
  // gap. Where it is there twice: the earlier.
  absl::Time InstantOf(absl::CivilSecond civil) const;
  // The first instant of a civil day.
  absl::Time StartOf(absl::CivilDay day) const { return InstantOf(absl::CivilSecond(day)); }

 private:
  // Segment i lies between changes i - 1 and i and has the offset of change i - 1.
  size_t SegmentOf(absl::Time instant) const;
  absl::Duration OffsetOf(size_t segment) const {
    return segment == 0 ? first_offset_ : changes_[segment - 1].offset;
  }

  std::string name_ = "UTC";
  absl::Duration first_offset_ = absl::ZeroDuration();
  std::vector<Change> changes_;
};

}  // namespace dolen

#endif  // DOLEN_ENGINE_CALENDAR_ZONE_H_
