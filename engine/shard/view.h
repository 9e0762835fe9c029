// Views: what people see across children. Each is a pure function from a child's state to rows; the
// shard replaces a child's old rows by its new ones in the same WriteBatch. Implemented in
// projections/, passed in by deploy/.
#ifndef DOLEN_ENGINE_SHARD_VIEW_H_
#define DOLEN_ENGINE_SHARD_VIEW_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "engine/base/ids.h"
#include "engine/pathway/books.h"
#include "engine/store/child_row.h"
#include "engine/store/keys.h"

namespace dolen {

struct Row {
  std::string key;  // without the view's own prefix; unique across children
  std::string value;
  friend bool operator==(const Row&, const Row&) = default;
};
using Rows = std::vector<Row>;

// What a commit did to a row. Its key is the store's.
struct RowChange {
  std::string key;
  absl::optional<std::string> before;  // none: it was not there
  absl::optional<std::string> now;     // none: it went
};

class View {
 public:
  virtual ~View() = default;
  // The view's letter in the key layout; never reused for another meaning.
  virtual char letter() const = 0;
  // Goes up by one when the rows change their meaning: then they are made anew, beside the old
  // ones.
  virtual uint8_t version() const = 0;
  // Whether readers follow its rows as they change (Fold::KeepCommittedRows).
  virtual bool is_followed() const { return false; }
  // Appends the rows of one child. Must not depend on anything but its arguments; and what the rows
  // say must not depend on whether these hold what has ended for good (engine/child/forget.h).
  virtual void AddRows(const ChildKey& child, const ChildState& state, const Books& books,
                       Rows& rows) const = 0;
};

// The key of one of its rows in the store; of none: what all of them begin with.
inline std::string ViewKey(const View& view, absl::string_view key = {}) {
  return keys::View(view.letter(), view.version(), key);
}

}  // namespace dolen

#endif  // DOLEN_ENGINE_SHARD_VIEW_H_
