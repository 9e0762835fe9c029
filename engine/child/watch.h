// The watch: what we say to people, as a function of pictures. It remembers what was said in Alerts
// and nothing else does. Pure; it runs after every record of a child and for those whom a tick
// drains.
//
// Only a tick raises or escalates. After other records Watch amends, clears and withdraws, and a
// level that has become true makes its child due at once (NextDue), so that a step which is known
// before the tick pages nobody.
#ifndef DOLEN_ENGINE_CHILD_WATCH_H_
#define DOLEN_ENGINE_CHILD_WATCH_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "dolen/alert/v1/alert.pb.h"
#include "engine/base/ids.h"
#include "engine/child/picture.h"
#include "engine/child/told.h"
#include "engine/pathway/books.h"

namespace dolen {

// A backfill is open until its end is known. Alerts of clocks that its events started are muted
// while it is open, and for good if they became true by its end.
struct Backfill {
  absl::Time begun;
  absl::Time ended = absl::InfiniteFuture();
};
using Backfills = absl::btree_map<std::string, Backfill>;

// What Watch looks at. All references outlive the call.
struct Sight {
  const ChildKey& child;
  const Picture& picture;
  const Books& books;
  const Backfills& backfills;
  absl::Time reached;
  // DrawAsOf from all events of the child: whether something that is no longer true ever was is
  // read from there. Its errors end the call.
  absl::FunctionRef<absl::StatusOr<Picture>(absl::Time, const Zone&)> as_of;
  // What was true before this instant is as it was when Watch last looked.
  absl::Time changed_from = absl::InfinitePast();
};

enum class MayRaise { kNo, kYes };  // kYes: a tick drains this child

// Brings `alerts` in line with the picture at the time reached; returns what changed, in the order
// of clock and level, each with the whole alert but without the shard's own numbers.
absl::StatusOr<std::vector<alert::v1::Alert>> Watch(const Sight& sight, MayRaise may_raise,
                                                    Alerts& alerts);

// The earliest instant, maybe already past, at which waiting alone can change what is said;
// InfiniteFuture: never.
absl::Time NextDue(const Sight& sight, const Alerts& alerts);

// A breach nobody was told of: a clock that was late and has ended, of which no level at or after
// due was ever told, since its end was known before a tick came. What the book never tells is none,
// nor what a backfill brought.
bool IsUntold(const Picture& picture, const Duty& duty, const Clock& clock, const Books& books,
              const Alerts& alerts);

// How many of them there are among the clocks that have ended by `reached`.
uint32_t CountUntold(const Picture& picture, const Books& books, absl::Time reached,
                     const Alerts& alerts);

// When a level of a clock would first have been told, had everything that the picture knows been
// known as it occurred: when it is first true and not muted. InfiniteFuture: never.
absl::Time FirstTold(const Clock& clock, const RuleVersion& version, int level,
                     const Backfills& backfills);

}  // namespace dolen

#endif  // DOLEN_ENGINE_CHILD_WATCH_H_
