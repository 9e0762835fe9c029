// Which events a child has: an index in order of arrival, without the events themselves. Pure.
//
// The index is what a shard keeps at hand for each child. An event that is later in the order than
// all others is folded on; any other makes the picture be drawn again from the events, which are
// read back by their positions.
#ifndef DOLEN_ENGINE_CHILD_HISTORY_H_
#define DOLEN_ENGINE_CHILD_HISTORY_H_

#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "engine/child/event.h"

namespace dolen {

enum class Placed {
  kAtEnd,   // later in the order than every other: fold it on
  kInPast,  // belongs between others: draw again
};

class History {
 public:
  struct Entry {
    int64_t position;
    uint32_t id_hash;  // of agency and event id
    friend bool operator==(const Entry&, const Entry&) = default;
  };

  static uint32_t IdHash(absl::string_view agency, absl::string_view event_id);

  // Entries that may be the event of this id: their ids must be compared, since hashes can meet.
  std::vector<int64_t> PositionsOf(uint32_t id_hash) const;
  // Takes up an event that is not there yet.
  Placed Insert(const Event& event);

  // In order of arrival, and so of position.
  absl::Span<const Entry> entries() const { return entries_; }
  const OrderKey& last() const { return last_; }

  // For the store: entries as they were, in order of arrival, in place of what is here.
  void Restore(absl::Span<const Entry> entries, const OrderKey& last);

 private:
  std::vector<Entry> entries_;
  OrderKey last_;  // of the event that is last in the order
};

}  // namespace dolen

#endif  // DOLEN_ENGINE_CHILD_HISTORY_H_
