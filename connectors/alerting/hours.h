// When a team works, and the next instant of a local time of day. Pure. A day is a civil day of the
// team's zone: where clocks change, hours keep to what the clock on the wall says.
#ifndef DOLEN_CONNECTORS_ALERTING_HOURS_H_
#define DOLEN_CONNECTORS_ALERTING_HOURS_H_

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "dolen/routing/v1/routing.pb.h"

namespace dolen {

// In the order of absl::Weekday.
inline constexpr absl::string_view kWeekdays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

class TeamHours {
 public:
  // At any hour, in Europe/London.
  TeamHours() : TeamHours(routing::v1::Team()) {}
  // `team` was checked: what cannot be read in it counts as not said.
  explicit TeamHours(const routing::v1::Team& team);

  bool IsOpen(absl::Time at) const;
  // `at` where the team works then, otherwise when it next does. A team that will not work for a
  // year is not waited for: `at`.
  absl::Time NextOpen(absl::Time at) const;
  // The first instant after `at` that is one of these local times, in minutes after midnight. A
  // time that clocks jump over is the end of the jump; one that is there twice is the first of
  // them. `minutes` is not empty.
  absl::Time NextOf(absl::Span<const int> minutes, absl::Time at) const;

 private:
  struct Span {
    int from, to;  // minutes after midnight, half-open
  };
  absl::Time InstantOf(absl::CivilDay day, int minutes) const;
  const std::vector<Span>& SpansOf(absl::CivilDay day) const;

  absl::TimeZone zone_;
  bool always_ = true;
  std::array<std::vector<Span>, 7> spans_;  // by absl::Weekday, sorted
  absl::btree_set<absl::CivilDay> closed_;
};

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_ALERTING_HOURS_H_
