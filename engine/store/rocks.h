// The room's view of RocksDB's words. No public header includes this one.
#ifndef DOLEN_ENGINE_STORE_ROCKS_H_
#define DOLEN_ENGINE_STORE_ROCKS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "rocksdb/slice.h"
#include "rocksdb/status.h"

namespace dolen {

inline rocksdb::Slice SliceOf(absl::string_view view) { return {view.data(), view.size()}; }
inline absl::string_view ViewOf(const rocksdb::Slice& slice) {
  return {slice.data(), slice.size()};
}
// As store.h says its errors. `what` was being done.
absl::Status StatusOf(const rocksdb::Status& status, absl::string_view what);

}  // namespace dolen

#endif  // DOLEN_ENGINE_STORE_ROCKS_H_
