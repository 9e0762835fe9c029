#include "engine/child/watch.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/container/btree_set.h"
#include "absl/container/inlined_vector.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "engine/base/status.h"
#include "engine/base/time.h"
#include "engine/pathway/amount.h"

namespace dolen {
namespace {

using alert::v1::Alert;

// A time during which a level is true: from `begin` until just before `end`.
struct Truth {
  absl::Time begin = absl::InfiniteFuture();
  absl::Time end = absl::InfiniteFuture();
  bool At(absl::Time t) const { return begin <= t && t < end; }
};

// A level of the target is about what is wished: due does not end it.
bool EndsAtDue(const pathway::v1::Level& level) {
  return !level.of_target() && NumberOf(level.offset()) < 0;
}

// When a level is true, in order of time. Rarely more than once: only an exception interrupts it.
using Truths = absl::InlinedVector<Truth, 1>;

Truths TruthsOf(const Clock& clock, const pathway::v1::Rule& rule, int level) {
  Truths truths;
  if (clock.levels[level] == absl::InfiniteFuture()) return truths;
  Truth left{std::max(clock.start.from, clock.levels[level]), clock.close.from};
  if (EndsAtDue(rule.level(level))) left.end = std::min(left.end, clock.due);
  const auto add = [&](const Truth& truth) {
    if (truth.begin < truth.end && truth.begin < clock.silent_from) truths.push_back(truth);
  };
  if (clock.excused.empty()) {
    add(left);
    return truths;
  }
  std::vector<Excused> excused = clock.excused;
  std::sort(excused.begin(), excused.end(),
            [](const Excused& a, const Excused& b) { return a.from < b.from; });
  for (const Excused& one : excused) {
    add({left.begin, std::min(left.end, one.from)});
    left.begin = std::max(left.begin, one.to);
  }
  add(left);
  return truths;
}

// nullptr: it is not true then.
const Truth* TrueAt(const Truths& truths, absl::Time t) {
  for (const Truth& truth : truths) {
    if (truth.At(t)) return &truth;
  }
  return nullptr;
}

bool IsMuted(const Clock& clock, absl::Time begin, const Backfills& backfills) {
  if (clock.backfill.empty()) return false;
  const auto backfill = backfills.find(clock.backfill);
  return backfill != backfills.end() && begin <= backfill->second.ended;
}

alert::v1::State RaisedOr(const pathway::v1::Level& level) {
  return IsEscalation(level) ? alert::v1::STATE_ESCALATED : alert::v1::STATE_RAISED;
}

// One pass over a child's clocks and over what was said of them.
class Watcher {
 public:
  Watcher(const Sight& sight, MayRaise may_raise, Alerts& alerts)
      : sight_(sight), may_raise_(may_raise == MayRaise::kYes), alerts_(alerts) {}

  absl::StatusOr<std::vector<Alert>> Run() {
    std::vector<bool> seen(alerts_.size(), false);
    // Most clocks of a long child are closed, and nothing was ever said of most rules.
    absl::btree_set<absl::string_view> told;
    for (const Told& one : alerts_) told.insert(one.rule);
    for (const Duty& duty : sight_.picture.duties) {
      const bool is_told = told.contains(sight_.books.families()[duty.family].id);
      for (const Clock& clock : duty.clocks) {
        if (!is_told && clock.close.from <= sight_.reached) continue;
        DOLEN_RETURN_IF_ERROR(Look(duty, clock, seen));
      }
    }
    // A clock that is gone never was: what was said of it is withdrawn.
    for (size_t i = 0; i < alerts_.size(); ++i) {
      if (!seen[i] && alerts_[i].state != alert::v1::STATE_WITHDRAWN) {
        Say(alert::v1::STATE_WITHDRAWN, alerts_[i]);
      }
    }
    std::sort(fresh_.begin(), fresh_.end(), Before);
    alerts_.insert(alerts_.end(), std::make_move_iterator(fresh_.begin()),
                   std::make_move_iterator(fresh_.end()));
    std::sort(alerts_.begin(), alerts_.end(), Before);
    std::sort(said_.begin(), said_.end(), [](const Alert& a, const Alert& b) {
      return std::tie(a.clock(), a.level()) < std::tie(b.clock(), b.level());
    });
    return std::move(said_);
  }

