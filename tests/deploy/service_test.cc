// What an installation answers, and what an answer costs its log.
#include "deploy/program/service.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

#include "absl/strings/str_cat.h"
#include "deploy/program/progress.h"
#include "engine/base/time.h"
#include "nlohmann/json.hpp"
#include "tests/engine/child/story.h"
#include "tests/engine/log/watched_log.h"

namespace dolen {
namespace {

class ServiceTest : public testing::Test {
 protected:
  ServiceTest() {
    Place place;
    place.data = folder_ = MakeTemporaryFolder();
    place.partitions = 1;
    auto log = std::make_unique<WatchedLog>();
    log_ = log.get();
    const GuardedClock::Source source = {[] { return absl::FromUnixSeconds(1770000000); },
                                         [] { return absl::Seconds(1000); }};
    auto opened = Engine::Open(place, std::move(log), source);
    EXPECT_TRUE(opened.ok()) << opened.status();
    engine_ = *std::move(opened);
    service_ = std::make_unique<Service>(engine_.get());
  }

  ~ServiceTest() override {
    service_.reset();
    engine_.reset();
    std::filesystem::remove_all(folder_);
  }

  static ledger::v1::Delivery DeliveryOf(const std::vector<std::string>& agencies) {
    ledger::v1::Delivery delivery;
    for (const std::string& agency : agencies) {
      ledger::v1::DeliveryItem& item = *delivery.add_item();
      item.set_agency(agency);
      item.set_value("no event");
    }
    return delivery;
  }
  void Refuse(int count) {
    const auto delivered =
        service_->Admit(DeliveryOf(std::vector<std::string>(static_cast<size_t>(count), "alpha")));
    ASSERT_TRUE(delivered.ok()) << delivered.status();
    ASSERT_EQ(delivered->quarantined(), count);
  }
  template <typename Fill>
  void WriteToLedger(Fill fill) {
    ledger::v1::Record record;
    fill(record);
    record.set_written(Micros(absl::FromUnixSeconds(1770000000)));
    auto appender = *log_->simulated().OpenAppender();
    ASSERT_TRUE(
        appender
            ->Append({engine_->installation().names().Ledger(), 0}, "", record.SerializeAsString())
            .ok());
    ASSERT_TRUE(appender->Flush().ok());
  }
  // What doctor says of quarantine; empty: nothing.
  std::string Waiting() {
    const absl::StatusOr<std::string> answer = service_->Doctor();
    EXPECT_TRUE(answer.ok()) << answer.status();
    const nlohmann::json json = nlohmann::json::parse(*answer);
    for (const nlohmann::json& finding : json["findings"]) {
      if (finding["code"] == "quarantine_open") return finding["sentence"];
    }
    return "";
  }
  int64_t InIntake(const std::string& agency) {
    const auto bounds = log_->BoundsOf({engine_->installation().names().Intake(agency), 0});
    return bounds.ok() ? bounds->end : -1;
  }

  std::string folder_;
  WatchedLog* log_ = nullptr;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Service> service_;
};

// It listed quarantine: each call read the whole topic, and no more than 1,000 were counted.
TEST_F(ServiceTest, DoctorCountsWhatWaitsInQuarantineAndReadsItOnce) {
  const std::string quarantine = engine_->installation().names().Quarantine();
  EXPECT_EQ(Waiting(), "");
  Refuse(1500);
  EXPECT_EQ(Waiting(), "1500 values wait in quarantine; say: dolen quarantine list");
  EXPECT_EQ(log_->to_read[quarantine], 1500);
  for (int i = 0; i < 10; ++i) Waiting();
  EXPECT_EQ(log_->to_read[quarantine], 1500) << "nothing was new";
  Refuse(1);
  EXPECT_EQ(Waiting().substr(0, 5), "1501 ");
  EXPECT_EQ(log_->to_read[quarantine], 1501);
  ASSERT_TRUE(service_->SetAside(3, "anna", "a test of the sender").ok());
  EXPECT_EQ(Waiting().substr(0, 5), "1500 ");
}

TEST_F(ServiceTest, PublishingKeepsItsAppenderUntilAnError) {
  const int before = log_->appenders;
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(service_->Publish(DeliveryOf({"alpha", "beta", "alpha"})).ok());
  }
  EXPECT_EQ(log_->appenders - before, 1);
  EXPECT_EQ(InIntake("alpha"), 10);
  EXPECT_EQ(InIntake("beta"), 5);
  log_->simulated().SetFaults({.seed = 1, .unknown_flushes = 1000});
  EXPECT_EQ(service_->Publish(DeliveryOf({"alpha"})).code(), absl::StatusCode::kUnknown);
  log_->simulated().SetFaults({});
  const int64_t there = InIntake("alpha");
  ASSERT_TRUE(service_->Publish(DeliveryOf({"alpha"})).ok());
  EXPECT_EQ(log_->appenders - before, 2);
  EXPECT_EQ(InIntake("alpha"), there + 1);
}

// What stood before the bad name was sent all the same, though the answer was no; and an empty name
// passed, which made an intake topic that is nobody's.
TEST_F(ServiceTest, NothingIsSentWhereOneNameIsNoAgency) {
  for (const std::string bad : {"", "no agency"}) {
    EXPECT_EQ(service_->Publish(DeliveryOf({"alpha", bad})).code(),
              absl::StatusCode::kInvalidArgument);
  }
  EXPECT_LE(InIntake("alpha"), 0);
  ASSERT_TRUE(service_->Publish(DeliveryOf({"alpha"})).ok());
  EXPECT_EQ(InIntake("alpha"), 1);
}

// It stopped at as many as a list shows: of a storm's alerts the rest stayed open without a word.
TEST_F(ServiceTest, AllThatAreOpenAreAnsweredHoweverManyAListShows) {
  WriteToLedger([](ledger::v1::Record& record) {
    record.mutable_book()->set_book(
        story::BookOf(story::Rule(R"(start { is: "begun" } stop { is: "done" }
                                     limit { allow { calendar_days: 1 } })"))
            .SerializeAsString());
    *record.mutable_book()->mutable_zone() = story::LondonTable();
  });
  for (int child = 0; child < 3; ++child) {
    WriteToLedger([&](ledger::v1::Record& record) {
      record = story::Story::RecordOf({"begun", "2026-01-05"}, story::Story::Child(child));
    });
  }
  WriteToLedger([](ledger::v1::Record& record) { record.mutable_tick()->set_drains(1000); });
  ASSERT_TRUE(engine_->CatchUp().ok());
  Deed deed;
  deed.all = true;
  deed.which.limit = 1;
  deed.action.set_kind(alert::v1::Action::KIND_ACKNOWLEDGED);
  deed.action.set_by("sian");
  const absl::StatusOr<std::string> done = service_->desk().Do(deed, Format::kText);
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(*done, "3 alerts\n");
}

TEST_F(ServiceTest, ManyMayPublishAndAskAtOnce) {
  constexpr int kThreads = 4, kTimes = 50;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([this] {
      for (int time = 0; time < kTimes; ++time) {
        EXPECT_TRUE(service_->Publish(DeliveryOf({"alpha"})).ok());
        Refuse(1);
        EXPECT_NE(Waiting(), "");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(InIntake("alpha"), kThreads * kTimes);
  EXPECT_EQ(Waiting().substr(0, 4), absl::StrCat(kThreads * kTimes, " "));
}

}  // namespace
}  // namespace dolen
