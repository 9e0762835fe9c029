// Topics: how they are made, and which are refused. Opening a log.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/connectors/kafka/broker.h"
#include "tests/connectors/kafka/raw.h"

namespace dolen {
namespace {

using testing::HasSubstr;

constexpr absl::Duration kDay = absl::Hours(24);

class KafkaTopicsTest : public testing::Test {
 protected:
  KafkaTopicsTest() : log_(TestBroker::Shared().Open()) {}
  // The topic is there with these settings, and takes large records unless they say otherwise.
  absl::Status CreateOver(std::map<std::string, std::string> settings, TopicSpec spec) {
    settings.emplace("max.message.bytes", "2097152");
    spec.name = Unique("settings");
    CreateRawTopic(TestBroker::Shared().Options(), spec.name, settings);
    return log_->CreateTopic(spec);
  }

  std::unique_ptr<Log> log_;
};

TEST_F(KafkaTopicsTest, ATopicIsMadeAsItsSpecificationWillBeChecked) {
  for (TopicSpec spec :
       {TopicSpec{"", 3}, TopicSpec{"", 2, true}, TopicSpec{"", 1, false, 90 * kDay},
        TopicSpec{"", 1, false, absl::Hours(1)},
        TopicSpec{"", 1, false, 90 * kDay, kMaxIntakeRecord}}) {
    spec.name = Unique("made");
    for (int i = 0; i < 2; ++i) {
      const absl::Status status = log_->CreateTopic(spec);
      EXPECT_TRUE(status.ok()) << status;
    }
  }
}

TEST_F(KafkaTopicsTest, ATopicThatLosesRecordsOrKeepsThemTooLongOrTakesNoLargeOnesIsRefused) {
  const TopicSpec ever;
  TopicSpec brief;
  brief.keep = 90 * kDay;
  TopicSpec intake = brief;
  intake.max_record = kMaxIntakeRecord;
  TopicSpec compacted;
  compacted.compacted = true;
  const std::pair<std::string, std::string> time = {"message.timestamp.type", "LogAppendTime"};
  const std::pair<std::string, std::string> endless = {"retention.ms", "-1"};
  struct Case {
    std::map<std::string, std::string> settings;
    TopicSpec spec;
    std::string named;  // empty: accepted
  };
  const Case cases[] = {
      {{time, endless}, ever, ""},
      {{endless}, ever, "message.timestamp.type=CreateTime"},
      {{time}, ever, "retention.ms=604800000"},
      {{time, endless, {"retention.bytes", "1000000"}}, ever, "retention.bytes=1000000"},
      {{time, endless, {"cleanup.policy", "compact"}}, ever, "cleanup.policy=compact"},
      {{time}, brief, ""},
      {{time, endless}, brief, "retention.ms=-1"},
      {{time, {"retention.ms", "7776000001"}}, brief, "retention.ms=7776000001"},
      {{time, {"cleanup.policy", "compact"}}, compacted, ""},
      {{time, endless}, compacted, "cleanup.policy=delete"},
      {{time, endless, {"max.message.bytes", "1048588"}}, ever, "max.message.bytes=1048588"},
      {{time, {"max.message.bytes", "1048588"}}, intake, ""},
      {{time, {"max.message.bytes", "1000000"}}, intake, "max.message.bytes=1000000"},
  };
  for (const Case& c : cases) {
    const absl::Status status = CreateOver(c.settings, c.spec);
    if (c.named.empty()) {
      EXPECT_TRUE(status.ok()) << status;
    } else {
      EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
      EXPECT_THAT(std::string(status.message()), HasSubstr(c.named));
    }
  }
}

TEST_F(KafkaTopicsTest, AnOffsetOfAMissingTopicCannotBeStored) {
  EXPECT_TRUE(absl::IsNotFound(log_->Commit(Unique("group"), {Unique("missing"), 0}, 1)));
}

TEST_F(KafkaTopicsTest, WithoutABrokerALogIsUnavailable) {
  KafkaOptions options;
  options.bootstrap = "127.0.0.1:1";
  options.patience = absl::Milliseconds(500);
  const absl::Status status = OpenKafkaLog(options).status();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("127.0.0.1:1"));
}

TEST_F(KafkaTopicsTest, AnUnknownPropertyIsNamed) {
  KafkaOptions options = TestBroker::Shared().Options();
  options.properties["no.such.property"] = "1";
  const absl::Status status = OpenKafkaLog(options).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("no.such.property"));
}

TEST_F(KafkaTopicsTest, WhatGuardsCorrectnessCannotBeOverridden) {
  const TopicPartition at{Unique("fixed"), 0};
  ASSERT_TRUE(log_->CreateTopic({at.topic}).ok());
  KafkaOptions options = TestBroker::Shared().Options();
  options.properties = {{"isolation.level", "read_uncommitted"}};
  auto log = OpenKafkaLog(options);
  ASSERT_TRUE(log.ok()) << log.status();
  auto producer = RawProducer(TestBroker::Shared().Options(), {{"transactional.id", at.topic}});
  ASSERT_EQ(rd_kafka_init_transactions(producer->rk(), 30000), nullptr);
  ASSERT_EQ(rd_kafka_begin_transaction(producer->rk()), nullptr);
  ASSERT_TRUE(SendRaw(*producer, at, "open").ok());
  auto reader = (*log)->Read(at, 0, Holes::kAllowed);
  const auto entries = (*reader)->Read(10, absl::Milliseconds(700));
  ASSERT_TRUE(entries.ok()) << entries.status();
  EXPECT_TRUE(entries->empty());
}

}  // namespace
}  // namespace dolen
