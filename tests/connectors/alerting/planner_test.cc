#include "connectors/alerting/planner.h"

#include <gmock/gmock.h>

#include <map>

#include "tests/connectors/alerting/helpers.h"

namespace dolen {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using Kind = Notice::Kind;

// A planner, its time, and what its destinations took.
class Office {
 public:
  explicit Office(absl::string_view file, const std::string& without_groups = "",
                  absl::Duration repeat = absl::InfiniteDuration())
      : file_(FileOf(file)) {
    for (const auto& destination : file_.destination()) {
      const bool groups = destination.name() != without_groups;
      traits_[destination.name()] = {groups, groups ? absl::InfiniteDuration() : repeat};
    }
    planner_ = std::make_unique<Planner>(
        file_, traits_, [](const alert::v1::Alert& alert) { return "link/" + alert.alert_id(); });
    DOLEN_CHECK(planner_->Begin(now).ok());
  }

  void Take(const alert::v1::Alert& alert) { planner_->Take(0, alert, now); }
  void Take(absl::string_view id, uint32_t number, alert::v1::State state) {
    alert::v1::Alert alert = RaisedAlert(id, number, state);
    if (IsAnswer(alert)) alert.mutable_answer();
    Take(alert);
  }
  // Carries out what is due; the notices that were sent.
  std::vector<Notice> Send(const std::string& to = "desk",
                           const Delivery& answer = {Delivery::Outcome::kTaken, "ok", {}, false}) {
    std::vector<Notice> sent;
    while (absl::optional<Task> task = planner_->Next(to, now, /*well=*/true)) {
      if (task->notice.has_value()) {
        sent.push_back(*task->notice);
      } else {
        repeated.push_back({});
        for (const Notice::Item& item : task->open) {
          repeated.back().push_back(item.alert.alert_id());
        }
      }
      planner_->Answered(to, answer, now);
    }
    for (const Write& write : planner_->TakeStep().writes) Keep(write);
    return sent;
  }
  void Pass(absl::Duration time) { now += time; }
  // Sends whatever becomes due in this time, when it does.
  std::vector<Notice> SendFor(absl::Duration time, const std::string& to = "desk") {
    const absl::Time end = now + time;
    std::vector<Notice> sent;
    for (;;) {
      for (Notice& notice : Send(to)) sent.push_back(std::move(notice));
      const absl::Time next = planner_->NextDue(to);
      if (next > end) break;
      DOLEN_CHECK(next > now);
      now = next;
    }
    now = end;
    return sent;
  }
  // The same after a restart: all that is kept is what was written.
  void Restart(const std::vector<alert::v1::Alert>& known) {
    for (const Write& write : planner_->TakeStep().writes) Keep(write);
    planner_ = std::make_unique<Planner>(file_, traits_,
                                         [](const alert::v1::Alert&) { return std::string(); });
    planner_->Recall(remembered_);
    for (const alert::v1::Alert& alert : known) planner_->Know(0, alert);
    DOLEN_CHECK(planner_->Begin(now).ok());
  }
  std::vector<std::string> Outcomes() const {
    std::vector<std::string> said;
    for (const alert::v1::Receipt& receipt : receipts) {
      said.push_back(absl::StrCat(receipt.alert_id(), receipt.number(), " ",
                                  alert::v1::Receipt::Outcome_Name(receipt.outcome()).substr(8)));
    }
    return said;
  }
  DestinationStatus Status() const { return planner_->Status().destinations[0]; }
  Planner& planner() { return *planner_; }

  absl::Time now = At("2026-11-26T10:00:00Z");
  std::vector<alert::v1::Receipt> receipts;
  std::vector<std::vector<std::string>> repeated;

 private:
  void Keep(const Write& write) {
    Entry entry;
    entry.key = write.entry.key;
    entry.value = write.entry.value;
    entry.tombstone = write.entry.tombstone;
    DOLEN_CHECK(remembered_.Add(0, entry).ok());
    if (!IsReceipt(entry)) return;
    receipts.emplace_back();
    DOLEN_CHECK(receipts.back().ParseFromString(write.entry.value));
    EXPECT_EQ(write.entry.key, receipts.back().destination() + "/" + receipts.back().alert_id());
  }

