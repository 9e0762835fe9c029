#include "engine/child/history.h"

#include <utility>

#include "engine/base/digest.h"

namespace dolen {

uint32_t History::IdHash(absl::string_view agency, absl::string_view event_id) {
  return static_cast<uint32_t>(Hash64(agency, event_id));
}

std::vector<int64_t> History::PositionsOf(uint32_t id_hash) const {
  std::vector<int64_t> positions;
  for (const Entry& entry : entries_) {
    if (entry.id_hash == id_hash) positions.push_back(entry.position);
  }
  return positions;
}

Placed History::Insert(const Event& event) {
  OrderKey order = event.Order();
  const bool at_end = entries_.empty() || last_ < order;
  entries_.push_back({event.position, IdHash(event.open.agency(), event.open.event_id())});
  if (!at_end) return Placed::kInPast;
  last_ = std::move(order);
  return Placed::kAtEnd;
}

void History::Restore(absl::Span<const Entry> entries, const OrderKey& last) {
  entries_.assign(entries.begin(), entries.end());
  last_ = last;
}

}  // namespace dolen
