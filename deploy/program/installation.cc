#include "deploy/program/installation.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "connectors/kafka/kafka_log.h"
#include "deploy/program/progress.h"
#include "engine/base/digest.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/log/local_log.h"
#include "projections/alerts/alerts_view.h"
#include "projections/figures/figures_view.h"
#include "projections/responsibility/responsibility.h"
#include "projections/sealed/sealed_view.h"
#include "projections/worklist/worklist.h"

namespace dolen {
namespace {

constexpr size_t kSecretBytes = 32;
constexpr int32_t kLocalPartitions = 4;   // a few threads' worth; fixed when the ledger is made
constexpr int32_t kKafkaPartitions = 12;  // divides well among 1, 2, 3, 4, 6 or 12 machines
// Memory of all stores for what is not yet on disk, divided among the shards.
constexpr size_t kWriteBuffers = 64 << 20;
constexpr size_t kLeastWriteBuffer = 4 << 20;
constexpr absl::Duration kReceivedBytesStay = absl::Hours(24 * 90);

absl::Status SystemError(absl::string_view what) {
  return absl::InternalError(absl::StrCat(what, ": ", std::strerror(errno)));
}

absl::StatusOr<std::string> ReadSecret(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return errno == ENOENT ? absl::NotFoundError(path) : SystemError(path);
  std::string secret(kSecretBytes + 1, '\0');
  const ssize_t size = read(file, secret.data(), secret.size());
  close(file);
  if (size != static_cast<ssize_t>(kSecretBytes)) {
    return absl::DataLossError(
        absl::StrCat(path, ": must hold ", kSecretBytes, " bytes, holds ", size,
                     "; put back the file that belongs to this installation"));
  }
  secret.resize(kSecretBytes);
  return secret;
}

}  // namespace

absl::StatusOr<std::string> ReadOrMakeSecret(const std::string& data) {
  const std::string path = data + "/secret";
  absl::StatusOr<std::string> known = ReadSecret(path);
  if (known.ok() || !absl::IsNotFound(known.status())) return known;
  const std::string secret = RandomBytes(kSecretBytes);
  const std::string fresh = path + ".new";
  const int file = open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return SystemError(fresh);
  const bool written =
      write(file, secret.data(), secret.size()) == static_cast<ssize_t>(secret.size()) &&
      fsync(file) == 0;
  close(file);
  // A name that is there already wins: two processes must not end up with two secrets.
  const bool linked = written && link(fresh.c_str(), path.c_str()) == 0;
  const bool other_won = written && !linked && errno == EEXIST;
  const absl::Status failed = SystemError(path);
  unlink(fresh.c_str());
  if (linked) return secret;
  return other_won ? ReadSecret(path) : failed;
}

std::string StoreFolder(const Place& place, size_t shard) {
  return absl::StrCat(place.data, "/shard-", shard);
}

std::vector<std::string> StoreFoldersIn(const Place& place) {
  std::vector<std::string> folders;
  for (;;) {
    std::string folder = StoreFolder(place, folders.size());
    if (!std::filesystem::exists(folder)) return folders;
    folders.push_back(std::move(folder));
  }
}

absl::Status CheckReadable(const StoreReader& store, const std::string& folder) {
  DOLEN_ASSIGN_OR_RETURN(const absl::optional<uint32_t> revision, RevisionOf(store));
  const absl::Status status = CheckRevision(revision.value_or(kFoldRevision), folder);
  if (status.ok() || *revision > kFoldRevision) return status;
  return absl::FailedPreconditionError(
      absl::StrCat(status.message(),
                   " by this release; start dolen serve, or ask dolen doctor, and when that is "
                   "done say this again"));
}

absl::StatusOr<std::unique_ptr<Log>> OpenLog(const Place& place,
                                             std::function<absl::Time()> clock) {
  std::error_code error;
  std::filesystem::create_directories(place.data, error);
  if (error) {
    return absl::InternalError(
        absl::StrCat("cannot make the data folder ", place.data, ": ", error.message()));
  }
  // Everything in it belongs to the operator alone.
  chmod(place.data.c_str(), 0700);
  if (place.kafka.empty()) {
    LocalLogOptions options;
    options.clock = std::move(clock);
    DOLEN_ASSIGN_OR_RETURN(std::unique_ptr<LocalLog> local,
                           LocalLog::Open(place.data + "/log", std::move(options)));
    return std::unique_ptr<Log>(std::move(local));
  }
  KafkaOptions options;
  options.bootstrap = place.kafka;
  options.properties = place.kafka_properties;
  options.deployment = place.prefix;
  return OpenKafkaLog(std::move(options));
}

Installation::Installation(const Place& place, std::unique_ptr<Log> log)
    : place_(place), log_(std::move(log)) {
  names_.prefix = place.prefix;
}
Installation::~Installation() = default;

absl::StatusOr<std::unique_ptr<Installation>> Installation::Open(
    const Place& place, std::unique_ptr<Log> log, std::function<absl::Time()> written) {
  std::error_code error;
  std::filesystem::create_directories(place.data, error);
  std::unique_ptr<Installation> made(new Installation(place, std::move(log)));
  DOLEN_RETURN_IF_ERROR(made->MakeTopics());
  DOLEN_RETURN_IF_ERROR(made->CheckSecret());
  DOLEN_RETURN_IF_ERROR(made->BeginLedger());
  DOLEN_ASSIGN_OR_RETURN(made->secret_, ReadOrMakeSecret(place.data));
  DOLEN_ASSIGN_OR_RETURN(made->identity_,
                         IdentityLog::Open(made->log_.get(), made->names_, made->secret_));
  AdmitterOptions options;
  options.secret = made->secret_;
  options.clock = std::move(written);
  DOLEN_ASSIGN_OR_RETURN(
      made->admitter_,
      Admitter::Open(made->log_.get(), made->names_, made->identity_.get(), std::move(options)));
  DOLEN_RETURN_IF_ERROR(made->OpenShards());
  return made;
}

absl::Status Installation::MakeTopics() {
  int32_t partitions = place_.partitions;
  absl::StatusOr<int32_t> known = log_->Partitions(names_.Ledger());
  if (known.ok()) {
    if (partitions != 0 && partitions != *known) {
      return absl::FailedPreconditionError(
          absl::StrCat("the ledger has ", *known, " partitions, not ", partitions,
                       "; the number is fixed when the ledger is made"));
    }
    partitions = *known;
  } else if (!absl::IsNotFound(known.status())) {
    return known.status();
  }
  if (partitions == 0) partitions = place_.kafka.empty() ? kLocalPartitions : kKafkaPartitions;
  DOLEN_RETURN_IF_ERROR(log_->CreateTopic({names_.Ledger(), partitions}));
  DOLEN_RETURN_IF_ERROR(log_->CreateTopic({names_.Identity(), 1}));
  DOLEN_RETURN_IF_ERROR(log_->CreateTopic({names_.Alerts(), partitions, true}));
  DOLEN_RETURN_IF_ERROR(
      log_->CreateTopic({names_.Actions(), 1, false, kReceivedBytesStay, kMaxIntakeRecord}));
  DOLEN_RETURN_IF_ERROR(log_->CreateTopic({names_.Receipts(), partitions, true}));
  return log_->CreateTopic({names_.Quarantine(), 1, false, kReceivedBytesStay});
}

// An empty partition begins with the fold revision, so that what comes into it is told from the
// start. Of two processes that do it at once the first counts.
absl::Status Installation::BeginLedger() {
  DOLEN_ASSIGN_OR_RETURN(const int32_t partitions, log_->Partitions(names_.Ledger()));
  std::unique_ptr<LogAppender> appender;
  for (int32_t partition = 0; partition < partitions; ++partition) {
    const TopicPartition ledger{names_.Ledger(), partition};
    DOLEN_ASSIGN_OR_RETURN(const Bounds bounds, log_->BoundsOf(ledger));
    if (bounds.end > 0) continue;
    if (appender == nullptr) {
      DOLEN_ASSIGN_OR_RETURN(appender, log_->OpenAppender());
    }
    DOLEN_RETURN_IF_ERROR(appender->Append(ledger, "", FirstRecord().SerializeAsString()));
  }
  return appender == nullptr ? absl::OkStatus() : appender->Flush();
}

// A fresh secret finds no child of an installation that is there already, and would claim all of
// them anew.
absl::Status Installation::CheckSecret() const {
  if (std::filesystem::exists(place_.data + "/secret")) return absl::OkStatus();
  DOLEN_ASSIGN_OR_RETURN(const Bounds bounds, log_->BoundsOf({names_.Identity(), 0}));
  if (bounds.end == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      place_.data, "/secret is missing, but ", names_.Identity(),
      " holds identifiers that were hashed with it; put the installation's file there"));
}

