// How the local log lies in RocksDB: one column family, the kind byte first, integers big-endian,
// so that the records of a partition lie side by side in the order of their offsets. Readers and
// writers share this file; nothing else knows the bytes.
//
//   m "id"                               the log's id, 32 hex digits
//   m "format"                           kFormat
//   t NAME                               a topic: id, partitions, compacted, keep
//   b TOPIC PARTITION                    first offset still there (absent: 0)
//   g TOPIC PARTITION GROUP              offset that the group committed
//   r TOPIC PARTITION OFFSET             a record (TOPIC 4 bytes, PARTITION 4, OFFSET 8)
#ifndef DOLEN_ENGINE_LOG_LOCAL_FORMAT_H_
#define DOLEN_ENGINE_LOG_LOCAL_FORMAT_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "engine/log/log.h"
#include "rocksdb/slice.h"
#include "rocksdb/status.h"

namespace dolen::local {

inline constexpr absl::string_view kFormat = "1";
inline constexpr absl::string_view kIdKey = "mid";
inline constexpr absl::string_view kFormatKey = "mformat";
inline constexpr char kTopicKind = 't';
inline constexpr char kBeginKind = 'b';
inline constexpr char kGroupKind = 'g';
inline constexpr char kRecordKind = 'r';
inline constexpr size_t kPartitionBytes = 1 + 4 + 4;  // kind, topic, partition
inline constexpr size_t kRecordKeyBytes = kPartitionBytes + 8;

using RecordKey = std::array<char, kRecordKeyBytes>;
RecordKey MakeRecordKey(uint32_t topic, int32_t partition, int64_t offset);
int64_t OffsetOf(rocksdb::Slice record_key);  // of a key of kRecordKeyBytes

std::string TopicKey(absl::string_view name);
std::string BeginKey(uint32_t topic, int32_t partition);
std::string GroupKey(uint32_t topic, int32_t partition, absl::string_view group);
// Takes a GroupKey apart; false if it is none.
bool ParseGroupKey(absl::string_view key, uint32_t& topic, int32_t& partition, std::string& group);

std::string EncodeInt(int64_t value);
bool DecodeInt(absl::string_view bytes, int64_t& value);

struct StoredTopic {
  uint32_t id = 0;
  TopicSpec spec;
};
std::string EncodeTopic(const StoredTopic& topic);
bool DecodeTopic(absl::string_view name, absl::string_view bytes, StoredTopic& topic);

// All of a record but its value, which follows: so that the value is copied once only.
void EncodeRecordHead(absl::Time appended, absl::string_view key, absl::Span<const Header> headers,
                      bool tombstone, std::string& head);
// Views into `bytes`; `headers` is overwritten. False: these bytes are no record.
bool DecodeRecord(absl::string_view bytes, Entry& entry, std::vector<Header>& headers);

inline rocksdb::Slice ToSlice(absl::string_view view) { return {view.data(), view.size()}; }
inline rocksdb::Slice ToSlice(const RecordKey& key) { return {key.data(), key.size()}; }
inline absl::string_view ToView(rocksdb::Slice slice) { return {slice.data(), slice.size()}; }

// kDataLoss for damage, kUnavailable for the rest; `what` was being done.
absl::Status FromRocks(const rocksdb::Status& status, absl::string_view what);

}  // namespace dolen::local

#endif  // DOLEN_ENGINE_LOG_LOCAL_FORMAT_H_
