// An alerts topic on the simulated log, and notifiers that start, crash and start again on it, in
// simulated time and from one thread.
#ifndef DOLEN_TESTS_CONNECTORS_ALERTING_LAB_H_
#define DOLEN_TESTS_CONNECTORS_ALERTING_LAB_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "connectors/alerting/dispatch.h"
#include "engine/log/simulated_log.h"
#include "tests/connectors/alerting/helpers.h"

namespace dolen {

// A log whose fenced writers can be cut off: after so many appends none has an effect any more, or
// the last one has and nobody hears of it. As if the power of the notifier had gone.
class CutLog final : public Log {
 public:
  explicit CutLog(Log* log) : log_(log) {}
  int appends = 0;           // so far
  int cut_after = 1 << 30;   // appends; the next one fails ...
  bool cut_applied = false;  // ... though it is in the log

  bool IsCut() const { return appends > cut_after; }
  absl::Status CreateTopic(const TopicSpec& spec) override { return log_->CreateTopic(spec); }
  absl::StatusOr<std::vector<std::string>> Topics(absl::string_view prefix) override {
    return log_->Topics(prefix);
  }
  absl::StatusOr<int32_t> Partitions(const std::string& topic) override {
    return log_->Partitions(topic);
  }
  absl::StatusOr<Bounds> BoundsOf(const TopicPartition& of) override { return log_->BoundsOf(of); }
  absl::StatusOr<std::unique_ptr<LogReader>> Read(const TopicPartition& from, int64_t offset,
                                                  Holes holes) override {
    return log_->Read(from, offset, holes);
  }
  absl::StatusOr<std::unique_ptr<LogAppender>> OpenAppender() override {
    return log_->OpenAppender();
  }
  absl::StatusOr<std::unique_ptr<FencedWriter>> OpenFencedWriter(const TopicPartition& to,
                                                                 const std::string& name) override {
    if (IsCut()) return absl::UnavailableError("cut");
    absl::StatusOr<std::unique_ptr<FencedWriter>> writer = log_->OpenFencedWriter(to, name);
    if (!writer.ok()) return writer.status();
    return std::make_unique<Writer>(this, *std::move(writer));
  }
  absl::StatusOr<int64_t> Committed(const std::string& group, const TopicPartition& of) override {
    return log_->Committed(group, of);
  }
  absl::Status Commit(const std::string& group, const TopicPartition& of, int64_t offset) override {
    return log_->Commit(group, of, offset);
  }
  absl::StatusOr<std::string> Id() override { return log_->Id(); }

 private:
  class Writer final : public FencedWriter {
   public:
    Writer(CutLog* log, std::unique_ptr<FencedWriter> writer)
        : log_(log), writer_(std::move(writer)) {}
    absl::Status Append(absl::Span<const NewEntry> entries) override {
      if (log_->IsCut()) return absl::UnavailableError("cut");
      ++log_->appends;
      if (!log_->IsCut()) return writer_->Append(entries);
      if (log_->cut_applied) (void)writer_->Append(entries);
      return absl::UnknownError("cut");
    }

   private:
    CutLog* const log_;
    const std::unique_ptr<FencedWriter> writer_;
  };
  Log* const log_;
};

// One alert in one notice that a destination has.
struct Taken {
  std::string notice;
  Notice::Kind kind = Notice::Kind::kPage;
  alert::v1::Alert alert;
};

class Lab {
 public:
  static constexpr int kPartitions = 2;

  // `without_groups`: this destination takes none.
  explicit Lab(absl::string_view file, const std::string& without_groups = "", uint64_t seed = 1)
      : file_(FileOf(file)), log_(Options(seed)) {
    for (const auto& destination : file_.destination()) {
      traits_[destination.name()] = {destination.name() != without_groups,
                                     absl::InfiniteDuration()};
    }
    DOLEN_CHECK(log_.CreateTopic({names.Alerts(), kPartitions, true}).ok());
    Open();
  }

  // A new process; nothing is left of the one before.
  void Open() {
    dispatch.reset();
    absl::StatusOr<std::unique_ptr<Dispatch>> opened = TryOpen(&log_);
    DOLEN_CHECK(opened.ok());
    dispatch = *std::move(opened);
  }
  absl::StatusOr<std::unique_ptr<Dispatch>> TryOpen(Log* log) {
    return Dispatch::Open(
        {log, names, file_, traits_, [](const alert::v1::Alert&) { return std::string(); }}, now);
  }
  void Tell(alert::v1::Alert alert) {
    const int32_t partition = alert.alert_id().back() % kPartitions;
    alert.set_shard(partition);
    auto appender = *log_.OpenAppender();
    DOLEN_CHECK(
        appender->Append({names.Alerts(), partition}, alert.alert_id(), alert.SerializeAsString())
            .ok());
    DOLEN_CHECK(appender->Flush().ok());
  }
  void Tell(absl::string_view id, uint32_t number, alert::v1::State state) {
    alert::v1::Alert alert = RaisedAlert(id, number, state);
    if (IsAnswer(alert)) alert.mutable_answer();
    Tell(std::move(alert));
  }
  // The destination gets a notice.
  void Deliver(const std::string& to, const Notice& notice) {
    for (const Notice::Item& item : notice.items) {
      taken[to].push_back({notice.id, notice.kind, item.alert});
    }
  }
  // One round of a healthy notifier: reads, and every destination takes what is due.
  void Round() {
    (void)dispatch->TakeNew(now);
    for (const auto& [name, traits] : traits_) {
      while (absl::optional<Task> task = dispatch->Next(name, now)) {
        if (task->notice.has_value()) Deliver(name, *task->notice);
        dispatch->Answered(name, {Delivery::Outcome::kTaken, "ok", {}, false}, now);
      }
    }
  }
  void RunFor(absl::Duration time) {
    for (const absl::Time end = now + time; now < end; now += absl::Seconds(30)) Round();
  }
  std::vector<alert::v1::Receipt> Receipts() {
    std::vector<alert::v1::Receipt> receipts;
    for (int32_t partition = 0; partition < kPartitions; ++partition) {
      const TopicPartition topic{names.Receipts(), partition};
      const Bounds bounds = *log_.BoundsOf(topic);
      auto reader = *log_.Read(topic, 0);
      while (reader->position() < bounds.end) {
        const absl::Span<const Entry> entries = *reader->Read(1000, absl::ZeroDuration());
        for (const Entry& entry : entries) {
          if (!IsReceipt(entry)) continue;
          receipts.emplace_back();
          DOLEN_CHECK(receipts.back().ParseFromArray(entry.value.data(),
                                                     static_cast<int>(entry.value.size())));
        }
      }
    }
    return receipts;
  }
  SimulatedLog& log() { return log_; }

  const TopicNames names;
  absl::Time now = At("2026-11-26T10:00:00Z");
  std::unique_ptr<Dispatch> dispatch;
  absl::btree_map<std::string, std::vector<Taken>> taken;  // by destination, in order

 private:
  SimulatedLogOptions Options(uint64_t seed) {
    SimulatedLogOptions options;
    options.clock = [this] { return now; };
    options.faults.seed = seed;
    return options;
  }

  const routing::v1::Routing file_;
  absl::btree_map<std::string, Planner::Traits> traits_;
  SimulatedLog log_;
};

}  // namespace dolen

#endif  // DOLEN_TESTS_CONNECTORS_ALERTING_LAB_H_
