#include "deploy/program/replay_kafka.h"

#include <filesystem>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "deploy/program/progress.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"

namespace dolen {
namespace {

absl::Status Copy(Log& from, Log& to, const std::string& from_topic, const std::string& to_topic,
                  int32_t partitions) {
  DOLEN_ASSIGN_OR_RETURN(const std::unique_ptr<LogAppender> appender, to.OpenAppender());
  for (int32_t partition = 0; partition < partitions; ++partition) {
    const TopicPartition source{from_topic, partition}, target{to_topic, partition};
    DOLEN_ASSIGN_OR_RETURN(const Bounds there, to.BoundsOf(target));
    if (there.end != 0) {
      return absl::FailedPreconditionError(
          absl::StrCat(to_topic, " is not new; choose another --prefix"));
    }
    DOLEN_ASSIGN_OR_RETURN(const Bounds bounds, from.BoundsOf(source));
    DOLEN_ASSIGN_OR_RETURN(const std::unique_ptr<LogReader> reader,
                           from.Read(source, bounds.begin));
    while (reader->position() < bounds.end) {
      DOLEN_ASSIGN_OR_RETURN(const absl::Span<const Entry> entries,
                             reader->Read(kMaxBatch, absl::Seconds(1)));
      for (const Entry& entry : entries) {
        DOLEN_RETURN_IF_ERROR(appender->Append(target, entry.key, entry.value, entry.headers));
      }
    }
  }
  return appender->Flush();
}

}  // namespace

absl::StatusOr<ReplayResult> ReplayOnKafka(
    const Place& place, Installation& replayed,
    const std::function<std::string(const std::string&)>& name_of) {
  Place on_kafka = place;
  on_kafka.data = MakeTemporaryFolder();
  const auto removed = absl::MakeCleanup([&] {
    std::error_code ignored;
    std::filesystem::remove_all(on_kafka.data, ignored);
  });
  on_kafka.partitions = static_cast<int32_t>(replayed.shards().size());
  DOLEN_ASSIGN_OR_RETURN(std::unique_ptr<Log> log, OpenLog(on_kafka, [] { return absl::Now(); }));
  // The same secret, so that the copied identity log leads to the same children.
  std::error_code error;
  std::filesystem::copy_file(replayed.place().data + "/secret", on_kafka.data + "/secret", error);
  // Before the installation is opened: it begins a ledger that is empty.
  TopicNames names;
  names.prefix = place.prefix;
  DOLEN_RETURN_IF_ERROR(log->CreateTopic({names.Identity(), 1}));
  DOLEN_RETURN_IF_ERROR(log->CreateTopic({names.Ledger(), on_kafka.partitions}));
  DOLEN_RETURN_IF_ERROR(
      Copy(replayed.log(), *log, replayed.names().Identity(), names.Identity(), 1));
  DOLEN_RETURN_IF_ERROR(
      Copy(replayed.log(), *log, replayed.names().Ledger(), names.Ledger(), on_kafka.partitions));
  DOLEN_ASSIGN_OR_RETURN(const std::unique_ptr<Installation> copy,
                         Installation::Open(on_kafka, std::move(log), [] { return absl::Now(); }));
  DOLEN_RETURN_IF_ERROR(copy->CatchUp());
  ReplayResult result;
  DOLEN_ASSIGN_OR_RETURN(result.summary, Summarise(*copy, replayed.Reached()));
  DOLEN_ASSIGN_OR_RETURN(result.changes, ReadChanges(*copy, name_of));
  return result;
}

}  // namespace dolen
