// The timeline of one child: what happened, what should have, and what was said, in order. Drawn on
// reading, from the child's events, picture and alerts.
#ifndef DOLEN_PROJECTIONS_TIMELINE_TIMELINE_H_
#define DOLEN_PROJECTIONS_TIMELINE_TIMELINE_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "dolen/alert/v1/alert.pb.h"
#include "engine/base/ids.h"
#include "engine/child/clock.h"
#include "engine/child/event.h"
#include "engine/child/picture.h"
#include "engine/child/watch.h"
#include "engine/pathway/books.h"

namespace dolen {

// One clock as people read it.
struct ClockLine {
  std::string clock;  // the instance
  std::string rule;
  std::string book_version;
  std::string title_en;
  std::string title_cy;
  std::string source;  // title and paragraph
  std::string weight;
  std::string accountable;
  std::string matter;
  ClockState state = ClockState::kNotStarted;  // at the time reached
  Moment start;
  Moment close;
  absl::Time due;  // InfiniteFuture: none
};

// One event as people read it.
struct EventLine {
  std::string occurred;  // an instant in RFC 3339, or a day
  absl::Time at;         // where it stands in the order
  absl::Time recorded;
  std::string agency;
  std::string event;  // the kind's or the milestone's name
  std::string matter;
  std::string to_agency;
  std::string reason;
  std::string event_id;
  int64_t position = 0;  // its ledger offset
};

struct Timeline {
  absl::Time reached;                    // up to which time this is true
  std::vector<EventLine> events;         // in the order of occurrence
  std::vector<ClockLine> clocks;         // by start
  std::vector<alert::v1::Alert> alerts;  // as last told, by since
};

// `events` are the child's, in their order.
Timeline DrawTimeline(const ChildKey& child, absl::Span<const Event> events, const Picture& picture,
                      const Alerts& alerts, const Books& books, absl::Time reached);

// {"child":..., "reached":..., "events":[...], "clocks":[...], "alerts":[...]}; times in RFC 3339,
// UTC. `child` is how the reader knows the child.
std::string TimelineJson(absl::string_view child, const Timeline& timeline);
// For a terminal: one line each, in order of time.
std::string TimelineText(absl::string_view child, const Timeline& timeline);

// "acknowledged", "raised" ...; empty for an unknown number.
std::string StateText(alert::v1::State state);
// The change of an alert as one JSON object, as `dolen replay --format=json` prints it. `child` and
// `matter` are how the reader knows them.
std::string AlertJson(const alert::v1::Alert& alert, absl::string_view child,
                      absl::string_view matter);
// Title and paragraph, as far as there are any.
std::string SourceText(const alert::v1::Source& source);

}  // namespace dolen

#endif  // DOLEN_PROJECTIONS_TIMELINE_TIMELINE_H_
