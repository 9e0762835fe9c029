#include "connectors/alerting/dispatch.h"

#include <gmock/gmock.h>

#include "tests/connectors/alerting/lab.h"

namespace dolen {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Kind = Notice::Kind;

constexpr char kEach[] = R"(
destination { name: "desk" log_line {} }
route { to: "desk" })";
constexpr char kTeam[] = R"(
destination { name: "desk" log_line {} }
route { group: TEAM group_wait_seconds: 5 to: "desk" })";
const Delivery kOk = {Delivery::Outcome::kTaken, "ok", {}, false};

std::vector<std::string> Names(const std::vector<Taken>& taken) {
  std::vector<std::string> names;
  for (const Taken& item : taken) {
    names.push_back(absl::StrCat(item.alert.alert_id(), item.alert.number()));
  }
  return names;
}

TEST(Dispatch, WhoBeginsStartsWithWhatComesAfter) {
  Lab lab(kEach);
  lab.dispatch.reset();
  lab.Tell("old", 1, alert::v1::STATE_RAISED);
  lab.log().SetFaults({});
  // Another installation, whose receipts topic does not exist yet.
  Lab fresh(kEach);
  fresh.Tell("new", 1, alert::v1::STATE_RAISED);
  fresh.Round();
  EXPECT_THAT(Names(fresh.taken["desk"]), ElementsAre("new1"));
  // Told while no notifier ran: taken by the next one.
  lab.Open();
  lab.Round();
  EXPECT_THAT(Names(lab.taken["desk"]), ElementsAre("old1"));
}

TEST(Dispatch, AlertsFromBeforeTheFirstNotifierArePagedForTheirLaterChangesOnly) {
  SimulatedLog log;
  const TopicNames names;
  ASSERT_TRUE(log.CreateTopic({names.Alerts(), 1, true}).ok());
  auto appender = *log.OpenAppender();
  const auto tell = [&](const alert::v1::Alert& alert) {
    ASSERT_TRUE(
        appender->Append({names.Alerts(), 0}, alert.alert_id(), alert.SerializeAsString()).ok());
  };
  tell(RaisedAlert("a"));
  const absl::Time now = At("2026-11-26T10:00:00Z");
  auto dispatch = *Dispatch::Open({&log,
                                   names,
                                   FileOf(kEach),
                                   {{"desk", {}}},
                                   [](const alert::v1::Alert&) { return std::string(); }},
                                  now);
  EXPECT_FALSE(dispatch->Next("desk", now).has_value());
  tell(RaisedAlert("a", 2, alert::v1::STATE_AMENDED));
  ASSERT_EQ(*dispatch->TakeNew(now), 1);
  EXPECT_FALSE(dispatch->Next("desk", now).has_value());
  tell(RaisedAlert("a", 3, alert::v1::STATE_ESCALATED));
  ASSERT_EQ(*dispatch->TakeNew(now), 1);
  EXPECT_TRUE(dispatch->Next("desk", now).has_value());
}

TEST(Dispatch, ACrashBetweenTheAnswerAndTheReceiptIsADoubleWithTheSameId) {
  for (const char* file : {kEach, kTeam}) {
    Lab lab(file);
    lab.Tell("a", 1, alert::v1::STATE_RAISED);
    lab.Tell("b", 1, alert::v1::STATE_RAISED);
    ASSERT_TRUE(lab.dispatch->TakeNew(lab.now).ok());
    lab.now += absl::Seconds(10);
    lab.Deliver("desk", *lab.dispatch->Next("desk", lab.now)->notice);
    lab.Open();
    lab.RunFor(absl::Minutes(1));
    absl::btree_map<std::string, std::vector<std::string>> notices;
    for (const Taken& taken : lab.taken["desk"]) {
      notices[taken.alert.alert_id()].push_back(taken.notice);
    }
    ASSERT_THAT(notices, SizeIs(2));
    const std::vector<std::string>& doubled = notices[lab.taken["desk"][0].alert.alert_id()];
    ASSERT_THAT(doubled, SizeIs(2));
    EXPECT_EQ(doubled[0], doubled[1]);
    // And that was all.
    const size_t all = lab.taken["desk"].size();
    lab.Open();
    lab.RunFor(absl::Hours(2));
    EXPECT_EQ(lab.taken["desk"].size(), all);
  }
}

TEST(Dispatch, ACrashBeforeTheAttemptOrAfterTheReceiptIsNoDouble) {
  Lab lab(kEach);
  lab.Tell("a", 1, alert::v1::STATE_RAISED);
  ASSERT_TRUE(lab.dispatch->TakeNew(lab.now).ok());
  lab.Open();
  ASSERT_TRUE(lab.dispatch->Next("desk", lab.now).has_value());  // crashes before Deliver
  lab.Open();
  lab.Round();
  lab.Open();
  lab.RunFor(absl::Hours(1));
  EXPECT_THAT(Names(lab.taken["desk"]), ElementsAre("a1"));
}

