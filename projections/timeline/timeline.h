// The timeline of one child: what happened, what should have, what contradicts itself, who holds
// the child, and what was said; in order. As it is now, or as it was at a time, or known to an
// agency. Drawn on reading, from the child's events, picture and alerts.
#ifndef DOLEN_PROJECTIONS_TIMELINE_TIMELINE_H_
#define DOLEN_PROJECTIONS_TIMELINE_TIMELINE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "dolen/alert/v1/alert.pb.h"
#include "engine/base/ids.h"
#include "engine/child/clock.h"
#include "engine/child/event.h"
#include "engine/child/known.h"
#include "engine/child/minutes.h"
#include "engine/child/need_to_know.h"
#include "engine/child/picture.h"
#include "engine/child/watch.h"
#include "engine/pathway/books.h"

namespace dolen {

// What one pause took out of a clock's count. Where days are counted, `from` and `to` are the first
// and the last of them; else instants in RFC 3339. An empty `to`: there is no end yet.
struct ChargeLine {
  std::string from;
  std::string to;
  int64_t days = 0;     // that did not count; 0: no end yet, or time is counted
  absl::Duration time;  // that did not count; 0: no end yet, or days are counted
  std::string owner;    // whose it is: an agency, or a code; empty: nobody said
};

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
  ClockState state = ClockState::kNotStarted;  // at the timeline's own time
  bool open = false;                           // somebody is still to act, then
  Moment start;
  Moment close;
  absl::Time due;                   // InfiniteFuture: none
  std::vector<ChargeLine> charged;  // by begin
  std::vector<Share> shares;        // whose time it was so far, by begin
};

// A contradiction at an event, as people read it.
struct NoteLine {
  std::string code;
  std::string title_en;
  std::string title_cy;
  std::string against_agency;  // the event that it contradicts, under its first id
  std::string against_event_id;
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
  std::string outcome;
  std::string part;
  std::string event_id;
  int64_t position = 0;            // its ledger offset
  Extent extent = Extent::kWhole;  // how much of it the reader may see
  std::vector<NoteLine> notes;
};

// Who holds all of the child, or a part, at the timeline's own time.
struct HolderLine {
  std::string part;  // empty: all of it
  std::string agency;
  std::string since;  // an instant in RFC 3339, or a day
  std::string by;     // "handover", "episode" or "cover"
};

struct Timeline {
  Past past;                        // which past it is; none: what is known now
  absl::Time reached;               // how far the log is known here
  absl::Time at;                    // when clocks and holders are as they are said here
  std::vector<EventLine> events;    // in the order of occurrence
  std::vector<ClockLine> clocks;    // by start
  std::vector<HolderLine> holders;  // by part, then agency
  // As last told, by since; none of a past, since what was told then is not kept here.
  std::vector<alert::v1::Alert> alerts;

  bool IsPast() const { return past != Past(); }
};

// Without alerts. `known` is what `past` asks for, drawn by `books`; `reached` how far the log is
// known. Clocks and holders are read at past.as_of; without it at past.known_at, as far as reached.
// With a reader only what they may see is in it.
Timeline DrawTimeline(const Known& known, const Past& past, const Books& books, absl::Time reached,
                      const NeedToKnow* reader = nullptr);
void AddAlerts(const ChildKey& child, const Alerts& alerts, const Books& books, Timeline& timeline);

// {"child":..., "reached":..., "at":..., "events":[...], "clocks":[...], "holders":[...],
// "alerts":[...]}; of a past also "as_of", "known_at" and "known_to" as far as asked for, and
// "alerts" is null. Times in RFC 3339, UTC. `child` is how the reader knows the child.
std::string TimelineJson(absl::string_view child, const Timeline& timeline);
// For a terminal: one line each, in order of time; then holders and open clocks.
std::string TimelineText(absl::string_view child, const Timeline& timeline);

// "acknowledged", "raised" ...; empty for an unknown number.
std::string StateText(alert::v1::State state);
// The change of an alert as one JSON object, as `dolen replay --format=json` prints it. `child` and
// `matter` are how the reader knows them.
std::string AlertJson(const alert::v1::Alert& alert, absl::string_view child,
                      absl::string_view matter);
// "statute", "advisory" ...
std::string WeightText(const pathway::v1::Rule& rule);
// Title and paragraph, as far as there are any.
std::string SourceText(const alert::v1::Source& source);
std::string SourceText(const pathway::v1::Source& source);

}  // namespace dolen

#endif  // DOLEN_PROJECTIONS_TIMELINE_TIMELINE_H_
