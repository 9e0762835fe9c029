#include "engine/child/due.h"

#include "absl/types/optional.h"

namespace dolen {
namespace {

using pathway::v1::Amount;

// Elapsed units; nullopt for units of days.
absl::optional<absl::Duration> Elapsed(const Amount& amount) {
  switch (amount.of_case()) {
    case Amount::kMinutes:
      return absl::Minutes(amount.minutes());
    case Amount::kHours:
      return absl::Hours(amount.hours());
    default:
      return absl::nullopt;
  }
}

// The day `amount` after `day` (before, where negative); nullopt: the calendar does not reach.
absl::optional<absl::CivilDay> StepDays(absl::CivilDay day, const Amount& amount,
                                        const Calendar* calendar) {
  switch (amount.of_case()) {
    case Amount::kCalendarDays:
      return day + amount.calendar_days();
    case Amount::kWeeks:
      return day + 7 * amount.weeks();
    case Amount::kWeekdays:
      return StepWeekdays(day, amount.weekdays());
    case Amount::kWorkingDays:
      if (calendar == nullptr || !calendar->Knows(day)) return absl::nullopt;
      return calendar->Step(day, amount.working_days());
    default:
      return absl::nullopt;
  }
}

// Levels in days are measured from the last day in time, so that "one day before" is the morning of
// that day.
absl::Time LevelTime(const pathway::v1::Level& level, absl::Time due, const Zone& zone,
                     const Calendar* calendar) {
  if (!level.has_offset() || level.offset().of_case() == Amount::OF_NOT_SET) return due;
  if (auto elapsed = Elapsed(level.offset())) return due + *elapsed;
  const absl::CivilDay last_day = zone.DayOf(due - absl::Microseconds(1));
  const auto day = StepDays(last_day, level.offset(), calendar);
  return day ? zone.StartOf(*day + 1) : absl::InfiniteFuture();
}

}  // namespace

DueTimes DueTimesOf(const pathway::v1::Rule& rule, const Moment& start, const Zone& zone,
                    const Calendar* calendar) {
  DueTimes times;
  times.levels.assign(rule.level_size(), absl::InfiniteFuture());
  if (rule.limit_size() == 0) return times;
  const Amount& allow = rule.limit(0).allow();
  if (auto elapsed = Elapsed(allow)) {
    // Step 3. A start that is known to the day only may have been at its end.
    const absl::Time base =
        start.span == absl::ZeroDuration() ? start.from : start.to() + absl::Microseconds(1);
    times.due = base + *elapsed;
  } else {
    // Steps 4, 5 and 9: the last day in time is the nth counted after the start's; late from the
    // next midnight.
    const auto last_day = StepDays(zone.DayOf(start.from), allow, calendar);
    if (!last_day) {
      times.no_calendar = true;
      return times;
    }
    times.due = zone.StartOf(*last_day + 1);
  }
  for (int i = 0; i < rule.level_size(); ++i) {
    times.levels[i] = LevelTime(rule.level(i), times.due, zone, calendar);
  }
  return times;
}

}  // namespace dolen
