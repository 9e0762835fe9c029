#include "engine/store/store.h"

#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/status.h"
#include "engine/store/rocks.h"
#include "engine/store/walk.h"
#include "rocksdb/cache.h"
#include "rocksdb/db.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/options.h"
#include "rocksdb/slice_transform.h"
#include "rocksdb/table.h"
#include "rocksdb/write_batch.h"

namespace dolen {
namespace {

constexpr int kReadAttempts = 5;

rocksdb::ReadOptions OptionsAt(const rocksdb::Snapshot* at) {
  rocksdb::ReadOptions options;
  options.snapshot = at;
  return options;
}

rocksdb::Options RocksOptions(const StoreOptions& options) {
  rocksdb::Options rocks;
  rocks.create_if_missing = true;
  rocks.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  rocks.keep_log_file_num = 3;
  rocks.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  rocks.write_buffer_size = options.write_buffer_bytes;
  rocks.max_write_buffer_number = 3;
  // Events come in the order of their keys, and children sorted within a commit: where the last row
  // of a kind went is the best place to begin looking for the next.
  rocks.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(1));
  // A new child is looked for once, and mostly in vain: a filter answers that at once.
  rocks.memtable_whole_key_filtering = true;
  rocks.memtable_prefix_bloom_size_ratio = 0.02;
  rocks.level_compaction_dynamic_level_bytes = true;
  // Each compaction of the first level rewrites the rows of all children: do it half as often as
  // RocksDB would.
  rocks.level0_file_num_compaction_trigger = 8;
  rocks.max_background_jobs = 2;
  rocks.bytes_per_sync = 1 << 20;
  // Fresh rows are rewritten soon; only what has settled is worth the CPU.
  rocks.compression_per_level = {rocksdb::kNoCompression, rocksdb::kNoCompression,
                                 rocksdb::kLZ4Compression};
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = options.cache ? options.cache : rocksdb::NewLRUCache(32 << 20);
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.whole_key_filtering = true;
  table.format_version = 5;
  table.checksum = rocksdb::kXXH3;
  rocks.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return rocks;
}

}  // namespace

absl::Status StatusOf(const rocksdb::Status& status, absl::string_view what) {
  if (status.ok()) return absl::OkStatus();
  // RocksDB is told to keep data out of its messages (allow_data_in_errors is off).
  const std::string text = absl::StrCat(what, ": ", status.ToString());
  if (status.IsCorruption()) return absl::DataLossError(text);
  if (status.IsNotFound()) return absl::NotFoundError(text);
  if (status.IsIOError() && text.find("LOCK") != std::string::npos) {
    return absl::FailedPreconditionError(
        absl::StrCat(text, " (another dolen is running on this folder; stop it or talk to it)"));
  }
  return absl::InternalError(text);
}

Batch::Batch() : batch_(std::make_unique<rocksdb::WriteBatch>()) {}
Batch::~Batch() = default;
Batch::Batch(Batch&&) noexcept = default;
Batch& Batch::operator=(Batch&&) noexcept = default;
void Batch::Put(absl::string_view key, absl::string_view value) {
  batch_->Put(SliceOf(key), SliceOf(value));
}
void Batch::Delete(absl::string_view key) { batch_->Delete(SliceOf(key)); }
size_t Batch::bytes() const { return batch_->GetDataSize(); }
void Batch::Clear() { batch_->Clear(); }

Snapshot::Snapshot(rocksdb::DB* db) : StoreReader(db, db->GetSnapshot()) {}
Snapshot::~Snapshot() { db_->ReleaseSnapshot(at_); }

Store::Store(std::unique_ptr<rocksdb::DB> db)
    : StoreReader(db.get(), nullptr), owned_(std::move(db)) {}
// What is only in memory goes to disk files, so that the next start has no write-ahead log to read.
// An error costs only that.
Store::~Store() { (void)Flush(); }

absl::StatusOr<std::unique_ptr<Store>> Store::Open(const std::string& folder,
                                                   const StoreOptions& options) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  rocksdb::DB* db = nullptr;
  DOLEN_RETURN_IF_ERROR(StatusOf(rocksdb::DB::Open(RocksOptions(options), folder, &db),
                                 absl::StrCat("store ", folder)));
  return std::unique_ptr<Store>(new Store(std::unique_ptr<rocksdb::DB>(db)));
}

