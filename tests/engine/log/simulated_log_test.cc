// What holds for the simulated log beside the conformance suite: its clock, its faults, its memory.
#include "engine/log/simulated_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/engine/log/conformance.h"

namespace dolen {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const TopicPartition kAt{"topic", 0};

std::vector<std::string> All(SimulatedLog& log) {
  return ReadValues(**log.Read(kAt, log.BoundsOf(kAt)->begin),
                    log.BoundsOf(kAt)->end - log.BoundsOf(kAt)->begin);
}

TEST(SimulatedLogTest, RecordsCarryTheStatedTimeBackwardsToo) {
  absl::Time now = absl::FromUnixSeconds(1000);
  SimulatedLogOptions options;
  options.clock = [&now] { return now; };
  SimulatedLog log(options);
  ASSERT_TRUE(log.CreateTopic({"topic"}).ok());
  auto appender = *log.OpenAppender();
  ASSERT_TRUE(appender->Append(kAt, "k", "a").ok());
  now = absl::FromUnixSeconds(10);
  ASSERT_TRUE(appender->Append(kAt, "k", "b").ok());
  const std::vector<Seen> seen = ReadRecords(**log.Read(kAt, 0), 2);
  EXPECT_EQ(seen[0].appended, absl::FromUnixSeconds(1000));
  EXPECT_EQ(seen[1].appended, absl::FromUnixSeconds(10));
}

TEST(SimulatedLogTest, TwoReadersSeeTheSameMemory) {
  SimulatedLog log;
  ASSERT_TRUE(log.CreateTopic({"topic"}).ok());
  ASSERT_TRUE((*log.OpenAppender())->Append(kAt, "k", "value").ok());
  auto a = *log.Read(kAt, 0), b = *log.Read(kAt, 0);
  EXPECT_EQ(a->Read(1, absl::ZeroDuration())->data(), b->Read(1, absl::ZeroDuration())->data());
}

TEST(SimulatedLogTest, AFlushOfUnknownOutcomeLeavesNoneAPrefixOrAll) {
  int none = 0, some = 0, all = 0;
  for (uint64_t seed = 0; seed < 60; ++seed) {
    SimulatedLogOptions options;
    options.faults = {.seed = seed, .unknown_flushes = 1000};
    SimulatedLog log(options);
    ASSERT_TRUE(log.CreateTopic({"topic"}).ok());
    auto appender = *log.OpenAppender();
    for (int i = 0; i < 10; ++i) ASSERT_TRUE(appender->Append(kAt, "k", absl::StrCat(i)).ok());
    EXPECT_EQ(log.BoundsOf(kAt)->end, 0);
    EXPECT_EQ(appender->Flush().code(), absl::StatusCode::kUnknown);
    const std::vector<std::string> there = All(log);
    for (size_t i = 0; i < there.size(); ++i) EXPECT_EQ(there[i], absl::StrCat(i));
    ++(there.empty() ? none : there.size() < 10 ? some : all);
    EXPECT_TRUE(appender->Flush().ok()) << "nothing was appended since";
  }
  EXPECT_GT(none, 0);
  EXPECT_GT(some, 0);
  EXPECT_GT(all, 0);
}

TEST(SimulatedLogTest, AFencedAppendOfUnknownOutcomeLeavesAllOrNone) {
  int none = 0, all = 0;
  for (uint64_t seed = 0; seed < 40; ++seed) {
    SimulatedLogOptions options;
    options.faults = {.seed = seed, .unknown_fenced = 1000};
    SimulatedLog log(options);
    ASSERT_TRUE(log.CreateTopic({"topic"}).ok());
    auto writer = *log.OpenFencedWriter(kAt, "w");
    EXPECT_EQ(writer->Append(Batch{{"k", "a", {}}, {"k", "b", {}}}).code(),
              absl::StatusCode::kUnknown);
    const std::vector<std::string> there = All(log);
    if (there.empty()) {
      ++none;
    } else {
      ++all;
      EXPECT_THAT(there, ElementsAre("a", "b"));
    }
  }
  EXPECT_GT(none, 0);
  EXPECT_GT(all, 0);
}

TEST(SimulatedLogTest, TheSameSeedGivesTheSameFaults) {
  const auto run = [](uint64_t seed) {
    SimulatedLogOptions options;
    options.faults = {.seed = seed, .unknown_flushes = 300, .short_reads = 500};
    SimulatedLog log(options);
    EXPECT_TRUE(log.CreateTopic({"topic"}).ok());
    auto appender = *log.OpenAppender();
    auto reader = *log.Read(kAt, 0);
    std::string outcomes;
    for (int i = 0; i < 200; ++i) {
      EXPECT_TRUE(appender->Append(kAt, "k", "v").ok());
      outcomes += appender->Flush().ok() ? "f" : "u";
      outcomes += absl::StrCat(reader->Read(10, absl::ZeroDuration())->size());
    }
    return outcomes;
  };
  EXPECT_EQ(run(7), run(7));
  EXPECT_NE(run(7), run(8));
}

TEST(SimulatedLogTest, ShortReadsLoseNothing) {
  SimulatedLogOptions options;
  options.faults = {.seed = 3, .short_reads = 700};
  SimulatedLog log(options);
  ASSERT_TRUE(log.CreateTopic({"topic"}).ok());
  auto appender = *log.OpenAppender();
  for (int i = 0; i < 5000; ++i) ASSERT_TRUE(appender->Append(kAt, "k", absl::StrCat(i)).ok());
  const std::vector<std::string> all = All(log);
  ASSERT_EQ(all.size(), 5000u);
  for (int i = 0; i < 5000; ++i) ASSERT_EQ(all[i], absl::StrCat(i));
}

TEST(SimulatedLogTest, TrimmedRecordsAreGoneButNotThoseJustRead) {
  SimulatedLog log;
  ASSERT_TRUE(log.CreateTopic({"topic"}).ok());
  auto appender = *log.OpenAppender();
  for (int i = 0; i < 5000; ++i) ASSERT_TRUE(appender->Append(kAt, "k", absl::StrCat(i)).ok());
  auto reader = *log.Read(kAt, 0);
  const auto read = *reader->Read(10, absl::ZeroDuration());
  ASSERT_TRUE(log.Trim(kAt, 3000).ok());
  EXPECT_EQ(read[9].value, "9");
  EXPECT_EQ(reader->Read(1, absl::ZeroDuration()).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(log.BoundsOf(kAt)->begin, 3000);
  EXPECT_EQ(All(log).front(), "3000");
  ASSERT_TRUE(log.Trim(kAt, 5000).ok());
  ASSERT_TRUE(appender->Append(kAt, "k", "next").ok());
  EXPECT_THAT(All(log), ElementsAre("next"));
  EXPECT_EQ(log.BoundsOf(kAt)->end, 5001);
}

}  // namespace
}  // namespace dolen