 private:
  // One level of one clock.
  struct Shown {
    const Duty& duty;
    const Clock& clock;
    const RuleVersion& version;
    int index;
    const pathway::v1::Level& level() const { return version.rule.level(index); }
    absl::Time due() const { return level().of_target() ? clock.target : clock.due; }
  };

  absl::Status Look(const Duty& duty, const Clock& clock, std::vector<bool>& seen) {
    const RuleVersion& version = sight_.books.families()[duty.family].versions[clock.version];
    std::string name;  // made only where something was or is to be said
    for (int level = 0; level < version.rule.level_size(); ++level) {
      const Truths truths = TruthsOf(clock, version.rule, level);
      const Truth* truth = TrueAt(truths, sight_.reached);
      if (alerts_.empty() && truth == nullptr) continue;
      if (name.empty()) name = ClockName(sight_.picture, duty, clock, sight_.books);
      const Shown shown{duty, clock, version, level};
      Told* told = Find(name, shown.level().name(), seen);
      if (told == nullptr) {
        if (truth != nullptr && MayRaise(shown, *truth, name)) {
          Told& fresh = fresh_.emplace_back();
          fresh.clock = name;
          fresh.level = shown.level().name();
          fresh.rule = version.rule.id();
          Update(shown, *truth, fresh);
          Say(RaisedOr(shown.level()), fresh);
        }
      } else if (truth != nullptr) {
        StillTrue(shown, *truth, *told);
      } else {
        DOLEN_RETURN_IF_ERROR(NotTrue(shown, truths, *told));
      }
    }
    return absl::OkStatus();
  }

  // Levels after due wait as long as somebody sees to the clock.
  bool MayRaise(const Shown& shown, const Truth& truth, absl::string_view clock) const {
    if (!may_raise_ || IsMuted(shown.clock, truth.begin, sight_.backfills)) return false;
    return !IsEscalation(shown.level()) || AnsweredUntil(alerts_, clock) <= sight_.reached;
  }

  Told* Find(absl::string_view clock, absl::string_view level, std::vector<bool>& seen) {
    Told* const told = FindTold(alerts_, clock, level);
    if (told != nullptr) seen[told - alerts_.data()] = true;
    return told;
  }

  void StillTrue(const Shown& shown, const Truth& truth, Told& told) {
    // What a person said goes with the alert that they said it to, and runs out.
    const bool ran_out = may_raise_ && told.IsAnswered() && told.until <= sight_.reached;
    if (!told.IsOpen()) {
      if (!MayRaise(shown, truth, told.clock)) return;
      told.assigned_to.clear();
    }
    if (!told.IsOpen() || ran_out) {
      told.ForgetAnswer();
      Update(shown, truth, told);
      Say(RaisedOr(shown.level()), told);
    } else if (told.due != shown.due() || told.since != truth.begin) {
      Update(shown, truth, told);
      Say(alert::v1::STATE_AMENDED, told);
    }
  }

  // Cleared if the level was true at the alert's own instant by all that is known now, or the clock
  // was late then; else withdrawn.
  absl::Status NotTrue(const Shown& shown, const Truths& truths, Told& told) {
    const bool shows_past = ShowsPast(shown, told.since);
    // What was answered before stands, unless something changed that far back.
    if (!told.IsOpen() && !shows_past && told.since < sight_.changed_from &&
        !CameAndWent(truths, told)) {
      return absl::OkStatus();
    }
    bool was_true = false;
    if (shown.clock.closed_by == ClosedBy::kVoided) {
      was_true = false;
    } else if (shows_past) {
      was_true = WasTrue(shown.clock, truths, told.since);
    } else {
      DOLEN_ASSIGN_OR_RETURN(was_true, WasTrueAsOf(told, sight_.books.ZoneOf(shown.version)));
    }
    const alert::v1::State answer =
        was_true ? alert::v1::STATE_CLEARED : alert::v1::STATE_WITHDRAWN;
    if (told.state == answer) return absl::OkStatus();
    // Of a ghost nothing is known but that it was.
    if (shown.clock.closed_by != ClosedBy::kVoided) told.accountable = Accountable(shown);
    Say(answer, told);
    return absl::OkStatus();
  }

