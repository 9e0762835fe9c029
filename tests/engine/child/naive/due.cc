#include "tests/engine/child/naive/due.h"

#include <algorithm>
#include <numeric>
#include <set>

namespace dolen::second {
namespace {

using pathway::v1::Amount;
using pathway::v1::Calendar;
using pathway::v1::Limit;
using pathway::v1::Rule;

// The date or instant that a field states. A month of birth is over at its end.
std::optional<Span> Stated(const event::v1::Open& open, const std::string& field,
                           absl::TimeZone zone) {
  if (field == "until" && open.has_until()) return SpanOf(open.until(), zone);
  if (field == "effective" && open.has_effective()) return SpanOf(open.effective(), zone);
  if (field == "birth_month" && !open.birth_month().empty()) {
    const absl::CivilMonth month(DayFrom(open.birth_month() + "-01"));
    const absl::CivilDay last = absl::CivilDay(month + 1) - 1;
    return Span{Midnight(last, zone), EndOf(last, zone)};
  }
  for (const event::v1::Field& one : open.fields()) {
    if (one.name() == field && one.has_when()) return SpanOf(one.when(), zone);
  }
  return std::nullopt;
}

class Clock {
 public:
  Clock(const Question& question, const Library& library)
      : question_(question), library_(library), zone_(ZoneOf(question.zone)) {}

  DueAnswer Run() const {
    DueAnswer answer;
    const Rule& rule = question_.rule;
    std::vector<LimitAnswer> limits, targets;
    answer.binding = Binding(rule.limit(), question_.limits, limits);
    answer.binding_target = Binding(rule.target(), question_.targets, targets);
    answer.speaks = answer.binding >= 0;
    answer.no_calendar = std::any_of(limits.begin(), limits.end(), IsUnknown);
    if (answer.speaks) answer.charges = limits[answer.binding].charges;
    if (answer.speaks && !answer.no_calendar) answer.due = limits[answer.binding].due;
    if (answer.binding_target >= 0 && !std::any_of(targets.begin(), targets.end(), IsUnknown)) {
      answer.target = targets[answer.binding_target].due;
    }
    for (const pathway::v1::Level& level : rule.level()) {
      absl::Time at = absl::InfiniteFuture();
      if (level.of_target() && answer.target != at) {
        const int i = answer.binding_target;
        at = LevelAt(level, rule.target(i), BasisOf(question_.targets, i), targets[i]);
      } else if (!level.of_target() && answer.due != at) {
        const int i = answer.binding;
        at = LevelAt(level, rule.limit(i), BasisOf(question_.limits, i), limits[i]);
      }
      answer.levels.push_back(at);
    }
    return answer;
  }

 private:
  using Limits = google::protobuf::RepeatedPtrField<Limit>;

  static bool IsUnknown(const LimitAnswer& answer) {
    return answer.what == LimitAnswer::kNoCalendar;
  }
  static Basis BasisOf(const std::vector<Basis>& all, int i) {
    return i < all.size() ? all[i] : Basis();
  }
  const Calendar* CalendarOf(const Basis& basis, bool school) const {
    return library_.CalendarOf(
        basis.calendar_of.empty() ? question_.accountable : basis.calendar_of, school);
  }

  // Index of the limit that binds; -1: none speaks. `answers`: of each one, silent where it does
  // not count.
  int Binding(const Limits& limits, const std::vector<Basis>& all,
              std::vector<LimitAnswer>& answers) const {
    answers.assign(limits.size(), {});
    const bool latest = question_.rule.several() == Rule::LATEST;
    std::vector<int> order(limits.size());
    std::iota(order.begin(), order.end(), 0);
    const auto event_at = [&](int i) {
      if (!limits[i].from().has_event()) return absl::InfinitePast();
      const Basis basis = BasisOf(all, i);
      return basis.event ? basis.event->at.from : absl::InfiniteFuture();
    };
    if (latest) {
      std::stable_sort(order.begin(), order.end(),
                       [&](int x, int y) { return event_at(x) < event_at(y); });
    }
    int binding = -1;
    for (const int i : order) {
      // Too late to extend what is over.
      if (latest && binding >= 0 && limits[i].from().has_event() &&
          event_at(i) >= answers[binding].due) {
        continue;
      }
      answers[i] = Ask(limits[i], BasisOf(all, i));
      if (answers[i].what == LimitAnswer::kSilent) continue;
      if (binding < 0 || (latest ? answers[i].due > answers[binding].due
                                 : answers[i].due < answers[binding].due)) {
        binding = i;
      }
    }
    return binding;
  }

