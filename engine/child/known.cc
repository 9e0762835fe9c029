#include "engine/child/known.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/container/btree_map.h"
#include "engine/child/visible.h"

namespace dolen {
namespace {

std::vector<Event> RecordedBy(absl::Time known_at, absl::Span<const Event> events) {
  std::vector<Event> recorded;
  std::copy_if(events.begin(), events.end(), std::back_inserter(recorded),
               [&](const Event& event) { return event.recorded <= known_at; });
  return recorded;
}

std::vector<Event> VisibleTo(const std::string& agency, absl::Span<const Event> events) {
  const Involved involved(events);
  std::vector<Event> visible;
  std::copy_if(events.begin(), events.end(), std::back_inserter(visible), [&](const Event& event) {
    return Visible(event, agency, involved) != Extent::kNothing;
  });
  return visible;
}

// When something first occurred, by its root.
using FirstTimes = absl::btree_map<uint64_t, absl::Time>;

void Note(uint64_t root, const Event& event, const Zone& zone, FirstTimes& first) {
  const absl::Time occurred = event.MomentIn(zone).from;
  const auto [known, is_new] = first.emplace(root, occurred);
  if (!is_new) known->second = std::min(known->second, occurred);
}

// What was said goes where its event goes: the whole chain stays if the event that came of it
// occurred by `as_of`. Where none did (a dispute, or one was voided that has not arrived), all that
// was said stays if any of it occurred by then. `live` is all that became of `events`.
void DropSaidLater(absl::Time as_of, const Zone& zone, const Live& live,
                   std::vector<Event>& events) {
  FirstTimes became, said;
  for (const Event& event : live.events) Note(event.Root(), event, zone, became);
  for (const Event& event : live.voided) Note(event.Root(), event, zone, became);
  const std::vector<uint64_t> roots = RootsOf(events);
  for (size_t i = 0; i < events.size(); ++i) Note(roots[i], events[i], zone, said);
  std::vector<Event> kept;
  for (size_t i = 0; i < events.size(); ++i) {
    const auto event = became.find(roots[i]);
    const absl::Time occurred = event != became.end() ? event->second : said.at(roots[i]);
    if (occurred <= as_of) kept.push_back(std::move(events[i]));
  }
  events = std::move(kept);
}

}  // namespace

Known KnownIn(absl::Span<const Event> events, const Past& past, const Books& books) {
  Known known;
  known.events = RecordedBy(past.known_at, events);
  if (!past.known_to.empty()) known.events = VisibleTo(past.known_to, known.events);
  known.live = Corrected(known.events);
  if (past.as_of != absl::InfiniteFuture()) {
    DropSaidLater(past.as_of, books.zone(), known.live, known.events);
    DropLater(past.as_of, books.zone(), known.live);
  }
  known.picture = DrawFrom(known.live, books);
  known.picture.awaited.clear();
  known.picture.has_voided = false;
  known.picture.corrected_to = absl::InfinitePast();
  return known;
}

}  // namespace dolen
