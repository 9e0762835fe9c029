// That an agency was heard, as an event of the agency itself: what rules of silence start from.
// Pure.
#ifndef DOLEN_ENGINE_CHILD_HEARD_H_
#define DOLEN_ENGINE_CHILD_HEARD_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "engine/child/event.h"
#include "engine/pathway/books.h"

namespace dolen {

// Until when an agency that was heard at `heard` may be silent; none: the books do not say.
absl::optional<absl::Time> MayBeSilentUntil(absl::string_view agency, absl::Time heard,
                                            const Books& books);

// The milestone "agency_heard", with the field "expected_by" where there is such a time.
Event HeardEvent(absl::string_view agency, int64_t position, absl::Time heard,
                 absl::optional<absl::Time> expected_by);

}  // namespace dolen

#endif  // DOLEN_ENGINE_CHILD_HEARD_H_
