// Lengths of time as books write them, as numbers. Pure.
#ifndef DOLEN_ENGINE_PATHWAY_AMOUNT_H_
#define DOLEN_ENGINE_PATHWAY_AMOUNT_H_

#include <cstdint>

#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "dolen/pathway/v1/pathway.pb.h"

namespace dolen {

// How many of its own unit; 0 where no unit is set.
int64_t NumberOf(const pathway::v1::Amount& amount);
// Of minutes and hours; nullopt for other units.
absl::optional<absl::Duration> ElapsedOf(const pathway::v1::Amount& amount);
// Of months, and of years in months; nullopt for other units.
absl::optional<int> MonthsOf(const pathway::v1::Amount& amount);
// Of units that count days one by one, weeks in calendar days, and of school openings; 0 for
// others.
int64_t DaysOf(const pathway::v1::Amount& amount);

}  // namespace dolen

#endif  // DOLEN_ENGINE_PATHWAY_AMOUNT_H_
