#include "tests/engine/child/naive/alerts.h"

#include <set>

#include "absl/strings/str_cat.h"

namespace dolen::second {
namespace {

// The stretch of truth of a level that holds at `t`; null: none.
const Excuse* TruthAt(const std::vector<Excuse>& truths, absl::Time t) {
  for (const Excuse& truth : truths) {
    if (truth.from <= t && t < truth.until) return &truth;
  }
  return nullptr;
}

}  // namespace

const std::vector<Clock>& Alerts::PictureAt(const Now& now, absl::Time as_of) {
  const auto drawn = pictures_.find(as_of);
  if (drawn != pictures_.end()) return drawn->second;
  return pictures_[as_of] = Draw(now.said, now.library, as_of);
}

std::map<Alerts::Key, Alerts::Place> Alerts::PlacesIn(const std::vector<Clock>& clocks) const {
  std::map<Key, Place> places;
  for (const Clock& clock : clocks) {
    for (int i = 0; i < clock.rule.level_size(); ++i) {
      places[{clock.Name(root_name_), clock.rule.level(i).name()}] = {&clock, i};
    }
  }
  return places;
}

// Cleared if it was true at its own instant, from what had occurred by then of all that is known
// now; else withdrawn.
char Alerts::FalseNow(const Now& now, const Key& key, const Place& place, absl::Time since) {
  if (place.clock == nullptr || place.clock->closed_by == ClosedBy::kVoided) return 'W';
  const std::map<Key, Place> then = PlacesIn(PictureAt(now, since));
  const auto was = then.find(key);
  if (was == then.end()) return 'W';
  const Clock& clock = *was->second.clock;
  const bool was_true = TruthAt(TruthOf(clock, was->second.level), since) != nullptr;
  return was_true || StateAt(clock, since) == "late" ? 'C' : 'W';
}

std::vector<std::string> Alerts::Look(const Now& now) {
  const std::map<Key, Place> places = PlacesIn(PictureAt(now, absl::InfiniteFuture()));
  std::set<Key> keys;
  for (const auto& [key, place] : places) keys.insert(key);
  for (const auto& [key, told] : told_) keys.insert(key);

  std::vector<std::string> lines;
  for (const Key& key : keys) {
    const auto found = places.find(key);
    const Place place = found == places.end() ? Place() : found->second;
    const auto known = told_.find(key);
    const Told before = known == told_.end() ? Told() : known->second;
    std::vector<Excuse> truths;
    if (place.clock != nullptr) truths = TruthOf(*place.clock, place.level);
    const Excuse* const truth = TruthAt(truths, now.reached);

    Told told = before;
    if (truth != nullptr) {
      const pathway::v1::Level& level = place.clock->rule.level(place.level);
      told.due = level.of_target() ? place.clock->target : place.clock->due;
      told.since = truth->from;
      const auto backfill = now.backfills.find(place.clock->backfill);
      const bool muted = backfill != now.backfills.end() && truth->from <= backfill->second;
      const bool moved = told.due != before.due || told.since != before.since;
      if (before.IsOpen() && moved) told.state = 'A';
      if (before.IsOpen() && !moved) continue;
      if (!before.IsOpen() && (muted || !now.is_tick)) continue;
      if (!before.IsOpen()) told.state = NumberOf(level.offset()) > 0 ? 'E' : 'R';
    } else {
      if (before.state == 0) continue;
      told.state = FalseNow(now, key, place, before.since);
      if (told.state == before.state) continue;
    }
    ++told.number;
    // Of a ghost nothing is known but that it was.
    const bool is_known = place.clock != nullptr && place.clock->closed_by != ClosedBy::kVoided;
    if (is_known) told.accountable = place.clock->accountable;
    told_[key] = told;
    lines.push_back(absl::StrCat(std::string(1, told.state), " ", key.first, " ", key.second, " #",
                                 told.number, " due ", Micro(told.due), " since ",
                                 Micro(told.since), " by ", told.accountable, " at ",
                                 Micro(now.reached)));
  }
  return lines;
}

}  // namespace dolen::second
