#include "engine/child/watch.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/container/btree_set.h"
#include "absl/container/inlined_vector.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "engine/base/digest.h"
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

enum class Side { kBeforeDue, kAtDue, kAfterDue };

// A level of the target is about what is wished: it is neither ended by due nor an escalation.
Side SideOf(const pathway::v1::Level& level) {
  const int64_t n = level.of_target() ? 0 : NumberOf(level.offset());
  return n < 0 ? Side::kBeforeDue : n > 0 ? Side::kAfterDue : Side::kAtDue;
}

// When a level is true, in order of time. Rarely more than once: only an exception interrupts it.
using Truths = absl::InlinedVector<Truth, 1>;

Truths TruthsOf(const Clock& clock, int level, Side side) {
  Truths truths;
  if (clock.levels[level] == absl::InfiniteFuture()) return truths;
  Truth left{std::max(clock.start.from, clock.levels[level]), clock.close.from};
  if (side == Side::kBeforeDue) left.end = std::min(left.end, clock.due);
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

absl::string_view WeightName(pathway::v1::Rule::Weight weight) {
  switch (weight) {
    case pathway::v1::Rule::STATUTE:
      return "statute";
    case pathway::v1::Rule::GUIDANCE:
      return "guidance";
    case pathway::v1::Rule::LOCAL:
      return "local";
    default:
      return "advisory";
  }
}

// What the book says of the rule and of the level.
void Describe(const RuleVersion& version, absl::string_view level, Alert& alert) {
  const pathway::v1::Rule& rule = version.rule;
  alert.set_book_version(version.book_version);
  alert.mutable_source()->set_title(rule.source().title());
  alert.mutable_source()->set_paragraph(rule.source().paragraph());
  alert.mutable_source()->set_address(rule.source().address());
  alert.set_weight(std::string(WeightName(rule.weight())));
  alert.set_title_cy(rule.title().cy());
  alert.set_title_en(rule.title().en());
  for (const pathway::v1::Level& of_rule : rule.level()) {
    if (of_rule.name() == level) *alert.mutable_audience() = of_rule.audience();
  }
}

alert::v1::State RaisedOr(Side side) {
  return side == Side::kAfterDue ? alert::v1::STATE_ESCALATED : alert::v1::STATE_RAISED;
}

const RuleVersion* VersionOf(const Told& told, const Books& books) {
  const RuleFamily* family = books.FindFamily(told.rule);
  const bool is_known = family != nullptr && told.version >= 0 &&
                        told.version < static_cast<int>(family->versions.size());
  return is_known ? &family->versions[told.version] : nullptr;
}

// What was said of one level of a clock; end() where nothing was.
template <typename AlertsOfAChild>
auto FindTold(AlertsOfAChild& alerts, absl::string_view clock, absl::string_view level) {
  const auto key = std::make_tuple(clock, level);
  const auto told =
      std::lower_bound(alerts.begin(), alerts.end(), key, [](const Told& one, const auto& wanted) {
        return std::make_tuple(absl::string_view(one.clock), absl::string_view(one.level)) < wanted;
      });
  const bool is_it = told != alerts.end() && told->clock == clock && told->level == level;
  return is_it ? told : alerts.end();
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
    int level;
    Side side;
    absl::Time due() const {
      return version.rule.level(level).of_target() ? clock.target : clock.due;
    }
  };

  static bool Before(const Told& a, const Told& b) {
    return std::tie(a.clock, a.level) < std::tie(b.clock, b.level);
  }

  absl::Status Look(const Duty& duty, const Clock& clock, std::vector<bool>& seen) {
    const RuleVersion& version = sight_.books.families()[duty.family].versions[clock.version];
    std::string name;  // made only where something was or is to be said
    for (int level = 0; level < version.rule.level_size(); ++level) {
      const Side side = SideOf(version.rule.level(level));
      const Truths truths = TruthsOf(clock, level, side);
      const Truth* truth = TrueAt(truths, sight_.reached);
      if (alerts_.empty() && truth == nullptr) continue;
      if (name.empty()) name = ClockName(sight_.picture, duty, clock, sight_.books);
      const Shown shown{duty, clock, version, level, side};
      Told* told = Find(name, version.rule.level(level).name(), seen);
      if (told == nullptr) {
        if (truth != nullptr && MayRaise(clock, *truth)) {
          Told& fresh = fresh_.emplace_back();
          fresh.clock = name;
          fresh.level = version.rule.level(level).name();
          fresh.rule = version.rule.id();
          Update(shown, *truth, fresh);
          Say(RaisedOr(side), fresh);
        }
      } else if (truth != nullptr) {
        StillTrue(shown, *truth, *told);
      } else {
        DOLEN_RETURN_IF_ERROR(NotTrue(shown, truths, *told));
      }
    }
    return absl::OkStatus();
  }

  bool MayRaise(const Clock& clock, const Truth& truth) const {
    return may_raise_ && !IsMuted(clock, truth.begin, sight_.backfills);
  }

  Told* Find(absl::string_view clock, absl::string_view level, std::vector<bool>& seen) {
    const auto told = FindTold(alerts_, clock, level);
    if (told == alerts_.end()) return nullptr;
    seen[told - alerts_.begin()] = true;
    return &*told;
  }

  void StillTrue(const Shown& shown, const Truth& truth, Told& told) {
    if (!told.IsOpen()) {
      if (!MayRaise(shown.clock, truth)) return;
      Update(shown, truth, told);
      Say(RaisedOr(shown.side), told);
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
          return WasTrue(clock, TruthsOf(clock, level, SideOf(levels[level])), told.since);
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

bool IsOpen(const Alerts& alerts, absl::string_view clock, absl::string_view level) {
  const auto told = FindTold(alerts, clock, level);
  return told != alerts.end() && told->IsOpen();
}

// When waiting alone can next change what is said of one clock.
absl::Time NextDueOf(const Sight& sight, const Alerts& alerts, const Duty& duty,
                     const Clock& clock) {
  const RuleVersion& version = sight.books.families()[duty.family].versions[clock.version];
  std::string name;  // made only where something was said
  if (!alerts.empty()) name = ClockName(sight.picture, duty, clock, sight.books);
  absl::Time next = absl::InfiniteFuture();
  for (int i = 0; i < version.rule.level_size(); ++i) {
    const pathway::v1::Level& level = version.rule.level(i);
    for (const Truth& truth : TruthsOf(clock, i, SideOf(level))) {
      if (truth.end <= sight.reached) continue;
      if (truth.At(sight.reached) && !alerts.empty() && IsOpen(alerts, name, level.name())) {
        next = std::min(next, truth.end);  // then it stops being true
      } else if (truth.begin > sight.reached || !IsMuted(clock, truth.begin, sight.backfills)) {
        next = std::min(next, truth.begin);
      }
    }
  }
  return next;
}

}  // namespace

Alert AlertOf(const ChildKey& child, const Told& told, const Books& books) {
  Alert alert;
  alert.set_alert_id(AlertId(child, told.clock, told.level));
  alert.set_number(told.number);
  alert.set_state(told.state);
  alert.set_level(told.level);
  alert.set_child(child.Hex());
  alert.set_matter_agency(told.matter_agency);
  alert.set_matter_id(told.matter_id);
  alert.set_clock(told.clock);
  alert.set_rule(told.rule);
  alert.set_accountable(told.accountable);
  *alert.mutable_due() = ToTimestamp(told.due);
  *alert.mutable_since() = ToTimestamp(told.since);
  const RuleVersion* version = VersionOf(told, books);
  if (version != nullptr) Describe(*version, told.level, alert);
  return alert;
}

alert::v1::State RaisedStateOf(const Told& told, const Books& books) {
  const RuleVersion* version = VersionOf(told, books);
  if (version == nullptr) return alert::v1::STATE_RAISED;
  for (const pathway::v1::Level& level : version->rule.level()) {
    if (level.name() == told.level) return RaisedOr(SideOf(level));
  }
  return alert::v1::STATE_RAISED;
}

std::string AlertId(const ChildKey& child, absl::string_view clock, absl::string_view level) {
  return ShortSha256Hex(absl::StrCat(child.Hex(), "\n", clock, "\n", level));
}

absl::Time FirstTold(const Clock& clock, const RuleVersion& version, int level,
                     const Backfills& backfills) {
  for (const Truth& truth : TruthsOf(clock, level, SideOf(version.rule.level(level)))) {
    if (!IsMuted(clock, truth.begin, backfills)) return truth.begin;
  }
  return absl::InfiniteFuture();
}

bool IsEscalation(const pathway::v1::Level& level) { return SideOf(level) == Side::kAfterDue; }

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
