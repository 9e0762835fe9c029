// The timeline for a terminal.
#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/base/time.h"
#include "projections/timeline/timeline.h"

namespace dolen {
namespace {

struct Line {
  absl::Time at;
  int rank;
  std::string text;
};

std::string Text(const EventLine& event) {
  std::string text = absl::StrFormat("%-25s  %-18s %s", event.occurred, event.agency, event.event);
  if (!event.to_agency.empty()) absl::StrAppend(&text, " -> ", event.to_agency);
  if (!event.reason.empty()) absl::StrAppend(&text, " (", event.reason, ")");
  const absl::Duration delay = event.recorded - event.at;
  if (delay > absl::Hours(24)) {
    absl::StrAppend(&text, "  [told ", absl::ToInt64Hours(delay) / 24, " days later]");
  }
  for (const NoteLine& note : event.notes) {
    absl::StrAppendFormat(&text, "\n  %-25s  %-18s NOTE %s (against %s of %s) [%s]", "", "",
                          note.title_en, note.against_event_id, note.against_agency, note.code);
  }
  return text;
}

std::string Text(const ClockLine& clock) {
  return absl::StrFormat("%-25s  %-18s should be done before: %s [%s: %s]", Rfc3339(clock.due),
                         clock.accountable, clock.title_en, clock.rule, StateName(clock.state));
}

std::string Text(const alert::v1::Alert& alert) {
  return absl::StrFormat("%-25s  %-18s ALERT %s, now %s: %s [%s]",
                         Rfc3339(FromTimestamp(alert.since())), alert.accountable(), alert.level(),
                         StateText(alert.state()), alert.title_en(), alert.rule());
}

std::vector<Line> LinesOf(const Timeline& timeline) {
  std::vector<Line> lines;
  for (const EventLine& event : timeline.events) lines.push_back({event.at, 0, Text(event)});
  for (const ClockLine& clock : timeline.clocks) {
    if (clock.due != absl::InfiniteFuture()) lines.push_back({clock.due, 1, Text(clock)});
  }
  for (const alert::v1::Alert& alert : timeline.alerts) {
    lines.push_back({FromTimestamp(alert.since()), 2, Text(alert)});
  }
  std::stable_sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) {
    return std::tie(a.at, a.rank) < std::tie(b.at, b.rank);
  });
  return lines;
}

// Which past it is.
std::string Heading(const Timeline& timeline) {
  const Past& past = timeline.past;
  std::string text = absl::StrCat("as of ", Rfc3339(timeline.at));
  if (!past.known_to.empty()) absl::StrAppend(&text, ", as ", past.known_to, " could know it");
  if (past.known_at != absl::InfiniteFuture()) {
    absl::StrAppend(&text, ", known at ", Rfc3339(past.known_at));
  }
  const bool is_ahead = past.known_at != absl::InfiniteFuture() && past.known_at > timeline.reached;
  if (is_ahead || timeline.at > timeline.reached) {
    absl::StrAppend(&text, " (recorded so far: up to ", Rfc3339(timeline.reached), ")");
  }
  return text;
}

void AppendHolders(const std::vector<HolderLine>& holders, std::string& out) {
  absl::StrAppend(&out, "  Holders:", holders.empty() ? " nobody that these events name\n" : "\n");
  for (const HolderLine& line : holders) {
    absl::StrAppendFormat(&out, "    %-25s  %-18s %s, by %s\n", line.since, line.agency,
                          line.part.empty() ? "all" : line.part, line.by);
  }
}

void AppendOpenClocks(const std::vector<ClockLine>& clocks, std::string& out) {
  std::string lines;
  for (const ClockLine& clock : clocks) {
    if (!clock.open) continue;
    absl::StrAppendFormat(&lines, "    %-25s  %-18s %s: %s [%s]\n",
                          clock.due == absl::InfiniteFuture() ? "" : Rfc3339(clock.due),
                          clock.accountable, StateName(clock.state), clock.title_en, clock.rule);
  }
  absl::StrAppend(&out, "  Open clocks:", lines.empty() ? " none\n" : "\n", lines);
}

}  // namespace

std::string TimelineText(absl::string_view child, const Timeline& timeline) {
  std::string out = absl::StrCat("Child ", child, ", ", Heading(timeline), "\n");
  for (const Line& line : LinesOf(timeline)) absl::StrAppend(&out, "  ", line.text, "\n");
  AppendHolders(timeline.holders, out);
  AppendOpenClocks(timeline.clocks, out);
  return out;
}

}  // namespace dolen
