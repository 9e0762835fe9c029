// Which days count, and counting them. Pure; days are absl::CivilDay. Asked for a day outside what
// a calendar knows, it says so (nullopt) and never guesses.
#ifndef DOLEN_ENGINE_CALENDAR_CALENDAR_H_
#define DOLEN_ENGINE_CALENDAR_CALENDAR_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/types/optional.h"

namespace dolen {

// Saturday or Sunday.
bool IsWeekend(absl::CivilDay day);

class Calendar {
 public:
  struct Closed {
    absl::CivilDay from;
    absl::CivilDay to;                                         // inclusive
    absl::optional<absl::CivilDay> announced = absl::nullopt;  // nullopt: always known
  };
  // A weekday that does not count since `announced`; before, it did.
  struct Announced {
    absl::CivilDay day;
    absl::CivilDay announced;
    friend bool operator==(const Announced&, const Announced&) = default;
  };
  // From when to when a place is open on a day that counts, in minutes after midnight.
  struct Hours {
    int opens;
    int closes;
  };

  // The longest reach, in days: 200 years. Longer is a typing error, and each day costs memory.
  static constexpr int kMaxDays = 73050;

  // Knows the days first..last, both included; `closed` need not be sorted, may overlap and may
  // reach beyond. Errors: kInvalidArgument when first is after last, the reach is longer than
  // kMaxDays or a closed run ends before it begins.
  static absl::StatusOr<Calendar> Make(std::string id, absl::CivilDay first, absl::CivilDay last,
                                       const std::vector<Closed>& closed,
                                       absl::optional<Hours> hours = absl::nullopt);

  const std::string& id() const { return id_; }
  absl::CivilDay first() const { return first_; }
  absl::CivilDay last() const { return last_; }
  // nullopt: not stated.
  const absl::optional<Hours>& hours() const { return hours_; }
  // Those that do not count although they once did, by announcement, then day.
  const std::vector<Announced>& announced() const { return announced_; }

  bool Knows(absl::CivilDay day) const { return first_ <= day && day <= last_; }
  // Neither weekend nor closed, whenever that was announced. The day must be known.
  bool IsCounted(absl::CivilDay day) const;

  // The nth counted day after `day` (n > 0), before it (n < 0), or `day` itself (n = 0). `day`
  // itself need not be counted. nullopt where `day` is not known, or the count leaves what the
  // calendar knows. One binary search, however large n is.
  absl::optional<absl::CivilDay> Step(absl::CivilDay day, int n) const;

 private:
  Calendar() = default;

  std::string id_;
  absl::CivilDay first_, last_;
  absl::optional<Hours> hours_;
  std::vector<Announced> announced_;
  std::vector<int> counted_;  // every counted day, as days after first_; ascending
};

// The nth Monday-to-Friday after (n < 0: before) `day`; `day` itself for 0. Holidays are not looked
// at, so no calendar is needed.
absl::CivilDay StepWeekdays(absl::CivilDay day, int n);

}  // namespace dolen

#endif  // DOLEN_ENGINE_CALENDAR_CALENDAR_H_
