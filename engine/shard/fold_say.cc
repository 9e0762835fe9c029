// What a fold says of a child, and where it goes: the picture is drawn anew where it must be, the
// watch compares it with what was said, and each change gets its number, a line on the trail and a
// place in the outbox.
#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "engine/base/status.h"
#include "engine/base/time.h"
#include "engine/child/forget.h"
#include "engine/child/watch.h"
#include "engine/shard/fold.h"
#include "engine/store/keys.h"

namespace dolen {

absl::Status Fold::LookAgain(Children::Child& child, MayRaise may_raise, absl::Time at) {
  const bool drawn = child.state.picture.books == books_.publications();
  if (!drawn) DOLEN_RETURN_IF_ERROR(DrawAgain(child));
  DOLEN_RETURN_IF_ERROR(
      Say(child, may_raise, drawn ? absl::InfiniteFuture() : absl::InfinitePast(), at));
  if (!drawn) Forget(child);
  return absl::OkStatus();
}

absl::Status Fold::DrawAgain(Children::Child& child) {
  DOLEN_ASSIGN_OR_RETURN(const std::vector<Event> events, ReadEvents(child));
  child.state.picture = Draw(events, books_);
  child.state.untold_away = 0;
  return children_.TakeBack(child);
}

void Fold::Forget(Children::Child& child) {
  ChildState& state = child.state;
  const auto untold = [&] { return CountUntold(state.picture, books_, reached(), state.alerts); };
  const uint32_t before = untold();
  const Forgotten forgotten =
      dolen::Forget(options_.forgetting, books_, reached(), state.history.last().occurred,
                    state.picture, state.alerts);
  children_.PutAway(forgotten, child);
  state.untold_away += before - untold();
}

absl::Status Fold::Say(Children::Child& child, MayRaise may_raise, absl::Time changed_from,
                       absl::Time at) {
  const auto as_of = [&](absl::Time t, const Zone& zone) -> absl::StatusOr<Picture> {
    DOLEN_ASSIGN_OR_RETURN(const std::vector<Event> events, ReadEvents(child));
    return DrawAsOf(events, books_, t, zone);
  };
  const Sight sight{child.key, child.state.picture, books_, backfills_, at, as_of, changed_from};
  DOLEN_ASSIGN_OR_RETURN(std::vector<alert::v1::Alert> changes,
                         Watch(sight, may_raise, child.state.alerts));
  TellChanges(child, changes);
  CountUntoldOf(child, at);
  child.state.next_due = NextDue(sight, child.state.alerts);
  due_.Set(child.key, child.state.next_due, reached());
  return absl::OkStatus();
}

void Fold::CountUntoldOf(Children::Child& child, absl::Time at) {
  ChildState& state = child.state;
  const uint32_t before = state.untold;
  state.untold = state.untold_away + CountUntold(state.picture, books_, at, state.alerts);
  row_.set_untold(row_.untold() + state.untold - before);
}

void Fold::TellChanges(Children::Child& child, std::vector<alert::v1::Alert>& changes) {
  for (alert::v1::Alert& change : changes) {
    store::v1::TrailRow line;
    alert::v1::Alert in_short = change;
    Shorten(in_short);
    line.set_change(in_short.SerializeAsString());
    PutTrail(child.key, std::move(line));
    if (change.number() == 1) {
      batch_.Put(keys::AlertChild(absl::HexStringToBytes(change.alert_id())), child.key.bytes());
    }
    if (!speaks()) continue;
    if (held_.count(change.alert_id()) > 0) {
      HoldAgain(change, child);
    } else {
      Send(change);
    }
  }
}

void Fold::Send(alert::v1::Alert& change) {
  row_.set_alerts(row_.alerts() + 1);
  change.set_shard(options_.shard);
  change.set_shard_number(row_.alerts());
  change.set_fold_revision(options_.revision);
  if (row_.alerts() <= telling_.number()) return;  // it was told before a fall-back
  Outgoing outgoing{row_.alerts(), change.alert_id(), change.SerializeAsString(), due_since_};
  batch_.Put(keys::Outbox(outgoing.number), outgoing.bytes);
  told_deadline_ |= outgoing.due_since != absl::InfiniteFuture();
  said_.push_back(std::move(outgoing));
}

}  // namespace dolen
