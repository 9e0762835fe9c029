// The door of the ledger: a batch of received values becomes ledger records, or quarantine records
// with a reason. Nothing is lost: every value has an outcome, and OK means that all of them are
// durable.
//
// Threads: one at a time. Errors are the world's; what is wrong with the data is a Rejection.
#ifndef DOLEN_ENGINE_ADMISSION_ADMITTER_H_
#define DOLEN_ENGINE_ADMISSION_ADMITTER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "absl/types/variant.h"
#include "dolen/ledger/v1/ledger.pb.h"
#include "engine/admission/check.h"
#include "engine/admission/identity.h"
#include "engine/admission/reasons.h"
#include "engine/admission/record.h"
#include "engine/admission/reply.h"
#include "engine/base/digest.h"
#include "engine/base/ids.h"
#include "engine/log/log.h"

namespace dolen {

// What became of one received value.
struct Outcome {
  absl::optional<Rejection> rejection;  // none: it was admitted
  ChildKey child;                       // of an admitted one
  int32_t partition = -1;               // the ledger partition of an admitted one
  uint64_t sequence = 0;                // the agency's own number of an admitted one; 0: none
};

// What to do with values that are refused: quarantine them, or leave them where they are (a retry
// of what is in quarantine already).
enum class Refused { kQuarantine, kLeave };

struct AdmitterOptions {
  std::string secret;                 // of the installation; keys the digests of events
  uint32_t digest_key = 1;            // the name of that secret in the records
  std::function<absl::Time()> clock;  // the guarded clock: written, and "now" for the checks
};

class Admitter {
 public:
  // The ledger and the quarantine topic must exist. `log` and `identity` must outlive the result.
  static absl::StatusOr<std::unique_ptr<Admitter>> Open(Log* log, const TopicNames& names,
                                                        IdentityLog* identity,
                                                        AdmitterOptions options);

  // Checks each value, finds its child, appends it and flushes. One outcome for each value, in
  // order. After any error nothing is known of the batch: call Reopen and admit the same batch
  // again (at least once; the fold drops duplicates).
  absl::StatusOr<std::vector<Outcome>> Admit(absl::Span<const Received> batch,
                                             Refused refused = Refused::kQuarantine);

  // For what never became an event, such as a row of a file: its bytes go to quarantine, durable
  // when OK.
  absl::Status Quarantine(const Received& received, const Rejection& rejection);

  // Says in the ledger that agencies were heard, each in the one partition that keeps its row;
  // durable when OK. After an error: Reopen.
  absl::Status Hear(absl::Span<const ledger::v1::Heard> heard);

  // What admission takes for now.
  absl::Time Now() const { return options_.clock(); }

  // A new appender, after an error.
  absl::Status Reopen();

 private:
  Admitter(Log* log, const TopicNames& names, IdentityLog* identity, AdmitterOptions options);
  // Fills checked_ and lists_.
  void Check(absl::Span<const Received> batch, absl::Time now);
  absl::Status AppendEvent(const Received& received, const CheckedEvent& event, absl::Time now,
                           const ChildKey& child, Outcome& outcome);
  absl::Status AppendReply(const Received& received, const CheckedReply& reply, absl::Time now,
                           Outcome& outcome);
  absl::Status AppendQuarantined(const Received& received, const Rejection& rejection,
                                 absl::Time now);

  Log* const log_;
  IdentityLog* const identity_;
  const AdmitterOptions options_;
  const KeyedDigest digest_;
  const TopicPartition quarantine_;
  std::vector<TopicPartition> ledger_;  // by partition
  std::unique_ptr<LogAppender> appender_;
  // Kept from batch to batch for their capacity.
  RecordEncoder encoder_;
  std::vector<absl::variant<CheckedEvent, CheckedReply, Rejection>> checked_;
  std::vector<absl::Span<const IdentifierView>> lists_;
};

}  // namespace dolen

#endif  // DOLEN_ENGINE_ADMISSION_ADMITTER_H_
