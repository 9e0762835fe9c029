#include "deploy/program/worked_example.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "engine/child/due.h"

namespace dolen {
namespace {

using pathway::v1::Amount;
using pathway::v1::Rule;

// What the limits and targets of the rule count from: those that hang on other events are silent.
std::vector<Base> BasesOf(const Rule& rule, const Moment& start, absl::string_view agency,
                          const Books& books) {
  std::vector<Base> bases;
  const auto add = [&](const pathway::v1::Limit& limit) {
    Base& base = bases.emplace_back();
    absl::string_view party = limit.calendar_of();
    if (!absl::ConsumePrefix(&party, "agency:")) party = agency;
    base.working_days = books.WorkingDaysOf(party);
    base.school_days = books.SchoolDaysOf(party);
    if (!limit.has_when() && !limit.has_from()) base.at = start;
  };
  for (const pathway::v1::Limit& limit : rule.limit()) add(limit);
  for (const pathway::v1::Limit& limit : rule.target()) add(limit);
  return bases;
}

bool CountsSomeDays(const Amount& allow) {
  return allow.has_working_days() || allow.has_weekdays() || allow.has_school_days();
}

// The days after the start, up to the last in time, that the amount did not count.
std::vector<Worked::Skipped> SkippedDays(const Amount& allow, absl::CivilDay start,
                                         absl::CivilDay last, const Calendar* calendar) {
  std::vector<Worked::Skipped> skipped;
  for (absl::CivilDay day = start + 1; day <= last; ++day) {
    const bool is_weekend = IsWeekend(day);
    const bool is_closed = !allow.has_weekdays() && calendar != nullptr && calendar->Knows(day) &&
                           !calendar->IsCounted(day);
    if (!is_weekend && !is_closed) continue;
    if (skipped.empty() ||
        skipped.back().from + static_cast<int>(skipped.back().is_weekend.size()) != day) {
      skipped.push_back({day, {}});
    }
    skipped.back().is_weekend.push_back(is_weekend);
  }
  return skipped;
}

}  // namespace

Worked WorkedExample(const Rule& rule, const Moment& start, absl::string_view agency,
                     const Books& books, const Zone& zone) {
  const std::vector<Base> bases = BasesOf(rule, start, agency, books);
  const DueTimes times = DueTimesOf({rule, zone, start, bases, {}, {}});
  Worked worked;
  worked.start = start;
  worked.due = times.due;
  worked.no_calendar = times.no_calendar;
  for (int i = 0; i < rule.level_size(); ++i) {
    worked.levels.emplace_back(rule.level(i).name(), times.levels[i]);
  }
  if (rule.limit_size() == 0) return worked;
  // The limit that binds: the first whose own due time is the rule's.
  int binding = 0;
  for (int i = rule.limit_size() - 1; i >= 0; --i) {
    Rule alone = rule;
    alone.clear_limit();
    alone.clear_target();
    alone.clear_level();
    *alone.add_limit() = rule.limit(i);
    const Base base = bases[i];
    if (base.speaks() &&
        DueTimesOf({alone, zone, start, absl::MakeConstSpan(&base, 1), {}, {}}).due == times.due) {
      binding = i;
    }
  }
  const Amount& allow = rule.limit(binding).allow();
  const Calendar* calendar =
      allow.has_school_days() ? bases[binding].school_days : bases[binding].working_days;
  worked.counts_some_days = CountsSomeDays(allow);
  if (worked.counts_some_days && !allow.has_weekdays() && calendar != nullptr) {
    worked.calendar = calendar->id();
  }
  if (worked.counts_some_days && worked.due != absl::InfiniteFuture()) {
    worked.skipped = SkippedDays(allow, zone.DayOf(start.from),
                                 zone.DayOf(worked.due - absl::Microseconds(1)), calendar);
  }
  return worked;
}

std::string TimeWords(absl::Time time, const Zone& zone, Language language) {
  const absl::CivilSecond civil = zone.CivilOf(time);
  return absl::StrCat(DayWords(absl::CivilDay(civil), language),
                      absl::StrFormat(" %02d:%02d", civil.hour(), civil.minute()));
}

std::vector<Line> WorkedLines(const Worked& worked, const Zone& zone, Language language) {
  std::vector<Line> lines;
  const auto add = [&](const Phrase& label, absl::string_view value) {
    lines.push_back({0, Labelled(label, value, language)});
  };
  const bool is_day = worked.start.span > absl::ZeroDuration();
  add(phrase::kStart, is_day ? DayWords(zone.DayOf(worked.start.from), language)
                             : TimeWords(worked.start.from, zone, language));
  if (!worked.calendar.empty()) add(phrase::kCountedWith, worked.calendar);
  if (worked.no_calendar) {
    lines.push_back({0, std::string(phrase::kNoCalendar.In(language))});
    return lines;
  }
  if (worked.due == absl::InfiniteFuture()) {
    lines.push_back({0, std::string(phrase::kStanding.In(language))});
    return lines;
  }
  for (const Worked::Skipped& run : worked.skipped) {
    std::vector<std::string> days;
    for (size_t i = 0; i < run.is_weekend.size(); ++i) {
      std::string day = DayWords(run.from + static_cast<int>(i), language);
      if (!run.is_weekend[i]) {
        absl::StrAppend(&day, " (", phrase::kClosedDay.In(language), " ", worked.calendar, ")");
      }
      days.push_back(std::move(day));
    }
    add(phrase::kNotCounted, absl::StrJoin(days, ", "));
  }
  if (worked.counts_some_days && worked.skipped.empty()) {
    lines.push_back({0, std::string(phrase::kEveryDayCounted.In(language))});
  }
  const absl::CivilDay last = zone.DayOf(worked.due - absl::Microseconds(1));
  if (worked.due == zone.StartOf(last + 1)) add(phrase::kLastDay, DayWords(last, language));
  add(phrase::kLateFrom, TimeWords(worked.due, zone, language));
  for (const auto& [name, time] : worked.levels) {
    if (time == absl::InfiniteFuture()) continue;
    lines.push_back(
        {1, absl::StrCat(LevelName(name, language), ": ", TimeWords(time, zone, language))});
  }
  return lines;
}

}  // namespace dolen
