#include "engine/child/known.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
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

// What was said of events of which nothing is left goes too: a correction goes where its event
// goes. Where there is none (a dispute, or one was voided that has not arrived), all that was said
// of it stays if any of it occurred in time.
void DropSaidLater(absl::Time as_of, const Zone& zone, const Live& all, const Live& left,
                   std::vector<Event>& events) {
  const auto roots_of = [](const Live& live) {
    absl::btree_set<uint64_t> roots;
    for (const Event& event : live.events) roots.insert(event.Root());
    for (const Event& event : live.voided) roots.insert(event.Root());
    return roots;
  };
  const absl::btree_set<uint64_t> known = roots_of(all), stay = roots_of(left);
  const std::vector<uint64_t> root = RootsOf(events);
  absl::btree_map<uint64_t, absl::Time> first;
  for (size_t i = 0; i < events.size(); ++i) {
    const absl::Time occurred = events[i].MomentIn(zone).from;
    const auto [of_chain, is_new] = first.emplace(root[i], occurred);
    if (!is_new) of_chain->second = std::min(of_chain->second, occurred);
  }
  std::vector<Event> kept;
  for (size_t i = 0; i < events.size(); ++i) {
    const bool stays =
        known.contains(root[i]) ? stay.contains(root[i]) : first.at(root[i]) <= as_of;
    if (stays) kept.push_back(std::move(events[i]));
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
    const Live all = known.live;
    DropLater(past.as_of, books.zone(), known.live);
    DropSaidLater(past.as_of, books.zone(), all, known.live, known.events);
  }
  known.picture = DrawFrom(known.live, books);
  known.picture.awaited.clear();
  known.picture.has_voided = false;
  known.picture.corrected_to = absl::InfinitePast();
  return known;
}

}  // namespace dolen
