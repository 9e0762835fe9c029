// What changes on lists, as it changes. Commits of the shards say which rows of views they put and
// took away; each reader of a stream gets those of their list, in order, each once.
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
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "connectors/http/stream.h"
#include "deploy/api/question.h"
#include "deploy/api/readings.h"
#include "dolen/audit/v1/audit.pb.h"
#include "engine/audit/audit_log.h"
#include "engine/shard/view.h"

namespace dolen {

// What happens within so long is put on record and sent together.
inline constexpr absl::Duration kFeedGathers = absl::Milliseconds(100);
// Changes of rows that are kept for readers who come back: minutes of a busy day.
inline constexpr size_t kRecentChanges = 50'000;

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
    size_t shard;
    int64_t position;
    RowChange row;
    bool is_last_of_commit;
  };
  struct Reader {
    std::shared_ptr<EventStream> stream;
    Followed followed;
    std::vector<int64_t> from;  // by shard: they have what was committed up to here
    uint64_t next;              // number of the next change to look at
  };
  // What is on its way to one reader.
  struct Batch {
    Reader* reader;
    std::vector<SseEvent> events;
    audit::v1::Read read;
  };

  void Run();
  // Everything that was published since the last call; whoever went is forgotten.
  void Deliver();
  // Those that some reader has not looked at yet, the first of them numbered `first`.
  std::vector<Change> TakeNews(uint64_t& first);
  // What the changes say to the readers of one list, by the place of the change; each once.
  struct Drawn {
    size_t change;
    SseEvent event;
    ChildKey child;
  };
  using DrawnLists = absl::btree_map<std::pair<std::string, std::string>, std::vector<Drawn>>;
  static const std::vector<Drawn>& DrawFor(const Followed& followed, const Glances& glances,
                                           const std::vector<Change>& changes, DrawnLists& lists);
  static Batch BatchFor(Reader& reader, const std::vector<Drawn>& drawn,
                        const std::vector<Change>& changes, uint64_t first);

  Readings* const readings_;
  AuditLog* const audit_;
  const std::function<absl::Time()> now_;
  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable wake_;
  std::deque<Change> changes_;
  uint64_t first_ = 0;           // number of the first of them
  std::vector<int64_t> floor_;   // by shard: what was committed up to here may be gone
  std::vector<int64_t> folded_;  // by shard: committed up to here
  std::vector<std::unique_ptr<Reader>> fresh_;  // since the last delivery
  bool has_news_ = false;
  bool stopping_ = false;
  std::vector<std::unique_ptr<Reader>> readers_;  // the thread's own
  std::thread thread_;
};

}  // namespace dolen

#endif  // DOLEN_DEPLOY_API_FEED_H_
