// Does an event fit a pattern? Pure. Shared by clocks, and later by simulate and explain.
#ifndef DOLEN_ENGINE_PATHWAY_PATTERN_H_
#define DOLEN_ENGINE_PATHWAY_PATTERN_H_

#include "absl/strings/string_view.h"
#include "dolen/event/v1/event.pb.h"
#include "dolen/pathway/v1/pathway.pb.h"
#include "engine/pathway/books.h"

namespace dolen {

// "referral_made" for KIND_REFERRAL_MADE; the empty view for KIND_UNSPECIFIED and unknown numbers.
// Lives for ever.
absl::string_view KindName(event::v1::Kind kind);
// KIND_UNSPECIFIED if no kind has this name.
event::v1::Kind KindOf(absl::string_view name);
// The name by which rules know an event: its milestone if it is one, else its kind. Empty where it
// is neither. Lives as long as `open`.
absl::string_view EventName(const event::v1::Open& open);

// Who is who in the matter at the time of the event, for "by".
struct Parties {
  absl::string_view asker;
  absl::string_view asked;
};

// Whether `where` may name this field of every event ("service_type", "cause" ...); other names are
// looked up among Open.fields.
bool IsCodeField(absl::string_view field);

// `is` or one of `or` fits: name, publisher and all tests. A test fits if the field's code, its
// number in decimal or its day ("YYYY-MM-DD") is one of `is`, or its number is less than a `below`
// that is not 0; a field that the event lacks fits no test, but an absent code is "". given, unless
// and moments are not folded yet (CheckBook refuses books that use them).
bool Fits(const pathway::v1::Pattern& pattern, const event::v1::Open& open, const Parties& parties,
          const Books& books);

}  // namespace dolen

#endif  // DOLEN_ENGINE_PATHWAY_PATTERN_H_
