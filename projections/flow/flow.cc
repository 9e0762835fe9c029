#include "projections/flow/flow.h"

#include <vector>

#include "engine/base/status.h"

namespace dolen {
namespace {

bool Fits(const AskGroup& group, const FiguresQuery& query) {
  const bool is_party =
      query.agency.empty() || group.asker == query.agency || group.asked == query.agency;
  return is_party && query.HasMonth(group.month);
}

FlowLine LineOf(const AskFigures& asks, int64_t weight) {
  FlowLine line;
  line.children = weight;
  line.children_back = asks.back > 0 ? weight : 0;
  for (int64_t i = 0; i < weight; ++i) line.asks += asks;
  return line;
}

std::vector<std::string> KeyColumnsOf(const FiguresQuery& query) {
  std::vector<std::string> columns = {"asker", "asked"};
  if (query.by_month) columns.emplace_back("month");
  if (query.by_language) columns.emplace_back("language");
  return columns;
}

std::vector<Cell> KeyCellsOf(const FlowKey& key, const FiguresQuery& query) {
  std::vector<Cell> cells = {key.asker, key.asked};
  if (query.by_month) cells.emplace_back(MonthText(*key.month));
  if (query.by_language) cells.emplace_back(key.language);
  return cells;
}

void AddNumbers(const FlowLine& line, bool masked, std::vector<Cell>& row) {
  const AskFigures& asks = line.asks;
  const int64_t declined = asks.all_declined();
  for (const int64_t count : {line.children, asks.asks, asks.taken_on, declined, asks.passed_on,
                              asks.unanswered(), asks.back, line.children_back}) {
    row.emplace_back(ShownCount(count, masked));
  }
}

}  // namespace

FlowLine& FlowLine::operator+=(const FlowLine& other) {
  children += other.children;
  children_back += other.children_back;
  asks += other.asks;
  return *this;
}

void FlowTable::Add(const ChildFigures& child, int64_t weight) {
  if (weight == 0 || !query.HasLanguage(child.language)) return;
  absl::btree_map<FlowKey, AskFigures> its;
  AskFigures all;
  for (const auto& [group, figures] : child.figures.asks) {
    if (!Fits(group, query)) continue;
    FlowKey key{group.asker, group.asked, {}, {}};
    if (query.by_month) key.month = group.month;
    if (query.by_language) key.language = child.language;
    its[key] += figures;
    all += figures;
  }
  if (its.empty()) return;
  for (const auto& [key, figures] : its) lines[key] += LineOf(figures, weight);
  total += LineOf(all, weight);
}

FlowTable& FlowTable::operator+=(const FlowTable& other) {
  for (const auto& [key, line] : other.lines) lines[key] += line;
  total += other.total;
  return *this;
}

absl::StatusOr<FlowTable> CountAsks(const StoreReader& store, const FiguresQuery& query,
                                    const Mask* mask) {
  FlowTable table;
  table.query = query;
  table.masked = mask != nullptr;
  DOLEN_RETURN_IF_ERROR(ScanFigures(
      store, [&](const ChildFigures& child) { table.Add(child, WeightOf(child.child, mask)); }));
  return table;
}

Sheet FlowSheet(const FlowTable& table) {
  Sheet sheet;
  sheet.masked = table.masked;
  sheet.columns = KeyColumnsOf(table.query);
  sheet.total.resize(sheet.columns.size(), std::string());
  sheet.total[0] = "total";
  for (const char* column : {"children", "asks", "taken_on", "declined", "passed_on", "unanswered",
                             "back", "children_back"}) {
    sheet.columns.emplace_back(column);
  }
  for (const auto& [key, line] : table.lines) {
    std::vector<Cell>& row = sheet.rows.emplace_back(KeyCellsOf(key, table.query));
    AddNumbers(line, table.masked, row);
  }
  AddNumbers(table.total, table.masked, sheet.total);
  return sheet;
}

Sheet DeclinesSheet(const FlowTable& table) {
  Sheet sheet;
  sheet.masked = table.masked;
  sheet.columns = KeyColumnsOf(table.query);
  sheet.columns.emplace_back("reason");
  sheet.columns.emplace_back("declined");
  for (const auto& [key, line] : table.lines) {
    for (const auto& [reason, count] : line.asks.declined) {
      std::vector<Cell>& row = sheet.rows.emplace_back(KeyCellsOf(key, table.query));
      row.emplace_back(reason);
      row.emplace_back(ShownCount(count, table.masked));
    }
  }
  return sheet;
}

}  // namespace dolen
