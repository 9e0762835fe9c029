#include "tests/connectors/alerting/examples.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "connectors/alerting/alertmanager_form.h"
#include "connectors/alerting/log_line.h"
#include "connectors/alerting/mail.h"
#include "connectors/alerting/mail_body.h"
#include "connectors/alerting/message.h"
#include "connectors/alerting/pagerduty.h"
#include "connectors/alerting/webhook.h"
#include "connectors/alerting/words.h"
#include "engine/base/check.h"
#include "engine/base/time.h"
#include "tests/connectors/alerting/server.h"

namespace dolen {

using alert::v1::Alert;

absl::Time At(absl::string_view rfc3339) {
  absl::Time time;
  DOLEN_CHECK(ParseRfc3339(rfc3339, time));
  return time;
}

absl::TimeZone London() {
  absl::TimeZone zone;
  DOLEN_CHECK(absl::LoadTimeZone("Europe/London", &zone));
  return zone;
}

Alert OverdueAlert() {
  Alert alert;
  alert.set_alert_id("00112233445566778899aabbccddeeff");
  alert.set_number(1);
  alert.set_shard_number(7);
  alert.set_shard(3);
  alert.set_state(alert::v1::STATE_RAISED);
  alert.set_level("overdue");
  alert.set_child("1a2b3c4d5e6f708192a3b4c5d6e7f809");
  alert.set_matter_agency("GWYNEDD");
  alert.set_matter_id("MATTER/2026/17");
  alert.set_clock("initial_conference@MATTER/2026/17");
  alert.set_rule("initial_conference");
  alert.set_book_version("cymru-2026-1");
  alert.set_accountable("GWYNEDD");
  *alert.mutable_due() = ToTimestamp(At("2026-04-01T23:00:00Z"));
  *alert.mutable_since() = ToTimestamp(At("2026-04-01T23:00:00Z"));
  *alert.mutable_at() = ToTimestamp(At("2026-04-01T23:00:01Z"));
  alert.mutable_source()->set_title("Wales Safeguarding Procedures");
  alert.mutable_source()->set_paragraph("3.1");
  alert.mutable_source()->set_address("https://example.org/procedures?a=1&b=2");
  alert.set_weight("guidance");
  alert.set_title_cy("Cynhadledd amddiffyn plant gychwynnol: 15 diwrnod gwaith");
  alert.set_title_en("Initial child protection conference: 15 working days");
  alert.add_audience("starter");
  alert.set_about(alert::v1::ABOUT_DEADLINE);
  alert.set_household("hh0123456789abcd");
  alert.add_to("GWYNEDD/duty");
  return alert;
}

Alert DueSoonAlert() {
  Alert alert = OverdueAlert();
  alert.set_alert_id("0123456789abcdef0123456789abcdef");
  alert.set_level("due_soon");
  *alert.mutable_since() = ToTimestamp(At("2026-03-30T23:00:00Z"));
  *alert.mutable_at() = ToTimestamp(At("2026-03-30T23:00:01Z"));
  return alert;
}

Alert Changed(Alert alert, alert::v1::State state, absl::string_view at) {
  alert.set_number(alert.number() + 1);
  alert.set_state(state);
  *alert.mutable_at() = ToTimestamp(At(at));
  return alert;
}

Alert Sibling(Alert alert, char digit) {
  alert.set_alert_id(std::string(32, digit));
  alert.set_child(std::string(8, digit) + std::string(24, '7'));
  return alert;
}

Notice NoticeOf(Notice::Kind kind, const std::vector<Alert>& alerts) {
  Notice notice;
  notice.kind = kind;
  notice.id = "n-1";
  notice.thread = alerts.empty() ? "" : alerts[0].alert_id();
  notice.team = "GWYNEDD/duty";
  notice.at = At("2026-04-01T23:00:02Z");
  for (const Alert& alert : alerts) {
    notice.items.push_back(
        {alert, absl::StrCat("https://dolen.example.org/alerts/", alert.alert_id())});
  }
  return notice;
}

namespace {

Alert Acknowledged() {
  Alert alert = Changed(OverdueAlert(), alert::v1::STATE_ACKNOWLEDGED, "2026-04-02T08:00:00Z");
  alert.mutable_answer()->set_kind(alert::v1::Answer::KIND_ACKNOWLEDGED);
  *alert.mutable_answer()->mutable_at() = ToTimestamp(At("2026-04-02T08:00:00Z"));
  *alert.mutable_answer()->mutable_until() = ToTimestamp(At("2026-04-02T16:00:00Z"));
  alert.set_assigned_to("GWYNEDD/conferences");
  return alert;
}

Alert Silence() {
  Alert alert = Sibling(OverdueAlert(), 'e');
  alert.set_about(alert::v1::ABOUT_SILENCE);
  alert.set_silent_agency("YSGOL/penrhyn");
  alert.clear_household();
  alert.clear_due();
  alert.set_title_cy("Ysgol: dim gwybodaeth ers 3 diwrnod");
  alert.set_title_en("School: no word for 3 days");
  return alert;
}

std::string LogOf(const Notice& notice) {
  testing::internal::CaptureStderr();
  MakeLogLine()->Deliver(notice);
  return testing::internal::GetCapturedStderr();
}

}  // namespace

std::vector<NamedNotice> EveryForm() {
  const Alert overdue = OverdueAlert();
  Notice digest = NoticeOf(Notice::Kind::kDigest, {overdue, DueSoonAlert()});
  Notice summary = NoticeOf(Notice::Kind::kSummary, {overdue, Sibling(overdue, 'a')});
  summary.left_out = 40;
  summary.language = routing::v1::Team::CY;
  Notice english = NoticeOf(Notice::Kind::kPage, {Silence()});
  english.language = routing::v1::Team::EN;
  return {
      {"page", NoticeOf(Notice::Kind::kPage, {overdue})},
      {"page_of_a_household",
       NoticeOf(Notice::Kind::kPage, {overdue, Sibling(overdue, 'a'), Sibling(overdue, 'b')})},
      {"page_of_silence", english},
      {"update", NoticeOf(Notice::Kind::kUpdate,
                          {Changed(overdue, alert::v1::STATE_AMENDED, "2026-04-02T10:00:00Z")})},
      {"answered", NoticeOf(Notice::Kind::kAnswered, {Acknowledged()})},
      {"ended_cleared", NoticeOf(Notice::Kind::kEnded, {Changed(overdue, alert::v1::STATE_CLEARED,
                                                                "2026-04-03T10:00:00Z")})},
      {"ended_withdrawn",
       NoticeOf(Notice::Kind::kEnded,
                {Changed(overdue, alert::v1::STATE_WITHDRAWN, "2026-04-03T10:00:00Z")})},
      {"digest", digest},
      {"summary", summary},
      {"test", NoticeOf(Notice::Kind::kTest, {})},
      {"heartbeat", NoticeOf(Notice::Kind::kHeartbeat, {})},
  };
}

std::vector<Output> EveryOutput(const Notice& notice) {
  const Envelope envelope{"dolen@example.org", {"duty@example.org"}};
  std::vector<Posted> posted;
  for (const Notice::Item& item : notice.items) {
    posted.push_back(PostedOf(item, London(), notice.language));
  }
  posted.push_back(PostedOf(notice));
  return {{"alertmanager", BodyOf(posted)},
          {"webhook", EventOf(notice)},
          {"pagerduty", PagerDutyEvent(notice, "trigger", "routing-key", London())},
          {"mail", MailOf(notice, envelope, London())},
          {"mail, subject", Headline(notice)},
          {"mail, text", MailText(notice, London())},
          {"mail, HTML", MailHtml(notice, London())},
          {"log", LogOf(notice)}};
}

void ExpectNoneOf(const std::vector<std::string>& needles, const std::vector<Output>& outputs) {
  for (const Output& output : outputs) {
    const std::string text = absl::AsciiStrToLower(output.text);
    for (const std::string& needle : needles) {
      EXPECT_FALSE(absl::StrContains(text, absl::AsciiStrToLower(needle)))
          << output.name << " tells of \"" << needle << "\":\n"
          << output.text;
    }
  }
}

void ExpectGolden(const std::string& name, const std::string& text) {
  const std::string path = DOLEN_SOURCE_DIR "/tests/connectors/alerting/golden/" + name;
  if (getenv("DOLEN_WRITE_GOLDEN") != nullptr) std::ofstream(path) << text;
  EXPECT_EQ(ReadFile(path), text)
      << "if it is meant so: DOLEN_WRITE_GOLDEN=1, and look at the diff";
}

}  // namespace dolen
