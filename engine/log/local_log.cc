#include "engine/log/local_log.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/base/status.h"
#include "engine/log/local_reader.h"
#include "engine/log/local_state.h"

namespace dolen {

namespace {

using local::GroupCommit;
using local::LocalPartition;
using local::LocalReader;
using local::LocalTopic;

class LocalAppender final : public LogAppender {
 public:
  using Find = std::function<absl::StatusOr<LocalPartition*>(const TopicPartition&)>;
  LocalAppender(GroupCommit* commit, Find find) : commit_(commit), find_(std::move(find)) {}

  absl::Status Append(const TopicPartition& to, absl::string_view key, absl::string_view value,
                      absl::Span<const Header> headers) override {
    if (last_ == nullptr || last_->name != to) {
      DOLEN_ASSIGN_OR_RETURN(last_, FindCached(to));
    }
    const auto group = commit_->Append(*last_, key, value, headers);
    if (group.ok()) group_ = *group;
    // The log has stopped for ever: a Flush must not be taken for an answer about this record.
    if (absl::IsFailedPrecondition(group.status())) stopped_ = group.status();
    return group.status();
  }

  absl::Status Flush() override {
    DOLEN_RETURN_IF_ERROR(commit_->Wait(group_));
    return stopped_;
  }

 private:
  absl::StatusOr<LocalPartition*> FindCached(const TopicPartition& to) {
    if (const auto known = known_.find(to); known != known_.end()) return known->second;
    DOLEN_ASSIGN_OR_RETURN(LocalPartition * found, find_(to));
    known_.emplace(to, found);
    return found;
  }

  GroupCommit* const commit_;
  const Find find_;
  LocalPartition* last_ = nullptr;
  absl::btree_map<TopicPartition, LocalPartition*> known_;
  uint64_t group_ = 0;  // the last that holds a record of this appender
  absl::Status stopped_;
};

class LocalFencedWriter final : public FencedWriter {
 public:
  LocalFencedWriter(GroupCommit* commit, LocalPartition* to, std::string name, int64_t epoch)
      : commit_(commit), to_(to), name_(std::move(name)), epoch_(epoch) {}

  absl::Status Append(absl::Span<const NewEntry> entries) override {
    DOLEN_ASSIGN_OR_RETURN(const uint64_t group,
                           commit_->AppendFenced(*to_, name_, epoch_, entries));
    return commit_->Wait(group);
  }