  // Whether the level was true again after that answer and no tick came to raise it: what made it
  // true may have changed the answer, which nobody asked for as long as it was true.
  bool CameAndWent(const Truths& truths, const Told& told) const {
    return std::any_of(truths.begin(), truths.end(), [&](const Truth& truth) {
      const bool is_denied = told.state == alert::v1::STATE_WITHDRAWN && truth.At(told.since);
      return truth.end <= sight_.reached && (is_denied || truth.begin > told.since);
    });
  }

  // Whether the picture as of `t` is this one, read at it: of a plain rule, which goes by first
  // matches only. But a cancel known to the day may have come by `t`, and gave way to a stop that
  // came later on its day; as of `t` it counts.
  bool ShowsPast(const Shown& shown, absl::Time t) const {
    const Clock& clock = shown.clock;
    if (!shown.version.is_plain) return false;
    if (!shown.version.rule.has_cancel() || clock.closed_by != ClosedBy::kStop) return true;
    const Zone& zone = sight_.books.ZoneOf(shown.version);
    return clock.close.from <= t || zone.DayOf(clock.close.from) != zone.DayOf(t);
  }

  static bool WasTrue(const Clock& clock, const Truths& truths, absl::Time t) {
    return TrueAt(truths, t) != nullptr || StateAt(clock, t) == ClockState::kLate;
  }

  absl::StatusOr<bool> WasTrueAsOf(const Told& told, const Zone& zone) {
    if (!past_ || past_at_ != told.since) {
      DOLEN_ASSIGN_OR_RETURN(past_, sight_.as_of(told.since, zone));
      past_at_ = told.since;
    }
    for (const Duty& duty : past_->duties) {
      const RuleFamily& family = sight_.books.families()[duty.family];
      if (family.id != told.rule) continue;
      for (const Clock& clock : duty.clocks) {
        if (clock.closed_by == ClosedBy::kVoided ||
            ClockName(*past_, duty, clock, sight_.books) != told.clock) {
          continue;
        }
        const auto& levels = family.versions[clock.version].rule.level();
        for (int level = 0; level < levels.size(); ++level) {
          if (levels[level].name() != told.level) continue;
          return WasTrue(clock, TruthsOf(clock, family.versions[clock.version].rule, level),
                         told.since);
        }
        return StateAt(clock, told.since) == ClockState::kLate;
      }
    }
    return false;
  }

  std::string Accountable(const Shown& shown) const {
    return AgencyAt(shown.version.rule.accountable(), sight_.picture, shown.duty, shown.clock,
                    sight_.books);
  }

  void Update(const Shown& shown, const Truth& truth, Told& told) const {
    const Matter& matter = sight_.picture.matters[shown.clock.matter];
    told.version = shown.clock.version;
    told.matter_agency = matter.agency;
    told.matter_id = matter.id;
    told.accountable = Accountable(shown);
    told.due = shown.due();
    told.since = truth.begin;
    told.household = HouseholdOf(sight_.picture.family);
    told.to.clear();
    for (const std::string& audience : shown.level().audience()) {
      told.to.push_back(Addressed(audience, shown));
    }
  }

  // "PARTY" or "PARTY/TEAM", with the agency in place of the party.
  std::string Addressed(absl::string_view audience, const Shown& shown) const {
    const size_t slash = std::min(audience.find('/'), audience.size());
    return absl::StrCat(
        AgencyAt(audience.substr(0, slash), sight_.picture, shown.duty, shown.clock, sight_.books),
        audience.substr(slash));
  }

  void Say(alert::v1::State state, Told& told) {
    told.state = state;
    ++told.number;
    Alert& alert = said_.emplace_back(AlertOf(sight_.child, told, sight_.books));
    *alert.mutable_at() = ToTimestamp(sight_.reached);
  }

