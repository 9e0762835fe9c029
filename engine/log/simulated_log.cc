#include "engine/log/simulated_log.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <random>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/base/digest.h"
#include "engine/base/status.h"
#include "engine/log/simulated_partition.h"
#include "engine/log/wait.h"

namespace dolen {

struct SimulatedLog::State {
  struct Topic {
    TopicSpec spec;
    std::vector<std::unique_ptr<SimulatedPartition>> partitions;
  };

  SimulatedLogOptions options;
  std::mutex mutex;  // guards everything
  std::condition_variable grown;
  std::mt19937_64 random;
  absl::btree_map<std::string, Topic> topics;
  absl::btree_map<std::pair<std::string, TopicPartition>, int64_t> committed;

  absl::StatusOr<SimulatedPartition*> Find(const TopicPartition& name) {
    const auto topic = topics.find(name.topic);
    if (topic == topics.end()) return absl::NotFoundError(absl::StrCat("no topic ", name.topic));
    const auto& partitions = topic->second.partitions;
    if (name.partition < 0 || static_cast<size_t>(name.partition) >= partitions.size()) {
      return absl::NotFoundError(absl::StrCat("no partition ", name.partition, " in ", name.topic));
    }
    return partitions[name.partition].get();
  }

  // Whether a fault that happens so often out of 1,000 times happens now.
  bool Happens(int of_thousand) { return of_thousand > 0 && Below(1000) < of_thousand; }
  int64_t Below(int64_t bound) {
    return static_cast<int64_t>(random() % static_cast<uint64_t>(bound));
  }
};

class SimulatedLog::Appender final : public LogAppender {
 public:
  explicit Appender(State* state) : state_(state) {}

  absl::Status Append(const TopicPartition& to, absl::string_view key, absl::string_view value,
                      absl::Span<const Header> headers) override {
    std::lock_guard<std::mutex> lock(state_->mutex);
    if (last_ == nullptr || last_->name != to) {
      DOLEN_ASSIGN_OR_RETURN(last_, state_->Find(to));
    }
    if (state_->options.faults.unknown_flushes > 0 || !held_.empty()) {
      held_.push_back({last_, NewEntry{std::string(key), std::string(value),
                                       std::vector<Header>(headers.begin(), headers.end())}});
    } else {
      last_->Add(state_->options.clock(), key, value, headers, /*tombstone=*/false);
      state_->grown.notify_all();
    }
    return absl::OkStatus();
  }

  absl::Status Flush() override {
    std::lock_guard<std::mutex> lock(state_->mutex);
    if (held_.empty()) return absl::OkStatus();
    const bool unknown = state_->Happens(state_->options.faults.unknown_flushes);
    size_t applied = held_.size();
    if (unknown) {
      const int64_t fate = state_->Below(3);
      applied = fate == 0 ? 0 : fate == 1 ? state_->Below(held_.size() + 1) : held_.size();
    }
    for (size_t i = 0; i < applied; ++i) {
      const NewEntry& entry = held_[i].second;
      held_[i].first->Add(state_->options.clock(), entry.key, entry.value, entry.headers, false);
    }
    held_.clear();
    state_->grown.notify_all();
    return unknown ? absl::UnknownError("simulated: this flush has no known outcome")
                   : absl::OkStatus();
  }

 private:
  State* const state_;
  SimulatedPartition* last_ = nullptr;
  std::vector<std::pair<SimulatedPartition*, NewEntry>> held_;  // until a Flush decides their fate
};

class SimulatedLog::Fenced final : public FencedWriter {
 public:
  Fenced(State* state, SimulatedPartition* to, std::string name, int64_t epoch)
      : state_(state), to_(to), name_(std::move(name)), epoch_(epoch) {}

