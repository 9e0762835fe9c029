// Appenders and fenced writers beyond what every log promises.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/connectors/kafka/broker.h"
#include "tests/connectors/kafka/raw.h"

namespace dolen {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class KafkaWriterTest : public testing::Test {
 protected:
  KafkaWriterTest() : log_(TestBroker::Shared().Open()) {}
  TopicPartition Topic(const std::string& name) {
    const TopicPartition topic{Unique(name), 0};
    const absl::Status status = log_->CreateTopic({topic.topic});
    EXPECT_TRUE(status.ok()) << status;
    return topic;
  }

  std::unique_ptr<Log> log_;
};

TEST_F(KafkaWriterTest, FencingAbortsWhatTheOtherWriterLeftOpen) {
  const TopicPartition at = Topic("left_open");
  // The first owner died between sending and committing.
  auto dead = RawProducer(TestBroker::Shared().Options(),
                          {{"transactional.id", absl::StrCat("dolen.", at.topic, ".0/w")}});
  ASSERT_EQ(rd_kafka_init_transactions(dead->rk(), 30000), nullptr);
  ASSERT_EQ(rd_kafka_begin_transaction(dead->rk()), nullptr);
  ASSERT_TRUE(SendRaw(*dead, at, "left open").ok());

  auto writer = log_->OpenFencedWriter(at, "w");
  ASSERT_TRUE(writer.ok()) << writer.status();
  const int64_t end = log_->BoundsOf(at)->end;
  EXPECT_THAT(AllValues(*log_, at, Holes::kAllowed), IsEmpty());
  // The dead one comes back to life: nothing of it shows.
  RdError late(rd_kafka_commit_transaction(dead->rk(), 30000));
  ASSERT_NE(late, nullptr);
  EXPECT_TRUE(IsFenced(rd_kafka_error_code(late.get())));
  EXPECT_EQ(log_->BoundsOf(at)->end, end);
  ASSERT_TRUE((*writer)->Append(One("new")).ok());
  EXPECT_THAT(AllValues(*log_, at, Holes::kAllowed), ElementsAre("new"));
}

TEST_F(KafkaWriterTest, AZombieStaysFencedAndWritesNothing) {
  const TopicPartition at = Topic("zombie");
  auto zombie = log_->OpenFencedWriter(at, "w");
  ASSERT_TRUE((*zombie)->Append(One("before")).ok());
  auto owner = log_->OpenFencedWriter(at, "w");
  for (int i = 0; i < 3; ++i) {
    const absl::Status status = (*zombie)->Append(One("zombie"));
    EXPECT_TRUE(absl::IsAborted(status)) << status;
    ASSERT_TRUE((*owner)->Append(One(absl::StrCat(i))).ok());
  }
  EXPECT_THAT(AllValues(*log_, at, Holes::kAllowed), ElementsAre("before", "0", "1", "2"));
}

TEST_F(KafkaWriterTest, ABatchWithARecordThatIsTooLargeIsRefusedWhole) {
  const TopicPartition at = Topic("too_large");
  auto writer = log_->OpenFencedWriter(at, "w");
  const absl::Status status = (*writer)->Append(Entries({"small", std::string(3 << 20, 'x')}));
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  writer = log_->OpenFencedWriter(at, "w");
  ASSERT_TRUE((*writer)->Append(One("next")).ok());
  EXPECT_THAT(AllValues(*log_, at, Holes::kAllowed), ElementsAre("next"));
}

TEST_F(KafkaWriterTest, AnAppenderRefusesARecordThatIsTooLargeAndGoesOn) {
  const TopicPartition at = Topic("appender_too_large");
  auto appender = log_->OpenAppender();
  ASSERT_TRUE((*appender)->Append(at, "k", "before").ok());
  const absl::Status status = (*appender)->Append(at, "k", std::string(3 << 20, 'x'));
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  ASSERT_TRUE((*appender)->Append(at, "k", "after").ok());
  ASSERT_TRUE((*appender)->Flush().ok());
  EXPECT_THAT(AllValues(*log_, at), ElementsAre("before", "after"));
}

TEST_F(KafkaWriterTest, ARecordTheBrokerRefusesBreaksTheAppenderAndIsReportedByFlush) {
  const TopicPartition at{Unique("refused"), 0};
  CreateRawTopic(TestBroker::Shared().Options(), at.topic, {{"max.message.bytes", "1000"}});
  auto appender = log_->OpenAppender();
  ASSERT_TRUE((*appender)->Append(at, "k", std::string(5000, '\x07') + Unique("x")).ok());
  std::string noise;  // does not compress
  for (int i = 0; i < 400; ++i) noise += Unique("noise");
  ASSERT_TRUE((*appender)->Append(at, "k", noise).ok());
  const absl::Status status = (*appender)->Flush();
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  EXPECT_EQ((*appender)->Append(at, "k", "small"), status);
  EXPECT_EQ((*appender)->Flush(), status);
}

TEST_F(KafkaWriterTest, MoreThanTheQueueHoldsIsAppendedByWaiting) {
  const TopicPartition at = Topic("full_queue");
  KafkaOptions options = TestBroker::Shared().Options();
  options.properties["queue.buffering.max.messages"] = "100";
  auto log = OpenKafkaLog(options);
  auto appender = (*log)->OpenAppender();
  ASSERT_TRUE(appender.ok()) << appender.status();
  for (int i = 0; i < 5000; ++i) {
    const absl::Status status = (*appender)->Append(at, "k", absl::StrCat(i));
    ASSERT_TRUE(status.ok()) << status;
  }
  ASSERT_TRUE((*appender)->Flush().ok());
  const std::vector<std::string> values = AllValues(*log_, at);
  ASSERT_EQ(values.size(), 5000u);
  for (int i = 0; i < 5000; ++i) ASSERT_EQ(values[i], absl::StrCat(i));
}

}  // namespace
}  // namespace dolen
