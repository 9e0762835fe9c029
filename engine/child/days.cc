#include "engine/child/days.h"

#include <algorithm>

namespace dolen {

using pathway::v1::Amount;

bool Days::counts_days() const {
  return unit_ == Amount::kCalendarDays || unit_ == Amount::kWeeks || unit_ == Amount::kWeekdays ||
         needs_calendar();
}

bool Days::needs_calendar() const {
  return unit_ == Amount::kWorkingDays || unit_ == Amount::kSchoolDays ||
         unit_ == Amount::kSchoolOpenings;
}

void Days::IgnoreAnnouncedAfter(absl::CivilDay known) {
  open_after_all_.clear();
  if (!needs_calendar() || calendar_ == nullptr) return;
  for (const Calendar::Announced& one : calendar_->announced()) {
    if (one.announced > known) open_after_all_.push_back(one.day);
  }
}

absl::optional<bool> Days::Counts(absl::CivilDay day) const {
  if (unit_ == Amount::kWeekdays) return !IsWeekend(day);
  if (!needs_calendar()) return true;
  if (calendar_ == nullptr || !calendar_->Knows(day)) return absl::nullopt;
  return calendar_->IsCounted(day) ||
         std::find(open_after_all_.begin(), open_after_all_.end(), day) != open_after_all_.end();
}

absl::optional<absl::CivilDay> Days::Step(absl::CivilDay day, int64_t n) const {
  if (unit_ == Amount::kWeekdays) return StepWeekdays(day, static_cast<int>(n));
  if (!needs_calendar()) return day + n;
  if (calendar_ == nullptr || !calendar_->Knows(day)) return absl::nullopt;
  if (open_after_all_.empty()) return calendar_->Step(day, static_cast<int>(n));
  const int direction = n < 0 ? -1 : 1;
  while (n != 0) {
    day += direction;
    const absl::optional<bool> counts = Counts(day);
    if (!counts) return absl::nullopt;
    if (*counts) n -= direction;
  }
  return day;
}

absl::CivilDay AddMonths(absl::CivilDay day, int months) {
  const absl::CivilMonth month = absl::CivilMonth(day) + months;
  return std::min(absl::CivilDay(month) + (day.day() - 1), absl::CivilDay(month + 1) - 1);
}

}  // namespace dolen
