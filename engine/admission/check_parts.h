// The two halves of CheckEvent. Private to this room.
#ifndef DOLEN_ENGINE_ADMISSION_CHECK_PARTS_H_
#define DOLEN_ENGINE_ADMISSION_CHECK_PARTS_H_

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "engine/admission/check.h"
#include "engine/admission/walk.h"

namespace dolen {

// Both return false with `fault` set if something is wrong.
bool CheckOpen(absl::string_view open, absl::string_view agency, absl::Time now, uint64_t& sequence,
               Fault& fault);
bool CheckPrivate(absl::string_view private_part, CheckedEvent& event, Fault& fault);

}  // namespace dolen

#endif  // DOLEN_ENGINE_ADMISSION_CHECK_PARTS_H_
