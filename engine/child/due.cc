#include "engine/child/due.h"

#include <algorithm>
#include <utility>

#include "absl/types/optional.h"
#include "engine/base/time.h"
#include "engine/child/days.h"
#include "engine/pathway/amount.h"

namespace dolen {
namespace {

using pathway::v1::Amount;
using pathway::v1::Limit;
using pathway::v1::Rule;

const Calendar* CalendarFor(Amount::OfCase unit, const Base& base) {
  const bool school = unit == Amount::kSchoolDays || unit == Amount::kSchoolOpenings;
  return school ? base.school_days : base.working_days;
}

struct Answer {
  absl::Time due = absl::InfiniteFuture();
  bool no_calendar = false;
};
constexpr Answer kNever{};
constexpr Answer kNoCalendar{absl::InfiniteFuture(), true};

// One limit of a question.
class Reckoning {
 public:
  Reckoning(const DueQuestion& question, const Limit& limit, const Base& base)
      : q_(question),
        limit_(limit),
        base_(base),
        unit_(limit.allow().of_case()),
        days_(unit_, CalendarFor(unit_, base)),
        work_(Amount::kWorkingDays, base.working_days),
        meter_(question.rule, question.pauses, question.zone) {}

  // Closures that were announced late count if they were announced before the due time that stood
  // until then.
  Answer Run() {
    std::vector<absl::CivilDay> late;
    const absl::CivilDay start = q_.zone.DayOf(q_.start.from);
    for (const Calendar* calendar : {base_.working_days, base_.school_days}) {
      if (calendar == nullptr) continue;
      for (const Calendar::Announced& one : calendar->announced()) {
        if (one.announced >= start) late.push_back(one.announced);
      }
    }
    if (late.empty()) return Once();
    std::sort(late.begin(), late.end());
    IgnoreAfter(start - 1);
    known_ = start - 1;
    Answer answer = Once();
    for (const absl::CivilDay announced : late) {
      if (answer.no_calendar || q_.zone.StartOf(announced) >= answer.due) break;
      IgnoreAfter(announced);
      known_ = announced;
      answer = Once();
    }
    return answer;
  }

  const PauseMeter& meter() const { return meter_; }
  // Closures announced after this day do not count for this limit; nullopt: there are none.
  absl::optional<absl::CivilDay> known() const { return known_; }

 private:
  void IgnoreAfter(absl::CivilDay known) {
    days_.IgnoreAnnouncedAfter(known);
    work_.IgnoreAnnouncedAfter(known);
  }

  Answer Once() {
    meter_ = PauseMeter(q_.rule, q_.pauses, q_.zone);
    const Amount& allow = limit_.allow();
    if (const auto elapsed = ElapsedOf(allow)) return OfTime(*elapsed);
    if (allow.has_school_openings()) return OfOpening(allow.school_openings());
    const auto from = FirstDay();
    if (!from) return kNoCalendar;
    absl::optional<absl::CivilDay> day;
    if (limit_.has_within()) {
      day = Budget(q_.zone.DayOf(q_.start.from));
    } else if (const auto months = MonthsOf(allow)) {
      day = OfMonths(*from, *months);
    } else {
      day = OfDays(*from, DaysOf(allow));
    }
    if (never_) return kNever;
    if (!day) return kNoCalendar;
    if (limit_.before_last_day()) --*day;
    day = Rolled(*day);
    if (!day) return kNoCalendar;
    return {q_.zone.StartOf(*day + 1), false};
  }

  // Step 3. What is known to the day only may have been at its end.
  absl::Time Instant() const {
    return base_.at.span == absl::ZeroDuration() ? base_.at.from
                                                 : base_.at.to() + absl::Microseconds(1);
  }

  Answer OfTime(absl::Duration elapsed) {
    if (elapsed <= absl::ZeroDuration()) return {Instant() + elapsed, false};
    const auto due = meter_.Pass(Instant(), elapsed);
    return due ? Answer{*due, false} : kNever;
  }

  Answer OfOpening(int n) {
    const Calendar* school = base_.school_days;
    if (school == nullptr || !school->hours()) return kNoCalendar;
    const auto opens = [&](absl::CivilDay day) {
      return q_.zone.InstantOf(absl::CivilSecond(day) + school->hours()->opens * 60);
    };
    absl::CivilDay day = q_.zone.DayOf(Instant());
    const auto today = days_.Counts(day);
    if (!today) return kNoCalendar;
    if (*today && opens(day) > Instant()) --n;
    if (n > 0) {
      const auto later = days_.Step(day, n);
      if (!later) return kNoCalendar;
      day = *later;
    }
    return {opens(day), false};
  }

