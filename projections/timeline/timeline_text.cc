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

// "3 days, 2026-01-14 to 2026-01-16, charged to family".
std::string Text(const ChargeLine& charge) {
  std::string text;
  if (charge.days > 0) {
    text = absl::StrCat(charge.days, charge.days == 1 ? " day, " : " days, ");
  } else if (charge.time > absl::ZeroDuration()) {
    const int64_t minutes = absl::ToInt64Minutes(charge.time);
    text = absl::StrFormat("%d h %d min, ", minutes / 60, minutes % 60);
  }
  if (charge.to.empty()) {
    absl::StrAppend(&text, "from ", charge.from, " on");
  } else {
    absl::StrAppend(&text, charge.from, charge.to == charge.from ? "" : " to ",
                    charge.to == charge.from ? "" : charge.to);
  }
  if (!charge.owner.empty()) absl::StrAppend(&text, ", charged to ", charge.owner);
  return text;
}

// Under its clock, each in a line of its own.
std::string Charges(const ClockLine& clock, absl::string_view indent) {
  std::string lines;
  for (const ChargeLine& charge : clock.charged) {
    absl::StrAppendFormat(&lines, "\n%s%-25s  %-18s not counted: %s", indent, "", "", Text(charge));
  }
  return lines;
}

std::string Text(const ClockLine& clock) {
  return absl::StrFormat("%-25s  %-18s should be done before: %s [%s: %s]%s", Rfc3339(clock.due),
                         clock.accountable, clock.title_en, clock.rule, StateName(clock.state),
                         Charges(clock, "  "));
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
    const bool has_due = clock.due != absl::InfiniteFuture();  // and so a line above
    absl::StrAppendFormat(&lines, "    %-25s  %-18s %s: %s [%s]%s\n",
                          has_due ? Rfc3339(clock.due) : "", clock.accountable,
                          StateName(clock.state), clock.title_en, clock.rule,
                          has_due ? "" : Charges(clock, "    "));
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
