// One limit: from its base to its due.
#include <algorithm>

#include "tests/engine/child/naive/due.h"

namespace dolen::second {
namespace {

using pathway::v1::Amount;
using pathway::v1::Calendar;
using pathway::v1::Limit;

bool IsWeekend(absl::CivilDay day) {
  const absl::Weekday weekday = absl::GetWeekday(day);
  return weekday == absl::Weekday::saturday || weekday == absl::Weekday::sunday;
}

// One walk from a base to a due, which notes what it charges to pauses.
class Walk {
 public:
  Walk(const Question& question, const Limit& limit, const Keeping& counted, const Keeping& work)
      : question_(question),
        limit_(limit),
        calendar_(counted.calendar),
        days_(limit.allow().of_case(), counted.calendar, counted.closed),
        rolled_(Amount::kWorkingDays, work.calendar, work.closed),
        zone_(ZoneOf(question.zone)) {
    answer_.closed = counted.closed;
  }

  LimitAnswer Run(const Span& base) {
    const Amount& allow = limit_.allow();
    answer_.what = LimitAnswer::kDue;
    if (limit_.has_within()) {
      Within();
      return answer_;
    }
    switch (allow.of_case()) {
      case Amount::kMinutes:
        Elapsed(base, absl::Minutes(allow.minutes()));
        break;
      case Amount::kHours:
        Elapsed(base, absl::Hours(allow.hours()));
        break;
      case Amount::kSchoolOpenings:
        Openings(base);
        break;
      case Amount::kMonths:
      case Amount::kYears:
        Months(base);
        break;
      default:
        Days(base);
    }
    return answer_;
  }

 private:
  // --- what holds the clock

  absl::Time Begin(const Hold& hold) const { return std::max(hold.begin, question_.start.from); }
  absl::Time End(const Hold& hold) const { return std::min(hold.end, question_.close); }
  bool Covers(const Hold& hold, absl::Time t) const { return Begin(hold) <= t && t < End(hold); }

  // The hold that time at `t` is charged to: of all that cover it, and whose clause has something
  // of its cap left, the one that began first.
  std::optional<size_t> ChargedTo(absl::Time t) const {
    std::optional<size_t> found;
    for (size_t i = 0; i < question_.holds.size(); ++i) {
      const Hold& hold = question_.holds[i];
      if (!Covers(hold, t) || Left(hold.clause) <= absl::ZeroDuration()) continue;
      if (!found || hold.begin < question_.holds[*found].begin) found = i;
    }
    return found;
  }
  // For ever, if nothing new is heard: then there is no due.
  bool IsEndless(size_t hold) const {
    const Hold& it = question_.holds[hold];
    return End(it) == absl::InfiniteFuture() && !question_.rule.pause(it.clause).has_cap();
  }

  bool CountsTime() const { return limit_.allow().has_minutes() || limit_.allow().has_hours(); }
  // What is left of a clause's cap: time where time is counted, else one "hour" for each day.
  absl::Duration Left(int clause) const {
    const pathway::v1::Pause& pause = question_.rule.pause(clause);
    if (!pause.has_cap()) return absl::InfiniteDuration();
    const Amount& cap = pause.cap();
    absl::Duration left;
    if (cap.has_minutes()) {
      left = absl::Minutes(cap.minutes());
    } else if (cap.has_weeks()) {
      left = absl::Hours(7 * cap.weeks());
    } else {
      left = absl::Hours(NumberOf(cap));
    }
    for (const Charge& charge : answer_.charges) {
      if (question_.holds[charge.hold].clause != clause) continue;
      left -= CountsTime() ? charge.to - charge.from : absl::Hours(1);
    }
    return left;
  }

  // Whether a day that would count is charged to a pause that holds at its end.
  bool ChargeDay(absl::CivilDay day) {
    const std::optional<size_t> hold = ChargedTo(EndOf(day, zone_));
    if (!hold) return false;
    answer_.charges.push_back({Midnight(day, zone_), Midnight(day + 1, zone_), *hold});
    if (IsEndless(*hold)) answer_.what = LimitAnswer::kHeld;
    return true;
  }
  // Held for ever, and told for long enough.
  bool IsOver(absl::CivilDay day) const {
    return answer_.what == LimitAnswer::kHeld && Midnight(day + 1, zone_) >= question_.horizon;
  }