absl::Status Installation::OpenShards() {
  views_.push_back(std::make_unique<AlertsView>());
  views_.push_back(std::make_unique<ResponsibilityView>());
  views_.push_back(std::make_unique<SealedView>());
  views_.push_back(std::make_unique<WorklistView>());
  views_.push_back(std::make_unique<FiguresView>());
  DOLEN_ASSIGN_OR_RETURN(const int32_t partitions, log_->Partitions(names_.Ledger()));
  for (int32_t partition = 0; partition < partitions; ++partition) {
    ShardOptions options;
    options.topics = names_;
    options.shard = static_cast<uint32_t>(partition);
    options.folder = StoreFolder(place_, options.shard);
    options.row_bytes_at_hand /= static_cast<size_t>(partitions);
    options.store.write_buffer_bytes =
        std::max(kWriteBuffers / static_cast<size_t>(partitions), kLeastWriteBuffer);
    options.views = views();
    DOLEN_ASSIGN_OR_RETURN(std::unique_ptr<Shard> shard, Shard::Open(log_.get(), options));
    shards_.push_back(std::move(shard));
  }
  return absl::OkStatus();
}

std::vector<const View*> Installation::views() const {
  std::vector<const View*> views;
  for (const std::unique_ptr<View>& view : views_) views.push_back(view.get());
  return views;
}

