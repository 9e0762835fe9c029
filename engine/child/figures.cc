#include "engine/child/figures.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "engine/child/minutes.h"
#include "engine/child/watch.h"

namespace dolen {
namespace {

bool HasEnded(const Clock& clock) {
  return clock.closed_by == ClosedBy::kStop || clock.closed_by == ClosedBy::kCancel;
}

absl::Duration NotNegative(absl::Duration time) { return std::max(absl::ZeroDuration(), time); }

void CountState(const Clock& clock, ClockFigures& figures) {
  switch (StateAt(clock, std::max(clock.start.from, clock.close.from))) {
    case ClockState::kInTime:
      ++figures.in_time;
      figures.late_by_report += clock.close_recorded >= clock.due ? 1 : 0;
      break;
    case ClockState::kLate:
      ++figures.late;
      // One that was due before it started was overdue from the start.
      figures.overrun += NotNegative(clock.close.from - std::max(clock.due, clock.start.from));
      break;
    case ClockState::kExcused:
      ++figures.excused;
      break;
    case ClockState::kCancelled:
      ++figures.cancelled;
      break;
    case ClockState::kNoCalendar:
      ++figures.no_calendar;
      break;
    default:
      ++figures.done;
  }
}

bool IsAsk(const Ask& ask) { return ask.kind != AskKind::kDeclined; }

// Who asked: of what was passed on the agency that had it.
const std::string& SenderOf(const Matter& matter, size_t ask) {
  const bool is_passed_on = matter.asks[ask].kind == AskKind::kPassedOn && ask > 0;
  return is_passed_on ? matter.asks[ask - 1].asked : matter.asks[ask].asker;
}

bool Names(const Ask& ask, absl::string_view agency) {
  return IsAsk(ask) && (ask.asker == agency || ask.asked == agency);
}

// Whether the ask goes back to an agency that the thread has left before.
bool GoesBack(const Picture& picture, const Matter& matter, absl::string_view thread, size_t ask) {
  const Ask& its = matter.asks[ask];
  if (its.asked.empty()) return false;
  if (ask > 0 && IsAsk(matter.asks[ask - 1]) && matter.asks[ask - 1].asked == its.asked) {
    return false;
  }
  for (size_t i = 0; i < ask; ++i) {
    if (Names(matter.asks[i], its.asked)) return true;
  }
  if (thread.empty()) return false;
  // Of asks in two matters only the instants say which came before.
  return std::any_of(picture.matters.begin(), picture.matters.end(), [&](const Matter& other) {
    return &other != &matter && ThreadName(picture.matters, other) == thread &&
           std::any_of(other.asks.begin(), other.asks.end(), [&](const Ask& one) {
             return one.at.at < its.at.at && Names(one, its.asked);
           });
  });
}

void CountAnswer(const Matter& matter, size_t ask, AskFigures& figures) {
  const Ask* next = ask + 1 < matter.asks.size() ? &matter.asks[ask + 1] : nullptr;
  if (next != nullptr && next->kind == AskKind::kDeclined) {
    ++figures.declined[next->reason];
  } else if (next != nullptr && next->kind == AskKind::kPassedOn) {
    ++figures.passed_on;
  } else if (matter.asks[ask].is_taken_on) {
    ++figures.taken_on;
  }
}

}  // namespace

ClockFigures& ClockFigures::operator+=(const ClockFigures& other) {
  in_time += other.in_time;
  late += other.late;
  excused += other.excused;
  cancelled += other.cancelled;
  done += other.done;
  no_calendar += other.no_calendar;
  untold += other.untold;
  late_by_report += other.late_by_report;
  action += other.action;
  overrun += other.overrun;
  reporting += other.reporting;
  for (const auto& [whose, time] : other.shares) shares[whose] += time;
  return *this;
}

int64_t AskFigures::all_declined() const {
  int64_t all = 0;
  for (const auto& [reason, count] : declined) all += count;
  return all;
}

AskFigures& AskFigures::operator+=(const AskFigures& other) {
  asks += other.asks;
  taken_on += other.taken_on;
  passed_on += other.passed_on;
  for (const auto& [reason, count] : other.declined) declined[reason] += count;
  back += other.back;
  return *this;
}

Figures& Figures::operator+=(const Figures& other) {
  for (const auto& [group, figures] : other.clocks) clocks[group] += figures;
  for (const auto& [group, figures] : other.asks) asks[group] += figures;
  return *this;
}

void AddClock(const Picture& picture, const Duty& duty, const Clock& clock, const Alerts& alerts,
              const Books& books, Figures& figures) {
  if (!HasEnded(clock)) return;
  const RuleFamily& family = books.families()[duty.family];
  const RuleVersion& version = family.versions[clock.version];
  const std::string& party = version.rule.accountable();
  ClockGroup group;
  group.rule = family.id;
  // A day on which it closed may begin before the instant at which it started.
  const absl::Time close = std::max(clock.start.from, clock.close.from);
  group.agency = AgencyAt(party, picture, duty, clock, books, close);
  if (IsParty(group.agency)) group.agency.clear();
  group.month = absl::CivilMonth(books.ZoneOf(version).DayOf(clock.close.from));
  ClockFigures& its = figures.clocks[std::move(group)];
  CountState(clock, its);
  its.untold += IsUntold(picture, duty, clock, books, alerts) ? 1 : 0;
  its.action += NotNegative(clock.close.from - clock.start.from);
  its.reporting += NotNegative(clock.close_recorded - clock.close.from);
  for (Share& share : SharesOf(picture, duty, clock, books, absl::InfiniteFuture())) {
    its.shares[{std::move(share.who), share.is_paused}] += share.to - share.from;
  }
}

void AddAsks(const Picture& picture, const Matter& matter, const Books& books, Figures& figures) {
  if (matter.asks.empty()) return;
  const bool is_threaded = std::any_of(picture.matters.begin(), picture.matters.end(),
                                       [](const Matter& one) { return one.continues(); });
  const std::string thread = is_threaded ? ThreadName(picture.matters, matter) : "";
  const Zone& zone = books.zone();
  for (size_t i = 0; i < matter.asks.size(); ++i) {
    const Ask& ask = matter.asks[i];
    if (!IsAsk(ask)) continue;
    const absl::CivilMonth month(zone.DayOf(ask.at.In(zone)));
    AskFigures& its = figures.asks[{SenderOf(matter, i), ask.asked, month}];
    ++its.asks;
    CountAnswer(matter, i, its);
    its.back += GoesBack(picture, matter, thread, i) ? 1 : 0;
  }
}

Figures FiguresOf(const Picture& picture, const Alerts& alerts, const Books& books) {
  Figures figures;
  ForEachClock(picture, [&](const Duty& duty, const Clock& clock) {
    AddClock(picture, duty, clock, alerts, books, figures);
  });
  for (const Matter& matter : picture.matters) AddAsks(picture, matter, books, figures);
  return figures;
}

}  // namespace dolen
