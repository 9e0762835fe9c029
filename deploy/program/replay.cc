#include "deploy/program/replay.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "deploy/program/book_file.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/time.h"
#include "engine/store/keys.h"

namespace dolen {

absl::StatusOr<ReplayResult> Replay::Run(
    const RecordedRows& rows, const std::vector<std::pair<std::string, std::string>>& books,
    absl::Time until) {
  const std::vector<RecordedEvent>& events = rows.events;
  const absl::Time first = events.empty() ? absl::UnixEpoch() : events.front().time;
  absl::Time end = events.empty() ? first : events.back().time;
  if (until != absl::InfiniteFuture()) end = until;
  DOLEN_RETURN_IF_ERROR(Begin(books, std::min(first, end)));
  for (size_t from = 0; from < events.size();) {
    // Time stops at every due instant, after that instant's rows.
    DOLEN_RETURN_IF_ERROR(TickUntil(events[from].time));
    now_ = events[from].time;
    size_t to = from;
    while (to < events.size() && events[to].time == now_) ++to;
    DOLEN_RETURN_IF_ERROR(Admit(rows, from, to));
    from = to;
    if (progress_) progress_(static_cast<int64_t>(from), static_cast<int64_t>(events.size()));
  }
  DOLEN_RETURN_IF_ERROR(TickUntil(end + absl::Microseconds(1)));
  now_ = end;
  DOLEN_RETURN_IF_ERROR(TickAll(end));
  DOLEN_RETURN_IF_ERROR(QuarantineBad(rows));
  DOLEN_ASSIGN_OR_RETURN(ReplayResult result, Collect(end));
  result.summary.read = rows.read;
  result.summary.filtered = rows.filtered;
  result.summary.quarantined = quarantined_;
  return result;
}

absl::Status Replay::Begin(const std::vector<std::pair<std::string, std::string>>& books,
                           absl::Time first) {
  now_ = first;
  DOLEN_ASSIGN_OR_RETURN(ticks_, installation_->log().OpenAppender());
  ledger::v1::Record stated;
  stated.set_written(Micros(first));
  stated.mutable_fact()->set_time_counts(ledger::v1::TIME_COUNTS_STATED);
  DOLEN_RETURN_IF_ERROR(installation_->AppendToAll(stated));
  for (const auto& [file, text] : books) {
    DOLEN_ASSIGN_OR_RETURN(const ledger::v1::Record record,
                           BookRecord(file, text, "replay", first));
    DOLEN_RETURN_IF_ERROR(installation_->AppendToAll(record));
  }
  return installation_->CatchUp();
}

absl::Status Replay::Admit(const RecordedRows& rows, size_t from, size_t to) {
  std::vector<Received> batch;
  for (size_t i = from; i < to; ++i) {
    const RecordedEvent& recorded = rows.events[i];
    Received received;
    received.agency = recorded.event.agency;
    received.intake = {rows.files[recorded.file], 0, recorded.row};
    received.value = recorded.event.bytes;
    received.stated = recorded.time;
    batch.push_back(received);
  }
  DOLEN_ASSIGN_OR_RETURN(const std::vector<Outcome> outcomes,
                         installation_->admitter().Admit(batch));
  std::set<int32_t> partitions;
  for (size_t i = 0; i < outcomes.size(); ++i) {
    if (outcomes[i].rejection) {
      ++quarantined_;
      continue;
    }
    partitions.insert(outcomes[i].partition);
    names_.emplace(outcomes[i].child.Hex(), rows.events[from + i].event.child_value);
  }
  for (const int32_t partition : partitions) {
    DOLEN_RETURN_IF_ERROR(Pump(*installation_->shards()[partition]));
  }
  return absl::OkStatus();
}

absl::Status Replay::QuarantineBad(const RecordedRows& rows) {
  for (const BadRow& bad : rows.bad) {
    const std::string place = bad.Place();
    Received received;
    received.intake = {bad.file, 0, bad.line};
    received.value = bad.raw;
    received.place = place;
    received.stated = now_;
    DOLEN_RETURN_IF_ERROR(installation_->admitter().Quarantine(received, bad.rejection));
    ++quarantined_;
  }
  return absl::OkStatus();
}

absl::Status Replay::Pump(Shard& shard) {
  for (;;) {
    DOLEN_ASSIGN_OR_RETURN(const bool at_end, shard.IsAtEnd());
    if (at_end) return absl::OkStatus();
    DOLEN_RETURN_IF_ERROR(shard.Pump(kManyRecords, absl::Seconds(1)).status());
  }
}

absl::Time Replay::FirstDue() const {
  absl::Time first = absl::InfiniteFuture();
  for (const std::unique_ptr<Shard>& shard : installation_->shards()) {
    first = std::min(first, shard->fold().first_due());
  }
  return first;
}

// Ticks at every due instant before `limit`. An instant that is already past, because evidence came
// late, is ticked for at the present time.
absl::Status Replay::TickUntil(absl::Time limit) {
  for (;;) {
    const absl::Time due = std::max(FirstDue(), now_);
    if (due >= limit) return absl::OkStatus();
    now_ = due;
    for (size_t i = 0; i < installation_->shards().size(); ++i) {
      Shard& shard = *installation_->shards()[i];
      if (shard.fold().first_due() > due) continue;
      DOLEN_RETURN_IF_ERROR(ticks_->Append(
          {installation_->names().Ledger(), static_cast<int32_t>(i)}, "", TickRecord(due)));
      DOLEN_RETURN_IF_ERROR(ticks_->Flush());
      DOLEN_RETURN_IF_ERROR(Pump(shard));
    }
  }
}

absl::Status Replay::TickAll(absl::Time at) {
  for (size_t i = 0; i < installation_->shards().size(); ++i) {
    DOLEN_RETURN_IF_ERROR(ticks_->Append({installation_->names().Ledger(), static_cast<int32_t>(i)},
                                         "", TickRecord(at)));
  }
  DOLEN_RETURN_IF_ERROR(ticks_->Flush());
  return installation_->CatchUp();
}

std::string Replay::NameOf(const std::string& child_hex) const {
  const auto name = names_.find(child_hex);
  return name == names_.end() ? child_hex : name->second;
}

absl::StatusOr<ReplayResult> Replay::Collect(absl::Time end) {
  ReplayResult result;
  DOLEN_ASSIGN_OR_RETURN(result.summary, Summarise(*installation_, end));
  DOLEN_ASSIGN_OR_RETURN(
      result.changes,
      ReadChanges(*installation_, [this](const std::string& child) { return NameOf(child); }));
  return result;
}

absl::StatusOr<std::vector<alert::v1::Alert>> ReadChanges(
    Installation& installation, const std::function<std::string(const std::string&)>& name_of) {
  std::vector<alert::v1::Alert> changes;
  for (size_t i = 0; i < installation.shards().size(); ++i) {
    const TopicPartition from{installation.names().Alerts(), static_cast<int32_t>(i)};
    DOLEN_ASSIGN_OR_RETURN(const Bounds bounds, installation.log().BoundsOf(from));
    DOLEN_ASSIGN_OR_RETURN(const std::unique_ptr<LogReader> reader,
                           installation.log().Read(from, bounds.begin, Holes::kAllowed));
    while (reader->position() < bounds.end) {
      DOLEN_ASSIGN_OR_RETURN(const absl::Span<const Entry> entries,
                             reader->Read(kMaxBatch, absl::Seconds(1)));
      for (const Entry& entry : entries) {
        alert::v1::Alert& change = changes.emplace_back();
        if (!change.ParseFromArray(entry.value.data(), static_cast<int>(entry.value.size()))) {
          return absl::DataLossError(
              absl::StrCat(from.topic, " offset ", entry.offset, ": not an alert"));
        }
      }
    }
  }
  struct Keyed {
    absl::Time at;
    std::string child;
    alert::v1::Alert change;
  };
  std::vector<Keyed> keyed;
  for (alert::v1::Alert& change : changes) {
    std::string name = name_of(change.child());
    keyed.push_back({FromTimestamp(change.at()), std::move(name), std::move(change)});
  }
  std::stable_sort(keyed.begin(), keyed.end(), [](const Keyed& a, const Keyed& b) {
    return std::tie(a.at, a.child, a.change.matter_id(), a.change.clock(), a.change.level()) <
           std::tie(b.at, b.child, b.change.matter_id(), b.change.clock(), b.change.level());
  });
  for (size_t i = 0; i < keyed.size(); ++i) changes[i] = std::move(keyed[i].change);
  return changes;
}

absl::StatusOr<ReplaySummary> Summarise(Installation& installation, absl::Time end) {
  ReplaySummary summary;
  for (const std::unique_ptr<Shard>& shard : installation.shards()) {
    Fold& fold = shard->fold();
    summary.admitted += static_cast<int64_t>(fold.counts().events());
    summary.duplicates += static_cast<int64_t>(fold.counts().duplicates());
    summary.conflicts += static_cast<int64_t>(fold.counts().conflicts());
    for (const RuleFamily& family : fold.books().families()) summary.clocks[family.id];
    std::vector<ChildKey> children;
    DOLEN_RETURN_IF_ERROR(shard->store().Scan("c", [&](absl::string_view key, absl::string_view) {
      ChildKey child;
      if (ChildKey::FromBytes(key.substr(1), child) && !fold.IsAgency(child)) {
        children.push_back(child);
      }
      return true;
    }));
    summary.children += static_cast<int64_t>(children.size());
    for (const ChildKey& child : children) {
      DOLEN_ASSIGN_OR_RETURN(const std::vector<Event> events, fold.EventsOf(child));
      ForEachClock(Draw(events, fold.books()), [&](const Duty& duty, const Clock& clock) {
        const ClockState at_end = StateAt(clock, end);
        if (at_end == ClockState::kNotStarted) return;
        ClockCounts& counts = summary.clocks[fold.books().families()[duty.family].id];
        ++counts.started;
        ++counts.by_state[at_end];
      });
    }
  }
  return summary;
}

}  // namespace dolen
