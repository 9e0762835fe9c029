#include "deploy/api/feed.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "engine/base/say.h"
#include "engine/base/status.h"
#include "engine/base/time.h"

namespace dolen {
namespace {

std::string PositionText(const std::vector<int64_t>& position) {
  return absl::StrJoin(position, ".");
}

bool IsAfter(const std::vector<int64_t>& position, const std::vector<int64_t>& other) {
  for (size_t i = 0; i < position.size(); ++i) {
    if (position[i] < other[i]) return false;
  }
  return true;
}

}  // namespace

Feed::Feed(Readings* readings, AuditLog* audit, std::function<absl::Time()> now)
    : readings_(readings), audit_(audit), now_(std::move(now)) {
  floor_ = folded_ = readings_->PositionsNow();
  thread_ = std::thread([this] { Run(); });
}

Feed::~Feed() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
  for (const std::unique_ptr<Reader>& reader : readers_) reader->stream->Close();
  for (const std::unique_ptr<Reader>& reader : fresh_) reader->stream->Close();
}

void Feed::Publish(size_t shard, int64_t position, std::vector<RowChange> changes) {
  const std::lock_guard<std::mutex> lock(mutex_);
  folded_[shard] = position;
  for (size_t i = 0; i < changes.size(); ++i) {
    changes_.push_back({shard, position, std::move(changes[i]), i + 1 == changes.size()});
  }
  for (; changes_.size() > kRecentChanges; changes_.pop_front(), ++first_) {
    floor_[changes_.front().shard] = changes_.front().position;
  }
  if (changes.empty()) return;
  has_news_ = true;
  wake_.notify_all();
}

bool Feed::NeedsList(const std::string& last_id) const {
  if (last_id.empty()) return true;
  const absl::StatusOr<std::vector<int64_t>> position = readings_->Parse(last_id);
  if (!position.ok()) return true;
  const std::lock_guard<std::mutex> lock(mutex_);
  return !IsAfter(*position, floor_);
}

void Feed::Follow(std::shared_ptr<EventStream> stream, Followed followed,
                  const std::string& after) {
  absl::StatusOr<std::vector<int64_t>> from = readings_->Parse(after);
  const std::lock_guard<std::mutex> lock(mutex_);
  // Nothing that was made up gets here: NeedsList has read it.
  if (!from.ok()) from = folded_;
  fresh_.push_back(std::make_unique<Reader>(
      Reader{std::move(stream), std::move(followed), *std::move(from), first_}));
  has_news_ = true;
  wake_.notify_all();
}

void Feed::Run() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!stopping_) {
    wake_.wait(lock, [this] { return stopping_ || has_news_; });
    wake_.wait_for(lock, absl::ToChronoMilliseconds(kFeedGathers), [this] { return stopping_; });
    has_news_ = false;
    lock.unlock();
    Deliver();
    lock.lock();
  }
}

std::vector<Feed::Change> Feed::TakeNews(uint64_t& first) {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::move(fresh_.begin(), fresh_.end(), std::back_inserter(readers_));
  fresh_.clear();
  first = first_ + changes_.size();
  for (const std::unique_ptr<Reader>& reader : readers_) {
    // Whoever was left so far behind comes back and gets the list.
    if (reader->next < first_) reader->stream->Close();
    first = std::min(first, std::max(reader->next, first_));
  }
  return {changes_.begin() + static_cast<ptrdiff_t>(first - first_), changes_.end()};
}

const std::vector<Feed::Drawn>& Feed::DrawFor(const Followed& followed, const Glances& glances,
                                              const std::vector<Change>& changes,
                                              DrawnLists& lists) {
  const auto [its, is_new] = lists.try_emplace({followed.prefix, followed.filter});
  for (size_t i = 0; is_new && i < changes.size(); ++i) {
    if (!absl::StartsWith(changes[i].row.key, followed.prefix)) continue;
    ChildKey child;
    absl::optional<SseEvent> event = followed.event(changes[i].row, glances, child);
    if (event) its->second.push_back({i, *std::move(event), child});
  }
  return its->second;
}

Feed::Batch Feed::BatchFor(Reader& reader, const std::vector<Drawn>& drawn,
                           const std::vector<Change>& changes, uint64_t first) {
  Batch batch{&reader, {}, reader.followed.read};
  bool has_some = false;  // of the commit at hand
  auto next = drawn.begin();
  for (size_t i = reader.next - first; i < changes.size(); ++i) {
    const Change& change = changes[i];
    while (next != drawn.end() && next->change < i) ++next;
    if (next != drawn.end() && next->change == i && change.position > reader.from[change.shard]) {
      batch.read.add_child(next->child.Hex());
      batch.events.push_back(next->event);
      has_some = true;
    }
    if (!change.is_last_of_commit) continue;
    reader.from[change.shard] = std::max(reader.from[change.shard], change.position);
    if (has_some) batch.events.back().id = PositionText(reader.from);
    has_some = false;
  }
  reader.next = first + changes.size();
  return batch;
}

void Feed::Deliver() {
  std::erase_if(readers_, [](const auto& reader) { return reader->stream->closed(); });
  uint64_t first = 0;
  const std::vector<Change> changes = TakeNews(first);
  if (readers_.empty() || changes.empty()) return;
  const absl::StatusOr<Glances> glances = readings_->Take("");
  DrawnLists lists;
  std::vector<Batch> batches;
  std::vector<audit::v1::Read> reads;
  for (const std::unique_ptr<Reader>& reader : readers_) {
    if (!glances.ok() || reader->stream->closed()) continue;
    const std::vector<Drawn>& drawn = DrawFor(reader->followed, *glances, changes, lists);
    Batch batch = BatchFor(*reader, drawn, changes, first);
    if (batch.events.empty()) continue;
    *batch.read.mutable_at() = ToTimestamp(now_());
    reads.push_back(batch.read);
    batches.push_back(std::move(batch));
  }
  absl::Status on_record = glances.status();
  if (on_record.ok()) on_record = audit_->AppendAll(std::move(reads));
  if (!on_record.ok()) {
    // Nobody is told what cannot be put on record; they come back and go on where they were.
    Say(Severity::kError, "feed_interrupted").Field("why", on_record);
    for (const std::unique_ptr<Reader>& reader : readers_) reader->stream->Close();
    return;
  }
  for (const Batch& batch : batches) {
    for (const SseEvent& event : batch.events) batch.reader->stream->Send(event);
  }
}

}  // namespace dolen
