// Who has read what: a log of its own in which each record names the hash of the one before. A read
// is there before its answer leaves.
//
// The chain shows that nothing was taken out of the middle or changed. What was cut off at its end
// only a head shows that somebody noted elsewhere: VerifyAudit takes one.
#ifndef DOLEN_ENGINE_AUDIT_AUDIT_LOG_H_
#define DOLEN_ENGINE_AUDIT_AUDIT_LOG_H_

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "dolen/audit/v1/audit.pb.h"
#include "engine/log/log.h"

namespace dolen {

// Where the chain stands: the number of its last record and the hash of that.
struct AuditHead {
  uint64_t number = 0;
  std::string hash;  // 32 bytes; empty: there is no record
  friend bool operator==(const AuditHead&, const AuditHead&) = default;
};

// Thread-safe.
class AuditLog {
 public:
  // Makes the topic where it is missing. `log` outlives this.
  static absl::StatusOr<std::unique_ptr<AuditLog>> Open(Log* log, const TopicNames& names);

  // Gives the read its place in the chain; durable when OK. Reads of several threads are written
  // together. Any error: it may be there or not, and the answer must not leave.
  absl::Status Append(audit::v1::Read read);
  // The same for several, in this order; others' may come between.
  absl::Status AppendAll(std::vector<audit::v1::Read> reads);
  AuditHead head() const;

 private:
  struct Waiting {
    audit::v1::Read read;
    absl::Status status;
    bool is_done = false;
  };
  AuditLog(Log* log, TopicPartition topic) : log_(log), topic_(std::move(topic)) {}
  absl::Status AppendSome(absl::Span<audit::v1::Read> reads);
  absl::Status Write(const std::vector<Waiting*>& batch);
  // Fences whoever writes, and reads where the chain stands.
  absl::Status TakeOver();

  Log* const log_;
  const TopicPartition topic_;
  mutable std::mutex mutex_;  // guards the queue and head_
  std::condition_variable written_;
  std::deque<Waiting*> queue_;
  bool is_writing_ = false;
  AuditHead head_;
  std::unique_ptr<FencedWriter> writer_;  // of whoever is writing
};

struct AuditReport {
  AuditHead head;
  bool has_noted = false;  // the noted head is in the chain
};

// Reads the whole chain and checks each link; `see` gets each record. kDataLoss says at which
// offset it breaks. `noted` with number 0: none was noted.
absl::StatusOr<AuditReport> VerifyAudit(Log& log, const TopicNames& names, const AuditHead& noted,
                                        absl::FunctionRef<void(const audit::v1::Read&)> see);

}  // namespace dolen

#endif  // DOLEN_ENGINE_AUDIT_AUDIT_LOG_H_
