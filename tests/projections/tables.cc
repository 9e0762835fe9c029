#include "tests/projections/tables.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "projections/delay/delay.h"
#include "projections/figures/small_numbers.h"
#include "projections/flow/flow.h"
#include "projections/performance/performance.h"

namespace dolen::tables {
namespace {

// By the texts that tell a line apart: sums by the name of a column.
using Sums = std::map<std::string, std::map<std::string, int64_t>>;

struct Naive {
  Sums lines;
  std::map<std::string, int64_t> total;

  // `each`: what one child adds to each line. A child counts once in a line, and once in all.
  void Add(const Sums& each, int64_t weight) {
    if (each.empty() || weight == 0) return;
    for (const auto& [line, sums] : each) {
      lines[line]["children"] += weight;
      for (const auto& [column, sum] : sums) {
        lines[line][column] += weight * sum;
        total[column] += weight * sum;
      }
    }
    total["children"] += weight;
  }
};

Sums ClocksOf(const ChildFigures& child, const FiguresQuery& query) {
  Sums sums;
  for (const auto& [group, its] : child.figures.clocks) {
    std::vector<std::string> key;
    if (query.by_agency) key.push_back(group.agency);
    if (query.by_rule) key.push_back(group.rule);
    if (query.by_month) key.push_back(MonthText(group.month));
    if (query.by_language) key.push_back(child.language);
    std::map<std::string, int64_t>& line = sums[absl::StrJoin(key, "|")];
    const std::map<std::string, int64_t> says = {
        {"in_time", its.in_time},
        {"late", its.late},
        {"excused", its.excused},
        {"cancelled", its.cancelled},
        {"done", its.done},
        {"no_calendar", its.no_calendar},
        {"untold", its.untold},
        {"late_by_report", its.late_by_report},
        {"clocks",
         its.in_time + its.late + its.excused + its.cancelled + its.done + its.no_calendar}};
    for (const auto& [column, count] : says) line[column] += count;
  }
  return sums;
}

Sums AsksOf(const ChildFigures& child, const FiguresQuery& query) {
  Sums sums;
  for (const auto& [group, its] : child.figures.asks) {
    std::vector<std::string> key = {group.asker, group.asked};
    if (query.by_month) key.push_back(MonthText(group.month));
    if (query.by_language) key.push_back(child.language);
    std::map<std::string, int64_t>& line = sums[absl::StrJoin(key, "|")];
    int64_t declined = 0;
    for (const auto& [reason, count] : its.declined) declined += count;
    line["asks"] += its.asks;
    line["taken_on"] += its.taken_on;
    line["passed_on"] += its.passed_on;
    line["declined"] += declined;
    line["unanswered"] += its.asks - its.taken_on - its.passed_on - declined;
    line["back"] += its.back;
  }
  return sums;
}

std::string Rounded(int64_t sum, bool masked) {
  if (!masked || sum == 0) return absl::StrCat(sum);
  return sum < 5 ? "few" : absl::StrCat((sum + 2) / 5 * 5);
}

std::string TextOf(const Cell& cell) {
  if (const auto* text = absl::get_if<std::string>(&cell)) return *text;
  const Shown& shown = absl::get<Shown>(cell);
  if (shown.kind == Shown::kFew) return "few";
  return shown.kind == Shown::kHidden ? "hidden" : absl::StrCat(shown.number);
}

// What a row says in the columns that are sums.
int64_t ExpectRow(const Sheet& sheet, const std::vector<Cell>& row,
                  const std::map<std::string, int64_t>& sums) {
  int64_t cells = 0;
  for (size_t i = 0; i < sheet.columns.size(); ++i) {
    const auto sum = sums.find(sheet.columns[i]);
    if (sum == sums.end()) continue;
    EXPECT_EQ(TextOf(row[i]), Rounded(sum->second, sheet.masked)) << sheet.columns[i];
    ++cells;
  }
  return cells;
}

int64_t ExpectSheet(const Sheet& sheet, size_t keys, const Naive& naive) {
  int64_t cells = 0;
  std::set<std::string> seen;
  for (const std::vector<Cell>& row : sheet.rows) {
    std::vector<std::string> key;
    for (size_t i = 0; i < keys; ++i) key.push_back(TextOf(row[i]));
    const std::string line = absl::StrJoin(key, "|");
    SCOPED_TRACE(line);
    EXPECT_TRUE(seen.insert(line).second) << "twice";
    const auto sums = naive.lines.find(line);
    if (sums == naive.lines.end()) {
      ADD_FAILURE() << "nobody counts there";
      continue;
    }
    cells += ExpectRow(sheet, row, sums->second);
  }
  EXPECT_EQ(seen.size(), naive.lines.size());
  SCOPED_TRACE("total");
  std::map<std::string, int64_t> total = naive.total;
  return cells + ExpectRow(sheet, sheet.total, total);
}

int64_t ExpectOne(const StoreReader& store, const FiguresQuery& query, const Mask* mask) {
  Naive clocks, asks;
  EXPECT_TRUE(ScanFigures(store, [&](const ChildFigures& child) {
                const int64_t weight = mask == nullptr ? 1 : mask->WeightOf(child.child);
                clocks.Add(ClocksOf(child, query), weight);
                asks.Add(AsksOf(child, query), weight);
              }).ok());
  const auto table = CountClocks(store, query, mask);
  const auto flow = CountAsks(store, query, mask);
  if (!table.ok() || !flow.ok()) {
    ADD_FAILURE() << table.status() << flow.status();
    return 0;
  }
  const size_t keys = KeyColumns(query).size();
  const size_t flow_keys = 2 + (query.by_month ? 1 : 0) + (query.by_language ? 1 : 0);
  return ExpectSheet(PerformanceSheet(*table), keys, clocks) +
         ExpectSheet(DelaySheet(*table), keys, clocks) +
         ExpectSheet(FlowSheet(*flow), flow_keys, asks);
}

}  // namespace

int64_t ExpectSums(const StoreReader& store) {
  static const Mask* const mask = new Mask("a secret of tests");
  int64_t cells = 0;
  for (int apart = 0; apart < 16; ++apart) {
    FiguresQuery query;
    query.by_agency = (apart & 1) != 0;
    query.by_rule = (apart & 2) != 0;
    query.by_month = (apart & 4) != 0;
    query.by_language = (apart & 8) != 0;
    for (const Mask* one : {static_cast<const Mask*>(nullptr), mask}) {
      SCOPED_TRACE(absl::StrCat("told apart by ", apart, one == nullptr ? "" : ", masked"));
      cells += ExpectOne(store, query, one);
    }
  }
  return cells;
}

}  // namespace dolen::tables