  // Step 4: day 0.
  absl::optional<absl::CivilDay> FirstDay() const {
    const absl::CivilDay day = q_.zone.DayOf(base_.at.from);
    if (!days_.counts_days()) return day;
    int cut_off = 0;
    const bool has_cut_off = ParseTimeOfDay(limit_.cut_off(), cut_off);
    if (!has_cut_off && !limit_.closed_start_moves()) return day;
    const auto counts = days_.Counts(day);
    if (!counts) return absl::nullopt;
    if (!*counts) return limit_.closed_start_moves() ? days_.Next(day) : day;
    const bool is_day_only = base_.at.span != absl::ZeroDuration();
    if (!has_cut_off || is_day_only) return day;
    const absl::CivilSecond time = q_.zone.CivilOf(base_.at.from);
    return time >= absl::CivilSecond(day) + cut_off * 60 ? days_.Next(day) : day;
  }

  // Step 5.
  absl::optional<absl::CivilDay> OfDays(absl::CivilDay day, int64_t n) {
    if (limit_.start_day_is_one() && n > 0) {
      const auto counts = days_.Counts(day);
      if (!counts) return absl::nullopt;
      if (*counts && !meter_.Charge(day)) --n;
    }
    if (n <= 0 || meter_.empty()) return days_.Step(day, n);
    while (n > 0) {
      const auto next = days_.Next(day);
      if (!next) return absl::nullopt;
      day = *next;
      if (!meter_.Charge(day)) {
        --n;
      } else if (meter_.ChargesForEver()) {
        never_ = true;
        return absl::nullopt;
      }
    }
    return day;
  }

  // Step 6: one calendar day more for each day that ends paused, added ones too.
  absl::optional<absl::CivilDay> OfMonths(absl::CivilDay from, int months) {
    absl::CivilDay last = AddMonths(from, months);
    if (meter_.empty()) return last;
    for (absl::CivilDay day = from + 1; day <= last; ++day) {
      if (!meter_.Charge(day)) continue;
      if (meter_.ChargesForEver()) {
        never_ = true;
        return absl::nullopt;
      }
      ++last;
    }
    return last;
  }

  // Step 7: the first day on which the days lived within the window reach the amount; from the
  // start's day on, whatever the limit counts from.
  absl::optional<absl::CivilDay> Budget(absl::CivilDay from) {
    const int64_t amount = std::max<int64_t>(1, DaysOf(limit_.allow()));
    absl::CivilDay day = from, before = WindowBefore(from);
    int64_t lived = 0;
    for (absl::CivilDay past = before + 1; past <= from; ++past) lived += Lived(past);
    while (lived < amount) {
      // This instance alone fills a window that is long enough.
      if (day - from > amount) {
        never_ = true;
        return absl::nullopt;
      }
      lived += Lived(++day);
      for (const absl::CivilDay end = WindowBefore(day); before < end;) lived -= Lived(++before);
    }
    return day;
  }

  // The last day before the window that ends with `last`.
  absl::CivilDay WindowBefore(absl::CivilDay last) const {
    const auto months = MonthsOf(limit_.within());
    return months ? AddMonths(last, -*months) : last - DaysOf(limit_.within());
  }

  // Whether this day ends inside an instance; the one in question is taken as open.
  bool Lived(absl::CivilDay day) const {
    const absl::Time end = q_.zone.StartOf(day + 1) - absl::Microseconds(1);
    return q_.start.from <= end ||
           std::any_of(q_.others.begin(), q_.others.end(),
                       [&](const Life& life) { return life.from <= end && end < life.to; });
  }

  // Step 8.
  absl::optional<absl::CivilDay> Rolled(absl::CivilDay day) const {
    if (limit_.roll() == Limit::STAY) return day;
    const auto counts = work_.Counts(day);
    if (!counts) return absl::nullopt;
    return *counts ? day : work_.Step(day, limit_.roll() == Limit::NEXT ? 1 : -1);
  }

  const DueQuestion& q_;
  const Limit& limit_;
  const Base& base_;
  const Amount::OfCase unit_;
  Days days_, work_;
  PauseMeter meter_;
  absl::optional<absl::CivilDay> known_;
  bool never_ = false;
};

// Several limits or targets together: step 10.
class Several {
 public:
  Several(const DueQuestion& question, const google::protobuf::RepeatedPtrField<Limit>& limits,
          absl::Span<const Base> bases)
      : q_(question), latest_(question.rule.several() == Rule::LATEST) {
    std::vector<int> later;  // that count from an event after the start
    for (int i = 0; i < limits.size(); ++i) {
      if (!bases[i].speaks()) continue;
      if (latest_ && limits[i].from().has_event()) {
        later.push_back(i);
      } else {
        Take(limits[i], bases[i]);
      }
    }
    std::stable_sort(later.begin(), later.end(),
                     [&](int a, int b) { return bases[a].said.from < bases[b].said.from; });
    for (const int i : later) {
      if (!spoke_ || bases[i].said.from < answer_.due) Take(limits[i], bases[i]);
    }
  }

