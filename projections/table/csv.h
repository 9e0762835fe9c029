// A line of a table as RFC 4180 has it, for programs and for spreadsheets.
#ifndef DOLEN_PROJECTIONS_TABLE_CSV_H_
#define DOLEN_PROJECTIONS_TABLE_CSV_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace dolen {

// Ends with CR LF. A cell that a spreadsheet would take for a formula gets an apostrophe before it.
std::string CsvLine(const std::vector<absl::string_view>& cells);

}  // namespace dolen

#endif  // DOLEN_PROJECTIONS_TABLE_CSV_H_
