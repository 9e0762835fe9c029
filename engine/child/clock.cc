#include "engine/child/clock.h"

#include <algorithm>
#include <utility>

#include "absl/strings/strip.h"
#include "engine/child/due.h"

namespace dolen {
namespace {

using pathway::v1::Pattern;
using pathway::v1::Rule;

// Looks at one event through one clock.
class Observer {
 public:
  Observer(const Event& event, const Parties& during, const Parties& after, const Books& books,
           const RuleFamily& family, Clock& clock)
      : event_(event),
        during_(during),
        after_(after),
        books_(books),
        family_(family),
        clock_(clock) {}

  void Run() {
    if (clock_.started()) {
      Close(clock_.version);
      return;
    }
    for (int version = 0; version < static_cast<int>(family_.versions.size()); ++version) {
      if (Start(version)) return;
    }
  }

 private:
  const Rule& rule(int version) const { return family_.versions[version].rule; }
  int StopPart(int version, int stop) const { return rule(version).start_size() + stop; }
  int CancelPart(int version) const {
    return rule(version).start_size() + rule(version).stop_size();
  }
  bool FitsPattern(const Pattern& pattern) const {
    return Fits(pattern, event_.open, during_, books_);
  }
  Moment Now(int version) const {
    return event_.MomentIn(books_.ZoneOf(family_.versions[version]));
  }

  Clock::Part* Find(int version, int part) {
    for (Clock::Part& known : clock_.parts) {
      if (known.version == version && known.part == part) return &known;
    }
    return nullptr;
  }

  // Before the start: takes up starts, remembers the stops that may turn out to be of the same
  // instant or day.
  bool Start(int version) {
    const Rule& the_rule = rule(version);
    const Moment now = Now(version);
    bool is_start = false, is_new = false;
    for (int i = 0; i < the_rule.start_size(); ++i) {
      if (!FitsPattern(the_rule.start(i))) continue;
      is_start = true;
      if (Find(version, i) != nullptr) continue;
      is_new = true;
      clock_.parts.push_back({version, i, now});
    }
    if (!is_start) RememberClosers(version, now);
    // Whether the version judges the start was decided when its last part was matched: who is
    // accountable later has no say in it.
    if (!is_new) return false;
    Moment start{absl::InfinitePast(), {}};
    for (int i = 0; i < the_rule.start_size(); ++i) {
      const Clock::Part* part = Find(version, i);
      if (part == nullptr) return false;
      start = Later(start, part->moment);
    }
    const absl::CivilDay day = books_.ZoneOf(family_.versions[version]).DayOf(start.from);
    const auto accountable = [&](const RuleVersion& of) {
      return AgencyOf(of.rule.accountable(), event_.open.agency(), after_);
    };
    if (VersionInForce(family_, day, accountable, books_) != version) return false;
    Begin(version, start, accountable(family_.versions[version]));
    return true;
  }

  void RememberClosers(int version, const Moment& now) {
    const Rule& the_rule = rule(version);
    for (int i = 0; i < the_rule.stop_size(); ++i) {
      if (FitsPattern(the_rule.stop(i))) Remember(version, StopPart(version, i), now);
    }
    if (the_rule.has_cancel() && FitsPattern(the_rule.cancel())) {
      Remember(version, CancelPart(version), now);
    }
  }

  void Remember(int version, int part, const Moment& now) {
    if (Clock::Part* known = Find(version, part)) {
      if (known->moment.to() < now.to()) known->moment = now;
    } else {
      clock_.parts.push_back({version, part, now});
    }
  }

