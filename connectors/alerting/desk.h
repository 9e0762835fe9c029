// The desk of one destination: what it is to be told, in which notice, and when. It takes changes
// and gives out one task at a time; whoever carries that out says what came of it. Pure: time comes
// with each call, and what must outlive the process is put down in the journal.
//
// What becomes of a change:
// - raised, escalated, assigned: a page (or a place in a digest), with others of its group;
// - amended, acknowledged, snoozed, resolved, cleared, withdrawn: told where the destination was
//   told before, to the same thread; a thread ends when all that it told of is over. What is told
//   to a thread of several waits up to kThreadWait for others, unless it ends or answers all;
// - overtaken by a later change before it was sent: the later one is told, once.
// Pages beyond the rate go into a summary. A digest opens no thread: its alerts are in no later
// notice unless they are raised again.
#ifndef DOLEN_CONNECTORS_ALERTING_DESK_H_
#define DOLEN_CONNECTORS_ALERTING_DESK_H_

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "connectors/alerting/breaker.h"
#include "connectors/alerting/decide.h"
#include "connectors/alerting/destination.h"
#include "connectors/alerting/known_alerts.h"
#include "connectors/alerting/notice.h"
#include "connectors/alerting/notifier_status.h"
#include "connectors/alerting/rate.h"
#include "connectors/alerting/told.h"
#include "dolen/alert/v1/action.pb.h"

namespace dolen {

// Alerts that one notice shows; further ones are counted in left_out: nobody reads on.
inline constexpr size_t kMaxShown = 50;
// How long partial news of a thread waits for more of it: nobody need look.
inline constexpr absl::Duration kThreadWait = absl::Minutes(5);

// Where a person can look at an alert and answer; empty: nowhere.
using LinkTo = std::function<std::string(const alert::v1::Alert&)>;

// What a destination is to do next.
struct Task {
  absl::optional<Notice> notice;   // Deliver; otherwise Repeat of ...
  std::vector<Notice::Item> open;  // ... these
};

class Desk {
 public:
  struct Setup {
    std::string name;
    bool takes_groups = true;
    absl::Duration repeat_every = absl::InfiniteDuration();
    int most_in_hour = 0;  // 0: the default
    absl::Duration heartbeat_every = absl::InfiniteDuration();
  };
  // What all desks share; outlives them.
  struct Office {
    KnownAlerts alerts;
    const Routes& routes;
    LinkTo link;
    std::vector<Write> journal;
  };
  // One change of one alert, which the office's alerts already know.
  struct Change {
    const alert::v1::Alert& alert;
    const Way* way;  // that leads here; nullptr: none does
    bool missed;     // there were changes before it that nobody has seen
  };

  Desk(Setup setup, Office* office);

  // From memory, before anything else; then Begin.
  void RecallLeg(const std::string& alert_id, int32_t partition, const Leg& leg);
  void RecallSealed(const std::string& id, Sealed sealed);
  void RecallSendings(const Sendings& sendings);
  // All alerts are known. A destination that is new and forgets is told of what is open (`ways`
  // gives the way that leads here, or nullptr); any other new one begins with what comes.
  void Begin(absl::Time now, const std::function<const Way*(const alert::v1::Alert&)>& ways);

  void Take(const Change& change, absl::Time now);
  // What to do now, if anything; nothing while a task is under way. `well`: all is well, so that a
  // heartbeat may say so.
  absl::optional<Task> Next(absl::Time now, bool well);
  // What came of the task.
  void Answered(const Delivery& delivery, absl::Time now);
  // The earliest instant, maybe past, at which Next may give something, if nothing else happens.
  absl::Time NextDue() const;

  // Makes what was given up due again; returns how much.
  int SendAgain(absl::Time now);
  DestinationStatus Status() const;

 private:
  bool repeats() const { return setup_.repeat_every != absl::InfiniteDuration(); }

