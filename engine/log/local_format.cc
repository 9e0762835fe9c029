#include "engine/log/local_format.h"

#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "engine/base/time.h"

namespace dolen::local {

namespace {

// Flags of a record.
constexpr uint8_t kTombstone = 1;
constexpr uint8_t kHasHeaders = 2;

void PutBig(char* to, uint64_t value, int bytes) {
  for (int i = bytes - 1; i >= 0; --i, value >>= 8) to[i] = static_cast<char>(value & 0xff);
}

uint64_t GetBig(const char* from, int bytes) {
  uint64_t value = 0;
  for (int i = 0; i < bytes; ++i) value = value << 8 | static_cast<uint8_t>(from[i]);
  return value;
}

void AppendBig(std::string& out, uint64_t value, int bytes) {
  out.resize(out.size() + bytes);
  PutBig(out.data() + out.size() - bytes, value, bytes);
}

void AppendVarint(std::string& out, uint32_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}

bool TakeVarint(absl::string_view& in, uint32_t& value) {
  value = 0;
  for (int shift = 0; shift < 35; shift += 7) {
    if (in.empty()) return false;
    const uint8_t byte = static_cast<uint8_t>(in[0]);
    in.remove_prefix(1);
    value |= static_cast<uint32_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

void AppendSized(std::string& out, absl::string_view bytes) {
  AppendVarint(out, static_cast<uint32_t>(bytes.size()));
  out.append(bytes.data(), bytes.size());
}

bool TakeSized(absl::string_view& in, absl::string_view& bytes) {
  uint32_t size = 0;
  if (!TakeVarint(in, size) || in.size() < size) return false;
  bytes = in.substr(0, size);
  in.remove_prefix(size);
  return true;
}

std::string PartitionKey(char kind, uint32_t topic, int32_t partition) {
  std::string key(1, kind);
  AppendBig(key, topic, 4);
  AppendBig(key, static_cast<uint32_t>(partition), 4);
  return key;
}

}  // namespace

RecordKey MakeRecordKey(uint32_t topic, int32_t partition, int64_t offset) {
  RecordKey key;
  key[0] = kRecordKind;
  PutBig(&key[1], topic, 4);
  PutBig(&key[5], static_cast<uint32_t>(partition), 4);
  PutBig(&key[9], static_cast<uint64_t>(offset), 8);
  return key;
}

int64_t OffsetOf(rocksdb::Slice record_key) {
  DOLEN_CHECK(record_key.size() == kRecordKeyBytes);
  return static_cast<int64_t>(GetBig(record_key.data() + kPartitionBytes, 8));
}

std::string TopicKey(absl::string_view name) {
  return absl::StrCat(absl::string_view(&kTopicKind, 1), name);
}

std::string BeginKey(uint32_t topic, int32_t partition) {
  return PartitionKey(kBeginKind, topic, partition);
}

std::string GroupKey(uint32_t topic, int32_t partition, absl::string_view group) {
  return absl::StrCat(PartitionKey(kGroupKind, topic, partition), group);
}

bool ParseGroupKey(absl::string_view key, uint32_t& topic, int32_t& partition, std::string& group) {
  if (key.size() < kPartitionBytes || key[0] != kGroupKind) return false;
  topic = static_cast<uint32_t>(GetBig(key.data() + 1, 4));
  partition = static_cast<int32_t>(GetBig(key.data() + 5, 4));
  group = std::string(key.substr(kPartitionBytes));
  return true;
}

std::string EncodeInt(int64_t value) {
  std::string bytes;
  AppendBig(bytes, static_cast<uint64_t>(value), 8);
  return bytes;
}

bool DecodeInt(absl::string_view bytes, int64_t& value) {
  if (bytes.size() != 8) return false;
  value = static_cast<int64_t>(GetBig(bytes.data(), 8));
  return true;
}

std::string EncodeTopic(const StoredTopic& topic) {
  std::string bytes;
  AppendBig(bytes, topic.id, 4);
  AppendBig(bytes, static_cast<uint32_t>(topic.spec.partitions), 4);
  bytes.push_back(topic.spec.compacted ? 1 : 0);
  const bool for_ever = topic.spec.keep == absl::InfiniteDuration();
  AppendBig(bytes, for_ever ? ~uint64_t{0} : absl::ToInt64Microseconds(topic.spec.keep), 8);
  return bytes;
}

bool DecodeTopic(absl::string_view name, absl::string_view bytes, StoredTopic& topic) {
  if (bytes.size() != 4 + 4 + 1 + 8) return false;
  topic.id = static_cast<uint32_t>(GetBig(bytes.data(), 4));
  topic.spec.name = std::string(name);
  topic.spec.partitions = static_cast<int32_t>(GetBig(bytes.data() + 4, 4));
  topic.spec.compacted = bytes[8] != 0;
  const uint64_t keep = GetBig(bytes.data() + 9, 8);
  topic.spec.keep = keep == ~uint64_t{0} ? absl::InfiniteDuration()
                                         : absl::Microseconds(static_cast<int64_t>(keep));
  return CheckTopic(topic.spec).ok();
}

void EncodeRecordHead(absl::Time appended, absl::string_view key, absl::Span<const Header> headers,
                      bool tombstone, std::string& head) {
  head.clear();
  AppendBig(head, static_cast<uint64_t>(Micros(appended)), 8);
  head.push_back(
      static_cast<char>((tombstone ? kTombstone : 0) | (headers.empty() ? 0 : kHasHeaders)));
  AppendSized(head, key);
  if (headers.empty()) return;
  AppendVarint(head, static_cast<uint32_t>(headers.size()));
  for (const Header& header : headers) {
    AppendSized(head, header.key);
    AppendSized(head, header.value);
  }
}

bool DecodeRecord(absl::string_view bytes, Entry& entry, std::vector<Header>& headers) {
  headers.clear();
  if (bytes.size() < 9) return false;
  entry.appended = FromMicros(static_cast<int64_t>(GetBig(bytes.data(), 8)));
  const uint8_t flags = static_cast<uint8_t>(bytes[8]);
  if ((flags & ~(kTombstone | kHasHeaders)) != 0) return false;
  bytes.remove_prefix(9);
  if (!TakeSized(bytes, entry.key)) return false;
  if ((flags & kHasHeaders) != 0) {
    uint32_t count = 0;
    // Each header takes two bytes at least: a damaged count must not ask for gigabytes.
    if (!TakeVarint(bytes, count) || count > bytes.size() / 2) return false;
    headers.resize(count);
    for (Header& header : headers) {
      absl::string_view key, value;
      if (!TakeSized(bytes, key) || !TakeSized(bytes, value)) return false;
      header.key.assign(key.data(), key.size());
      header.value.assign(value.data(), value.size());
    }
  }
  entry.headers = headers;
  entry.value = bytes;
  entry.tombstone = (flags & kTombstone) != 0;
  return !entry.tombstone || bytes.empty();
}

absl::Status FromRocks(const rocksdb::Status& status, absl::string_view what) {
  if (status.ok()) return absl::OkStatus();
  const std::string message = absl::StrCat(what, ": ", status.ToString());
  // A file that is missing is damage too, as is one that cannot be made sense of.
  return status.IsCorruption() || status.IsPathNotFound() ? absl::DataLossError(message)
                                                          : absl::UnavailableError(message);
}

}  // namespace dolen::local
