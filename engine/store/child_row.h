// A child's state and its row. What is written and what is read back is the same state, byte for
// byte.
#ifndef DOLEN_ENGINE_STORE_CHILD_ROW_H_
#define DOLEN_ENGINE_STORE_CHILD_ROW_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "dolen/store/v1/store.pb.h"
#include "engine/base/ids.h"
#include "engine/child/history.h"
#include "engine/child/picture.h"
#include "engine/child/watch.h"
#include "engine/pathway/books.h"
#include "engine/store/store.h"

namespace dolen {

struct ChildState {
  History history;
  Picture picture;  // without what Forget took out of it
  Alerts alerts;    // of what is left in it
  // Of what was taken out: one for each time that there were any.
  uint32_t alert_pages = 0, figure_pages = 0;
  uint32_t aside = 0;        // records kept aside
  uint32_t untold = 0;       // breaches nobody was told of ...
  uint32_t untold_away = 0;  // ... and those of them that were taken out of the picture
  absl::Time next_due = absl::InfiniteFuture();
  absl::Time recorded = absl::InfinitePast();  // when its last event was; an agency has none
  bool has_seals = false;                      // a record was sealed, maybe for a while only
};

// The front of a row, readable without parsing the rest.
struct RowFront {
  absl::Time next_due;
  int books = 0;
};
absl::StatusOr<RowFront> ReadRowFront(absl::string_view row);

// Makes rows and reads them. It keeps its messages from call to call, which saves their
// allocations; for one thread.
class ChildRows {
 public:
  // Makes the child's row in `row`, and puts the index pages that were closed since `pages_written`
  // of them were written. Returns how many pages are closed now.
  uint32_t Encode(const ChildKey& child, const ChildState& state, const Books& books,
                  uint32_t pages_written, std::string& row, Batch& batch);

  // The row of a page of alerts that are not in the child's own row; and reads it back, behind what
  // is in `alerts`. kDataLoss: the row does not fit together.
  std::string EncodeAlerts(const Alerts& page);
  absl::Status DecodeAlerts(absl::string_view row, const Books& books, Alerts& alerts);

  // Reads a child back; the closed pages are read from the store. What `state` held before only
  // lends its memory. kDataLoss if the row does not fit together; `state` is of no use then.
  absl::Status Decode(const ChildKey& child, absl::string_view row, const Books& books,
                      const StoreReader& store, ChildState& state);

 private:
  store::v1::ChildRow row_;
  store::v1::IndexPage page_;
  store::v1::AlertPage alerts_;
  std::vector<absl::string_view> names_;
  std::vector<History::Entry> entries_;
  OrderKey last_;
};

}  // namespace dolen

#endif  // DOLEN_ENGINE_STORE_CHILD_ROW_H_
