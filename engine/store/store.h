// The only state store: one RocksDB for one shard, one column family, so that one Batch is one
// atomic step. It knows keys and bytes; what they mean is child_row.h's and the fold's business.
//
// Threads: reads from any thread; Commit from the shard's own only. Errors: kDataLoss damage seen
// by RocksDB, or a row that must be there and is not (stop: never answer from it),
// kFailedPrecondition the folder is in use, kInternal anything else of the disk (stop: the next
// commit would not be believed).
#ifndef DOLEN_ENGINE_STORE_STORE_H_
#define DOLEN_ENGINE_STORE_STORE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "engine/base/digest.h"

namespace rocksdb {
class Cache;
class DB;
class Iterator;
class Snapshot;
class WriteBatch;
}  // namespace rocksdb

namespace dolen {

// One atomic step in the making.
class Batch {
 public:
  Batch();
  ~Batch();
  Batch(Batch&&) noexcept;
  Batch& operator=(Batch&&) noexcept;
  void Put(absl::string_view key, absl::string_view value);
  void Delete(absl::string_view key);
  size_t bytes() const;
  void Clear();

 private:
  friend class Store;
  std::unique_ptr<rocksdb::WriteBatch> batch_;
};

struct StoreOptions {
  // Memory for blocks read, shared by all stores that get the same cache; nullptr: 32 MiB of one's
  // own.
  std::shared_ptr<rocksdb::Cache> cache;
  size_t write_buffer_bytes = 32 << 20;
};

// Reads rows: of the store as it stands (Store), or as it stood at one instant (Snapshot).
class StoreReader {
 public:
  StoreReader(const StoreReader&) = delete;
  StoreReader& operator=(const StoreReader&) = delete;

  absl::StatusOr<absl::optional<std::string>> Get(absl::string_view key) const;
  // The rows of `keys`, in that order; every one must be there.
  absl::StatusOr<std::vector<std::string>> GetAll(const std::vector<std::string>& keys) const;
  // Calls `see` for the rows whose keys start with `prefix`, from `from` on, in key order, until it
  // returns false.
  absl::Status Scan(
      absl::string_view prefix, absl::string_view from,
      const std::function<bool(absl::string_view key, absl::string_view value)>& see) const;
  absl::Status Scan(
      absl::string_view prefix,
      const std::function<bool(absl::string_view key, absl::string_view value)>& see) const {
    return Scan(prefix, prefix, see);
  }

 protected:
  friend class Walk;
  // `at`: nullptr: as it stands.
  StoreReader(rocksdb::DB* db, const rocksdb::Snapshot* at) : db_(db), at_(at) {}
  // At the first row whose key is not before `from`.
  std::unique_ptr<rocksdb::Iterator> From(absl::string_view from) const;
  ~StoreReader() = default;
  rocksdb::DB* const db_;
  const rocksdb::Snapshot* const at_;
};

// A store as it stood when this was taken. Taking one costs next to nothing and holds up nobody;
// what is committed later is not seen. The store outlives it. Thread-safe.
class Snapshot : public StoreReader {
 public:
  ~Snapshot();

 private:
  friend class Store;
  explicit Snapshot(rocksdb::DB* db);
};

class Store : public StoreReader {
 public:
  // Opens the folder, making it where it is missing.
  static absl::StatusOr<std::unique_ptr<Store>> Open(const std::string& folder,
                                                     const StoreOptions& options = {});
  // Opens the store that is in the folder as it stands now, to read only, also while another
  // process works on it: nothing in the folder is changed, and what is committed later is not seen.
  // `scratch` is a folder for this reader's own notes. kNotFound: there is no store.
  static absl::StatusOr<std::unique_ptr<Store>> OpenToRead(const std::string& folder,
                                                           const std::string& scratch,
                                                           const StoreOptions& options = {});
  ~Store();
  // Takes a folder away whole: after a crash in the midst of it there is no store there, never half
  // of one.
  static absl::Status Remove(const std::string& folder);

  std::unique_ptr<const Snapshot> Now() const;

  // Writes the batch as one step and empties it. Not fsynced: a power cut leaves an older
  // consistent step, and the ledger has the rest.
  absl::Status Commit(Batch& batch);

  // Over every row but the outbox and the read-back position, which say how far the telling has
  // come; with how many rows and bytes that were.
  struct Digest {
    RunningDigest digest;
    uint64_t rows = 0;
    uint64_t bytes = 0;
  };
  absl::StatusOr<Digest> DigestAll() const;

  // Size on disk, in bytes.
  uint64_t DiskBytes() const;
  // Writes what is only in memory to disk files.
  absl::Status Flush();

 private:
  explicit Store(std::unique_ptr<rocksdb::DB> db);
  const std::unique_ptr<rocksdb::DB> owned_;
};

}  // namespace dolen

#endif  // DOLEN_ENGINE_STORE_STORE_H_
