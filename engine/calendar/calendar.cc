#include "engine/calendar/calendar.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "engine/base/time.h"

namespace dolen {

bool IsWeekend(absl::CivilDay day) {
  const absl::Weekday weekday = absl::GetWeekday(day);
  return weekday == absl::Weekday::saturday || weekday == absl::Weekday::sunday;
}

absl::StatusOr<Calendar> Calendar::Make(std::string id, absl::CivilDay first, absl::CivilDay last,
                                        const std::vector<Closed>& closed,
                                        absl::optional<Hours> hours) {
  if (last < first) {
    return absl::InvalidArgumentError(absl::StrCat("calendar ", id, ": first day ", DayText(first),
                                                   " is after last day ", DayText(last)));
  }
  if (last - first >= kMaxDays) {
    return absl::InvalidArgumentError(absl::StrCat("calendar ", id, ": ", DayText(first), " to ",
                                                   DayText(last), " is more than ", kMaxDays,
                                                   " days"));
  }
  std::vector<bool> counts(last - first + 1);
  for (size_t i = 0; i < counts.size(); ++i) counts[i] = !IsWeekend(first + i);
  std::vector<Announced> announced;
  for (const Closed& run : closed) {
    if (run.to < run.from) {
      return absl::InvalidArgumentError(absl::StrCat("calendar ", id, ": closed from ",
                                                     DayText(run.from), " to ", DayText(run.to),
                                                     " ends before it begins"));
    }
    for (absl::CivilDay day = std::max(run.from, first); day <= std::min(run.to, last); ++day) {
      if (!run.announced) {
        counts[day - first] = false;
      } else if (counts[day - first]) {
        announced.push_back({day, *run.announced});
      }
    }
  }
  // A day that is also closed as always known was never open; of two announcements the first
  // counts.
  std::sort(announced.begin(), announced.end(), [](const Announced& a, const Announced& b) {
    return std::tie(a.announced, a.day) < std::tie(b.announced, b.day);
  });
  Calendar calendar;
  for (const Announced& one : announced) {
    if (!counts[one.day - first]) continue;
    counts[one.day - first] = false;
    calendar.announced_.push_back(one);
  }
  calendar.hours_ = hours;
  calendar.id_ = std::move(id);
  calendar.first_ = first;
  calendar.last_ = last;
  for (size_t i = 0; i < counts.size(); ++i) {
    if (counts[i]) calendar.counted_.push_back(static_cast<int>(i));
  }
  return calendar;
}

bool Calendar::IsCounted(absl::CivilDay day) const {
  DOLEN_CHECK(Knows(day));
  return std::binary_search(counted_.begin(), counted_.end(), static_cast<int>(day - first_));
}

absl::optional<absl::CivilDay> Calendar::Step(absl::CivilDay day, int n) const {
  if (!Knows(day)) return absl::nullopt;
  if (n == 0) return day;
  const int start = static_cast<int>(day - first_);
  // Where the first counted day after (n > 0), or not before (n < 0), stands; in 64 bits, since n
  // may be anything.
  const auto next = n > 0 ? std::upper_bound(counted_.begin(), counted_.end(), start)
                          : std::lower_bound(counted_.begin(), counted_.end(), start);
  const int64_t index = int64_t{next - counted_.begin()} + (n > 0 ? int64_t{n} - 1 : int64_t{n});
  if (index < 0 || index >= static_cast<int64_t>(counted_.size())) return absl::nullopt;
  return first_ + counted_[index];
}

absl::CivilDay StepWeekdays(absl::CivilDay day, int n) {
  if (n == 0) return day;
  const int direction = n > 0 ? 1 : -1;
  // A weekend counts as the last weekday behind us, so that the first step leaves it.
  while (IsWeekend(day)) day -= direction;
  const int64_t steps = std::abs(int64_t{n});
  day += direction * (steps / 5 * 7);
  const int rest = static_cast<int>(steps % 5);
  const absl::CivilDay end = day + direction * rest;
  // Fewer than five steps cross a weekend at most once: then they end in it or earlier in the week.
  const int from = static_cast<int>(absl::GetWeekday(day));  // Monday 0 ... Friday 4
  const bool crosses = direction > 0 ? from + rest > 4 : from - rest < 0;
  return crosses ? end + direction * 2 : end;
}

}  // namespace dolen
