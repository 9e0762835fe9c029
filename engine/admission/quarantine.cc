#include "engine/admission/quarantine.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/admission/quarantine_record.h"
#include "engine/base/check.h"
#include "engine/base/status.h"
#include "engine/base/time.h"

namespace dolen {
namespace {

using ledger::v1::QuarantineRecord;
using ledger::v1::QuarantineResolution;

// Records of up to 256 KiB and more are held at once.
constexpr int kReadSlice = 256;
// As for the identity log: half a minute without a record before the end is reached.
constexpr absl::Duration kReadWait = absl::Milliseconds(100);
constexpr int kMaxEmptyReads = 300;

QuarantineEntry EntryOf(int64_t offset, const QuarantineRecord& record,
                        absl::Span<const Header> headers, bool with_values) {
  QuarantineEntry entry;
  entry.offset = offset;
  entry.kept = record.received();
  if (!with_values) {
    entry.kept.clear_key();
    entry.kept.clear_value();
  } else if (headers.size() >= kDeadLetterHeaders) {
    entry.headers.assign(headers.begin(), headers.end() - kDeadLetterHeaders);
  }
  return entry;
}

bool Fits(const QuarantineEntry& entry, const QuarantineFilter& filter) {
  return (filter.reason.empty() || entry.kept.reason() == filter.reason) &&
         (filter.agency.empty() || entry.kept.agency() == filter.agency) &&
         (!filter.state.has_value() || entry.state == *filter.state);
}

}  // namespace

Quarantine::Quarantine(Log* log, const TopicNames& names, std::function<absl::Time()> clock)
    : log_(log), names_(names), topic_{names.Quarantine(), 0}, clock_(std::move(clock)) {}

absl::StatusOr<std::unique_ptr<Quarantine>> Quarantine::Open(Log* log, const TopicNames& names,
                                                             std::function<absl::Time()> clock) {
  DOLEN_CHECK(clock != nullptr);
  std::unique_ptr<Quarantine> quarantine(new Quarantine(log, names, std::move(clock)));
  DOLEN_RETURN_IF_ERROR(quarantine->Refresh().status());
  return quarantine;
}

template <typename OnRecord>
absl::StatusOr<int64_t> Quarantine::Scan(const Bounds& bounds, int64_t from, OnRecord on_record) {
  from = std::max(from, bounds.begin);  // retention takes the oldest
  if (from >= bounds.end) return from;
  DOLEN_ASSIGN_OR_RETURN(const auto reader, log_->Read(topic_, from));
  QuarantineRecord record;
  for (int empty_reads = 0; reader->position() < bounds.end;) {
    DOLEN_ASSIGN_OR_RETURN(const auto entries, reader->Read(kReadSlice, kReadWait));
    empty_reads = entries.empty() ? empty_reads + 1 : 0;
    if (empty_reads > kMaxEmptyReads) {
      return absl::UnavailableError("the quarantine topic cannot be read to its end");
    }
    for (const Entry& entry : entries) {
      if (!record.ParseFromArray(entry.value.data(), static_cast<int>(entry.value.size()))) {
        return absl::DataLossError(absl::StrCat("the record at ", topic_.topic, " offset ",
                                                entry.offset, " cannot be read"));
      }
      if (!on_record(entry.offset, record, entry.headers)) return entry.offset + 1;
    }
  }
  return reader->position();
}

absl::StatusOr<Bounds> Quarantine::Refresh() {
  DOLEN_ASSIGN_OR_RETURN(const Bounds bounds, log_->BoundsOf(topic_));
  if (bounds.end < known_to_) {
    return absl::OutOfRangeError(
        absl::StrCat(topic_.topic, " ends at ", bounds.end, " but was read up to ", known_to_,
                     " before: it was made anew or cut; find out by whom, then start dolen again"));
  }
  const auto on_record = [&](int64_t offset, const QuarantineRecord& record,
                             absl::Span<const Header>) {
    if (record.has_received()) open_.insert(offset);
    if (!record.has_resolution()) return true;
    const QuarantineResolution& news = record.resolution();
    open_.erase(news.offset());
    QuarantineResolution& known = resolutions_[news.offset()];
    // What was admitted stays admitted, whatever another process said at the same time.
    if (known.kind() != QuarantineResolution::KIND_RETRIED) known = news;
    return true;
  };
  DOLEN_ASSIGN_OR_RETURN(known_to_, Scan(bounds, known_to_, on_record));
  // What retention has taken waits for nobody.
  open_.erase(open_.begin(), open_.lower_bound(bounds.begin));
  resolutions_.erase(resolutions_.begin(), resolutions_.lower_bound(bounds.begin));
  return bounds;
}

absl::StatusOr<int64_t> Quarantine::CountOpen() {
  DOLEN_RETURN_IF_ERROR(Refresh().status());
  return static_cast<int64_t>(open_.size());
}

void Quarantine::AddState(QuarantineEntry& entry) const {
  const auto found = resolutions_.find(entry.offset);
  if (found == resolutions_.end()) return;
  const QuarantineResolution& resolution = found->second;
  entry.state = resolution.kind() == QuarantineResolution::KIND_RETRIED
                    ? QuarantineState::kRetried
                    : QuarantineState::kSetAside;
  entry.by = resolution.by();
  entry.why = resolution.reason();
  entry.resolved = FromMicros(resolution.at());
}

absl::StatusOr<std::vector<QuarantineEntry>> Quarantine::List(const QuarantineFilter& filter) {
  DOLEN_ASSIGN_OR_RETURN(const Bounds bounds, Refresh());
  std::vector<QuarantineEntry> entries;
  const auto on_record = [&](int64_t offset, const QuarantineRecord& record,
                             absl::Span<const Header> headers) {
    if (!record.has_received()) return true;
    if (static_cast<int>(entries.size()) >= filter.limit) return false;
    QuarantineEntry entry = EntryOf(offset, record, headers, filter.with_values);
    AddState(entry);
    if (Fits(entry, filter)) entries.push_back(std::move(entry));
    return true;
  };
  DOLEN_RETURN_IF_ERROR(Scan(bounds, filter.after + 1, on_record).status());
  return entries;
}

absl::StatusOr<QuarantineEntry> Quarantine::Get(int64_t offset) {
  DOLEN_ASSIGN_OR_RETURN(const Bounds bounds, Refresh());
  absl::optional<QuarantineEntry> found;
  const auto on_record = [&](int64_t at, const QuarantineRecord& record,
                             absl::Span<const Header> headers) {
    if (at == offset && record.has_received()) found = EntryOf(at, record, headers, true);
    return false;
  };
  DOLEN_RETURN_IF_ERROR(Scan(bounds, offset, on_record).status());
  if (!found.has_value()) {
    return absl::NotFoundError(absl::StrCat("nothing is in quarantine at offset ", offset));
  }
  AddState(*found);
  return *std::move(found);
}

absl::Status Quarantine::AppendResolution(const QuarantineResolution& resolution) {
  QuarantineRecord record;
  *record.mutable_resolution() = resolution;
  DOLEN_ASSIGN_OR_RETURN(const auto appender, log_->OpenAppender());
  DOLEN_RETURN_IF_ERROR(appender->Append(topic_, {}, record.SerializeAsString()));
  return appender->Flush();
}

Received Quarantine::ReceivedOf(const QuarantineEntry& entry) const {
  Received received;
  const std::string& topic = entry.kept.intake().topic();
  if (topic == names_.Actions()) received.speaker = Speaker::kPeople;
  if (topic == names_.Receipts()) received.speaker = Speaker::kNotifier;
  received.agency = entry.kept.agency();
  received.intake = {entry.kept.intake().topic(), entry.kept.intake().partition(),
                     entry.kept.intake().offset()};
  received.key = entry.kept.key();
  received.value = entry.kept.value();
  received.headers = entry.headers;
  received.tombstone = entry.kept.tombstone();
  received.backfill = entry.kept.backfill();
  received.place = entry.kept.place();
  return received;
}

absl::StatusOr<Outcome> Quarantine::Retry(int64_t offset, absl::string_view by,
                                          Admitter& admitter) {
  DOLEN_ASSIGN_OR_RETURN(const QuarantineEntry entry, Get(offset));
  if (entry.state == QuarantineState::kRetried) {
    return absl::FailedPreconditionError("it was admitted by an earlier retry");
  }
  if (entry.kept.received_bytes() > 0) {
    return absl::FailedPreconditionError(
        absl::StrCat("only the beginning of its ", entry.kept.received_bytes(),
                     " bytes was kept, so it cannot be tried again: ask ", entry.kept.agency(),
                     " to send what it meant"));
  }
  const Received received = ReceivedOf(entry);
  DOLEN_ASSIGN_OR_RETURN(auto outcomes, admitter.Admit({&received, 1}, Refused::kLeave));
  Outcome& outcome = outcomes.front();
  if (outcome.rejection.has_value()) return std::move(outcome);
  QuarantineResolution resolution;
  resolution.set_offset(offset);
  resolution.set_kind(QuarantineResolution::KIND_RETRIED);
  resolution.set_by(by.data(), by.size());
  resolution.set_at(Micros(clock_()));
  DOLEN_RETURN_IF_ERROR(AppendResolution(resolution));
  return std::move(outcome);
}

absl::Status Quarantine::SetAside(int64_t offset, absl::string_view by, absl::string_view why) {
  DOLEN_ASSIGN_OR_RETURN(const QuarantineEntry entry, Get(offset));
  if (entry.state == QuarantineState::kRetried) {
    return absl::FailedPreconditionError("it was admitted by an earlier retry");
  }
  QuarantineResolution resolution;
  resolution.set_offset(offset);
  resolution.set_kind(QuarantineResolution::KIND_SET_ASIDE);
  resolution.set_by(by.data(), by.size());
  resolution.set_reason(why.data(), why.size());
  resolution.set_at(Micros(clock_()));
  return AppendResolution(resolution);
}

}  // namespace dolen
