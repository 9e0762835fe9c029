// What an upgrade holds back, as the program shows it: an installation whose ledger and alerts were
// written by a release before fold revisions were stated.
#include "deploy/program/upkeep.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "absl/time/clock.h"
#include "deploy/program/progress.h"
#include "engine/base/time.h"
#include "engine/log/simulated_log.h"
#include "nlohmann/json.hpp"
#include "tests/deploy/wait.h"
#include "tests/engine/child/story.h"

namespace dolen {
namespace {

using nlohmann::json;
using story::At;
using story::Story;
using testing::HasSubstr;

class UpkeepTest : public testing::Test {
 protected:
  UpkeepTest() { place_.data = MakeTemporaryFolder(); }
  ~UpkeepTest() override {
    service_ = nullptr;
    engine_ = nullptr;
    std::filesystem::remove_all(place_.data);
  }

  // A ledger of two partitions; what is told there says nothing of revisions.
  std::unique_ptr<SimulatedLog> OldLog() {
    auto log = std::make_unique<SimulatedLog>(
        SimulatedLogOptions{[this] { return now_; }, "old", SimulatedFaults{}});
    EXPECT_TRUE(log->CreateTopic({names_.Ledger(), 2}).ok());
    EXPECT_TRUE(log->CreateTopic({names_.Alerts(), 2, true}).ok());
    ledger::v1::Record book;
    book.mutable_book()->set_book(
        story::BookOf(story::Rule(R"(start { is: "begun" } stop { is: "done" }
                                     limit { allow { calendar_days: 1 } })"))
            .SerializeAsString());
    *book.mutable_book()->mutable_zone() = story::LondonTable();
    ledger::v1::Record tick;
    tick.mutable_tick()->set_drains(1000);
    ledger::v1::Record event = Story::RecordOf({"begun", "2026-01-05"}, Story::Child(0));
    auto appender = *log->OpenAppender();
    for (int32_t partition = 0; partition < 2; ++partition) {
      for (ledger::v1::Record* record : {&book, &event, &tick}) {
        record->set_written(Micros(now_));
        EXPECT_TRUE(
            appender->Append({names_.Ledger(), partition}, "", record->SerializeAsString()).ok());
      }
    }
    // Of child 0 it told nothing; of another child it told what this release knows nothing of.
    alert::v1::Alert told;
    told.set_alert_id("a1");
    told.set_number(3);
    told.set_shard_number(41);
    told.set_shard(1);
    told.set_state(alert::v1::STATE_RAISED);
    told.set_child(Story::Child(1).Hex());
    told.set_clock("OLD/standing");
    told.set_rule("OLD");
    told.set_level("overdue");
    EXPECT_TRUE(appender->Append({names_.Alerts(), 1}, "a1", told.SerializeAsString()).ok());
    EXPECT_TRUE(appender->Flush().ok());
    return log;
  }

  void Open() {
    auto log = OldLog();
    log_ = log.get();
    const GuardedClock::Source source = {[this] { return now_; },
                                         [this] { return now_ - At("2026-01-01"); }};
    auto opened = Engine::Open(place_, std::move(log), source);
    ASSERT_TRUE(opened.ok()) << opened.status();
    engine_ = *std::move(opened);
    service_ = std::make_unique<Service>(engine_.get());
  }
  json Doctor() { return json::parse(*service_->Doctor()); }
  static std::string SentenceOf(const json& doctor, const std::string& code) {
    for (const json& finding : doctor["findings"]) {
      if (finding["code"] == code) return finding["sentence"];
    }
    return "";
  }
  // Numbers told in a partition of the alerts topic, and how many of them are quiet.
  std::vector<uint64_t> Told(int32_t partition, int* quiet = nullptr) {
    std::vector<uint64_t> numbers;
    auto reader = *log_->Read({names_.Alerts(), partition}, 0, Holes::kAllowed);
    const auto entries = *reader->Read(1000, absl::ZeroDuration());
    for (const Entry& entry : entries) {
      alert::v1::Alert alert;
      EXPECT_TRUE(alert.ParseFromString(std::string(entry.value)));
      numbers.push_back(alert.shard_number());
      if (quiet != nullptr) *quiet += alert.quiet() ? 1 : 0;
    }
    return numbers;
  }

  absl::Time now_ = At("2026-01-08 09:00");
  Place place_;
  TopicNames names_;
  SimulatedLog* log_ = nullptr;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Service> service_;
};

TEST_F(UpkeepTest, AfterAnUpgradeTheDifferenceIsListedAndNothingIsToldBeforeTheRelease) {
  Open();
  EXPECT_THAT(SentenceOf(Doctor(), "folding_again"), HasSubstr("shard 0: 0 of 3 records"));
  EXPECT_FALSE(Doctor()["ok"]);
  EXPECT_EQ(ReleaseRevision(*engine_, false, "anna").code(), absl::StatusCode::kUnavailable);
  ASSERT_TRUE(engine_->CatchUp().ok());
  EXPECT_EQ(SentenceOf(Doctor(), "folding_again"), "");
  // The same child stands in both partitions here, and was told of in none.
  EXPECT_THAT(SentenceOf(Doctor(), "revision_held"),
              testing::StartsWith("3 changes of alerts (2 raised, 1 withdrawn) are held back"));
  EXPECT_THAT(SentenceOf(Doctor(), "revision_held"), HasSubstr("OLD: 1 withdrawn; R: 2 raised"));
  EXPECT_FALSE(Doctor()["ok"]);
  EXPECT_THAT(*ShowRevision(*engine_, Format::kText), HasSubstr("3 changes are held back"));
  const std::string lines = *ShowRevision(*engine_, Format::kJson);
  const json first = json::parse(lines.substr(0, lines.find('\n')));
  EXPECT_EQ(first["change"], "withdrawn");
  EXPECT_EQ(first["number"], 4);
  EXPECT_EQ(first["published"]["state"], "raised");
  EXPECT_THAT(Told(0), testing::IsEmpty());
  EXPECT_THAT(Told(1), testing::ElementsAre(41));

  ASSERT_TRUE(ReleaseRevision(*engine_, /*quiet=*/true, "anna").ok());
  ASSERT_TRUE(engine_->CatchUp().ok());
  int quiet = 0;
  EXPECT_THAT(Told(0, &quiet), testing::ElementsAre(1));
  EXPECT_THAT(Told(1, &quiet), testing::ElementsAre(41, 42, 43));
  EXPECT_EQ(quiet, 3);
  EXPECT_EQ(SentenceOf(Doctor(), "revision_held"), "");
  EXPECT_TRUE(Doctor()["ok"]);
  EXPECT_EQ(*ShowRevision(*engine_, Format::kText), "Nothing is held back.\n");
}

TEST_F(UpkeepTest, AServingEngineTakesOverByItselfAndAdmitsOnlyThen) {
  Open();
  engine_->Start();
  WaitFor([&] { return engine_->installation().Speaks(); });
  WaitFor([&] { return engine_->alarms().List().count("revision_held") > 0; });
  EXPECT_EQ(engine_->alarms().List().count("revision_held"), 1);
  EXPECT_THAT(SentenceOf(Doctor(), "revision_held"), HasSubstr("3 changes"));
  ledger::v1::Delivery delivery;
  delivery.add_item()->set_agency("alpha");
  delivery.mutable_item(0)->set_value("no event");
  ASSERT_TRUE(service_->Publish(delivery).ok());
  ASSERT_TRUE(engine_->RefreshIntake().ok());  // the clocks stand still, so it would not look
  WaitFor([&] { return !SentenceOf(Doctor(), "quarantine_open").empty(); });
  EXPECT_THAT(SentenceOf(Doctor(), "quarantine_open"), HasSubstr("1 values"))
      << "admission goes on";
  ASSERT_TRUE(ReleaseRevision(*engine_, false, "anna").ok());
  WaitFor([&] { return Told(1).size() >= 3; });
  EXPECT_THAT(Told(1), testing::ElementsAre(41, 42, 43));
  WaitFor([&] { return engine_->alarms().List().count("revision_held") == 0; });
  EXPECT_EQ(engine_->alarms().List().count("revision_held"), 0);
  engine_->Stop();
}

TEST_F(UpkeepTest, ABackfillThatIsOpenForMoreThanADayIsAWarning) {
  Open();
  ASSERT_TRUE(engine_->CatchUp().ok());
  ASSERT_TRUE(service_->BeginBackfill("old", "anna").ok());
  ASSERT_TRUE(service_->BeginBackfill("older", "ben").ok());
  ASSERT_TRUE(engine_->CatchUp().ok());
  EXPECT_EQ(SentenceOf(Doctor(), "backfill_open"), "");
  EXPECT_THAT(*ListBackfills(*engine_, Format::kText),
              testing::MatchesRegex("old +begun 2026-01-08T09:00:00Z by anna, 0 events, open\n"
                                    "older +begun 2026-01-08T09:00:00Z by ben, 0 events, open\n"));
  now_ += absl::Hours(25);
  ASSERT_TRUE(service_->EndBackfill("old", "carys").ok());
  ASSERT_TRUE(engine_->CatchUp().ok());
  EXPECT_THAT(SentenceOf(Doctor(), "backfill_open"), HasSubstr("dolen backfill end older"));
  const std::string listed = *ListBackfills(*engine_, Format::kJson);
  const json first = json::parse(listed.substr(0, listed.find('\n')));
  EXPECT_EQ(first["backfill"], "old");
  EXPECT_EQ(first["open"], false);
  EXPECT_EQ(first["ended"], "2026-01-09T10:00:00Z");
  EXPECT_EQ(first["ended_by"], "carys");
}

}  // namespace
}  // namespace dolen