  const routing::v1::Routing file_;
  absl::btree_map<std::string, Planner::Traits> traits_;
  std::unique_ptr<Planner> planner_;
  Remembered remembered_;
};

constexpr char kEach[] = R"(
destination { name: "desk" log_line {} }
route { to: "desk" })";
constexpr char kHousehold[] = R"(
destination { name: "desk" log_line {} }
route { group: HOUSEHOLD to: "desk" })";
constexpr char kTeam[] = R"(
destination { name: "desk" log_line {} }
route { group: TEAM to: "desk" })";
const Delivery kLater = {Delivery::Outcome::kTryLater, "503", {}, false};
const Delivery kRefused = {Delivery::Outcome::kRefused, "400", {}, false};

std::vector<Kind> Kinds(const std::vector<Notice>& notices) {
  std::vector<Kind> kinds;
  for (const Notice& notice : notices) kinds.push_back(notice.kind);
  return kinds;
}

TEST(Planner, AnAlertIsPagedFollowedAndEndedInOneThread) {
  Office office(kEach);
  office.Take("a", 1, alert::v1::STATE_RAISED);
  const std::vector<Notice> page = office.Send();
  ASSERT_THAT(Kinds(page), ElementsAre(Kind::kPage));
  EXPECT_EQ(page[0].thread, "a");
  EXPECT_EQ(page[0].team, "CSC");
  EXPECT_EQ(page[0].items[0].link, "link/a");
  const std::vector<std::pair<alert::v1::State, Kind>> story = {
      {alert::v1::STATE_AMENDED, Kind::kUpdate},
      {alert::v1::STATE_ACKNOWLEDGED, Kind::kAnswered},
      {alert::v1::STATE_SNOOZED, Kind::kAnswered},
      {alert::v1::STATE_RAISED, Kind::kPage},
      {alert::v1::STATE_RESOLVED, Kind::kAnswered},
      {alert::v1::STATE_ESCALATED, Kind::kPage},
      {alert::v1::STATE_CLEARED, Kind::kEnded}};
  uint32_t number = 1;
  for (const auto& [state, kind] : story) {
    office.Take("a", ++number, state);
    const std::vector<Notice> sent = office.Send();
    ASSERT_THAT(Kinds(sent), ElementsAre(kind));
    EXPECT_EQ(sent[0].thread, "a");
    EXPECT_EQ(sent[0].items[0].alert.number(), number);
  }
  EXPECT_EQ(office.receipts.size(), 8u);
  EXPECT_EQ(office.Status().waiting, 0);
}

TEST(Planner, ARaiseThatWasClearedBeforeItCouldBeSentGoesToNobody) {
  Office office(kEach);
  office.Take("a", 1, alert::v1::STATE_RAISED);
  office.Take("a", 2, alert::v1::STATE_CLEARED);
  EXPECT_THAT(office.Send(), IsEmpty());
  EXPECT_THAT(office.Outcomes(), ElementsAre("a1 OVERTAKEN", "a2 OVERTAKEN"));
  // Nor after attempts that surely failed.
  office.Take("b", 1, alert::v1::STATE_RAISED);
  EXPECT_EQ(office.Send("desk", kLater).size(), 1u);
  office.Take("b", 2, alert::v1::STATE_WITHDRAWN);
  EXPECT_THAT(office.SendFor(absl::Hours(30)), IsEmpty());
}

TEST(Planner, AnEndIsToldWhereThePageMayHaveArrived) {
  Office office(kEach);
  office.Take("a", 1, alert::v1::STATE_RAISED);
  Delivery lost = kLater;
  lost.perhaps_taken = true;
  EXPECT_EQ(office.Send("desk", lost).size(), 1u);
  office.Take("a", 2, alert::v1::STATE_CLEARED);
  EXPECT_THAT(Kinds(office.SendFor(absl::Hours(1))), ElementsAre(Kind::kEnded));
}

