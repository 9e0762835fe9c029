// Mail against a real server, read by Python's email package.
#include "connectors/alerting/mail.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "connectors/alerting/message.h"
#include "tests/connectors/alerting/examples.h"
#include "tests/connectors/alerting/receiver.h"

namespace dolen {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using Json = nlohmann::ordered_json;
using Outcome = Delivery::Outcome;

MailOptions OptionsFor(const MailServer& server, std::vector<std::string> to) {
  MailOptions options;
  options.server = {server.Url(), server.ca_file(), "", kPatience};
  options.without_tls = server.ca_file().empty();
  options.envelope = {"dolen@example.org", std::move(to)};
  options.zone = London();
  return options;
}

Notice Page() { return NoticeOf(Notice::Kind::kPage, {OverdueAlert()}); }

Notice Ended() {
  Notice ended =
      NoticeOf(Notice::Kind::kEnded,
               {Changed(OverdueAlert(), alert::v1::STATE_WITHDRAWN, "2026-04-03T10:00:00Z")});
  ended.id = "n-2";
  return ended;
}

TEST(MailServerTest, AMailIsWholeForWhoReadsIt) {
  const MailServer server({.tls = "starttls"});
  const auto mail = MakeMail(OptionsFor(server, {"duty@example.org", "edt@example.org"}));
  const Delivery delivery = mail->Deliver(Page());
  EXPECT_EQ(delivery.outcome, Outcome::kTaken) << delivery.answer;
  EXPECT_EQ(delivery.answer, "250 2.0.0 kept");

  ASSERT_EQ(server.Mails().size(), 1);
  const Json one = server.Mails()[0];
  EXPECT_TRUE(one["tls"].get<bool>());
  EXPECT_EQ(one["from"], "dolen@example.org");
  EXPECT_EQ(one["receivers"], Json::array({"duty@example.org", "edt@example.org"}));
  const Json& read = one["mail"];
  EXPECT_EQ(read["defects"], Json::array());
  EXPECT_EQ(read["header_defects"], Json::array());
  EXPECT_LE(read["longest_line"].get<int>(), 76);
  EXPECT_EQ(read["type"], "multipart/alternative");
  EXPECT_EQ(read["to"], Json::array({"duty@example.org", "edt@example.org"}));
  EXPECT_EQ(read["headers"]["subject"], Headline(Page()));
  EXPECT_EQ(read["headers"]["auto-submitted"], "auto-generated");
  EXPECT_EQ(read["unix"].get<int64_t>(), absl::ToUnixSeconds(Page().at));
  ASSERT_EQ(read["parts"].size(), 2);
  EXPECT_EQ(read["parts"][0]["type"], "text/plain");
  EXPECT_EQ(read["parts"][1]["type"], "text/html");
  const std::string text = read["parts"][0]["text"];
  EXPECT_THAT(text, StartsWith("Yn hwyr: "));
  EXPECT_THAT(text, HasSubstr("\nOverdue: "));
  EXPECT_THAT(text, HasSubstr("https://dolen.example.org/alerts/0011"));
}

TEST(MailServerTest, MailsOfAThreadAreOneConversation) {
  const MailServer server({});
  const auto mail = MakeMail(OptionsFor(server, {"duty@example.org"}));
  mail->Deliver(Page());
  mail->Deliver(Ended());
  mail->Deliver(Page());  // again, since the answer was lost
  const std::vector<Json> mails = server.Mails();
  ASSERT_EQ(mails.size(), 3);
  const auto header = [&](int i, const char* name) { return mails[i]["mail"]["headers"][name]; };
  EXPECT_EQ(header(1, "in-reply-to"), header(0, "in-reply-to"));
  EXPECT_EQ(header(1, "references"), header(0, "references"));
  EXPECT_NE(header(1, "message-id"), header(0, "message-id"));
  EXPECT_EQ(header(2, "message-id"), header(0, "message-id"));
  EXPECT_THAT(mails[1]["mail"]["parts"][0]["text"].get<std::string>(),
              HasSubstr("done on time and the report came late"));
}

TEST(MailServerTest, LongListsAndLinesThatBeginWithADotArrive) {
  alert::v1::Alert alert = OverdueAlert();
  alert.set_title_en(".\n..hidden");
  std::vector<alert::v1::Alert> alerts(150, alert);
  const MailServer server({});
  const Notice digest = NoticeOf(Notice::Kind::kDigest, alerts);
  const Delivery delivery = MakeMail(OptionsFor(server, {"duty@example.org"}))->Deliver(digest);
  EXPECT_EQ(delivery.outcome, Outcome::kTaken) << delivery.answer;
  ASSERT_EQ(server.Mails().size(), 1);
  const std::string text = server.Mails()[0]["mail"]["parts"][0]["text"];
  EXPECT_TRUE(absl::StrContains(text, "\n..hidden"));
  EXPECT_TRUE(absl::StrContains(text, "Further alerts, not listed: 50\n"));
}

TEST(MailServerTest, SmtpsAndALoginWork) {
  const MailServer server({.tls = "smtps", .login = "dolen:secret"});
  MailOptions options = OptionsFor(server, {"duty@example.org"});
  options.server.credentials = "dolen:secret";
  const Delivery delivery = MakeMail(options)->Deliver(Page());
  EXPECT_EQ(delivery.outcome, Outcome::kTaken) << delivery.answer;
  ASSERT_EQ(server.Mails().size(), 1);
  EXPECT_TRUE(server.Mails()[0]["login"].get<bool>());
}

TEST(MailServerTest, AWrongPasswordIsRefusedAndNotTold) {
  const MailServer server({.tls = "starttls", .login = "dolen:secret"});
  MailOptions options = OptionsFor(server, {"duty@example.org"});
  options.server.credentials = "dolen:wrong-one";
  const Delivery delivery = MakeMail(options)->Deliver(Page());
  EXPECT_EQ(delivery.outcome, Outcome::kRefused);
  EXPECT_THAT(delivery.answer, StartsWith("535"));
  EXPECT_THAT(delivery.answer, testing::Not(HasSubstr("wrong-one")));
  EXPECT_TRUE(server.Mails().empty());
}

TEST(MailServerTest, AServerWithoutStarttlsGetsNothing) {
  const MailServer server({.tls = "none"});
  MailOptions options = OptionsFor(server, {"duty@example.org"});
  options.without_tls = false;
  const Delivery delivery = MakeMail(options)->Deliver(Page());
  EXPECT_EQ(delivery.outcome, Outcome::kRefused);
  EXPECT_THAT(delivery.answer, HasSubstr("no STARTTLS"));
  EXPECT_TRUE(server.Mails().empty());
}

TEST(MailServerTest, ACertificateOfAnUnknownAuthorityIsNotTaken) {
  const MailServer server({.tls = "starttls"});
  const Certificates others;
  MailOptions options = OptionsFor(server, {"duty@example.org"});
  options.server.ca_file = others.ca_file();
  const Delivery delivery = MakeMail(options)->Deliver(Page());
  EXPECT_EQ(delivery.outcome, Outcome::kTryLater);
  EXPECT_THAT(delivery.answer, HasSubstr("certificate"));
  EXPECT_TRUE(server.Mails().empty());
}

TEST(MailServerTest, OneUnknownReceiverDoesNotSilenceTheOthers) {
  const MailServer server({});
  const Delivery delivery =
      MakeMail(OptionsFor(server, {"unknown@example.org", "duty@example.org"}))->Deliver(Page());
  EXPECT_EQ(delivery.outcome, Outcome::kTaken);
  EXPECT_THAT(delivery.answer, HasSubstr("550 5.1.1 no such mailbox"));
  ASSERT_EQ(server.Mails().size(), 1);
  EXPECT_EQ(server.Mails()[0]["receivers"], Json::array({"duty@example.org"}));
}

TEST(MailServerTest, OnlyUnknownReceiversAreARefusal) {
  const MailServer server({});
  const Delivery delivery = MakeMail(OptionsFor(server, {"unknown@example.org"}))->Deliver(Page());
  EXPECT_EQ(delivery.outcome, Outcome::kRefused);
  EXPECT_EQ(delivery.answer, "550 5.1.1 no such mailbox");
}

TEST(MailServerTest, AFullMailboxIsTriedLaterAlsoBesideOthers) {
  const MailServer server({});
  for (const std::vector<std::string>& to : {std::vector<std::string>{"full@example.org"},
                                             {"full@example.org", "duty@example.org"},
                                             {"full@example.org", "unknown@example.org"}}) {
    const Delivery delivery = MakeMail(OptionsFor(server, to))->Deliver(Page());
    EXPECT_EQ(delivery.outcome, Outcome::kTryLater);
    EXPECT_THAT(delivery.answer, HasSubstr("452 4.2.2 mailbox is full"));
    EXPECT_EQ(delivery.perhaps_taken, to.back() == "duty@example.org");
  }
}

TEST(MailServerTest, AServerThatStopsAnsweringHoldsNobodyUp) {
  for (const char* where : {"data", "quit"}) {
    const MailServer server({.hang = where});
    MailOptions options = OptionsFor(server, {"duty@example.org"});
    options.server.timeout = absl::Seconds(1);
    const absl::Time begin = absl::Now();
    const Delivery delivery = MakeMail(options)->Deliver(Page());
    EXPECT_LT(absl::Now() - begin, kPatience) << where;
    // Who hangs at goodbye has taken the mail.
    const bool is_taken = std::string(where) == "quit";
    EXPECT_EQ(delivery.outcome, is_taken ? Outcome::kTaken : Outcome::kTryLater)
        << where << ": " << delivery.answer;
    EXPECT_EQ(delivery.perhaps_taken, !is_taken);
  }
}

TEST(MailServerTest, AHeartbeatIsRefusedAndNobodyIsAsked) {
  MailOptions options;
  EXPECT_EQ(MakeMail(options)->Deliver(NoticeOf(Notice::Kind::kHeartbeat, {})).outcome,
            Outcome::kRefused);
}

}  // namespace
}  // namespace dolen
