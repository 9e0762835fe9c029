#include "projections/whatif/whatif.h"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace dolen {
namespace {

// The clocks of one picture that have started, by name, which begins with the rule's id.
struct Shown {
  std::string clock;
  const std::string* rule;
  Standing standing;
};

std::vector<Shown> ShownAt(const WhatIf::By& by, const Backfills& backfills, absl::Time at) {
  std::vector<Shown> shown;
  ForEachClock(by.picture, [&](const Duty& duty, const Clock& clock) {
    const ClockState state = StateAt(clock, at);
    if (state == ClockState::kNotStarted) return;
    const RuleFamily& family = by.books.families()[duty.family];
    const RuleVersion& version = family.versions[clock.version];
    Shown& one = shown.emplace_back();
    one.clock = ClockName(by.picture, duty, clock, by.books);
    one.rule = &family.id;
    one.standing.state = state;
    one.standing.due = clock.due;
    if (state == ClockState::kLate || state == ClockState::kOverdue) {
      one.standing.late =
          std::max(std::min(clock.close.from, at) - clock.due, absl::ZeroDuration());
    }
    one.standing.accountable =
        AgencyAt(version.rule.accountable(), by.picture, duty, clock, by.books);
    for (int i = 0; i < version.rule.level_size(); ++i) {
      if (FirstTold(clock, version, i, backfills) > at) continue;
      const pathway::v1::Level& level = version.rule.level(i);
      (IsEscalation(level) ? one.standing.escalated : one.standing.told).insert(level.name());
    }
  });
  std::sort(shown.begin(), shown.end(),
            [](const Shown& a, const Shown& b) { return a.clock < b.clock; });
  return shown;
}

bool IsLate(ClockState state) {
  return state == ClockState::kLate || state == ClockState::kOverdue;
}

bool AnyLate(const std::vector<Shown>& shown) {
  return std::any_of(shown.begin(), shown.end(),
                     [](const Shown& one) { return IsLate(one.standing.state); });
}

const absl::btree_set<std::string>& NoLevels() {
  static const auto* const none = new absl::btree_set<std::string>();
  return *none;
}

void CountTold(const absl::btree_set<std::string>& before,
               const absl::btree_set<std::string>& after,
               absl::btree_map<std::string, ToldCounts>& counts) {
  for (const std::string& level : before) {
    ++counts[level].before;
    if (!after.contains(level)) ++counts[level].fewer;
  }
  for (const std::string& level : after) {
    ++counts[level].after;
    if (!before.contains(level)) ++counts[level].more;
  }
}

// `child` is a number that no other child has.
void CountIn(const absl::optional<Standing>& before, const absl::optional<Standing>& after,
             int64_t child, WhatIfGroup& group) {
  if (before) group.before.Add(*before);
  if (after) group.after.Add(*after);
  CountTold(before ? before->told : NoLevels(), after ? after->told : NoLevels(), group.raised);
  CountTold(before ? before->escalated : NoLevels(), after ? after->escalated : NoLevels(),
            group.escalated);
  if (before == after) return;
  ++group.changed;
  if (std::exchange(group.last_child, child) != child) ++group.children_changed;
  ClockDifference difference;
  difference.before = before;
  difference.after = after;
  if (difference.ChangesSide()) {
    const auto sides = std::make_pair(SideOf(before), SideOf(after));
    Move& move = group.moves[sides];
    ++move.clocks;
    const auto [last, is_first] = group.last_moved.emplace(sides, child);
    if (is_first || std::exchange(last->second, child) != child) ++move.children;
  }
  const absl::Duration moved = difference.Moved();
  if (moved > absl::ZeroDuration()) group.later.push_back(moved);
  if (moved < absl::ZeroDuration()) group.earlier.push_back(-moved);
  const absl::Duration late =
      (after ? after->late : absl::ZeroDuration()) - (before ? before->late : absl::ZeroDuration());
  (late < absl::ZeroDuration() ? group.less_late : group.more_late) += absl::AbsDuration(late);
}

// By due time before the child: keys are random, and the same history must list the same way in
// every installation.
bool Precedes(const ClockDifference& a, const ClockDifference& b) {
  const bool a_stays = !a.ChangesSide(), b_stays = !b.ChangesSide();
  const absl::Time a_due = (a.after ? a.after : a.before)->due;
  const absl::Time b_due = (b.after ? b.after : b.before)->due;
  return std::tie(a_stays, a.rule, a_due, a.child, a.clock) <
         std::tie(b_stays, b.rule, b_due, b.child, b.clock);
}

void AddTold(const absl::btree_map<std::string, ToldCounts>& from,
             absl::btree_map<std::string, ToldCounts>& to) {
  for (const auto& [level, counts] : from) to[level].Add(counts);
}

void AddGroups(const absl::btree_map<std::string, WhatIfGroup>& from,
               absl::btree_map<std::string, WhatIfGroup>& to) {
  for (const auto& [name, group] : from) to[name].Add(group);
}

}  // namespace

ClockSide SideOf(const absl::optional<Standing>& standing) {
  return standing ? ClockSide(standing->state) : absl::nullopt;
}

