// Writes an admitted event as a record of the ledger, straight from the received bytes: the same
// bytes that dolen.ledger.v1.Record would serialise to, without the message. Private to this room.
#ifndef DOLEN_ENGINE_ADMISSION_RECORD_H_
#define DOLEN_ENGINE_ADMISSION_RECORD_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "engine/admission/check.h"
#include "engine/base/ids.h"

namespace dolen {

// What admission adds to an event.
struct Stamp {
  absl::Time written;
  absl::string_view digest;
  uint32_t digest_key = 0;
  ChildKey child;
  int64_t identity_position = 0;
};

class RecordEncoder {
 public:
  // Lives until the next call.
  absl::string_view Encode(const Received& received, const CheckedEvent& event, const Stamp& stamp);

 private:
  std::string position_, event_, record_;  // kept for their capacity
};

}  // namespace dolen

#endif  // DOLEN_ENGINE_ADMISSION_RECORD_H_
