#include "engine/log/verify.h"

#include "absl/strings/str_cat.h"
#include "engine/base/status.h"
#include "engine/base/time.h"

namespace dolen {

namespace {

constexpr int kReadAtOnce = 1000;
// A partition that has an end but gives nothing for so long: a transaction that is still open, or a
// broker that is away.
constexpr absl::Duration kPatience = absl::Seconds(10);

void Count(const Entry& entry, PartitionReport& report) {
  ++report.records;
  report.bytes += entry.key.size() + entry.value.size();
  report.times.AddInt(Micros(entry.appended));
  report.content.AddInt(entry.offset);
  report.content.Add(entry.key);
  report.content.AddInt(entry.tombstone ? 1 : 0);
  report.content.Add(entry.value);
  report.content.AddInt(static_cast<int64_t>(entry.headers.size()));
  for (const Header& header : entry.headers) {
    report.bytes += header.key.size() + header.value.size();
    report.content.Add(header.key);
    report.content.Add(header.value);
  }
}

absl::Status VerifyPartition(Log& log, const VerifyOptions& options, int64_t& total,
                             PartitionReport& report) {
  const bool has_holes = options.has_holes && options.has_holes(report.of.topic);
  DOLEN_ASSIGN_OR_RETURN(report.bounds, log.BoundsOf(report.of));
  DOLEN_ASSIGN_OR_RETURN(const auto reader, log.Read(report.of, report.bounds.begin,
                                                     has_holes ? Holes::kAllowed : Holes::kNever));
  while (reader->position() < report.bounds.end) {
    const int64_t before = reader->position();
    DOLEN_ASSIGN_OR_RETURN(const auto entries, reader->Read(kReadAtOnce, kPatience));
    for (const Entry& entry : entries) {
      if (entry.offset >= report.bounds.end) break;
      Count(entry, report);
    }
    total += entries.size();
    if (options.progress) options.progress(total);
    if (entries.empty() && reader->position() == before) {
      return absl::UnavailableError(absl::StrCat(report.of.topic, "/", report.of.partition,
                                                 ": nothing to read at offset ", before,
                                                 " though the end is ", report.bounds.end));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<PartitionReport>> VerifyLog(Log& log, const VerifyOptions& options) {
  std::vector<PartitionReport> reports;
  int64_t total = 0;
  DOLEN_ASSIGN_OR_RETURN(const auto topics, log.Topics(options.prefix));
  for (const std::string& topic : topics) {
    DOLEN_ASSIGN_OR_RETURN(const int32_t partitions, log.Partitions(topic));
    for (int32_t number = 0; number < partitions; ++number) {
      PartitionReport report;
      report.of = {topic, number};
      DOLEN_RETURN_IF_ERROR(VerifyPartition(log, options, total, report));
      reports.push_back(std::move(report));
    }
  }
  return reports;
}

}  // namespace dolen
