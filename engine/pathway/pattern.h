// Does an event fit a pattern? Pure.
#ifndef DOLEN_ENGINE_PATHWAY_PATTERN_H_
#define DOLEN_ENGINE_PATHWAY_PATTERN_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
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

// Who is who in the matter at the time of the event.
struct Parties {
  absl::string_view asker;
  absl::string_view asked;
};

// An event in its place among the others of its key, as patterns ask for it.
class Occurrence {
 public:
  virtual ~Occurrence() = default;
  virtual const event::v1::Open& open() const = 0;
  virtual Parties parties() const = 0;
  // Whether an earlier event of the key fits `earlier`, a pattern inside given or unless, and came
  // at least so long before as its `ago` says.
  virtual bool Came(const pathway::v1::Pattern& earlier) const = 0;
  // Full years of the child at the event's day; nullopt: no birth month is known.
  virtual absl::optional<int64_t> age() const = 0;
  // "in" or "out" of the office hours of the accountable agency; empty: nobody can say.
  virtual absl::string_view hours() const = 0;
};

// Whether `where` may name this field of every event ("service_type", "cause" ...); other names are
// looked up among Open.fields, but for "age" and "hours", which are derived.
bool IsCodeField(absl::string_view field);

// The value of this field of the event as text: a code, a number in decimal or a day. nullopt: the
// event has no such field, or an empty code.
absl::optional<std::string> FieldText(const event::v1::Open& open, absl::string_view field);

// `is` or one of `or` fits: name (none: any event), publisher, all tests, all of given and none of
// unless. A test fits if the field's code, its number in decimal or its day ("YYYY-MM-DD") is one
// of `is`, or its number is less than a `below` that is not 0; a field that the event lacks fits no
// test, but an absent code is "". Moments fit no event.
bool Fits(const pathway::v1::Pattern& pattern, const Occurrence& occurrence, const Books& books);

// Whether the event's publisher is `by`: "agency:A", "kind:K", "role:R" (as which it speaks),
// "asked" or "asker"; an empty `by` is anybody.
bool ByFits(absl::string_view by, const event::v1::Open& open, const Parties& parties,
            const Books& books);

}  // namespace dolen

#endif  // DOLEN_ENGINE_PATHWAY_PATTERN_H_
