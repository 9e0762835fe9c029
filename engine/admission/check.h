// Is a received value an event that can be admitted? Pure, and on the hot path: one walk over the
// bytes, no message, no copy. What it accepts, protobuf's parser accepts with the same meaning (a
// test compares the two); what it refuses is listed in reasons.h.
#ifndef DOLEN_ENGINE_ADMISSION_CHECK_H_
#define DOLEN_ENGINE_ADMISSION_CHECK_H_

#include <array>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "absl/types/variant.h"
#include "engine/admission/identifiers.h"
#include "engine/admission/reasons.h"
#include "engine/base/limits.h"
#include "engine/log/log.h"

namespace dolen {

// A place in an intake topic.
struct IntakePosition {
  absl::string_view topic;
  int32_t partition = 0;
  int64_t offset = 0;
};

// Who speaks in a topic.
enum class Speaker : uint8_t {
  kAgency,    // an agency, of events
  kPeople,    // people on call, of what they did with alerts
  kNotifier,  // a notifier, of what became of its messages
};

// What came in through a topic or a file. Owns nothing: the caller keeps what the views point to
// until the value was admitted.
struct Received {
  Speaker speaker = Speaker::kAgency;
  absl::string_view agency;  // the owner of the intake topic; empty: no agency speaks
  IntakePosition intake;
  absl::string_view key;
  absl::string_view value;
  absl::Span<const Header> headers;
  bool tombstone = false;
  absl::string_view backfill;         // the backfill it belongs to; empty: none
  absl::string_view place;            // for rows of files: file, line and column
  absl::optional<absl::Time> stated;  // recorded logs: the time that counts as that of admission
};

// An event that passed. The views are slices of the received value.
struct CheckedEvent {
  absl::string_view message;       // dolen.event.v1.Event, without framing
  absl::string_view open;          // its field open, exactly as received
  absl::string_view private_part;  // its field private, exactly as received
  std::array<IdentifierView, kMaxIdentifiers> identifier;
  int identifiers = 0;
  uint64_t sequence = 0;  // the agency's own number of it; 0: it keeps none

  absl::Span<const IdentifierView> Identifiers() const {
    return absl::MakeConstSpan(identifier.data(), static_cast<size_t>(identifiers));
  }
};

// `now` is the time of admission; an event that occurred more than kMaxAhead after it is refused.
//
// Three forms of value are accepted: a bare dolen.event.v1.Event; one in the Confluent wire format
// (byte 0, schema id, index of the first message); and either with CloudEvents headers in binary
// mode. Where a header ce_source has the shape of an agency's short id (no '/', ':' or '#', as a
// URI would have), it must be the agency's.
//
// Fields of Open and Private that this version does not know are let through, since their bytes
// are kept; beside them in Event they are refused, since their bytes would be lost.
absl::variant<CheckedEvent, Rejection> CheckEvent(const Received& received, absl::Time now);

}  // namespace dolen

#endif  // DOLEN_ENGINE_ADMISSION_CHECK_H_
