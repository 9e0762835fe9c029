// The rows of views whose version is not the one that a release has, made anew from the children's
// rows. The old ones stand until all new ones do, so that a crash in the midst of it leaves a store
// that was never without them.
#ifndef DOLEN_ENGINE_SHARD_VIEWS_H_
#define DOLEN_ENGINE_SHARD_VIEWS_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "dolen/store/v1/store.pb.h"
#include "engine/pathway/books.h"
#include "engine/shard/view.h"
#include "engine/store/store.h"

namespace dolen {

// Brings the store to these views, and no others. `row` is the shard's own row as it stands in the
// store; its list of views is changed, and written when all new rows are there. In a store in which
// nothing was folded yet nothing is written. Errors: kDataLoss
// a child's row does not fit together; what the store says.
absl::Status BringViews(absl::Span<const View* const> views, const Books& books, Store& store,
                        store::v1::ShardRow& row);

}  // namespace dolen

#endif  // DOLEN_ENGINE_SHARD_VIEWS_H_
