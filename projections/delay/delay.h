// Delay: whose minutes they were from start to close, and action delay apart from reporting delay.
#ifndef DOLEN_PROJECTIONS_DELAY_DELAY_H_
#define DOLEN_PROJECTIONS_DELAY_DELAY_H_

#include "absl/strings/string_view.h"
#include "projections/figures/clock_table.h"
#include "projections/figures/sheet.h"

namespace dolen {

// Columns: what tells lines apart; children, clocks; minutes: from start to close, together;
// minutes_per_clock; minutes_late_per_late: from due to close, per clock that was late;
// minutes_reported_after: from the close to when the ledger had it, per clock; late_by_report: in
// time, but reported only when it was overdue.
Sheet DelaySheet(const ClockTable& table);

// Whose side of it: of the agency that looks.
enum class Side { kOwn, kWaiting, kPaused, kNobody };
Side SideOf(const Whose& whose, absl::string_view own);
absl::string_view SideText(Side side);  // "own"

// A row for each line and each who: side, as the query's agency sees it, or the line's where the
// query names none; who; minutes, together; percent: of the line's minutes.
Sheet SharesSheet(const ClockTable& table);

}  // namespace dolen

#endif  // DOLEN_PROJECTIONS_DELAY_DELAY_H_
