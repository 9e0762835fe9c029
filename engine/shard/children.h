// The children a shard has at hand, and the only writer of their rows. A few are parsed; of many
// more the rows are kept as they lie in the store, which takes a fraction of the memory, and those
// used least are let go. Not thread-safe: the shard's own.
#ifndef DOLEN_ENGINE_SHARD_CHILDREN_H_
#define DOLEN_ENGINE_SHARD_CHILDREN_H_

#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "engine/base/ids.h"
#include "engine/child/figures.h"
#include "engine/child/forget.h"
#include "engine/pathway/books.h"
#include "engine/shard/recent_rows.h"
#include "engine/shard/view.h"
#include "engine/store/child_row.h"
#include "engine/store/store.h"

namespace dolen {

class Children {
 public:
  using Pages = std::vector<std::pair<std::string, std::string>>;
  struct Child {
    ChildKey key;
    ChildState state;
    uint32_t pages_written = 0;
    bool changed = false;  // since its row was last made
    Pages fresh;           // its pages of what was put away that are in the batch, by key
    // Of each view, as they were then; while changed. Afterwards as they were made last.
    std::vector<Rows> rows_before;
    bool rows_known = false;    // rows_before is what the store has, or will have
    bool rows_are_old = false;  // they were made with fewer books
  };

  // Keeps rows of at most `bytes` of memory. What changes goes to `batch`. All pointers outlive it.
  Children(const Store* store, const Books* books, std::vector<const View*> views, size_t bytes,
           Batch* batch)
      : store_(store), books_(books), views_(std::move(views)), batch_(batch), rows_(bytes) {}

  // The child, read from the store or new. Stays where it is until the next Find.
  absl::StatusOr<Child*> Find(const ChildKey& key);
  // To be called before a child's state is changed.
  void Change(Child& child);
  // Puts alerts and figures away in a page each, if there are any; the child is being changed.
  void PutAway(const Forgotten& forgotten, Child& child);
  // Of the child, what is in pages too.
  absl::StatusOr<Alerts> AllAlerts(const Child& child);
  absl::StatusOr<Figures> AllFigures(const Child& child);
  // The picture was drawn again: takes the alerts back, and all pages go.
  absl::Status TakeBack(Child& child);
  // Puts the rows of all that changed into the batch.
  void Put();
  // From now on it is kept what happens to rows of views; and what happened since the last call.
  void KeepRowChanges() { keeps_changes_ = true; }
  std::vector<RowChange> TakeRowChanges() { return std::exchange(row_changes_, {}); }
  // The batch was written: lets go what there is no room for.
  void Settle();
  // Lets the parsed ones go. Nothing may be changed.
  void Forget();

 private:
  absl::Status Read(Child& child);
  void PutPage(std::string key, std::string row, Child& child);
  // `kind`: what to call it where it is missing.
  absl::StatusOr<std::string> PageOf(const Child& child, absl::string_view kind,
                                     const std::string& key) const;
  std::unique_ptr<Child> MakeRoom();
  // Makes the row of a changed child, and those of views; they go into the batch with Put, its
  // pages at once.
  void MakeRow(Child& child);
  void PutViewRows(Child& child);

  const Store* const store_;
  const Books* const books_;
  const std::vector<const View*> views_;
  Batch* const batch_;
  bool keeps_changes_ = false;
  std::vector<RowChange> row_changes_;
  ChildRows codec_;
  RecentRows rows_;
  // What becomes of a row of a view; none: it goes.
  struct ViewPut {
    std::string key;
    absl::optional<std::string> value;
  };
  std::vector<ViewPut> view_puts_;  // since the last Put, in order
  std::vector<ChildKey> made_;  // whose rows were made since the last Settle; maybe more than once
  absl::flat_hash_map<ChildKey, std::unique_ptr<Child>> parsed_;
  std::deque<Child*> by_age_;  // of parsed_, oldest first
};

}  // namespace dolen

#endif  // DOLEN_ENGINE_SHARD_CHILDREN_H_
