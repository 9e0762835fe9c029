// A second model of clocks and alerts, written from the rule model alone and kept naive on purpose:
// every answer is computed from the whole history by looking through it, days are stepped one by
// one, and what is said is found by trying every alert at every record. It shares with the engine
// the protobufs and nothing else; the test asks both the same and compares.
#ifndef DOLEN_TESTS_ENGINE_CHILD_NAIVE_H_
#define DOLEN_TESTS_ENGINE_CHILD_NAIVE_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "dolen/event/v1/event.pb.h"
#include "dolen/pathway/v1/pathway.pb.h"

namespace dolen::naive {

struct Said {
  event::v1::Open open;
  std::string backfill;
};

// Publications of one book, in order. Days begin as in London.
struct Published {
  pathway::v1::Book book;
  absl::Time recorded;
};

// All that the books say. Of each rule the versions in order of publication and text, each with the
// days of start that it judges.
struct Version {
  pathway::v1::Rule rule;
  absl::CivilDay from, to;
};
struct Library {
  std::map<std::string, std::vector<Version>> rules;
  std::map<std::string, pathway::v1::Agency> agencies;
  std::map<std::string, pathway::v1::Calendar> calendars;
};
Library Read(const std::vector<Published>& books);

// It happened not before `from` and not after `to`.
struct Span {
  absl::Time from = absl::InfiniteFuture();
  absl::Time to = absl::InfiniteFuture();
};

Span SpanOf(const event::v1::Open& open);

struct Clock {
  pathway::v1::Rule rule;
  std::string matter_agency, matter_id;
  bool per_child = false;
  Span start, close;
  bool cancelled = false;  // closed by its cancel
  bool no_calendar = false;
  absl::Time due = absl::InfiniteFuture();
  std::vector<absl::Time> levels;
  std::string backfill;
  std::string accountable;  // in the end
  std::string Name() const;
};

// All started clocks, by name. `said` in any order.
std::vector<Clock> Draw(std::vector<Said> said, const Library& library);
std::string StateAt(const Clock& clock, absl::Time t);
// Microseconds since 1970; "-" for never.
std::string Micro(absl::Time t);
// Everything about a clock, as one line.
std::string Text(const Clock& clock);

// What was said of one child.
class Alerts {
 public:
  // When each backfill ended; InfiniteFuture: it is open.
  using Backfills = std::map<std::string, absl::Time>;
  struct Now {
    const std::vector<Said>& said;
    const Library& library;
    const Backfills& backfills;
    absl::Time reached;
    bool is_tick = false;
  };
  // What is said now, one line for each change, by clock and level.
  std::vector<std::string> Look(const Now& now);
  // Something was heard or published: the clocks must be drawn again.
  void Changed() { drawn_ = false; }

 private:
  struct Told {
    char state = 0;  // R raised, A amended, E escalated, C cleared, W withdrawn
    int number = 0;
    absl::Time due, since;
    std::string accountable;
  };
  using Key = std::pair<std::string, std::string>;  // clock, level

  std::map<Key, Told> told_;
  bool drawn_ = false;
  std::vector<Clock> clocks_;
};

}  // namespace dolen::naive

#endif  // DOLEN_TESTS_ENGINE_CHILD_NAIVE_H_
