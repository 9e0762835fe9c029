// How a refused value is written to the quarantine topic. Private to this room.
//
// The record's headers are the received ones followed by those that Kafka Connect gives to its dead
// letters, so that existing tools can read them; nothing received is overwritten, and a reader
// finds the received ones by leaving off the last kDeadLetterHeaders.
#ifndef DOLEN_ENGINE_ADMISSION_QUARANTINE_RECORD_H_
#define DOLEN_ENGINE_ADMISSION_QUARANTINE_RECORD_H_

#include <cstddef>

#include "absl/time/time.h"
#include "engine/admission/check.h"
#include "engine/admission/reasons.h"
#include "engine/log/log.h"

namespace dolen {

inline constexpr size_t kDeadLetterHeaders = 5;

// Its value is a serialised dolen.ledger.v1.QuarantineRecord. The topic takes it, whatever was
// received: of a record larger than any in intake should be, only the beginning is kept.
NewEntry QuarantineEntryOf(const Received& received, const Rejection& rejection, absl::Time at);

}  // namespace dolen

#endif  // DOLEN_ENGINE_ADMISSION_QUARANTINE_RECORD_H_
