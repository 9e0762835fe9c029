// What the second model says about a child: every alert is tried at every record.
#ifndef DOLEN_TESTS_ENGINE_CHILD_NAIVE_ALERTS_H_
#define DOLEN_TESTS_ENGINE_CHILD_NAIVE_ALERTS_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/engine/child/naive/figures.h"

namespace dolen::second {

class Alerts {
 public:
  explicit Alerts(RootName root_name) : root_name_(std::move(root_name)) {}

  // When each backfill ended; InfiniteFuture: it is open.
  using Backfills = std::map<std::string, absl::Time>;
  struct Now {
    const std::vector<Said>& said;
    const Library& library;
    const Backfills& backfills;
    absl::Time reached;
    bool is_tick = false;
  };
  // What is said now, one line for each change, by clock and level: state (R raised, A amended, E
  // escalated, C cleared, W withdrawn), clock, level, number, due, since, accountable, reached.
  std::vector<std::string> Look(const Now& now);
  // What a person does with the alert of a clock and a level. Lines as of Look, with K
  // acknowledged, S snoozed, G given to another, V settled.
  struct Deed {
    std::string clock, level;
    char state;
    absl::Time until;
    std::string to;
  };
  std::vector<std::string> Do(const Now& now, const Deed& deed);
  // How many clocks were late, and have ended, without a word about it.
  int Untold(const Now& now);
  // FiguresOf all that is known now.
  std::vector<std::string> Figures(const Now& now, const std::string& zone);
  // Something was heard or published: the clocks must be drawn again.
  void Changed() { pictures_.clear(); }

 private:
  struct Told {
    char state = 0;
    int number = 0;
    absl::Time due, since;
    std::string accountable;
    pathway::v1::Rule rule;  // as it was when last told
    std::string zone;
    absl::Time until = absl::InfinitePast();  // until when what a person said holds
    std::string to;
    bool IsOpen() const { return state != 0 && state != 'C' && state != 'W'; }
    bool IsAnswered() const { return IsOpen() && until != absl::InfinitePast(); }
  };
  struct Place {
    const Clock* clock = nullptr;
    int level = 0;
  };
  using Key = std::pair<std::string, std::string>;  // clock, level

  const std::vector<Clock>& PictureAt(const Now& now, absl::Time as_of);
  std::map<Key, Place> PlacesIn(const std::vector<Clock>& clocks) const;
  bool IsUntold(const Clock& clock) const;
  // Whether somebody sees to this clock.
  bool IsSeenTo(const std::string& clock, absl::Time t) const;
  static absl::Time RunsOut(const Now& now, const Told& told, const std::string& level);
  static std::string LineOf(const Now& now, const Key& key, const Told& told);
  char FalseNow(const Now& now, const Key& key, const Place& place, absl::Time since);

  const RootName root_name_;
  std::map<Key, Told> told_;
  std::map<absl::Time, std::vector<Clock>> pictures_;  // as of then, until something changes
};

}  // namespace dolen::second

#endif  // DOLEN_TESTS_ENGINE_CHILD_NAIVE_ALERTS_H_
