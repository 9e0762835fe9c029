// The story brought to the present: what happened long ago is told as if it had happened in the
// last weeks, and a day of its own goes on while people look.
//
// Both files are read at the times that they state (deploy/story). The story moves by whole weeks,
// so that a Friday afternoon stays one; the day moves to the minute, so that a deadline of hours
// passes before the reader's eyes.
#ifndef DOLEN_DEPLOY_PROGRAM_PRESENT_H_
#define DOLEN_DEPLOY_PROGRAM_PRESENT_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "deploy/program/recorded_rows.h"

namespace dolen {

// When the day's pages open, as its file states it.
inline constexpr absl::CivilMinute kDayOpens(2026, 2, 27, 10, 0);
// So many times faster does the day go on once they are open.
inline constexpr int kDayPace = 3;

// The times of `story` moved so that its last event lies at most a week before `opens`.
absl::Status MoveByWeeks(absl::Time opens, absl::TimeZone zone, RecordedRows& story);

// The events of `day` that lie before its pages open, moved to `opens`, each with what is between;
// the rest is left in `day`, at the times that the file states.
absl::StatusOr<std::vector<RecordedEvent>> TakeBeforeOpening(absl::Time opens, absl::TimeZone zone,
                                                             RecordedRows& day);

// When an event of the rest comes, by the day's pace, with the pages open since `opened`.
absl::Time ComesAt(const RecordedEvent& event, absl::Time opened, absl::TimeZone zone);

// The event as one that occurs, and is recorded, at these times.
absl::Status MoveTo(absl::Time occurred, absl::Time recorded, RecordedEvent& event);

}  // namespace dolen

#endif  // DOLEN_DEPLOY_PROGRAM_PRESENT_H_
