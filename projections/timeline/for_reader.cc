#include "projections/timeline/for_reader.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace dolen {
namespace {

Alerts OfClocksIn(const Timeline& timeline, const Alerts& alerts) {
  absl::btree_set<std::string> clocks;
  for (const ClockLine& line : timeline.clocks) clocks.insert(line.clock);
  Alerts shown;
  std::copy_if(alerts.begin(), alerts.end(), std::back_inserter(shown),
               [&](const Told& told) { return clocks.contains(told.clock); });
  return shown;
}

void AddPrivates(const StoredChild& child, TimelineForReader& read) {
  for (const EventLine& line : read.timeline.events) {
    if (line.extent != Extent::kWhole) continue;
    const auto hidden = child.hidden.find(line.position);
    if (hidden == child.hidden.end()) continue;
    const event::v1::Private& its = read.shown.insert(*hidden).first->second;
    if (!its.child_name().empty()) read.name = its.child_name();
    for (const event::v1::Identifier& one : its.child()) {
      read.identifiers.emplace(one.issuer(), one.value());
    }
  }
}

std::string LanguageIn(absl::Span<const Event> events, const Timeline& timeline) {
  absl::btree_set<int64_t> shown;
  for (const EventLine& line : timeline.events) shown.insert(line.position);
  std::string language;
  for (const Event& event : events) {
    if (!event.open.language().empty() && shown.contains(event.position)) {
      language = event.open.language();
    }
  }
  return language;
}

}  // namespace

absl::optional<TimelineForReader> ReadTimeline(const StoredChild& child,
                                               const TimelineReader& reader, const Past& past,
                                               const Books& books, absl::Time reached) {
  const NeedToKnow need(child.unsealed, reader.agency, reader.grant);
  TimelineForReader read;
  read.timeline = DrawTimeline(KnownIn(child.unsealed, past, books), past, books, reached, &need);
  if (!need.any() && read.timeline.clocks.empty()) return absl::nullopt;
  if (!read.timeline.IsPast()) {
    AddAlerts(child.key, OfClocksIn(read.timeline, child.alerts), books, read.timeline);
  }
  AddPrivates(child, read);
  read.language = LanguageIn(child.unsealed, read.timeline);
  return read;
}

}  // namespace dolen
