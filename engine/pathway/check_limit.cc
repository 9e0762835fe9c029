// What is checked of limits, of pauses and of every length of time.
#include <algorithm>
#include <cstdlib>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/base/time.h"
#include "engine/calendar/calendar.h"
#include "engine/pathway/amount.h"
#include "engine/pathway/check.h"
#include "engine/pathway/pattern.h"

namespace dolen {
namespace {

using pathway::v1::Amount;
using pathway::v1::Limit;
using pathway::v1::Pattern;
using pathway::v1::Rule;

constexpr int64_t kDay = 24 * 60;

constexpr absl::string_view kUnits =
    "minutes, hours, calendar_days, weekdays, working_days, school_days, weeks, months, years or "
    "school_openings";

enum class Sort { kTime, kCalendar, kCounted, kOpenings };
Sort SortOf(const Amount& amount) {
  switch (amount.of_case()) {
    case Amount::kMinutes:
    case Amount::kHours:
      return Sort::kTime;
    case Amount::kWeekdays:
    case Amount::kWorkingDays:
    case Amount::kSchoolDays:
      return Sort::kCounted;
    case Amount::kSchoolOpenings:
      return Sort::kOpenings;
    default:
      return Sort::kCalendar;
  }
}

bool IsMonths(const Amount& amount) { return amount.has_months() || amount.has_years(); }

// Whether a pause may be measured in `cap` for a clock that is measured in `allow`: a cap is used
// up by the days, or by the time, that it takes from the clock.
bool CanCap(const Amount& cap, const Amount& allow) {
  if (IsMonths(cap) || cap.has_school_openings() || SortOf(cap) != SortOf(allow)) return false;
  return SortOf(cap) != Sort::kCounted || cap.of_case() == allow.of_case();
}

}  // namespace

int64_t NominalMinutes(const Amount& amount) {
  if (const auto elapsed = ElapsedOf(amount)) return absl::ToInt64Minutes(*elapsed);
  if (amount.has_months()) return amount.months() * 30 * kDay;
  if (amount.has_years()) return amount.years() * 365 * kDay;
  return DaysOf(amount) * kDay;
}

bool Checker::CheckAmount(const Amount& amount, bool negative, const Spot& spot) {
  if (amount.of_case() == Amount::OF_NOT_SET) {
    Error(spot, absl::StrCat("the amount has no unit; write one of ", kUnits));
    return false;
  }
  const int64_t minutes = NominalMinutes(amount);
  if (std::abs(minutes) > int64_t{Calendar::kMaxDays} * kDay) {
    Error(spot, absl::StrCat("the amount is longer than ", Calendar::kMaxDays,
                             " days; look for a digit too many"));
    return false;
  }
  if (amount.has_school_openings() && minutes < 1) {
    Error(spot, "openings are counted from the next one on; write school_openings: 1 or more");
    return false;
  }
  if (minutes < 0 && !negative) {
    Error(spot, "the amount is negative; write one of 0 or more here");
    return false;
  }
  return true;
}

// A calendar may come from another book, so this is no error.
void Checker::CheckCalendarFor(const Amount& amount, absl::string_view otherwise,
                               const Spot& spot) {
  if (amount.has_working_days() && !counts_working_days_) {
    Warn(spot,
         absl::StrCat("working days need a calendar, and this book has none; without one from "
                      "another book ",
                      otherwise),
         Finding::kCalendar);
  }
  if ((amount.has_school_days() || amount.has_school_openings()) && !counts_school_days_) {
    Warn(spot,
         absl::StrCat("this needs a calendar of schools (school: true), and this book has none; "
                      "without one from another book ",
                      otherwise),
         Finding::kCalendar);
  }
}

void Checker::CheckPause(const Rule& rule, const pathway::v1::Pause& pause, const Spot& spot) {
  if (!pause.has_begin()) {
    Error(spot, "the pause does not say what begins it; write begin { is: \"clock_paused\" }");
  } else {
    CheckPattern(pause.begin(), spot.At("begin"));
  }
  if (!pause.has_end()) {
    Error(spot, "the pause does not say what ends it; write end { is: \"clock_resumed\" }");
  } else {
    CheckPattern(pause.end(), spot.At("end"));
  }
  CheckOwner(pause.owner(), spot.At("owner"));
  if (!pause.has_cap() || !CheckAmount(pause.cap(), false, spot.At("cap"))) return;
  if (NominalMinutes(pause.cap()) == 0) {
    Error(spot.At("cap"), "a pause of nothing holds no clock; leave the pause out");
    return;
  }
  const auto fits = [&](const Limit& limit) { return CanCap(pause.cap(), limit.allow()); };
  if (!std::all_of(rule.limit().begin(), rule.limit().end(), fits) ||
      !std::all_of(rule.target().begin(), rule.target().end(), fits)) {
    Error(spot.At("cap"),
          "the cap is in another unit than a limit or target; write it in theirs (hours or minutes "
          "for hours and minutes, calendar_days or weeks for calendar_days, weeks, months and "
          "years)");
  }
}

// A party, or a code such as "family".
void Checker::CheckOwner(const std::string& owner, const Spot& spot) {
  if (owner.empty() || IsSnakeCase(owner)) return;
  if (absl::StrContains(owner, ':')) {
    CheckParty(owner, spot);
    return;
  }
  Error(spot, absl::StrCat("\"", owner,
                           "\" says not whose minutes these are; write a party as in accountable, "
                           "or a code in lower_snake_case, for example \"family\""));
}

void Checker::CheckLimits(const Rule& rule, const Spot& spot) {
  // A start remembers in one number for which of them it speaks.
  constexpr int kMaxLimits = 32;
  if (rule.limit_size() + rule.target_size() > kMaxLimits) {
    Error(spot.At("limit", 0), absl::StrCat("the rule has more than ", kMaxLimits,
                                            " limits and targets; write a second rule"));
  }
  if (rule.several() == Rule::LATEST && rule.limit_size() < 2 && rule.target_size() < 2) {
    Warn(spot.At("several"),
         "there are no several limits of which the latest could bind; add a limit or leave several "
         "out");
  }
  for (int i = 0; i < rule.limit_size(); ++i) {
    CheckLimit(rule, rule.limit(i), spot.At("limit", i));
  }
  for (int i = 0; i < rule.target_size(); ++i) {
    CheckLimit(rule, rule.target(i), spot.At("target", i));
  }
}

void Checker::CheckLimit(const Rule& rule, const Limit& limit, const Spot& spot) {
  if (!limit.has_allow()) {
    Error(spot, absl::StrCat("the limit allows nothing; write allow { working_days: 5 } or the "
                             "like (",
                             kUnits, "), or leave the limit out for a standing duty"));
  } else if (CheckAmount(limit.allow(), true, spot.At("allow"))) {
    CheckCalendarFor(limit.allow(), "the clock says that its calendar is missing",
                     spot.At("allow"));
    if (NominalMinutes(limit.allow()) < 0 && !limit.has_from()) {
      Warn(spot.At("allow"),
           "this lies before the start, so that the clock is overdue as it starts; write from { "
           "field: \"...\" } if it is counted back from a stated date");
    }
  }
  if (limit.has_when()) CheckWhenStarted(rule, limit.when(), spot.At("when"));
  CheckFrom(rule, limit.from(), spot.At("from"));
  CheckWithin(rule, limit, spot);
  CheckConventions(limit, spot);
  if (!limit.calendar_of().empty()) CheckParty(limit.calendar_of(), spot.At("calendar_of"));
}

// `when` is asked of the start event, which is named by the rule's start.
void Checker::CheckWhenStarted(const Rule& rule, const Pattern& when, const Spot& spot) {
  CheckPattern(when, spot, /*needs_name=*/false);
  if (rule.start_size() == 0) return;
  if (StartsWithMomentsOnly(rule)) {
    Warn(spot,
         "the rule starts with a moment, of which no event can be asked, so this limit never "
         "speaks; leave when out");
    return;
  }
  CheckAlternatives(rule, when, spot);
}

void Checker::CheckAlternatives(const Rule& rule, const Pattern& when, const Spot& spot) {
  Pattern without = when;
  without.clear_or_();
  if (without.ByteSizeLong() == 0) {
    Error(spot, "a pattern that says nothing fits every start; write a test, or leave it out");
  }
  const auto names_it = [&](const Pattern& start) { return Names(start, when.is()); };
  if (IsSnakeCase(when.is()) && std::none_of(rule.start().begin(), rule.start().end(), names_it)) {
    Warn(spot.At("is"), absl::StrCat("no start of this rule is \"", when.is(),
                                     "\", so this never fits; ask for it with given { is: \"",
                                     when.is(), "\" } if it came before the start"));
  }
  for (int i = 0; i < when.or__size(); ++i) {
    CheckAlternatives(rule, when.or_(i), spot.At("or", i));
  }
}

void Checker::CheckFrom(const Rule& rule, const pathway::v1::From& from, const Spot& spot) {
  if (from.has_event()) CheckPattern(from.event(), spot.At("event"));
  const std::string& field = from.field();
  if (field.empty()) return;
  if (!IsSnakeCase(field)) {
    Error(spot.At("field"), absl::StrCat("\"", field,
                                         "\" cannot be a field's name: they are written in "
                                         "lower_snake_case"));
  } else if (IsCodeField(field) || field == "age" || field == "hours") {
    Error(spot.At("field"),
          absl::StrCat("\"", field,
                       "\" states no date, so the limit never speaks; write \"birth_month\", "
                       "\"until\", \"effective\" or a field of the event's own that states one"));
  } else if (!from.has_event() && rule.start_size() > 0 && StartsWithMomentsOnly(rule)) {
    Warn(spot.At("field"),
         "the rule starts with a moment, which has no fields, so this limit never speaks; name "
         "the event that states the date with event { is: \"...\" }");
  }
}

void Checker::CheckWithin(const Rule& rule, const Limit& limit, const Spot& spot) {
  if (!limit.has_within()) return;
  if (!CheckAmount(limit.within(), false, spot.At("within"))) return;
  if (SortOf(limit.allow()) != Sort::kCalendar || IsMonths(limit.allow())) {
    Error(spot.At("allow"),
          "a budget within a window is counted in calendar_days or weeks; write it so");
  } else if (NominalMinutes(limit.allow()) < 1) {
    Error(spot.At("allow"), "a budget within a window is of one day at least; write it so");
  } else if (SortOf(limit.within()) != Sort::kCalendar) {
    Error(spot.At("within"), "the window is in calendar_days, weeks, months or years; write it so");
  } else if (NominalMinutes(limit.allow()) > NominalMinutes(limit.within())) {
    Error(spot.At("within"),
          "the window is shorter than the budget, which is then never used up; write a longer one");
  } else if (rule.opens() == Rule::ONCE) {
    Warn(spot.At("within"),
         "the rule opens one clock, so no other is ever in the window; write opens: EACH or opens: "
         "AGAIN");
  }
}

void Checker::CheckConventions(const Limit& limit, const Spot& spot) {
  const Amount& allow = limit.allow();
  int minutes = 0;
  if (!limit.cut_off().empty() && !ParseTimeOfDay(limit.cut_off(), minutes)) {
    Error(spot.At("cut_off"),
          absl::StrCat("\"", limit.cut_off(), "\" is not a time of day; write \"16:00\""));
  }
  const bool in_days = SortOf(allow) != Sort::kTime && SortOf(allow) != Sort::kOpenings;
  const bool counts_days = in_days && !IsMonths(allow);
  if (!counts_days && (!limit.cut_off().empty() || limit.closed_start_moves())) {
    Error(spot.At(limit.cut_off().empty() ? "closed_start_moves" : "cut_off"),
          "only limits that count days have it; allow working_days or the like, or leave it out");
  }
  if (limit.start_day_is_one() && !in_days) {
    Error(spot.At("start_day_is_one"), "only limits in days have it; leave it out");
  } else if (limit.start_day_is_one() &&
             (!counts_days || limit.has_within() || NominalMinutes(allow) <= 0)) {
    Warn(spot.At("start_day_is_one"),
         "it has no effect where no days are counted forward from the start; leave it out");
  }
  if (limit.before_last_day() && !in_days) {
    Error(spot.At("before_last_day"), "only limits in days have it; leave it out");
  }
  if (limit.roll() == Limit::STAY) return;
  if (!in_days) {
    Error(spot.At("roll"), "only limits in days have it; leave it out");
  } else if (!counts_working_days_) {
    Warn(spot.At("roll"),
         "to roll needs a calendar of working days, and this book has none; without one from "
         "another book the clock says that its calendar is missing",
         Finding::kCalendar);
  }
}

}  // namespace dolen
