// The port to a log: topics of partitions of records, each record at an offset. Three logs stand
// behind it: Kafka (connectors/kafka), the local log on RocksDB and the simulated log in memory
// (this folder). Everything that Dolen reads or writes beside its stores goes through here.
//
// Threads: a Log may be used by many threads; each LogReader, LogAppender and FencedWriter by one
// at a time. Ownership: the Log outlives the readers, appenders and writers that it opened.
// Errors: kNotFound no such topic or partition; kOutOfRange an offset outside the log (truncated or
// re-created); kDataLoss a hole or damage: an integrity alarm, never skipped; kAborted another
// writer took over (fenced); kUnknown the outcome of a write is not known: open a new writer and
// read back; kUnavailable try again later; kFailedPrecondition not as it stands: a topic with other
// partitions, or a log that stopped after a write error and must be opened again; kInvalidArgument
// a name, size or number that no log takes.
#ifndef DOLEN_ENGINE_LOG_LOG_H_
#define DOLEN_ENGINE_LOG_LOG_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "engine/base/limits.h"

namespace dolen {

struct TopicPartition {
  std::string topic;
  int32_t partition = 0;
  friend bool operator==(const TopicPartition&, const TopicPartition&) = default;
  friend auto operator<=>(const TopicPartition&, const TopicPartition&) = default;
};

struct Header {
  std::string key;
  std::string value;
};

// A record as read. Key and value live until the next Read of the same reader.
struct Entry {
  int64_t offset = 0;
  absl::Time appended;  // by the log's own clock
  absl::string_view key;
  absl::string_view value;
  absl::Span<const Header> headers;
  bool tombstone = false;  // the value was absent, not empty
};

// A record to be written. A TopicPartition comes with it where a writer serves several.
struct NewEntry {
  std::string key;
  std::string value;
  std::vector<Header> headers;
  bool tombstone = false;  // no value at all; `value` must be empty
};

struct TopicSpec {
  std::string name;
  int32_t partitions = 1;
  bool compacted = false;  // the alerts topic: the newest record of each key stays
  absl::Duration keep = absl::InfiniteDuration();  // at most 90 days for intake and quarantine
  // The largest record that it must take, where a log has such a limit for each topic.
  size_t max_record = kMaxOwnRecord;
};

struct Bounds {
  int64_t begin = 0;  // first offset still there
  int64_t end = 0;    // the offset that the next record will get
};

class LogReader {
 public:
  virtual ~LogReader() = default;
  // At most `max` records from position() on, in order; waits at most `wait` for the first. Empty:
  // there were none.
  virtual absl::StatusOr<absl::Span<const Entry>> Read(int max, absl::Duration wait) = 0;
  // The offset that will be read next. Moves past what is not for readers too (marks of
  // transactions).
  virtual int64_t position() const = 0;
};

// Appends at least once, in order per partition, many at a time; a record is durable when Flush
// returned OK.
class LogAppender {
 public:
  virtual ~LogAppender() = default;
  // Takes a copy. May wait while too much is on its way. A record's fate is known by Flush.
  virtual absl::Status Append(const TopicPartition& to, absl::string_view key,
                              absl::string_view value, absl::Span<const Header> headers = {}) = 0;
  // Waits until everything appended so far is durable and readable. Any error: nothing is known of
  // the records since the last OK; append them again (readers drop duplicates).
  virtual absl::Status Flush() = 0;
};

// The one writer of a partition under a name: opening a second one fences the first, also in
// another process.
class FencedWriter {
 public:
  virtual ~FencedWriter() = default;
  // All of them, in order, or none; durable when OK. kAborted: fenced. kUnknown: read back with a
  // new writer.
  virtual absl::Status Append(absl::Span<const NewEntry> entries) = 0;
};

enum class Holes { kNever, kAllowed };  // kAllowed: compacted or transactional topics

class Log {
 public:
  virtual ~Log() = default;
  // Creates the topic or, where it exists, checks that its partitions are as asked
  // (kFailedPrecondition if not). Names are CheckTopic's.
  virtual absl::Status CreateTopic(const TopicSpec& spec) = 0;
  // Names of the topics that start with `prefix`, sorted.
  virtual absl::StatusOr<std::vector<std::string>> Topics(absl::string_view prefix) = 0;
  virtual absl::StatusOr<int32_t> Partitions(const std::string& topic) = 0;
  // What is there now, records of open transactions included.
  virtual absl::StatusOr<Bounds> BoundsOf(const TopicPartition& of) = 0;
  // A reader that starts at `offset`, which must lie within the bounds (the end included). With
  // Holes::kNever each record read follows the one before by exactly one; anything else is
  // kDataLoss. Uncommitted records are not read.
  virtual absl::StatusOr<std::unique_ptr<LogReader>> Read(const TopicPartition& from,
                                                          int64_t offset,
                                                          Holes holes = Holes::kNever) = 0;
  virtual absl::StatusOr<std::unique_ptr<LogAppender>> OpenAppender() = 0;
  virtual absl::StatusOr<std::unique_ptr<FencedWriter>> OpenFencedWriter(
      const TopicPartition& to, const std::string& name) = 0;
  // How far `group` has come with a partition: the offset last committed, or -1 if none ever was.
  virtual absl::StatusOr<int64_t> Committed(const std::string& group, const TopicPartition& of) = 0;
  virtual absl::Status Commit(const std::string& group, const TopicPartition& of,
                              int64_t offset) = 0;
  // Removes the records that are older than their topic's `keep`, where the log does not do so by
  // itself; to be called each day. Appending and reading go on meanwhile; a reader that stands
  // before the new beginning gets kOutOfRange. Returns how many went.
  virtual absl::StatusOr<int64_t> TrimExpired() { return 0; }
  // Names this log for ever; another name means another log, though topics be named alike.
  virtual absl::StatusOr<std::string> Id() = 0;
};

// kInvalidArgument unless Kafka would take the name too (1 to 249 of [a-zA-Z0-9._-], not "." or
// "..") and there are 1 to kMaxPartitions partitions.
inline constexpr int32_t kMaxPartitions = 1024;  // far more shards than one installation has cores
absl::Status CheckTopic(const TopicSpec& spec);

// The topics of one installation. Agencies write intake topics, Dolen alone the others.
struct TopicNames {
  std::string prefix = "dolen";
  std::string IntakePrefix() const { return prefix + ".intake."; }
  std::string Intake(absl::string_view agency) const {
    return IntakePrefix() + std::string(agency) + ".v1";
  }
  std::string Ledger() const { return prefix + ".ledger.v1"; }
  std::string Identity() const { return prefix + ".identity.v1"; }
  std::string Alerts() const { return prefix + ".alerts.v1"; }
  // What people do with alerts; and what became of the messages that told them, in as many
  // partitions as the alerts topic. Records of receipts whose key starts with a dot are the
  // notifier's own.
  std::string Actions() const { return prefix + ".actions.v1"; }
  std::string Receipts() const { return prefix + ".receipts.v1"; }
  // Who has read what; one partition, never trimmed.
  std::string Audit() const { return prefix + ".audit.v1"; }
  std::string Quarantine() const { return prefix + ".quarantine.v1"; }
  // The agency that owns an intake topic of this installation; empty: it is none.
  std::string AgencyOf(absl::string_view topic) const;
};

}  // namespace dolen

#endif  // DOLEN_ENGINE_LOG_LOG_H_
