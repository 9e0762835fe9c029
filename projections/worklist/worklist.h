// The worklist: every deadline that somebody is still to see to, by who must and by who waits for
// it, what will be late first standing first.
#ifndef DOLEN_PROJECTIONS_WORKLIST_WORKLIST_H_
#define DOLEN_PROJECTIONS_WORKLIST_WORKLIST_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "dolen/store/v1/work.pb.h"
#include "engine/base/ids.h"
#include "engine/child/clock.h"
#include "engine/child/picture.h"
#include "engine/pathway/books.h"
#include "engine/shard/view.h"
#include "engine/store/store.h"

namespace dolen {

// Rows: key = agency, whose list, due, child, hash of the clock; value = dolen.store.v1.WorkRow. A
// child with a seal has none: what its clocks are depends on who asks, so it is drawn on reading.
class WorklistView : public View {
 public:
  char letter() const override { return 'w'; }
  uint8_t version() const override { return 2; }
  bool is_followed() const override { return true; }
  void AddRows(const ChildKey& child, const ChildState& state, const Books& books,
               Rows& rows) const override;
};

// Whose list: of those who must see to it, or of those who wait for another.
enum class WorkSide { kMine, kWaiting };

// The rows of one child's open clocks, for all agencies. `recorded`: when its last event was.
Rows WorkRowsOf(const ChildKey& child, const Picture& picture, const Alerts& alerts,
                absl::Time recorded, const Books& books);

struct WorkItem {
  std::string place;  // in the order of the list
  ChildKey child;
  store::v1::WorkRow row;
  ClockState state = ClockState::kNotStarted;  // at the time asked for
  std::string paused_by;                       // while paused: whose minutes; may be empty
};

struct WorkQuery {
  std::string agency;
  WorkSide side = WorkSide::kMine;
  std::string rule;                  // empty: all
  absl::optional<ClockState> state;  // none: all
  std::string after;  // the place of the last item of the page before; empty: from the start
  size_t limit = 50;
};

// The item of a row as it is at `at`; none where the clock is not open then.
absl::StatusOr<absl::optional<WorkItem>> WorkItemOf(absl::string_view key, absl::string_view value,
                                                    absl::Time at);
// The same whatever the time; its state is not read.
absl::StatusOr<WorkItem> WorkItemOfAnyTime(absl::string_view key, absl::string_view value);
// What the keys of a list begin with in the store.
std::string WorklistPrefix(absl::string_view agency, WorkSide side);
// Whether it is on the list that is asked for, wherever a page begins.
bool Fits(const WorkItem& item, const WorkQuery& query);
// The rows of one shard, and the time as of which they are read.
struct WorkRows {
  const StoreReader* store;
  absl::Time at;
};
// Of all shards, at most `limit` of them, in order.
absl::StatusOr<std::vector<WorkItem>> ReadWorklist(absl::Span<const WorkRows> shards,
                                                   const WorkQuery& query);
// What of the rows of one child belongs on the list; any order.
absl::StatusOr<std::vector<WorkItem>> WorkItemsIn(const Rows& rows, const WorkQuery& query,
                                                  absl::Time at);

// One JSON object, as openapi.json says it.
std::string WorkItemJson(const WorkItem& item, const Books& books);
// One line of a table with a head; ends with a line's end.
std::string WorkCsvHead();
std::string WorkItemCsv(const WorkItem& item, const Books& books);

}  // namespace dolen

#endif  // DOLEN_PROJECTIONS_WORKLIST_WORKLIST_H_
