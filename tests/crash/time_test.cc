// A weekend's backlog that waits in intake while nothing runs: what it proves pages nobody.
#include <gtest/gtest.h>

#include <memory>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "tests/crash/judge.h"
#include "tests/crash/place.h"

namespace dolen {
namespace {

constexpr int kMatters = 6000;
constexpr int kNeverSeenEvery = 500;  // these must be told all the same

class BacklogTest : public testing::Test {
 protected:
  BacklogTest()
      : where_(NewPlace(folder_.path())),
        serve_(where_, folder_.path() + "/book.textproto", folder_.path() + "/serve.log") {
    WriteBook(folder_.path() + "/book.textproto");
    // Friday: the installation is made, the book published and folded.
    serve_.Start();
    EXPECT_TRUE(serve_.WaitUntilItAnswers()) << serve_.Messages();
    EXPECT_EQ(serve_.Stop(), 0) << serve_.Messages();
  }

  // As agencies write while Dolen is down: all starts first, then all stops, which were in time;
  // beta's stops of alpha's children stand in a topic of their own.
  void WriteBacklog() {
    const std::unique_ptr<Log> log = OpenLog(where_);
    auto appender = log->OpenAppender();
    ASSERT_TRUE(appender.ok()) << appender.status();
    for (const char* agency : {"alpha", "beta"}) {
      const absl::Status made = MakeIntake(*log, NamesOf(where_).Intake(agency));
      ASSERT_TRUE(made.ok()) << made;
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
    const TopicPartition intake{NamesOf(where_).Intake(by), 0};
    ASSERT_TRUE(appender.Append(intake, "", event.SerializeAsString()).ok());
    truth_.events[absl::StrCat(by, "/", event.open().event_id())] = {
        child, event.open().SerializeAsString(), event.private_().SerializeAsString()};
    if (!is_start) return;
    truth_.matters["alpha:" + matter] = {
        i % kNeverSeenEvery == 0 ? Plan::kNeverSeen : Plan::kInTime, child, occurred};
  }

  // How many records the ledger holds. No serve may run.
  int64_t LedgerRecords() {
    const std::unique_ptr<Log> log = OpenLog(where_);
    const std::string ledger = NamesOf(where_).Ledger();
    const absl::StatusOr<int32_t> partitions = log->Partitions(ledger);
    EXPECT_TRUE(partitions.ok()) << partitions.status();
    int64_t records = 0;
    for (int32_t p = 0; p < partitions.value_or(0); ++p) records += log->BoundsOf({ledger, p})->end;
    return records;
  }

  // Until the ledger of the running serve holds so many.
  void WaitForLedger(int64_t wanted) {
    const absl::Time deadline = absl::Now() + absl::Seconds(60);
    int64_t records = 0;
    while (records < wanted && absl::Now() < deadline) {
      const std::string ends = serve_.Get({"v1", "ends"}).value_or("");
      records = 0;
      for (const absl::string_view end : absl::StrSplit(ends, ',')) {
        int64_t number = 0;
        if (absl::SimpleAtoi(end, &number)) records += number;
      }
    }
    EXPECT_GE(records, wanted) << serve_.Messages();
  }

  // Until the alerts that must come are open and nothing waits.
  void WaitForAlerts() {
    const absl::Time deadline = absl::Now() + absl::Seconds(120);
    int open = 0;
    while (open < kMatters / kNeverSeenEvery && absl::Now() < deadline) {
      absl::SleepFor(absl::Milliseconds(50));
      open = static_cast<int>(LinesOf(serve_.Get({"v1", "alerts"}).value_or("")).size());
    }
    EXPECT_EQ(open, kMatters / kNeverSeenEvery) << serve_.Messages();
  }

  void Judge() {
    JudgeTimelines(truth_, serve_);
    ASSERT_EQ(serve_.Stop(), 0);
    const auto alerts = ReadTopic(where_, "alerts");
    const AlertCounts counts = JudgeAlerts(truth_, alerts);
    EXPECT_EQ(counts.raised, kMatters / kNeverSeenEvery);
    EXPECT_EQ(counts.records, counts.raised) << "somebody was paged for what the backlog disproves";
    counts_ = JudgeLedger(truth_, ReadTopic(where_, "ledger"));
  }

  TemporaryFolder folder_;
  const Where where_;
  Serve serve_;
  Truth truth_;
  LedgerCounts counts_;  // after Judge
};

TEST_F(BacklogTest, AWeekendsBacklogIsFoldedBeforeAnyTickSoWhatItProvesPagesNobody) {
  WriteBacklog();
  serve_.Start();
  ASSERT_TRUE(serve_.WaitUntilItAnswers()) << serve_.Messages();
  WaitForAlerts();
  Judge();
}

TEST_F(BacklogTest, NorDoesItIfTheProgramIsKilledAmidTheBacklog) {
  WriteBacklog();
  const int64_t before = LedgerRecords();
  // Of the whole: what a kill overtakes cannot be waited for once more.
  for (const int admitted : {1, kMatters / 2, kMatters, 3 * kMatters / 2}) {
    serve_.Start();
    ASSERT_TRUE(serve_.WaitUntilItAnswers()) << serve_.Messages();
    WaitForLedger(before + admitted);
    serve_.Kill();
  }
  serve_.Start();
  ASSERT_TRUE(serve_.WaitUntilItAnswers()) << serve_.Messages();
  WaitForAlerts();
  Judge();
  EXPECT_GT(counts_.duplicates, 0) << "no kill came amid the backlog: nothing was admitted again";
}

}  // namespace
}  // namespace dolen
