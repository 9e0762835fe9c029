#include "engine/admission/reply.h"

#include <gtest/gtest.h>

#include <functional>

#include "dolen/alert/v1/action.pb.h"
#include "engine/base/time.h"
#include "tests/engine/admission/support.h"

namespace dolen {
namespace {

using alert::v1::Action;
using alert::v1::Receipt;

const char* const kAlert = "0123456789abcdef0123456789abcdef";
const char* const kChild = "00112233445566778899aabbccddeeff";

Action GoodAction() {
  Action action;
  action.set_action_id("a1");
  action.set_alert_id(kAlert);
  action.set_child(kChild);
  action.set_kind(Action::KIND_ACKNOWLEDGED);
  action.set_by("sian");
  return action;
}

Receipt GoodReceipt() {
  Receipt receipt;
  receipt.set_alert_id(kAlert);
  receipt.set_child(kChild);
  receipt.set_number(1);
  receipt.set_destination("duty_pager");
  receipt.set_outcome(Receipt::OUTCOME_DELIVERED);
  return receipt;
}

Received Of(Speaker speaker, const std::string& value) {
  Received received;
  received.speaker = speaker;
  received.intake = {"dolen.actions.v1", 0, 7};
  received.value = value;
  return received;
}

std::string ReasonOf(Speaker speaker, const std::string& value) {
  const auto checked = CheckReply(Of(speaker, value), Noon());
  const auto* rejection = absl::get_if<Rejection>(&checked);
  return rejection == nullptr ? "" : rejection->code + " " + rejection->field;
}

TEST(Reply, AGoodActionAndAGoodReceiptPass) {
  EXPECT_EQ(ReasonOf(Speaker::kPeople, GoodAction().SerializeAsString()), "");
  EXPECT_EQ(ReasonOf(Speaker::kNotifier, GoodReceipt().SerializeAsString()), "");
}

struct BadAction {
  const char* reason;  // and field
  std::function<void(Action&)> edit;
};

TEST(Reply, EveryBadActionHasItsReasonAndPlace) {
  const BadAction all[] = {
      {"missing_action_id action_id", [](Action& a) { a.clear_action_id(); }},
      {"id_too_long action_id", [](Action& a) { a.set_action_id(std::string(129, 'x')); }},
      {"bad_alert_id alert_id", [](Action& a) { a.set_alert_id("7"); }},
      {"bad_alert_id child", [](Action& a) { a.set_child("Sian Jones"); }},
      {"unknown_action kind", [](Action& a) { a.clear_kind(); }},
      {"unknown_action kind", [](Action& a) { a.set_kind(static_cast<Action::Kind>(99)); }},
      {"missing_by by", [](Action& a) { a.clear_by(); }},
      {"control_characters by", [](Action& a) { a.set_by("si\nan"); }},
      {"bad_snooze until",
       [](Action& a) {
         a.set_kind(Action::KIND_SNOOZED);
         a.set_note("on leave");
       }},
      {"bad_snooze until",
       [](Action& a) {
         a.set_kind(Action::KIND_SNOOZED);
         a.set_note("on leave");
         *a.mutable_until() = ToTimestamp(Noon());
       }},
      {"bad_snooze until",
       [](Action& a) {
         a.set_kind(Action::KIND_SNOOZED);
         a.set_note("on leave");
         *a.mutable_until() = ToTimestamp(Noon() + absl::Hours(7 * 24 + 1));
       }},
      {"missing_note note",
       [](Action& a) {
         a.set_kind(Action::KIND_SNOOZED);
         a.set_note("  ");
         *a.mutable_until() = ToTimestamp(Noon() + absl::Hours(2));
       }},
      {"missing_note note", [](Action& a) { a.set_kind(Action::KIND_RESOLVED); }},
      {"missing_note note", [](Action& a) { a.set_kind(Action::KIND_NOTED); }},
      {"text_too_long note", [](Action& a) { a.set_note(std::string(16 * 1024 + 1, 'x')); }},
      {"bad_assignee to", [](Action& a) { a.set_kind(Action::KIND_ASSIGNED); }},
      {"bad_assignee to",
       [](Action& a) {
         a.set_kind(Action::KIND_ASSIGNED);
         a.set_to("council/Duty Team");
       }},
  };
  for (const BadAction& bad : all) {
    Action action = GoodAction();
    bad.edit(action);
    EXPECT_EQ(ReasonOf(Speaker::kPeople, action.SerializeAsString()), bad.reason);
  }
  EXPECT_EQ(ReasonOf(Speaker::kPeople, "\x0a"), "malformed ");
  EXPECT_EQ(ReasonOf(Speaker::kPeople, ""), "empty ");
}

TEST(Reply, EveryBadReceiptHasItsReasonAndPlace) {
  struct BadReceipt {
    const char* reason;
    std::function<void(Receipt&)> edit;
  };
  const BadReceipt all[] = {
      {"bad_alert_id alert_id", [](Receipt& r) { r.clear_alert_id(); }},
      {"bad_receipt number", [](Receipt& r) { r.clear_number(); }},
      {"bad_receipt outcome", [](Receipt& r) { r.clear_outcome(); }},
      {"bad_receipt destination", [](Receipt& r) { r.set_destination("Duty Pager"); }},
  };
  for (const BadReceipt& bad : all) {
    Receipt receipt = GoodReceipt();
    bad.edit(receipt);
    EXPECT_EQ(ReasonOf(Speaker::kNotifier, receipt.SerializeAsString()), bad.reason);
  }
}

TEST(Reply, WhatPassedIsInTheLedgerOfItsChildWordForWord) {
  Installation installation;
  Action good = GoodAction(), bad = GoodAction();
  bad.clear_by();
  const std::string values[] = {good.SerializeAsString(), bad.SerializeAsString(),
                                GoodReceipt().SerializeAsString()};
  const Received batch[] = {Of(Speaker::kPeople, values[0]), Of(Speaker::kPeople, values[1]),
                            Of(Speaker::kNotifier, values[2])};
  const auto outcomes = installation.admitter->Admit(batch).value();
  ChildKey child;
  ASSERT_TRUE(ChildKey::FromHex(kChild, child));
  EXPECT_FALSE(outcomes[0].rejection.has_value());
  EXPECT_EQ(outcomes[0].child, child);
  EXPECT_EQ(outcomes[1].rejection.value().code, "missing_by");
  EXPECT_EQ(installation.Quarantined().front().value(), values[1]);
  const auto records = installation.All(installation.names.Ledger(), outcomes[0].partition);
  ASSERT_EQ(records.size(), 2);
  ledger::v1::Record record;
  ASSERT_TRUE(record.ParseFromString(records[0].value));
  EXPECT_EQ(record.action().said(), values[0]);
  EXPECT_EQ(record.action().child(), std::string(child.bytes()));
  EXPECT_EQ(record.action().intake().offset(), 7);
  ASSERT_TRUE(record.ParseFromString(records[1].value));
  EXPECT_EQ(record.receipt().said(), values[2]);
}

}  // namespace
}  // namespace dolen