  // --- elapsed time

  // A day is over at its end.
  absl::Time EndOfBase(const Span& base) const {
    if (base.from == base.to) return base.from;
    return Midnight(absl::ToCivilDay(base.to, zone_) + 1, zone_);
  }

  // From minute to minute; a step ends early where a pause begins, ends or is used up. Where
  // nothing holds any more the rest is passed at once.
  void Elapsed(const Span& base, absl::Duration left) {
    absl::Time t = EndOfBase(base);
    while (left > absl::ZeroDuration()) {
      absl::Duration step = std::min(left, absl::Minutes(1));
      bool is_free = true;
      for (const Hold& hold : question_.holds) {
        if (End(hold) > t && End(hold) > Begin(hold)) is_free = false;
        for (const absl::Time edge : {Begin(hold), End(hold)}) {
          if (edge > t) step = std::min(step, edge - t);
        }
      }
      if (is_free) {
        t += left;
        break;
      }
      const std::optional<size_t> hold = ChargedTo(t);
      if (!hold) {
        left -= step;
      } else if (IsEndless(*hold)) {
        answer_.what = LimitAnswer::kHeld;
        answer_.charges.push_back({t, std::max(t, question_.horizon), *hold});
        return;
      } else {
        step = std::min(step, Left(question_.holds[*hold].clause));
        if (!answer_.charges.empty() && answer_.charges.back().to == t &&
            answer_.charges.back().hold == *hold) {
          answer_.charges.back().to = t + step;
        } else {
          answer_.charges.push_back({t, t + step, *hold});
        }
      }
      t += step;
    }
    answer_.due = left < absl::ZeroDuration() ? t + left : t;  // back from the base
  }

  void Openings(const Span& base) {
    const absl::Time after = EndOfBase(base);
    int n = limit_.allow().school_openings();
    for (absl::CivilDay day = absl::ToCivilDay(after, zone_); n > 0; ++day) {
      const std::optional<bool> counts = days_.Counts(day);
      if (!counts) return NoCalendar();
      if (!*counts) continue;
      answer_.due = Opening(day);
      if (answer_.due > after) --n;
    }
  }
  absl::Time Opening(absl::CivilDay day) const {
    absl::CivilMinute at;
    absl::ParseCivilTime(DayText(day) + "T" + calendar_->opens(), &at);
    return absl::FromCivil(at, zone_);
  }

  // --- days

  void Days(const Span& base) {
    absl::CivilDay day = absl::ToCivilDay(base.from, zone_);
    std::optional<bool> counts = days_.Counts(day);
    if (!counts) return NoCalendar();
    if ((*counts && IsAfterCutOff(base)) || (!*counts && limit_.closed_start_moves())) {
      do {
        counts = days_.Counts(++day);
        if (!counts) return NoCalendar();
      } while (!*counts);
    }
    const int seven = limit_.allow().has_weeks() ? 7 : 1;
    int n = NumberOf(limit_.allow()) * seven;
    const int direction = n < 0 ? -1 : 1;
    const auto is_charged = [&] { return direction > 0 && ChargeDay(day); };
    if (limit_.start_day_is_one() && n != 0 && *counts && !is_charged()) n -= direction;
    while (n != 0) {
      if (IsOver(day)) return;
      day += direction;
      counts = days_.Counts(day);
      if (!counts) return NoCalendar();
      if (*counts && !is_charged()) n -= direction;
    }
    Finish(day);
  }

  // A day without a time is not after it.
  bool IsAfterCutOff(const Span& base) const {
    if (limit_.cut_off().empty() || base.from != base.to) return false;
    return absl::FormatTime("%H:%M", base.from, zone_) >= limit_.cut_off();
  }

  void Months(const Span& base) {
    const int months = NumberOf(limit_.allow()) * (limit_.allow().has_years() ? 12 : 1);
    const absl::CivilDay first = absl::ToCivilDay(base.from, zone_);
    absl::CivilDay last = AddMonths(first, months);
    for (absl::CivilDay day = first + 1; day <= last && !IsOver(day - 1); ++day) {
      if (ChargeDay(day)) ++last;
    }
    if (answer_.what == LimitAnswer::kDue) Finish(last);
  }

