#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "tests/engine/child/naive.h"

namespace dolen::naive {
namespace {

using pathway::v1::Amount;

bool IsTrue(const Clock& clock, int level, absl::Time t) {
  const Amount& offset = clock.rule.level(level).offset();
  const bool before_due = offset.minutes() < 0 || offset.hours() < 0 ||
                          offset.calendar_days() < 0 || offset.weekdays() < 0 ||
                          offset.working_days() < 0 || offset.weeks() < 0;
  return clock.start.from <= t && clock.levels[level] <= t && t < clock.close.from &&
         (!before_due || t < clock.due);
}

bool IsAfterDue(const Clock& clock, int level) {
  const Amount& offset = clock.rule.level(level).offset();
  return offset.minutes() > 0 || offset.hours() > 0 || offset.calendar_days() > 0 ||
         offset.weekdays() > 0 || offset.working_days() > 0 || offset.weeks() > 0;
}

}  // namespace

std::vector<std::string> Alerts::Look(const Now& now) {
  if (!drawn_) clocks_ = Draw(now.said, now.library);
  drawn_ = true;
  std::map<Key, std::pair<const Clock*, int>> levels;
  std::set<Key> keys;
  for (const Clock& clock : clocks_) {
    for (int i = 0; i < clock.rule.level_size(); ++i) {
      const Key key(clock.Name(), clock.rule.level(i).name());
      levels[key] = {&clock, i};
      keys.insert(key);
    }
  }
  for (const auto& [key, told] : told_) keys.insert(key);

  std::vector<std::string> lines;
  for (const Key& key : keys) {
    const auto found = levels.find(key);
    const Clock* clock = found == levels.end() ? nullptr : found->second.first;
    const int level = clock == nullptr ? 0 : found->second.second;
    const auto known = told_.find(key);
    const bool was_told = known != told_.end();
    const bool open = was_told && known->second.state != 'C' && known->second.state != 'W';
    char state = 0;
    absl::Time begin;
    if (clock != nullptr) begin = std::max(clock->start.from, clock->levels[level]);
    if (clock != nullptr && IsTrue(*clock, level, now.reached)) {
      const auto backfill = now.backfills.find(clock->backfill);
      const bool muted = backfill != now.backfills.end() && begin <= backfill->second;
      if (!open && now.is_tick && !muted) state = IsAfterDue(*clock, level) ? 'E' : 'R';
      if (open && (known->second.due != clock->due || known->second.since != begin)) state = 'A';
    } else if (was_told) {
      // Draw as of the alert's own instant, from all that is known now: what had happened by then,
      // and what precision cannot tell from it.
      const absl::Time then = known->second.since;
      absl::Time end = then;
      for (const Said& said : now.said) {
        const Span span = SpanOf(said.open);
        if (span.from <= then) end = std::max(end, span.to);
      }
      std::vector<Said> by_then;
      for (const Said& said : now.said) {
        if (SpanOf(said.open).from <= end) by_then.push_back(said);
      }
      char answer = 'W';
      for (const Clock& was : Draw(by_then, now.library)) {
        if (was.Name() != key.first) continue;
        for (int i = 0; i < was.rule.level_size(); ++i) {
          if (was.rule.level(i).name() != key.second) continue;
          if (IsTrue(was, i, then) || StateAt(was, then) == "late") answer = 'C';
        }
      }
      if (answer != known->second.state) state = answer;
    }
    if (state == 0) continue;
    Told& told = told_[key];
    told.state = state;
    ++told.number;
    if (clock != nullptr) told.accountable = clock->accountable;
    if (state == 'R' || state == 'E' || state == 'A') told.due = clock->due, told.since = begin;
    lines.push_back(absl::StrCat(std::string(1, state), " ", key.first, " ", key.second, " #",
                                 told.number, " due ", Micro(told.due), " since ",
                                 Micro(told.since), " by ", told.accountable, " at ",
                                 Micro(now.reached)));
  }
  return lines;
}

}  // namespace dolen::naive
