// What leaves, without anybody to receive it: words, forms, and nothing personal.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "connectors/alerting/alertmanager_form.h"
#include "connectors/alerting/facts.h"
#include "connectors/alerting/mail.h"
#include "connectors/alerting/mail_body.h"
#include "connectors/alerting/message.h"
#include "connectors/alerting/mime.h"
#include "connectors/alerting/pagerduty.h"
#include "connectors/alerting/webhook.h"
#include "connectors/alerting/words.h"
#include "engine/base/time.h"
#include "nlohmann/json.hpp"
#include "tests/connectors/alerting/examples.h"
#include "tests/connectors/alerting/server.h"

namespace dolen {
namespace {

using alert::v1::Alert;
using Json = nlohmann::ordered_json;

std::string Pretty(const std::string& json) { return Json::parse(json).dump(1) + "\n"; }

// Every form, one after the other.
std::string Forms(const std::function<std::string(const Notice&)>& form) {
  std::string all;
  for (const NamedNotice& one : EveryForm()) {
    absl::StrAppend(&all, "==== ", one.name, "\n", form(one.notice));
  }
  return all;
}

TEST(WordsTest, EveryPhraseIsThereInBothLanguages) {
  for (int i = 0; i < static_cast<int>(Word::kCount); ++i) {
    const Phrase& phrase = PhraseOf(static_cast<Word>(i));
    EXPECT_FALSE(phrase.cy.empty()) << phrase.en;
    EXPECT_FALSE(phrase.en.empty()) << phrase.cy;
    EXPECT_NE(phrase.cy, phrase.en);
  }
}

TEST(WordsTest, TimesAreThoseOfTheLocalClock) {
  // British Summer Time began on 29 March.
  const absl::Time time = At("2026-04-01T23:00:00Z");
  EXPECT_EQ(TimeWords(time, London(), Language::kEnglish), "Thursday 2 April 2026, 00:00");
  EXPECT_EQ(TimeWords(time, London(), Language::kWelsh), "Dydd Iau 2 Ebrill 2026, 00:00");
  EXPECT_EQ(TimeWords(At("2026-01-04T09:05:59Z"), London(), Language::kEnglish),
            "Sunday 4 January 2026, 09:05");
}

TEST(WordsTest, AnEarlyLevelThatEndsWhenTheStepFallsDueIsNotCalledDone) {
  const Alert soon = DueSoonAlert();
  EXPECT_EQ(StatusWord(soon), Word::kDueSoon);
  EXPECT_EQ(StatusWord(Changed(soon, alert::v1::STATE_CLEARED, "2026-04-01T12:00:00Z")),
            Word::kClearedInTime);
  EXPECT_EQ(StatusWord(Changed(soon, alert::v1::STATE_CLEARED, "2026-04-01T23:00:00Z")),
            Word::kPassed);
  EXPECT_EQ(StatusWord(Changed(OverdueAlert(), alert::v1::STATE_CLEARED, "2026-04-02T12:00:00Z")),
            Word::kClearedLate);
}

TEST(WordsTest, EveryStateAndEverySubjectHasWords) {
  for (int state = alert::v1::STATE_RAISED; state <= alert::v1::STATE_RESOLVED; ++state) {
    EXPECT_NE(StateName(static_cast<alert::v1::State>(state)), "") << state;
  }
  std::set<Word> raised;
  for (int about = alert::v1::ABOUT_DEADLINE; about <= alert::v1::ABOUT_MISSING_STEP; ++about) {
    EXPECT_NE(AboutName(static_cast<alert::v1::About>(about)), "") << about;
    Alert alert = OverdueAlert();
    alert.set_about(static_cast<alert::v1::About>(about));
    raised.insert(StatusWord(alert));
  }
  EXPECT_EQ(raised.size(), 6);
}

TEST(FactsTest, GravityFollowsTheWeightAndIsLessBeforeDue) {
  const auto gravity = [](Alert alert, const std::string& weight) {
    alert.set_weight(weight);
    return GravityName(GravityOf(alert));
  };
  EXPECT_EQ(gravity(OverdueAlert(), "statute"), "critical");
  EXPECT_EQ(gravity(OverdueAlert(), "guidance"), "error");
  EXPECT_EQ(gravity(OverdueAlert(), "local"), "warning");
  EXPECT_EQ(gravity(OverdueAlert(), "advisory"), "info");
  EXPECT_EQ(gravity(DueSoonAlert(), "statute"), "warning");
  EXPECT_EQ(gravity(DueSoonAlert(), "local"), "info");
}

TEST(FactsTest, ADueTimeBeyondAllCalendarsIsNone) {
  Alert alert = OverdueAlert();
  *alert.mutable_due() = ToTimestamp(absl::InfiniteFuture());
  EXPECT_EQ(DueOf(alert), absl::InfiniteFuture());
  EXPECT_FALSE(absl::StrContains(EventOf(NoticeOf(Notice::Kind::kPage, {alert})), "never"));
}

TEST(GoldenTest, Alertmanager) {
  std::string all;
  for (const NamedNotice& one : EveryForm()) {
    // It takes no groups, and one state is like the other.
    const std::set<std::string> shown = {"page", "answered", "ended_withdrawn", "test"};
    if (!shown.contains(one.name)) continue;
    Posted posted = one.notice.items.empty()
                        ? PostedOf(one.notice)
                        : PostedOf(one.notice.items[0], London(), one.notice.language);
    posted.ends = At("2026-04-01T23:04:02Z");
    absl::StrAppend(&all, "==== ", one.name, "\n", Pretty(BodyOf({posted})));
  }
  ExpectGolden("alertmanager.txt", all);
}

TEST(GoldenTest, Webhook) {
  ExpectGolden("webhook.txt", Forms([](const Notice& notice) { return Pretty(EventOf(notice)); }));
}

TEST(GoldenTest, PagerDuty) {
  ExpectGolden("pagerduty.txt", Forms([](const Notice& notice) {
                 if (notice.kind == Notice::Kind::kHeartbeat) return std::string("none\n");
                 return Pretty(PagerDutyEvent(notice, PagerDutyAction(notice.kind),
                                              std::string(32, 'k'), London()));
               }));
}

TEST(GoldenTest, MailText) {
  ExpectGolden("mail_text.txt",
               Forms([](const Notice& notice) { return MailText(notice, London()); }));
}

TEST(GoldenTest, MailHtml) {
  ExpectGolden("mail.html", MailHtml(EveryForm()[0].notice, London()));
  ExpectGolden(
      "mail_list.html",
      MailHtml(NoticeOf(Notice::Kind::kDigest, {OverdueAlert(), DueSoonAlert()}), London()));
}

TEST(GoldenTest, Mail) {
  const Envelope envelope{"dolen@example.org", {"duty@example.org", "edt@example.org"}};
  const std::string mail = MailOf(EveryForm()[4].notice, envelope, London());
  ExpectGolden("mail.eml", absl::StrReplaceAll(mail, {{"\r\n", "\n"}}));
}

TEST(FormsTest, NothingPersonalLeaves) {
  for (const NamedNotice& one : EveryForm()) {
    SCOPED_TRACE(one.name);
    // What agencies made up, and of children's keys what is more than 8 digits.
    ExpectNoneOf({"MATTER", "initial_conference@", "1a2b3c4d5", "77777777"},
                 EveryOutput(one.notice));
  }
}

TEST(FormsTest, AWebhookStaysBelowTwentyKilobytesAndCountsTheRest) {
  std::vector<Alert> alerts(200, OverdueAlert());
  Notice notice = NoticeOf(Notice::Kind::kDigest, alerts);
  notice.left_out = 5;
  const std::string event = EventOf(notice);
  EXPECT_LT(event.size(), 20000);
  EXPECT_GT(event.size(), 18000);
  const Json data = Json::parse(event)["data"];
  EXPECT_GT(data["alerts"].size(), 5);
  EXPECT_EQ(data["alerts"].size() + data["left_out"].get<size_t>(), 205);
}

TEST(FormsTest, EveryWebhookFollowsItsSchema) {
  for (const NamedNotice& one : EveryForm()) {
    SCOPED_TRACE(one.name);
    const Ran ran =
        RunCommand(absl::StrCat(kPython, " ", ServerScript("judge_schema.py"),
                                " " DOLEN_SOURCE_DIR "/connectors/alerting/webhook.schema.json"),
                   EventOf(one.notice));
    EXPECT_EQ(ran.status, 0) << ran.output << EventOf(one.notice);
  }
}

TEST(FormsTest, WhatIsNotUtf8DoesNotStopAMessage) {
  Alert alert = OverdueAlert();
  alert.mutable_title_en()->assign("broken \xff title");
  const Notice notice = NoticeOf(Notice::Kind::kPage, {alert});
  EXPECT_TRUE(Json::accept(EventOf(notice)));
  EXPECT_TRUE(Json::accept(PagerDutyEvent(notice, "trigger", "k", London())));
  EXPECT_TRUE(Json::accept(BodyOf({PostedOf(notice.items[0], London(), notice.language)})));
}

TEST(FormsTest, ASummaryForPagerDutyIsCutBetweenCharacters) {
  EXPECT_EQ(Shortened("dŵr", 10), "dŵr");
  EXPECT_EQ(Shortened("ŵŵŵŵ", 6), "ŵ...");
  Alert alert = OverdueAlert();
  for (int i = 0; i < 10; ++i) alert.mutable_title_cy()->append(std::string(100, 'x') + "ŵ");
  const Notice notice = NoticeOf(Notice::Kind::kPage, {alert});
  const Json event = Json::parse(PagerDutyEvent(notice, "trigger", "k", London()));
  EXPECT_LE(event["payload"]["summary"].get<std::string>().size(), 1024);
}

TEST(FormsTest, ADedupKeyThatIsTooLongIsHashed) {
  Notice notice = NoticeOf(Notice::Kind::kPage, {OverdueAlert()});
  notice.thread = std::string(256, 't');
  const Json event = Json::parse(PagerDutyEvent(notice, "trigger", "k", London()));
  EXPECT_EQ(event["dedup_key"].get<std::string>().size(), 32);
}

TEST(MimeTest, HeadersAreFoldedIntoEncodedWordsBetweenCharacters) {
  EXPECT_EQ(HeaderLine("Subject", "Overdue"), "Subject: Overdue\r\n");
  // The first line has room for 39 bytes beside the name: the 39th is half of a character.
  EXPECT_EQ(HeaderLine("Subject", absl::StrCat(std::string(38, 'a'), "ŵyn")),
            absl::StrCat("Subject: =?UTF-8?B?", absl::Base64Escape(std::string(38, 'a')),
                         "?=\r\n =?UTF-8?B?", absl::Base64Escape("ŵyn"), "?=\r\n"));
  for (const absl::string_view line :
       absl::StrSplit(HeaderLine("Subject", std::string(300, 'a')), "\r\n")) {
    EXPECT_LE(line.size(), 76);
  }
  EXPECT_FALSE(absl::StrContains(HeaderLine("Subject", "a\r\nBcc: x@y.z"), "Bcc"));
}

TEST(MimeTest, QuotedPrintableKeepsLinesShortAndTrailingSpace) {
  EXPECT_EQ(QuotedPrintable("tŷ = tŷ \nx"), "t=C5=B7 =3D t=C5=B7=20\r\nx\r\n");
  for (const absl::string_view line :
       absl::StrSplit(QuotedPrintable(std::string(500, '=')), "\r\n")) {
    EXPECT_LE(line.size(), 76);
  }
}

TEST(MimeTest, AMailboxIsOneAddressAndNothingElse) {
  EXPECT_TRUE(IsMailbox("duty.team+dolen@cyngor.example"));
  for (const char* wrong :
       {"", "duty", "@b", "a@", "a@b@c", "a b@c", "Duty <a@b>", "a@b\r\nX: y", "a@b,c@d"}) {
    EXPECT_FALSE(IsMailbox(wrong)) << wrong;
  }
}

TEST(MailTest, MailsOfAThreadAnswerTheSameMessage) {
  const Envelope envelope{"dolen@example.org", {"duty@example.org"}};
  const auto header = [&](const Notice& notice, absl::string_view name) {
    const std::string mail = MailOf(notice, envelope, London());
    const size_t from = mail.find(absl::StrCat("\r\n", name, ": ")) + 4 + name.size();
    return mail.substr(from, mail.find("\r\n", from) - from);
  };
  const Notice page = NoticeOf(Notice::Kind::kPage, {OverdueAlert()});
  Notice ended =
      NoticeOf(Notice::Kind::kEnded,
               {Changed(OverdueAlert(), alert::v1::STATE_CLEARED, "2026-04-03T10:00:00Z")});
  ended.id = "n-2";
  EXPECT_EQ(header(page, "References"), header(ended, "References"));
  EXPECT_EQ(header(page, "References"), header(ended, "In-Reply-To"));
  EXPECT_NE(header(page, "Message-ID"), header(ended, "Message-ID"));
  EXPECT_EQ(header(page, "Message-ID"), header(page, "Message-ID"));
}

TEST(MailTest, HtmlOfOthersStaysText) {
  Alert alert = OverdueAlert();
  alert.set_title_en("<script>alert('x')</script>");
  alert.mutable_source()->set_address("javascript:alert(1)");
  const std::string html = MailHtml(NoticeOf(Notice::Kind::kPage, {alert}), London());
  EXPECT_FALSE(absl::StrContains(html, "<script"));
  EXPECT_FALSE(absl::StrContains(html, "href=\"javascript"));
}

}  // namespace
}  // namespace dolen