  bool spoke() const { return spoke_; }
  const Answer& answer() const { return answer_; }
  // Of the limit that binds.
  const std::vector<Held>& charged() const { return charged_; }
  const std::vector<Held>& standing() const { return standing_; }
  const Base* base() const { return base_; }
  absl::optional<absl::CivilDay> known() const { return known_; }

 private:
  void Take(const Limit& limit, const Base& base) {
    Reckoning reckoning(q_, limit, base);
    const Answer one = reckoning.Run();
    const bool binds = !spoke_ || (latest_ ? one.due > answer_.due : one.due < answer_.due);
    const bool no_calendar = answer_.no_calendar || one.no_calendar;
    spoke_ = true;
    if (binds) {
      answer_ = one;
      charged_ = reckoning.meter().charged();
      standing_ = reckoning.meter().Standing();
      base_ = &base;
      known_ = reckoning.known();
    }
    answer_.no_calendar = no_calendar;
  }

  const DueQuestion& q_;
  const bool latest_;
  bool spoke_ = false;
  Answer answer_;
  std::vector<Held> charged_, standing_;
  const Base* base_ = nullptr;
  absl::optional<absl::CivilDay> known_;
};

// Levels in days are measured from the last day in time, so that "one day before" is the morning of
// that day; with the closures that count for the due time, so that news after it moves no level.
absl::Time LevelTime(const pathway::v1::Level& level, absl::Time due, const Zone& zone,
                     const Several& binding) {
  if (due == absl::InfiniteFuture()) return due;
  const Amount& offset = level.offset();
  if (offset.of_case() == Amount::OF_NOT_SET) return due;
  if (const auto elapsed = ElapsedOf(offset)) return due + *elapsed;
  const absl::CivilDay last_day = zone.DayOf(due - absl::Microseconds(1));
  absl::optional<absl::CivilDay> day;
  if (const auto months = MonthsOf(offset)) {
    day = AddMonths(last_day, *months);
  } else {
    Days days(offset.of_case(), CalendarFor(offset.of_case(), *binding.base()));
    if (binding.known()) days.IgnoreAnnouncedAfter(*binding.known());
    day = days.Step(last_day, DaysOf(offset));
  }
  return day ? zone.StartOf(*day + 1) : absl::InfiniteFuture();
}

std::vector<Held> Whole(absl::Span<const Pause> pauses) {
  std::vector<Held> held;
  for (size_t i = 0; i < pauses.size(); ++i) {
    held.push_back({pauses[i].from, pauses[i].to, static_cast<int>(i)});
  }
  return held;
}

}  // namespace

DueTimes DueTimesOf(const DueQuestion& question) {
  const Rule& rule = question.rule;
  DueTimes times;
  times.levels.assign(rule.level_size(), absl::InfiniteFuture());
  const Several limits(question, rule.limit(), question.bases.subspan(0, rule.limit_size()));
  const Several targets(question, rule.target(), question.bases.subspan(rule.limit_size()));
  times.no_calendar = limits.answer().no_calendar;
  if (!times.no_calendar) times.due = limits.answer().due;
  times.held = limits.spoke() && !times.no_calendar && times.due == absl::InfiniteFuture();
  if (!targets.answer().no_calendar) times.target = targets.answer().due;
  times.standing = limits.spoke() ? limits.standing() : Whole(question.pauses);
  times.charged = limits.spoke() ? limits.charged() : Whole(question.pauses);
  for (int i = 0; i < rule.level_size(); ++i) {
    const bool of_target = rule.level(i).of_target();
    const Several& binding = of_target ? targets : limits;
    if (binding.base() == nullptr) continue;
    times.levels[i] =
        LevelTime(rule.level(i), of_target ? times.target : times.due, question.zone, binding);
  }
  return times;
}

absl::optional<absl::Time> EndOf(const Amount& amount, absl::Time from, const Place& place) {
  Rule rule;
  *rule.add_limit()->mutable_allow() = amount;
  const Moment start{from, absl::ZeroDuration()};
  const Base base{start, start, place.working_days, place.school_days};
  const DueTimes times =
      DueTimesOf({rule, place.zone, start, absl::MakeConstSpan(&base, 1), {}, {}});
  if (times.due == absl::InfiniteFuture()) return absl::nullopt;
  return times.due;
}

}  // namespace dolen