absl::Status Installation::AppendToAll(const ledger::v1::Record& record) {
  DOLEN_ASSIGN_OR_RETURN(std::unique_ptr<LogAppender> appender, log_->OpenAppender());
  const std::string bytes = record.SerializeAsString();
  for (int32_t partition = 0; partition < static_cast<int32_t>(shards_.size()); ++partition) {
    DOLEN_RETURN_IF_ERROR(appender->Append({names_.Ledger(), partition}, "", bytes));
  }
  return appender->Flush();
}

absl::Status Installation::Fold() {
  for (size_t i = 0; i < shards_.size(); ++i) {
    Shard& shard = *shards_[i];
    Progress progress(absl::StrCat("fold shard ", i));
    for (;;) {
      DOLEN_ASSIGN_OR_RETURN(const bool at_end, shard.IsAtEnd());
      if (at_end) break;
      DOLEN_RETURN_IF_ERROR(shard.Pump(kManyRecords, absl::Milliseconds(100)).status());
      DOLEN_ASSIGN_OR_RETURN(const Bounds bounds,
                             log_->BoundsOf({names_.Ledger(), static_cast<int32_t>(i)}));
      if (bounds.end > kManyRecords) progress.Show(shard.fold().next_offset(), bounds.end);
    }
  }
  return absl::OkStatus();
}

absl::Status Installation::CatchUp() {
  DOLEN_RETURN_IF_ERROR(Fold());
  for (const std::unique_ptr<Shard>& shard : shards_) {
    do {
      DOLEN_RETURN_IF_ERROR(shard->Tell());
      // It may have written from where alerts continue.
      if (!shard->speaks()) DOLEN_RETURN_IF_ERROR(Fold());
    } while (!shard->speaks() || shard->waiting_alerts() > 0);
  }
  return absl::OkStatus();
}

bool Installation::Speaks() const {
  return std::all_of(shards_.begin(), shards_.end(),
                     [](const std::unique_ptr<Shard>& shard) { return shard->speaks(); });
}

absl::Time Installation::Reached() const {
  absl::Time reached = absl::InfinitePast();
  for (const std::unique_ptr<Shard>& shard : shards_) {
    reached = std::max(reached, shard->fold().reached());
  }
  return reached;
}

}  // namespace dolen
