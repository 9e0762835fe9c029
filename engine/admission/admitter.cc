#include "engine/admission/admitter.h"

#include <utility>

#include "engine/admission/quarantine_record.h"
#include "engine/base/check.h"
#include "engine/base/status.h"
#include "engine/base/time.h"

namespace dolen {

Admitter::Admitter(Log* log, const TopicNames& names, IdentityLog* identity,
                   AdmitterOptions options)
    : log_(log),
      identity_(identity),
      options_(std::move(options)),
      digest_(options_.secret),
      quarantine_{names.Quarantine(), 0} {}

absl::StatusOr<std::unique_ptr<Admitter>> Admitter::Open(Log* log, const TopicNames& names,
                                                         IdentityLog* identity,
                                                         AdmitterOptions options) {
  DOLEN_CHECK(options.clock != nullptr);
  std::unique_ptr<Admitter> admitter(new Admitter(log, names, identity, std::move(options)));
  DOLEN_ASSIGN_OR_RETURN(const int32_t partitions, log->Partitions(names.Ledger()));
  for (int32_t p = 0; p < partitions; ++p) admitter->ledger_.push_back({names.Ledger(), p});
  DOLEN_RETURN_IF_ERROR(log->Partitions(names.Quarantine()).status());
  DOLEN_RETURN_IF_ERROR(admitter->Reopen());
  return admitter;
}

absl::Status Admitter::Reopen() {
  appender_ = nullptr;
  DOLEN_ASSIGN_OR_RETURN(appender_, log_->OpenAppender());
  return absl::OkStatus();
}

void Admitter::Check(absl::Span<const Received> batch, absl::Time now) {
  checked_.clear();
  checked_.reserve(batch.size());
  lists_.clear();
  for (const Received& received : batch) {
    const absl::Time at = received.stated.value_or(now);
    if (received.speaker != Speaker::kAgency) {
      absl::visit([&](auto&& reply) { checked_.emplace_back(std::move(reply)); },
                  CheckReply(received, at));
      continue;
    }
    absl::visit([&](auto&& event) { checked_.emplace_back(std::move(event)); },
                CheckEvent(received, at));
    // Points into checked_, which does not move any more.
    if (const auto* event = absl::get_if<CheckedEvent>(&checked_.back())) {
      lists_.push_back(event->Identifiers());
    }
  }
}

absl::StatusOr<std::vector<Outcome>> Admitter::Admit(absl::Span<const Received> batch,
                                                     Refused refused) {
  if (appender_ == nullptr) {
    return absl::FailedPreconditionError("the appender failed: reopen it first");
  }
  const absl::Time now = options_.clock();
  Check(batch, now);
  DOLEN_ASSIGN_OR_RETURN(const std::vector<ChildKey> children, identity_->Resolve(lists_));
  std::vector<Outcome> outcomes(batch.size());
  absl::Status status;
  auto child = children.begin();
  for (size_t i = 0; i < batch.size() && status.ok(); ++i) {
    const absl::Time written = batch[i].stated.value_or(now);
    if (const auto* event = absl::get_if<CheckedEvent>(&checked_[i])) {
      status = AppendEvent(batch[i], *event, written, *child++, outcomes[i]);
      continue;
    }
    if (const auto* reply = absl::get_if<CheckedReply>(&checked_[i])) {
      status = AppendReply(batch[i], *reply, written, outcomes[i]);
      continue;
    }
    outcomes[i].rejection = absl::get<Rejection>(std::move(checked_[i]));
    if (refused == Refused::kLeave) continue;
    status = AppendQuarantined(batch[i], *outcomes[i].rejection, written);
  }
  if (status.ok()) status = appender_->Flush();
  if (!status.ok()) {
    appender_ = nullptr;
    return status;
  }
  return outcomes;
}

absl::Status Admitter::AppendEvent(const Received& received, const CheckedEvent& event,
                                   absl::Time now, const ChildKey& child, Outcome& outcome) {
  outcome.child = child;
  outcome.partition = child.Partition(static_cast<int32_t>(ledger_.size()));
  outcome.sequence = event.sequence;
  // Over the event without its framing: the same event sent with another schema id is the same.
  const std::string digest = digest_.Of(event.message);
  const absl::string_view record = encoder_.Encode(
      received, event, {now, digest, options_.digest_key, child, identity_->position()});
  return appender_->Append(ledger_[outcome.partition], child.bytes(), record);
}

absl::Status Admitter::AppendReply(const Received& received, const CheckedReply& reply,
                                   absl::Time now, Outcome& outcome) {
  outcome.child = reply.child;
  outcome.partition = reply.child.Partition(static_cast<int32_t>(ledger_.size()));
  return appender_->Append(ledger_[outcome.partition], reply.child.bytes(),
                           ReplyRecord(received, reply, now));
}

absl::Status Admitter::Hear(absl::Span<const ledger::v1::Heard> heard) {
  if (appender_ == nullptr) {
    return absl::FailedPreconditionError("the appender failed: reopen it first");
  }
  ledger::v1::Record record;
  record.set_written(Micros(Now()));
  absl::Status status;
  for (const ledger::v1::Heard& one : heard) {
    *record.mutable_heard() = one;
    const int32_t partition =
        AgencyKey(one.agency()).Partition(static_cast<int32_t>(ledger_.size()));
    status = appender_->Append(ledger_[partition], "", record.SerializeAsString());
    if (!status.ok()) break;
  }
  if (status.ok()) status = appender_->Flush();
  if (!status.ok()) appender_ = nullptr;
  return status;
}

absl::Status Admitter::AppendQuarantined(const Received& received, const Rejection& rejection,
                                         absl::Time now) {
  const NewEntry entry = QuarantineEntryOf(received, rejection, now);
  return appender_->Append(quarantine_, entry.key, entry.value, entry.headers);
}

absl::Status Admitter::Quarantine(const Received& received, const Rejection& rejection) {
  if (appender_ == nullptr) {
    return absl::FailedPreconditionError("the appender failed: reopen it first");
  }
  const absl::Time now = received.stated.value_or(options_.clock());
  absl::Status status = AppendQuarantined(received, rejection, now);
  if (status.ok()) status = appender_->Flush();
  if (!status.ok()) appender_ = nullptr;
  return status;
}

}  // namespace dolen