absl::Status Store::Remove(const std::string& folder) {
  std::error_code error;
  const std::string away = folder + ".removed";
  std::filesystem::remove_all(away, error);
  if (!error && std::filesystem::exists(folder)) std::filesystem::rename(folder, away, error);
  if (!error) std::filesystem::remove_all(away, error);
  if (!error) return absl::OkStatus();
  return absl::InternalError(absl::StrCat(
      "store ", folder, ": cannot be removed: ", error.message(), "; remove it by hand"));
}

absl::StatusOr<std::unique_ptr<Store>> Store::OpenToRead(const std::string& folder,
                                                         const std::string& scratch,
                                                         const StoreOptions& options) {
  if (!std::filesystem::exists(folder + "/CURRENT")) {
    return absl::NotFoundError(absl::StrCat("there is no store in ", folder));
  }
  rocksdb::Options rocks = RocksOptions(options);
  rocks.max_open_files = -1;  // all are held open, so that none can go meanwhile
  rocksdb::DB* db = nullptr;
  rocksdb::Status opened;
  // A file that the other process just replaced makes an attempt fail; the next one reads the list
  // of files anew.
  for (int attempt = 0; attempt < kReadAttempts; ++attempt) {
    opened = rocksdb::DB::OpenAsSecondary(rocks, folder, scratch, &db);
    if (opened.ok()) break;
  }
  DOLEN_RETURN_IF_ERROR(StatusOf(opened, absl::StrCat("store ", folder)));
  std::unique_ptr<Store> store(new Store(std::unique_ptr<rocksdb::DB>(db)));
  // What went from the write-ahead log to a file between reading the one and the other.
  DOLEN_RETURN_IF_ERROR(
      StatusOf(db->TryCatchUpWithPrimary(), absl::StrCat("store ", folder, ": read")));
  return store;
}

absl::StatusOr<absl::optional<std::string>> StoreReader::Get(absl::string_view key) const {
  std::string value;
  const rocksdb::Status status = db_->Get(OptionsAt(at_), SliceOf(key), &value);
  if (status.IsNotFound()) return absl::optional<std::string>();
  DOLEN_RETURN_IF_ERROR(StatusOf(status, "store: read"));
  return absl::optional<std::string>(std::move(value));
}

absl::StatusOr<std::vector<std::string>> StoreReader::GetAll(
    const std::vector<std::string>& keys) const {
  std::vector<rocksdb::Slice> slices;
  slices.reserve(keys.size());
  for (const std::string& key : keys) slices.emplace_back(key);
  std::vector<std::string> values;
  for (const rocksdb::Status& status : db_->MultiGet(OptionsAt(at_), slices, &values)) {
    if (status.IsNotFound()) {
      return absl::DataLossError("store: a row that must be there is missing");
    }
    DOLEN_RETURN_IF_ERROR(StatusOf(status, "store: read"));
  }
  return values;
}

std::unique_ptr<rocksdb::Iterator> StoreReader::From(absl::string_view from) const {
  rocksdb::ReadOptions options = OptionsAt(at_);
  options.total_order_seek = true;
  std::unique_ptr<rocksdb::Iterator> row(db_->NewIterator(options));
  row->Seek(SliceOf(from));
  return row;
}

absl::Status StoreReader::Scan(
    absl::string_view prefix, absl::string_view from,
    const std::function<bool(absl::string_view key, absl::string_view value)>& see) const {
  const StoreReader* const self = this;
  Walk walk({&self, 1}, prefix, from);
  while (!walk.IsAtEnd() && see(walk.key(), walk.value())) walk.Next();
  return walk.status();
}

std::unique_ptr<const Snapshot> Store::Now() const {
  return std::unique_ptr<const Snapshot>(new Snapshot(db_));
}

absl::Status Store::Commit(Batch& batch) {
  const rocksdb::Status status = db_->Write({}, batch.batch_.get());
  batch.Clear();
  return StatusOf(status, "store: write");
}

absl::StatusOr<Store::Digest> Store::DigestAll() const {
  Digest digest;
  DOLEN_RETURN_IF_ERROR(Scan("", [&](absl::string_view key, absl::string_view value) {
    if (key[0] == 'o' || key[0] == 't') return true;
    digest.digest.Add(key);
    digest.digest.Add(value);
    ++digest.rows;
    digest.bytes += key.size() + value.size();
    return true;
  }));
  return digest;
}

uint64_t Store::DiskBytes() const {
  uint64_t bytes = 0;
  db_->GetIntProperty(rocksdb::DB::Properties::kTotalSstFilesSize, &bytes);
  return bytes;
}

absl::Status Store::Flush() { return StatusOf(db_->Flush({}), "store: flush"); }

}  // namespace dolen
