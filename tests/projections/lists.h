// The lists of agencies as lines that two can be compared by: as the stored rows of the worklist,
// the responsibility and the alerts view are read, and as the second model has them from the events
// and from what was said. The two share protobufs and nothing else.
#ifndef DOLEN_TESTS_PROJECTIONS_LISTS_H_
#define DOLEN_TESTS_PROJECTIONS_LISTS_H_

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "dolen/alert/v1/alert.pb.h"
#include "engine/pathway/books.h"
#include "engine/store/store.h"
#include "tests/engine/child/naive/holding.h"
#include "tests/engine/child/naive/picture.h"

namespace dolen::lists {

// By agency; sorted.
using Lists = std::map<std::string, std::vector<std::string>>;

// The last thing said of each alert, by its id.
using Said = std::map<std::string, alert::v1::Alert>;
bool IsOpen(const alert::v1::Alert& alert);
std::string AlertText(const alert::v1::Alert& alert);
// What tells one version of a rule from another.
std::string RuleText(const pathway::v1::Rule& rule);

// All agencies that have a row in one of the views.
std::set<std::string> AgenciesIn(const StoreReader& store);
// What the rows of the worklist and of the responsibility say to each agency that has any; and
// those of the alerts, which hang on no time. Fail the test where a list is out of its order.
Lists Stored(const StoreReader& store, const Books& books, absl::Time at);
Lists StoredAlerts(const StoreReader& store);
// Fails the test unless the worklists read page by page are what they are read at once.
void ExpectPages(const StoreReader& store, absl::Time at);

// One child as the second model knows it.
struct Child {
  std::string key;  // 32 hex digits
  std::vector<second::Clock> clocks;
  second::Responsibility responsibility;
};
struct Model {
  std::vector<Child> children;
  Said said;
  second::RootName root_name;
};
Lists Recomputed(const Model& model, absl::Time at);
Lists RecomputedAlerts(const Said& said);

// What only one of them has, a line each; empty: they agree.
std::string Difference(const Lists& stored, const Lists& recomputed);

}  // namespace dolen::lists

#endif  // DOLEN_TESTS_PROJECTIONS_LISTS_H_
