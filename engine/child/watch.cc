#include "engine/child/watch.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "engine/base/digest.h"
#include "engine/base/time.h"

namespace dolen {
namespace {

using alert::v1::Alert;

// When a level is true: from `begin` until just before `end`.
struct Truth {
  absl::Time begin = absl::InfiniteFuture();
  absl::Time end = absl::InfiniteFuture();
  bool At(absl::Time t) const { return begin <= t && t < end; }
};

enum class Side { kBeforeDue, kAtDue, kAfterDue };

Side SideOf(const pathway::v1::Level& level) {
  const pathway::v1::Amount& amount = level.offset();
  int64_t n = 0;
  switch (amount.of_case()) {
    case pathway::v1::Amount::kMinutes:
      n = amount.minutes();
      break;
    case pathway::v1::Amount::kHours:
      n = amount.hours();
      break;
    case pathway::v1::Amount::kCalendarDays:
      n = amount.calendar_days();
      break;
    case pathway::v1::Amount::kWeekdays:
      n = amount.weekdays();
      break;
    case pathway::v1::Amount::kWorkingDays:
      n = amount.working_days();
      break;
    case pathway::v1::Amount::kWeeks:
      n = amount.weeks();
      break;
    default:
      break;
  }
  return n < 0 ? Side::kBeforeDue : n > 0 ? Side::kAfterDue : Side::kAtDue;
}

Truth TruthOf(const Clock& clock, int level, Side side) {
  Truth truth;
  if (clock.levels[level] == absl::InfiniteFuture()) return truth;
  truth.begin = std::max(clock.start.from, clock.levels[level]);
  truth.end = clock.close.from;
  if (side == Side::kBeforeDue) truth.end = std::min(truth.end, clock.due);
  return truth;
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

// One pass over a child's clocks and over what was said of them.
class Watcher {
 public:
  Watcher(const Sight& sight, MayRaise may_raise, Alerts& alerts)
      : sight_(sight), may_raise_(may_raise == MayRaise::kYes), alerts_(alerts) {}

  std::vector<Alert> Run() {
    std::vector<bool> seen(alerts_.size(), false);
    for (const Clock& clock : sight_.picture.clocks) {
      if (clock.started()) Look(clock, seen);
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
  static bool Before(const Told& a, const Told& b) {
    return std::tie(a.clock, a.level) < std::tie(b.clock, b.level);
  }

  void Look(const Clock& clock, std::vector<bool>& seen) {
    const RuleVersion& version = sight_.books.families()[clock.family].versions[clock.version];
    std::string name;  // made only where something was or is to be said
    for (int level = 0; level < version.rule.level_size(); ++level) {
      const Side side = SideOf(version.rule.level(level));
      const Truth truth = TruthOf(clock, level, side);
      if (alerts_.empty() && !truth.At(sight_.reached)) continue;
      if (name.empty()) name = ClockName(sight_.picture, clock, sight_.books);
      Told* told = Find(name, version.rule.level(level).name(), seen);
      if (told == nullptr) {
        if (may_raise_ && truth.At(sight_.reached) &&
            !IsMuted(clock, truth.begin, sight_.backfills)) {
          Told& fresh = fresh_.emplace_back();
          fresh.clock = name;
          fresh.level = version.rule.level(level).name();
          fresh.rule = version.rule.id();
          Update(clock, truth, fresh);
          Say(RaisedOr(side), fresh);
        }
      } else if (truth.At(sight_.reached)) {
        StillTrue(clock, truth, side, *told);
      } else {
        NotTrue(clock, truth, *told);
      }
    }
  }

  Told* Find(absl::string_view clock, absl::string_view level, std::vector<bool>& seen) {
    for (size_t i = 0; i < alerts_.size(); ++i) {
      if (alerts_[i].clock != clock || alerts_[i].level != level) continue;
      seen[i] = true;
      return &alerts_[i];
    }
    return nullptr;
  }

  static alert::v1::State RaisedOr(Side side) {
    return side == Side::kAfterDue ? alert::v1::STATE_ESCALATED : alert::v1::STATE_RAISED;
  }

  void StillTrue(const Clock& clock, const Truth& truth, Side side, Told& told) {
    if (!told.IsOpen()) {
      if (!may_raise_ || IsMuted(clock, truth.begin, sight_.backfills)) return;
      Update(clock, truth, told);
      Say(RaisedOr(side), told);
    } else if (told.due != clock.due || told.since != truth.begin) {
      Update(clock, truth, told);
      Say(alert::v1::STATE_AMENDED, told);
    }
  }

  // Cleared if the level was true at the alert's own instant by all that is known now, else
  // withdrawn. With first matches only, drawing the picture as of that instant is the same as
  // reading this one at it.
  void NotTrue(const Clock& clock, const Truth& truth, Told& told) {
    const bool was_true = truth.At(told.since) || StateAt(clock, told.since) == ClockState::kLate;
    const alert::v1::State answer =
        was_true ? alert::v1::STATE_CLEARED : alert::v1::STATE_WITHDRAWN;
    if (told.state == answer) return;
    told.accountable = Accountable(clock);
    Say(answer, told);
  }

  std::string Accountable(const Clock& clock) const {
    const RuleVersion& version = sight_.books.families()[clock.family].versions[clock.version];
    const Matter& matter = sight_.picture.matters[clock.matter];
    return std::string(
        AgencyOf(version.rule.accountable(), clock.starter, {matter.asker, matter.asked}));
  }

  void Update(const Clock& clock, const Truth& truth, Told& told) const {
    const Matter& matter = sight_.picture.matters[clock.matter];
    told.version = clock.version;
    told.matter_agency = matter.agency;
    told.matter_id = matter.id;
    told.accountable = Accountable(clock);
    told.due = clock.due;
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
};

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
  const RuleFamily* family = books.FindFamily(told.rule);
  if (family != nullptr && told.version < static_cast<int>(family->versions.size())) {
    Describe(family->versions[told.version], told.level, alert);
  }
  return alert;
}

std::string AlertId(const ChildKey& child, absl::string_view clock, absl::string_view level) {
  return ShortSha256Hex(absl::StrCat(child.Hex(), "\n", clock, "\n", level));
}

std::vector<Alert> Watch(const Sight& sight, MayRaise may_raise, Alerts& alerts) {
  return Watcher(sight, may_raise, alerts).Run();
}

absl::Time NextDue(const Sight& sight, const Alerts& alerts) {
  absl::Time next = absl::InfiniteFuture();
  for (const Clock& clock : sight.picture.clocks) {
    if (!clock.started()) continue;
    const RuleVersion& version = sight.books.families()[clock.family].versions[clock.version];
    std::string name;
    for (int level = 0; level < version.rule.level_size(); ++level) {
      const Truth truth = TruthOf(clock, level, SideOf(version.rule.level(level)));
      if (truth.begin >= truth.end || truth.end <= sight.reached) continue;
      bool open = false;
      if (!alerts.empty()) {
        if (name.empty()) name = ClockName(sight.picture, clock, sight.books);
        for (const Told& told : alerts) {
          if (told.clock == name && told.level == version.rule.level(level).name())
            open = told.IsOpen();
        }
      }
      if (open) {
        next = std::min(next, truth.end);  // then it stops being true
      } else if (truth.begin > sight.reached || !IsMuted(clock, truth.begin, sight.backfills)) {
        next = std::min(next, truth.begin);
      }
    }
  }
  return next;
}

}  // namespace dolen
