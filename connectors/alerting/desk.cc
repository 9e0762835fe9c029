#include "connectors/alerting/desk.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "connectors/alerting/memory_format.h"
#include "engine/base/check.h"
#include "engine/base/digest.h"
#include "engine/base/time.h"

namespace dolen {
namespace {

using alert::v1::Alert;

bool IsPaging(alert::v1::State state) {
  return state == alert::v1::STATE_RAISED || state == alert::v1::STATE_ESCALATED ||
         state == alert::v1::STATE_ASSIGNED;
}

}  // namespace

Desk::Desk(Setup setup, Office* office)
    : setup_(std::move(setup)), office_(office), rate_(setup_.most_in_hour) {
  counts_.name = setup_.name;
}

void Desk::RecallLeg(const std::string& alert_id, int32_t partition, const Leg& leg) {
  office_->alerts.Hold(alert_id, partition);
  legs_[alert_id] = leg;
  Index(alert_id, leg);
}

void Desk::RecallSealed(const std::string& id, Sealed sealed) {
  // Nobody knows what became of an attempt that had begun; it is made again at once.
  if (sealed.in_flight) {
    sealed.in_flight = false;
    sealed.perhaps_taken = true;
    sealed.next = sealed.at;
  }
  for (const Sealed::Item& item : sealed.items) {
    const KnownAlerts::Known* const known = office_->alerts.Find(item.alert_id);
    office_->alerts.Hold(item.alert_id, known == nullptr ? 0 : known->partition);
    const auto found = legs_.find(item.alert_id);
    if (found == legs_.end()) continue;
    Leg leg = found->second;
    leg.sealed = id;
    Replace(item.alert_id, leg);
  }
  retries_.insert({sealed.next, id});
  sealed_[id] = std::move(sealed);
}

void Desk::RecallSendings(const Sendings& sendings) {
  is_new_ = false;
  for (const absl::Time page : sendings.pages) rate_.Paged(page);
  rate_.Summarised(sendings.summary);
}

void Desk::Begin(absl::Time now, const std::function<const Way*(const Alert&)>& ways) {
  now_ = now;
  if (repeats()) next_repeat_ = now;
  if (setup_.heartbeat_every != absl::InfiniteDuration()) next_heartbeat_ = now;
  std::vector<std::string> stale;
  for (const auto& [id, sealed] : sealed_) {
    if (HasMovedOn(sealed)) stale.push_back(id);
  }
  for (const std::string& id : stale) Dissolve(id);
  if (!is_new_) return;
  SaveSendings();
  if (!repeats()) return;
  std::vector<std::pair<std::string, Leg>> open;
  for (const auto& [alert_id, known] : office_->alerts.all()) {
    if (IsOver(known.alert) || known.alert.quiet() || legs_.contains(alert_id)) continue;
    const Way* const way = ways(known.alert);
    if (way == nullptr) continue;
    Leg leg;
    leg.number = known.alert.number();
    leg.taken = leg.due = now;
    leg.thread = alert_id;
    leg.team = way->team;
    leg.told = true;  // by the first Repeat
    open.emplace_back(alert_id, leg);
  }
  for (auto& [alert_id, leg] : open) Put(alert_id, std::move(leg));
}

const Alert& Desk::AlertOf(const std::string& alert_id) const {
  const KnownAlerts::Known* const known = office_->alerts.Find(alert_id);
  DOLEN_CHECK(known != nullptr);
  return known->alert;
}

int32_t Desk::PartitionOf(const std::string& alert_id) const {
  const KnownAlerts::Known* const known = office_->alerts.Find(alert_id);
  DOLEN_CHECK(known != nullptr);
  return known->partition;
}

bool Desk::IsOverHere(const std::string& alert_id, const Leg& leg) const {
  return leg.left || IsOver(AlertOf(alert_id));
}

Desk::Want Desk::WantOf(const Leg& leg) {
  if (!leg.owed || leg.dead || !leg.sealed.empty()) return Want::kNothing;
  if (leg.page > 0) return leg.digest ? Want::kDigest : Want::kPage;
  return leg.told ? Want::kFollow : Want::kNothing;
}

Desk::Queue* Desk::QueueOf(const Leg& leg) {
  switch (WantOf(leg)) {
    case Want::kNothing:
      return nullptr;
    case Want::kPage:
      return &pages_;
    case Want::kDigest:
    case Want::kFollow:
      return &others_;
  }
  return nullptr;
}

void Desk::Index(const std::string& alert_id, const Leg& leg) {
  if (!leg.thread.empty()) threads_[leg.thread].insert(alert_id);
  if (!leg.thread.empty() && !leg.group.empty()) groups_[leg.group] = leg.thread;
  if (Queue* const queue = QueueOf(leg)) queue->insert({leg.due, alert_id});
}

void Desk::Unindex(const std::string& alert_id, const Leg& leg) {
  if (Queue* const queue = QueueOf(leg)) queue->erase({leg.due, alert_id});
  const auto thread = threads_.find(leg.thread);
  if (thread == threads_.end()) return;
  thread->second.erase(alert_id);
  if (!thread->second.empty()) return;
  threads_.erase(thread);
  const auto group = groups_.find(leg.group);
  if (group != groups_.end() && group->second == leg.thread) groups_.erase(group);
}

void Desk::Replace(const std::string& alert_id, const Leg& leg) {
  const auto found = legs_.find(alert_id);
  if (found != legs_.end()) Unindex(alert_id, found->second);
  if (leg.owed || leg.told) {
    if (found == legs_.end()) office_->alerts.Hold(alert_id, PartitionOf(alert_id));
    legs_[alert_id] = leg;
    Index(alert_id, leg);
  } else if (found != legs_.end()) {
    legs_.erase(found);
    office_->alerts.Release(alert_id);
  }
}

void Desk::Put(const std::string& alert_id, Leg leg) {
  // Ended or answered before it could be sent: it goes to nobody.
  if (leg.owed && !leg.dead && leg.sealed.empty() && WantOf(leg) == Want::kNothing) {
    Overtaken(alert_id, leg.number);
    leg.owed = false;
  }
  const bool keep = leg.owed || leg.told;
  if (keep || legs_.contains(alert_id)) {
    office_->journal.push_back({PartitionOf(alert_id), keep ? LegRecord(setup_.name, alert_id, leg)
                                                            : NoLegRecord(setup_.name, alert_id)});
  }
  Replace(alert_id, leg);
}

// Whether somebody is to look at this change.
void Desk::Judge(const Change& change, Leg& leg) const {
  const Alert& alert = change.alert;
  if (IsOver(alert) || IsAnswer(alert)) {
    leg.page = 0;
    return;
  }
  if (change.way == nullptr) {
    // Out of hours, or nothing leads here any more, what was told before is followed all the same;
    // but who gave it to others need not be told more than that.
    if (alert.assigned_to().empty()) return;
    leg.left = true;
    leg.page = 0;
    return;
  }
  leg.left = false;
  // Of an alert that was raised unseen, an amendment is all that there is to page with.
  const bool unseen = change.missed && !leg.told && !alert.has_answer();
  if (alert.quiet() || !(IsPaging(alert.state()) || unseen)) return;
  Aim(change, leg);
  leg.page = alert.number();
}

void Desk::Aim(const Change& change, Leg& leg) const {
  const Way& way = *change.way;
  const bool waits = WantOf(leg) == Want::kPage || WantOf(leg) == Want::kDigest;
  const absl::Time due = setup_.takes_groups || way.digest ? way.due : now_;
  leg.due = waits && leg.page > 0 ? std::min(leg.due, due) : due;
  leg.digest = way.digest;
  leg.team = way.team;
  leg.group = setup_.takes_groups ? way.group : "";
  if (leg.told) return;
  const std::string& alert_id = change.alert.alert_id();
  const auto group = groups_.find(leg.group);
  if (way.digest && setup_.takes_groups) {
    leg.thread.clear();
  } else if (leg.group.empty()) {
    leg.thread = alert_id;
  } else if (group != groups_.end()) {
    leg.thread = group->second;
  } else {
    leg.thread = ShortSha256Hex(
        absl::StrCat(setup_.name, "\n", leg.group, "\n", alert_id, "\n", change.alert.number()));
  }
}

void Desk::Take(const Change& change, absl::Time now) {
  now_ = now;
  const std::string alert_id = change.alert.alert_id();
  auto found = legs_.find(alert_id);
  if (found != legs_.end() && found->second.number >= change.alert.number()) return;
  if (found != legs_.end() && !found->second.sealed.empty() && found->second.sealed != in_flight_) {
    Dissolve(found->second.sealed);
    found = legs_.find(alert_id);
  }
  Leg leg = found == legs_.end() ? Leg() : found->second;
  if (leg.owed && !leg.dead && leg.sealed.empty()) Overtaken(alert_id, leg.number);
  if (!leg.owed) leg.taken = now;
  leg.dead = false;
  Judge(change, leg);
  leg.number = change.alert.number();
  leg.owed = leg.page > 0 || found != legs_.end();
  if (leg.page > 0) {
    Put(alert_id, std::move(leg));
    return;
  }
  const auto thread = threads_.find(leg.thread);
  const bool shared = thread != threads_.end() && thread->second.size() > 1;
  leg.due = shared ? now + kThreadWait : now;
  Put(alert_id, leg);
  if (shared && legs_.contains(alert_id) && FollowKind(leg.thread) != Notice::Kind::kUpdate) {
    leg.due = now;
    Put(alert_id, std::move(leg));
  }
}

void Desk::GiveReceipt(const std::string& alert_id, alert::v1::Receipt receipt) {
  receipt.set_alert_id(alert_id);
  receipt.set_child(AlertOf(alert_id).child());
  receipt.set_destination(setup_.name);
  *receipt.mutable_at() = ToTimestamp(now_);
  office_->journal.push_back({PartitionOf(alert_id), ReceiptRecord(receipt)});
}

void Desk::Overtaken(const std::string& alert_id, uint32_t number) {
  alert::v1::Receipt receipt;
  receipt.set_number(number);
  receipt.set_outcome(alert::v1::Receipt::OUTCOME_OVERTAKEN);
  GiveReceipt(alert_id, std::move(receipt));
}

int Desk::SendAgain(absl::Time now) {
  now_ = now;
  std::vector<std::string> dead;
  for (const auto& [alert_id, leg] : legs_) {
    if (leg.dead) dead.push_back(alert_id);
  }
  for (const std::string& alert_id : dead) {
    Leg leg = legs_[alert_id];
    leg.dead = false;
    leg.due = now;
    leg.attempts = 0;
    Put(alert_id, std::move(leg));
  }
  return static_cast<int>(dead.size());
}

DestinationStatus Desk::Status() const {
  DestinationStatus status = counts_;
  status.breaker_open = breaker_.open();
  for (const auto& [alert_id, leg] : legs_) {
    if (!leg.owed) continue;
    if (leg.dead) {
      ++status.dead;
      if (status.dead_alerts.size() < DestinationStatus::kMaxListed) {
        status.dead_alerts.push_back(alert_id);
      }
      continue;
    }
    ++status.waiting;
    status.oldest = std::min(status.oldest, leg.taken);
  }
  return status;
}

}  // namespace dolen
