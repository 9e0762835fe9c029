// The records of the receipts topic. A receipt has the key DESTINATION/ALERT_ID and can be read
// alone; what the notifier keeps for itself has a key that starts with a dot, which no name of a
// destination does. Pure.
#ifndef DOLEN_CONNECTORS_ALERTING_MEMORY_FORMAT_H_
#define DOLEN_CONNECTORS_ALERTING_MEMORY_FORMAT_H_

#include <string>
#include <utility>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "connectors/alerting/told.h"
#include "dolen/alert/v1/action.pb.h"
#include "dolen/notifier/v1/memory.pb.h"

namespace dolen {

NewEntry ReceiptRecord(const alert::v1::Receipt& receipt);
NewEntry LegRecord(absl::string_view destination, absl::string_view alert_id, const Leg& leg);
NewEntry NoLegRecord(absl::string_view destination, absl::string_view alert_id);
NewEntry SealedRecord(absl::string_view destination, absl::string_view id, const Sealed& sealed);
NewEntry NotSealedRecord(absl::string_view destination, absl::string_view id);
NewEntry SendingsRecord(absl::string_view destination, const Sendings& sendings);
NewEntry PositionRecord(const notifier::v1::Position& position);

// Whether a record of the receipts topic is a receipt.
bool IsReceipt(const Entry& entry);

// What the records of all partitions leave in mind.
struct Remembered {
  using OfDestination = std::pair<std::string, std::string>;  // its name; alert or notice
  template <typename T>
  struct Placed {
    int32_t partition = 0;
    T value;
  };
  absl::btree_map<OfDestination, Placed<Leg>> legs;
  absl::btree_map<OfDestination, Placed<Sealed>> sealed;
  absl::btree_map<std::string, Sendings> sendings;  // by destination; each known one is in it
  // By partition; absent where none was ever written.
  absl::btree_map<int32_t, notifier::v1::Position> positions;

  // Adds a record. kDataLoss: it cannot be read.
  absl::Status Add(int32_t partition, const Entry& entry);
};

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_ALERTING_MEMORY_FORMAT_H_