  // The first day from the start on at whose end the days spent inside, of those in the window
  // that ends with it, reach the amount.
  void Within() {
    const int amount = NumberOf(limit_.allow()) * (limit_.allow().has_weeks() ? 7 : 1);
    const absl::CivilDay first = absl::ToCivilDay(question_.start.from, zone_);
    for (absl::CivilDay day = first;; ++day) {
      const absl::CivilDay before = BeforeWindow(day);
      int spent = 0;
      for (absl::CivilDay one = before + 1; one <= day; ++one) spent += IsInside(one);
      if (spent >= amount) return Finish(day);
      if (before > first) break;  // a whole window inside does not reach it
    }
    answer_.what = LimitAnswer::kSilent;
  }
  absl::CivilDay BeforeWindow(absl::CivilDay day) const {
    const Amount& window = limit_.within();
    if (window.has_months()) return AddMonths(day, -window.months());
    if (window.has_years()) return AddMonths(day, -12 * window.years());
    return day - NumberOf(window) * (window.has_weeks() ? 7 : 1);
  }
  bool IsInside(absl::CivilDay day) const {
    const absl::Time end = EndOf(day, zone_);
    if (question_.start.from <= end) return true;  // this one, as if it stayed open
    return std::any_of(question_.inside.begin(), question_.inside.end(),
                       [&](const Span& one) { return one.from <= end && end < one.to; });
  }

  void Finish(absl::CivilDay day) {
    if (limit_.before_last_day()) --day;
    if (limit_.roll() != Limit::STAY) {
      const int direction = limit_.roll() == Limit::NEXT ? 1 : -1;
      for (std::optional<bool> works = rolled_.Counts(day); !works || !*works;
           works = rolled_.Counts(day += direction)) {
        if (!works) return NoCalendar();
      }
    }
    answer_.due = Midnight(day + 1, zone_);
  }

  // What is held for ever needs no further day.
  void NoCalendar() {
    if (answer_.what == LimitAnswer::kHeld) return;
    answer_.what = LimitAnswer::kNoCalendar;
    answer_.due = absl::InfiniteFuture();
  }

  const Question& question_;
  const Limit& limit_;
  const Calendar* const calendar_;
  const CountedDays days_, rolled_;
  const absl::TimeZone zone_;
  LimitAnswer answer_;
};

}  // namespace

bool IsOfSchools(Amount::OfCase unit) {
  return unit == Amount::kSchoolDays || unit == Amount::kSchoolOpenings;
}

int NumberOf(const Amount& amount) {
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
      return 0;
  }
  return 0;
}

std::optional<bool> CountedDays::Counts(absl::CivilDay day) const {
  if (unit_ == Amount::kWeekdays) return !IsWeekend(day);
  if (unit_ != Amount::kWorkingDays && !IsOfSchools(unit_)) return true;
  if (calendar_ == nullptr) return std::nullopt;
  const std::string text = DayText(day);  // as written, days sort as they follow each other
  if (text < calendar_->from() || calendar_->to() < text) return std::nullopt;
  if (IsWeekend(day)) return false;
  for (const int i : closed_) {
    const pathway::v1::Closed& closed = calendar_->closed(i);
    if (closed.from() <= text && text <= (closed.to().empty() ? closed.from() : closed.to())) {
      return false;
    }
  }
  return true;
}

std::optional<absl::CivilDay> StepDays(absl::CivilDay day, const Amount& amount,
                                       const CountedDays& days) {
  if (amount.has_months()) return AddMonths(day, amount.months());
  if (amount.has_years()) return AddMonths(day, 12 * amount.years());
  int n = NumberOf(amount) * (amount.has_weeks() ? 7 : 1);
  const int direction = n < 0 ? -1 : 1;
  if (!days.Counts(day)) return std::nullopt;
  while (n != 0) {
    day += direction;
    const std::optional<bool> counts = days.Counts(day);
    if (!counts) return std::nullopt;
    if (*counts) n -= direction;
  }
  return day;
}

LimitAnswer DueOfLimit(const Question& question, const Limit& limit, const Span& base,
                       const Keeping& counted, const Keeping& work) {
  return Walk(question, limit, counted, work).Run(base);
}

}  // namespace dolen::second
