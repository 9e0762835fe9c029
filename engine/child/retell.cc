#include "engine/child/retell.h"

#include <algorithm>
#include <utility>

#include "engine/base/status.h"
#include "engine/base/time.h"
#include "engine/child/answer.h"

namespace dolen {
namespace {

class Retelling {
 public:
  Retelling(const ChildKey& child, const Books& books, const Backfills& backfills)
      : child_(child), books_(books), backfills_(backfills) {}

  // Ticks before `t`, each when it is due: what the ledger got at an instant is known before the
  // tick of that instant.
  absl::Status WaitUntil(absl::Time t) {
    while (next_due_ < t) {
      const absl::Time due = std::max(next_due_, reached_);
      DOLEN_RETURN_IF_ERROR(Say(MayRaise::kYes, due));
      if (next_due_ <= due) break;  // waiting longer changes nothing
    }
    return absl::OkStatus();
  }

  absl::Status Add(const Event& event) {
    events_.insert(
        std::upper_bound(events_.begin(), events_.end(), event,
                         [](const Event& a, const Event& b) { return a.Order() < b.Order(); }),
        event);
    picture_ = Draw(events_, books_);
    return Say(MayRaise::kNo, event.recorded);
  }

  absl::Status Add(const DoneAt& done) {
    Keep(TakeAction(done.action, child_, books_, done.recorded, told_.alerts), done.recorded);
    return Say(MayRaise::kNo, done.recorded);
  }

  Retold Take() {
    // A due time that was reached and changed nothing: waiting longer will not either.
    if (next_due_ > reached_) told_.until = next_due_;
    return std::move(told_);
  }

 private:
  absl::Status Say(MayRaise may_raise, absl::Time at) {
    reached_ = std::max(reached_, at);
    const auto as_of = [this](absl::Time t, const Zone& zone) -> absl::StatusOr<Picture> {
      return DrawAsOf(events_, books_, t, zone);
    };
    const Sight sight{child_, picture_, books_, backfills_, reached_, as_of};
    DOLEN_ASSIGN_OR_RETURN(std::vector<alert::v1::Alert> changes,
                           Watch(sight, may_raise, told_.alerts));
    Keep(std::move(changes), reached_);
    next_due_ = NextDue(sight, told_.alerts);
    return absl::OkStatus();
  }

  void Keep(std::vector<alert::v1::Alert> changes, absl::Time at) {
    for (alert::v1::Alert& change : changes) {
      *change.mutable_at() = ToTimestamp(at);
      told_.changes.push_back(std::move(change));
    }
  }

  const ChildKey& child_;
  const Books& books_;
  const Backfills& backfills_;
  std::vector<Event> events_;
  Picture picture_;
  Retold told_;
  absl::Time reached_ = absl::InfinitePast();
  absl::Time next_due_ = absl::InfiniteFuture();
};

}  // namespace

absl::StatusOr<Retold> Retell(const ChildKey& child, absl::Span<const Event> events,
                              absl::Span<const DoneAt> done, const Books& books,
                              const Backfills& backfills, absl::Time reached) {
  std::vector<const Event*> arrived;
  for (const Event& event : events) arrived.push_back(&event);
  std::sort(arrived.begin(), arrived.end(),
            [](const Event* a, const Event* b) { return a->position < b->position; });
  Retelling retelling(child, books, backfills);
  auto next = done.begin();
  const auto take_done_until = [&](absl::Time t) -> absl::Status {
    for (; next != done.end() && next->recorded <= t; ++next) {
      DOLEN_RETURN_IF_ERROR(retelling.WaitUntil(next->recorded));
      DOLEN_RETURN_IF_ERROR(retelling.Add(*next));
    }
    return retelling.WaitUntil(t);
  };
  for (const Event* const event : arrived) {
    DOLEN_RETURN_IF_ERROR(take_done_until(event->recorded));
    DOLEN_RETURN_IF_ERROR(retelling.Add(*event));
  }
  DOLEN_RETURN_IF_ERROR(take_done_until(reached));
  DOLEN_RETURN_IF_ERROR(retelling.WaitUntil(reached + absl::Microseconds(1)));
  return retelling.Take();
}

}  // namespace dolen
