#include "projections/figures/clock_table.h"

#include <utility>

#include "engine/base/status.h"

namespace dolen {
namespace {

bool Fits(const ClockGroup& group, const FiguresQuery& query) {
  return (query.agency.empty() || group.agency == query.agency) &&
         (query.rule.empty() || group.rule == query.rule) && query.HasMonth(group.month);
}

LineKey KeyOf(const ClockGroup& group, const std::string& language, const FiguresQuery& query) {
  LineKey key;
  if (query.by_agency) key.agency = group.agency;
  if (query.by_rule) key.rule = group.rule;
  if (query.by_month) key.month = group.month;
  if (query.by_language) key.language = language;
  return key;
}

}  // namespace

ClockFigures Times(const ClockFigures& figures, int64_t weight) {
  ClockFigures times;
  for (int64_t i = 0; i < weight; ++i) times += figures;
  return times;
}

ClockTally& ClockTally::operator+=(const ClockTally& other) {
  children += other.children;
  clocks += other.clocks;
  return *this;
}

void ClockTable::Add(const ChildFigures& child, int64_t weight) {
  // A line of which the mask leaves nothing would say that there was something.
  if (weight == 0 || !query.HasLanguage(child.language)) return;
  absl::btree_map<LineKey, ClockFigures> its;
  for (const auto& [group, figures] : child.figures.clocks) {
    if (Fits(group, query)) its[KeyOf(group, child.language, query)] += figures;
  }
  if (its.empty()) return;
  total.children += weight;
  for (const auto& [key, figures] : its) {
    const ClockTally line{weight, Times(figures, weight)};
    lines[key] += line;
    total.clocks += line.clocks;
  }
}

ClockTable& ClockTable::operator+=(const ClockTable& other) {
  for (const auto& [key, line] : other.lines) lines[key] += line;
  total += other.total;
  return *this;
}

absl::StatusOr<ClockTable> CountClocks(const StoreReader& store, const FiguresQuery& query,
                                       const Mask* mask) {
  ClockTable table;
  table.query = query;
  table.masked = mask != nullptr;
  DOLEN_RETURN_IF_ERROR(ScanFigures(
      store, [&](const ChildFigures& child) { table.Add(child, WeightOf(child.child, mask)); }));
  return table;
}

}  // namespace dolen
