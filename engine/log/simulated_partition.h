// The records of one partition of the simulated log, in chunks that never move once written, so
// that readers get spans into them. Guarded by the log's mutex, but for the records below `end`,
// which do not change.
#ifndef DOLEN_ENGINE_LOG_SIMULATED_PARTITION_H_
#define DOLEN_ENGINE_LOG_SIMULATED_PARTITION_H_

#include <cstring>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "engine/log/log.h"

namespace dolen {

struct SimulatedChunk {
  static constexpr size_t kRecords = 1024;
  static constexpr size_t kBlockBytes = 256 * 1024;

  SimulatedChunk() { entries.reserve(kRecords); }
  absl::string_view Keep(absl::string_view bytes) {
    if (bytes.empty()) return {};
    if (blocks.empty() || used + bytes.size() > size) {
      size = bytes.size() > kBlockBytes ? bytes.size() : kBlockBytes;
      blocks.push_back(std::make_unique<char[]>(size));
      used = 0;
    }
    char* const to = blocks.back().get() + used;
    std::memcpy(to, bytes.data(), bytes.size());
    used += bytes.size();
    return {to, bytes.size()};
  }

  int64_t first = 0;           // offset of the first entry
  std::vector<Entry> entries;  // never grows beyond what was reserved
  std::vector<std::unique_ptr<char[]>> blocks;
  size_t used = 0, size = 0;  // of the last block
  std::deque<std::vector<Header>> headers;
};

struct SimulatedPartition {
  TopicPartition name;
  int64_t begin = 0;
  int64_t end = 0;
  std::deque<std::shared_ptr<SimulatedChunk>> chunks;
  absl::btree_map<std::string, int64_t> epochs;  // of fenced writers, by name

  void Add(absl::Time appended, absl::string_view key, absl::string_view value,
           absl::Span<const Header> headers, bool tombstone) {
    if (chunks.empty() || chunks.back()->entries.size() == SimulatedChunk::kRecords) {
      chunks.push_back(std::make_shared<SimulatedChunk>());
      chunks.back()->first = end;
    }
    SimulatedChunk& chunk = *chunks.back();
    Entry entry;
    entry.offset = end++;
    entry.appended = appended;
    entry.key = chunk.Keep(key);
    entry.value = chunk.Keep(value);
    if (!headers.empty()) {
      chunk.headers.emplace_back(headers.begin(), headers.end());
      entry.headers = chunk.headers.back();
    }
    entry.tombstone = tombstone;
    chunk.entries.push_back(entry);
  }

  // The chunk that holds `offset`, which lies between begin and end.
  const std::shared_ptr<SimulatedChunk>& ChunkOf(int64_t offset) const {
    return chunks[(offset - chunks.front()->first) / SimulatedChunk::kRecords];
  }
};

}  // namespace dolen

#endif  // DOLEN_ENGINE_LOG_SIMULATED_PARTITION_H_
