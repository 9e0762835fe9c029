// Random stories of alerts, destinations that fail at random, a log whose writes have no known
// outcome, and processes that die at any moment, against a model that knows only what was told to
// whom: in the end each alert's last state is where it must be, and on the way none goes backwards.
#include <gmock/gmock.h>

#include <random>

#include "tests/connectors/alerting/lab.h"

namespace dolen {
namespace {

using Kind = Notice::Kind;

constexpr char kFile[] = R"(
team { id: "B" hours { day: "mon" day: "tue" from: "09:00" to: "17:00" } }
destination { name: "each" log_line {} most_in_hour: 20 }
destination { name: "group" log_line {} }
destination { name: "night" log_line {} }
destination { name: "single" log_line {} }
route { for: "A" level: "overdue" to: "each" to: "single" }
route { for: "A" group: HOUSEHOLD to: "group" to: "single" }
route { for: "B" to: "night" })";
constexpr int kAlerts = 12;

class World {
 public:
  explicit World(uint64_t seed) : random_(seed), lab_(kFile, "single", seed) {
    SimulatedFaults faults;
    faults.seed = seed;
    faults.unknown_fenced = 150;
    faults.short_reads = 200;
    lab_.log().SetFaults(faults);
  }

  void Live(int steps) {
    for (int step = 0; step < steps; ++step) {
      switch (Below(8)) {
        case 0:
        case 1:
          TellSomething();
          break;
        case 2:
          lab_.now += absl::Seconds(Below(600));
          break;
        case 3:
          (void)lab_.dispatch->TakeNew(lab_.now);
          break;
        case 4:
          if (Below(10) == 0) Crash();
          break;
        case 5:
          if (Below(20) == 0) (void)lab_.dispatch->SendAgain(Name(Below(4)), lab_.now);
          break;
        default:
          Attempt(Name(Below(4)));
      }
    }
    lab_.log().SetFaults({});
    if (Below(2) == 0) Crash();
    lab_.RunFor(absl::Minutes(30));
    for (const char* name : kNames) ASSERT_TRUE(lab_.dispatch->SendAgain(name, lab_.now).ok());
    lab_.RunFor(absl::Hours(3));
  }

  void Judge() {
    for (const char* name : kNames) {
      for (int i = 0; i < kAlerts; ++i) JudgeAlert(name, i);
    }
    for (const DestinationStatus& status : lab_.dispatch->Status().destinations) {
      EXPECT_EQ(status.waiting, 0) << status.name;
      EXPECT_EQ(status.dead, 0) << status.name;
    }
  }

 private:
  static constexpr const char* kNames[] = {"each", "group", "night", "single"};
  static const char* Name(int i) { return kNames[i]; }
  int Below(int bound) { return static_cast<int>(random_() % static_cast<uint64_t>(bound)); }
  static std::string IdOf(int i) { return absl::StrCat("alert", i); }

  void TellSomething() {
    const int i = Below(kAlerts);
    std::vector<alert::v1::Alert>& story = stories_[i];
    const bool open = !story.empty() && !IsOver(story.back());
    static constexpr alert::v1::State kStates[] = {
        alert::v1::STATE_AMENDED,  alert::v1::STATE_ACKNOWLEDGED, alert::v1::STATE_SNOOZED,
        alert::v1::STATE_RESOLVED, alert::v1::STATE_RAISED,       alert::v1::STATE_ESCALATED,
        alert::v1::STATE_CLEARED,  alert::v1::STATE_WITHDRAWN,    alert::v1::STATE_ASSIGNED};
    alert::v1::Alert alert = RaisedAlert(IdOf(i), static_cast<uint32_t>(story.size()) + 1,
                                         open ? kStates[Below(9)] : alert::v1::STATE_RAISED);
    alert.set_to(0, i == 11 ? "nobody" : i % 3 == 2 ? "B" : "A");
    alert.set_level(i % 2 == 0 ? "overdue" : "due_soon");
    alert.set_household(absl::StrCat("h", i % 4));
    if (open) alert.set_assigned_to(story.back().assigned_to());
    if (alert.state() == alert::v1::STATE_ASSIGNED) {
      alert.set_assigned_to(Below(2) == 0 ? "A" : "B");
    }
    if (IsAnswer(alert)) alert.mutable_answer();
    alert.set_quiet(Below(10) == 0);
    story.push_back(alert);
    lab_.Tell(alert);
  }

