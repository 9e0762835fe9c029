// Which past a person asks for, in words. Beside Past, which is in instants.
#ifndef DOLEN_DEPLOY_PROGRAM_ASKED_PAST_H_
#define DOLEN_DEPLOY_PROGRAM_ASKED_PAST_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/child/known.h"
#include "engine/pathway/books.h"

namespace dolen {

// Each a day, which means its end, or an instant in RFC 3339; empty: not asked for.
struct AskedPast {
  std::string as_of;
  std::string known_at;
  std::string known_to;  // an agency
};

// Days end as in the zone of `books`. Errors: kInvalidArgument a time cannot be read, or neither
// the books nor any of the child's `events` names the agency.
absl::StatusOr<Past> PastOf(const AskedPast& asked, absl::Span<const Event> events,
                            const Books& books);

}  // namespace dolen

#endif  // DOLEN_DEPLOY_PROGRAM_ASKED_PAST_H_
