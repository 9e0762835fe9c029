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
    const bool ran_out =
        now.is_tick && before.IsAnswered() && before.until <= now.reached && truth != nullptr;
    if (truth != nullptr) {
      const pathway::v1::Level& level = place.clock->rule.level(place.level);
      told.due = level.of_target() ? place.clock->target : place.clock->due;
      told.since = truth->from;
      const auto backfill = now.backfills.find(place.clock->backfill);
      const bool muted = backfill != now.backfills.end() && truth->from <= backfill->second;
      const bool moved = told.due != before.due || told.since != before.since;
      const bool escalates = !level.of_target() && NumberOf(level.offset()) > 0;
      if (!before.IsOpen()) {
        if (muted || !now.is_tick || (escalates && IsSeenTo(key.first, now.reached))) continue;
        told.to = "";
      }
      if (!before.IsOpen() || ran_out) {
        told.state = escalates ? 'E' : 'R';
        told.until = absl::InfinitePast();
      } else if (moved) {
        told.state = 'A';
      } else {
        continue;
      }
      told.rule = place.clock->rule;
      told.zone = place.clock->zone;
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
    lines.push_back(LineOf(now, key, told));
  }
  return lines;
}

int Alerts::Untold(const Now& now) {
  int untold = 0;
  for (const Clock& clock : PictureAt(now, absl::InfiniteFuture())) {
    untold += clock.close.from <= now.reached && IsUntold(clock) ? 1 : 0;
  }
  return untold;
}

bool Alerts::IsUntold(const Clock& clock) const {
  if (clock.closed_by == ClosedBy::kVoided || clock.close.IsNever()) return false;
  if (!clock.backfill.empty()) return false;
  bool was_late = false, was_told = false;
  for (int i = 0; i < clock.rule.level_size(); ++i) {
    const pathway::v1::Level& level = clock.rule.level(i);
    if (level.of_target() || NumberOf(level.offset()) < 0) continue;
    was_told |= told_.count({clock.Name(root_name_), level.name()}) > 0;
    was_late |= !TruthOf(clock, i).empty();
  }
  return was_late && !was_told;
}

std::vector<std::string> Alerts::Figures(const Now& now, const std::string& zone) {
  const auto is_untold = [&](const Clock& clock) { return IsUntold(clock); };
  return FiguresOf(PictureAt(now, absl::InfiniteFuture()), now.said, now.library, zone, is_untold);
}

std::string Alerts::LineOf(const Now& now, const Key& key, const Told& told) {
  return absl::StrCat(std::string(1, told.state), " ", key.first, " ", key.second, " #",
                      told.number, " due ", Micro(told.due), " since ", Micro(told.since), " by ",
                      told.accountable, " at ", Micro(now.reached),
                      told.IsAnswered() ? " until " + Micro(told.until) : "",
                      told.to.empty() ? "" : " to " + told.to);
}

bool Alerts::IsSeenTo(const std::string& clock, absl::Time t) const {
  for (const auto& [key, told] : told_) {
    if (key.first == clock && told.IsAnswered() && t < told.until) return true;
  }
  return false;
}

// As a limit of the level's own, from now on; a day where no calendar reaches.
absl::Time Alerts::RunsOut(const Now& now, const Told& told, const std::string& level) {
  Question question;
  for (const pathway::v1::Level& one : told.rule.level()) {
    if (one.name() != level || !one.has_ack_expires()) continue;
    *question.rule.add_limit()->mutable_allow() = one.ack_expires();
  }
  question.zone = told.zone;
  question.start = {now.reached, now.reached};
  question.accountable = told.accountable;
  const DueAnswer answer = Due(question, now.library);
  const bool is_known = !answer.no_calendar && answer.due != absl::InfiniteFuture();
  return is_known ? answer.due : now.reached + absl::Hours(24);
}

std::vector<std::string> Alerts::Do(const Now& now, const Deed& deed) {
  std::vector<std::string> lines;
  const auto named = told_.find({deed.clock, deed.level});
  if (named == told_.end() || !named->second.IsOpen()) return lines;
  if (deed.state == 'S' && deed.until <= now.reached) return lines;
  for (auto& [key, told] : told_) {
    if (key.first != deed.clock || !told.IsOpen()) continue;
    told.state = deed.state;
    ++told.number;
    told.until = deed.state == 'S'   ? deed.until
                 : deed.state == 'G' ? absl::InfinitePast()
                                     : RunsOut(now, told, key.second);
    if (deed.state == 'G') told.to = deed.to;
    lines.push_back(LineOf(now, key, told));
  }
  return lines;
}

}  // namespace dolen::second
