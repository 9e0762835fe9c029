#include "connectors/alerting/dispatch.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/status.h"

namespace dolen {
namespace {

// Records taken together: they and what they owe are one write.
constexpr int kTakeAtOnce = 200;
// After so long without a look at the alerts topic not all is well.
constexpr absl::Duration kWellFor = absl::Minutes(1);
// For records that are there, at start.
constexpr absl::Duration kStartWait = absl::Milliseconds(100);
constexpr absl::Duration kMeasureEvery = absl::Seconds(10);

}  // namespace

absl::StatusOr<std::unique_ptr<Dispatch>> Dispatch::Open(Options options, absl::Time now) {
  const TopicNames names = options.names;
  std::unique_ptr<Dispatch> dispatch(new Dispatch(std::move(options)));
  DOLEN_RETURN_IF_ERROR(dispatch->Begin(names, now));
  return dispatch;
}

absl::Status Dispatch::Begin(const TopicNames& names, absl::Time now) {
  DOLEN_ASSIGN_OR_RETURN(memory_, Memory::Open(log_, names));
  planner_.Recall(memory_->TakeRemembered());
  readers_.resize(memory_->partitions());
  std::vector<int64_t> ends(memory_->partitions());
  for (int32_t partition = 0; partition < memory_->partitions(); ++partition) {
    const TopicPartition topic{alerts_, partition};
    DOLEN_ASSIGN_OR_RETURN(const Bounds bounds, log_->BoundsOf(topic));
    ends[partition] = bounds.end;
    DOLEN_ASSIGN_OR_RETURN(readers_[partition], log_->Read(topic, bounds.begin, Holes::kAllowed));
    const int64_t next = memory_->next(partition);
    while (readers_[partition]->position() < next) {
      const auto know = [&](const Entry& entry, const alert::v1::Alert& alert) {
        if (entry.offset < next) planner_.Know(partition, alert);
      };
      DOLEN_RETURN_IF_ERROR(ReadSome(partition, kStartWait, know).status());
    }
    readers_[partition].reset();  // it may have read beyond
  }
  for (int32_t partition = 0; partition < memory_->partitions(); ++partition) {
    DOLEN_RETURN_IF_ERROR(OpenReader(partition));
    while (readers_[partition]->position() < ends[partition]) {
      DOLEN_RETURN_IF_ERROR(TakeSome(partition, kStartWait, now).status());
    }
  }
  DOLEN_RETURN_IF_ERROR(planner_.Begin(now));
  Save();
  read_at_ = now;
  return saved_.code() == absl::StatusCode::kAborted ? saved_ : absl::OkStatus();
}

absl::Status Dispatch::OpenReader(int32_t partition) {
  const TopicPartition topic{alerts_, partition};
  DOLEN_ASSIGN_OR_RETURN(const Bounds bounds, log_->BoundsOf(topic));
  // Compaction may have taken away what lay at the position.
  const int64_t from = std::max(memory_->next(partition), bounds.begin);
  DOLEN_ASSIGN_OR_RETURN(readers_[partition], log_->Read(topic, from, Holes::kAllowed));
  return absl::OkStatus();
}

absl::StatusOr<int> Dispatch::ReadSome(int32_t partition, absl::Duration wait, Taker take) {
  std::unique_ptr<LogReader>& reader = readers_[partition];
  const absl::StatusOr<absl::Span<const Entry>> entries = reader->Read(kTakeAtOnce, wait);
  if (!entries.ok()) {
    reader.reset();
    return entries.status();
  }
  alert::v1::Alert alert;
  for (const Entry& entry : *entries) {
    if (!alert.ParseFromArray(entry.value.data(), static_cast<int>(entry.value.size()))) {
      reader.reset();
      return absl::DataLossError(absl::StrCat("alerts topic ", alerts_, " partition ", partition,
                                              " offset ", entry.offset, ": not an alert"));
    }
    take(entry, alert);
  }
  return static_cast<int>(entries->size());
}

absl::StatusOr<int> Dispatch::TakeSome(int32_t partition, absl::Duration wait, absl::Time now) {
  if (readers_[partition] == nullptr) DOLEN_RETURN_IF_ERROR(OpenReader(partition));
  DOLEN_ASSIGN_OR_RETURN(
      const int taken, ReadSome(partition, wait, [&](const Entry&, const alert::v1::Alert& alert) {
        planner_.Take(partition, alert, now);
      }));
  if (taken == 0) return 0;
  Step step = planner_.TakeStep();
  step.reached = {partition, readers_[partition]->position()};
  memory_->Add(std::move(step));
  return taken;
}

absl::StatusOr<int> Dispatch::TakeNew(absl::Time now) {
  // What cannot be remembered yet must not pile up.
  if (!Save()) return saved_;
  int taken = 0;
  reading_ = absl::OkStatus();
  for (int32_t partition = 0; partition < memory_->partitions(); ++partition) {
    const absl::StatusOr<int> some = TakeSome(partition, absl::ZeroDuration(), now);
    if (some.ok()) {
      taken += *some;
    } else {
      reading_ = some.status();
    }
  }
  Save();
  if (reading_.ok() && now - measured_at_ >= kMeasureEvery) reading_ = Measure(now);
  DOLEN_RETURN_IF_ERROR(reading_);
  read_at_ = now;
  return taken;
}

absl::Status Dispatch::Measure(absl::Time now) {
  int64_t lag = 0;
  for (int32_t partition = 0; partition < memory_->partitions(); ++partition) {
    DOLEN_ASSIGN_OR_RETURN(const Bounds bounds, log_->BoundsOf({alerts_, partition}));
    lag += bounds.end - readers_[partition]->position();
  }
  lag_ = lag;
  measured_at_ = now;
  return absl::OkStatus();
}

bool Dispatch::Save() {
  Step step = planner_.TakeStep();
  if (!step.writes.empty()) memory_->Add(std::move(step));
  saved_ = memory_->Flush();
  return saved_.ok();
}

absl::optional<Task> Dispatch::Next(const std::string& destination, absl::Time now) {
  if (!Save()) return absl::nullopt;
  const auto held = held_.find(destination);
  if (held != held_.end()) {
    Task task = std::move(held->second);
    held_.erase(held);
    return task;
  }
  absl::optional<Task> task = planner_.Next(destination, now, now - read_at_ <= kWellFor);
  if (!task.has_value() || Save()) return task;
  held_[destination] = *std::move(task);
  return absl::nullopt;
}

void Dispatch::Answered(const std::string& destination, const Delivery& delivery, absl::Time now) {
  planner_.Answered(destination, delivery, now);
  Save();
}

absl::StatusOr<int> Dispatch::SendAgain(const std::string& destination, absl::Time now) {
  const absl::StatusOr<int> again = planner_.SendAgain(destination, now);
  Save();
  return again;
}

NotifierStatus Dispatch::Status() const {
  NotifierStatus status = planner_.Status();
  status.lag = lag_;
  status.reading = saved_.ok() ? reading_ : saved_;
  return status;
}

}  // namespace dolen