TEST(Planner, AChangeThatIsOvertakenIsToldOnceAsItIsNow) {
  Office office(kEach);
  office.Take("a", 1, alert::v1::STATE_RAISED);
  office.Take("a", 2, alert::v1::STATE_AMENDED);
  const std::vector<Notice> sent = office.Send();
  ASSERT_THAT(Kinds(sent), ElementsAre(Kind::kPage));
  EXPECT_EQ(sent[0].items[0].alert.number(), 2u);
  EXPECT_THAT(office.Outcomes(), ElementsAre("a1 OVERTAKEN", "a2 DELIVERED"));
}

TEST(Planner, WhatAPersonAnsweredElsewhereBeforeItCouldBeSentPagesNobody) {
  Office office(kEach);
  office.Take("a", 1, alert::v1::STATE_RAISED);
  office.Take("a", 2, alert::v1::STATE_ACKNOWLEDGED);
  EXPECT_THAT(office.Send(), IsEmpty());
  office.Take("a", 3, alert::v1::STATE_RAISED);
  EXPECT_THAT(Kinds(office.Send()), ElementsAre(Kind::kPage));
}

TEST(Planner, AQuietChangePagesNobodyAndFollowsWhatWasTold) {
  Office office(kEach);
  alert::v1::Alert quiet = RaisedAlert("a");
  quiet.set_quiet(true);
  office.Take(quiet);
  EXPECT_THAT(office.Send(), IsEmpty());
  office.Take("a", 2, alert::v1::STATE_CLEARED);
  EXPECT_THAT(office.Send(), IsEmpty());
  EXPECT_THAT(office.receipts, IsEmpty());
  office.Take("b", 1, alert::v1::STATE_RAISED);
  office.Send();
  quiet = RaisedAlert("b", 2);
  quiet.set_quiet(true);
  office.Take(quiet);
  EXPECT_THAT(Kinds(office.Send()), ElementsAre(Kind::kUpdate));
}

TEST(Planner, WhoMissedTheRaiseIsPagedByWhatCameAfter) {
  Office office(kEach);
  office.Take("a", 3, alert::v1::STATE_AMENDED);
  EXPECT_THAT(Kinds(office.Send()), ElementsAre(Kind::kPage));
  office.Take("a", 7, alert::v1::STATE_AMENDED);  // it may have been over between
  EXPECT_THAT(Kinds(office.Send()), ElementsAre(Kind::kUpdate));
  office.Take("a", 9, alert::v1::STATE_CLEARED);
  EXPECT_THAT(Kinds(office.Send()), ElementsAre(Kind::kEnded));
  office.Take("a", 9, alert::v1::STATE_CLEARED);
  EXPECT_THAT(office.Send(), IsEmpty());
}

TEST(Planner, WhoeverItIsAssignedToIsPagedAndTheOthersAreToldThatItLeft) {
  Office office(R"(
destination { name: "desk" log_line {} }
destination { name: "night" log_line {} }
route { for: "CSC/night" to: "night" }
route { to: "desk" })");
  office.Take("a", 1, alert::v1::STATE_RAISED);
  office.Send();
  alert::v1::Alert given = RaisedAlert("a", 2, alert::v1::STATE_ASSIGNED);
  given.set_assigned_to("CSC/night");
  office.Take(given);
  EXPECT_THAT(Kinds(office.Send("night")), ElementsAre(Kind::kPage));
  const std::vector<Notice> left = office.Send("desk");
  ASSERT_THAT(Kinds(left), ElementsAre(Kind::kEnded));
  EXPECT_EQ(left[0].items[0].alert.state(), alert::v1::STATE_ASSIGNED);
  given.set_number(3);
  given.set_state(alert::v1::STATE_CLEARED);
  office.Take(given);
  EXPECT_THAT(Kinds(office.Send("night")), ElementsAre(Kind::kEnded));
  EXPECT_THAT(office.Send("desk"), IsEmpty());
}

// ---- groups ----

