// What due times are asked of: calendars to 2046 and beyond the shipped bank holidays, and rules of
// every unit and convention.
#ifndef DOLEN_TESTS_ENGINE_CHILD_DUE_CASES_H_
#define DOLEN_TESTS_ENGINE_CHILD_DUE_CASES_H_

#include <string>
#include <vector>

#include "dolen/pathway/v1/pathway.pb.h"

namespace dolen::due {

inline constexpr int kFirstYear = 2012, kLastYear = 2040;  // of starts
inline constexpr const char* kNations[] = {"england", "wales", "scotland", "northern_ireland"};

// The shipped calendars as far as they reach, then made-up bank holidays; made-up school terms; an
// agency in each nation, named like it.
pathway::v1::Book Calendars();
// The same, but half of the closures became known only shortly before, on or after their day.
pathway::v1::Book LateClosures();

// Limits, targets and levels, in text format. Those with `from` count from the field "planned_for".
std::vector<std::string> Shapes();
// The same with pauses, whose clauses are numbered, or with a window.
std::vector<std::string> HeldShapes();
// The rule "R-<number>" that says so.
pathway::v1::Rule RuleOf(const std::string& shape, int number);

}  // namespace dolen::due

#endif  // DOLEN_TESTS_ENGINE_CHILD_DUE_CASES_H_
