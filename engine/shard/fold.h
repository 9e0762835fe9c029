// The fold: the only door through which a shard's state changes. It reads ledger records in order
// and nothing else: no clock, no file, no random number, no flag, no other shard. So a shard is a
// pure function of one log partition, byte for byte; where commits fall cannot show.
//
// Threads: the shard's own only. Errors: kDataLoss a hole, damage, or a record that Dolen cannot
// have written: an integrity alarm; kFailedPrecondition the ledger was written by a newer release.
// After any error the fold is dead: nothing of the open batch was written, and the store stands at
// its last commit.
#ifndef DOLEN_ENGINE_SHARD_FOLD_H_
#define DOLEN_ENGINE_SHARD_FOLD_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "dolen/alert/v1/alert.pb.h"
#include "dolen/ledger/v1/ledger.pb.h"
#include "dolen/store/v1/store.pb.h"
#include "engine/base/digest.h"
#include "engine/base/limits.h"
#include "engine/child/forget.h"
#include "engine/log/log.h"
#include "engine/pathway/books.h"
#include "engine/shard/agencies.h"
#include "engine/shard/children.h"
#include "engine/shard/due.h"
#include "engine/shard/fresh_events.h"
#include "engine/shard/revision.h"
#include "engine/shard/view.h"
#include "engine/store/facts.h"
#include "engine/store/store.h"

namespace dolen {

struct FoldOptions {
  uint32_t shard = 0;  // the ledger partition
  size_t row_bytes_at_hand = kRowBytesAtHand;
  std::vector<const View*> views;
  uint32_t revision = kFoldRevision;  // another one only in tests
  Forgetting forgetting = {};         // likewise
};

// A change of an alert on its way out: its consecutive number and the bytes of
// dolen.alert.v1.Alert.
struct Outgoing {
  uint64_t number = 0;
  std::string alert_id;
  std::string bytes;
  // What a tick told: since when it had been due and known to be. InfiniteFuture: no deadline told
  // it, or it was told before the last start.
  absl::Time due_since = absl::InfiniteFuture();
};

class Fold {
 public:
  // Takes up where the store stands. `store` outlives the fold. kFailedPrecondition: its rows are
  // of another fold revision.
  static absl::StatusOr<std::unique_ptr<Fold>> Open(Store* store, FoldOptions options);

  // Folds one record of the ledger. The change becomes visible with the next Commit.
  absl::Status Apply(const Entry& entry);
  // Writes everything since the last Commit as one step; a step without records writes nothing.
  // kFailedPrecondition after an error: the open batch holds half a record.
  absl::Status Commit();

  // Alerts with this number and below have been read back from the topic: they never enter the
  // outbox, and are taken out of it with the next Commit.
  void TellingReached(uint64_t number, int64_t read_to);
  // Something was folded that is not committed yet.
  bool open() const { return open_; }
  // A tick told of a deadline, which is not committed yet.
  bool told_deadline() const { return told_deadline_; }
  // Bytes of the open batch so far, children's rows not yet included.
  size_t batch_bytes() const { return batch_.bytes(); }
  const store::v1::TellingRow& telling() const { return telling_; }
  // What Commit has added to the outbox since the last call, in order.
  std::vector<Outgoing> TakeOutgoing();

  // What commits did to the rows of views, for whoever follows them live; only after
  // KeepCommittedRows. `position`: the first record that is not committed.
  struct CommittedRows {
    int64_t position = 0;
    std::vector<RowChange> changes;  // since the last call, in order
  };
  void KeepCommittedRows() { children_.KeepRowChanges(); }
  CommittedRows TakeCommittedRows() { return std::exchange(committed_, {}); }

  int64_t next_offset() const { return static_cast<int64_t>(row_.next_offset()); }
  absl::Time reached() const;
  absl::Time first_due() const { return due_.First(); }
  // Children and agencies that wait for a time.
  size_t waiting() const { return due_.size(); }
  bool stated_time() const { return row_.time_counts() == ledger::v1::TIME_COUNTS_STATED; }
  // Subjects drained by the last tick folded, and the time its writer wrote into it.
  int last_drained() const { return last_drained_; }
  int64_t last_tick_written() const { return last_tick_written_; }
  const store::v1::Counts& counts() const { return row_.counts(); }
  // Breaches nobody was told of (engine/child/watch.h).
  uint64_t untold() const { return row_.untold(); }
  // The ledger has stated this release's fold revision: what changes from there on is told. Before,
  // alerts are kept and nobody is told.
  bool speaks() const { return row_.stated() == options_.revision; }
  uint32_t revision() const { return options_.revision; }
  // Offset plus one of the fact that stated it, 0: none; and what was published before it.
  uint64_t stated_at() const { return row_.stated_at(); }
  uint64_t continued_from() const { return row_.continued_from(); }
  // Changes of alerts held back since the fold revision changed.
  size_t held() const { return held_.size(); }
  const Books& books() const { return books_; }
  // The books as they had been published by an instant. kUnavailable: they are in the open batch.
  absl::StatusOr<Books> BooksKnownAt(absl::Time known_at) const;
  const Backfills& backfills() const { return backfills_; }
  std::string DigestHex() const { return digest_.Hex(); }
  // Whether the subject of this key is an agency, and no child.
  bool IsAgency(const ChildKey& key) const { return agencies_.Has(key); }
  // The child as folded so far, open batch included. Its picture may lack what has ended for good
  // (engine/child/forget.h), which is drawn from EventsOf; and its alerts those of that.
  absl::StatusOr<const ChildState*> Find(const ChildKey& key);
  // All that was ever said of the child.
  absl::StatusOr<Alerts> AlertsOf(const ChildKey& key);
  // All that has ended with the child.
  absl::StatusOr<Figures> FiguresOf(const ChildKey& key);
  // The child's events in their order, open batch included.
  absl::StatusOr<std::vector<Event>> EventsOf(const ChildKey& key);

