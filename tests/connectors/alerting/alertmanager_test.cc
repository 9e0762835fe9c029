// Alerts in a real Alertmanager, read back through its API, amtool and what it tells a receiver.
#include "connectors/alerting/alertmanager.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "engine/base/time.h"
#include "tests/connectors/alerting/examples.h"
#include "tests/connectors/alerting/real_alertmanager.h"

namespace dolen {
namespace {

using alert::v1::Alert;
using Json = nlohmann::ordered_json;
using Outcome = Delivery::Outcome;
using testing::Contains;
using testing::HasSubstr;

// It is late since a minute, by the clock that Alertmanager goes by.
Alert LateNow() {
  Alert alert = OverdueAlert();
  *alert.mutable_due() = ToTimestamp(absl::Now() - absl::Minutes(1));
  *alert.mutable_since() = alert.due();
  *alert.mutable_at() = alert.due();
  return alert;
}

Alert Cleared(Alert alert) {
  alert.set_state(alert::v1::STATE_CLEARED);
  *alert.mutable_at() = ToTimestamp(absl::Now());
  return alert;
}

std::unique_ptr<Destination> For(std::vector<Endpoint> replicas,
                                 absl::Duration repeat = absl::Seconds(60)) {
  AlertmanagerOptions options;
  options.replicas = std::move(replicas);
  options.repeat = repeat;
  options.zone = London();
  return MakeAlertmanager(std::move(options));
}

Delivery Tell(Destination& destination, Notice::Kind kind, const Alert& alert) {
  return destination.Deliver(NoticeOf(kind, {alert}));
}

Delivery RepeatOpen(Destination& destination, const std::vector<Alert>& open,
                    absl::Time now = absl::Now()) {
  return destination.Repeat(NoticeOf(Notice::Kind::kPage, open).items, now);
}

TEST(AlertmanagerTest, AlertsOfAHouseholdAreGroupedAndResolvedWhenTheyEnd) {
  const RealAlertmanager real;
  const auto destination = For({real.endpoint()});
  const Alert one = LateNow(), other = Sibling(one, 'a');
  EXPECT_EQ(Tell(*destination, Notice::Kind::kPage, one).outcome, Outcome::kTaken);
  EXPECT_EQ(Tell(*destination, Notice::Kind::kPage, other).outcome, Outcome::kTaken);
  EXPECT_EQ(real.StateOf(one.alert_id()), "active");
  const std::string group =
      absl::StrCat(one.household(), ": ", one.alert_id(), " ", other.alert_id());
  EXPECT_TRUE(Await([&] { return testing::Value(real.Told(), Contains("firing: " + group)); }));

  const Notice ended = NoticeOf(Notice::Kind::kEnded, {Cleared(one), Cleared(other)});
  EXPECT_EQ(destination->Deliver(ended).outcome, Outcome::kTaken);
  EXPECT_EQ(real.StateOf(one.alert_id()), "");
  EXPECT_TRUE(Await([&] { return testing::Value(real.Told(), Contains("resolved: " + group)); }));
}

TEST(AlertmanagerTest, LabelsAndAnnotationsAreReadBackByAmtool) {
  const RealAlertmanager real;
  const auto destination = For({real.endpoint()});
  Notice page = NoticeOf(Notice::Kind::kPage, {LateNow()});
  page.language = routing::v1::Team::CY;
  EXPECT_EQ(destination->Deliver(page).outcome, Outcome::kTaken);
  const Json alerts = Json::parse(real.Amtool("alert query alertname=DolenOverdue -o json"));
  ASSERT_EQ(alerts.size(), 1);
  EXPECT_EQ(alerts[0]["labels"]["team"], "GWYNEDD/duty");
  EXPECT_EQ(alerts[0]["labels"]["severity"], "error");
  EXPECT_EQ(alerts[0]["generatorURL"], page.items[0].link);
  EXPECT_EQ(alerts[0]["annotations"]["summary"],
            "Yn hwyr: Cynhadledd amddiffyn plant gychwynnol: 15 diwrnod gwaith (1a2b3c4d)");
  // It stays in the team's language when it is repeated.
  EXPECT_EQ(RepeatOpen(*destination, {page.items[0].alert}).outcome, Outcome::kTaken);
  EXPECT_EQ(real.Alerts().at(0)["annotations"]["summary"], alerts[0]["annotations"]["summary"]);
}

TEST(AlertmanagerTest, WhatChangesDoesNotMakeAnotherAlert) {
  const RealAlertmanager real;
  const auto destination = For({real.endpoint()});
  Alert alert = LateNow();
  Tell(*destination, Notice::Kind::kPage, alert);
  const Json before = real.Alerts().at(0);
  alert.set_state(alert::v1::STATE_ACKNOWLEDGED);
  alert.set_assigned_to("GWYNEDD/conferences");
  *alert.mutable_due() = ToTimestamp(absl::Now() - absl::Seconds(30));
  *alert.mutable_since() = alert.due();
  alert.mutable_answer()->set_kind(alert::v1::Answer::KIND_ACKNOWLEDGED);
  *alert.mutable_answer()->mutable_until() = ToTimestamp(At("2026-04-02T16:00:00Z"));
  Tell(*destination, Notice::Kind::kAnswered, alert);
  ASSERT_EQ(real.Alerts().size(), 1);
  const Json after = real.Alerts()[0];
  EXPECT_EQ(after["fingerprint"], before["fingerprint"]);
  EXPECT_EQ(after["annotations"]["assigned_to"], "GWYNEDD/conferences");
  EXPECT_THAT(after["annotations"]["answer"].get<std::string>(),
              HasSubstr("Acknowledged; until: Thursday 2 April 2026, 17:00"));
  EXPECT_NE(after["annotations"]["due"], before["annotations"]["due"]);
}

TEST(AlertmanagerTest, WhereALabelChangesTheAlertUnderTheOldOnesEnds) {
  const RealAlertmanager real;
  const auto destination = For({real.endpoint()});
  Alert alert = LateNow();
  Tell(*destination, Notice::Kind::kPage, alert);
  alert.set_accountable("MON");
  Tell(*destination, Notice::Kind::kPage, alert);
  ASSERT_EQ(real.Alerts().size(), 1);
  EXPECT_EQ(real.Alerts()[0]["labels"]["agency"], "MON");
}

TEST(AlertmanagerTest, ASilenceOutlivesARestartAndRepeatingBringsTheAlertsBack) {
  RealAlertmanager real;
  const auto destination = For({real.endpoint()});
  const Alert silenced = LateNow(), other = Sibling(silenced, 'a');
  Tell(*destination, Notice::Kind::kPage, silenced);
  Tell(*destination, Notice::Kind::kPage, other);
  real.Amtool(absl::StrCat("silence add alert_id=", silenced.alert_id(),
                           " --duration=1h --author=duty --comment=seen"));
  EXPECT_TRUE(Await([&] { return real.StateOf(silenced.alert_id()) == "suppressed"; }));
  EXPECT_EQ(real.StateOf(other.alert_id()), "active");

  real.Restart();
  EXPECT_TRUE(real.Alerts().empty());
  EXPECT_EQ(RepeatOpen(*destination, {silenced, other}).outcome, Outcome::kTaken);
  EXPECT_TRUE(Await([&] { return real.StateOf(silenced.alert_id()) == "suppressed"; }));
  EXPECT_EQ(real.StateOf(other.alert_id()), "active");
}

TEST(AlertmanagerTest, AfterOurRestartTheAlertsAreTheSame) {
  const RealAlertmanager real;
  const Alert alert = LateNow();
  Tell(*For({real.endpoint()}), Notice::Kind::kPage, alert);
  const Json before = real.Alerts().at(0);
  EXPECT_EQ(RepeatOpen(*For({real.endpoint()}), {alert}).outcome, Outcome::kTaken);
  ASSERT_EQ(real.Alerts().size(), 1);
  EXPECT_EQ(real.Alerts()[0]["fingerprint"], before["fingerprint"]);
  EXPECT_EQ(real.Alerts()[0]["startsAt"], before["startsAt"]);
}

TEST(AlertmanagerTest, WhatIsNotRepeatedEndsByItself) {
  const RealAlertmanager real;
  const Alert alert = LateNow();
  Tell(*For({real.endpoint()}, absl::Seconds(1)), Notice::Kind::kPage, alert);
  EXPECT_EQ(real.StateOf(alert.alert_id()), "active");
  EXPECT_TRUE(Await([&] { return real.StateOf(alert.alert_id()).empty(); }));
}

TEST(AlertmanagerTest, WhatHasEndedIsToldForAQuarterOfAnHour) {
  const Receiver receiver;
  AlertmanagerOptions options;
  options.replicas = {{receiver.Url("/status/200?"), "", "", kPatience}};
  options.zone = London();
  absl::Time now = At("2026-04-03T10:00:10Z");
  options.now = [&now] { return now; };
  const auto destination = MakeAlertmanager(options);
  const Alert ended = Changed(OverdueAlert(), alert::v1::STATE_CLEARED, "2026-04-03T10:00:00Z");
  Tell(*destination, Notice::Kind::kEnded, ended);
  RepeatOpen(*destination, {}, now + absl::Minutes(14));
  RepeatOpen(*destination, {}, now + absl::Minutes(15));
  const std::vector<Json> requests = receiver.Requests();
  ASSERT_EQ(requests.size(), 2);
  EXPECT_EQ(requests[0]["body"], requests[1]["body"]);
  const Json alert = Json::parse(requests[0]["body"].get<std::string>())[0];
  EXPECT_EQ(alert["endsAt"], "2026-04-03T10:00:00Z");
  EXPECT_EQ(alert["startsAt"], "2026-04-01T23:00:00Z");
}

TEST(AlertmanagerTest, WhatIsTrueAgainIsNoLongerToldAsEnded) {
  const RealAlertmanager real;
  const auto destination = For({real.endpoint()});
  const Alert alert = LateNow();
  Tell(*destination, Notice::Kind::kPage, alert);
  Tell(*destination, Notice::Kind::kEnded, Cleared(alert));
  Tell(*destination, Notice::Kind::kPage, alert);
  RepeatOpen(*destination, {alert});
  EXPECT_EQ(real.StateOf(alert.alert_id()), "active");
}

TEST(AlertmanagerTest, OneBadAlertDoesNotLoseTheOthers) {
  const RealAlertmanager real;
  const auto destination = For({real.endpoint()});
  const Alert bad = LateNow(), good = Sibling(bad, 'a');
  Notice notice = NoticeOf(Notice::Kind::kPage, {bad, good});
  notice.items[0].link = "no address";
  const Delivery delivery = destination->Deliver(notice);
  EXPECT_EQ(delivery.outcome, Outcome::kTaken);
  EXPECT_THAT(delivery.answer, HasSubstr(bad.alert_id()));
  EXPECT_THAT(delivery.answer, HasSubstr("generatorURL"));
  EXPECT_EQ(real.StateOf(good.alert_id()), "active");
  EXPECT_EQ(real.StateOf(bad.alert_id()), "");

  notice.items.pop_back();
  EXPECT_EQ(destination->Deliver(notice).outcome, Outcome::kRefused);
}

TEST(AlertmanagerTest, EveryReplicaIsToldAndOneIsEnough) {
  const RealAlertmanager one, other;
  const Endpoint nobody{absl::StrCat("http://127.0.0.1:", FreePort()), "", "", kPatience};
  const Alert alert = LateNow();
  const Delivery delivery =
      Tell(*For({nobody, one.endpoint(), other.endpoint()}), Notice::Kind::kPage, alert);
  EXPECT_EQ(delivery.outcome, Outcome::kTaken);
  EXPECT_THAT(delivery.answer, HasSubstr(nobody.url));
  EXPECT_THAT(delivery.answer, testing::Not(HasSubstr(one.Url())));
  EXPECT_EQ(one.StateOf(alert.alert_id()), "active");
  EXPECT_EQ(other.StateOf(alert.alert_id()), "active");
  EXPECT_EQ(Tell(*For({nobody}), Notice::Kind::kPage, alert).outcome, Outcome::kTryLater);
}

TEST(AlertmanagerTest, ATestAHeartbeatAndASummaryAreAlertsOfTheirOwn) {
  const RealAlertmanager real;
  const auto destination = For({real.endpoint()});
  for (const Notice::Kind kind : {Notice::Kind::kTest, Notice::Kind::kHeartbeat}) {
    Notice notice = NoticeOf(kind, {});
    notice.at = absl::Now();
    EXPECT_EQ(destination->Deliver(notice).outcome, Outcome::kTaken);
  }
  Notice summary = NoticeOf(Notice::Kind::kSummary, {LateNow()});
  summary.left_out = 40;
  EXPECT_EQ(destination->Deliver(summary).outcome, Outcome::kTaken);
  std::vector<std::string> names;
  for (const Json& alert : real.Alerts()) names.push_back(alert["labels"]["alertname"]);
  EXPECT_THAT(names, testing::UnorderedElementsAre("DolenTest", "DolenHeartbeat", "DolenSummary",
                                                   "DolenOverdue"));
}

}  // namespace
}  // namespace dolen
