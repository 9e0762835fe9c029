// What has ended with a child, in numbers, as the second model counts it: from the whole set of
// events each time.
#ifndef DOLEN_TESTS_ENGINE_CHILD_NAIVE_FIGURES_H_
#define DOLEN_TESTS_ENGINE_CHILD_NAIVE_FIGURES_H_

#include <functional>
#include <string>
#include <vector>

#include "tests/engine/child/naive/picture.h"

namespace dolen::second {

// The language; then a line for each rule, agency and month, each sharer of the time there, and
// each pair of agencies and month; sorted. `zone`: in which the months of asks are.
std::vector<std::string> FiguresOf(const std::vector<Clock>& clocks, const std::vector<Said>& said,
                                   const Library& library, const std::string& zone,
                                   const std::function<bool(const Clock&)>& is_untold);

}  // namespace dolen::second

#endif  // DOLEN_TESTS_ENGINE_CHILD_NAIVE_FIGURES_H_
