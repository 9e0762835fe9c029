// A weekend's backlog that waits in intake while nothing runs: what it proves pages nobody.
#include <gtest/gtest.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "engine/log/local_log.h"
#include "nlohmann/json.hpp"
#include "tests/crash/judge.h"

namespace dolen {
namespace {

constexpr int kMatters = 6000;
constexpr int kNeverSeenEvery = 500;  // these must be told all the same

class BacklogTest : public testing::Test {
 protected:
  BacklogTest() {
    where_.data = folder_.path() + "/data";
    WriteBook(folder_.path() + "/book.textproto");
    serve_ = std::make_unique<Serve>(where_, folder_.path() + "/book.textproto",
                                     folder_.path() + "/serve.log");
    // Friday: the installation is made, the book published and folded.
    serve_->Start();
    EXPECT_TRUE(serve_->WaitUntilItAnswers()) << serve_->Messages();
    EXPECT_EQ(serve_->Stop(), 0) << serve_->Messages();
  }

  // As agencies write while Dolen is down: all starts first, then all stops, which were in time;
  // beta's stops of alpha's children stand in a topic of their own.
  void WriteBacklog() {
    auto log = LocalLog::Open(where_.data + "/log");
    ASSERT_TRUE(log.ok()) << log.status();
    TopicNames names;
    auto appender = (*log)->OpenAppender();
    for (const char* agency : {"alpha", "beta"}) {
      ASSERT_TRUE((*log)->CreateTopic({names.Intake(agency), 1}).ok());
    }
    const absl::Time friday =
        absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now())) - absl::Hours(66);
    for (int i = 0; i < kMatters; ++i) Append(**appender, i, "report_made", friday);
    for (int i = 0; i < kMatters; ++i) {
      if (i % kNeverSeenEvery != 0) {
        Append(**appender, i, "child_seen", friday + absl::Minutes(30));
      }
    }
    ASSERT_TRUE((*appender)->Flush().ok());
  }

  void Append(LogAppender& appender, int i, const std::string& milestone, absl::Time occurred) {
    const bool is_start = milestone == "report_made";
    const std::string matter = absl::StrCat("M-", i), child = absl::StrCat("c", i / 2);
    event::v1::Event event =
        MadeEvent("alpha", absl::StrCat("e", i, milestone), child, matter, milestone, occurred);
    const std::string by = is_start || i % 2 == 0 ? "alpha" : "beta";
    event.mutable_open()->set_agency(by);
    ASSERT_TRUE(appender.Append({TopicNames().Intake(by), 0}, "", event.SerializeAsString()).ok());
    truth_.events[absl::StrCat(by, "/", event.open().event_id())] = {
        child, event.open().SerializeAsString(), event.private_().SerializeAsString()};
    if (!is_start) return;
    truth_.matters["alpha:" + matter] = {
        i % kNeverSeenEvery == 0 ? Plan::kNeverSeen : Plan::kInTime, child, occurred};
  }

  // Until the alerts that must come are open and nothing waits.
  void WaitForAlerts() {
    const absl::Time deadline = absl::Now() + absl::Seconds(120);
    int open = 0;
    while (open < kMatters / kNeverSeenEvery && absl::Now() < deadline) {
      absl::SleepFor(absl::Milliseconds(50));
      open = static_cast<int>(LinesOf(serve_->Get({"v1", "alerts"}).value_or("")).size());
    }
    EXPECT_EQ(open, kMatters / kNeverSeenEvery) << serve_->Messages();
  }

  void Judge() {
    JudgeTimelines(truth_, *serve_);
    ASSERT_EQ(serve_->Stop(), 0);
    const auto alerts = ReadTopic(where_, "alerts");
    const AlertCounts counts = JudgeAlerts(truth_, alerts);
    EXPECT_EQ(counts.raised, kMatters / kNeverSeenEvery);
    EXPECT_EQ(counts.records, counts.raised) << "somebody was paged for what the backlog disproves";
    JudgeLedger(truth_, ReadTopic(where_, "ledger"));
  }

  TemporaryFolder folder_;
  Where where_;
  std::unique_ptr<Serve> serve_;
  Truth truth_;
};

TEST_F(BacklogTest, AWeekendsBacklogIsFoldedBeforeAnyTickSoWhatItProvesPagesNobody) {
  WriteBacklog();
  serve_->Start();
  ASSERT_TRUE(serve_->WaitUntilItAnswers()) << serve_->Messages();
  WaitForAlerts();
  Judge();
}

TEST_F(BacklogTest, NorDoesItIfTheProgramIsKilledAmidTheBacklog) {
  WriteBacklog();
  for (const int milliseconds : {50, 100, 200, 300}) {
    serve_->Start();
    ASSERT_TRUE(serve_->WaitUntilItAnswers()) << serve_->Messages();
    absl::SleepFor(absl::Milliseconds(milliseconds));
    serve_->Kill();
  }
  serve_->Start();
  ASSERT_TRUE(serve_->WaitUntilItAnswers()) << serve_->Messages();
  WaitForAlerts();
  Judge();
}

}  // namespace
}  // namespace dolen
