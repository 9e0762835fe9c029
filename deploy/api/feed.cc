#include "deploy/api/feed.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
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

// What somebody has who had both.
std::vector<int64_t> Later(const std::vector<int64_t>& a, const std::vector<int64_t>& b) {
  std::vector<int64_t> later = a;
  for (size_t i = 0; i < b.size(); ++i) later[i] = std::max(later[i], b[i]);
  return later;
}

// The first of the changes of one shard, in order, that was committed after `position`.
template <typename Changes>
auto After(const Changes& changes, int64_t position) {
  return std::upper_bound(changes.begin(), changes.end(), position,
                          [](int64_t at, const auto& change) { return at < change->position; });
}

}  // namespace

Feed::Feed(Readings* readings, AuditLog* audit, std::function<absl::Time()> now)
    : readings_(readings), audit_(audit), now_(std::move(now)) {
  floor_ = folded_ = readings_->PositionsNow();
  changes_.resize(floor_.size());
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
  Changes& its = changes_[shard];
  for (RowChange& change : changes) {
    its.push_back(std::make_shared<Change>(Change{position, std::move(change)}));
  }
  for (; its.size() > kRecentChanges; its.pop_front()) floor_[shard] = its.front()->position;
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
  fresh_.push_back(
      std::make_unique<Reader>(Reader{std::move(stream), std::move(followed), *std::move(from)}));
  has_news_ = true;
  wake_.notify_all();
}

void Feed::Run() {
  absl::Duration gathers = kFeedGathers;
  std::unique_lock<std::mutex> lock(mutex_);
  while (!stopping_) {
    wake_.wait(lock, [this] { return stopping_ || has_news_; });
    wake_.wait_for(lock, absl::ToChronoMilliseconds(gathers), [this] { return stopping_; });
    has_news_ = false;
    lock.unlock();
    const absl::Time begun = absl::Now();
    const bool has_told_all = Deliver();
    gathers = std::clamp(4 * (absl::Now() - begun), kFeedGathers, kFeedGathersMost);
    lock.lock();
    has_news_ |= !has_told_all;
  }
}

Feed::Published Feed::TakePublished() {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::move(fresh_.begin(), fresh_.end(), std::back_inserter(readers_));
  fresh_.clear();
  Published published;
  published.position = folded_;
  std::vector<int64_t> least = folded_;  // that somebody has
  for (const std::unique_ptr<Reader>& reader : readers_) {
    // Whoever was left so far behind comes back and gets the list.
    if (!IsAfter(reader->from, floor_)) reader->stream->Close();
    for (size_t i = 0; i < least.size(); ++i) least[i] = std::min(least[i], reader->from[i]);
  }
  for (size_t i = 0; i < least.size(); ++i) {
    const Changes& its = changes_[i];
    published.of_shard.emplace_back(After(its, least[i]), its.end());
  }
  return published;
}

Feed::News Feed::NewsOf(const Followed& followed, const std::vector<int64_t>& from,
                        const Published& published, const Glances& glances) {
  struct Ends {
    const Change *first, *last;
  };
  std::vector<const Change*> its;
  absl::flat_hash_map<absl::string_view, Ends> ends;  // by row
  for (size_t i = 0; i < from.size(); ++i) {
    const Changes& changes = published.of_shard[i];
    for (auto change = After(changes, from[i]); change != changes.end(); ++change) {
      const Change* const one = change->get();
      if (!absl::StartsWith(one->row.key, followed.prefix)) continue;
      its.push_back(one);
      ends.try_emplace(one->row.key, Ends{one, one}).first->second.last = one;
    }
  }
  std::vector<SseEvent> events;
  News news;
  for (const Change* change : its) {
    const Ends& of_row = ends[change->row.key];
    if (of_row.last != change) continue;
    if (!of_row.first->row.before && !change->row.now) continue;  // it came and went
    ChildKey child;
    absl::optional<SseEvent> event = followed.event(change->row, glances, child);
    if (!event) continue;
    events.push_back(*std::move(event));
    news.children.push_back(child);
  }
  if (events.empty()) return news;
  events.back().id = PositionText(Later(from, published.position));
  for (const SseEvent& event : events) news.bytes += Encoded(event);
  return news;
}

bool Feed::Deliver() {
  std::erase_if(readers_, [](const auto& reader) { return reader->stream->closed(); });
  const Published published = TakePublished();
  const absl::StatusOr<Glances> glances = readings_->Take("");
  absl::Status on_record = glances.status();
  bool has_told_all = true;
  NewsOfLists lists;
  std::vector<std::pair<EventStream*, const News*>> sendings;
  std::vector<audit::v1::Read> reads;
  for (const std::unique_ptr<Reader>& reader : readers_) {
    if (!glances.ok() || reader->stream->closed()) continue;
    if (IsAfter(reader->from, published.position)) continue;
    if (reader->stream->unsent_bytes() > 0) {
      has_told_all = false;
      continue;
    }
    const auto [its, is_new] =
        lists.try_emplace({reader->followed.prefix, reader->followed.filter, reader->from});
    News& news = its->second;
    if (is_new) news = NewsOf(reader->followed, reader->from, published, *glances);
    reader->from = Later(reader->from, published.position);
    if (news.bytes.empty()) continue;
    audit::v1::Read& read = reads.emplace_back(reader->followed.read);
    *read.mutable_at() = ToTimestamp(now_());
    for (const ChildKey& child : news.children) read.add_child(child.Hex());
    sendings.emplace_back(reader->stream.get(), &news);
  }
  if (on_record.ok()) on_record = audit_->AppendAll(std::move(reads));
  if (!on_record.ok()) {
    // Nobody is told what cannot be put on record; they come back and go on where they were.
    Say(Severity::kError, "feed_interrupted").Field("why", on_record);
    for (const std::unique_ptr<Reader>& reader : readers_) reader->stream->Close();
    return true;
  }
  for (const auto& [stream, news] : sendings) stream->SendEncoded(news->bytes);
  return has_told_all;
}

}  // namespace dolen
