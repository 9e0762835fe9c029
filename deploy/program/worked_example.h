// The dates of one rule for one start: what `dolen book explain` shows under a rule. Pure.
#ifndef DOLEN_DEPLOY_PROGRAM_WORKED_EXAMPLE_H_
#define DOLEN_DEPLOY_PROGRAM_WORKED_EXAMPLE_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "dolen/pathway/v1/pathway.pb.h"
#include "engine/calendar/zone.h"
#include "engine/child/event.h"
#include "engine/pathway/books.h"
#include "engine/pathway/words.h"

namespace dolen {

struct Worked {
  // A run of days, one after another, that did not count.
  struct Skipped {
    absl::CivilDay from;
    std::vector<bool> is_weekend;  // for each day of the run; else it is closed
  };
  Moment start;
  absl::Time due = absl::InfiniteFuture();  // never: a standing duty, or no calendar
  bool no_calendar = false;
  std::string calendar;  // its id; empty: the rule counts no days of a calendar
  bool counts_some_days = false;
  std::vector<Skipped> skipped;                            // from the start to the last day
  std::vector<std::pair<std::string, absl::Time>> levels;  // by name
};

// With the engine's own arithmetic (engine/child/due.h), which this alone calls here. `agency` is
// the accountable one, for its calendar.
Worked WorkedExample(const pathway::v1::Rule& rule, const Moment& start, absl::string_view agency,
                     const Books& books, const Zone& zone);

// In words.
std::vector<Line> WorkedLines(const Worked& worked, const Zone& zone, Language language);

// "Thursday 2026-04-02 16:30".
std::string TimeWords(absl::Time time, const Zone& zone, Language language);

}  // namespace dolen

#endif  // DOLEN_DEPLOY_PROGRAM_WORKED_EXAMPLE_H_
