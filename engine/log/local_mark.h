// How many records were ever acknowledged, in a small file beside the database. RocksDB recovers an
// exact prefix of its write-ahead log and says nothing of what it drops; this file is what notices
// that acknowledged records are gone.
//
// It is written after the fsync of a group and not itself synced: a mark that a power cut takes
// away leaves an older one, which is still true as a lower bound. Used by one thread at a time.
#ifndef DOLEN_ENGINE_LOG_LOCAL_MARK_H_
#define DOLEN_ENGINE_LOG_LOCAL_MARK_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "rocksdb/env.h"

namespace dolen::local {

class AcknowledgedMark {
 public:
  static constexpr char kFileName[] = "acknowledged.mark";
  // Opens or creates the file in `folder`. A file without a readable mark counts as 0.
  static absl::StatusOr<std::unique_ptr<AcknowledgedMark>> Open(rocksdb::Env* env,
                                                                const std::string& folder);
  int64_t count() const { return count_; }  // the highest that was ever written
  void Write(int64_t count);

 private:
  explicit AcknowledgedMark(std::unique_ptr<rocksdb::RandomRWFile> file) : file_(std::move(file)) {}
  std::unique_ptr<rocksdb::RandomRWFile> file_;
  int64_t count_ = 0;
  int slot_ = 0;
};

}  // namespace dolen::local

#endif  // DOLEN_ENGINE_LOG_LOCAL_MARK_H_
