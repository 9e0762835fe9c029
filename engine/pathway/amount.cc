#include "engine/pathway/amount.h"

namespace dolen {

using pathway::v1::Amount;

int64_t NumberOf(const Amount& amount) {
  switch (amount.of_case()) {
    case Amount::kMinutes:
      return amount.minutes();
    case Amount::kHours:
      return amount.hours();
    case Amount::kCalendarDays:
      return amount.calendar_days();
    case Amount::kWeekdays:
      return amount.weekdays();
    case Amount::kWorkingDays:
      return amount.working_days();
    case Amount::kSchoolDays:
      return amount.school_days();
    case Amount::kWeeks:
      return amount.weeks();
    case Amount::kMonths:
      return amount.months();
    case Amount::kYears:
      return amount.years();
    case Amount::kSchoolOpenings:
      return amount.school_openings();
    case Amount::OF_NOT_SET:
      break;
  }
  return 0;
}

absl::optional<absl::Duration> ElapsedOf(const Amount& amount) {
  if (amount.has_minutes()) return absl::Minutes(amount.minutes());
  if (amount.has_hours()) return absl::Hours(amount.hours());
  return absl::nullopt;
}

absl::optional<int> MonthsOf(const Amount& amount) {
  if (amount.has_months()) return amount.months();
  if (amount.has_years()) return 12 * amount.years();
  return absl::nullopt;
}

int64_t DaysOf(const Amount& amount) {
  if (ElapsedOf(amount) || MonthsOf(amount)) return 0;
  return (amount.has_weeks() ? 7 : 1) * NumberOf(amount);
}

}  // namespace dolen
