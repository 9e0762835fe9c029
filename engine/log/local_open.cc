#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/base/digest.h"
#include "engine/base/status.h"
#include "engine/log/local_state.h"
#include "rocksdb/cache.h"
#include "rocksdb/slice_transform.h"
#include "rocksdb/sst_partitioner.h"
#include "rocksdb/table.h"

namespace dolen {

namespace {

using local::FromRocks;
using local::LocalPartition;
using local::LocalTopic;
using local::ToSlice;
using local::ToView;

// Open files. Beyond it RocksDB closes the least used; a service has 1,024 by default.
constexpr int kMaxOpenFiles = 256;
// RocksDB's own log, of which nothing is needed but the last restarts.
constexpr size_t kMaxInfoLogBytes = 1024 * 1024;
constexpr size_t kInfoLogs = 4;

rocksdb::Options DatabaseOptions(const LocalLogOptions& options) {
  rocksdb::Options db;
  if (options.env != nullptr) db.env = options.env;
  db.create_if_missing = true;
  // An exact prefix survives damage in the middle of the write-ahead log; the mark notices if that
  // prefix is too short.
  db.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  db.allow_data_in_errors = false;
  db.avoid_flush_during_shutdown = false;
  db.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  db.max_log_file_size = kMaxInfoLogBytes;
  db.keep_log_file_num = kInfoLogs;
  db.max_open_files = kMaxOpenFiles;
  db.write_buffer_size = options.write_buffer_bytes;
  db.max_write_buffer_number = 3;
  db.max_background_jobs = 2;
  // Each partition is written in the order of its keys: a hint per partition finds the place of an
  // insert without a search. It does not touch reading, as a prefix extractor would.
  db.memtable_insert_with_hint_prefix_extractor.reset(
      rocksdb::NewFixedPrefixTransform(local::kPartitionBytes));
  // The same compression everywhere, and files that hold one partition each: below the first level
  // nothing overlaps any more, so that records are rewritten once and then only moved.
  db.compression = rocksdb::kLZ4Compression;
  db.sst_partitioner_factory = rocksdb::NewSstPartitionerFixedPrefixFactory(local::kPartitionBytes);
  rocksdb::BlockBasedTableOptions table;
  table.block_size = 32 * 1024;  // read from front to back: larger blocks, smaller indexes
  table.block_cache = rocksdb::NewLRUCache(options.cache_bytes);
  table.format_version = 5;
  db.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return db;
}

// All folders on the way: RocksDB makes the last one only.
absl::Status CreateFolders(rocksdb::Env* env, const std::string& folder) {
  for (size_t slash = folder.find('/', 1);; slash = folder.find('/', slash + 1)) {
    DOLEN_RETURN_IF_ERROR(FromRocks(env->CreateDirIfMissing(folder.substr(0, slash)), folder));
    if (slash == std::string::npos) return absl::OkStatus();
  }
}

// Calls `row` with the key, less its kind, and the value of each row of a kind.
template <typename Row>
absl::Status ForEachRow(rocksdb::DB* db, char kind, Row row) {
  const std::unique_ptr<rocksdb::Iterator> rows(db->NewIterator(rocksdb::ReadOptions()));
  for (rows->Seek(rocksdb::Slice(&kind, 1)); rows->Valid() && rows->key()[0] == kind;
       rows->Next()) {
    if (!row(ToView(rows->key()), ToView(rows->value()))) {
      return absl::DataLossError(absl::StrCat("local log: a row of kind '",
                                              absl::string_view(&kind, 1), "' cannot be read"));
    }
  }
  return FromRocks(rows->status(), "open");
}

}  // namespace

absl::StatusOr<std::unique_ptr<LocalLog>> LocalLog::Open(const std::string& folder,
                                                         LocalLogOptions options) {
  auto state = std::make_unique<State>();
  state->options = std::move(options);
  DOLEN_RETURN_IF_ERROR(state->OpenDatabase(folder));
  DOLEN_RETURN_IF_ERROR(state->LoadId());
  DOLEN_RETURN_IF_ERROR(state->LoadTopics());
  DOLEN_RETURN_IF_ERROR(state->LoadCommitted());
  DOLEN_RETURN_IF_ERROR(state->StartCommitting(folder));
  return std::unique_ptr<LocalLog>(new LocalLog(std::move(state)));
}

absl::Status LocalLog::State::OpenDatabase(const std::string& folder) {
  const rocksdb::Options db_options = DatabaseOptions(options);
  DOLEN_RETURN_IF_ERROR(CreateFolders(db_options.env, folder));
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(db_options, folder, &opened);
  if (status.IsIOError() && absl::StrContains(absl::AsciiStrToLower(status.ToString()), "lock")) {
    return absl::FailedPreconditionError(
        absl::StrCat("another dolen is running on this folder: ", folder));
  }
  DOLEN_RETURN_IF_ERROR(FromRocks(status, absl::StrCat("cannot open the log in ", folder)));
  db.reset(opened);
  return absl::OkStatus();
}

absl::Status LocalLog::State::LoadId() {
  std::string format;
  const rocksdb::ReadOptions read;
  rocksdb::Status status = db->Get(read, ToSlice(local::kFormatKey), &format);
  if (status.IsNotFound()) {
    const std::unique_ptr<rocksdb::Iterator> first(db->NewIterator(read));
    first->SeekToFirst();
    if (first->Valid()) return absl::DataLossError("the local log has rows but no format");
    DOLEN_RETURN_IF_ERROR(FromRocks(first->status(), "open"));
    id = absl::BytesToHexString(RandomBytes(16));
    rocksdb::WriteBatch batch;
    batch.Put(ToSlice(local::kFormatKey), ToSlice(local::kFormat));
    batch.Put(ToSlice(local::kIdKey), id);
    rocksdb::WriteOptions write;
    write.sync = true;
    return FromRocks(db->Write(write, &batch), "create");
  }
  DOLEN_RETURN_IF_ERROR(FromRocks(status, "open"));
  if (format != local::kFormat) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the local log has format ", absl::CEscape(format), ", expected ", local::kFormat));
  }
  return FromRocks(db->Get(read, ToSlice(local::kIdKey), &id), "the log's id");
}

