// When one clock is due, found by stepping: days one by one, hours minute by minute.
//
// Everything that the history has to say is in the question, so that a table or a random test can
// ask it directly: what started the clock, what each limit counts from, what held the clock.
#ifndef DOLEN_TESTS_ENGINE_CHILD_NAIVE_DUE_H_
#define DOLEN_TESTS_ENGINE_CHILD_NAIVE_DUE_H_

#include <optional>
#include <string>
#include <vector>

#include "tests/engine/child/naive/words.h"

namespace dolen::second {

// One pause of one clause of the rule, from when it begins to when it ends: [begin, end).
struct Hold {
  absl::Time begin;
  absl::Time end = absl::InfiniteFuture();  // still open
  int clause = 0;                           // index in Rule.pause
  std::string owner;                        // whose time it is, perhaps a party; empty: not stated
};

// What the history says about one limit or target.
struct Basis {
  bool when = true;  // whether its `when` fits the start event
  // The first match of its `from.event`; needed only with one.
  struct Match {
    Span at;
    event::v1::Open open;
  };
  std::optional<Match> event;
  std::string calendar_of;  // the agency whose calendar it is, resolved; empty: the accountable one
};

struct Question {
  pathway::v1::Rule rule;
  std::string zone = "Europe/London";
  Span start;
  event::v1::Open start_event;                // its fields are bases
  absl::Time close = absl::InfiniteFuture();  // pauses end there
  std::string accountable;                    // the agency accountable right after the start
  std::vector<Basis> limits, targets;         // for each of the rule; missing ones: Basis()
  std::vector<Hold> holds;                    // in order of their begin events
  std::vector<Span> inside;  // other clocks of rule and key, [start, close), for `within`
  // Charges of an open pause without end are told up to here.
  absl::Time horizon = absl::InfinitePast();
};

// A stretch of time that did not count, [from, to), and which of the holds it is charged to.
struct Charge {
  absl::Time from, to;
  size_t hold;
};

// Of one limit.
struct LimitAnswer {
  enum What {
    kSilent,      // it does not speak
    kDue,         // at `due`
    kHeld,        // an open pause holds it for as long as it is open
    kNoCalendar,  // a day is needed that no calendar knows
  };
  What what = kSilent;
  absl::Time due = absl::InfiniteFuture();
  std::vector<Charge> charges;
  std::vector<int> closed;  // which Closed of its calendar are in effect
};

struct DueAnswer {
  bool speaks = false;       // some limit does
  bool no_calendar = false;  // then there is no due
  absl::Time due = absl::InfiniteFuture();
  absl::Time target = absl::InfiniteFuture();
  int binding = -1, binding_target = -1;  // index of the limit and of the target that bind
  std::vector<absl::Time> levels;         // InfiniteFuture: never
  std::vector<Charge> charges;            // of the binding limit
};

DueAnswer Due(const Question& question, const Library& library);
// The pause that holds the clock at `t`: of all that cover it, and whose clause is not used up by
// then, the one that began first. Without a limit nothing is used up. Null: none does.
const Hold* HolderAt(const Question& question, const DueAnswer& answer, absl::Time t);

// --- the parts, also for tests

// The days of one unit. Counts() is empty where the calendar does not know the day.
class CountedDays {
 public:
  // `closed`: which Closed of the calendar are in effect.
  CountedDays(pathway::v1::Amount::OfCase unit, const pathway::v1::Calendar* calendar,
              std::vector<int> closed)
      : unit_(unit), calendar_(calendar), closed_(std::move(closed)) {}
  std::optional<bool> Counts(absl::CivilDay day) const;

 private:
  const pathway::v1::Amount::OfCase unit_;
  const pathway::v1::Calendar* const calendar_;
  const std::vector<int> closed_;
};

bool IsOfSchools(pathway::v1::Amount::OfCase unit);
// How many of its unit; weeks and years in their own.
int NumberOf(const pathway::v1::Amount& amount);
// The nth counted day from `day`, forward or back, without pauses; months: the same day number.
std::optional<absl::CivilDay> StepDays(absl::CivilDay day, const pathway::v1::Amount& amount,
                                       const CountedDays& days);

// A calendar, and which of its Closed are in effect. Null: none is known.
struct Keeping {
  const pathway::v1::Calendar* calendar = nullptr;
  std::vector<int> closed;
};

// The step from a base to the due of one limit. `counted`: by which its unit is counted; `work`: of
// working days, by which a last day rolls whatever the unit.
LimitAnswer DueOfLimit(const Question& question, const pathway::v1::Limit& limit, const Span& base,
                       const Keeping& counted, const Keeping& work);

}  // namespace dolen::second

#endif  // DOLEN_TESTS_ENGINE_CHILD_NAIVE_DUE_H_
