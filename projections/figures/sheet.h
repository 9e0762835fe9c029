// A table for people: named columns, rows of texts and numbers; as JSON, CSV or text. What a reader
// may not see stands in it as such.
#ifndef DOLEN_PROJECTIONS_FIGURES_SHEET_H_
#define DOLEN_PROJECTIONS_FIGURES_SHEET_H_

#include <string>
#include <vector>

#include "absl/types/variant.h"
#include "nlohmann/json_fwd.hpp"
#include "projections/figures/clock_table.h"
#include "projections/figures/small_numbers.h"

namespace dolen {

using Cell = absl::variant<std::string, Shown>;

struct Sheet {
  bool masked = false;
  std::vector<std::string> columns;
  std::vector<std::vector<Cell>> rows;  // each as long as `columns`
  std::vector<Cell> total;              // likewise; empty: there is none
};

// A number, the text "fewer than 5", or null.
nlohmann::ordered_json ShownJson(const Shown& shown);

// {"masked":false,"lines":[{"agency":...},...],"total":{...}}. A number that is not told is null,
// one from 1 to 4 that is masked the text "fewer than 5". `total` only where there is one, without
// the columns that say whose line it is.
std::string SheetJson(const Sheet& sheet);
// RFC 4180, in UTF-8, with a header; the total is not in it, so that no reader adds it up. A number
// that is not told is empty. A text that a spreadsheet would take for a formula begins with an
// apostrophe.
std::string SheetCsv(const Sheet& sheet);
// For a terminal, in columns.
std::string SheetText(const Sheet& sheet);

// The columns that tell lines of clocks apart, and their cells.
std::vector<std::string> KeyColumns(const FiguresQuery& query);
std::vector<Cell> KeyCells(const LineKey& key, const FiguresQuery& query);
// The same of the total.
std::vector<Cell> NoKeyCells(const FiguresQuery& query);

std::string MonthText(absl::CivilMonth month);  // "2026-03"

}  // namespace dolen

#endif  // DOLEN_PROJECTIONS_FIGURES_SHEET_H_
