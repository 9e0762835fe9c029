#include "connectors/alerting/make_destination.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_replace.h"
#include "google/protobuf/text_format.h"
#include "tests/connectors/alerting/examples.h"
#include "tests/connectors/alerting/receiver.h"
#include "tests/connectors/alerting/server.h"

namespace dolen {
namespace {

using testing::HasSubstr;

class MakeDestinationTest : public testing::Test {
 protected:
  // FOLDER in `text` is the test's folder.
  absl::StatusOr<std::unique_ptr<Destination>> Make(const std::string& text) {
    routing::v1::Destination told;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
        "name: \"duty\" " + absl::StrReplaceAll(text, {{"FOLDER", folder_.path()}}), &told));
    return MakeDestination(told);
  }
  std::string ErrorOf(const std::string& text) {
    return std::string(Make(text).status().message());
  }

  const TemporaryFolder folder_;
};

TEST_F(MakeDestinationTest, EveryKindIsMade) {
  folder_.Write("secrets", "# new\nwhsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX\n\n");
  folder_.Write("key", "0123456789abcdef0123456789abcdef\n");
  folder_.Write("login", "dolen:secret\n");
  for (const char* text :
       {"alertmanager { url: 'http://127.0.0.1:9093' credentials_file: 'FOLDER/login' }",
        "webhook { url: 'https://example.org' secret_file: 'FOLDER/secrets' } timeout_seconds: 30",
        "pagerduty { routing_key_file: 'FOLDER/key' }",
        "mail { server: 'smtp://h:587' from: 'a@b' to: 'c@d' credentials_file: 'FOLDER/login' }",
        "log_line {}"}) {
    EXPECT_TRUE(Make(text).ok()) << text << ": " << ErrorOf(text);
  }
}

TEST_F(MakeDestinationTest, AlertmanagerRepeatsAndTakesNoGroups) {
  auto made = Make("alertmanager { url: 'http://127.0.0.1:9093' }");
  ASSERT_TRUE(made.ok());
  EXPECT_EQ((*made)->repeat_every(), absl::Seconds(60));
  EXPECT_FALSE((*made)->takes_groups());
  made = Make("alertmanager { url: 'http://127.0.0.1:9093' repeat_seconds: 30 }");
  ASSERT_TRUE(made.ok());
  EXPECT_EQ((*made)->repeat_every(), absl::Seconds(30));
  made = Make("log_line {}");
  ASSERT_TRUE(made.ok());
  EXPECT_EQ((*made)->repeat_every(), absl::InfiniteDuration());
  EXPECT_TRUE((*made)->takes_groups());
}

TEST_F(MakeDestinationTest, ErrorsNameTheDestinationAndTheField) {
  const std::pair<const char*, const char*> wrong[] = {
      {"", "destination duty: is of no kind"},
      {"log_line {} timeout_seconds: 61", "destination duty: timeout_seconds: at most 60 seconds"},
      {"alertmanager {}", "alertmanager.url: is missing"},
      {"alertmanager { url: 'http://example.org:9093' }",
       "alertmanager.url: must begin with https"},
      {"alertmanager { url: 'http://localhost' ca_file: 'FOLDER/none' }",
       "alertmanager.ca_file: cannot read "},
      {"alertmanager { url: 'http://localhost' repeat_seconds: 301 }",
       "alertmanager.repeat_seconds: at most 300 seconds"},
      {"webhook { url: 'http://example.org' }", "webhook.url: must begin with https"},
      {"webhook { url: 'https://example.org' secret_file: 'FOLDER/none' }",
       "webhook.secret_file: cannot read "},
      {"webhook { url: 'https://example.org' }", "webhook.secret_file: cannot read "},
      {"pagerduty {}", "pagerduty.routing_key_file: cannot read "},
      {"mail { server: 'mail.example.org' }", "mail.server: must be smtp://HOST:PORT"},
      {"mail { server: 'smtp://mail.example.org:25' without_tls: true }",
       "mail.server: may be without TLS on loopback only"},
      {"mail { server: 'smtps://mail.example.org:465' }", "mail.to: is missing"},
      {"mail { server: 'smtps://mail.example.org:465' from: 'a@b' to: 'x@y\\r\\nBcc: z@z' }",
       "mail.to: is no mail address"},
  };
  for (const auto& [text, error] : wrong) EXPECT_THAT(ErrorOf(text), HasSubstr(error)) << text;
}

TEST_F(MakeDestinationTest, WhatIsInAFileOfSecretsIsNeverInAnError) {
  folder_.Write("short", "hush-hush\n");
  folder_.Write("two", "hush-hush\nhush-hush\n");
  folder_.Write("empty", "\n");
  for (const char* name : {"short", "two", "empty"}) {
    const std::string path = folder_.Path(name);
    for (const std::string& text :
         {"webhook { url: 'https://example.org' secret_file: '" + path + "' }",
          "pagerduty { routing_key_file: '" + path + "' }",
          "alertmanager { url: 'http://localhost' credentials_file: '" + path + "' }"}) {
      const auto made = Make(text);
      EXPECT_EQ(made.status().code(), absl::StatusCode::kFailedPrecondition) << text;
      EXPECT_THAT(ErrorOf(text), HasSubstr(path));
      EXPECT_THAT(ErrorOf(text), testing::Not(HasSubstr("hush")));
    }
  }
}

TEST_F(MakeDestinationTest, WhatIsMadeDelivers) {
  const Receiver receiver({.secrets = {"whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"}});
  folder_.Write("secrets", "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX");
  const auto made =
      Make("webhook { url: '" + receiver.Url("/ok") + "' secret_file: 'FOLDER/secrets' }");
  ASSERT_TRUE(made.ok()) << made.status();
  const Notice notice = NoticeOf(Notice::Kind::kTest, {});
  EXPECT_EQ((*made)->Deliver(notice).outcome, Delivery::Outcome::kTaken);
  EXPECT_EQ(receiver.Requests().at(0)["good_for"].size(), 1);
}

}  // namespace
}  // namespace dolen