TEST(Planner, FiveSiblingsAreOnePageThatNamesFiveAndEndsWithTheLast) {
  Office office(kHousehold);
  const std::vector<std::string> ids = {"a", "b", "c", "d", "e"};
  for (const std::string& id : ids) {
    alert::v1::Alert alert = RaisedAlert(id);
    alert.set_household("h");
    office.Take(alert);
    EXPECT_THAT(office.Send(), IsEmpty());
    office.Pass(absl::Seconds(5));
  }
  office.Pass(absl::Seconds(5));
  const std::vector<Notice> pages = office.Send();
  ASSERT_THAT(Kinds(pages), ElementsAre(Kind::kPage));
  EXPECT_EQ(pages[0].items.size(), 5u);
  for (uint32_t i = 0; i < 4; ++i) office.Take(ids[i], 2, alert::v1::STATE_CLEARED);
  const std::vector<Notice> some = office.SendFor(absl::Hours(1));
  ASSERT_THAT(Kinds(some), ElementsAre(Kind::kUpdate));
  EXPECT_EQ(some[0].items.size(), 4u);
  office.Take("e", 2, alert::v1::STATE_CLEARED);
  const std::vector<Notice> end = office.Send();
  ASSERT_THAT(Kinds(end), ElementsAre(Kind::kEnded));
  EXPECT_EQ(end[0].thread, pages[0].thread);
  EXPECT_EQ(end[0].items.size(), 1u);
  // A new story has a new thread.
  alert::v1::Alert again = RaisedAlert("a", 3);
  again.set_household("h");
  office.Take(again);
  const std::vector<Notice> next = office.SendFor(absl::Minutes(1));
  ASSERT_THAT(Kinds(next), ElementsAre(Kind::kPage));
  EXPECT_NE(next[0].thread, pages[0].thread);
}

TEST(Planner, WhoComesLaterJoinsTheThreadOfTheGroupWhileItIsOpen) {
  Office office(kTeam);
  office.Take("a", 1, alert::v1::STATE_RAISED);
  const std::vector<Notice> first = office.SendFor(absl::Minutes(1));
  office.Take("b", 1, alert::v1::STATE_RAISED);
  const std::vector<Notice> second = office.SendFor(absl::Minutes(1));
  ASSERT_THAT(Kinds(second), ElementsAre(Kind::kPage));
  EXPECT_EQ(second[0].items.size(), 1u);
  EXPECT_EQ(second[0].thread, first[0].thread);
  // One of two is answered: the group is not.
  office.Take("a", 2, alert::v1::STATE_ACKNOWLEDGED);
  EXPECT_THAT(office.Send(), IsEmpty());
  office.Take("b", 2, alert::v1::STATE_ACKNOWLEDGED);
  const std::vector<Notice> answered = office.Send();
  ASSERT_THAT(Kinds(answered), ElementsAre(Kind::kAnswered));
  EXPECT_EQ(answered[0].items.size(), 2u);
}

TEST(Planner, WhoTakesNoGroupsGetsEachByItself) {
  Office office(kTeam, "desk");
  office.Take("a", 1, alert::v1::STATE_RAISED);
  office.Take("b", 1, alert::v1::STATE_RAISED);
  const std::vector<Notice> pages = office.Send();
  ASSERT_THAT(Kinds(pages), ElementsAre(Kind::kPage, Kind::kPage));
  EXPECT_EQ(pages[0].thread, "a");
  EXPECT_EQ(pages[1].thread, "b");
}

// ---- storms ----

TEST(Planner, AThousandAlertsForOneTeamAreOnePageWhereTheTeamIsAGroup) {
  Office office(kTeam);
  for (int i = 0; i < 1000; ++i) office.Take(absl::StrCat("a", i), 1, alert::v1::STATE_RAISED);
  const std::vector<Notice> sent = office.SendFor(absl::Hours(2));
  ASSERT_THAT(Kinds(sent), ElementsAre(Kind::kPage));
  EXPECT_EQ(sent[0].items.size(), kMaxShown);
  EXPECT_EQ(sent[0].items.size() + sent[0].left_out, 1000u);
  EXPECT_EQ(office.receipts.size(), 1000u);
}

