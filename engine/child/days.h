// Counting days of one unit, closures that were announced late included. Internal to engine/child.
#ifndef DOLEN_ENGINE_CHILD_DAYS_H_
#define DOLEN_ENGINE_CHILD_DAYS_H_

#include <vector>

#include "absl/time/civil_time.h"
#include "absl/types/optional.h"
#include "dolen/pathway/v1/pathway.pb.h"
#include "engine/calendar/calendar.h"

namespace dolen {

// Which days a unit counts. Cheap to copy.
class Days {
 public:
  // `calendar` matters for working and school days; nullptr: none is known.
  Days(pathway::v1::Amount::OfCase unit, const Calendar* calendar)
      : unit_(unit), calendar_(calendar) {}

  // Closures announced after this day count as open days here.
  void IgnoreAnnouncedAfter(absl::CivilDay known);

  // It counts days one by one: not months, and not elapsed time.
  bool counts_days() const;
  // nullopt: the calendar does not reach.
  absl::optional<bool> Counts(absl::CivilDay day) const;
  // The nth counted day after `day` (before it, where negative).
  absl::optional<absl::CivilDay> Step(absl::CivilDay day, int64_t n) const;
  // The first counted day after `day`.
  absl::optional<absl::CivilDay> Next(absl::CivilDay day) const { return Step(day, 1); }

 private:
  bool needs_calendar() const;

  pathway::v1::Amount::OfCase unit_;
  const Calendar* calendar_;
  std::vector<absl::CivilDay> open_after_all_;
};

// The same day number `months` later (earlier, where negative), or that month's last day.
absl::CivilDay AddMonths(absl::CivilDay day, int months);

}  // namespace dolen

#endif  // DOLEN_ENGINE_CHILD_DAYS_H_