 private:
  GroupCommit* const commit_;
  LocalPartition* const to_;
  const std::string name_;
  const int64_t epoch_;
};

}  // namespace

LocalLog::LocalLog(std::unique_ptr<State> state) : state_(std::move(state)) {}
LocalLog::~LocalLog() = default;

absl::StatusOr<LocalPartition*> LocalLog::State::Find(const TopicPartition& name) {
  std::lock_guard<std::mutex> lock(mutex);
  const auto topic = topics.find(name.topic);
  if (topic == topics.end()) return absl::NotFoundError(absl::StrCat("no topic ", name.topic));
  const auto& partitions = topic->second->partitions;
  if (name.partition < 0 || static_cast<size_t>(name.partition) >= partitions.size()) {
    return absl::NotFoundError(absl::StrCat("no partition ", name.partition, " in ", name.topic));
  }
  return partitions[name.partition].get();
}

absl::Status LocalLog::CreateTopic(const TopicSpec& spec) {
  DOLEN_RETURN_IF_ERROR(CheckTopic(spec));
  std::lock_guard<std::mutex> creating(state_->creating);
  auto topic = std::make_unique<LocalTopic>();
  topic->stored.spec = spec;
  {
    std::lock_guard<std::mutex> lock(state_->mutex);
    if (const auto there = state_->topics.find(spec.name); there != state_->topics.end()) {
      const int32_t partitions = there->second->stored.spec.partitions;
      if (partitions == spec.partitions) return absl::OkStatus();
      return absl::FailedPreconditionError(absl::StrCat("topic ", spec.name, " has ", partitions,
                                                        " partitions, expected ", spec.partitions));
    }
    for (const auto& [name, other] : state_->topics) {
      topic->stored.id = std::max(topic->stored.id, other->stored.id + 1);
    }
  }
  for (int32_t number = 0; number < spec.partitions; ++number) {
    topic->partitions.push_back(std::make_unique<LocalPartition>());
    topic->partitions.back()->name = {spec.name, number};
    topic->partitions.back()->topic = topic->stored.id;
  }
  DOLEN_ASSIGN_OR_RETURN(const uint64_t group,
                         state_->commit->Put(local::TopicKey(spec.name),
                                             local::EncodeTopic(topic->stored), /*durable=*/true));
  DOLEN_RETURN_IF_ERROR(state_->commit->Wait(group));
  std::lock_guard<std::mutex> lock(state_->mutex);
  state_->topics.emplace(spec.name, std::move(topic));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> LocalLog::Topics(absl::string_view prefix) {
  std::vector<std::string> names;
  std::lock_guard<std::mutex> lock(state_->mutex);
  for (auto topic = state_->topics.lower_bound(std::string(prefix));
       topic != state_->topics.end() && absl::StartsWith(topic->first, prefix); ++topic) {
    names.push_back(topic->first);
  }
  return names;
}

absl::StatusOr<int32_t> LocalLog::Partitions(const std::string& topic) {
  DOLEN_RETURN_IF_ERROR(state_->Find({topic, 0}).status());
  std::lock_guard<std::mutex> lock(state_->mutex);
  return state_->topics[topic]->stored.spec.partitions;
}

absl::StatusOr<Bounds> LocalLog::BoundsOf(const TopicPartition& of) {
  DOLEN_ASSIGN_OR_RETURN(LocalPartition * partition, state_->Find(of));
  std::lock_guard<std::mutex> lock(partition->mutex);
  return Bounds{partition->begin, partition->end};
}

absl::StatusOr<std::unique_ptr<LogReader>> LocalLog::Read(const TopicPartition& from,
                                                          int64_t offset, Holes holes) {
  DOLEN_ASSIGN_OR_RETURN(LocalPartition * partition, state_->Find(from));
  DOLEN_ASSIGN_OR_RETURN(const Bounds bounds, BoundsOf(from));
  if (offset < bounds.begin || offset > bounds.end) {
    return absl::OutOfRangeError(absl::StrCat(from.topic, "/", from.partition, ": offset ", offset,
                                              " lies outside ", bounds.begin, " to ", bounds.end));
  }
  return std::make_unique<LocalReader>(state_->db.get(), partition, offset, holes);
}

absl::StatusOr<std::unique_ptr<LogAppender>> LocalLog::OpenAppender() {
  return std::make_unique<LocalAppender>(
      state_->commit.get(), [this](const TopicPartition& to) { return state_->Find(to); });
}

absl::StatusOr<std::unique_ptr<FencedWriter>> LocalLog::OpenFencedWriter(const TopicPartition& to,
                                                                         const std::string& name) {
  DOLEN_ASSIGN_OR_RETURN(LocalPartition * partition, state_->Find(to));
  DOLEN_ASSIGN_OR_RETURN(const int64_t epoch, state_->commit->Fence(*partition, name));
  return std::make_unique<LocalFencedWriter>(state_->commit.get(), partition, name, epoch);
}

absl::StatusOr<int64_t> LocalLog::Committed(const std::string& group, const TopicPartition& of) {
  DOLEN_RETURN_IF_ERROR(state_->Find(of).status());
  std::lock_guard<std::mutex> lock(state_->mutex);
  const auto found = state_->committed.find({group, of});
  return found == state_->committed.end() ? -1 : found->second;
}

absl::Status LocalLog::Commit(const std::string& group, const TopicPartition& of, int64_t offset) {
  DOLEN_ASSIGN_OR_RETURN(LocalPartition * partition, state_->Find(of));
  if (offset < 0) return absl::InvalidArgumentError("a committed offset is not negative");
  // Under the lock, so that of two commits the later one is also the later row.
  std::lock_guard<std::mutex> lock(state_->mutex);
  const std::string key = local::GroupKey(partition->topic, of.partition, group);
  DOLEN_RETURN_IF_ERROR(
      state_->commit->Put(key, local::EncodeInt(offset), /*durable=*/false).status());
  state_->committed[{group, of}] = offset;
  return absl::OkStatus();
}

absl::StatusOr<std::string> LocalLog::Id() { return state_->id; }

}  // namespace dolen
