#include "engine/child/forget.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_set.h"
#include "engine/child/key.h"
#include "engine/child/reading.h"
#include "engine/child/version_reading.h"

namespace dolen {
namespace {

class Forgetter {
 public:
  Forgetter(const Forgetting& forgetting, const Books& books, absl::Time reached, absl::Time latest,
            Picture& picture, Alerts& alerts)
      : forgetting_(forgetting),
        books_(books),
        reached_(reached),
        latest_(latest),
        picture_(picture),
        alerts_(alerts) {}

  Forgotten Run() {
    // Where something was voided, every event makes the picture be drawn again anyway.
    if (picture_.has_voided || Size() < forgetting_.least) return {};
    FindSleepers();
    FindEnded();
    if (going_ < forgetting_.least) return {};
    Forgotten away;
    Count(away.figures);
    away.alerts = TakeAlerts();
    TakeOut();
    return away;
  }

 private:
  size_t Size() const {
    size_t size = picture_.duties.size();
    for (const Duty& duty : picture_.duties) size += duty.clocks.size();
    return size;
  }

  const RuleFamily& FamilyOf(const Duty& duty) const { return books_.families()[duty.family]; }

  // It has ended, so that nothing that is said of it can become true or untrue by waiting.
  bool HasEnded(const Clock& clock) const {
    return clock.close.from <= reached_ &&
           (clock.closed_by == ClosedBy::kStop || clock.closed_by == ClosedBy::kCancel);
  }

  // What comes later occurs not much before the last event: until then it can still say who was
  // accountable at the close, or whose minutes the last ones were.
  bool IsLongOver(const Clock& clock) const {
    return HasEnded(clock) && clock.close.to() < latest_ - kReach;
  }

  // Matters that are over: long unheard of, alone in their thread, and all their duties at rest.
  void FindSleepers() {
    sleeps_.resize(picture_.matters.size());
    for (size_t i = 0; i < picture_.matters.size(); ++i) {
      const Matter& matter = picture_.matters[i];
      sleeps_[i] = !matter.continues() && matter.UnfinishedHandover() == nullptr &&
                   matter.last < latest_ - forgetting_.quiet;
    }
    for (const Matter& matter : picture_.matters) {
      if (!matter.continues()) continue;
      for (size_t i = 0; i < picture_.matters.size(); ++i) {
        if (matter.Continues(picture_.matters[i])) sleeps_[i] = false;
      }
    }
    for (const Duty& duty : picture_.duties) {
      const int matter = MatterOf(FamilyOf(duty), picture_, duty);
      matter_of_.push_back(matter);
      const auto is_over = [&](const Clock& clock) { return IsLongOver(clock); };
      if (matter >= 0 && !std::all_of(duty.clocks.begin(), duty.clocks.end(), is_over)) {
        sleeps_[matter] = false;
      }
      // What stays and names a matter keeps it awake.
      for (const Clock& clock : duty.clocks) Wake(clock.matter, matter);
      for (const Hit& hit : duty.hits) {
        if (hit.opening) Wake(hit.opening->matter, matter);
      }
    }
  }

  void Wake(int named, int matter_of_duty) {
    if (named != matter_of_duty) sleeps_[named] = false;
  }

  bool Sleeps(size_t duty) const { return matter_of_[duty] >= 0 && sleeps_[matter_of_[duty]]; }

  void FindEnded() {
    for (size_t i = 0; i < picture_.duties.size(); ++i) {
      const Duty& duty = picture_.duties[i];
      std::vector<bool>& ended = ended_.emplace_back(duty.clocks.size(), Sleeps(i));
      going_ += Sleeps(i) ? 1 : 0;
      if (!Sleeps(i) && MayLetGo(duty)) {
        for (size_t c = 0; c < ended.size(); ++c) {
          const Clock& clock = duty.clocks[c];
          ended[c] = clock.settled && IsLongOver(clock) && IsPast(duty, clock);
        }
      }
      going_ += std::count(ended.begin(), ended.end(), true);
    }
  }

  // Whether a clock that has ended is of no use to the duty's other clocks, nor to other duties.
  // One occasion may come under many names, and each asks whether its clock was there.
  bool MayLetGo(const Duty& duty) const {
    const RuleFamily& family = FamilyOf(duty);
    return family.watchers.empty() && !family.watches && !family.watches_holding &&
           duty.occasions.empty() && !HasWindow(family);
  }

  // Whether no version can read this clock, or another of its identity, off the duty's hits again.
  bool IsPast(const Duty& duty, const Clock& clock) const {
    const auto starts_it = [&](const Hit& hit) { return hit.root == clock.root; };
    if (std::any_of(duty.hits.begin(), duty.hits.end(), starts_it)) return false;
    const std::vector<RuleVersion>& versions = FamilyOf(duty).versions;
    for (size_t i = 0; i < versions.size(); ++i) {
      if (versions[i].rule.opens() == pathway::v1::Rule::EACH) continue;
      const auto cursor =
          std::find_if(duty.cursors.begin(), duty.cursors.end(),
                       [&](const Cursor& one) { return one.version == static_cast<int>(i); });
      const uint64_t next = cursor == duty.cursors.end() ? 0 : cursor->root;
      const bool reads = std::any_of(duty.hits.begin(), duty.hits.end(), [&](const Hit& hit) {
        return hit.version == static_cast<int>(i);
      });
      const bool is_before = cursor != duty.cursors.end() && clock.start.from <= cursor->after;
      if (next == clock.root || (reads && !is_before)) return false;
    }
    return true;
  }

