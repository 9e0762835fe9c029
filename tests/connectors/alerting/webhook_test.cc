// Webhooks and PagerDuty's events against a receiver that checks signatures by itself.
#include "connectors/alerting/webhook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "connectors/alerting/pagerduty.h"
#include "tests/connectors/alerting/examples.h"
#include "tests/connectors/alerting/receiver.h"

namespace dolen {
namespace {

using Json = nlohmann::ordered_json;
using Outcome = Delivery::Outcome;

constexpr char kSecret[] = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";
constexpr char kNewSecret[] = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

WebhookOptions OptionsFor(const Receiver& receiver, absl::string_view path) {
  WebhookOptions options;
  options.endpoint = {receiver.Url(path), receiver.ca_file(), "", kPatience};
  for (const char* secret : {kSecret, kNewSecret}) options.secrets.push_back(*ReadSecret(secret));
  return options;
}

Notice Page() { return NoticeOf(Notice::Kind::kPage, {OverdueAlert()}); }

TEST(WebhookTest, SignsAsThePublishedVectorSays) {
  EXPECT_EQ(SignatureOf({*ReadSecret(kSecret)}, "msg_1", 1674087231, "{}"),
            "v1,OINFOx/Ao+Rgj69Zaiw3aZHwAt2Nxryrt0pBd47DsiI=");
}

TEST(WebhookTest, SecretsAreCheckedAndNeverShown) {
  const auto of_bytes = [](size_t bytes) {
    return "whsec_" + absl::Base64Escape(std::string(bytes, 's'));
  };
  EXPECT_TRUE(ReadSecret(of_bytes(24)).ok());
  EXPECT_TRUE(ReadSecret(of_bytes(64)).ok());
  for (const std::string& wrong : {of_bytes(23), of_bytes(65), of_bytes(24).substr(6),
                                   std::string("whsec_???"), std::string()}) {
    const absl::StatusOr<std::string> secret = ReadSecret(wrong);
    EXPECT_EQ(secret.status().code(), absl::StatusCode::kInvalidArgument) << wrong;
    EXPECT_THAT(std::string(secret.status().message()), testing::Not(testing::HasSubstr("c3Nz")));
  }
}

TEST(WebhookTest, EverySecretSignsAndTheReceiverAgrees) {
  const Receiver receiver({.tls = true, .secrets = {kNewSecret, kSecret}});
  const Delivery delivery = MakeWebhook(OptionsFor(receiver, "/ok"))->Deliver(Page());
  EXPECT_EQ(delivery.outcome, Outcome::kTaken) << delivery.answer;
  ASSERT_EQ(receiver.Requests().size(), 1);
  const Json request = receiver.Requests()[0];
  EXPECT_EQ(request["good_for"], Json::array({0, 1}));
  EXPECT_EQ(request["headers"]["content-type"], "application/cloudevents+json; charset=utf-8");
  EXPECT_EQ(request["headers"]["webhook-id"], Page().id);
  EXPECT_EQ(request["body"], EventOf(Page()));
}

TEST(WebhookTest, AReceiverWithAnotherSecretDoesNotAgree) {
  const Receiver receiver({.secrets = {"whsec_" + absl::Base64Escape(std::string(24, 'x'))}});
  MakeWebhook(OptionsFor(receiver, "/ok"))->Deliver(Page());
  EXPECT_EQ(receiver.Requests().at(0)["good_for"], Json::array());
}

TEST(WebhookTest, TheLibraryOfTheSpecificationAgrees) {
  const Receiver receiver;
  MakeWebhook(OptionsFor(receiver, "/ok"))->Deliver(Page());
  const Json request = receiver.Requests().at(0);
  const Json& headers = request["headers"];
  const auto verify = [&](const std::string& body) {
    return RunCommand(absl::StrCat(ServerScript("verify_elsewhere.sh"), " ", kNewSecret, " ",
                                   headers["webhook-id"].get<std::string>(), " ",
                                   headers["webhook-timestamp"].get<std::string>(), " '",
                                   headers["webhook-signature"].get<std::string>(), "'"),
                      body);
  };
  const Ran good = verify(request["body"]);
  if (good.status == 77) GTEST_SKIP() << good.output;
  EXPECT_EQ(good.status, 0) << good.output;
  EXPECT_EQ(verify(request["body"].get<std::string>() + " ").status, 1);
}

TEST(WebhookTest, AnAttemptHasItsOwnTimeAndTheNoticesId) {
  const Receiver receiver({.secrets = {kSecret}});
  WebhookOptions options = OptionsFor(receiver, "/status/503?retry_after=30");
  absl::Time now = At("2026-04-01T23:00:05Z");
  options.now = [&now] { return now; };
  const auto webhook = MakeWebhook(options);
  const Delivery delivery = webhook->Deliver(Page());
  EXPECT_EQ(delivery.outcome, Outcome::kTryLater);
  EXPECT_EQ(delivery.try_after, absl::Seconds(30));
  now += absl::Seconds(30);
  webhook->Deliver(Page());
  const std::vector<Json> requests = receiver.Requests();
  ASSERT_EQ(requests.size(), 2);
  EXPECT_EQ(requests[0]["headers"]["webhook-id"], requests[1]["headers"]["webhook-id"]);
  EXPECT_EQ(requests[0]["body"], requests[1]["body"]);
  EXPECT_EQ(requests[0]["headers"]["webhook-timestamp"], "1775084405");
  EXPECT_EQ(requests[1]["headers"]["webhook-timestamp"], "1775084435");
  EXPECT_EQ(requests[1]["good_for"], Json::array({0}));
}

TEST(WebhookTest, WhoWantsNoMoreRefuses) {
  const Receiver receiver;
  const Delivery delivery = MakeWebhook(OptionsFor(receiver, "/status/410"))->Deliver(Page());
  EXPECT_EQ(delivery.outcome, Outcome::kRefused);
  EXPECT_THAT(delivery.answer, testing::StartsWith("410 Gone"));
}

PagerDutyOptions PagerDutyFor(const Receiver& receiver) {
  PagerDutyOptions options;
  options.endpoint = {receiver.Url("/ok"), "", "", kPatience};
  options.routing_key = "0123456789abcdef0123456789abcdef";
  options.zone = London();
  return options;
}

// What was sent so far, in order.
std::vector<std::string> ActionsOf(const Receiver& receiver) {
  std::vector<std::string> actions;
  for (const Json& request : receiver.Requests()) {
    const Json event = Json::parse(request["body"].get<std::string>());
    actions.push_back(event["event_action"]);
    EXPECT_EQ(event["dedup_key"], OverdueAlert().alert_id());
    EXPECT_EQ(event["routing_key"].get<std::string>().size(), 32);
    EXPECT_EQ(request["headers"]["content-type"], "application/json");
  }
  return actions;
}

Notice After(Notice::Kind kind, alert::v1::State state) {
  return NoticeOf(kind, {Changed(OverdueAlert(), state, "2026-04-02T10:00:00Z")});
}

TEST(PagerDutyTest, AnIncidentIsOpenedAcknowledgedAndResolvedUnderOneKey) {
  const Receiver receiver;
  const auto pagerduty = MakePagerDuty(PagerDutyFor(receiver));
  EXPECT_EQ(pagerduty->Deliver(Page()).outcome, Outcome::kTaken);
  for (const alert::v1::State state :
       {alert::v1::STATE_ACKNOWLEDGED, alert::v1::STATE_SNOOZED, alert::v1::STATE_RESOLVED}) {
    pagerduty->Deliver(After(Notice::Kind::kAnswered, state));
  }
  pagerduty->Deliver(After(Notice::Kind::kUpdate, alert::v1::STATE_AMENDED));
  pagerduty->Deliver(After(Notice::Kind::kEnded, alert::v1::STATE_CLEARED));
  EXPECT_THAT(ActionsOf(receiver), testing::ElementsAre("trigger", "acknowledge", "acknowledge",
                                                        "acknowledge", "trigger", "resolve"));
}

TEST(PagerDutyTest, WhatIsTrueAgainAfterAnAnswerPagesAgain) {
  const Receiver receiver;
  const auto pagerduty = MakePagerDuty(PagerDutyFor(receiver));
  pagerduty->Deliver(After(Notice::Kind::kAnswered, alert::v1::STATE_ACKNOWLEDGED));
  pagerduty->Deliver(Page());  // of a sister who is new in the thread, say
  EXPECT_THAT(ActionsOf(receiver), testing::ElementsAre("acknowledge", "resolve", "trigger"));
}

TEST(PagerDutyTest, AfterARestartTheAlertItselfTellsThatThereWasMore) {
  const Receiver receiver;
  MakePagerDuty(PagerDutyFor(receiver))
      ->Deliver(After(Notice::Kind::kPage, alert::v1::STATE_RAISED));
  EXPECT_THAT(ActionsOf(receiver), testing::ElementsAre("resolve", "trigger"));
}

TEST(PagerDutyTest, AHeartbeatIsRefusedAndNobodyIsAsked) {
  const Receiver receiver;
  const auto pagerduty = MakePagerDuty(PagerDutyFor(receiver));
  EXPECT_EQ(pagerduty->Deliver(NoticeOf(Notice::Kind::kHeartbeat, {})).outcome, Outcome::kRefused);
  EXPECT_TRUE(receiver.Requests().empty());
}

}  // namespace
}  // namespace dolen
