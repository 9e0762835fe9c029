// The loop over all intake topics, and over what came back about alerts: reads a fair slice of each
// partition, admits the batch, and remembers how far it has come. At least once: what was admitted
// but not yet committed is admitted again after a crash, and the fold drops it.
//
// It also tells the ledger that an agency was heard, at most once a minute for each partition of
// its intake topic: silence, and gaps in an agency's own numbering, are seen from that. What came
// within the minute is told after it; where the process ends before, with the next message.
//
// Threads: one at a time.
#ifndef DOLEN_ENGINE_ADMISSION_INTAKE_H_
#define DOLEN_ENGINE_ADMISSION_INTAKE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "engine/admission/admitter.h"
#include "engine/log/log.h"

namespace dolen {

struct IntakeOptions {
  std::string group = "dolen-admission";  // under which the positions are kept
  std::string backfill;                   // of everything read; empty: none
  // Positions are committed after so many records, and when there is nothing to read: a commit on
  // Kafka is a round trip, and after a crash no more than this is admitted twice.
  int64_t commit_every = 20000;
};

struct PumpResult {
  int64_t read = 0;  // = admitted + quarantined
  int64_t admitted = 0;
  int64_t quarantined = 0;
};

// A partition that is not read any more, for a reason that somebody must see to.
struct StoppedIntake {
  TopicPartition partition;
  absl::Status why;
};

class Intake {
 public:
  // Finds the topics and looks where they end. Both must outlive the result.
  static absl::StatusOr<std::unique_ptr<Intake>> Open(Log* log, const TopicNames& names,
                                                      Admitter* admitter,
                                                      IntakeOptions options = {});

  // Looks for new topics and partitions, and where all of them end now. To be called every few
  // seconds; costs a round trip for each partition.
  absl::Status Refresh();

  // Reads and admits up to `max` records, at least one of each partition that has any; waits at
  // most `wait` for the first. After an error the same records are admitted again by the next
  // call, through a new appender.
  absl::StatusOr<PumpResult> Pump(int max, absl::Duration wait);

  // Commits the positions of what was admitted, for an orderly end.
  absl::Status Commit();

  // Records that were there at the last look and are not admitted yet; receipts are no evidence and
  // do not count.
  int64_t lag() const;
  // Whether everything that was there at Open was admitted. Never, where a partition stopped
  // before that.
  bool reached_start_ends() const;
  // Over all calls of Pump.
  const PumpResult& totals() const { return totals_; }
  // Truncated, re-created or damaged partitions, and topics that are not of this version. The
  // others go on.
  const std::vector<StoppedIntake>& stopped() const { return stopped_; }

 private:
  struct Source {
    TopicPartition partition;
    Speaker speaker = Speaker::kAgency;
    std::string agency;                 // empty: no agency speaks
    std::unique_ptr<LogReader> reader;  // none: stopped from the start
    bool is_stopped = false;
    int64_t admitted_to = 0;
    int64_t read_to = 0;  // beyond admitted_to while a batch is pending
    int64_t committed = 0;
    int64_t end = 0;  // at the last look
    int64_t start_end = 0;
    uint64_t sequence = 0;                    // highest own number seen; 0: none
    bool has_spoken = false;                  // something came since the ledger was last told
    absl::Time heard = absl::InfinitePast();  // when that was
  };

  Intake(Log* log, const TopicNames& names, Admitter* admitter, IntakeOptions options);
  absl::Status AddIntake(const std::string& topic);
  absl::Status AddTopic(const std::string& topic, Speaker speaker, const std::string& agency);
  absl::Status AddPartition(const TopicPartition& partition, Speaker speaker,
                            const std::string& agency);
  absl::Status LookAtEnds();
  absl::Status ReadSlices(int max, absl::Duration wait);
  // Reads at most `max` records into pending_; OK too where the partition had to be stopped.
  absl::Status ReadSlice(Source& source, int max, absl::Duration wait);
  absl::StatusOr<PumpResult> AdmitPending();
  absl::Status Reopen();
  void TakeNumbers(absl::Span<const Outcome> outcomes);
  // Tells the ledger from whom something was read since it was last told, a minute ago or more.
  absl::Status SayHeard();
  void Stop(Source& source, const absl::Status& why);

  Log* const log_;
  const TopicNames names_;
  Admitter* const admitter_;
  const IntakeOptions options_;
  std::vector<std::unique_ptr<Source>> sources_;
  std::vector<StoppedIntake> stopped_;
  // Read and not yet admitted: views into what the readers hold, so nothing more is read before it
  // was admitted.
  std::vector<Received> pending_;
  bool must_reopen_ = false;
  int64_t uncommitted_ = 0;
  PumpResult totals_;
};

}  // namespace dolen

#endif  // DOLEN_ENGINE_ADMISSION_INTAKE_H_