TEST(Dispatch, AnAlertThatEndedWhileAnAttemptMayHaveArrivedIsEndedThere) {
  Lab lab(kEach);
  lab.Tell("a", 1, alert::v1::STATE_RAISED);
  ASSERT_TRUE(lab.dispatch->TakeNew(lab.now).ok());
  lab.Deliver("desk", *lab.dispatch->Next("desk", lab.now)->notice);
  lab.Tell("a", 2, alert::v1::STATE_CLEARED);
  lab.Open();
  lab.Round();
  EXPECT_THAT(Names(lab.taken["desk"]), ElementsAre("a1", "a2"));
  EXPECT_EQ(lab.taken["desk"][1].kind, Kind::kEnded);
}

TEST(Dispatch, AReceiptOfUnknownFateIsReadBack) {
  for (uint64_t seed = 1; seed <= 50; ++seed) {
    SCOPED_TRACE(seed);
    Lab lab(kTeam, "", seed);
    lab.log().SetFaults({seed, 0, /*unknown_fenced=*/400, /*short_reads=*/300});
    for (uint32_t number = 1; number <= 5; ++number) {
      for (const char* id : {"a", "b", "c"}) lab.Tell(id, number, alert::v1::STATE_RAISED);
      lab.RunFor(absl::Minutes(5));
    }
    EXPECT_THAT(lab.taken["desk"], SizeIs(15));
    int delivered = 0;
    for (const alert::v1::Receipt& receipt : lab.Receipts()) {
      delivered += receipt.outcome() == alert::v1::Receipt::OUTCOME_DELIVERED ? 1 : 0;
    }
    EXPECT_EQ(delivered, 15);
  }
}

TEST(Dispatch, ASecondNotifierFencesTheFirstWhichSendsNothingAnyMore) {
  Lab lab(kEach);
  lab.Tell("a", 1, alert::v1::STATE_RAISED);
  std::unique_ptr<Dispatch> second = *lab.TryOpen(&lab.log());
  EXPECT_EQ(lab.dispatch->TakeNew(lab.now).status().code(), absl::StatusCode::kOk);
  EXPECT_FALSE(lab.dispatch->Next("desk", lab.now).has_value());
  EXPECT_TRUE(lab.dispatch->stopped());
  EXPECT_EQ(lab.dispatch->TakeNew(lab.now).status().code(), absl::StatusCode::kAborted);
  EXPECT_EQ(lab.dispatch->Status().reading.code(), absl::StatusCode::kAborted);
  // The second is not disturbed.
  ASSERT_TRUE(second->TakeNew(lab.now).ok());
  ASSERT_TRUE(second->Next("desk", lab.now).has_value());
  second->Answered("desk", kOk, lab.now);
  EXPECT_FALSE(second->stopped());
}

TEST(Dispatch, AnAttemptThatWasUnderWayWhenItWasFencedEndsTheFirst) {
  Lab lab(kEach);
  lab.Tell("a", 1, alert::v1::STATE_RAISED);
  ASSERT_TRUE(lab.dispatch->TakeNew(lab.now).ok());
  const absl::optional<Task> first = lab.dispatch->Next("desk", lab.now);
  ASSERT_TRUE(first.has_value());
  std::unique_ptr<Dispatch> second = *lab.TryOpen(&lab.log());
  const absl::optional<Task> again = second->Next("desk", lab.now);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->notice->id, first->notice->id);
  lab.dispatch->Answered("desk", kOk, lab.now);
  EXPECT_TRUE(lab.dispatch->stopped());
  second->Answered("desk", kOk, lab.now);
  EXPECT_FALSE(second->Next("desk", lab.now).has_value());
  EXPECT_FALSE(second->stopped());
}

