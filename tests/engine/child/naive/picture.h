// The second model of a child's picture: all clocks, drawn from the whole set of events each time.
#ifndef DOLEN_TESTS_ENGINE_CHILD_NAIVE_PICTURE_H_
#define DOLEN_TESTS_ENGINE_CHILD_NAIVE_PICTURE_H_

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/engine/child/naive/duty.h"

namespace dolen::second {

// The text by which a clock's name tells a root, for example 16 hex digits of a hash. Roots here
// are opaque: "agency\nid" of an event, "occasion\nid", or "overdue\nRULE\nroot of its clock".
using RootName = std::function<std::string(const std::string& root)>;

// By an authorised exception, [from, until).
struct Excuse {
  absl::Time from;
  absl::Time until = absl::InfiniteFuture();
};

struct Clock {
  pathway::v1::Rule rule;
  std::string zone;
  std::string key;
  std::string root;  // of its identity; empty: the only one, or the first
  event::v1::Matter matter;
  Span start, close;
  ClosedBy closed_by = ClosedBy::kNothing;  // kVoided: a ghost, nothing else is known of it
  absl::Time close_recorded = absl::InfinitePast();  // of what closed it; of moments: never
  bool speaks = false;                               // some limit does
  bool no_calendar = false;
  absl::Time due = absl::InfiniteFuture();
  absl::Time target = absl::InfiniteFuture();
  std::vector<absl::Time> levels;
  std::vector<Excuse> excuses;       // authorised before due
  std::vector<absl::Time> too_late;  // exceptions at or after due
  std::string backfill;
  std::string accountable;  // in the end
  std::string waits;        // then: who asked, else who started it; empty: nobody but they
  // Who the accountable and each owner of a pause was from when on, in order; the first from the
  // start. By what the rule or the pause calls them.
  std::map<std::string, std::vector<std::pair<absl::Time, std::string>>> parties_from;
  Question question;  // and its answer; not of ghosts
  DueAnswer answer;

  std::string Name(const RootName& root_name) const;
};

// All clocks, ghosts too, by rule, key and start. With `as_of`: from what had occurred by then of
// all that is known.
std::vector<Clock> Draw(const std::vector<Said>& said, const Library& library,
                        absl::Time as_of = absl::InfiniteFuture());

bool IsExcusedAt(const Clock& clock, absl::Time t);
std::string StateAt(const Clock& clock, absl::Time t);
// When a level is true: stretches [from, to) in order.
std::vector<Excuse> TruthOf(const Clock& clock, int level);
// Whose time it was, from the start to the close or `reached`; and whether the clock stood.
using Times = std::map<std::pair<std::string, bool>, absl::Duration>;
Times TimesOf(const Clock& clock, const Library& library, absl::Time reached);
// Together.
std::map<std::string, absl::Duration> SharesOf(const Clock& clock, const Library& library,
                                               absl::Time reached);
// Of each of the drawn clocks, when it was first overdue on what had occurred by then;
// InfiniteFuture: never.
std::vector<absl::Time> BreachesOf(const std::vector<Clock>& clocks, const std::vector<Said>& said,
                                   const Library& library);
// Everything about a clock, as one line.
std::string Text(const Clock& clock, const RootName& root_name);

}  // namespace dolen::second

#endif  // DOLEN_TESTS_ENGINE_CHILD_NAIVE_PICTURE_H_
