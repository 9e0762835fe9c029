#include "engine/audit/audit_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <set>
#include <thread>

#include "absl/strings/str_cat.h"
#include "engine/base/digest.h"
#include "engine/log/simulated_log.h"

namespace dolen {
namespace {

using audit::v1::Read;
using testing::ElementsAre;
using testing::HasSubstr;

Read By(const std::string& subject) {
  Read read;
  read.set_subject(subject);
  read.set_what("GET /v1/timeline");
  read.add_child("000102030405060708090a0b0c0d0e0f");
  return read;
}

class AuditLogTest : public testing::Test {
 protected:
  std::unique_ptr<AuditLog> Open() {
    auto audit = AuditLog::Open(&log_, names_);
    EXPECT_TRUE(audit.ok()) << audit.status();
    return *std::move(audit);
  }
  absl::StatusOr<AuditReport> Verify(const AuditHead& noted = {}) {
    subjects_.clear();
    return VerifyAudit(log_, names_, noted,
                       [this](const Read& read) { subjects_.push_back(read.subject()); });
  }
  // The records as they lie there, changed, in a log of their own; and what is said of them.
  std::string SaidOf(const std::function<void(std::vector<std::string>&)>& change) {
    const TopicPartition at{names_.Audit(), 0};
    std::vector<std::string> values;
    auto reader = *log_.Read(at, 0);
    const auto entries = reader->Read(1000, absl::ZeroDuration());
    EXPECT_TRUE(entries.ok());
    for (const Entry& entry : entries.value()) values.emplace_back(entry.value);
    change(values);
    SimulatedLog forged;
    EXPECT_TRUE(forged.CreateTopic({at.topic}).ok());
    auto appender = *forged.OpenAppender();
    for (const std::string& value : values) EXPECT_TRUE(appender->Append(at, "", value).ok());
    EXPECT_TRUE(appender->Flush().ok());
    return std::string(VerifyAudit(forged, names_, {}, [](const Read&) {}).status().message());
  }

  SimulatedLog log_;
  const TopicNames names_{};
  std::vector<std::string> subjects_;
};

TEST_F(AuditLogTest, EachReadFollowsTheOneBeforeAlsoOverARestart) {
  auto audit = Open();
  EXPECT_EQ(audit->head(), AuditHead());
  ASSERT_TRUE(audit->Append(By("a")).ok());
  ASSERT_TRUE(audit->Append(By("b")).ok());
  audit = Open();
  EXPECT_EQ(audit->head().number, 2u);
  ASSERT_TRUE(audit->Append(By("c")).ok());
  const absl::StatusOr<AuditReport> report = Verify();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->head, audit->head());
  EXPECT_THAT(subjects_, ElementsAre("a", "b", "c"));
}

TEST_F(AuditLogTest, AnEmptyLogIsWhole) {
  Open();
  EXPECT_EQ(Verify()->head, AuditHead());
}

TEST_F(AuditLogTest, WhatWasChangedTakenOutOrPutInIsFound) {
  const auto audit = Open();
  for (const char* const subject : {"a", "b", "c", "d"}) {
    ASSERT_TRUE(audit->Append(By(subject)).ok());
  }
  using Values = std::vector<std::string>;
  EXPECT_EQ(SaidOf([](Values&) {}), "");
  EXPECT_THAT(SaidOf([](Values& values) { values.erase(values.begin() + 1); }),
              HasSubstr("offset 1: the chain is broken: read 3 does not follow read 1"));
  EXPECT_THAT(SaidOf([](Values& values) { values.erase(values.begin()); }),
              HasSubstr("offset 0: the chain is broken: read 2 does not follow read 0"));
  EXPECT_THAT(SaidOf([](Values& values) { std::swap(values[1], values[2]); }),
              HasSubstr("chain is broken"));
  EXPECT_THAT(SaidOf([](Values& values) { values.insert(values.begin(), values[0]); }),
              HasSubstr("chain is broken"));
  EXPECT_THAT(SaidOf([](Values& values) {
                Read read;
                EXPECT_TRUE(read.ParseFromString(values[1]));
                read.set_subject("nobody");
                values[1] = read.SerializeAsString();
              }),
              HasSubstr("offset 2: the chain is broken"));
  EXPECT_THAT(SaidOf([](Values& values) { values[2] = "\xff"; }), HasSubstr("not a record"));
}

TEST_F(AuditLogTest, WhatWasCutOffAtItsEndIsFoundByAHeadThatWasNoted) {
  const auto audit = Open();
  ASSERT_TRUE(audit->Append(By("a")).ok());
  const AuditHead noted = audit->head();
  EXPECT_TRUE(Verify(noted)->has_noted);
  ASSERT_TRUE(audit->Append(By("b")).ok());
  EXPECT_TRUE(Verify(noted)->has_noted) << "what came later does not matter";
  AuditHead later = audit->head();
  later.number = 3;
  EXPECT_FALSE(Verify(later)->has_noted);
}

TEST_F(AuditLogTest, ReadsOfManyThreadsAreOneChain) {
  constexpr int kThreads = 8, kEach = 50;
  const auto audit = Open();
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < kEach; ++i) {
        EXPECT_TRUE(audit->Append(By(absl::StrCat(thread, "-", i))).ok());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const absl::StatusOr<AuditReport> report = Verify();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->head.number, static_cast<uint64_t>(kThreads * kEach));
  EXPECT_EQ(std::set<std::string>(subjects_.begin(), subjects_.end()).size(),
            static_cast<size_t>(kThreads * kEach));
}

// The outcome of half of all writes is not known; in half of these the records are there.
TEST_F(AuditLogTest, AReadIsThereOnceWhateverBecomesOfAWrite) {
  const auto audit = Open();
  log_.SetFaults({1, 0, /*unknown_fenced=*/500, /*short_reads=*/300});
  std::vector<std::string> told;
  for (int i = 0; i < 300; ++i) {
    const std::string subject = absl::StrCat(i);
    if (audit->Append(By(subject)).ok()) told.push_back(subject);
  }
  log_.SetFaults({});
  const absl::StatusOr<AuditReport> report = Verify();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_GT(told.size(), 150u);
  std::map<std::string, int> times;
  for (const std::string& subject : subjects_) ++times[subject];
  for (const std::string& subject : told) EXPECT_EQ(times[subject], 1) << subject;
}

TEST_F(AuditLogTest, ASecondProcessGoesOnWithTheSameChain) {
  const auto one = Open();
  ASSERT_TRUE(one->Append(By("a")).ok());
  const auto two = Open();  // fences the first
  ASSERT_TRUE(two->Append(By("b")).ok());
  ASSERT_TRUE(one->Append(By("c")).ok());
  ASSERT_TRUE(Verify().ok());
  EXPECT_THAT(subjects_, ElementsAre("a", "b", "c"));
}

}  // namespace
}  // namespace dolen