TEST(Planner, AThousandAlertsByThemselvesAreSixtyPagesAndOneSummary) {
  Office office(kEach);
  for (int i = 0; i < 1000; ++i) office.Take(absl::StrCat("a", i), 1, alert::v1::STATE_RAISED);
  const std::vector<Notice> sent = office.SendFor(absl::Minutes(50));
  ASSERT_EQ(sent.size(), 61u);
  EXPECT_EQ(sent[60].kind, Kind::kSummary);
  EXPECT_EQ(sent[60].items.size() + sent[60].left_out, 940u);
  // What comes in the same hour waits for the next summary, not for the next hour.
  office.Take("late", 1, alert::v1::STATE_RAISED);
  EXPECT_THAT(Kinds(office.SendFor(absl::Minutes(5))), ElementsAre(Kind::kSummary));
  // Ends never count.
  for (int i = 0; i < 1000; ++i) office.Take(absl::StrCat("a", i), 2, alert::v1::STATE_CLEARED);
  const std::vector<Notice> ends = office.SendFor(absl::Minutes(10));
  EXPECT_EQ(ends.size(), 61u);
  for (const Notice& end : ends) EXPECT_EQ(end.kind, Kind::kEnded);
}

TEST(Planner, ARestartSendsNothingAgain) {
  Office office(kEach);
  std::vector<alert::v1::Alert> known;
  for (int i = 0; i < 100; ++i) {
    known.push_back(RaisedAlert(absl::StrCat("a", i)));
    office.Take(known.back());
  }
  EXPECT_EQ(office.SendFor(absl::Minutes(1)).size(), 61u);
  office.Restart(known);
  EXPECT_THAT(office.SendFor(absl::Hours(3)), IsEmpty());
  // The hour's pages are remembered too.
  office.Restart(known);
  office.Take("b", 1, alert::v1::STATE_RAISED);
  EXPECT_THAT(Kinds(office.Send()), ElementsAre(Kind::kPage));
}

// ---- digests ----

TEST(Planner, ADigestIsOneMessageAtItsTimeAndLeavesOutWhatIsOver) {
  Office office(R"(
destination { name: "desk" log_line {} }
route { digest_at: "16:00" to: "desk" })");
  for (const char* id : {"a", "b", "c"}) office.Take(id, 1, alert::v1::STATE_RAISED);
  office.Take("b", 2, alert::v1::STATE_CLEARED);
  EXPECT_THAT(office.SendFor(absl::Hours(5) + absl::Minutes(59)), IsEmpty());
  const std::vector<Notice> sent = office.SendFor(absl::Minutes(1));
  ASSERT_THAT(Kinds(sent), ElementsAre(Kind::kDigest));
  EXPECT_EQ(sent[0].items.size(), 2u);
  EXPECT_THAT(office.Outcomes(), UnorderedElementsAre("b1 OVERTAKEN", "b2 OVERTAKEN",
                                                      "a1 SUMMARISED", "c1 SUMMARISED"));
  office.Take("a", 2, alert::v1::STATE_CLEARED);
  EXPECT_THAT(office.SendFor(absl::Hours(48)), IsEmpty());
}

TEST(Planner, WhatIsAdvisoryIsAnUpdateWhereEachGoesByItself) {
  Office office(kEach, "desk");
  alert::v1::Alert alert = RaisedAlert("a");
  alert.set_weight("advisory");
  office.Take(alert);
  EXPECT_THAT(Kinds(office.SendFor(absl::Minutes(1))), ElementsAre(Kind::kUpdate));
  alert.set_number(2);
  alert.set_state(alert::v1::STATE_CLEARED);
  office.Take(alert);
  EXPECT_THAT(Kinds(office.Send()), ElementsAre(Kind::kEnded));
}

// ---- failures ----

