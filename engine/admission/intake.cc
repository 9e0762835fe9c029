#include "engine/admission/intake.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"

namespace dolen {
namespace {

// The partition will not get better by trying again.
bool IsForGood(const absl::Status& status) {
  return absl::IsOutOfRange(status) || absl::IsDataLoss(status) || absl::IsNotFound(status);
}

}  // namespace

Intake::Intake(Log* log, const TopicNames& names, Admitter* admitter, IntakeOptions options)
    : log_(log), names_(names), admitter_(admitter), options_(std::move(options)) {}

absl::StatusOr<std::unique_ptr<Intake>> Intake::Open(Log* log, const TopicNames& names,
                                                     Admitter* admitter, IntakeOptions options) {
  std::unique_ptr<Intake> intake(new Intake(log, names, admitter, std::move(options)));
  DOLEN_RETURN_IF_ERROR(intake->Refresh());
  for (auto& source : intake->sources_) source->start_end = source->end;
  return intake;
}

absl::Status Intake::Refresh() {
  DOLEN_ASSIGN_OR_RETURN(const auto topics, log_->Topics(names_.IntakePrefix()));
  for (const std::string& topic : topics) DOLEN_RETURN_IF_ERROR(AddIntake(topic));
  DOLEN_RETURN_IF_ERROR(AddTopic(names_.Actions(), Speaker::kPeople, ""));
  DOLEN_RETURN_IF_ERROR(AddTopic(names_.Receipts(), Speaker::kNotifier, ""));
  return LookAtEnds();
}

absl::Status Intake::AddIntake(const std::string& topic) {
  const std::string agency = names_.AgencyOf(topic);
  if (agency.empty()) {
    const bool is_known =
        std::any_of(stopped_.begin(), stopped_.end(),
                    [&](const StoppedIntake& stopped) { return stopped.partition.topic == topic; });
    if (!is_known) {
      StoppedIntake& stopped = stopped_.emplace_back();
      stopped.partition.topic = topic;
      stopped.why = absl::UnimplementedError("not an intake topic of this version");
    }
    return absl::OkStatus();
  }
  return AddTopic(topic, Speaker::kAgency, agency);
}

absl::Status Intake::AddTopic(const std::string& topic, Speaker speaker,
                              const std::string& agency) {
  const auto known = std::count_if(sources_.begin(), sources_.end(), [&](const auto& source) {
    return source->partition.topic == topic;
  });
  const absl::StatusOr<int32_t> partitions = log_->Partitions(topic);
  // An installation from before alerts could be answered has no topic for it yet.
  if (absl::IsNotFound(partitions.status()) && speaker != Speaker::kAgency) {
    return absl::OkStatus();
  }
  DOLEN_RETURN_IF_ERROR(partitions.status());
  for (int32_t p = static_cast<int32_t>(known); p < *partitions; ++p) {
    DOLEN_RETURN_IF_ERROR(AddPartition({topic, p}, speaker, agency));
  }
  return absl::OkStatus();
}

absl::Status Intake::AddPartition(const TopicPartition& partition, Speaker speaker,
                                  const std::string& agency) {
  DOLEN_ASSIGN_OR_RETURN(const int64_t committed, log_->Committed(options_.group, partition));
  DOLEN_ASSIGN_OR_RETURN(const Bounds bounds, log_->BoundsOf(partition));
  auto source = std::make_unique<Source>();
  source->partition = partition;
  source->speaker = speaker;
  source->agency = agency;
  // Never read before: what retention has taken already was never promised.
  const int64_t from = committed < 0 ? bounds.begin : committed;
  source->admitted_to = source->read_to = source->committed = from;
  source->end = bounds.end;
  // Agencies may write in transactions, whose marks take offsets.
  auto reader = log_->Read(partition, from, Holes::kAllowed);
  if (!reader.ok() && !IsForGood(reader.status())) return reader.status();
  if (reader.ok()) source->reader = *std::move(reader);
  sources_.push_back(std::move(source));
  if (!reader.ok()) Stop(*sources_.back(), reader.status());
  return absl::OkStatus();
}

absl::Status Intake::LookAtEnds() {
  for (auto& source : sources_) {
    if (source->is_stopped) continue;
    auto bounds = log_->BoundsOf(source->partition);
    if (bounds.ok()) {
      source->end = bounds->end;
    } else if (IsForGood(bounds.status())) {
      Stop(*source, bounds.status());
    } else {
      return bounds.status();
    }
  }
  return absl::OkStatus();
}

void Intake::Stop(Source& source, const absl::Status& why) {
  // The reader stays, since a pending batch may point into it.
  source.is_stopped = true;
  stopped_.push_back({source.partition, why});
}

absl::StatusOr<PumpResult> Intake::Pump(int max, absl::Duration wait) {
  if (pending_.empty()) DOLEN_RETURN_IF_ERROR(ReadSlices(max, wait));
  if (pending_.empty()) {
    // Marks of transactions may have moved the positions all the same.
    for (auto& source : sources_) source->admitted_to = source->read_to;
    DOLEN_RETURN_IF_ERROR(SayHeard());
    DOLEN_RETURN_IF_ERROR(Commit());
    return PumpResult();
  }
  DOLEN_ASSIGN_OR_RETURN(const PumpResult result, AdmitPending());
  DOLEN_RETURN_IF_ERROR(SayHeard());
  if (uncommitted_ >= options_.commit_every) DOLEN_RETURN_IF_ERROR(Commit());
  return result;
}

absl::Status Intake::ReadSlices(int max, absl::Duration wait) {
  std::vector<Source*> open;
  for (auto& source : sources_) {
    if (!source->is_stopped) open.push_back(source.get());
  }
  if (open.empty()) return absl::OkStatus();
  // Whoever has least waiting goes first and leaves the rest of its share to the others, so that a
  // huge backlog gets what is left over and starves nobody.
  std::stable_sort(open.begin(), open.end(), [](const Source* a, const Source* b) {
    return a->end - a->read_to < b->end - b->read_to;
  });
  const int count = static_cast<int>(open.size());
  max = std::max(max, count);
  const auto read_all = [&](absl::Duration wait_each) -> absl::Status {
    for (int i = 0; i < count; ++i) {
      const int share = (max - static_cast<int>(pending_.size())) / (count - i);
      if (open[i]->is_stopped) continue;
      DOLEN_RETURN_IF_ERROR(ReadSlice(*open[i], std::max(share, 1), wait_each));
      // The first to come ends a wait.
      if (wait_each > absl::ZeroDuration() && !pending_.empty()) break;
    }
    return absl::OkStatus();
  };
  DOLEN_RETURN_IF_ERROR(read_all(absl::ZeroDuration()));
  if (!pending_.empty() || wait <= absl::ZeroDuration()) return absl::OkStatus();
  return read_all(wait / count);
}

absl::Status Intake::ReadSlice(Source& source, int max, absl::Duration wait) {
  const auto entries = source.reader->Read(max, wait);
  if (!entries.ok()) {
    // One agency's trouble must not hold up the others: tried again by the next call, or stopped.
    if (IsForGood(entries.status())) Stop(source, entries.status());
    return absl::OkStatus();
  }
  for (const Entry& entry : *entries) {
    // What the notifier keeps for itself is nobody else's.
    const bool is_own = entry.tombstone || absl::StartsWith(entry.key, ".");
    if (source.speaker == Speaker::kNotifier && is_own) continue;
    Received& received = pending_.emplace_back();
    received.speaker = source.speaker;
    received.agency = source.agency;
    received.intake = {source.partition.topic, source.partition.partition, entry.offset};
    received.key = entry.key;
    received.value = entry.value;
    received.headers = entry.headers;
    received.tombstone = entry.tombstone;
    received.backfill = options_.backfill;
  }
  source.read_to = source.reader->position();
  return absl::OkStatus();
}

absl::Status Intake::Reopen() {
  if (must_reopen_) DOLEN_RETURN_IF_ERROR(admitter_->Reopen());
  must_reopen_ = true;  // until it is known to be well
  return absl::OkStatus();
}

absl::StatusOr<PumpResult> Intake::AdmitPending() {
  DOLEN_RETURN_IF_ERROR(Reopen());
  DOLEN_ASSIGN_OR_RETURN(const auto outcomes, admitter_->Admit(pending_));
  must_reopen_ = false;
  PumpResult result;
  for (const Outcome& outcome : outcomes) {
    ++result.read;
    ++(outcome.rejection.has_value() ? result.quarantined : result.admitted);
  }
  TakeNumbers(outcomes);
  totals_.read += result.read;
  totals_.admitted += result.admitted;
  totals_.quarantined += result.quarantined;
  uncommitted_ += result.read;
  pending_.clear();
  for (auto& source : sources_) source->admitted_to = source->read_to;
  return result;
}

// Pending records of one source lie side by side.
void Intake::TakeNumbers(absl::Span<const Outcome> outcomes) {
  Source* source = nullptr;
  for (size_t i = 0; i < outcomes.size(); ++i) {
    const IntakePosition& from = pending_[i].intake;
    if (source == nullptr || source->partition.partition != from.partition ||
        source->partition.topic != from.topic) {
      const auto found = std::find_if(sources_.begin(), sources_.end(), [&](const auto& one) {
        return one->partition.partition == from.partition && one->partition.topic == from.topic;
      });
      source = found->get();
    }
    source->sequence = std::max(source->sequence, outcomes[i].sequence);
    source->has_spoken = source->speaker == Speaker::kAgency;
  }
}

absl::Status Intake::SayHeard() {
  const absl::Time now = admitter_->Now();
  std::vector<Source*> sources;
  std::vector<ledger::v1::Heard> heard;
  for (auto& source : sources_) {
    if (!source->has_spoken || now - source->heard < kHeardEvery) continue;
    sources.push_back(source.get());
    ledger::v1::Heard& one = heard.emplace_back();
    one.set_agency(source->agency);
    one.set_partition(source->partition.partition);
    one.set_count(source->admitted_to);
    one.set_sequence(source->sequence);
  }
  if (heard.empty()) return absl::OkStatus();
  // Committed before it is said: else a crash would read on from before it, and the count of the
  // next record would jump back.
  DOLEN_RETURN_IF_ERROR(Commit());
  DOLEN_RETURN_IF_ERROR(Reopen());
  DOLEN_RETURN_IF_ERROR(admitter_->Hear(heard));
  must_reopen_ = false;
  for (Source* source : sources) {
    source->has_spoken = false;
    source->heard = now;
  }
  return absl::OkStatus();
}

absl::Status Intake::Commit() {
  for (auto& source : sources_) {
    if (source->admitted_to == source->committed) continue;
    DOLEN_RETURN_IF_ERROR(log_->Commit(options_.group, source->partition, source->admitted_to));
    source->committed = source->admitted_to;
  }
  uncommitted_ = 0;
  return absl::OkStatus();
}

int64_t Intake::lag() const {
  int64_t lag = 0;
  for (const auto& source : sources_) {
    if (source->speaker == Speaker::kNotifier) continue;
    lag += std::max<int64_t>(0, source->end - source->admitted_to);
  }
  return lag;
}

bool Intake::reached_start_ends() const {
  return std::all_of(sources_.begin(), sources_.end(), [](const auto& source) {
    return source->speaker == Speaker::kNotifier || source->admitted_to >= source->start_end;
  });
}

}  // namespace dolen