  absl::Status Append(absl::Span<const NewEntry> entries) override {
    std::lock_guard<std::mutex> lock(state_->mutex);
    if (to_->epochs[name_] != epoch_) {
      return absl::AbortedError(absl::StrCat("writer ", name_, " of ", to_->name.topic, "/",
                                             to_->name.partition, " was fenced by a newer one"));
    }
    for (const NewEntry& entry : entries) {
      if (entry.tombstone && !entry.value.empty()) {
        return absl::InvalidArgumentError("a tombstone has no value");
      }
    }
    const bool unknown = state_->Happens(state_->options.faults.unknown_fenced);
    if (!unknown || state_->Below(2) == 0) {
      const absl::Time now = state_->options.clock();
      for (const NewEntry& entry : entries) {
        to_->Add(now, entry.key, entry.value, entry.headers, entry.tombstone);
      }
      state_->grown.notify_all();
    }
    return unknown ? absl::UnknownError("simulated: this append has no known outcome")
                   : absl::OkStatus();
  }

 private:
  State* const state_;
  SimulatedPartition* const to_;
  const std::string name_;
  const int64_t epoch_;
};

class SimulatedLog::Reader final : public LogReader {
 public:
  Reader(State* state, SimulatedPartition* from, int64_t offset)
      : state_(state), from_(from), position_(offset) {}

  absl::StatusOr<absl::Span<const Entry>> Read(int max, absl::Duration wait) override {
    if (max <= 0) return absl::Span<const Entry>();
    std::unique_lock<std::mutex> lock(state_->mutex);
    const bool cut = state_->Happens(state_->options.faults.short_reads);
    WaitUntilTrue(state_->grown, lock, cut ? absl::ZeroDuration() : wait,
                  [this] { return from_->end > position_; });
    if (position_ < from_->begin) {
      return absl::OutOfRangeError(absl::StrCat(from_->name.topic, "/", from_->name.partition,
                                                ": offset ", position_, " was trimmed; begins at ",
                                                from_->begin));
    }
    if (from_->end == position_) return absl::Span<const Entry>();
    chunk_ = from_->ChunkOf(position_);
    const int64_t first = position_ - chunk_->first;
    // Up to the end of the chunk, so that the records lie side by side.
    int64_t count = std::min<int64_t>(max, chunk_->entries.size() - first);
    if (cut) count = state_->Below(count + 1);
    position_ += count;
    return absl::MakeConstSpan(chunk_->entries.data() + first, count);
  }

  int64_t position() const override { return position_; }

