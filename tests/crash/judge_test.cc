// The judge itself: it finds each flaw that a crash could leave.
#include "tests/crash/judge.h"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <utility>

#include "dolen/alert/v1/action.pb.h"
#include "dolen/alert/v1/alert.pb.h"
#include "dolen/ledger/v1/ledger.pb.h"
#include "engine/base/time.h"

namespace dolen {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1700000000);

// A child with two matters, one never seen and one seen late, and what the topics hold of it.
struct World {
  Truth truth;
  std::set<std::string> confirmed;  // actions
  std::vector<RawRecord> alerts, ledger, quarantine;
  std::vector<Delivered> delivered;  // the acknowledgement is told where the alert was told

  World() {
    AddEvent("e1", "M-1", "report_made", kStart);
    AddEvent("e2", "M-2", "report_made", kStart);
    AddEvent("e3", "M-2", "child_seen", kStart + absl::Hours(3));
    truth.matters["alpha:M-1"] = {Plan::kNeverSeen, "c", kStart};
    truth.matters["alpha:M-2"] = {Plan::kLate, "c", kStart};
    AddAlert("M-1", 1, alert::v1::STATE_RAISED);
    AddAlert("M-2", 1, alert::v1::STATE_RAISED);
    AddAlert("M-2", 2, alert::v1::STATE_CLEARED);
    AddAction("a1", "M-1");
    AddAlert("M-1", 2, alert::v1::STATE_ACKNOWLEDGED);
    delivered = {{"n1", "page", {{"id of M-1", 1, "raised"}}, 1},
                 {"n2", "page", {{"id of M-2", 1, "raised"}}, 1},
                 {"n2", "page", {{"id of M-2", 1, "raised"}}, 2},  // a kill lay between
                 {"n3", "ended", {{"id of M-2", 2, "cleared"}}, 2},
                 {"n4", "answered", {{"id of M-1", 2, "acknowledged"}}, 3}};
    truth.bad.insert("bad");
    ledger::v1::QuarantineRecord record;
    record.mutable_received()->set_reason("unknown_contract");
    record.mutable_received()->set_value("bad");
    quarantine.push_back({0, 0, "", record.SerializeAsString()});
  }

  void AddEvent(const std::string& id, const std::string& matter, const std::string& milestone,
                absl::Time occurred) {
    const event::v1::Event event = MadeEvent("alpha", id, "c", matter, milestone, occurred);
    truth.events["alpha/" + id] = {"c", event.open().SerializeAsString(),
                                   event.private_().SerializeAsString()};
    AddRecord(event, "key");
  }
  void AddRecord(const event::v1::Event& event, const std::string& child_key) {
    ledger::v1::Record record;
    record.mutable_event()->set_open(event.open().SerializeAsString());
    record.mutable_event()->set_private_(event.private_().SerializeAsString());
    record.mutable_event()->set_child(child_key);
    ledger.push_back({0, static_cast<int64_t>(ledger.size()), "", record.SerializeAsString()});
  }
  void AddAction(const std::string& id, const std::string& matter) {
    alert::v1::Action action;
    action.set_action_id(id);
    action.set_alert_id("id of " + matter);
    action.set_kind(alert::v1::Action::KIND_ACKNOWLEDGED);
    ledger::v1::Record record;
    record.mutable_action()->set_said(action.SerializeAsString());
    ledger.push_back({0, static_cast<int64_t>(ledger.size()), "", record.SerializeAsString()});
    confirmed.insert(id);
  }
  void AddAlert(const std::string& matter, uint32_t number, alert::v1::State state) {
    alert::v1::Alert alert;
    alert.set_alert_id("id of " + matter);
    alert.set_number(number);
    alert.set_shard_number(alerts.size() + 1);
    alert.set_state(state);
    alert.set_level("overdue");
    alert.set_matter_agency("alpha");
    alert.set_matter_id(matter);
    *alert.mutable_due() = ToTimestamp(kStart + absl::Hours(2));
    *alert.mutable_at() = ToTimestamp(kStart + absl::Hours(4));
    alerts.push_back(
        {0, static_cast<int64_t>(alerts.size()), alert.alert_id(), alert.SerializeAsString()});
  }
  template <typename Change>
  void ChangeAlert(size_t index, Change change) {
    alert::v1::Alert alert;
    ASSERT_TRUE(alert.ParseFromString(alerts[index].value));
    change(alert);
    alerts[index].value = alert.SerializeAsString();
  }

