#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "deploy/program/simulated_words.h"
#include "engine/base/time.h"

namespace dolen {
namespace {

// "12", or "12 > 9" where it changes.
std::string BeforeAfter(int64_t before, int64_t after) {
  return before == after ? absl::StrCat(before) : absl::StrCat(before, " > ", after);
}

// "3 d 2 h", "5 min"; not finer than is of use to a reader.
std::string Length(absl::Duration duration) {
  const int64_t minutes = absl::ToInt64Minutes(duration);
  if (minutes < 60) return absl::StrCat(minutes, " min");
  if (minutes < 24 * 60) {
    return absl::StrCat(minutes / 60, " h",
                        minutes % 60 == 0 ? "" : absl::StrCat(" ", minutes % 60, " min"));
  }
  const int64_t hours = minutes / 60;
  return absl::StrCat(hours / 24, " d", hours % 24 == 0 ? "" : absl::StrCat(" ", hours % 24, " h"));
}

std::string Plural(int64_t count, absl::string_view one, absl::string_view many) {
  return absl::StrCat(count, " ", count == 1 ? one : many);
}

// The states that have a column; what is left is in the last.
constexpr ClockState kColumns[] = {ClockState::kInTime, ClockState::kLate, ClockState::kOverdue,
                                   ClockState::kRunning};

int64_t CountOf(const SideCounts& side, ClockState state) {
  const auto found = side.by_state.find(state);
  return found == side.by_state.end() ? 0 : found->second;
}

constexpr char kRow[] = "%-24s %13s %13s %13s %13s %13s %13s %8s %8s\n";

std::string Heading(absl::string_view what) {
  return absl::StrFormat(kRow, what, "clocks", "in time", "late", "overdue", "running", "other",
                         "changed", "children");
}

std::string RowText(absl::string_view name, const WhatIfGroup& group) {
  std::vector<std::string> cells;
  int64_t other_before = group.before.clocks, other_after = group.after.clocks;
  for (const ClockState state : kColumns) {
    const int64_t before = CountOf(group.before, state), after = CountOf(group.after, state);
    other_before -= before;
    other_after -= after;
    cells.push_back(BeforeAfter(before, after));
  }
  return absl::StrFormat(kRow, name.empty() ? "(nobody)" : name,
                         BeforeAfter(group.before.clocks, group.after.clocks), cells[0], cells[1],
                         cells[2], cells[3], BeforeAfter(other_before, other_after),
                         absl::StrCat(group.changed), absl::StrCat(group.children_changed));
}

void AppendMoved(const std::vector<absl::Duration>& moved, absl::string_view which,
                 std::vector<std::string>& parts) {
  if (moved.empty()) return;
  parts.push_back(absl::StrCat("due ", which, " ", Plural(moved.size(), "clock", "clocks"), " by ",
                               Length(MedianOf(moved)), " (median), ",
                               Length(*std::max_element(moved.begin(), moved.end())), " at most"));
}

void AppendTold(const absl::btree_map<std::string, ToldCounts>& told, absl::string_view how,
                std::vector<std::string>& parts) {
  for (const auto& [level, counts] : told) {
    if (counts.more == 0 && counts.fewer == 0) continue;
    parts.push_back(absl::StrCat(level, " ", how, " ", BeforeAfter(counts.before, counts.after),
                                 " times (", counts.more, " more, ", counts.fewer, " fewer)"));
  }
}

// How far a group's clocks move, and what would be told otherwise; a line below its row.
std::string Details(const WhatIfGroup& group) {
  std::vector<std::string> parts;
  AppendMoved(group.earlier, "earlier for", parts);
  AppendMoved(group.later, "later for", parts);
  if (group.more_late > absl::ZeroDuration()) {
    parts.push_back(absl::StrCat(Length(group.more_late), " more late"));
  }
  if (group.less_late > absl::ZeroDuration()) {
    parts.push_back(absl::StrCat(Length(group.less_late), " less late"));
  }
  AppendTold(group.raised, "raised", parts);
  AppendTold(group.escalated, "escalated", parts);
  return parts.empty() ? "" : absl::StrCat("    ", absl::StrJoin(parts, "; "), "\n");
}

// A table of the groups in which something changes.
std::string Table(absl::string_view what, const absl::btree_map<std::string, WhatIfGroup>& groups) {
  std::string out = absl::StrCat("\n", Heading(what));
  int same = 0;
  for (const auto& [name, group] : groups) {
    if (group.changed == 0) {
      ++same;
    } else {
      absl::StrAppend(&out, RowText(name, group), Details(group));
    }
  }
  if (same > 0) absl::StrAppend(&out, "(unchanged: ", same, ")\n");
  return out;
}

std::string Moves(const WhatIfGroup& all) {
  std::string out = "\nfrom one side to another\n";
  for (const auto& [sides, move] : all.moves) {
    absl::StrAppendFormat(&out, "  %-11s > %-11s %s of %s\n", SideText(sides.first),
                          SideText(sides.second), Plural(move.clocks, "clock", "clocks"),
                          Plural(move.children, "child", "children"));
  }
  return all.moves.empty() ? "" : out;
}

std::string DueText(const absl::optional<Standing>& standing) {
  if (!standing) return "-";
  return standing->due == absl::InfiniteFuture() ? "no due time" : Rfc3339(standing->due);
}

std::string Line(const ClockDifference& difference) {
  const Standing& standing = difference.after ? *difference.after : *difference.before;
  const std::string child = difference.identifiers.empty()
                                ? difference.child.Hex().substr(0, 8)
                                : absl::StrJoin(difference.identifiers, " ");
  const absl::string_view from = SideText(SideOf(difference.before));
  const absl::string_view to = SideText(SideOf(difference.after));
  std::string out = absl::StrFormat("  child %s  %s  %s  due %s > %s", child, difference.clock,
                                    from == to ? std::string(from) : absl::StrCat(from, " > ", to),
                                    DueText(difference.before), DueText(difference.after));
  if (!standing.accountable.empty()) absl::StrAppend(&out, "  ", standing.accountable);
  return out + "\n";
}

std::string Drafts(const SimulateOptions& options) {
  std::vector<std::string> drafts;
  for (const UsableBook& draft : options.drafts) {
    drafts.push_back(absl::StrCat(draft.book.id(), " ", draft.book.version()));
  }
  std::string out = absl::StrCat("What if ", absl::StrJoin(drafts, ", "), " judged ");
  const bool from = options.from != absl::CivilDay::min(), to = options.to != absl::CivilDay::max();
  if (!from && !to) return out + "all starts";
  out += "starts";
  if (from) absl::StrAppend(&out, " from ", DayText(options.from));
  if (to) absl::StrAppend(&out, " to before ", DayText(options.to));
  return out;
}

}  // namespace

std::string SimulatedText(const Simulated& simulated, const SimulateOptions& options) {
  const WhatIf& whatif = simulated.whatif;
  const WhatIfGroup& all = whatif.all();
  std::string out =
      absl::StrCat(Drafts(options), "?\n", Plural(simulated.events, "event", "events"), " of ",
                   Plural(whatif.children(), "child", "children"), "; clocks as they stand at ",
                   Rfc3339(simulated.at), "; before > after\n");
  if (all.changed == 0) {
    return absl::StrCat(out, "\nNo clock stands otherwise (",
                        Plural(all.before.clocks, "clock", "clocks"), ").\n");
  }
  absl::StrAppend(&out, "\n", Plural(all.children_changed, "child has", "children have"),
                  " a clock that stands otherwise. Children with a late clock: ",
                  BeforeAfter(whatif.late_before(), whatif.late_after()), " (", whatif.newly_late(),
                  " newly, ", whatif.no_longer_late(), " no longer)\n");
  absl::StrAppend(&out, Table("rule", whatif.by_rule()), RowText("all", all), Details(all),
                  Moves(all), Table("accountable", whatif.by_agency()));
  const std::vector<ClockDifference> listed = whatif.Listed();
  if (listed.empty()) return out;
  absl::StrAppend(&out, "\n", listed.size(), " of ",
                  Plural(all.changed, "changed clock", "changed clocks"), "\n");
  for (const ClockDifference& difference : listed) absl::StrAppend(&out, Line(difference));
  return out;
}

}  // namespace dolen
