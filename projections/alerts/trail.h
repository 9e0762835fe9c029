// The trail of an alert: what was said, what people did with it, and what became of the messages
// that told them, in order.
#ifndef DOLEN_PROJECTIONS_ALERTS_TRAIL_H_
#define DOLEN_PROJECTIONS_ALERTS_TRAIL_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/variant.h"
#include "dolen/alert/v1/action.pb.h"
#include "dolen/alert/v1/alert.pb.h"
#include "engine/base/ids.h"
#include "engine/store/store.h"

namespace dolen {

struct TrailLine {
  absl::Time recorded;  // time reached when the ledger got it
  // A change is without what the book says of the rule and of the level.
  absl::variant<alert::v1::Alert, alert::v1::Action, alert::v1::Receipt> what;
};

// Of one alert of a child, or of an agency, as far as it is committed; all of theirs where
// `alert_id` is empty. kDataLoss: a line cannot be parsed.
absl::StatusOr<std::vector<TrailLine>> TrailOf(const StoreReader& store, const ChildKey& child,
                                               absl::string_view alert_id);

// An alert that was ever raised, and whose it is.
struct AlertName {
  std::string alert_id;
  ChildKey child;
};
// Those whose id begins with these hex digits, in order of id, at most `most`.
absl::StatusOr<std::vector<AlertName>> AlertsNamed(const StoreReader& store,
                                                   absl::string_view digits, size_t most);

// One JSON object: {"at":..., "change":{...}} or "action" or "receipt" in place of "change".
std::string TrailLineJson(const TrailLine& line);
// For a terminal, without a line end.
std::string TrailLineText(const TrailLine& line);

}  // namespace dolen

#endif  // DOLEN_PROJECTIONS_ALERTS_TRAIL_H_