  void Judge() const {
    JudgeAlerts(truth, alerts);
    JudgeLedger(truth, ledger);
    JudgeQuarantine(truth, quarantine);
    JudgeActions(truth, confirmed, ledger, alerts);
    JudgeNotices("alpha", alerts, delivered);
  }
};

// Whether the judge complains, with these words among others.
bool Finds(const World& world, const std::string& words) {
  testing::TestPartResultArray found;
  {
    const testing::ScopedFakeTestPartResultReporter reporter(
        testing::ScopedFakeTestPartResultReporter::INTERCEPT_ONLY_CURRENT_THREAD, &found);
    world.Judge();
  }
  std::string all;
  for (int i = 0; i < found.size(); ++i) all += found.GetTestPartResult(i).message();
  const bool finds = all.find(words) != std::string::npos;
  if (!finds) std::printf("found only: %s\n", all.c_str());
  return finds;
}

TEST(JudgeTest, AWholeWorldIsFoundWhole) { World().Judge(); }

TEST(JudgeTest, AnEventThatIsNotInTheLedgerIsFound) {
  World world;
  world.ledger.erase(world.ledger.begin() + 2);
  EXPECT_TRUE(Finds(world, "events were lost"));
}

TEST(JudgeTest, AHoleInTheLedgerIsFound) {
  World world;
  world.ledger.erase(world.ledger.begin() + 1);
  EXPECT_TRUE(Finds(world, "a hole"));
}

TEST(JudgeTest, AChildWithTwoKeysIsFound) {
  World world;
  const event::v1::Event event = MadeEvent("alpha", "e1", "c", "M-1", "report_made", kStart);
  world.AddRecord(event, "another key");
  EXPECT_TRUE(Finds(world, "key_of"));
}

TEST(JudgeTest, AContradictionThatNobodySentOrThatOvertookIsFound) {
  World world;
  world.AddRecord(MadeEvent("alpha", "e1", "c", "M-1", "child_seen", kStart), "key");
  EXPECT_TRUE(Finds(world, "contradictions"));
  std::swap(world.ledger[0].value, world.ledger.back().value);
  EXPECT_TRUE(Finds(world, "overtook"));
}

TEST(JudgeTest, AnAlertToldTwiceIsFound) {
  World world;
  world.alerts.push_back(world.alerts.back());
  ++world.alerts.back().offset;
  EXPECT_TRUE(Finds(world, "lost, repeated or out of order"));
  // Under a further number of the shard as well.
  world.ChangeAlert(4, [](alert::v1::Alert& alert) { alert.set_shard_number(5); });
  EXPECT_TRUE(Finds(world, "told twice"));
}

TEST(JudgeTest, AnAlertThatWasNotToldIsFound) {
  World world;
  world.alerts.erase(world.alerts.begin());
  EXPECT_TRUE(Finds(world, "lost, repeated or out of order"));
  EXPECT_TRUE(Finds(world, "of plan"));
}

TEST(JudgeTest, AnAlertThatCameEarlyOrWithTheWrongStateIsFound) {
  World world;
  world.ChangeAlert(0, [](alert::v1::Alert& alert) {
    *alert.mutable_at() = ToTimestamp(kStart + absl::Minutes(119));
  });
  EXPECT_TRUE(Finds(world, "too early"));
  world.ChangeAlert(2,
                    [](alert::v1::Alert& alert) { alert.set_state(alert::v1::STATE_WITHDRAWN); });
  EXPECT_TRUE(Finds(world, "of plan"));
}

