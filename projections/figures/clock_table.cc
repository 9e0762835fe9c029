#include "projections/figures/clock_table.h"

#include <deque>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "engine/base/status.h"
#include "engine/store/figures_codec.h"

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

// What tells lines apart, of a group that is being looked at.
struct LineView {
  absl::string_view agency, rule;
  int64_t month = 0;
  absl::string_view language;

  template <typename H>
  friend H AbslHashValue(H h, const LineView& line) {
    return H::combine(std::move(h), line.agency, line.rule, line.month, line.language);
  }
  friend bool operator==(const LineView&, const LineView&) = default;
};

// The lines of a table in the making, found by hash: a scan looks for one for each group of each
// child. Adds the same as ClockTable::Add, without an intermediate sum for each child.
class Counter {
 public:
  explicit Counter(ClockTable& table) : table_(table), query_(table.query) {}

  void Begin(const std::string& language) {
    ++child_;
    is_asked_for_ = query_.HasLanguage(language);
  }
  void Add(const ClockGroup& group, const ClockFigures& figures, absl::string_view language,
           int64_t weight) {
    if (!is_asked_for_ || !Fits(group, query_)) return;
    AddTo(total_, figures, weight);
    LineView view;
    if (query_.by_agency) view.agency = group.agency;
    if (query_.by_rule) view.rule = group.rule;
    if (query_.by_month) view.month = group.month - absl::CivilMonth(0, 1);
    if (query_.by_language) view.language = language;
    const auto found = place_.find(view);
    if (found != place_.end()) return AddTo(*found->second, figures, weight);
    names_.push_back(KeyOf(group, std::string(language), query_));
    lines_.emplace_back();
    // The views of the map are of what is kept here.
    const LineKey& key = names_.back();
    place_.emplace(LineView{key.agency, key.rule, view.month, key.language}, &lines_.back());
    AddTo(lines_.back(), figures, weight);
  }

  void End() {
    table_.total = std::move(total_.line);
    for (size_t i = 0; i < lines_.size(); ++i) {
      table_.lines.emplace(std::move(names_[i]), std::move(lines_[i].line));
    }
  }

 private:
  struct Counted {
    ClockTally line;
    int64_t last_child = 0;
  };

  void AddTo(Counted& counted, const ClockFigures& figures, int64_t weight) const {
    if (counted.last_child != child_) counted.line.children += weight;
    counted.last_child = child_;
    for (int64_t i = 0; i < weight; ++i) counted.line.clocks += figures;
  }

  ClockTable& table_;
  const FiguresQuery& query_;
  int64_t child_ = 0;
  bool is_asked_for_ = false;
  Counted total_;
  std::deque<LineKey> names_;
  std::deque<Counted> lines_;
  absl::flat_hash_map<LineView, Counted*> place_;
};

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
  DOLEN_ASSIGN_OR_RETURN(std::vector<ClockTable> tables,
                         CountClocksOfEach(store, absl::MakeConstSpan(&query, 1), mask));
  return std::move(tables.front());
}

absl::StatusOr<std::vector<ClockTable>> CountClocksOfEach(const StoreReader& store,
                                                          absl::Span<const FiguresQuery> queries,
                                                          const Mask* mask) {
  std::vector<ClockTable> tables(queries.size());
  std::deque<Counter> counters;
  for (size_t i = 0; i < queries.size(); ++i) {
    tables[i].query = queries[i];
    tables[i].masked = mask != nullptr;
    counters.emplace_back(tables[i]);
  }
  ClockGroupReader reader;
  DOLEN_RETURN_IF_ERROR(ScanFiguresRows(store, [&](const ChildFiguresRow& child) {
    const std::string& language = child.row.language();
    const int64_t weight = WeightOf(child.child, mask);
    if (weight == 0) return absl::OkStatus();
    for (Counter& counter : counters) counter.Begin(language);
    const auto see = [&](const ClockGroup& group, const ClockFigures& figures) {
      for (Counter& counter : counters) counter.Add(group, figures, language, weight);
    };
    for (const std::string& page : child.pages) DOLEN_RETURN_IF_ERROR(reader.Read(page, see));
    return reader.Read(child.row.now(), see);
  }));
  for (Counter& counter : counters) counter.End();
  return tables;
}

}  // namespace dolen
