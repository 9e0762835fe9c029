// What changes on lists, as it changes. Commits of the shards say which rows of views they put and
// took away; each reader of a stream gets those of their list, in order, each once.
//
// What happens within a short time is gathered: of each row only the last change is told. The more
// there is to tell, the longer it is gathered, and whoever has not taken what was sent before is
// told once they have; so a reader is told less often where there is much, and nothing piles up.
//
// The id of an event is the position up to which its reader has everything: whoever comes back with
// it goes on from there. Where that is too long ago, or was before a restart, the reader gets the
// whole list again, after an event "reset".
//
// Threads: any. Publish never waits.
#ifndef DOLEN_DEPLOY_API_FEED_H_
#define DOLEN_DEPLOY_API_FEED_H_

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "absl/container/node_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "connectors/http/stream.h"
#include "deploy/api/question.h"
#include "deploy/api/readings.h"
#include "dolen/audit/v1/audit.pb.h"
#include "engine/audit/audit_log.h"
#include "engine/shard/view.h"

namespace dolen {

// What happens within so long is put on record and sent together. Telling takes at most a fifth of
// the time, unless that would make news older than the second.
inline constexpr absl::Duration kFeedGathers = absl::Milliseconds(100);
inline constexpr absl::Duration kFeedGathersMost = absl::Seconds(2);
// Changes of rows that are kept for readers who come back or are slow.
inline constexpr size_t kRecentChanges = 50'000;  // of each shard

// One list that a reader follows.
struct Followed {
  std::string prefix;  // of the rows' keys in the store
  // The event of a change; none: it says nothing to this reader. `child` is about whom it is.
  std::function<absl::optional<SseEvent>(const RowChange&, const Glances&, ChildKey& child)> event;
  audit::v1::Read read;  // who follows it, as the record of reads says it
  // Beside the prefix, what `event` hangs on: readers of whom both are equal get the same events,
  // which are drawn once.
  std::string filter;
};

class Feed {
 public:
  // Both outlive it.
  Feed(Readings* readings, AuditLog* audit, std::function<absl::Time()> now);
  ~Feed();
  Feed(const Feed&) = delete;
  Feed& operator=(const Feed&) = delete;

  // A shard has committed up to `position`.
  void Publish(size_t shard, int64_t position, std::vector<RowChange> changes);

  // Where a reader begins: with the whole list as of some glances, or after what they have.
  // `last_id`: what they say they have; empty: nothing. True: they need the list again.
  bool NeedsList(const std::string& last_id) const;
  // Sends what changes from now on to the stream: after `last_id`, which needs no list, or after
  // the position of `list`.
  void Follow(std::shared_ptr<EventStream> stream, Followed followed, const std::string& after);

 private:
  struct Change {
    int64_t position;
    RowChange row;
  };
  using Changes = std::deque<std::shared_ptr<const Change>>;  // of one shard, in order
  struct Reader {
    std::shared_ptr<EventStream> stream;
    Followed followed;
    std::vector<int64_t> from;  // by shard: they have what was committed up to here
  };
  // What was published and some reader has not been told, as of one moment.
  struct Published {
    std::vector<Changes> of_shard;
    std::vector<int64_t> position;  // by shard: up to which they are all
  };
  // What changes say to a reader of one list.
  struct News {
    std::string bytes;  // as they go over the wire; empty: nothing
    std::vector<ChildKey> children;
  };
  // By list and by what they have: readers of whom both are equal are told the same.
  using NewsOfLists =
      absl::node_hash_map<std::tuple<std::string, std::string, std::vector<int64_t>>, News>;

  void Run();
  // Everything that was published since the last call; whoever went is forgotten. False: somebody
  // is still to be told.
  bool Deliver();
  Published TakePublished();
  static News NewsOf(const Followed& followed, const std::vector<int64_t>& from,
                     const Published& published, const Glances& glances);

  Readings* const readings_;
  AuditLog* const audit_;
  const std::function<absl::Time()> now_;
  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable wake_;
  std::vector<Changes> changes_;  // by shard
  std::vector<int64_t> floor_;    // by shard: what was committed up to here may be gone
  std::vector<int64_t> folded_;   // by shard: committed up to here
  std::vector<std::unique_ptr<Reader>> fresh_;  // since the last delivery
  bool has_news_ = false;
  bool stopping_ = false;
  std::vector<std::unique_ptr<Reader>> readers_;  // the thread's own
  std::thread thread_;
};

}  // namespace dolen

#endif  // DOLEN_DEPLOY_API_FEED_H_