// A story with groups over two partitions; then the power goes at each append in turn.
TEST(Dispatch, WhereverThePowerGoesNothingIsLostAndADoubleHasTheSameId) {
  const auto story = [](Lab& lab, Dispatch& dispatch, const CutLog& log) {
    const auto run = [&](absl::Duration time) {
      for (const absl::Time end = lab.now + time; lab.now < end && !log.IsCut();
           lab.now += absl::Seconds(10)) {
        (void)dispatch.TakeNew(lab.now);
        while (absl::optional<Task> task = dispatch.Next("desk", lab.now)) {
          lab.Deliver("desk", *task->notice);
          dispatch.Answered("desk", kOk, lab.now);
        }
      }
    };
    for (const char* id : {"a", "b", "c"}) lab.Tell(id, 1, alert::v1::STATE_RAISED);
    run(absl::Minutes(1));
    lab.Tell("a", 2, alert::v1::STATE_CLEARED);
    lab.Tell("d", 1, alert::v1::STATE_RAISED);
    run(absl::Minutes(10));
    for (const char* id : {"b", "c", "d"}) lab.Tell(id, 2, alert::v1::STATE_CLEARED);
    run(absl::Minutes(1));
  };
  int last = 0, doubles = 0;
  for (int cut = 0; cut <= last; ++cut) {
    for (const bool applied : {false, true}) {
      SCOPED_TRACE(absl::StrCat("cut after ", cut, applied ? ", applied" : ""));
      Lab lab(kTeam);
      lab.dispatch.reset();
      CutLog log(&lab.log());
      std::unique_ptr<Dispatch> dispatch = *lab.TryOpen(&log);
      log.appends = 0;
      if (cut > 0 || applied) log.cut_after = cut;
      log.cut_applied = applied;
      story(lab, *dispatch, log);
      if (cut == 0 && !applied) last = log.appends;
      for (const char* id : {"a", "b", "c", "d"}) {
        lab.Tell(id, 1, alert::v1::STATE_RAISED);  // what the crash kept from being told
        lab.Tell(id, 2, alert::v1::STATE_CLEARED);
      }
      dispatch.reset();
      lab.Open();
      lab.RunFor(absl::Minutes(30));
      absl::btree_map<std::string, std::vector<std::string>> notices;
      absl::btree_map<std::string, alert::v1::Alert> ends;
      for (const Taken& taken : lab.taken["desk"]) {
        notices[absl::StrCat(taken.alert.alert_id(), taken.alert.number())].push_back(taken.notice);
        EXPECT_GE(taken.alert.number(), ends[taken.alert.alert_id()].number());
        ends[taken.alert.alert_id()] = taken.alert;
      }
      for (const auto& [id, alert] : ends) EXPECT_TRUE(IsOver(alert)) << id;
      std::string doubled;
      for (const auto& [item, ids] : notices) {
        ASSERT_LE(ids.size(), 2u) << item;
        if (ids.size() < 2) continue;
        ++doubles;
        EXPECT_EQ(ids[0], ids[1]) << item;
        EXPECT_TRUE(doubled.empty() || doubled == ids[0]) << "two notices were sent twice";
        doubled = ids[0];
      }
      EXPECT_EQ(lab.dispatch->Status().destinations[0].waiting, 0);
    }
  }
  EXPECT_GT(last, 8);
  EXPECT_GT(doubles, 0);
}

TEST(Dispatch, DamageStopsReadingAndSaysSo) {
  Lab lab(kEach);
  auto appender = *lab.log().OpenAppender();
  ASSERT_TRUE(appender->Append({lab.names.Alerts(), 0}, "x", "\xff").ok());
  lab.Tell("a", 1, alert::v1::STATE_RAISED);
  EXPECT_EQ(lab.dispatch->TakeNew(lab.now).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(lab.dispatch->Status().reading.code(), absl::StatusCode::kDataLoss);
  lab.Round();
  EXPECT_THAT(Names(lab.taken["desk"]), ElementsAre("a1"));  // of the other partition
}

TEST(Dispatch, AnAlertsTopicThatIsShorterThanWhatWasTakenIsDataLoss) {
  Lab lab(kEach);
  lab.Tell("a", 1, alert::v1::STATE_RAISED);
  lab.Round();
  // The same receipts beside an alerts topic that was made anew.
  SimulatedLog other;
  ASSERT_TRUE(other.CreateTopic({lab.names.Alerts(), Lab::kPartitions, true}).ok());
  ASSERT_TRUE(other.CreateTopic({lab.names.Receipts(), Lab::kPartitions, true}).ok());
  auto appender = *other.OpenAppender();
  for (int32_t partition = 0; partition < Lab::kPartitions; ++partition) {
    auto reader = *lab.log().Read({lab.names.Receipts(), partition}, 0);
    const absl::Span<const Entry> entries = *reader->Read(1000, absl::ZeroDuration());
    for (const Entry& entry : entries) {
      if (entry.tombstone) continue;
      ASSERT_TRUE(appender->Append({lab.names.Receipts(), partition}, entry.key, entry.value).ok());
    }
  }
  EXPECT_EQ(lab.TryOpen(&other).status().code(), absl::StatusCode::kDataLoss);
}

TEST(Dispatch, WhatWasOwedToADestinationThatIsGoneIsGivenUpWithAReceipt) {
  Lab lab(kEach);
  lab.Tell("a", 1, alert::v1::STATE_RAISED);
  ASSERT_TRUE(lab.dispatch->TakeNew(lab.now).ok());
  lab.dispatch.reset();
  const std::string other = "destination { name: \"other\" log_line {} } route { to: \"other\" }";
  auto dispatch = *Dispatch::Open({&lab.log(),
                                   lab.names,
                                   FileOf(other),
                                   {{"other", {}}},
                                   [](const alert::v1::Alert&) { return std::string(); }},
                                  lab.now);
  EXPECT_FALSE(dispatch->Next("other", lab.now).has_value());
  const std::vector<alert::v1::Receipt> receipts = lab.Receipts();
  ASSERT_THAT(receipts, SizeIs(1));
  EXPECT_EQ(receipts[0].outcome(), alert::v1::Receipt::OUTCOME_DEAD);
  EXPECT_EQ(receipts[0].destination(), "desk");
  EXPECT_EQ(receipts[0].child(), "child-of-a");
}

}  // namespace
}  // namespace dolen