  void Attempt(const std::string& name) {
    const absl::optional<Task> task = lab_.dispatch->Next(name, lab_.now);
    if (!task.has_value()) return;
    const int fate = Below(20);
    if (fate == 0) return Crash();
    Delivery delivery = {Delivery::Outcome::kTaken, "ok", {}, false};
    if (fate < 6) delivery = {Delivery::Outcome::kTryLater, "503", {}, false};
    if (fate == 7) delivery = {Delivery::Outcome::kRefused, "400", {}, false};
    if (fate == 8) delivery = {Delivery::Outcome::kTryLater, "timed out", {}, true};
    if (delivery.outcome == Delivery::Outcome::kTaken || delivery.perhaps_taken) {
      lab_.Deliver(name, *task->notice);
    }
    if (fate == 9) return Crash();
    lab_.now += absl::Seconds(Below(5));
    // Others go on meanwhile.
    if (Below(3) == 0) TellSomething();
    if (Below(2) == 0) (void)lab_.dispatch->TakeNew(lab_.now);
    lab_.dispatch->Answered(name, delivery, lab_.now);
  }

  void Crash() {
    lab_.dispatch.reset();
    absl::StatusOr<std::unique_ptr<Dispatch>> opened = lab_.TryOpen(&lab_.log());
    for (int i = 0; i < 100 && !opened.ok(); ++i) opened = lab_.TryOpen(&lab_.log());
    ASSERT_TRUE(opened.ok()) << opened.status();
    lab_.dispatch = *std::move(opened);
  }

  // Where a change of an alert leads.
  static bool IsRouted(const std::string& name, const alert::v1::Alert& alert) {
    const std::string team = alert.assigned_to().empty() ? alert.to(0) : alert.assigned_to();
    if (team == "B") return name == "night";
    if (team != "A") return false;
    return name == "single" || name == (alert.level() == "overdue" ? "each" : "group");
  }
  static bool IsOverFor(const std::string& name, const alert::v1::Alert& alert) {
    return IsOver(alert) || (!alert.assigned_to().empty() && !IsRouted(name, alert));
  }
  static bool IsPaging(const alert::v1::Alert& alert) {
    return !alert.quiet() && (alert.state() == alert::v1::STATE_RAISED ||
                              alert.state() == alert::v1::STATE_ESCALATED ||
                              alert.state() == alert::v1::STATE_ASSIGNED);
  }

  // The story and what was told of it, for whoever mends a failure.
  std::string TextOf(const std::string& name, int i) {
    std::string text;
    for (const alert::v1::Alert& change : stories_[i]) {
      absl::StrAppend(&text, " ", change.number(), " ",
                      alert::v1::State_Name(change.state()).substr(6),
                      change.quiet() ? " quietly" : "", " ", change.assigned_to());
    }
    absl::StrAppend(&text, "; told:");
    for (const Taken& taken : lab_.taken[name]) {
      if (taken.alert.alert_id() != IdOf(i)) continue;
      absl::StrAppend(&text, " ", taken.alert.number(), " in a ", static_cast<int>(taken.kind));
    }
    return text;
  }

  void JudgeAlert(const std::string& name, int i) {
    const std::vector<alert::v1::Alert>& story = stories_[i];
    if (story.empty()) return;
    SCOPED_TRACE(absl::StrCat(name, " ", IdOf(i), ":", TextOf(name, i)));
    uint32_t last = 0;
    std::string last_notice;
    bool ended = false;
    for (const Taken& taken : lab_.taken[name]) {
      if (taken.alert.alert_id() != IdOf(i)) continue;
      const uint32_t number = taken.alert.number();
      ASSERT_GE(number, last) << "went backwards";
      // A group of which another has moved on is another notice.
      if (number == last && name != "group") {
        EXPECT_EQ(taken.notice, last_notice);
      }
      last = number;
      last_notice = taken.notice;
      ended = taken.kind == Kind::kEnded;
      EXPECT_TRUE(!ended || IsOver(taken.alert) || !IsRouted(name, taken.alert))
          << "ended what is open";
    }
    const bool told = last > 0 && !ended && !IsOverFor(name, story[last - 1]);
    if (told) {
      EXPECT_EQ(last, story.size()) << "follows to the last change";
      return;
    }
    bool owed = false;
    for (size_t at = last; at < story.size(); ++at) {
      const alert::v1::Alert& change = story[at];
      if (IsOverFor(name, change) || IsAnswer(change)) {
        owed = false;
      } else if (IsPaging(change) && IsRouted(name, change)) {
        owed = true;
      }
    }
    EXPECT_FALSE(owed) << "nobody was paged; last told " << last << " of " << story.size();
    if (last == 0) return;
    EXPECT_TRUE(std::any_of(story.begin(), story.begin() + last, [&](const auto& change) {
      return IsRouted(name, change);
    })) << "told though no route leads here";
  }

  std::mt19937_64 random_;
  Lab lab_;
  std::vector<std::vector<alert::v1::Alert>> stories_{kAlerts};
};

TEST(NotifierProperty, InTheEndEveryDestinationKnowsWhatItMustAndNothingGoesBackwards) {
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    World world(seed);
    world.Live(400);
    world.Judge();
    if (::testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace dolen
