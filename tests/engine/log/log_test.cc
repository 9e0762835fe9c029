// Names of topics, and the digest over a whole log.
#include "engine/log/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/log/simulated_log.h"
#include "engine/log/verify.h"

namespace dolen {
namespace {

TEST(TopicNamesTest, TheAgencyOfAnIntakeTopicIsFoundAndOfNoOther) {
  const TopicNames names{"north"};
  EXPECT_EQ(names.AgencyOf(names.Intake("leeds-council")), "leeds-council");
  EXPECT_EQ(names.AgencyOf(names.Intake("nhs.rr8")), "nhs.rr8");
  EXPECT_EQ(names.AgencyOf(names.Ledger()), "");
  EXPECT_EQ(names.AgencyOf("north.intake..v1"), "");
  EXPECT_EQ(names.AgencyOf("north.intake.v1"), "");
  EXPECT_EQ(names.AgencyOf("north.intake.leeds.v2"), "");
  EXPECT_EQ(names.AgencyOf("northern.intake.leeds.v1"), "");
  EXPECT_EQ(names.AgencyOf("dolen.intake.leeds.v1"), "");
  EXPECT_EQ(names.AgencyOf(""), "");
}

TEST(CheckTopicTest, WhatKafkaWouldRefuseIsRefused) {
  EXPECT_TRUE(CheckTopic({"dolen.intake.a_b-c.v1", 12}).ok());
  EXPECT_TRUE(CheckTopic({std::string(249, 'a')}).ok());
  for (const std::string& name :
       {std::string(), std::string("."), std::string(".."), std::string("a b"), std::string("a/b"),
        std::string("\xc3\xa9"), std::string(250, 'a')}) {
    EXPECT_EQ(CheckTopic({name}).code(), absl::StatusCode::kInvalidArgument) << name;
  }
  EXPECT_FALSE(CheckTopic({"a", 0}).ok());
  EXPECT_FALSE(CheckTopic({"a", kMaxPartitions + 1}).ok());
}

class VerifyLogTest : public testing::Test {
 protected:
  // A log with these values, in a topic of two partitions.
  static PartitionReport Report(const std::vector<NewEntry>& entries) {
    SimulatedLog log;
    EXPECT_TRUE(log.CreateTopic({"topic", 2}).ok());
    EXPECT_TRUE((*log.OpenFencedWriter({"topic", 1}, "w"))->Append(entries).ok());
    VerifyOptions options;
    options.prefix = "t";
    const auto reports = VerifyLog(log, options);
    EXPECT_TRUE(reports.ok()) << reports.status();
    EXPECT_EQ(reports->size(), 2u);
    EXPECT_EQ(reports->at(0).records, 0);
    return reports->at(1);
  }
};

TEST_F(VerifyLogTest, EqualContentHasEqualDigestsAndCounts) {
  const PartitionReport a = Report({{"k", "v", {{"h", "w"}}}, {"k", "", {}}});
  const PartitionReport b = Report({{"k", "v", {{"h", "w"}}}, {"k", "", {}}});
  EXPECT_EQ(a.content, b.content);
  EXPECT_EQ(a.records, 2);
  EXPECT_EQ(a.bytes, 5);
  EXPECT_EQ(a.bounds.end, 2);
}

TEST_F(VerifyLogTest, AnyDifferenceChangesTheDigest) {
  const PartitionReport a = Report({{"k", "v", {}}, {"k", "", {}}});
  EXPECT_FALSE(a.content == Report({{"k", "", {}}, {"k", "v", {}}}).content);
  EXPECT_FALSE(a.content == Report({{"k", "v", {}}}).content);
  EXPECT_FALSE(a.content == Report({{"kv", "", {}}, {"k", "", {}}}).content);
  EXPECT_FALSE(a.content == Report({{"k", "v", {{"", ""}}}, {"k", "", {}}}).content);
  EXPECT_FALSE(a.content == Report({{"k", "v", {}}, {"k", "", {}, true}}).content);
}

TEST_F(VerifyLogTest, ProgressCountsRecordsOverAllPartitions) {
  SimulatedLog log;
  ASSERT_TRUE(log.CreateTopic({"topic", 2}).ok());
  auto appender = *log.OpenAppender();
  for (int i = 0; i < 3000; ++i) ASSERT_TRUE(appender->Append({"topic", i % 2}, "k", "v").ok());
  int64_t last = 0;
  VerifyOptions options;
  options.progress = [&last](int64_t records) {
    EXPECT_GE(records, last);
    last = records;
  };
  ASSERT_TRUE(VerifyLog(log, options).ok());
  EXPECT_EQ(last, 3000);
}

}  // namespace
}  // namespace dolen
