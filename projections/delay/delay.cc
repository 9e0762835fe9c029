#include "projections/delay/delay.h"

#include <algorithm>
#include <string>
#include <vector>

namespace dolen {
namespace {

double MinutesIn(absl::Duration time) { return absl::ToDoubleMinutes(time); }

void AddNumbers(const ClockTally& line, bool masked, std::vector<Cell>& row) {
  const ClockFigures& its = line.clocks;
  const int64_t children = line.children, clocks = its.clocks();
  row.emplace_back(ShownCount(children, masked));
  row.emplace_back(ShownCount(clocks, masked));
  row.emplace_back(ShownSum(absl::ToInt64Minutes(its.action), masked));
  row.emplace_back(ShownMean(MinutesIn(its.action), clocks, children, masked));
  // Of few that were late among many, nothing is told either.
  const int64_t late_children = std::min(children, its.late);
  row.emplace_back(ShownMean(MinutesIn(its.overrun), its.late, late_children, masked));
  row.emplace_back(ShownMean(MinutesIn(its.reporting), clocks, children, masked));
  row.emplace_back(ShownCount(its.late_by_report, masked));
}

}  // namespace

Sheet DelaySheet(const ClockTable& table) {
  Sheet sheet;
  sheet.masked = table.masked;
  sheet.columns = KeyColumns(table.query);
  for (const char* column : {"children", "clocks", "minutes", "minutes_per_clock",
                             "minutes_late_per_late", "minutes_reported_after", "late_by_report"}) {
    sheet.columns.emplace_back(column);
  }
  for (const auto& [key, line] : table.lines) {
    std::vector<Cell>& row = sheet.rows.emplace_back(KeyCells(key, table.query));
    AddNumbers(line, table.masked, row);
  }
  sheet.total = NoKeyCells(table.query);
  AddNumbers(table.total, table.masked, sheet.total);
  return sheet;
}

Side SideOf(const Whose& whose, absl::string_view own) {
  if (whose.is_paused) return Side::kPaused;
  if (whose.who.empty()) return Side::kNobody;
  return whose.who == own ? Side::kOwn : Side::kWaiting;
}

absl::string_view SideText(Side side) {
  switch (side) {
    case Side::kOwn:
      return "own";
    case Side::kWaiting:
      return "waiting";
    case Side::kPaused:
      return "paused";
    case Side::kNobody:
      return "nobody";
  }
  return "";
}

Sheet SharesSheet(const ClockTable& table) {
  Sheet sheet;
  sheet.masked = table.masked;
  sheet.columns = KeyColumns(table.query);
  for (const char* column : {"side", "who", "minutes", "percent"}) {
    sheet.columns.emplace_back(column);
  }
  for (const auto& [key, line] : table.lines) {
    const std::string& own = table.query.agency.empty() ? key.agency : table.query.agency;
    absl::Duration all;
    for (const auto& [whose, time] : line.clocks.shares) all += time;
    for (const auto& [whose, time] : line.clocks.shares) {
      std::vector<Cell>& row = sheet.rows.emplace_back(KeyCells(key, table.query));
      row.emplace_back(std::string(SideText(SideOf(whose, own))));
      row.emplace_back(whose.who);
      row.emplace_back(ShownSum(absl::ToInt64Minutes(time), table.masked));
      row.emplace_back(ShownPercent(MinutesIn(time), MinutesIn(all), line.children, table.masked));
    }
  }
  return sheet;
}

}  // namespace dolen
