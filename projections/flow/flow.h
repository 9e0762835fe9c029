// Flow: who asks whom, what becomes of it, who declines with which reason, and ping-pong. Children
// and asks are counted apart.
#ifndef DOLEN_PROJECTIONS_FLOW_FLOW_H_
#define DOLEN_PROJECTIONS_FLOW_FLOW_H_

#include <cstdint>
#include <string>
#include <tuple>

#include "absl/container/btree_map.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/types/optional.h"
#include "engine/child/figures.h"
#include "engine/store/store.h"
#include "projections/figures/clock_table.h"
#include "projections/figures/sheet.h"
#include "projections/figures/small_numbers.h"

namespace dolen {

struct FlowKey {
  std::string asker, asked;
  absl::optional<absl::CivilMonth> month;
  std::string language;
  friend bool operator==(const FlowKey&, const FlowKey&) = default;
  friend bool operator<(const FlowKey& a, const FlowKey& b) {
    return std::tie(a.asker, a.asked, a.month, a.language) <
           std::tie(b.asker, b.asked, b.month, b.language);
  }
};

struct FlowLine {
  int64_t children = 0;
  int64_t children_back = 0;  // with an ask that went back
  AskFigures asks;
  FlowLine& operator+=(const FlowLine& other);
  friend bool operator==(const FlowLine&, const FlowLine&) = default;
};

struct FlowTable {
  FiguresQuery query;  // of its `by_` only month and language
  bool masked = false;
  absl::btree_map<FlowKey, FlowLine> lines;
  FlowLine total;

  void Add(const ChildFigures& child, int64_t weight);
  // Adds what was counted of the children of another shard, by the same question.
  FlowTable& operator+=(const FlowTable& other);
};

// Of one shard, as CountClocks.
absl::StatusOr<FlowTable> CountAsks(const StoreReader& store, const FiguresQuery& query,
                                    const Mask* mask);

// Columns: asker, asked, and what else tells lines apart; children, asks, taken_on, declined,
// passed_on, unanswered, back (asks that went back), children_back.
Sheet FlowSheet(const FlowTable& table);
// A row for each line and each reason, also the empty one: reason, declined.
Sheet DeclinesSheet(const FlowTable& table);

}  // namespace dolen

#endif  // DOLEN_PROJECTIONS_FLOW_FLOW_H_
