#include "deploy/program/simulate.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "deploy/program/progress.h"
#include "dolen/event/v1/event.pb.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/time.h"
#include "engine/shard/shard.h"
#include "engine/store/child_reader.h"
#include "engine/store/facts.h"
#include "engine/store/keys.h"

namespace dolen {
namespace {

constexpr int64_t kChildrenBetweenProgress = 256;

void Remove(const std::string& folder) {
  std::error_code ignored;
  if (!folder.empty()) std::filesystem::remove_all(folder, ignored);
}

// What issuers call the child, "issuer:value", sorted.
std::vector<std::string> IdentifiersIn(const Privates& hidden) {
  std::set<std::string> known;
  for (const auto& [position, one] : hidden) {
    for (const event::v1::Identifier& its : one.child()) {
      known.insert(absl::StrCat(its.issuer(), ":", its.value()));
    }
  }
  return {known.begin(), known.end()};
}

// One shard's store, read beside its owner, and both sets of books.
class ShardHistory {
 public:
  static absl::StatusOr<std::unique_ptr<ShardHistory>> Open(const std::string& folder,
                                                            const std::string& scratch,
                                                            const SimulateOptions& options) {
    std::unique_ptr<ShardHistory> history(new ShardHistory(options));
    DOLEN_ASSIGN_OR_RETURN(history->store_, Store::OpenToRead(folder, scratch));
    DOLEN_RETURN_IF_ERROR(CheckReadable(*history->store_, folder));
    DOLEN_RETURN_IF_ERROR(history->Read());
    return history;
  }

  absl::Time reached() const { return FromMicros(row_.reached()); }
  int64_t children() const { return children_; }
  int64_t events() const { return events_; }

  // Compares all children at `at`. `done` is called now and then with how many more were done;
  // false: stop. `is_here`: whether a child belongs to this shard.
  absl::StatusOr<WhatIf> Compare(absl::Time at, const std::function<bool(const ChildKey&)>& is_here,
                                 const std::function<bool(int64_t)>& done) {
    at_ = at;
    WhatIf whatif(options_.list);
    ChildReader reader(store_.get(), &as_published_);
    absl::Status status;
    int64_t since = 0;
    DOLEN_RETURN_IF_ERROR(store_->Scan("c", [&](absl::string_view key, absl::string_view row) {
      ChildKey child;
      if (!ChildKey::FromBytes(key.substr(1), child) || !is_here(child)) {
        status = absl::DataLossError("store: a child that does not belong to this shard");
        return false;
      }
      status = CompareChild(reader, child, row, whatif);
      if (!status.ok()) return false;
      if (++since < kChildrenBetweenProgress) return true;
      return done(std::exchange(since, 0));
    }));
    DOLEN_RETURN_IF_ERROR(status);
    done(since);
    return whatif;
  }

  // Every event that the shard has counted belongs to a child that was read.
  absl::Status CheckConservation() const {
    if (events_ == static_cast<int64_t>(row_.counts().events())) return absl::OkStatus();
    return absl::UnavailableError(
        absl::StrCat("of ", row_.counts().events(), " events of a shard ", events_,
                     " were read: its store changed while it was opened; run this again"));
  }

 private:
  explicit ShardHistory(const SimulateOptions& options) : options_(options) {}

  absl::Status Read() {
    DOLEN_ASSIGN_OR_RETURN(const absl::optional<std::string> row, store_->Get(keys::Shard()));
    if (row && !row_.ParseFromString(*row)) {
      return absl::DataLossError("store: the shard's own row cannot be parsed");
    }
    DOLEN_ASSIGN_OR_RETURN(const BackfillRows backfills, ReadBackfillRows(*store_));
    backfills_ = BackfillsOf(backfills);
    DOLEN_ASSIGN_OR_RETURN(const std::vector<PublishedBook> published, ReadBooks(*store_));
    for (const PublishedBook& one : published) {
      DOLEN_RETURN_IF_ERROR(as_published_.Add(one.book, one.zone, one.recorded));
      DOLEN_RETURN_IF_ERROR(with_drafts_.Add(one.book, one.zone, one.recorded));
    }
    for (const UsableBook& draft : options_.drafts) {
      DOLEN_RETURN_IF_ERROR(
          with_drafts_.AddDraft(draft.book, draft.zone, options_.from, options_.to));
    }
    return store_->Scan("c", [this](absl::string_view, absl::string_view) {
      ++children_;
      return true;
    });
  }

  absl::Status CompareChild(ChildReader& reader, const ChildKey& child, absl::string_view row,
                            WhatIf& whatif) {
    DOLEN_ASSIGN_OR_RETURN(const ChildState* const state, reader.Take(child, row));
    if (state == nullptr) return absl::OkStatus();  // an agency
    Privates hidden;
    DOLEN_ASSIGN_OR_RETURN(const std::vector<Event> events,
                           reader.Events(options_.identifiers ? &hidden : nullptr));
    events_ += static_cast<int64_t>(events.size());
    const Picture before = DrawBy(as_published_, events), after = DrawBy(with_drafts_, events);
    whatif.Count(child, {before, as_published_}, {after, with_drafts_}, backfills_, at_,
                 IdentifiersIn(hidden));
    return absl::OkStatus();
  }

  // What occurred later than the comparison is left out.
  Picture DrawBy(const Books& books, const std::vector<Event>& events) const {
    if (at_ >= reached()) return Draw(events, books);
    return DrawAsOf(events, books, at_, options_.drafts.front().zone);
  }

