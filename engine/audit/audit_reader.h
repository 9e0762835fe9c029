// The audit log, read: whose record was read by whom, the newest first. It keeps where each record
// lies and about whom it is, some forty bytes for each, and reads on at each question.
//
// Thread-safe. Errors: kDataLoss a record cannot be parsed; the rest is the log's.
#ifndef DOLEN_ENGINE_AUDIT_AUDIT_READER_H_
#define DOLEN_ENGINE_AUDIT_AUDIT_READER_H_

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "dolen/audit/v1/audit.pb.h"
#include "engine/log/log.h"

namespace dolen {

struct ReadsQuery {
  std::string child;    // hex; empty: about anybody
  std::string subject;  // empty: by anybody
  uint64_t before = 0;  // only those with a lower number; 0: from the newest on
  size_t limit = 50;
};

class AuditReader {
 public:
  AuditReader(Log* log, const TopicNames& names);

  // The newest first.
  absl::StatusOr<std::vector<audit::v1::Read>> Find(const ReadsQuery& query);
  // Breaks of the glass on record, in order.
  absl::StatusOr<std::vector<audit::v1::Read>> Emergencies();

 private:
  // To the end of the log; the caller holds the mutex, as for what follows.
  absl::Status ReadOn();
  void Take(int64_t offset, audit::v1::Read read);
  absl::StatusOr<std::vector<audit::v1::Read>> Fetch(std::vector<int64_t> offsets);

  Log* const log_;
  const TopicPartition topic_;
  mutable std::mutex mutex_;  // guards all that follows
  int64_t next_ = 0;
  std::vector<int64_t> offsets_;  // by number, from 1
  std::map<std::string, std::vector<uint64_t>> by_child_, by_subject_;
  std::vector<audit::v1::Read> emergencies_;
};

}  // namespace dolen

#endif  // DOLEN_ENGINE_AUDIT_AUDIT_READER_H_
