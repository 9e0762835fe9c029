// Performance: how many clocks were in time, late, excused or cancelled, told or untold, by agency,
// rule, month and the family's language.
#ifndef DOLEN_PROJECTIONS_PERFORMANCE_PERFORMANCE_H_
#define DOLEN_PROJECTIONS_PERFORMANCE_PERFORMANCE_H_

#include "projections/figures/clock_table.h"
#include "projections/figures/sheet.h"

namespace dolen {

// Columns: what tells lines apart; children, clocks; in_time, late, excused, cancelled, done (no
// due time), no_calendar, untold, late_by_report (ClockFigures says what each is); percent_in_time:
// of those that were in time or late.
Sheet PerformanceSheet(const ClockTable& table);

// How many per hundred of those that were in time or late.
Shown ShownInTime(const ClockTally& line, bool masked);

}  // namespace dolen

#endif  // DOLEN_PROJECTIONS_PERFORMANCE_PERFORMANCE_H_
