#include "projections/figures/sheet.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "nlohmann/json.hpp"
#include "projections/table/csv.h"

namespace dolen {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kFewText[] = "fewer than 5";

std::string TextOf(const Cell& cell) {
  if (const auto* text = absl::get_if<std::string>(&cell)) return *text;
  const Shown& shown = absl::get<Shown>(cell);
  if (shown.kind == Shown::kHidden) return "";
  return shown.kind == Shown::kFew ? kFewText : absl::StrCat(shown.number);
}

Json JsonOf(const Cell& cell) {
  if (const auto* text = absl::get_if<std::string>(&cell)) return *text;
  return ShownJson(absl::get<Shown>(cell));
}

bool IsText(const Cell& cell) { return absl::holds_alternative<std::string>(cell); }

}  // namespace

Json ShownJson(const Shown& shown) {
  if (shown.kind == Shown::kHidden) return {};
  return shown.kind == Shown::kFew ? Json(kFewText) : Json(shown.number);
}

std::string SheetJson(const Sheet& sheet) {
  Json json = {{"masked", sheet.masked}, {"lines", Json::array()}};
  for (const std::vector<Cell>& row : sheet.rows) {
    Json line = Json::object();
    for (size_t i = 0; i < row.size(); ++i) line[sheet.columns[i]] = JsonOf(row[i]);
    json["lines"].push_back(std::move(line));
  }
  if (!sheet.total.empty()) {
    Json& total = json["total"] = Json::object();
    for (size_t i = 0; i < sheet.total.size(); ++i) {
      if (!IsText(sheet.total[i])) total[sheet.columns[i]] = JsonOf(sheet.total[i]);
    }
  }
  // Codes are the agencies': what is not UTF-8 must not end the answer.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string SheetCsv(const Sheet& sheet) {
  std::string csv = CsvLine({sheet.columns.begin(), sheet.columns.end()});
  for (const std::vector<Cell>& row : sheet.rows) {
    std::vector<std::string> cells;
    for (const Cell& cell : row) cells.push_back(TextOf(cell));
    csv += CsvLine({cells.begin(), cells.end()});
  }
  return csv;
}

std::string SheetText(const Sheet& sheet) {
  std::vector<std::vector<Cell>> rows;
  rows.emplace_back(sheet.columns.begin(), sheet.columns.end());
  rows.insert(rows.end(), sheet.rows.begin(), sheet.rows.end());
  if (!sheet.total.empty()) rows.push_back(sheet.total);
  std::vector<size_t> widths(sheet.columns.size(), 0);
  for (const std::vector<Cell>& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], TextOf(row[i]).size());
  }
  std::string text;
  for (const std::vector<Cell>& row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      // Words to the left, numbers to the right.
      const bool is_text = !sheet.rows.empty() && IsText(sheet.rows[0][i]);
      const int width = static_cast<int>(widths[i]) * (is_text ? -1 : 1);
      absl::StrAppendFormat(&line, "%s%*s", i == 0 ? "" : "  ", width, TextOf(row[i]));
    }
    line.erase(line.find_last_not_of(' ') + 1);
    absl::StrAppend(&text, line, "\n");
  }
  return text;
}

std::vector<std::string> KeyColumns(const FiguresQuery& query) {
  std::vector<std::string> columns;
  if (query.by_agency) columns.emplace_back("agency");
  if (query.by_rule) columns.emplace_back("rule");
  if (query.by_month) columns.emplace_back("month");
  if (query.by_language) columns.emplace_back("language");
  return columns;
}

std::vector<Cell> KeyCells(const LineKey& key, const FiguresQuery& query) {
  std::vector<Cell> cells;
  if (query.by_agency) cells.emplace_back(key.agency);
  if (query.by_rule) cells.emplace_back(key.rule);
  if (query.by_month) cells.emplace_back(MonthText(*key.month));
  if (query.by_language) cells.emplace_back(key.language);
  return cells;
}

std::vector<Cell> NoKeyCells(const FiguresQuery& query) {
  std::vector<Cell> cells(KeyColumns(query).size(), std::string());
  if (!cells.empty()) cells[0] = "total";
  return cells;
}

std::string MonthText(absl::CivilMonth month) {
  return absl::StrFormat("%04d-%02d", month.year(), month.month());
}

}  // namespace dolen
