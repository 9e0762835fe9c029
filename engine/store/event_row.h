// An event's row, read back. It keeps its messages from call to call, which saves their
// allocations; for one thread.
#ifndef DOLEN_ENGINE_STORE_EVENT_ROW_H_
#define DOLEN_ENGINE_STORE_EVENT_ROW_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "dolen/ledger/v1/ledger.pb.h"
#include "dolen/store/v1/store.pb.h"
#include "engine/child/event.h"

namespace dolen {

class EventRows {
 public:
  // kDataLoss: the row of this ledger position cannot be parsed.
  absl::Status Decode(int64_t position, absl::string_view row, Event& event);
  // What was decoded last, with its private part.
  const ledger::v1::AgencyEvent& last() const { return agency_event_; }

 private:
  store::v1::EventRow row_;
  ledger::v1::AgencyEvent agency_event_;
};

}  // namespace dolen

#endif  // DOLEN_ENGINE_STORE_EVENT_ROW_H_
