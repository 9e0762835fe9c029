// Clocks that have ended, added up across children: by agency, rule, month and language, as far as
// a question tells them apart. What delay and performance say is read from such a table. Children
// and clocks are counted apart: a child is counted once in each line, and once in the total,
// however many clocks it has there.
#ifndef DOLEN_PROJECTIONS_FIGURES_CLOCK_TABLE_H_
#define DOLEN_PROJECTIONS_FIGURES_CLOCK_TABLE_H_

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "engine/child/figures.h"
#include "engine/store/store.h"
#include "projections/figures/figures_view.h"
#include "projections/figures/small_numbers.h"

namespace dolen {

// Which of the figures, and what tells lines apart.
struct FiguresQuery {
  std::string agency;  // accountable at the close; of asks: who asked or was asked. Empty: all
  std::string rule;    // empty: all; nothing to asks
  absl::CivilMonth from = absl::CivilMonth::min();
  absl::CivilMonth to = absl::CivilMonth::max();  // the last one
  absl::optional<std::string> language;           // empty text: of whom none is known; absent: all
  bool by_agency = true;
  bool by_rule = true;
  bool by_month = false;
  bool by_language = false;

  bool HasMonth(absl::CivilMonth month) const { return from <= month && month <= to; }
  bool HasLanguage(const std::string& one) const { return !language || *language == one; }
};

// What is not told apart is empty.
struct LineKey {
  std::string agency;
  std::string rule;
  absl::optional<absl::CivilMonth> month;
  std::string language;
  friend bool operator==(const LineKey&, const LineKey&) = default;
  friend bool operator<(const LineKey& a, const LineKey& b) {
    return std::tie(a.agency, a.rule, a.month, a.language) <
           std::tie(b.agency, b.rule, b.month, b.language);
  }
};

struct ClockTally {
  int64_t children = 0;
  ClockFigures clocks;
  ClockTally& operator+=(const ClockTally& other);
  friend bool operator==(const ClockTally&, const ClockTally&) = default;
};

struct ClockTable {
  FiguresQuery query;
  bool masked = false;
  absl::btree_map<LineKey, ClockTally> lines;
  ClockTally total;

  // Adds one child, `weight` times.
  void Add(const ChildFigures& child, int64_t weight);
  // Adds what was counted of the children of another shard, by the same question.
  ClockTable& operator+=(const ClockTable& other);
};

// Of one shard. Without a mask the figures are as they are, for whoever may see those.
absl::StatusOr<ClockTable> CountClocks(const StoreReader& store, const FiguresQuery& query,
                                       const Mask* mask);
// The same to several questions, of which the children are read once.
absl::StatusOr<std::vector<ClockTable>> CountClocksOfEach(const StoreReader& store,
                                                          absl::Span<const FiguresQuery> queries,
                                                          const Mask* mask);

// `figures` so many times.
ClockFigures Times(const ClockFigures& figures, int64_t weight);

}  // namespace dolen

#endif  // DOLEN_PROJECTIONS_FIGURES_CLOCK_TABLE_H_
