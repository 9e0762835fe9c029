// Who may write what, under the ACLs that deploy/kafka/create-topics sets.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/connectors/kafka/broker.h"

namespace dolen {
namespace {

using testing::ElementsAre;

class KafkaAccessTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    TestBroker::Secure().Run("topics --agency agency_a --agency agency_b --partitions 2");
  }
  // By password over TLS.
  static KafkaOptions As(const std::string& user, const std::string& password) {
    KafkaOptions options = TestBroker::Secure().Options();
    options.bootstrap = TestBroker::Secure().SaslTls();
    options.properties = {{"security.protocol", "SASL_SSL"},
                          {"sasl.mechanism", "PLAIN"},
                          {"sasl.username", user},
                          {"sasl.password", password},
                          {"ssl.ca.location", Tls("ca.crt")}};
    return options;
  }
  static KafkaOptions As(const std::string& user) {
    return As(user, TestBroker::Secure().Password(user));
  }
  static std::string Tls(const std::string& file) {
    return TestBroker::Secure().folder() + "/broker/tls/" + file;
  }
  static absl::Status Append(const KafkaOptions& options, const TopicPartition& to,
                             const std::string& value) {
    auto log = OpenKafkaLog(options);
    if (!log.ok()) return log.status();
    auto appender = (*log)->OpenAppender();
    if (!appender.ok()) return appender.status();
    const absl::Status status = (*appender)->Append(to, "k", value);
    return status.ok() ? (*appender)->Flush() : status;
  }
  const TopicNames names_{};
};

TEST_F(KafkaAccessTest, AnAgencyWritesItsOwnIntakeAndNothingElse) {
  const KafkaOptions agency = As("agency_a");
  const absl::Status own = Append(agency, {names_.Intake("agency_a"), 0}, "own");
  EXPECT_TRUE(own.ok()) << own;
  for (const std::string& topic : {names_.Intake("agency_b"), names_.Ledger(), names_.Identity(),
                                   names_.Alerts(), names_.Quarantine()}) {
    const absl::Status status = Append(agency, {topic, 0}, "not allowed");
    EXPECT_TRUE(absl::IsPermissionDenied(status)) << topic << ": " << status;
  }
  const std::unique_ptr<Log> admin = TestBroker::Secure().Open();
  EXPECT_THAT(AllValues(*admin, {names_.Intake("agency_a"), 0}), ElementsAre("own"));
  EXPECT_EQ(admin->BoundsOf({names_.Intake("agency_b"), 0})->end, 0);
  EXPECT_EQ(admin->BoundsOf({names_.Identity(), 0})->end, 0);
}

TEST_F(KafkaAccessTest, AnAgencyCannotReadNotEvenWhatItWrote) {
  auto log = OpenKafkaLog(As("agency_b"));
  ASSERT_TRUE(log.ok()) << log.status();
  auto reader = (*log)->Read({names_.Intake("agency_b"), 0}, 0);
  ASSERT_TRUE(reader.ok()) << reader.status();  // it may ask how far the topic goes
  absl::Status status;
  for (int i = 0; i < 50 && status.ok(); ++i) {
    status = (*reader)->Read(1, absl::Milliseconds(200)).status();
  }
  EXPECT_TRUE(absl::IsPermissionDenied(status)) << status;
}

TEST_F(KafkaAccessTest, ACertificateIsAsGoodAsAPassword) {
  KafkaOptions options = TestBroker::Secure().Options();
  options.bootstrap = TestBroker::Secure().MutualTls();
  options.properties = {{"security.protocol", "SSL"},
                        {"ssl.ca.location", Tls("ca.crt")},
                        {"ssl.certificate.location", Tls("agency_a.crt")},
                        {"ssl.key.location", Tls("agency_a.key")}};
  const absl::Status own = Append(options, {names_.Intake("agency_a"), 1}, "by certificate");
  EXPECT_TRUE(own.ok()) << own;
  EXPECT_TRUE(absl::IsPermissionDenied(Append(options, {names_.Intake("agency_b"), 0}, "x")));
}

TEST_F(KafkaAccessTest, TheEngineReadsIntakeWritesTheRestAndStoresItsOffsets) {
  auto log = OpenKafkaLog(As("dolen"));
  ASSERT_TRUE(log.ok()) << log.status();
  for (const std::string& topic : {names_.Ledger(), names_.Identity(), names_.Quarantine()}) {
    const absl::Status status = Append(As("dolen"), {topic, 0}, "x");
    EXPECT_TRUE(status.ok()) << topic << ": " << status;
    EXPECT_THAT(AllValues(**log, {topic, 0}), ElementsAre("x"));
  }
  auto writer = (*log)->OpenFencedWriter({names_.Alerts(), 1}, "");
  ASSERT_TRUE(writer.ok()) << writer.status();
  EXPECT_TRUE((*writer)->Append(One("alert")).ok());
  EXPECT_THAT(AllValues(**log, {names_.Alerts(), 1}, Holes::kAllowed), ElementsAre("alert"));
  const TopicPartition intake{names_.Intake("agency_b"), 2};
  EXPECT_TRUE((*log)->Read(intake, 0).ok());
  const absl::Status stored = (*log)->Commit("dolen.admission", intake, 7);
  EXPECT_TRUE(stored.ok()) << stored;
  const auto committed = (*log)->Committed("dolen.admission", intake);
  ASSERT_TRUE(committed.ok()) << committed.status();
  EXPECT_EQ(*committed, 7);
  EXPECT_TRUE(absl::IsPermissionDenied(Append(As("dolen"), intake, "not an agency")));
}

TEST_F(KafkaAccessTest, TheEngineFindsTheTopicsAsItsOwnSpecificationsAsk) {
  auto log = OpenKafkaLog(As("dolen"));
  ASSERT_TRUE(log.ok()) << log.status();
  const absl::Duration brief = absl::Hours(24 * 90);
  for (const TopicSpec& spec :
       {TopicSpec{names_.Intake("agency_a"), 3, false, brief, kMaxIntakeRecord},
        TopicSpec{names_.Ledger(), 2}, TopicSpec{names_.Identity(), 1},
        TopicSpec{names_.Alerts(), 2, true}, TopicSpec{names_.Quarantine(), 1, false, brief}}) {
    const absl::Status status = (*log)->CreateTopic(spec);
    EXPECT_TRUE(status.ok()) << status;
  }
}

TEST_F(KafkaAccessTest, AnAgencyCannotTakeTheEnginesPlaceAsAWriter) {
  auto log = OpenKafkaLog(As("agency_a"));
  ASSERT_TRUE(log.ok()) << log.status();
  const auto writer = (*log)->OpenFencedWriter({names_.Intake("agency_a"), 0}, "");
  EXPECT_TRUE(absl::IsPermissionDenied(writer.status())) << writer.status();
}

TEST_F(KafkaAccessTest, AWrongPasswordIsSaidAtOnce) {
  KafkaOptions options = As("dolen", "wrong");
  options.patience = absl::Minutes(10);
  const absl::Status status = OpenKafkaLog(options).status();
  EXPECT_TRUE(absl::IsPermissionDenied(status)) << status;
}

}  // namespace
}  // namespace dolen