absl::string_view SideText(const ClockSide& side) { return side ? StateName(*side) : "absent"; }

bool ClockDifference::ChangesSide() const { return SideOf(before) != SideOf(after); }

absl::Duration ClockDifference::Moved() const {
  if (!before || !after || before->due == absl::InfiniteFuture() ||
      after->due == absl::InfiniteFuture()) {
    return absl::ZeroDuration();
  }
  return after->due - before->due;
}

void SideCounts::Add(const Standing& standing) {
  ++clocks;
  ++by_state[standing.state];
  late += standing.late;
}

void SideCounts::Add(const SideCounts& other) {
  clocks += other.clocks;
  for (const auto& [state, count] : other.by_state) by_state[state] += count;
  late += other.late;
}

void ToldCounts::Add(const ToldCounts& other) {
  before += other.before;
  after += other.after;
  more += other.more;
  fewer += other.fewer;
}

void WhatIfGroup::Add(const WhatIfGroup& other) {
  before.Add(other.before);
  after.Add(other.after);
  changed += other.changed;
  children_changed += other.children_changed;
  for (const auto& [sides, move] : other.moves) {
    moves[sides].clocks += move.clocks;
    moves[sides].children += move.children;
  }
  earlier.insert(earlier.end(), other.earlier.begin(), other.earlier.end());
  later.insert(later.end(), other.later.begin(), other.later.end());
  more_late += other.more_late;
  less_late += other.less_late;
  AddTold(other.raised, raised);
  AddTold(other.escalated, escalated);
}

absl::Duration MedianOf(std::vector<absl::Duration> durations) {
  if (durations.empty()) return absl::ZeroDuration();
  const auto middle = durations.begin() + static_cast<int64_t>(durations.size() / 2);
  std::nth_element(durations.begin(), middle, durations.end());
  if (durations.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(durations.begin(), middle)) / 2;
}

void WhatIf::Count(const ChildKey& child, const By& before, const By& after,
                   const Backfills& backfills, absl::Time at,
                   const std::vector<std::string>& identifiers) {
  const std::vector<Shown> by_one = ShownAt(before, backfills, at);
  const std::vector<Shown> by_other = ShownAt(after, backfills, at);
  const bool was_late = AnyLate(by_one), is_late = AnyLate(by_other);
  late_before_ += was_late;
  late_after_ += is_late;
  newly_late_ += !was_late && is_late;
  no_longer_late_ += was_late && !is_late;
  for (auto one = by_one.begin(), other = by_other.begin();
       one != by_one.end() || other != by_other.end();) {
    const bool take_one =
        other == by_other.end() || (one != by_one.end() && one->clock <= other->clock);
    const bool take_other =
        one == by_one.end() || (other != by_other.end() && other->clock <= one->clock);
    ClockDifference difference;
    difference.child = child;
    difference.rule = take_one ? *one->rule : *other->rule;
    difference.clock = take_one ? one->clock : other->clock;
    if (take_one) difference.before = one++->standing;
    if (take_other) difference.after = other++->standing;
    CountClock(difference.rule, difference.before, difference.after);
    if (difference.before == difference.after) continue;
    difference.identifiers = identifiers;
    Keep(std::move(difference));
  }
  ++children_;
}

void WhatIf::CountClock(const std::string& rule, const absl::optional<Standing>& before,
                        const absl::optional<Standing>& after) {
  CountIn(before, after, children_, all_);
  CountIn(before, after, children_, by_rule_[rule]);
  if (before && after && before->accountable != after->accountable) {
    // It goes from one agency to another.
    CountIn(before, absl::nullopt, children_, by_agency_[before->accountable]);
    CountIn(absl::nullopt, after, children_, by_agency_[after->accountable]);
  } else {
    CountIn(before, after, children_, by_agency_[(before ? before : after)->accountable]);
  }
}

// Twice as many as are listed are kept before the last are let go, so that each costs little.
void WhatIf::Keep(ClockDifference difference) {
  if (list_ == 0) return;
  kept_.push_back(std::move(difference));
  if (kept_.size() >= 2 * list_) Shorten();
}

void WhatIf::Shorten() {
  std::sort(kept_.begin(), kept_.end(), Precedes);
  if (kept_.size() > list_) kept_.resize(list_);
}

void WhatIf::Add(WhatIf&& other) {
  children_ += other.children_;
  late_before_ += other.late_before_;
  late_after_ += other.late_after_;
  newly_late_ += other.newly_late_;
  no_longer_late_ += other.no_longer_late_;
  all_.Add(other.all_);
  AddGroups(other.by_rule_, by_rule_);
  AddGroups(other.by_agency_, by_agency_);
  std::move(other.kept_.begin(), other.kept_.end(), std::back_inserter(kept_));
  Shorten();
}

std::vector<ClockDifference> WhatIf::Listed() const {
  std::vector<ClockDifference> listed = kept_;
  std::sort(listed.begin(), listed.end(), Precedes);
  if (listed.size() > list_) listed.resize(list_);
  return listed;
}

}  // namespace dolen
