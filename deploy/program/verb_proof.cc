// log verify and store verify: proofs.
#include <filesystem>
#include <string>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "deploy/program/door.h"
#include "deploy/program/progress.h"
#include "deploy/program/verbs.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/log/verify.h"
#include "nlohmann/json.hpp"

namespace dolen {
namespace {

using Json = nlohmann::ordered_json;

absl::Status RefuseWhileServed(const Place& place) {
  if (!SomebodyListens(SocketOf(place))) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("a dolen serve runs on ", place.data, "; stop it first: this reads its folder"));
}

absl::StatusOr<std::unique_ptr<Log>> OpenExisting(const Place& place) {
  DOLEN_RETURN_IF_ERROR(RefuseWhileServed(place));
  if (place.kafka.empty() && !std::filesystem::exists(place.data + "/log")) {
    return absl::NotFoundError(absl::StrCat("there is no installation in ", place.data));
  }
  return OpenLog(place, [] { return absl::Now(); });
}

// Before an installation is opened, since that makes stores of an older release anew: a proof
// changes nothing.
absl::Status RefuseOtherRevisions(const Place& place) {
  const std::string scratch = MakeTemporaryFolder();
  const auto removed = absl::MakeCleanup([&] {
    std::error_code ignored;
    std::filesystem::remove_all(scratch, ignored);
  });
  for (const std::string& folder : StoreFoldersIn(place)) {
    const absl::StatusOr<std::unique_ptr<Store>> store = Store::OpenToRead(folder, scratch);
    if (absl::IsNotFound(store.status())) continue;  // the folder, and nothing in it yet
    DOLEN_RETURN_IF_ERROR(store.status());
    DOLEN_RETURN_IF_ERROR(CheckReadable(**store, folder));
  }
  return absl::OkStatus();
}

// One line for one shard; false: the digests differ.
absl::StatusOr<bool> VerifyShard(Installation& installation, size_t index, bool rebuild,
                                 const Common& common) {
  const std::unique_ptr<Shard>& shard = installation.shards()[index];
  DOLEN_ASSIGN_OR_RETURN(const Store::Digest here, shard->store().DigestAll());
  Json json = {{"shard", index},
               {"offset", shard->fold().next_offset()},
               {"rows", here.rows},
               {"bytes", here.bytes},
               {"digest", here.digest.Hex()}};
  bool same = true;
  if (rebuild) {
    const std::string folder = MakeTemporaryFolder();
    const auto removed = absl::MakeCleanup([&] {
      std::error_code ignored;
      std::filesystem::remove_all(folder, ignored);
    });
    ShardOptions options;
    options.topics = installation.names();
    options.shard = static_cast<uint32_t>(index);
    options.folder = folder;
    options.views = installation.views();
    DOLEN_ASSIGN_OR_RETURN(const std::unique_ptr<Shard> again,
                           Shard::Open(&installation.log(), options));
    Progress progress(absl::StrCat("shard ", index));
    while (again->fold().next_offset() < shard->fold().next_offset()) {
      const int64_t missing = shard->fold().next_offset() - again->fold().next_offset();
      DOLEN_RETURN_IF_ERROR(
          again->Pump(static_cast<int>(std::min<int64_t>(missing, kManyRecords)), absl::Seconds(1))
              .status());
      progress.Show(again->fold().next_offset(), shard->fold().next_offset());
    }
    DOLEN_ASSIGN_OR_RETURN(const Store::Digest there, again->store().DigestAll());
    same = there.digest == here.digest && there.rows == here.rows;
    json["rebuilt"] = there.digest.Hex();
    json["same"] = same;
  }
  if (common.json()) {
    absl::PrintF("%s\n", json.dump());
  } else {
    absl::PrintF("shard %d at offset %d: %d rows, %s%s\n", index, shard->fold().next_offset(),
                 here.rows, here.digest.Hex(),
                 rebuild ? absl::StrCat(", rebuilt ", json.value("rebuilt", ""),
                                        same ? ": the same" : ": DIFFERENT")
                         : "");
  }
  return same;
}

}  // namespace

int RunStoreVerify(const Common& common, bool rebuild) {
  absl::StatusOr<std::unique_ptr<Log>> log = OpenExisting(common.place);
  if (!log.ok()) return Fail(log.status());
  const absl::Status readable = RefuseOtherRevisions(common.place);
  if (!readable.ok()) return Fail(readable);
  const absl::StatusOr<std::unique_ptr<Installation>> installation =
      Installation::Open(common.place, *std::move(log), [] { return absl::Now(); });
  if (!installation.ok()) return Fail(installation.status());
  for (const std::unique_ptr<Shard>& shard : (*installation)->shards()) {
    if (shard->speaks() || shard->speaks_from() <= 1) continue;
    return Fail(absl::FailedPreconditionError(
        "the ledger is not folded by this release yet; start dolen serve, or ask dolen doctor, and "
        "say it again when that is done"));
  }
  bool same = true;
  for (size_t shard = 0; shard < (*installation)->shards().size(); ++shard) {
    const absl::StatusOr<bool> one = VerifyShard(**installation, shard, rebuild, common);
    if (!one.ok()) return Fail(one.status());
    same = same && *one;
  }
  return same ? kDone : kNo;
}

int RunLogVerify(const Common& common) {
  const absl::StatusOr<std::unique_ptr<Log>> log = OpenExisting(common.place);
  if (!log.ok()) return Fail(log.status());
  VerifyOptions options;
  options.prefix = common.place.prefix + ".";
  options.has_holes = [](const std::string& topic) { return absl::StrContains(topic, ".alerts."); };
  Progress progress("log");
  options.progress = [&](int64_t records) { progress.Show(records, 0); };
  const absl::StatusOr<std::vector<PartitionReport>> reports = VerifyLog(**log, options);
  progress.End();
  if (!reports.ok()) {
    Fail(reports.status());
    return absl::IsDataLoss(reports.status()) ? kNo : kWorldFailed;
  }
  for (const PartitionReport& report : *reports) {
    if (common.json()) {
      absl::PrintF("%s\n", Json{{"topic", report.of.topic},
                                {"partition", report.of.partition},
                                {"begin", report.bounds.begin},
                                {"end", report.bounds.end},
                                {"records", report.records},
                                {"bytes", report.bytes},
                                {"digest", report.content.Hex()}}
                               .dump());
    } else {
      absl::PrintF("%s/%d: offsets %d to %d, %d records, %d bytes, %s\n", report.of.topic,
                   report.of.partition, report.bounds.begin, report.bounds.end, report.records,
                   report.bytes, report.content.Hex());
    }
  }
  return kDone;
}

}  // namespace dolen
