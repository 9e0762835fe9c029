// A child as the readers of one agency may know them: the timeline, narrowed to what they need to
// know, with the private parts that are theirs to read.
#ifndef DOLEN_PROJECTIONS_TIMELINE_FOR_READER_H_
#define DOLEN_PROJECTIONS_TIMELINE_FOR_READER_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "engine/child/need_to_know.h"
#include "engine/store/child_reader.h"
#include "projections/timeline/stored_child.h"
#include "projections/timeline/timeline.h"

namespace dolen {

struct TimelineReader {
  std::string agency;
  NeedToKnow::Grant grant = NeedToKnow::Grant::kNone;
};

struct TimelineForReader {
  Timeline timeline;
  Privates shown;                                                    // of events that are whole
  std::string name;                                                  // as last written in them
  absl::btree_set<std::pair<std::string, std::string>> identifiers;  // issuer and value
  std::string language;  // as last said in the open parts
};

// None: they may not know that there is such a child. `child` was read for the reader's agency.
// `books` are those published by past.known_at. past.known_to is the reader's business and must be
// empty.
absl::optional<TimelineForReader> ReadTimeline(const StoredChild& child,
                                               const TimelineReader& reader, const Past& past,
                                               const Books& books, absl::Time reached);

// Where the answer stands and how much of it is given.
struct TimelinePage {
  std::string position;
  size_t from = 0;     // first event, by its place
  size_t limit = 200;  // events at most
  std::string next;    // cursor; empty: there is none
  absl::optional<absl::Time> emergency_until;
};
// As openapi.json says it.
std::string TimelineForReaderJson(const ChildKey& child, const TimelineForReader& read,
                                  const TimelinePage& page);

}  // namespace dolen

#endif  // DOLEN_PROJECTIONS_TIMELINE_FOR_READER_H_
