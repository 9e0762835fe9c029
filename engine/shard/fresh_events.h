// The event rows of the open batch, which are not in the store yet: one piece of memory, in the
// order of their positions.
#ifndef DOLEN_ENGINE_SHARD_FRESH_EVENTS_H_
#define DOLEN_ENGINE_SHARD_FRESH_EVENTS_H_

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "dolen/store/v1/store.pb.h"

namespace dolen {

class FreshEvents {
 public:
  // `position` is above all that are there. The answer lives until the next call.
  absl::string_view Add(int64_t position, const store::v1::EventRow& row) {
    const size_t begin = bytes_.size();
    row.AppendToString(&bytes_);
    places_.push_back({position, begin});
    return absl::string_view(bytes_).substr(begin);
  }

  absl::optional<absl::string_view> Find(int64_t position) const {
    const auto place = std::lower_bound(places_.begin(), places_.end(), position,
                                        [](const Place& a, int64_t b) { return a.position < b; });
    if (place == places_.end() || place->position != position) return absl::nullopt;
    const size_t end = place + 1 == places_.end() ? bytes_.size() : (place + 1)->begin;
    return absl::string_view(bytes_).substr(place->begin, end - place->begin);
  }

  void Clear() {
    bytes_.clear();
    places_.clear();
  }

 private:
  struct Place {
    int64_t position;
    size_t begin;
  };
  std::string bytes_;
  std::vector<Place> places_;
};

}  // namespace dolen

#endif  // DOLEN_ENGINE_SHARD_FRESH_EVENTS_H_
