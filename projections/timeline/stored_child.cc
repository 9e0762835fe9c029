#include "projections/timeline/stored_child.h"

#include <algorithm>
#include <utility>

#include "engine/base/status.h"
#include "engine/base/time.h"
#include "engine/child/need_to_know.h"
#include "engine/child/retell.h"
#include "engine/store/facts.h"
#include "projections/alerts/trail.h"

namespace dolen {
namespace {

// What people did, of all that was said and done.
std::vector<DoneAt> DoneIn(const std::vector<TrailLine>& trail) {
  std::vector<DoneAt> done;
  for (const TrailLine& line : trail) {
    const auto* const action = absl::get_if<alert::v1::Action>(&line.what);
    if (action != nullptr) done.push_back({line.recorded, *action});
  }
  return done;
}

// Tells again without what is sealed. Who was sent what is left out: it was sent about more.
absl::Status TellAgain(const Glance& glance, StoredChild& child) {
  DOLEN_ASSIGN_OR_RETURN(const std::vector<TrailLine> trail, TrailOf(glance.rows(), child.key, ""));
  const std::vector<DoneAt> done = DoneIn(trail);
  DOLEN_ASSIGN_OR_RETURN(const BackfillRows backfills, ReadBackfillRows(glance.rows()));
  DOLEN_ASSIGN_OR_RETURN(Retold retold, Retell(child.key, child.unsealed, done, glance.books(),
                                               BackfillsOf(backfills), glance.reached()));
  child.is_told_again = true;
  child.told_until = retold.until;
  child.alerts = std::move(retold.alerts);
  for (alert::v1::Alert& change : retold.changes) {
    const absl::Time at = FromTimestamp(change.at());
    child.trail.push_back({at, std::move(change)});
  }
  for (const DoneAt& one : done) child.trail.push_back({one.recorded, one.action});
  std::stable_sort(child.trail.begin(), child.trail.end(),
                   [](const TrailLine& a, const TrailLine& b) { return a.recorded < b.recorded; });
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<absl::optional<StoredChild>> ReadStoredChild(const Glance& glance,
                                                            const ChildKey& key,
                                                            absl::string_view agency) {
  ChildReader reader(&glance.rows(), &glance.books());
  DOLEN_ASSIGN_OR_RETURN(const ChildState* const state, reader.Find(key));
  if (state == nullptr) return absl::optional<StoredChild>();
  StoredChild child;
  child.key = key;
  DOLEN_ASSIGN_OR_RETURN(std::vector<Event> events, reader.Events(&child.hidden));
  child.recorded = state->recorded;
  if (!state->has_seals) {
    child.unsealed = std::move(events);
    DOLEN_ASSIGN_OR_RETURN(child.alerts, reader.AllAlerts());
    return absl::optional<StoredChild>(std::move(child));
  }
  child.unsealed = Unsealed(events, agency);
  child.recorded = absl::InfinitePast();
  for (const Event& event : child.unsealed) {
    child.recorded = std::max(child.recorded, event.recorded);
  }
  DOLEN_RETURN_IF_ERROR(TellAgain(glance, child));
  return absl::optional<StoredChild>(std::move(child));
}

}  // namespace dolen
