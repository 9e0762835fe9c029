#include "engine/child/reading.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "engine/child/version_reading.h"
#include "engine/pathway/limits.h"

namespace dolen {
namespace {

// All versions of a duty together.
class DutyReader {
 public:
  DutyReader(const Books& books, absl::Span<const Hit> moments, absl::Time firm, Duty& duty)
      : books_(books),
        family_(books.families()[duty.family]),
        moments_(moments),
        firm_(firm),
        duty_(duty) {}

  void Run() {
    const int versions = static_cast<int>(family_.versions.size());
    if (HasWindow(family_)) {
      for (int version = 0; version < versions; ++version) AddLives(version);
    }
    for (int version = 0; version < versions; ++version) {
      if (HasHits(version)) Read(version);
    }
    std::vector<Hit> kept;
    for (size_t i = 0; i < duty_.hits.size(); ++i) {
      if (keep_[i]) kept.push_back(std::move(duty_.hits[i]));
    }
    duty_.hits = std::move(kept);
    if (IsDone(family_, duty_)) {
      duty_.came.clear();
      duty_.occasions.clear();
    }
    duty_.exceptions.erase(std::remove_if(duty_.exceptions.begin(), duty_.exceptions.end(),
                                          [&](const Exception& one) {
                                            return one.moment.to() < std::min(firm_, earliest_);
                                          }),
                           duty_.exceptions.end());
    Merge();
  }

 private:
  // From when until when the clocks live that a version judges; what a window needs to know.
  void AddLives(int version) {
    for (const Clock& clock : duty_.clocks) {
      if (clock.version == version && clock.settled) AddLife(clock);
    }
    if (!HasHits(version)) return;
    const Cursor cursor = CursorOf(version);
    const VersionReading reading = ReadVersion(books_, version, duty_, moments_, cursor, {});
    for (const Candidate& candidate : reading.candidates) {
      if (candidate.opening->judged && !candidate.is_void) AddLife(candidate.clock);
    }
  }

  void AddLife(const Clock& clock) {
    if (clock.closed_by == ClosedBy::kVoided) return;
    const bool may_meet = family_.versions.size() > 1;  // one version gives each identity once
    for (size_t i = 0; may_meet && i < lives_.size(); ++i) {
      if (life_roots_[i] != clock.root) continue;
      if (clock.start.from < lives_[i].from) lives_[i] = {clock.start.from, clock.close.from};
      return;
    }
    lives_.push_back({clock.start.from, clock.close.from});
    life_roots_.push_back(clock.root);
  }

  bool HasHits(int version) {
    if (keep_.empty()) keep_.resize(duty_.hits.size(), false);
    const auto of_version = [&](const Hit& hit) { return hit.version == version; };
    return std::any_of(duty_.hits.begin(), duty_.hits.end(), of_version) ||
           std::any_of(moments_.begin(), moments_.end(), of_version);
  }

  Cursor CursorOf(int version) const {
    for (const Cursor& cursor : duty_.cursors) {
      if (cursor.version == version) return cursor;
    }
    Cursor cursor;
    cursor.version = version;
    return cursor;
  }

  void Keep(const Hit* hit) {
    const Hit* const first = duty_.hits.data();
    if (hit >= first && hit < first + duty_.hits.size()) keep_[hit - first] = true;
  }

  void Read(int version) {
    Cursor cursor = CursorOf(version);
    VersionReading reading = ReadVersion(books_, version, duty_, moments_, cursor, lives_);
    const RuleVersion& of = family_.versions[version];
    const pathway::v1::Rule& rule = of.rule;
    absl::Time earliest = absl::InfiniteFuture();  // start of what is not settled
    cursor.breached = absl::InfiniteFuture();
    for (Candidate& candidate : reading.candidates) {
      Clock& clock = candidate.clock;
      if (candidate.moved_breach != absl::InfiniteFuture()) {
        moved_.emplace_back(clock.root, candidate.moved_breach);
      }
      // Of a voided start too only what its clock would have been says when it is settled: later
      // events may move the start on to one that stands.
      clock.settled = !candidate.waits && IsSettled(clock, of.is_plain);
      if (candidate.is_void) clock.closed_by = ClosedBy::kVoided;
      if (clock.settled) {
        cursor.done = rule.opens() == pathway::v1::Rule::ONCE;
        // With EACH no clock waits for the one before.
        if (rule.opens() != pathway::v1::Rule::EACH) cursor.after = clock.close.to();
        cursor.root = candidate.close_root;
      } else {
        for (const int at : candidate.used) Keep(reading.hits[at]);
        if (earliest == absl::InfiniteFuture()) cursor.breached = candidate.moved_breach;
        earliest = std::min(earliest, clock.start.from);
      }
      if (candidate.opening->judged) judged_.push_back(std::move(clock));
    }
    if (!cursor.done) KeepTheRest(reading, rule, cursor.after, earliest);
    earliest_ = std::min(earliest_, earliest);
    if (rule.opens() != pathway::v1::Rule::EACH) SetCursor(cursor);
  }