  const SimulateOptions& options_;
  std::unique_ptr<Store> store_;
  store::v1::ShardRow row_;
  Books as_published_, with_drafts_;
  Backfills backfills_;
  int64_t children_ = 0, events_ = 0;
  absl::Time at_;
};

// Compares the shards, each by one thread.
class Run {
 public:
  Run(std::vector<std::unique_ptr<ShardHistory>>& shards, absl::Time at,
      const SimulateOptions& options)
      : shards_(shards), at_(at), options_(options), results_(shards.size()) {
    for (const std::unique_ptr<ShardHistory>& shard : shards_) all_ += shard->children();
  }

  absl::StatusOr<WhatIf> All() {
    std::vector<std::thread> threads;
    const size_t count = std::min<size_t>(std::max(options_.threads, 1), shards_.size());
    for (size_t i = 0; i < count; ++i) threads.emplace_back([this] { Work(); });
    for (std::thread& thread : threads) thread.join();
    DOLEN_RETURN_IF_ERROR(failed_);
    WhatIf all(options_.list);
    for (absl::optional<WhatIf>& one : results_) all.Add(*std::move(one));
    return all;
  }

 private:
  void Work() {
    for (size_t i = next_++; i < shards_.size() && !stopped_; i = next_++) {
      const absl::Status status = One(i);
      if (status.ok()) continue;
      const std::lock_guard<std::mutex> lock(mutex_);
      failed_.Update(status);
      stopped_ = true;
    }
  }

  absl::Status One(size_t index) {
    const int32_t shards = static_cast<int32_t>(shards_.size());
    DOLEN_ASSIGN_OR_RETURN(WhatIf compared, shards_[index]->Compare(
                                                at_,
                                                [&](const ChildKey& child) {
                                                  return child.Partition(shards) ==
                                                         static_cast<int32_t>(index);
                                                },
                                                [&](int64_t more) {
                                                  const std::lock_guard<std::mutex> lock(mutex_);
                                                  done_ += more;
                                                  options_.progress(done_, all_);
                                                  return !stopped_;
                                                }));
    if (stopped_) return absl::OkStatus();
    results_[index].emplace(std::move(compared));
    return shards_[index]->CheckConservation();
  }

  std::vector<std::unique_ptr<ShardHistory>>& shards_;
  const absl::Time at_;
  const SimulateOptions& options_;
  std::atomic<size_t> next_{0};
  std::atomic<bool> stopped_{false};
  std::vector<absl::optional<WhatIf>> results_;
  int64_t all_ = 0;
  std::mutex mutex_;  // guards what follows
  absl::Status failed_;
  int64_t done_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<StoreFolders>> StoreFolders::Find(
    const Place& place, const std::function<void(int64_t, int64_t)>& progress) {
  std::unique_ptr<StoreFolders> folders(new StoreFolders());
  folders->paths_ = StoreFoldersIn(place);
  if (!folders->paths_.empty()) return folders;
  if (place.kafka.empty()) {
    return absl::NotFoundError(
        absl::StrCat("there is no installation with stores in ", place.data,
                     "; name its folder with --data, or let its log be folded with: dolen doctor"));
  }
  DOLEN_RETURN_IF_ERROR(folders->FoldLedger(place, progress));
  return folders;
}

StoreFolders::~StoreFolders() { Remove(temporary_); }

absl::Status StoreFolders::FoldLedger(const Place& place,
                                      const std::function<void(int64_t, int64_t)>& progress) {
  temporary_ = MakeTemporaryFolder();
  Place own = place;
  own.data = temporary_;
  DOLEN_ASSIGN_OR_RETURN(const std::unique_ptr<Log> log, OpenLog(own, [] { return absl::Now(); }));
  ShardOptions options;
  options.topics.prefix = place.prefix;
  DOLEN_ASSIGN_OR_RETURN(const int32_t partitions, log->Partitions(options.topics.Ledger()));
  for (int32_t partition = 0; partition < partitions; ++partition) {
    options.shard = static_cast<uint32_t>(partition);
    options.folder = StoreFolder(own, options.shard);
    DOLEN_ASSIGN_OR_RETURN(const Bounds bounds,
                           log->BoundsOf({options.topics.Ledger(), partition}));
    DOLEN_ASSIGN_OR_RETURN(const std::unique_ptr<Shard> shard, Shard::Open(log.get(), options));
    while (shard->fold().next_offset() < bounds.end) {
      const int64_t missing = bounds.end - shard->fold().next_offset();
      DOLEN_RETURN_IF_ERROR(
          shard->Pump(static_cast<int>(std::min<int64_t>(missing, kManyRecords)), absl::Seconds(1))
              .status());
      progress(shard->fold().next_offset(), bounds.end);
    }
    paths_.push_back(options.folder);
  }
  return absl::OkStatus();
}

absl::StatusOr<Simulated> Simulate(const std::vector<std::string>& store_folders,
                                   const SimulateOptions& options) {
  const std::string scratch = MakeTemporaryFolder();
  const auto removed = absl::MakeCleanup([&] { Remove(scratch); });
  std::vector<std::unique_ptr<ShardHistory>> shards;
  absl::Time reached = absl::InfinitePast();
  for (const std::string& folder : store_folders) {
    DOLEN_ASSIGN_OR_RETURN(
        std::unique_ptr<ShardHistory> shard,
        ShardHistory::Open(folder, absl::StrCat(scratch, "/", shards.size()), options));
    reached = std::max(reached, shard->reached());
    shards.push_back(std::move(shard));
  }
  Simulated simulated;
  simulated.at = options.at == absl::InfiniteFuture() ? reached : options.at;
  DOLEN_ASSIGN_OR_RETURN(WhatIf all, Run(shards, simulated.at, options).All());
  for (const std::unique_ptr<ShardHistory>& shard : shards) simulated.events += shard->events();
  simulated.whatif = std::move(all);
  return simulated;
}

}  // namespace dolen
