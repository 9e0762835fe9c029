// The agencies that were heard in this shard, as far as their silence needs it: what is known of an
// agency is made of when it was heard last, and when before its latest silences. Each stands among
// the children as a subject with a key of its own (AgencyKey), whose events are made of these rows.
// Not thread-safe: the shard's own.
#ifndef DOLEN_ENGINE_SHARD_AGENCIES_H_
#define DOLEN_ENGINE_SHARD_AGENCIES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "dolen/store/v1/store.pb.h"
#include "engine/base/ids.h"
#include "engine/child/event.h"
#include "engine/pathway/books.h"
#include "engine/store/store.h"

namespace dolen {

class Agencies {
 public:
  // kDataLoss: a row cannot be parsed.
  absl::Status Load(const StoreReader& store);

  // Takes up that an agency was heard at `recorded`, by the record at `position`.
  void Hear(absl::string_view agency, int64_t position, absl::Time recorded, const Books& books,
            Batch& batch);

  bool Has(const ChildKey& key) const { return by_key_.contains(key); }
  // Of an agency that Has says is here: that it was heard, with "expected_by" where the books say
  // how long it may be silent.
  std::vector<Event> EventsOf(const ChildKey& key, const Books& books) const;

 private:
  struct Agency {
    std::string name;
    store::v1::AgencyRow row;
  };
  absl::btree_map<ChildKey, Agency> by_key_;
};

}  // namespace dolen

#endif  // DOLEN_ENGINE_SHARD_AGENCIES_H_