absl::Status LocalLog::State::LoadTopics() {
  DOLEN_RETURN_IF_ERROR(ForEachRow(db.get(), local::kTopicKind,
                                   [this](absl::string_view key, absl::string_view value) {
                                     auto topic = std::make_unique<LocalTopic>();
                                     if (!DecodeTopic(key.substr(1), value, topic->stored))
                                       return false;
                                     topics.emplace(std::string(key.substr(1)), std::move(topic));
                                     return true;
                                   }));
  for (auto& [name, topic] : topics) {
    for (int32_t number = 0; number < topic->stored.spec.partitions; ++number) {
      topic->partitions.push_back(std::make_unique<LocalPartition>());
      LocalPartition& partition = *topic->partitions.back();
      partition.name = {name, number};
      partition.topic = topic->stored.id;
      DOLEN_RETURN_IF_ERROR(LoadBounds(partition));
    }
  }
  return absl::OkStatus();
}

absl::Status LocalLog::State::LoadBounds(LocalPartition& partition) {
  const rocksdb::ReadOptions read;
  std::string stored;
  const std::string begin_key = local::BeginKey(partition.topic, partition.name.partition);
  const rocksdb::Status status = db->Get(read, begin_key, &stored);
  if (!status.IsNotFound()) {
    DOLEN_RETURN_IF_ERROR(FromRocks(status, "open"));
    if (!local::DecodeInt(stored, partition.begin)) {
      return absl::DataLossError(absl::StrCat(partition.name.topic, ": its beginning is damaged"));
    }
  }
  partition.end = partition.begin;
  const std::unique_ptr<rocksdb::Iterator> last(db->NewIterator(read));
  const auto beyond = local::MakeRecordKey(partition.topic, partition.name.partition, INT64_MAX);
  last->SeekForPrev(ToSlice(beyond));
  DOLEN_RETURN_IF_ERROR(FromRocks(last->status(), "open"));
  if (last->Valid() && last->key().size() == local::kRecordKeyBytes &&
      last->key().starts_with({beyond.data(), local::kPartitionBytes})) {
    partition.end = std::max(partition.begin, local::OffsetOf(last->key()) + 1);
  }
  partition.next = partition.end;
  return absl::OkStatus();
}

absl::Status LocalLog::State::LoadCommitted() {
  absl::btree_map<uint32_t, std::string> names;
  for (const auto& [name, topic] : topics) names[topic->stored.id] = name;
  return ForEachRow(db.get(), local::kGroupKind,
                    [&](absl::string_view key, absl::string_view value) {
                      uint32_t topic = 0;
                      TopicPartition of;
                      std::string group;
                      int64_t offset = 0;
                      if (!local::ParseGroupKey(key, topic, of.partition, group)) return false;
                      if (!local::DecodeInt(value, offset)) return false;
                      of.topic = names[topic];
                      committed[{group, of}] = offset;
                      return true;
                    });
}

absl::Status LocalLog::State::StartCommitting(const std::string& folder) {
  DOLEN_ASSIGN_OR_RETURN(mark, local::AcknowledgedMark::Open(db->GetEnv(), folder));
  int64_t records = 0;
  for (const auto& [name, topic] : topics) {
    for (const auto& partition : topic->partitions) records += partition->end;
  }
  if (records < mark->count()) {
    return absl::DataLossError(absl::StrCat(
        "the log in ", folder, " has lost acknowledged records: it ends after ", records,
        " of at least ", mark->count(), ". Restore it from a backup, or remove its file ",
        local::AcknowledgedMark::kFileName, " to go on without them"));
  }
  mark->Write(records);
  commit = std::make_unique<local::GroupCommit>(db.get(), options.clock, mark.get(), records);
  return absl::OkStatus();
}

LocalLog::State::~State() {
  commit = nullptr;
  // So that the next start has no write-ahead log to read. An error costs only that.
  if (db != nullptr) (void)db->Flush(rocksdb::FlushOptions());
}

}  // namespace dolen
