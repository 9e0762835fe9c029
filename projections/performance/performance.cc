#include "projections/performance/performance.h"

#include <algorithm>
#include <vector>

namespace dolen {
namespace {

void AddNumbers(const ClockTally& line, bool masked, std::vector<Cell>& row) {
  const ClockFigures& its = line.clocks;
  for (const int64_t count :
       {line.children, its.clocks(), its.in_time, its.late, its.excused, its.cancelled, its.done,
        its.no_calendar, its.untold, its.late_by_report}) {
    row.emplace_back(ShownCount(count, masked));
  }
  row.emplace_back(ShownInTime(line, masked));
}

}  // namespace

Shown ShownInTime(const ClockTally& line, bool masked) {
  // Of few that were to be in time among many others, nothing is told either.
  const int64_t judged = line.clocks.in_time + line.clocks.late;
  return ShownPercent(static_cast<double>(line.clocks.in_time), static_cast<double>(judged),
                      std::min(line.children, judged), masked);
}

Sheet PerformanceSheet(const ClockTable& table) {
  Sheet sheet;
  sheet.masked = table.masked;
  sheet.columns = KeyColumns(table.query);
  for (const char* column :
       {"children", "clocks", "in_time", "late", "excused", "cancelled", "done", "no_calendar",
        "untold", "late_by_report", "percent_in_time"}) {
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

}  // namespace dolen