  bool IsSettled(const Clock& clock, bool is_plain) const {
    if (clock.closed_by == ClosedBy::kNothing) return false;
    if (is_plain && clock.closed_by == ClosedBy::kStop) return true;
    return clock.close.to() < firm_;
  }

  // What may yet become part of a clock that starts after an instant.
  void KeepTheRest(const VersionReading& reading, const pathway::v1::Rule& rule, absl::Time after,
                   absl::Time earliest) {
    for (const int at : reading.pending) Keep(reading.hits[at]);
    for (const std::vector<int>& stops : reading.stops) {
      // The first of each, if an earlier one counts.
      const auto counts = [&](int at) {
        return reading.hits[at]->moment.from > after && !reading.hits[at]->starts;
      };
      const auto first = std::find_if(stops.begin(), stops.end(), counts);
      if (rule.done_before() && first != stops.end()) Keep(reading.hits[*first]);
    }
    for (const Hit* hit : reading.hits) {
      if (hit->moment.to() >= firm_) Keep(hit);
    }
    for (const PauseHits& one : reading.pauses) {
      if (one.pause.to < std::min(firm_, earliest)) continue;
      for (const int at : one.used) Keep(reading.hits[at]);
    }
  }

  void SetCursor(const Cursor& cursor) {
    Cursor fresh;
    fresh.version = cursor.version;
    if (cursor == fresh) return;
    // By version, as clocks are by start.
    const auto at =
        std::lower_bound(duty_.cursors.begin(), duty_.cursors.end(), cursor.version,
                         [](const Cursor& known, int version) { return known.version < version; });
    if (at != duty_.cursors.end() && at->version == cursor.version) {
      *at = cursor;
    } else {
      duty_.cursors.insert(at, cursor);
    }
  }

  // Of two clocks with one identity the earlier start counts; a ghost gives way to any.
  void Merge() {
    std::vector<Clock>& clocks = duty_.clocks;
    clocks.erase(std::remove_if(clocks.begin(), clocks.end(),
                                [](const Clock& clock) { return !clock.settled; }),
                 clocks.end());
    const size_t settled = clocks.size();
    // One version gives each identity once.
    const bool may_meet = family_.versions.size() > 1 ||
                          std::any_of(clocks.begin(), clocks.end(), [](const Clock& clock) {
                            return clock.closed_by == ClosedBy::kVoided;
                          });
    for (Clock& clock : judged_) {
      for (const auto& [root, breach] : moved_) {
        if (root == clock.root) clock.breached_at = std::min(clock.breached_at, breach);
      }
      Clock* same = nullptr;
      for (Clock& known : clocks) {
        if (may_meet && known.root == clock.root) same = &known;
      }
      if (same == nullptr) {
        clocks.push_back(std::move(clock));
      } else if (same->closed_by == ClosedBy::kVoided ||
                 (clock.closed_by != ClosedBy::kVoided && clock.start.from < same->start.from)) {
        *same = std::move(clock);
      }
    }
    // By start, whatever was settled when: the order must not tell how often the duty was read.
    const auto fresh = clocks.begin() + static_cast<std::ptrdiff_t>(settled);
    const auto before = [](const Clock& a, const Clock& b) {
      return std::tie(a.start.from, a.root) < std::tie(b.start.from, b.root);
    };
    std::stable_sort(fresh, clocks.end(), before);
    if (fresh != clocks.begin() && fresh != clocks.end() && before(*fresh, *std::prev(fresh))) {
      std::inplace_merge(clocks.begin(), fresh, clocks.end(), before);
    }
  }

  const Books& books_;
  const RuleFamily& family_;
  const absl::Span<const Hit> moments_;
  const absl::Time firm_;
  Duty& duty_;
  std::vector<bool> keep_;
  std::vector<Clock> judged_;
  std::vector<Life> lives_;  // of all clocks, by the earlier start where two are one
  std::vector<uint64_t> life_roots_;
  // When clocks were breached before their start moved on, by root; whichever version judged then.
  std::vector<std::pair<uint64_t, absl::Time>> moved_;
  absl::Time earliest_ = absl::InfiniteFuture();
};

}  // namespace

void ReadClocks(const Books& books, absl::Span<const Hit> moments, absl::Time firm, Duty& duty) {
  DutyReader(books, moments, firm, duty).Run();
}

bool HasWindow(const RuleFamily& family) {
  bool has = false;
  for (const RuleVersion& version : family.versions) {
    ForEachLimit(version.rule,
                 [&](const pathway::v1::Limit& limit, int) { has |= limit.has_within(); });
  }
  return has;
}

bool IsDone(const RuleFamily& family, const Duty& duty) {
  return duty.cursors.size() == family.versions.size() &&
         std::all_of(duty.cursors.begin(), duty.cursors.end(),
                     [](const Cursor& cursor) { return cursor.done; });
}

}  // namespace dolen