TEST(Planner, WhatIsNotTakenIsSentAgainWithTheSameIdUntilItIsGivenUp) {
  Office office(kEach);
  office.Take("a", 1, alert::v1::STATE_RAISED);
  std::string id;
  uint32_t attempts = 0;
  const absl::Time start = office.now;
  for (; office.Status().dead == 0; ++attempts) {
    ASSERT_LT(attempts, 100u);
    const std::vector<Notice> sent = office.Send("desk", kLater);
    ASSERT_EQ(sent.size(), 1u);
    if (id.empty()) id = sent[0].id;
    EXPECT_EQ(sent[0].id, id);
    office.now = std::max(office.now, office.planner().NextDue("desk"));
    if (office.now == absl::InfiniteFuture()) break;
  }
  EXPECT_EQ(attempts + 1, kMostAttempts);
  EXPECT_THAT(office.Outcomes(), ElementsAre("a1 DEAD"));
  EXPECT_EQ(office.receipts[0].attempts(), kMostAttempts);
  EXPECT_EQ(office.receipts[0].answer(), "503");
  EXPECT_THAT(office.Status().dead_alerts, ElementsAre("a"));
  office.now = start + absl::Hours(48);
  EXPECT_THAT(office.Send(), IsEmpty());
  EXPECT_EQ(*office.planner().SendAgain("desk", office.now), 1);
  EXPECT_THAT(Kinds(office.Send()), ElementsAre(Kind::kPage));
  EXPECT_FALSE(office.planner().SendAgain("desc", office.now).ok());
}

TEST(Planner, WhatIsRefusedIsGivenUpAndHoldsUpNothing) {
  Office office(kEach);
  office.Take("a", 1, alert::v1::STATE_RAISED);
  office.Send("desk", kRefused);
  EXPECT_THAT(office.Outcomes(), ElementsAre("a1 DEAD"));
  office.Take("b", 1, alert::v1::STATE_RAISED);
  office.Take("a", 2, alert::v1::STATE_AMENDED);  // still nobody was paged
  EXPECT_THAT(Kinds(office.Send()), ElementsAre(Kind::kPage, Kind::kPage));
}

TEST(Planner, ADestinationThatAsksForPatienceGetsIt) {
  Office office(kEach);
  office.Take("a", 1, alert::v1::STATE_RAISED);
  Delivery later = kLater;
  later.try_after = absl::Minutes(7);
  office.Send("desk", later);
  EXPECT_EQ(office.planner().NextDue("desk"), office.now + absl::Minutes(7));
}

TEST(Planner, ADeadDestinationIsProbedAndThenGetsEverythingAtOnce) {
  Office office(kEach);
  for (int i = 0; i < 20; ++i) office.Take(absl::StrCat("a", i), 1, alert::v1::STATE_RAISED);
  EXPECT_EQ(office.Send("desk", kLater).size(), 5u);
  EXPECT_TRUE(office.Status().breaker_open);
  int attempts = 0;
  const absl::Time end = office.now + absl::Hours(2);
  while (office.planner().NextDue("desk") < end) {
    office.now = office.planner().NextDue("desk");
    attempts += static_cast<int>(office.Send("desk", kLater).size());
  }
  EXPECT_LT(attempts, 30);
  EXPECT_GT(attempts, 20);
  office.now = end + absl::Minutes(5);
  EXPECT_EQ(office.Send().size(), 20u);
  EXPECT_FALSE(office.Status().breaker_open);
}

TEST(Planner, ANoticeThatWaitsIsTakenApartWhenItsAlertMovesOn) {
  Office office(kEach);
  office.Take("a", 1, alert::v1::STATE_RAISED);
  const std::vector<Notice> first = office.Send("desk", kLater);
  office.Take("a", 2, alert::v1::STATE_ESCALATED);
  const std::vector<Notice> second = office.Send();
  ASSERT_THAT(Kinds(second), ElementsAre(Kind::kPage));
  EXPECT_NE(second[0].id, first[0].id);
  EXPECT_THAT(office.SendFor(absl::Hours(2)), IsEmpty());
  EXPECT_THAT(office.Outcomes(), ElementsAre("a1 OVERTAKEN", "a2 DELIVERED"));
}

TEST(Planner, AChangeThatComesWhileItsAlertIsUnderWayIsToldAfterIt) {
  Office office(kEach);
  office.Take("a", 1, alert::v1::STATE_RAISED);
  ASSERT_TRUE(office.planner().Next("desk", office.now, true).has_value());
  office.Take("a", 2, alert::v1::STATE_CLEARED);
  EXPECT_FALSE(office.planner().Next("desk", office.now, true).has_value());
  office.planner().Answered("desk", {Delivery::Outcome::kTaken, "ok", {}, false}, office.now);
  EXPECT_THAT(Kinds(office.Send()), ElementsAre(Kind::kEnded));
  EXPECT_THAT(office.Outcomes(), ElementsAre("a1 DELIVERED", "a2 DELIVERED"));
}