TEST(JudgeTest, AnActionThatIsLostOrCountsTwiceOrNotAtAllIsFound) {
  World lost;
  lost.ledger.pop_back();
  EXPECT_TRUE(Finds(lost, "was confirmed and is lost"));
  EXPECT_TRUE(Finds(lost, "changed without an action"));
  World again;  // admitted twice, which may be
  again.AddAction("a1", "M-1");
  again.Judge();
  again.AddAlert("M-1", 3, alert::v1::STATE_ACKNOWLEDGED);
  again.delivered.push_back({"n5", "answered", {{"id of M-1", 3, "acknowledged"}}, 3});
  EXPECT_TRUE(Finds(again, "changed without an action"));
  World idle;
  idle.AddAction("a2", "M-1");
  EXPECT_TRUE(Finds(idle, "an action changed nothing"));
}

TEST(JudgeTest, ABadValueThatIsNotInQuarantineIsFound) {
  World world;
  world.quarantine.clear();
  EXPECT_TRUE(Finds(world, "in quarantine"));
}

TEST(JudgeTest, ANoticeThatIsRepeatedAfterAKillIsCounted) {
  const World world;
  const NoticeCounts counts = JudgeNotices("alpha", world.alerts, world.delivered);
  EXPECT_EQ(counts.notices, 5);
  EXPECT_EQ(counts.doubled, 1);
}

TEST(JudgeTest, ANoticeThatIsRepeatedForNothingOrWithOtherContentIsFound) {
  World world;
  world.delivered[2].life = 1;
  EXPECT_TRUE(Finds(world, "came again for nothing"));
  world.delivered[2] = {"n2", "page", {{"id of M-2", 2, "cleared"}}, 2};
  EXPECT_TRUE(Finds(world, "n2 changed"));
}

TEST(JudgeTest, AChangeThatIsToldTwiceOrTooLateIsFound) {
  World world;
  world.delivered[2].id = "another id";
  EXPECT_TRUE(Finds(world, "was told of again, or of what came before"));
  World late;
  std::swap(late.delivered[1], late.delivered[3]);
  EXPECT_TRUE(Finds(late, "was told of again, or of what came before"));
}

TEST(JudgeTest, AnAlertWhoseLastChangeWasNotToldIsFound) {
  World world;
  world.delivered.erase(world.delivered.begin() + 3);
  EXPECT_TRUE(Finds(world, "its last change was not told"));
  World never;
  never.alerts.pop_back();
  never.delivered = {};
  EXPECT_TRUE(Finds(never, "id of M-1: its last change was not told"));
}

TEST(JudgeTest, WhatIsForAnotherReceiverIsFound) {
  World world;
  world.delivered.push_back({"n9", "page", {{"id of M-9", 1, "raised"}}, 3});
  EXPECT_TRUE(Finds(world, "is not for this receiver"));
}

TEST(JudgeTest, ANoticeOfTheWrongKindOrStateIsFound) {
  World world;
  world.delivered[3].kind = "page";
  EXPECT_TRUE(Finds(world, "id of M-2 cleared"));
  World other;
  other.delivered[4].changes[0].state = "raised";
  EXPECT_TRUE(Finds(other, "acknowledged"));
}

TEST(JudgeTest, MoreRepetitionsThanKillsAreFound) {
  World world;
  for (Delivered& notice : world.delivered) notice.life = 0;
  world.delivered[2].life = 1;
  world.delivered.insert(world.delivered.begin() + 1, world.delivered[0]);
  world.delivered[1].life = 1;
  EXPECT_TRUE(Finds(world, "more doubles than kills"));
}

TEST(JudgeTest, WhatWasGivenAwayEndsHereOnce) {
  World world;
  world.ChangeAlert(3, [](alert::v1::Alert& alert) { alert.set_state(alert::v1::STATE_ASSIGNED); });
  EXPECT_TRUE(Finds(world, "id of M-1 assigned")) << "it is told as answered";
  world.delivered.back() = {"n4", "ended", {{"id of M-1", 2, "assigned"}}, 3};
  EXPECT_FALSE(Finds(world, "id of M-1"));
  world.delivered.pop_back();
  EXPECT_TRUE(Finds(world, "that it went elsewhere was not told"));
}

}  // namespace
}  // namespace dolen
