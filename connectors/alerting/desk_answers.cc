#include <algorithm>

#include "connectors/alerting/desk.h"

namespace dolen {

using Kind = Notice::Kind;
using alert::v1::Receipt;

void Desk::Answered(const Delivery& delivery, absl::Time now) {
  now_ = now;
  const UnderWay was = under_way_;
  const std::string id = in_flight_;
  under_way_ = UnderWay::kNone;
  in_flight_.clear();
  counts_.last_answer = delivery.answer;
  counts_.answered = now;
  if (delivery.outcome == Delivery::Outcome::kTryLater) {
    breaker_.Failed(now);
  } else if (breaker_.Succeeded()) {
    // What waits there did not fail for reasons of its own.
    Queue at_once;
    for (auto& [waiting, sealed] : sealed_) {
      if (waiting == id) continue;
      sealed.next = std::min(sealed.next, now);
      at_once.insert({sealed.next, waiting});
    }
    retries_ = std::move(at_once);
  }
  if (delivery.outcome != Delivery::Outcome::kTaken) ++counts_.failed;
  if (was != UnderWay::kNotice) return;
  switch (delivery.outcome) {
    case Delivery::Outcome::kTaken:
      Settle(id, delivery);
      break;
    case Delivery::Outcome::kRefused:
      Bury(id, delivery);
      break;
    case Delivery::Outcome::kTryLater:
      Postpone(id, delivery);
      break;
  }
}

Receipt Desk::ReceiptOf(const std::string& id, const Sealed& sealed,
                        const Delivery& delivery) const {
  Receipt receipt;
  receipt.set_message_id(id);
  receipt.set_attempts(sealed.attempts + 1);
  receipt.set_answer(delivery.answer);
  return receipt;
}

void Desk::Settle(const std::string& id, const Delivery& delivery) {
  ++counts_.taken;
  const Sealed sealed = sealed_[id];
  Receipt receipt = ReceiptOf(id, sealed, delivery);
  const bool in_list = sealed.kind == Kind::kSummary || sealed.kind == Kind::kDigest;
  receipt.set_outcome(in_list ? Receipt::OUTCOME_SUMMARISED : Receipt::OUTCOME_DELIVERED);
  for (const Sealed::Item& item : sealed.items) {
    receipt.set_number(item.number);
    GiveReceipt(item.alert_id, receipt);
    SettleLeg(id, item);
  }
  if (sealed.kind == Kind::kEnded) EndThread(sealed.thread);
  // Last, so that a crash in between has all of it sent again and nothing of it in another notice.
  DropSealed(id);
}

void Desk::SettleLeg(const std::string& id, const Sealed::Item& item) {
  const Sealed& sealed = sealed_[id];
  const auto found = legs_.find(item.alert_id);
  // After a crash in the midst of this, some of its legs are gone or tell of something new.
  if (found == legs_.end() || found->second.sealed != id) return;
  Leg leg = found->second;
  leg.sealed.clear();
  Opened(sealed, leg);
  if (leg.page <= item.number) leg.page = 0;
  leg.attempts = 0;
  if (leg.number == item.number) leg.owed = false;
  Put(item.alert_id, std::move(leg));
}

// What was over in it was told; what became true again since is a new story.
void Desk::EndThread(const std::string& thread) {
  const auto found = threads_.find(thread);
  if (found == threads_.end()) return;
  const std::vector<std::string> alert_ids(found->second.begin(), found->second.end());
  for (const std::string& alert_id : alert_ids) {
    Leg leg = legs_[alert_id];
    leg.told = false;
    Put(alert_id, std::move(leg));
  }
}

void Desk::Bury(const std::string& id, const Delivery& delivery) {
  const Sealed sealed = sealed_[id];
  Receipt receipt = ReceiptOf(id, sealed, delivery);
  receipt.set_outcome(Receipt::OUTCOME_DEAD);
  for (const Sealed::Item& item : sealed.items) {
    receipt.set_number(item.number);
    GiveReceipt(item.alert_id, receipt);
    const auto found = legs_.find(item.alert_id);
    if (found == legs_.end() || found->second.sealed != id) continue;
    Leg leg = found->second;
    leg.sealed.clear();
    leg.attempts = 0;
    leg.dead = leg.owed && leg.number == item.number;
    if (sealed.perhaps_taken) Opened(sealed, leg);
    Put(item.alert_id, std::move(leg));
  }
  DropSealed(id);
}

void Desk::Postpone(const std::string& id, const Delivery& delivery) {
  Sealed sealed = sealed_[id];
  if (sealed.attempts + 1 >= kMostAttempts) {
    Bury(id, delivery);
    return;
  }
  ++sealed.attempts;
  sealed.in_flight = false;
  sealed.perhaps_taken |= delivery.perhaps_taken;
  const absl::Duration asked = delivery.try_after.value_or(absl::ZeroDuration());
  sealed.next = now_ + std::max(Backoff(sealed.attempts, id), std::min(asked, kLongestBackoff));
  PutSealed(id, sealed);
  if (HasMovedOn(sealed)) Dissolve(id);
}

}  // namespace dolen
