// HTTP against a receiver that misbehaves.
#include "connectors/alerting/outbound.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/connectors/alerting/receiver.h"
#include "tests/connectors/alerting/server.h"

namespace dolen {
namespace {

using testing::HasSubstr;
using Outcome = Delivery::Outcome;

HttpAnswer PostTo(const Receiver& receiver, absl::string_view path,
                  absl::Duration timeout = kPatience) {
  return Post({receiver.Url(path), receiver.ca_file(), "", timeout}, {"X-Test: yes"}, "{}");
}

TEST(OutboundTest, TwoHundredsAreTaken) {
  const Receiver receiver;
  const HttpAnswer answer = PostTo(receiver, "/ok");
  EXPECT_EQ(answer.delivery.outcome, Outcome::kTaken);
  EXPECT_EQ(answer.delivery.answer, "202 Accepted");
  EXPECT_EQ(answer.body, "thanks");
  EXPECT_EQ(PostTo(receiver, "/status/204").delivery.outcome, Outcome::kTaken);
}

TEST(OutboundTest, WhatMayPassIsTriedLaterAndTheRestIsRefused) {
  const Receiver receiver;
  for (const int status : {408, 425, 429, 500, 502, 503, 504}) {
    const HttpAnswer answer = PostTo(receiver, absl::StrCat("/status/", status));
    EXPECT_EQ(answer.delivery.outcome, Outcome::kTryLater) << status;
    EXPECT_FALSE(answer.delivery.perhaps_taken);
    EXPECT_EQ(answer.status, status);
  }
  for (const int status : {300, 304, 400, 401, 403, 404, 410, 413, 422}) {
    EXPECT_EQ(PostTo(receiver, absl::StrCat("/status/", status)).delivery.outcome,
              Outcome::kRefused)
        << status;
  }
}

TEST(OutboundTest, WhatIsFetchedIsThereWholeOrNotAtAll) {
  const Receiver receiver;
  const auto fetched = [&](absl::string_view path, absl::Duration timeout = kPatience) {
    return Get({receiver.Url(path), receiver.ca_file(), "", timeout});
  };
  EXPECT_EQ(fetched("/fetched").value(), "what was asked for");
  for (const char* path : {"/status/404", "/ok", "/status/500", "/redirect", "/half", "/big"}) {
    EXPECT_TRUE(absl::IsUnavailable(fetched(path).status())) << path;
  }
  EXPECT_TRUE(absl::IsUnavailable(fetched("/slow", absl::Milliseconds(200)).status()));
}

TEST(OutboundTest, WhatAServerSaysIsPlainInTheAnswer) {
  const Receiver receiver;
  EXPECT_EQ(PostTo(receiver, "/status/400").delivery.answer, "400 Bad Request: no: ? tr??n");
}

TEST(OutboundTest, RetryAfterIsReadAsSecondsAndAsADate) {
  const Receiver receiver;
  const auto patience = [&](const std::string& text) {
    return PostTo(receiver, "/status/429?retry_after=" + text).delivery.try_after;
  };
  EXPECT_EQ(patience("7"), absl::Seconds(7));
  EXPECT_EQ(patience("120"), absl::Seconds(120));
  EXPECT_EQ(patience("99999999"), kLongestPatience);
  EXPECT_EQ(patience("soon"), absl::nullopt);
  EXPECT_EQ(patience("-5"), absl::nullopt);
  const std::string date = absl::FormatTime("%a,%%20%d%%20%b%%20%Y%%20%H:%M:%S%%20GMT",
                                            absl::Now() + absl::Seconds(100), absl::UTCTimeZone());
  const absl::optional<absl::Duration> until = patience(date);
  ASSERT_TRUE(until);
  EXPECT_GE(*until, absl::Seconds(90));
  EXPECT_LE(*until, absl::Seconds(100));
  EXPECT_EQ(patience("Wed,%2021%20Oct%202015%2007:28:00%20GMT"), absl::nullopt);
  EXPECT_EQ(PostTo(receiver, "/status/503").delivery.try_after, absl::nullopt);
}

TEST(OutboundTest, ARedirectIsNotFollowed) {
  const Receiver receiver;
  const HttpAnswer answer = PostTo(receiver, "/redirect");
  EXPECT_EQ(answer.delivery.outcome, Outcome::kRefused);
  EXPECT_THAT(answer.delivery.answer, HasSubstr("302"));
  EXPECT_EQ(receiver.Requests().size(), 1);
}

TEST(OutboundTest, WhoDoesNotAnswerInTimeIsTriedLater) {
  const Receiver receiver;
  for (const char* path : {"/hang", "/slow"}) {
    const absl::Time begin = absl::Now();
    const HttpAnswer answer = PostTo(receiver, path, absl::Milliseconds(500));
    EXPECT_EQ(answer.delivery.outcome, Outcome::kTryLater) << path;
    EXPECT_EQ(answer.status, 0);
    EXPECT_THAT(answer.delivery.answer, HasSubstr("timed out"));
    EXPECT_TRUE(answer.delivery.perhaps_taken);
    EXPECT_LT(absl::Now() - begin, kPatience) << path;
  }
}

TEST(OutboundTest, HalfAnAnswerIsNone) {
  const Receiver receiver;
  const HttpAnswer answer = PostTo(receiver, "/half");
  EXPECT_EQ(answer.delivery.outcome, Outcome::kTryLater);
  EXPECT_THAT(answer.delivery.answer, HasSubstr("200 OK, then: "));
  EXPECT_TRUE(answer.delivery.perhaps_taken);
}

TEST(OutboundTest, OfALongAnswerTheBeginningIsRead) {
  const Receiver receiver;
  const HttpAnswer answer = PostTo(receiver, "/big");
  EXPECT_EQ(answer.delivery.outcome, Outcome::kTaken);
  EXPECT_EQ(answer.body.size(), kMostOfAnAnswer);
}

TEST(OutboundTest, NobodyThereIsTriedLater) {
  const HttpAnswer answer =
      Post({absl::StrCat("http://127.0.0.1:", FreePort()), "", "", kPatience}, {}, "{}");
  EXPECT_EQ(answer.delivery.outcome, Outcome::kTryLater);
  EXPECT_THAT(answer.delivery.answer, HasSubstr("connect"));
  EXPECT_FALSE(answer.delivery.perhaps_taken);
}

TEST(OutboundTest, AProxyOfTheEnvironmentIsNotAskedForLoopback) {
  const Receiver receiver;
  setenv("http_proxy", "http://127.0.0.1:1", 1);
  EXPECT_EQ(PostTo(receiver, "/ok").delivery.outcome, Outcome::kTaken);
  unsetenv("http_proxy");
}

TEST(OutboundTest, CredentialsGoIntoTheirHeader) {
  const Receiver receiver;
  Post({receiver.Url("/ok"), "", "dolen:secret", kPatience}, {}, "{}");
  EXPECT_EQ(receiver.Requests().at(0)["headers"]["authorization"], "Basic ZG9sZW46c2VjcmV0");
}

TEST(OutboundTest, TlsIsVerifiedAgainstTheGivenAuthority) {
  const Receiver receiver({.tls = true});
  EXPECT_EQ(PostTo(receiver, "/ok").delivery.outcome, Outcome::kTaken);
  // The system's authorities do not know it, and another one does not either.
  const Certificates others;
  for (const std::string& ca_file : {std::string(), others.ca_file()}) {
    const HttpAnswer answer = Post({receiver.Url("/ok"), ca_file, "", kPatience}, {}, "{}");
    EXPECT_EQ(answer.delivery.outcome, Outcome::kTryLater);
    EXPECT_THAT(answer.delivery.answer, HasSubstr("certificate"));
    EXPECT_FALSE(answer.delivery.perhaps_taken);
  }
  EXPECT_EQ(receiver.Requests().size(), 1);
}

TEST(OutboundTest, ACertificateForAnotherHostIsNotTaken) {
  const Receiver receiver({.tls = true});
  const std::string url = absl::StrCat("https://localhost:", receiver.port(), "/ok");
  const HttpAnswer answer = Post({url, receiver.ca_file(), "", kPatience}, {}, "{}");
  EXPECT_EQ(answer.delivery.outcome, Outcome::kTryLater);
  EXPECT_THAT(answer.delivery.answer, HasSubstr("localhost"));
  EXPECT_TRUE(receiver.Requests().empty());
}

TEST(OutboundTest, TlsBeforeOneTwoIsNotTaken) {
  const Receiver receiver({.tls = true, .most_tls = "1.1"});
  EXPECT_EQ(PostTo(receiver, "/ok").delivery.outcome, Outcome::kTryLater);
  EXPECT_TRUE(receiver.Requests().empty());
}

TEST(OutboundTest, PlainHttpIsForLoopbackOnly) {
  for (const char* good : {"https://example.org/x?y=z", "http://localhost:9093",
                           "http://127.0.0.1:9093/", "http://127.9.9.9", "http://[::1]:80/"}) {
    EXPECT_TRUE(CheckHttpUrl(good).ok()) << good << ": " << CheckHttpUrl(good);
  }
  for (const char* bad :
       {"", "example.org", "http://example.org", "http://127.0.0.1.example.org", "ftp://localhost",
        "http://localhost.example.org", "http://10.0.0.1", "http://[::2]", "smtp://localhost:25",
        "https://user:secret@example.org", "http://localhost@example.org", "file:///etc/passwd"}) {
    EXPECT_EQ(CheckHttpUrl(bad).code(), absl::StatusCode::kInvalidArgument) << bad;
  }
}

TEST(OutboundTest, MailWithoutTlsIsForLoopbackOnly) {
  EXPECT_TRUE(CheckMailServer("smtp://mail.example.org:587", false).ok());
  EXPECT_TRUE(CheckMailServer("smtps://mail.example.org:465", false).ok());
  EXPECT_TRUE(CheckMailServer("smtp://127.0.0.1:25", true).ok());
  EXPECT_FALSE(CheckMailServer("smtp://mail.example.org:25", true).ok());
  EXPECT_FALSE(CheckMailServer("smtp://mail.example.org", false).ok());
  EXPECT_FALSE(CheckMailServer("https://mail.example.org:587", false).ok());
  EXPECT_FALSE(CheckMailServer("smtp://user:secret@mail.example.org:587", false).ok());
}

}  // namespace
}  // namespace dolen
