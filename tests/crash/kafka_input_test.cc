// What only Kafka lets in: records at the limit of an intake topic, and beyond it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "engine/base/digest.h"
#include "engine/base/limits.h"
#include "tests/connectors/kafka/broker.h"
#include "tests/crash/served.h"

namespace dolen {
namespace {

class KafkaInputTest : public ServedTest {
 protected:
  // One record, as an agency whose producer sends what the broker takes.
  void Write(const std::string& key, const std::string& value) {
    KafkaOptions options = TestBroker::Shared().Options();
    options.properties["message.max.bytes"] = "100000000";
    const auto log = OpenKafkaLog(options);
    ASSERT_TRUE(log.ok()) << log.status();
    const auto appender = (*log)->OpenAppender();
    ASSERT_TRUE(appender.ok()) << appender.status();
    const absl::Status appended = (*appender)->Append({Intake(), 0}, key, value);
    ASSERT_TRUE(appended.ok()) << appended;
    const absl::Status flushed = (*appender)->Flush();
    ASSERT_TRUE(flushed.ok()) << flushed;
  }
};

TEST_F(KafkaInputTest, ARecordAtTheLimitOrBeyondItHoldsUpNobodyAndReachesQuarantine) {
  const std::string at_limit = RandomBytes(kMaxIntakeRecord - 1000);
  // A broker judges what is sent, and this is some 30 KiB on its way.
  const std::string beyond(8 * 1024 * 1024, 'x');
  ASSERT_NO_FATAL_FAILURE(Publish({GoodEvent("before").SerializeAsString()}));
  ASSERT_NO_FATAL_FAILURE(Write("key", at_limit));
  ASSERT_NO_FATAL_FAILURE(Write("key", beyond));
  ASSERT_NO_FATAL_FAILURE(Write(at_limit, "no event"));
  ASSERT_NO_FATAL_FAILURE(Publish({GoodEvent("next").SerializeAsString()}));
  EXPECT_THAT(WaitForTimeline("next"), testing::ElementsAre("next"));
  const std::vector<nlohmann::json> entries = List();
  ASSERT_EQ(entries.size(), 3u) << serve_.Messages();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(entries[i].value("reason", ""), i < 2 ? "too_large" : "malformed");
    EXPECT_EQ(entries[i].value("agency", ""), "alpha");
    EXPECT_EQ(entries[i]["intake"].value("topic", ""), Intake());
    EXPECT_EQ(entries[i]["intake"].value("offset", -1), i + 1);
  }
  EXPECT_EQ(Show(0).value("value_hex", ""), absl::BytesToHexString(at_limit));
  EXPECT_FALSE(entries[0].contains("received_bytes"));
  EXPECT_EQ(Show(1).value("value_hex", ""),
            absl::BytesToHexString(beyond.substr(0, kMaxEventBytes)));
  EXPECT_EQ(entries[1].value("received_bytes", size_t{0}), beyond.size() + 3);
  EXPECT_NE(Retry(1).exit, 0);
}

}  // namespace
}  // namespace dolen