  void Count(Figures& figures) const {
    for (size_t i = 0; i < picture_.duties.size(); ++i) {
      const Duty& duty = picture_.duties[i];
      for (size_t c = 0; c < duty.clocks.size(); ++c) {
        if (ended_[i][c]) AddClock(picture_, duty, duty.clocks[c], alerts_, books_, figures);
      }
    }
    for (size_t i = 0; i < picture_.matters.size(); ++i) {
      if (sleeps_[i]) AddAsks(picture_, picture_.matters[i], books_, figures);
    }
  }

  // Watch has answered all that was ever said of a clock that has ended.
  Alerts TakeAlerts() {
    absl::btree_set<std::string> names;
    for (size_t i = 0; i < picture_.duties.size() && !alerts_.empty(); ++i) {
      const Duty& duty = picture_.duties[i];
      for (size_t c = 0; c < duty.clocks.size(); ++c) {
        if (ended_[i][c]) names.insert(ClockName(picture_, duty, duty.clocks[c], books_));
      }
    }
    const auto left = std::stable_partition(alerts_.begin(), alerts_.end(), [&](const Told& told) {
      return !names.contains(told.clock);
    });
    Alerts away(std::make_move_iterator(left), std::make_move_iterator(alerts_.end()));
    alerts_.erase(left, alerts_.end());
    return away;
  }

  void TakeOut() {
    std::vector<Duty> left;
    for (size_t i = 0; i < picture_.duties.size(); ++i) {
      Duty& duty = picture_.duties[i];
      std::vector<Clock> clocks;
      for (size_t c = 0; c < duty.clocks.size(); ++c) {
        if (!ended_[i][c]) clocks.push_back(std::move(duty.clocks[c]));
      }
      duty.clocks = std::move(clocks);
      if (!Sleeps(i)) left.push_back(std::move(duty));
    }
    picture_.duties = std::move(left);
    TakeOutMatters();
  }

  void TakeOutMatters() {
    std::vector<int> place;  // of each matter among those that are left
    std::vector<Matter> left;
    for (size_t i = 0; i < picture_.matters.size(); ++i) {
      Matter& matter = picture_.matters[i];
      place.push_back(sleeps_[i] ? -1 : static_cast<int>(left.size()));
      if (sleeps_[i]) {
        picture_.asleep.push_back(MatterId(matter.agency, matter.id));
      } else {
        left.push_back(std::move(matter));
      }
    }
    if (left.size() == place.size()) {
      picture_.matters = std::move(left);
      return;
    }
    picture_.matters = std::move(left);
    std::sort(picture_.asleep.begin(), picture_.asleep.end());
    const auto move = [&](int& matter) { matter = matter < 0 ? -1 : place[matter]; };
    for (Duty& duty : picture_.duties) {
      move(duty.matter);
      for (Clock& clock : duty.clocks) move(clock.matter);
      for (Hit& hit : duty.hits) {
        if (hit.opening) move(hit.opening->matter);
      }
    }
    for (Hold& hold : picture_.holds) move(hold.matter);
    for (Acting& acting : picture_.acting) move(acting.matter);
    TakeOutActing();
  }

  // Who acts in a matter that sleeps counts only for others that know nothing better; what says the
  // same as the one before it says nothing.
  void TakeOutActing() {
    std::vector<Acting> left;
    for (Acting& one : picture_.acting) {
      const auto before = std::find_if(left.rbegin(), left.rend(), [&](const Acting& other) {
        return other.party == one.party;
      });
      const bool is_known = before != left.rend() && before->agency == one.agency;
      // A day may begin before an instant that stands before it.
      const bool says_more = one.from.is_day && is_known && one.from.at - before->from.at < kReach;
      if (one.matter < 0 && is_known && !says_more) continue;
      left.push_back(std::move(one));
    }
    picture_.acting = std::move(left);
  }

  const Forgetting& forgetting_;
  const Books& books_;
  const absl::Time reached_;
  const absl::Time latest_;
  Picture& picture_;
  Alerts& alerts_;
  std::vector<bool> sleeps_;              // which matters fall asleep
  std::vector<int> matter_of_;            // of each duty
  std::vector<std::vector<bool>> ended_;  // which clocks of each duty go
  size_t going_ = 0;                      // clocks and duties
};

}  // namespace

Forgotten Forget(const Forgetting& forgetting, const Books& books, absl::Time reached,
                 absl::Time latest, Picture& picture, Alerts& alerts) {
  return Forgetter(forgetting, books, reached, latest, picture, alerts).Run();
}

}  // namespace dolen