TEST(Planner, AChangeThatComesWhileAnAttemptFailsOvertakesIt) {
  Office office(kEach);
  office.Take("a", 1, alert::v1::STATE_RAISED);
  ASSERT_TRUE(office.planner().Next("desk", office.now, true).has_value());
  office.Take("a", 2, alert::v1::STATE_CLEARED);
  office.planner().Answered("desk", kLater, office.now);
  EXPECT_THAT(office.SendFor(absl::Hours(2)), IsEmpty());
  EXPECT_THAT(office.Outcomes(), UnorderedElementsAre("a1 OVERTAKEN", "a2 OVERTAKEN"));
}

// ---- what forgets, and heartbeats ----

TEST(Planner, WhatForgetsIsToldAgainOfWhatIsOpen) {
  Office office(kEach, "desk", absl::Minutes(1));
  office.Take("a", 1, alert::v1::STATE_RAISED);
  office.Take("b", 1, alert::v1::STATE_RAISED);
  EXPECT_EQ(office.SendFor(absl::Minutes(2)).size(), 2u);
  EXPECT_THAT(office.repeated, ElementsAre(ElementsAre("a", "b"), ElementsAre("a", "b")));
  office.Take("a", 2, alert::v1::STATE_CLEARED);
  EXPECT_THAT(Kinds(office.SendFor(absl::Minutes(1))), ElementsAre(Kind::kEnded));
  EXPECT_THAT(office.repeated.back(), ElementsAre("b"));
}

TEST(Planner, ANewDestinationThatForgetsStartsWithWhatIsOpenAndOthersWithWhatComes) {
  for (const bool forgets : {true, false}) {
    Office office(kEach, forgets ? "desk" : "", absl::Minutes(1));
    // As if the destination had just been added: nothing is remembered of it.
    absl::btree_map<std::string, Planner::Traits> traits = {
        {"desk", {!forgets, forgets ? absl::Minutes(1) : absl::InfiniteDuration()}}};
    Planner planner(FileOf(kEach), traits, [](const alert::v1::Alert&) { return std::string(); });
    planner.Know(0, RaisedAlert("a"));
    planner.Know(0, RaisedAlert("b", 2, alert::v1::STATE_CLEARED));
    ASSERT_TRUE(planner.Begin(office.now).ok());
    const absl::optional<Task> task = planner.Next("desk", office.now, true);
    ASSERT_EQ(task.has_value(), forgets);
    if (!forgets) continue;
    ASSERT_EQ(task->open.size(), 1u);
    EXPECT_EQ(task->open[0].alert.alert_id(), "a");
  }
}

TEST(Planner, AHeartbeatIsSentWhileAllIsWell) {
  Office office(R"(
destination { name: "desk" webhook {} }
route { to: "desk" }
heartbeat { to: "desk" })");
  EXPECT_EQ(office.SendFor(absl::Minutes(5)).size(), 6u);
  office.Pass(absl::Minutes(1));
  EXPECT_FALSE(office.planner().Next("desk", office.now, /*well=*/false).has_value());
  office.Pass(absl::Minutes(1));
  const absl::optional<Task> task = office.planner().Next("desk", office.now, true);
  ASSERT_TRUE(task.has_value());
  EXPECT_EQ(task->notice->kind, Kind::kHeartbeat);
  EXPECT_THAT(office.receipts, IsEmpty());
}

TEST(Planner, WhatNoRouteTakesIsCounted) {
  Office office(R"(
destination { name: "desk" log_line {} }
route { for: "LHB" to: "desk" })");
  office.Take("a", 1, alert::v1::STATE_RAISED);
  EXPECT_THAT(office.Send(), IsEmpty());
  EXPECT_EQ(office.planner().Status().unrouted, 1);
  office.Take("a", 2, alert::v1::STATE_CLEARED);
  EXPECT_EQ(office.planner().Status().unrouted, 0);
}

}  // namespace
}  // namespace dolen
