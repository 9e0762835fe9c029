// A child read from a shard for a reader of one agency. Errors: what the store says.
#ifndef DOLEN_PROJECTIONS_TIMELINE_STORED_CHILD_H_
#define DOLEN_PROJECTIONS_TIMELINE_STORED_CHILD_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "engine/base/ids.h"
#include "engine/child/event.h"
#include "engine/child/told.h"
#include "engine/shard/glance.h"
#include "engine/store/child_reader.h"
#include "projections/alerts/trail.h"

namespace dolen {

struct StoredChild {
  ChildKey key;
  std::vector<Event> unsealed;  // those events that are not sealed to the agency, in their order
  Privates hidden;              // their private parts
  Alerts alerts;                // as told; told again without what is sealed, where anything was
  bool is_told_again = false;
  absl::Time told_until = absl::InfiniteFuture();  // then: no more would be said before this
  std::vector<TrailLine> trail;  // where it is: what would have been said, and what people did
  absl::Time recorded;           // when the last of those events was
};

// None: there is no such child.
absl::StatusOr<absl::optional<StoredChild>> ReadStoredChild(const Glance& glance,
                                                            const ChildKey& key,
                                                            absl::string_view agency);

}  // namespace dolen

#endif  // DOLEN_PROJECTIONS_TIMELINE_STORED_CHILD_H_
