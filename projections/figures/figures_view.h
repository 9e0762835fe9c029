// The figures view: of every child one row with what has ended, in numbers, so that questions
// across a hundred thousand children read one row of each, of some their pages, and no events. Sums
// are made on reading.
#ifndef DOLEN_PROJECTIONS_FIGURES_FIGURES_VIEW_H_
#define DOLEN_PROJECTIONS_FIGURES_FIGURES_VIEW_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "dolen/store/v1/store.pb.h"
#include "engine/base/ids.h"
#include "engine/child/figures.h"
#include "engine/shard/view.h"
#include "engine/store/store.h"

namespace dolen {

// One row for each child with anything to count: key = the child's key, value =
// dolen.store.v1.FiguresRow. Agencies, which stand among the children, have none; nor has
// a child with a seal: what of it counts is drawn on reading (projections/sealed).
class FiguresView : public View {
 public:
  char letter() const override { return 'f'; }
  uint8_t version() const override { return 1; }
  void AddRows(const ChildKey& child, const ChildState& state, const Books& books,
               Rows& rows) const override;
};

struct ChildFigures {
  ChildKey child;
  std::string language;  // BCP 47, as last stated; empty: not known
  Figures figures;
};

// The same as the store has it, to be summed up: what `row` has of now, and the child's pages. All
// of it is read with engine/store/figures_codec.h.
struct ChildFiguresRow {
  ChildKey child;
  store::v1::FiguresRow row;
  std::vector<std::string> pages;
};

// Calls `see` for every child of one shard that has a row, in the order of their keys, until it
// fails. kDataLoss: a row cannot be read.
absl::Status ScanFiguresRows(const StoreReader& store,
                             absl::FunctionRef<absl::Status(const ChildFiguresRow&)> see);
// Likewise, with the figures as a whole.
absl::Status ScanFigures(const StoreReader& store,
                         absl::FunctionRef<void(const ChildFigures&)> see);

}  // namespace dolen

#endif  // DOLEN_PROJECTIONS_FIGURES_FIGURES_VIEW_H_