  LimitAnswer Ask(const Limit& limit, const Basis& basis) const {
    if (!basis.when) return {};
    if (limit.from().has_event() && !basis.event) return {};
    Span base = basis.event ? basis.event->at : question_.start;
    if (!limit.from().field().empty()) {
      const event::v1::Open& open = basis.event ? basis.event->open : question_.start_event;
      const std::optional<Span> stated = Stated(open, limit.from().field(), zone_);
      if (!stated) return {};
      base = *stated;
    }
    return WithClosures(limit, base, basis);
  }

  // Closed days take effect one day of announcements after the other, each if it came before the
  // due that stood until then.
  LimitAnswer WithClosures(const Limit& limit, const Span& base, const Basis& basis) const {
    Keeping counted{CalendarOf(basis, IsOfSchools(limit.allow().of_case())), {}};
    Keeping work{CalendarOf(basis, false), {}};
    const std::string start = DayText(absl::ToCivilDay(question_.start.from, zone_));
    std::set<std::string> later;
    for (Keeping* const one : {&counted, &work}) {
      for (int i = 0; one->calendar != nullptr && i < one->calendar->closed_size(); ++i) {
        const std::string& announced = one->calendar->closed(i).announced();
        if (announced < start) {  // or always known
          one->closed.push_back(i);
        } else {
          later.insert(announced);
        }
      }
    }
    LimitAnswer answer = DueOfLimit(question_, limit, base, counted, work);
    for (const std::string& day : later) {
      if (Midnight(DayFrom(day), zone_) >= answer.due) continue;
      for (Keeping* const one : {&counted, &work}) {
        for (int i = 0; one->calendar != nullptr && i < one->calendar->closed_size(); ++i) {
          if (one->calendar->closed(i).announced() == day) one->closed.push_back(i);
        }
      }
      answer = DueOfLimit(question_, limit, base, counted, work);
    }
    return answer;
  }

  // Counted from the last day in time, or by elapsed time from the instant itself.
  absl::Time LevelAt(const pathway::v1::Level& level, const Limit& limit, const Basis& basis,
                     const LimitAnswer& answer) const {
    const Amount& offset = level.offset();
    if (offset.of_case() == Amount::OF_NOT_SET) return answer.due;
    if (offset.has_minutes()) return answer.due + absl::Minutes(offset.minutes());
    if (offset.has_hours()) return answer.due + absl::Hours(offset.hours());
    const bool school = IsOfSchools(offset.of_case());
    const Calendar* const calendar = CalendarOf(basis, school);
    std::vector<int> closed;
    if (school == IsOfSchools(limit.allow().of_case())) {
      closed = answer.closed;
    } else {
      closed = ClosedBefore(calendar, answer.due);
    }
    const absl::CivilDay last = absl::ToCivilDay(answer.due - absl::Microseconds(1), zone_);
    const std::optional<absl::CivilDay> day =
        StepDays(last, offset, CountedDays(offset.of_case(), calendar, closed));
    return day ? Midnight(*day + 1, zone_) : absl::InfiniteFuture();
  }

  std::vector<int> ClosedBefore(const Calendar* calendar, absl::Time due) const {
    std::vector<int> closed;
    for (int i = 0; calendar != nullptr && i < calendar->closed_size(); ++i) {
      const std::string& announced = calendar->closed(i).announced();
      if (announced.empty() || Midnight(DayFrom(announced), zone_) < due) closed.push_back(i);
    }
    return closed;
  }

  const Question& question_;
  const Library& library_;
  const absl::TimeZone zone_;
};

}  // namespace

DueAnswer Due(const Question& question, const Library& library) {
  return Clock(question, library).Run();
}

const Hold* HolderAt(const Question& question, const DueAnswer& answer, absl::Time t) {
  const Hold* first = nullptr;
  if (t < question.start.from || t >= question.close) return first;
  for (const Hold& hold : question.holds) {
    if (t < hold.begin || t >= hold.end) continue;
    const pathway::v1::Pause& pause = question.rule.pause(hold.clause);
    bool is_left = true;
    if (pause.has_cap() && answer.speaks) {
      absl::Duration held;
      int days = 0;
      for (const Charge& charge : answer.charges) {
        if (question.holds[charge.hold].clause != hold.clause || charge.from >= t) continue;
        held += std::min(charge.to, t) - charge.from;
        days += charge.to <= t;
      }
      const Amount& cap = pause.cap();
      is_left = cap.has_minutes() ? held < absl::Minutes(cap.minutes())
                : cap.has_hours() ? held < absl::Hours(cap.hours())
                                  : days < NumberOf(cap) * (cap.has_weeks() ? 7 : 1);
    }
    if (is_left && (first == nullptr || hold.begin < first->begin)) first = &hold;
  }
  return first;
}

}  // namespace dolen::second