 private:
  Fold(Store* store, FoldOptions options);
  absl::Status Load();
  absl::Status LoadBooks();
  absl::Status LoadChildren();
  absl::Status LoadHeld();
  absl::Status CheckConservation() const;
  absl::Status Write();

  absl::Status ApplyRecord(const ledger::v1::Record& record, int64_t position);
  // `bytes` are the event's own.
  absl::Status ApplyEvent(const ledger::v1::AgencyEvent& event, absl::string_view bytes,
                          int64_t position);
  absl::Status ApplyTick(const ledger::v1::Record& record);
  absl::Status ApplyBook(const ledger::v1::Book& book);
  absl::Status ApplyFact(const ledger::v1::Fact& fact);
  // In fold_people.cc: people, destinations, and agencies that were heard.
  absl::Status ApplyAction(const ledger::v1::Action& action, int64_t position);
  absl::Status ApplyReceipt(const ledger::v1::Receipt& receipt, int64_t position);
  absl::Status ApplyHeard(const ledger::v1::Heard& heard, int64_t position);
  // Whether what has this id was taken up before; from now on it was.
  absl::StatusOr<bool> IsTakenUp(const ChildKey& child, absl::string_view id);
  // A line on the trail of the child's alerts.
  void PutTrail(const ChildKey& child, store::v1::TrailRow row);
  void ApplyBackfill(const std::string& name, bool begins, const std::string& by);
  // In fold_revision.cc: a change of the fold revision.
  using PublishedByChild = absl::btree_map<ChildKey, std::vector<alert::v1::Alert>>;
  void ApplyPublishedPage(const ledger::v1::PublishedPage& page);
  absl::Status ApplyRevision(uint32_t revision, const ledger::v1::Continued& from);
  absl::Status ApplyRelease(const ledger::v1::RevisionRelease& release);
  absl::StatusOr<PublishedByChild> ReadPages(uint32_t pages) const;
  void DropPages();
  void DropOutbox();
  absl::Status ContinueAlerts(const PublishedByChild& published, absl::Time until);
  void ContinueFrom(const std::vector<alert::v1::Alert>& published, Children::Child& child);
  // Continues one alert from what was published of it (number 0: nothing), and holds back what
  // differs. False: nothing was ever said of it, nor is there anything to say.
  bool HoldDifference(const ChildKey& child, const alert::v1::Alert& published, Told& told);
  void HoldAgain(const alert::v1::Alert& change, Children::Child& child);
  void ReachTime(int64_t written_micros, const Entry& entry);

  // What is at `position` of the ledger, if it has the identity of `event`.
  enum class Known { kNot, kSame, kOther };
  absl::StatusOr<Known> Compare(const ledger::v1::AgencyEvent& event, const event::v1::Open& open,
                                int64_t position);
  void KeepAside(Children::Child& child, const ledger::v1::AgencyEvent& event,
                 absl::string_view reason, int64_t position, int64_t stands);
  absl::StatusOr<std::vector<Event>> ReadEvents(const Children::Child& child);
  absl::StatusOr<std::string> EventRowAt(int64_t position);

  // In fold_say.cc: what is said of a child.
  // Whole, and with all alerts.
  absl::Status DrawAgain(Children::Child& child);
  void Forget(Children::Child& child);
  // Says what there is to say at the time reached or at an earlier one, though the child's events
  // are as they were; a picture drawn with fewer books is drawn again.
  absl::Status LookAgain(Children::Child& child, MayRaise may_raise, absl::Time at);
  // `changed_from`: what was true before is as it was when something was last said.
  absl::Status Say(Children::Child& child, MayRaise may_raise, absl::Time changed_from,
                   absl::Time at);
  void CountUntoldOf(Children::Child& child, absl::Time at);
  void TellChanges(Children::Child& child, std::vector<alert::v1::Alert>& changes);
  // Gives a change its number, and a place in the outbox.
  void Send(alert::v1::Alert& change);

  Store* const store_;
  const FoldOptions options_;
  Books books_;
  std::vector<absl::Time> book_times_;  // when each publication was folded
  Backfills backfills_;
  BackfillRows backfill_rows_;
  absl::btree_set<std::string> counted_backfills_;  // whose count the open batch changes
  absl::btree_map<std::string, std::string> held_;  // by alert id: what was published, in short
  Batch batch_;
  Children children_;
  DueTable due_;
  Agencies agencies_;
  store::v1::ShardRow row_;
  store::v1::TellingRow telling_;
  uint64_t outbox_from_ = 1;  // lowest number that may still stand in the outbox
  RunningDigest digest_;
  bool dead_ = false;
  bool open_ = false;  // something is to be committed
  bool told_deadline_ = false;

  FreshEvents fresh_events_;                       // of the open batch
  absl::btree_set<std::string> taken_up_;          // likewise: keys of what was taken up
  uint32_t trail_lines_ = 0;                       // of the record that is being folded
  std::vector<Outgoing> said_;                     // of the open batch
  std::vector<Outgoing> outgoing_;                 // committed, not yet taken
  CommittedRows committed_;                        // likewise
  absl::Time due_since_ = absl::InfiniteFuture();  // of the child that a tick drains
  int last_drained_ = 0;
  int64_t last_tick_written_ = 0;

  // Reused from record to record.
  ledger::v1::Record record_;
  ledger::v1::AgencyEvent agency_event_;
  store::v1::EventRow event_row_;
  Event event_;
};

}  // namespace dolen

#endif  // DOLEN_ENGINE_SHARD_FOLD_H_