  const Sight& sight_;
  const bool may_raise_;
  Alerts& alerts_;
  Alerts fresh_;
  std::vector<Alert> said_;
  absl::optional<Picture> past_;  // as of past_at_
  absl::Time past_at_;
};

// When waiting alone can next change what is said of one clock.
absl::Time NextDueOf(const Sight& sight, const Alerts& alerts, const Duty& duty,
                     const Clock& clock) {
  const RuleVersion& version = sight.books.families()[duty.family].versions[clock.version];
  std::string name;  // made only where something was said
  if (!alerts.empty()) name = ClockName(sight.picture, duty, clock, sight.books);
  const absl::Time answered_until = AnsweredUntil(alerts, name);
  absl::Time next = absl::InfiniteFuture();
  for (int i = 0; i < version.rule.level_size(); ++i) {
    const pathway::v1::Level& level = version.rule.level(i);
    for (const Truth& truth : TruthsOf(clock, version.rule, i)) {
      if (truth.end <= sight.reached) continue;
      const Told* told = nullptr;
      if (truth.At(sight.reached) && !alerts.empty()) told = FindTold(alerts, name, level.name());
      if (told != nullptr && told->IsOpen()) {
        next = std::min(next, truth.end);  // then it stops being true
        if (told->IsAnswered()) next = std::min(next, told->until);
      } else if (truth.begin > sight.reached || !IsMuted(clock, truth.begin, sight.backfills)) {
        const absl::Time raised =
            IsEscalation(level) ? std::max(truth.begin, answered_until) : truth.begin;
        if (raised < truth.end) next = std::min(next, raised);
      }
    }
  }
  return next;
}

// Of a clock that was late and has ended.
bool WasNeverTold(const Picture& picture, const Duty& duty, const Clock& clock, const Books& books,
                  const Alerts& alerts) {
  const RuleVersion& version = books.families()[duty.family].versions[clock.version];
  std::string name;  // made only where something was said
  if (!alerts.empty()) name = ClockName(picture, duty, clock, books);
  bool was_to_be_told = false;
  for (int i = 0; i < version.rule.level_size(); ++i) {
    const pathway::v1::Level& level = version.rule.level(i);
    if (level.of_target() || EndsAtDue(level)) continue;
    if (!alerts.empty() && FindTold(alerts, name, level.name()) != nullptr) return false;
    was_to_be_told |= !TruthsOf(clock, version.rule, i).empty();
  }
  return was_to_be_told;
}

}  // namespace

absl::Time FirstTold(const Clock& clock, const RuleVersion& version, int level,
                     const Backfills& backfills) {
  for (const Truth& truth : TruthsOf(clock, version.rule, level)) {
    if (!IsMuted(clock, truth.begin, backfills)) return truth.begin;
  }
  return absl::InfiniteFuture();
}

bool IsUntold(const Picture& picture, const Duty& duty, const Clock& clock, const Books& books,
              const Alerts& alerts) {
  const bool ended = clock.closed_by == ClosedBy::kStop || clock.closed_by == ClosedBy::kCancel;
  if (!ended || clock.close.from <= clock.due || !clock.backfill.empty()) return false;
  return WasNeverTold(picture, duty, clock, books, alerts);
}

uint32_t CountUntold(const Picture& picture, const Books& books, absl::Time reached,
                     const Alerts& alerts) {
  uint32_t untold = 0;
  for (const Duty& duty : picture.duties) {
    for (const Clock& clock : duty.clocks) {
      if (clock.close.from > reached) continue;
      untold += IsUntold(picture, duty, clock, books, alerts) ? 1 : 0;
    }
  }
  return untold;
}

absl::StatusOr<std::vector<Alert>> Watch(const Sight& sight, MayRaise may_raise, Alerts& alerts) {
  return Watcher(sight, may_raise, alerts).Run();
}

absl::Time NextDue(const Sight& sight, const Alerts& alerts) {
  absl::Time next = absl::InfiniteFuture();
  for (const Duty& duty : sight.picture.duties) {
    for (const Clock& clock : duty.clocks) {
      if (clock.close.from <= sight.reached) continue;
      next = std::min(next, NextDueOf(sight, alerts, duty, clock));
    }
  }
  return next;
}

}  // namespace dolen