  enum class Want { kNothing, kPage, kDigest, kFollow };
  using Queue = absl::btree_set<std::pair<absl::Time, std::string>>;

  // desk.cc: legs.
  const alert::v1::Alert& AlertOf(const std::string& alert_id) const;
  int32_t PartitionOf(const std::string& alert_id) const;
  bool IsOverHere(const std::string& alert_id, const Leg& leg) const;
  // What is to be told of a leg that is in no notice.
  static Want WantOf(const Leg& leg);
  // Sets the leg, or drops it where nothing is owed or told; Put puts it into the journal too.
  // Legs change in no other way.
  void Replace(const std::string& alert_id, const Leg& leg);
  void Put(const std::string& alert_id, Leg leg);
  void Index(const std::string& alert_id, const Leg& leg);
  void Unindex(const std::string& alert_id, const Leg& leg);
  Queue* QueueOf(const Leg& leg);
  void Judge(const Change& change, Leg& leg) const;
  void Aim(const Change& change, Leg& leg) const;
  void GiveReceipt(const std::string& alert_id, alert::v1::Receipt receipt);
  void Overtaken(const std::string& alert_id, uint32_t number);

  // desk_notices.cc: which notice, and when.
  absl::Time PagesOpen() const;  // when the rate lets a page or a summary go
  Notice::Kind FollowKind(const std::string& thread) const;
  std::string Compose();  // the id of the notice that is due; empty: none
  std::string ComposePage(const std::string& alert_id);
  std::string ComposeSummary();
  std::string ComposeDigest(const std::string& team);
  std::string ComposeFollow(const std::string& alert_id);
  void Revive(const std::string& thread);  // what is dead in it
  // Those of the thread that want this; its notices are taken apart before.
  std::vector<std::string> Gather(const std::string& thread, Want want);
  std::string Seal(Notice::Kind kind, const std::string& thread,
                   const std::vector<std::string>& alert_ids);
  void PutSealed(const std::string& id, const Sealed& sealed);
  void DropSealed(const std::string& id);
  // Takes a notice apart: its legs wait by themselves again.
  void Dissolve(std::string id);
  void Opened(const Sealed& sealed, Leg& leg) const;
  bool HasMovedOn(const Sealed& sealed) const;
  Notice NoticeOf(const std::string& id, const Sealed& sealed) const;
  Notice::Item ItemOf(const std::string& alert_id) const;
  std::vector<Notice::Item> OpenItems() const;
  void SaveSendings();

  // desk_answers.cc: what came of it.
  void Settle(const std::string& id, const Delivery& delivery);
  void SettleLeg(const std::string& id, const Sealed::Item& item);
  void EndThread(const std::string& thread);
  void Bury(const std::string& id, const Delivery& delivery);
  void Postpone(const std::string& id, const Delivery& delivery);
  alert::v1::Receipt ReceiptOf(const std::string& id, const Sealed& sealed,
                               const Delivery& delivery) const;

  const Setup setup_;
  Office* const office_;
  bool is_new_ = true;
  absl::btree_map<std::string, Leg> legs_;  // by alert
  absl::btree_map<std::string, absl::btree_set<std::string>> threads_;
  absl::btree_map<std::string, std::string> groups_;  // thread of the group, if that is still there
  Queue pages_, others_;                              // legs in no notice, by when they are due
  absl::btree_map<std::string, Sealed> sealed_;
  Queue retries_;  // notices that are not under way, by when they are tried
  Breaker breaker_;
  Rate rate_;
  absl::Time now_;  // of the call under way
  absl::Time next_repeat_ = absl::InfiniteFuture();
  absl::Time next_heartbeat_ = absl::InfiniteFuture();
  enum class UnderWay { kNone, kNotice, kRepeat, kHeartbeat } under_way_ = UnderWay::kNone;
  std::string in_flight_;  // id of the notice under way
  DestinationStatus counts_;
};

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_ALERTING_DESK_H_
