#include "engine/child/clock.h"

#include <algorithm>

namespace dolen {

absl::string_view StateName(ClockState state) {
  switch (state) {
    case ClockState::kNotStarted:
      return "not_started";
    case ClockState::kRunning:
      return "running";
    case ClockState::kOverdue:
      return "overdue";
    case ClockState::kPaused:
      return "paused";
    case ClockState::kInTime:
      return "in_time";
    case ClockState::kLate:
      return "late";
    case ClockState::kExcused:
      return "excused";
    case ClockState::kCancelled:
      return "cancelled";
    case ClockState::kStanding:
      return "standing";
    case ClockState::kDone:
      return "done";
    case ClockState::kNoCalendar:
      return "no_calendar";
  }
  return "";
}

bool IsOpenAt(const Clock& clock, absl::Time t) {
  return clock.closed_by != ClosedBy::kVoided && clock.start.from <= t && t < clock.close.from;
}

bool IsExcusedAt(const Clock& clock, absl::Time t) {
  return std::any_of(clock.excused.begin(), clock.excused.end(),
                     [&](const Excused& one) { return one.from <= t && t < one.to; });
}

ClockState StateAt(const Clock& clock, absl::Time t) {
  if (clock.closed_by == ClosedBy::kVoided) return ClockState::kCancelled;
  if (clock.start.from > t) return ClockState::kNotStarted;
  const bool closed = clock.close.from <= t;
  const bool has_due = clock.due != absl::InfiniteFuture();
  const bool in_time = clock.close.from < clock.due;
  if (closed && clock.closed_by == ClosedBy::kCancel && (!has_due || in_time)) {
    return ClockState::kCancelled;
  }
  if (clock.no_calendar) return ClockState::kNoCalendar;
  if (closed && !has_due) return ClockState::kDone;
  if (closed && in_time) return ClockState::kInTime;
  if (clock.due <= t && IsExcusedAt(clock, closed ? clock.close.from : t)) {
    return ClockState::kExcused;
  }
  if (closed) return ClockState::kLate;
  if (has_due && clock.due <= t) return ClockState::kOverdue;
  if (!has_due && !clock.held) return ClockState::kStanding;
  const bool stands = std::any_of(clock.stood.begin(), clock.stood.end(),
                                  [&](const Stood& one) { return one.from <= t && t < one.to; });
  return stands ? ClockState::kPaused : ClockState::kRunning;
}

}  // namespace dolen
