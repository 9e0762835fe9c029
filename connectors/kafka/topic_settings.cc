#include "connectors/kafka/topic_settings.h"

#include <cstdint>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace dolen {
namespace {

constexpr char kTimestamps[] = "message.timestamp.type";
constexpr char kCleanup[] = "cleanup.policy";
constexpr char kRetention[] = "retention.ms";
constexpr char kRetentionBytes[] = "retention.bytes";
constexpr char kSegment[] = "segment.ms";
constexpr char kLargest[] = "max.message.bytes";

// Kafka deletes whole segments, by their newest record, so a record outlives the retention by as
// long as its segment was open. Both together must not exceed what was asked: one part of ninety is
// the segment (a day of ninety), the rest the retention.
constexpr int kSegmentShare = 90;

std::string Millis(absl::Duration d) { return absl::StrCat(absl::ToInt64Milliseconds(d)); }

absl::Status Wrong(const TopicSpec& spec, absl::string_view name, absl::string_view is,
                   absl::string_view need) {
  return absl::FailedPreconditionError(
      absl::StrCat("topic ", spec.name, " has ", name, "=", is, ", it needs ", need));
}

int64_t Number(const TopicSettings& settings, const std::string& name, int64_t otherwise) {
  const auto found = settings.find(name);
  int64_t number = otherwise;
  if (found != settings.end() && !absl::SimpleAtoi(found->second, &number)) return otherwise;
  return number;
}

}  // namespace

TopicSettings SettingsFor(const TopicSpec& spec, int replication) {
  TopicSettings settings = {
      // Also for alerts: under CreateTime a writer whose clock is ahead has its whole batch
      // refused.
      {kTimestamps, "LogAppendTime"},
      {kCleanup, spec.compacted ? "compact" : "delete"},
      {kRetention, "-1"},
      {kRetentionBytes, "-1"},
      {kLargest, absl::StrCat(spec.max_record)},
      {"unclean.leader.election.enable", "false"},
  };
  if (!spec.compacted && spec.keep != absl::InfiniteDuration()) {
    const absl::Duration segment = spec.keep / kSegmentShare;
    settings[kSegment] = Millis(segment);
    settings[kRetention] = Millis(spec.keep - segment);
  }
  if (replication >= 3) settings["min.insync.replicas"] = absl::StrCat(2);
  return settings;
}

absl::Status CheckTopicSettings(const TopicSpec& spec, const TopicSettings& actual) {
  const auto value = [&](const char* name) {
    const auto found = actual.find(name);
    return found == actual.end() ? std::string() : found->second;
  };
  if (value(kTimestamps) != "LogAppendTime") {
    return Wrong(spec, kTimestamps, value(kTimestamps), "LogAppendTime: the broker's clock");
  }
  if (Number(actual, kLargest, 0) < static_cast<int64_t>(spec.max_record)) {
    return Wrong(spec, kLargest, value(kLargest),
                 absl::StrCat("at least ", spec.max_record, ": a refused record stops its writer"));
  }
  const std::string cleanup = spec.compacted ? "compact" : "delete";
  if (value(kCleanup) != cleanup) return Wrong(spec, kCleanup, value(kCleanup), cleanup);
  if (spec.compacted) return absl::OkStatus();
  const int64_t retention = Number(actual, kRetention, -1);
  if (spec.keep == absl::InfiniteDuration()) {
    if (retention >= 0) return Wrong(spec, kRetention, value(kRetention), "-1: kept for ever");
    if (Number(actual, kRetentionBytes, -1) >= 0) {
      return Wrong(spec, kRetentionBytes, value(kRetentionBytes), "-1: kept for ever");
    }
  } else if (retention < 0 || retention > absl::ToInt64Milliseconds(spec.keep)) {
    return Wrong(spec, kRetention, value(kRetention),
                 absl::StrCat("at most ", Millis(spec.keep), ": records are personal"));
  }
  return absl::OkStatus();
}

}  // namespace dolen
