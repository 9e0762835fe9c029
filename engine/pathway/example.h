// The cases that a book brings along: what happened, and what is then expected, in one line that a
// board can read and write:
//
//   2025-12-19 conference_held; 2026-01-02 plan_sent -> W-OUTLINE last 2025-12-30; state late
//
//   case     = event { ";" event } "->" expected { ";" expected }
//   event    = DAY [TIME] NAME { "by" AGENCY | "to" AGENCY | "in" MATTER | "continues" MATTER
//                              | "recorded" DAY [TIME] | FIELD=VALUE }
//   expected = [ RULE [ "in" MATTER ] [ "started" DAY ] ] what    (no RULE: the one before)
//   what     = "last" DAY | "due" DAY TIME | "state" STATE [ "on" DAY [TIME] ] | "none"
//
// docs/pathway-book.md explains it. Pure: running a case needs engine/child and is the program's.
#ifndef DOLEN_ENGINE_PATHWAY_EXAMPLE_H_
#define DOLEN_ENGINE_PATHWAY_EXAMPLE_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/types/optional.h"
#include "dolen/event/v1/event.pb.h"
#include "dolen/pathway/v1/pathway.pb.h"
#include "engine/calendar/zone.h"

namespace dolen {

// A day or a minute in the book's zone.
struct ExampleTime {
  absl::CivilMinute at;
  bool is_day = true;
};

struct ExampleEvent {
  int column = 0;  // of its first character in the text, from 1
  ExampleTime occurred;
  absl::optional<ExampleTime> recorded;  // none: when it occurred
  std::string name;                      // a kind, else a milestone
  std::string by;                        // empty: the first agency of the book
  std::string matter = "M1";
  std::string continues;
  std::vector<std::pair<std::string, std::string>> fields;  // "to" is to_agency
};

struct Expectation {
  enum What { kLast, kDue, kState, kNone };
  int column = 0;
  std::string rule;
  std::string matter;                   // empty: the only one
  absl::optional<ExampleTime> started;  // none: the only one
  What what = kNone;
  ExampleTime time;                // kLast, kDue
  std::string state;               // kState
  absl::optional<ExampleTime> on;  // kState; none: the end of the day of the last event
};

struct Example {
  std::vector<ExampleEvent> events;
  std::vector<Expectation> expected;
};

// Errors: kInvalidArgument says at which character, what stands there and what to write.
absl::StatusOr<Example> ParseExample(absl::string_view text);

// Whether every rule, agency and event that the case names is there. Errors as above.
absl::Status CheckNames(const Example& example, const pathway::v1::Book& book);

// The event as its agency would send it. `number` makes its id; matters are opened by `agency`,
// which also speaks where nobody is named.
event::v1::Open OpenOf(const ExampleEvent& event, int number, absl::string_view agency,
                       const Zone& zone);

// Whether "state" may expect this. All names that StateName of engine/child gives.
bool IsExampleState(absl::string_view state);

}  // namespace dolen

#endif  // DOLEN_ENGINE_PATHWAY_EXAMPLE_H_
