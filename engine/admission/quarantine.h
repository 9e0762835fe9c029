// What could not be admitted: lists it, shows it, tries it again after a mend, or sets it aside.
// What became of a value is a fact in the quarantine topic too, so that every process sees it.
//
// Threads: one at a time.
#ifndef DOLEN_ENGINE_ADMISSION_QUARANTINE_H_
#define DOLEN_ENGINE_ADMISSION_QUARANTINE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "dolen/ledger/v1/ledger.pb.h"
#include "engine/admission/admitter.h"
#include "engine/log/log.h"

namespace dolen {

enum class QuarantineState { kOpen, kRetried, kSetAside };

struct QuarantineEntry {
  int64_t offset = 0;            // its name: the offset in the quarantine topic
  ledger::v1::Quarantined kept;  // key and value are left out of lists
  std::vector<Header> headers;   // as received; left out of lists
  QuarantineState state = QuarantineState::kOpen;
  // Of a state other than kOpen: who, why and when.
  std::string by;
  std::string why;
  absl::Time resolved;
};

struct QuarantineFilter {
  std::string reason;                     // empty: any
  std::string agency;                     // empty: any
  absl::optional<QuarantineState> state;  // none: any
  int64_t after = -1;                     // only entries behind this offset, for the next page
  int limit = 1000;
  bool with_values = false;  // keys, values and headers too; they are personal
};

class Quarantine {
 public:
  // The topic must exist. `log` must outlive the result. `clock` says when something was resolved.
  static absl::StatusOr<std::unique_ptr<Quarantine>> Open(Log* log, const TopicNames& names,
                                                          std::function<absl::Time()> clock);

  // How many wait for somebody's decision. Reads only what came since the last call of anything
  // here, so the first call costs the whole topic and each later one what is new.
  absl::StatusOr<int64_t> CountOpen();

  // In the order of the topic. Reads the whole topic, so is for people, not for loops.
  absl::StatusOr<std::vector<QuarantineEntry>> List(const QuarantineFilter& filter);

  // With key, value and headers. kNotFound: there is none, or retention has taken it.
  absl::StatusOr<QuarantineEntry> Get(int64_t offset);

  // Admits the original bytes again, with their agency, position and headers, as of now. Refused
  // again: the outcome says why, and nothing is written. Admitted: so is the fact, after it; a
  // crash between the two leaves the entry open, and a second retry changes nothing (the fold
  // drops it). kFailedPrecondition: it was retried before, or only its beginning was kept.
  absl::StatusOr<Outcome> Retry(int64_t offset, absl::string_view by, Admitter& admitter);

  // Says that it will not be admitted. A later retry may still do so. kFailedPrecondition: it was
  // retried before.
  absl::Status SetAside(int64_t offset, absl::string_view by, absl::string_view why);

 private:
  Quarantine(Log* log, const TopicNames& names, std::function<absl::Time()> clock);
  // Calls on_record(offset, record, headers) for each record from `from` to the end of `bounds`,
  // until it returns false. Returns where it stopped.
  template <typename OnRecord>
  absl::StatusOr<int64_t> Scan(const Bounds& bounds, int64_t from, OnRecord on_record);
  // Learns what came, was resolved and went since the last call; returns the topic's bounds.
  // kOutOfRange: the topic ends before what was read of it, so what is known here is of another.
  absl::StatusOr<Bounds> Refresh();
  Received ReceivedOf(const QuarantineEntry& entry) const;
  void AddState(QuarantineEntry& entry) const;
  absl::Status AppendResolution(const ledger::v1::QuarantineResolution& resolution);

  Log* const log_;
  const TopicNames names_;
  const TopicPartition topic_;
  const std::function<absl::Time()> clock_;
  int64_t known_to_ = 0;  // up to where the topic was read for the two below
  absl::btree_map<int64_t, ledger::v1::QuarantineResolution> resolutions_;
  absl::btree_set<int64_t> open_;  // offsets of what was received and not resolved
};

}  // namespace dolen

#endif  // DOLEN_ENGINE_ADMISSION_QUARANTINE_H_
