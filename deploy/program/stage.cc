#include "deploy/program/stage.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"

namespace dolen {

absl::Time StoryClock::Now() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return real_ == absl::InfinitePast() ? now_ : now_ + (absl::Now() - real_);
}

void StoryClock::Set(absl::Time now) {
  const std::lock_guard<std::mutex> lock(mutex_);
  now_ = std::max(now_, now);
}

void StoryClock::GoOn() {
  const std::lock_guard<std::mutex> lock(mutex_);
  real_ = absl::Now();
}

GuardedClock::Source StoryClock::Source() {
  return {[this] { return Now(); }, [this] { return Now() - absl::UnixEpoch(); }};
}

absl::StatusOr<std::unique_ptr<Stage>> Stage::Open(const std::string& folder, absl::Time begin,
                                                   Hooks hooks) {
  std::unique_ptr<Stage> stage(new Stage(begin, std::move(hooks)));
  Place place;
  place.data = folder;
  DOLEN_ASSIGN_OR_RETURN(stage->engine_, Engine::Open(place, stage->clock_.Source()));
  stage->service_ = std::make_unique<Service>(stage->engine_.get());
  stage->heard_.assign(stage->engine_->shards(), 0);
  return stage;
}

absl::Status Stage::PublishBook(const std::string& file, const std::string& text) {
  return service_->PublishBook(file, text, "demo");
}

absl::Time Stage::FirstDue() {
  absl::Time first = absl::InfiniteFuture();
  for (size_t shard = 0; shard < engine_->shards(); ++shard) {
    first = std::min(first,
                     engine_->WithShard(shard, [](Shard& one) { return one.fold().first_due(); }));
  }
  return first;
}

// The story's time stops at every due instant on the way, so that each is told when it comes.
absl::Status Stage::RunTo(absl::Time to) {
  for (;;) {
    const absl::Time now = clock_.Now();
    const absl::Time due = std::max(FirstDue(), now);
    const absl::Time next = std::min(due, to);
    if (next > now && hooks_.pace) hooks_.pace(now, next);
    clock_.Set(next);
    if (due >= to) return absl::OkStatus();
    for (size_t shard = 0; shard < engine_->shards(); ++shard) {
      DOLEN_RETURN_IF_ERROR(engine_->WithShard(
          shard, [&](Shard& one) { return one.Tick(engine_->clock().Now()).status(); }));
    }
    DOLEN_RETURN_IF_ERROR(engine_->CatchUp());
    DOLEN_RETURN_IF_ERROR(Listen());
  }
}

absl::Status Stage::Send(const RecordedEvent& event) {
  ledger::v1::Delivery delivery;
  ledger::v1::DeliveryItem& item = *delivery.add_item();
  item.set_agency(event.event.agency);
  item.set_value(event.event.bytes);
  DOLEN_RETURN_IF_ERROR(service_->Publish(delivery));
  if (hooks_.happened) hooks_.happened(event);
  return absl::OkStatus();
}

absl::Status Stage::Publish(const RecordedEvent& event) {
  DOLEN_RETURN_IF_ERROR(Send(event));
  DOLEN_RETURN_IF_ERROR(engine_->RefreshIntake());
  DOLEN_RETURN_IF_ERROR(engine_->CatchUp());
  return Listen();
}

// Reads the alerts topic as an on-call system would.
absl::Status Stage::Listen() {
  Log& log = engine_->installation().log();
  for (size_t shard = 0; shard < heard_.size(); ++shard) {
    const TopicPartition from{engine_->installation().names().Alerts(),
                              static_cast<int32_t>(shard)};
    DOLEN_ASSIGN_OR_RETURN(const Bounds bounds, log.BoundsOf(from));
    if (bounds.end == heard_[shard]) continue;
    DOLEN_ASSIGN_OR_RETURN(const std::unique_ptr<LogReader> reader,
                           log.Read(from, heard_[shard], Holes::kAllowed));
    while (reader->position() < bounds.end) {
      DOLEN_ASSIGN_OR_RETURN(const absl::Span<const Entry> entries,
                             reader->Read(kMaxOutboxBatch, absl::Seconds(1)));
      for (const Entry& entry : entries) {
        alert::v1::Alert alert;
        if (alert.ParseFromArray(entry.value.data(), static_cast<int>(entry.value.size())) &&
            hooks_.said) {
          hooks_.said(alert);
        }
      }
    }
    heard_[shard] = reader->position();
  }
  return absl::OkStatus();
}

absl::Status Stage::Play(const RecordedRows& rows, absl::Time end) {
  for (const RecordedEvent& event : rows.events) {
    DOLEN_RETURN_IF_ERROR(RunTo(event.time));
    DOLEN_RETURN_IF_ERROR(Publish(event));
  }
  return RunTo(end);
}

}  // namespace dolen