 private:
  State* const state_;
  SimulatedPartition* const from_;
  int64_t position_;
  std::shared_ptr<SimulatedChunk> chunk_;  // keeps the last Read's records though they be trimmed
};

SimulatedLog::SimulatedLog(SimulatedLogOptions options) : state_(std::make_unique<State>()) {
  state_->options = std::move(options);
  state_->random.seed(state_->options.faults.seed);
  if (state_->options.id.empty()) state_->options.id = absl::BytesToHexString(RandomBytes(16));
}

SimulatedLog::~SimulatedLog() = default;

absl::Status SimulatedLog::CreateTopic(const TopicSpec& spec) {
  DOLEN_RETURN_IF_ERROR(CheckTopic(spec));
  std::lock_guard<std::mutex> lock(state_->mutex);
  const auto [there, created] = state_->topics.try_emplace(spec.name);
  State::Topic& topic = there->second;
  if (!created) {
    if (topic.spec.partitions == spec.partitions) return absl::OkStatus();
    return absl::FailedPreconditionError(absl::StrCat("topic ", spec.name, " has ",
                                                      topic.spec.partitions,
                                                      " partitions, expected ", spec.partitions));
  }
  topic.spec = spec;
  for (int32_t number = 0; number < spec.partitions; ++number) {
    topic.partitions.push_back(std::make_unique<SimulatedPartition>());
    topic.partitions.back()->name = {spec.name, number};
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> SimulatedLog::Topics(absl::string_view prefix) {
  std::vector<std::string> names;
  std::lock_guard<std::mutex> lock(state_->mutex);
  for (auto topic = state_->topics.lower_bound(std::string(prefix));
       topic != state_->topics.end() && absl::StartsWith(topic->first, prefix); ++topic) {
    names.push_back(topic->first);
  }
  return names;
}

absl::StatusOr<int32_t> SimulatedLog::Partitions(const std::string& topic) {
  std::lock_guard<std::mutex> lock(state_->mutex);
  DOLEN_RETURN_IF_ERROR(state_->Find({topic, 0}).status());
  return state_->topics[topic].spec.partitions;
}

absl::StatusOr<Bounds> SimulatedLog::BoundsOf(const TopicPartition& of) {
  std::lock_guard<std::mutex> lock(state_->mutex);
  DOLEN_ASSIGN_OR_RETURN(const SimulatedPartition* partition, state_->Find(of));
  return Bounds{partition->begin, partition->end};
}

absl::StatusOr<std::unique_ptr<LogReader>> SimulatedLog::Read(const TopicPartition& from,
                                                              int64_t offset, Holes) {
  std::lock_guard<std::mutex> lock(state_->mutex);
  DOLEN_ASSIGN_OR_RETURN(SimulatedPartition * partition, state_->Find(from));
  if (offset < partition->begin || offset > partition->end) {
    return absl::OutOfRangeError(absl::StrCat(from.topic, "/", from.partition, ": offset ", offset,
                                              " lies outside ", partition->begin, " to ",
                                              partition->end));
  }
  return std::make_unique<Reader>(state_.get(), partition, offset);
}

absl::StatusOr<std::unique_ptr<LogAppender>> SimulatedLog::OpenAppender() {
  return std::make_unique<Appender>(state_.get());
}

absl::StatusOr<std::unique_ptr<FencedWriter>> SimulatedLog::OpenFencedWriter(
    const TopicPartition& to, const std::string& name) {
  std::lock_guard<std::mutex> lock(state_->mutex);
  DOLEN_ASSIGN_OR_RETURN(SimulatedPartition * partition, state_->Find(to));
  const int64_t epoch = ++partition->epochs[name];
  return std::make_unique<Fenced>(state_.get(), partition, name, epoch);
}

absl::StatusOr<int64_t> SimulatedLog::Committed(const std::string& group,
                                                const TopicPartition& of) {
  std::lock_guard<std::mutex> lock(state_->mutex);
  DOLEN_RETURN_IF_ERROR(state_->Find(of).status());
  const auto found = state_->committed.find({group, of});
  return found == state_->committed.end() ? -1 : found->second;
}

absl::Status SimulatedLog::Commit(const std::string& group, const TopicPartition& of,
                                  int64_t offset) {
  std::lock_guard<std::mutex> lock(state_->mutex);
  DOLEN_RETURN_IF_ERROR(state_->Find(of).status());
  if (offset < 0) return absl::InvalidArgumentError("a committed offset is not negative");
  state_->committed[{group, of}] = offset;
  return absl::OkStatus();
}

absl::StatusOr<std::string> SimulatedLog::Id() { return state_->options.id; }

void SimulatedLog::SetFaults(const SimulatedFaults& faults) {
  std::lock_guard<std::mutex> lock(state_->mutex);
  state_->options.faults = faults;
}

absl::Status SimulatedLog::Trim(const TopicPartition& of, int64_t before) {
  std::lock_guard<std::mutex> lock(state_->mutex);
  DOLEN_ASSIGN_OR_RETURN(SimulatedPartition * partition, state_->Find(of));
  if (before > partition->end) return absl::OutOfRangeError("cannot trim beyond the end");
  partition->begin = std::max(partition->begin, before);
  auto& chunks = partition->chunks;
  // The last chunk stays though it be empty of readable records: the next record goes there.
  while (chunks.size() > 1 && chunks[1]->first <= partition->begin) chunks.pop_front();
  return absl::OkStatus();
}

}  // namespace dolen
