// Is a received value something that came back about an alert: what a person did with it, or what
// became of a message that told it? Pure.
#ifndef DOLEN_ENGINE_ADMISSION_REPLY_H_
#define DOLEN_ENGINE_ADMISSION_REPLY_H_

#include <string>

#include "absl/time/time.h"
#include "absl/types/variant.h"
#include "engine/admission/check.h"
#include "engine/admission/reasons.h"
#include "engine/base/ids.h"

namespace dolen {

// A reply that passed.
struct CheckedReply {
  ChildKey child;  // whose alert it is; of an alert about an agency, that agency's key
};

// Of an action or a receipt, as `received.speaker` says. `now` is the time of admission.
absl::variant<CheckedReply, Rejection> CheckReply(const Received& received, absl::Time now);

// The ledger's record of it.
std::string ReplyRecord(const Received& received, const CheckedReply& reply, absl::Time written);

}  // namespace dolen

#endif  // DOLEN_ENGINE_ADMISSION_REPLY_H_
