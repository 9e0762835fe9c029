#include "engine/shard/revision.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "dolen/store/v1/store.pb.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/store/keys.h"

namespace dolen {

ledger::v1::Record FirstRecord(uint32_t revision) {
  ledger::v1::Record record;
  record.mutable_fact()->set_fold_revision(revision);
  return record;
}

std::vector<ledger::v1::Record> RevisionRecords(uint32_t revision, const Published& published,
                                                uint64_t attempt, ledger::v1::Continued from) {
  std::vector<ledger::v1::Record> records;
  size_t bytes = 0;
  for (const alert::v1::Alert& alert : published.last) {
    if (records.empty() || bytes > kPublishedPageBytes) {
      ledger::v1::PublishedPage& page = *records.emplace_back().mutable_fact()->mutable_published();
      page.set_attempt(attempt);
      page.set_page(static_cast<uint32_t>(records.size() - 1));
      bytes = 0;
    }
    std::string& one = *records.back().mutable_fact()->mutable_published()->add_alert();
    one = alert.SerializeAsString();
    bytes += one.size();
  }
  from.set_attempt(attempt);
  from.set_pages(static_cast<uint32_t>(records.size()));
  from.set_shard_number(published.number);
  ledger::v1::Record last = FirstRecord(revision);
  *last.mutable_fact()->mutable_continued() = std::move(from);
  records.push_back(std::move(last));
  return records;
}

void Shorten(alert::v1::Alert& alert) {
  alert.clear_source();
  alert.clear_weight();
  alert.clear_title_cy();
  alert.clear_title_en();
  alert.clear_audience();
  alert.clear_shard();
}

absl::StatusOr<absl::optional<uint32_t>> RevisionOf(const StoreReader& store) {
  DOLEN_ASSIGN_OR_RETURN(const absl::optional<std::string> bytes, store.Get(keys::Shard()));
  if (!bytes) return absl::optional<uint32_t>();
  store::v1::ShardRow row;
  if (!row.ParseFromString(*bytes)) {
    return absl::DataLossError("store: the shard's own row cannot be parsed");
  }
  return absl::optional<uint32_t>(row.revision());
}

absl::Status CheckRevision(uint32_t found, const std::string& folder, uint32_t own) {
  if (found == own) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "store ", folder, " was made by ", found < own ? "an older" : "a newer",
      " release (fold revision ", found, ", this one has ", own, "): ",
      found < own ? "it must be folded again from the ledger" : "install that release again"));
}

}  // namespace dolen