  void Begin(int version, const Moment& start, absl::string_view accountable) {
    const RuleVersion& judge = family_.versions[version];
    const Rule& the_rule = judge.rule;
    const Zone& zone = books_.ZoneOf(judge);
    absl::string_view party = accountable;
    if (the_rule.limit_size() > 0 && !the_rule.limit(0).calendar_of().empty()) {
      party = AgencyOf(the_rule.limit(0).calendar_of(), event_.open.agency(), after_);
    }
    DueTimes times = DueTimesOf(the_rule, start, zone, books_.WorkingDaysOf(party));
    clock_.version = version;
    clock_.start = start;
    clock_.due = times.due;
    clock_.levels = std::move(times.levels);
    clock_.no_calendar = times.no_calendar;
    clock_.starter = event_.open.agency();
    clock_.backfill = event_.backfill;
    // Other versions have no say any more; of the stops only those count that precision cannot
    // place before the start.
    const int starts = the_rule.start_size();
    auto gone = [&](const Clock::Part& part) {
      if (part.version != version || part.part < starts) return true;
      const bool is_stop = part.part < CancelPart(version);
      return part.moment.to() < start.from && !(is_stop && the_rule.done_before());
    };
    clock_.parts.erase(std::remove_if(clock_.parts.begin(), clock_.parts.end(), gone),
                       clock_.parts.end());
    CloseIfMet(version);
  }

  // After the start: takes up the first match of each stop, and of cancel.
  void Close(int version) {
    if (clock_.closed_by == ClosedBy::kStop) return;
    const Rule& the_rule = rule(version);
    const Moment now = Now(version);
    bool took = false;
    auto take = [&](const Pattern& pattern, int part) {
      if (Find(version, part) != nullptr || now.to() < clock_.start.from) return;
      if (!FitsPattern(pattern)) return;
      clock_.parts.push_back({version, part, now});
      took = true;
    };
    for (int i = 0; i < the_rule.stop_size(); ++i) take(the_rule.stop(i), StopPart(version, i));
    if (the_rule.has_cancel()) take(the_rule.cancel(), CancelPart(version));
    if (took) CloseIfMet(version);
  }

  void CloseIfMet(int version) {
    const Rule& the_rule = rule(version);
    Moment stop{absl::InfinitePast(), {}};
    if (the_rule.stop_size() == 0) stop = Moment();
    for (int i = 0; i < the_rule.stop_size(); ++i) {
      const Clock::Part* part = Find(version, StopPart(version, i));
      if (part == nullptr) {
        stop = Moment();
        break;
      }
      stop = Later(stop, part->moment);
    }
    // done_before: a stop before the start closes the clock at the start.
    if (!stop.IsNever() && stop.to() < clock_.start.from) stop = clock_.start;
    const Clock::Part* cancel = Find(version, CancelPart(version));
    // At one instant, or where precision cannot tell, the stop wins.
    if (!stop.IsNever() && (cancel == nullptr || stop.from <= cancel->moment.to())) {
      clock_.closed_by = ClosedBy::kStop;
      clock_.close = stop;
      clock_.parts.clear();
    } else if (cancel != nullptr) {
      clock_.closed_by = ClosedBy::kCancel;
      clock_.close = cancel->moment;
    }
  }

  const Event& event_;
  const Parties& during_;
  const Parties& after_;
  const Books& books_;
  const RuleFamily& family_;
  Clock& clock_;
};

}  // namespace

void Observe(const Event& event, const Parties& during, const Parties& after, const Books& books,
             const RuleFamily& family, Clock& clock) {
  Observer(event, during, after, books, family, clock).Run();
}

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

ClockState StateAt(const Clock& clock, absl::Time t) {
  if (!clock.started() || clock.start.from > t) return ClockState::kNotStarted;
  const bool closed = clock.close.from <= t;
  const bool has_due = clock.due != absl::InfiniteFuture();
  const bool in_time = clock.close.from < clock.due;
  if (closed && clock.closed_by == ClosedBy::kCancel && (!has_due || in_time)) {
    return ClockState::kCancelled;
  }
  if (clock.no_calendar) return ClockState::kNoCalendar;
  if (closed && !has_due) return ClockState::kDone;
  if (closed) return in_time ? ClockState::kInTime : ClockState::kLate;
  if (!has_due) return ClockState::kStanding;
  return clock.due <= t ? ClockState::kOverdue : ClockState::kRunning;
}

absl::string_view AgencyOf(absl::string_view party, absl::string_view starter,
                           const Parties& parties) {
  absl::string_view agency = party;
  if (absl::ConsumePrefix(&agency, "agency:")) return agency;
  if (party == "starter") return starter;
  if (party == "asked" && !parties.asked.empty()) return parties.asked;
  if (party == "asker" && !parties.asker.empty()) return parties.asker;
  return party;
}

}  // namespace dolen
