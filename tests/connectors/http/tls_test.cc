// TLS: what is spoken and what is not, who is let in, and who can reach the server without it.
#include "connectors/http/tls.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "connectors/http/server.h"
#include "connectors/http/tcp.h"
#include "engine/base/digest.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/connectors/http/certificates.h"
#include "tests/connectors/http/support.h"
#include "tests/connectors/http/tls_client.h"

namespace dolen {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class HttpTlsTest : public ::testing::Test {
 protected:
  HttpTlsTest() {
    WriteTextFile(options_.certificate_chain_file, server_.certificate);
    WriteTextFile(options_.private_key_file, server_.key);
    WriteTextFile(folder_.Path("clients.pem"), clients_.certificate());
    client_.authority = authority_.certificate();
  }

  // GET /me says who the server thinks it is talking to.
  void Start() {
    Router router = TestRouter();
    router.Add("GET", "/me", [](const HttpRequest& request, const PathArguments&) {
      HttpResponse response;
      response.content_type = "text/plain";
      response.body = absl::StrCat(request.peer.address, request.peer.is_encrypted ? " tls" : "");
      if (request.peer.certificate) {
        absl::StrAppend(&response.body, " ", request.peer.certificate->thumbprint, " [",
                        request.peer.certificate->subject, "] ",
                        absl::StrJoin(request.peer.certificate->names, " "));
      }
      return response;
    });
    auto server =
        HttpServer::ListenOnTcp("127.0.0.1", 0, options_, std::move(router), server_options_);
    ASSERT_TRUE(server.ok()) << server.status();
    running_ = *std::move(server);
  }

  // The answer to GET /me; empty: not let in.
  std::string Ask(const TlsClientOptions& client) {
    RawConnection connection(running_->port());
    if (!connection.StartTls(client)) return "";
    version_ = connection.tls()->version();
    protocol_ = connection.tls()->protocol();
    connection.Send(RawGet("/me", "Connection: close\r\n"));
    std::string answer = connection.ReadToEnd();
    was_told_ = connection.tls()->was_told();
    return answer;
  }

  absl::Status StatusOf(const TlsOptions& options) {
    return HttpServer::ListenOnTcp("127.0.0.1", 0, options, TestRouter()).status();
  }

  const TemporaryFolder folder_;
  const Authority authority_{"servers' authority"};
  const Authority clients_{"clients' authority"};
  const Identity server_ = authority_.Issue({"server", "IP:127.0.0.1"});
  TlsOptions options_{folder_.Path("server.pem"), folder_.Path("server-key.pem"), "", true};
  HttpServerOptions server_options_;
  TlsClientOptions client_;
  std::unique_ptr<HttpServer> running_;
  std::string version_, protocol_;
  bool was_told_ = false;
};

TEST_F(HttpTlsTest, Tls13And12AreSpokenAndEndsAreSaid) {
  Start();
  EXPECT_THAT(Ask(client_), HasSubstr("127.0.0.1 tls"));
  EXPECT_EQ(version_, "TLSv1.3");
  EXPECT_TRUE(was_told_);
  client_.max_version = TLS1_2_VERSION;
  EXPECT_THAT(Ask(client_), HasSubstr("127.0.0.1 tls"));
  EXPECT_EQ(version_, "TLSv1.2");
  EXPECT_TRUE(was_told_);
}

TEST_F(HttpTlsTest, OlderVersionsAndWeakCiphersAreNot) {
  Start();
  TlsClientOptions old = client_;
  old.min_version = TLS1_VERSION;
  old.max_version = TLS1_1_VERSION;
  old.ciphers = "ALL:@SECLEVEL=0";
  EXPECT_EQ(Ask(old), "");
  for (const char* cipher : {"ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES128-SHA256",
                             "ECDHE-ECDSA-AES128-CCM8", "AES128-GCM-SHA256", "aNULL:eNULL"}) {
    TlsClientOptions weak = client_;
    weak.max_version = TLS1_2_VERSION;
    weak.ciphers = absl::StrCat(cipher, ":@SECLEVEL=0");
    EXPECT_EQ(Ask(weak), "") << cipher;
  }
  TlsClientOptions good = client_;
  good.max_version = TLS1_2_VERSION;
  good.ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256";
  EXPECT_THAT(Ask(good), HasSubstr("tls"));
}

TEST_F(HttpTlsTest, ProtocolWithinIsAgreedOn) {
  Start();
  client_.protocols = "\x02h2\x08http/1.1";
  EXPECT_THAT(Ask(client_), HasSubstr("tls"));
  EXPECT_EQ(protocol_, "http/1.1");
  client_.protocols = "\x02h2";
  EXPECT_EQ(Ask(client_), "");
}

TEST_F(HttpTlsTest, PlainHttpIsNotAnswered) {
  Start();
  RawConnection plain(running_->port());
  plain.Send(RawGet("/hello"));
  EXPECT_THAT(plain.ReadToEnd(), Not(HasSubstr("HTTP/1.1")));
  EXPECT_THAT(Ask(client_), HasSubstr("tls"));
}

TEST_F(HttpTlsTest, LargeBodiesGoBothWays) {
  Start();
  RawConnection connection(running_->port());
  ASSERT_TRUE(connection.StartTls(client_));
  std::string body(8 * 1024 * 1024, '\0');
  for (size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>(i * 7 + i / 251);
  connection.Send(
      absl::StrCat("POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: ",
                   "application/x-protobuf\r\nContent-Length: ", body.size(), "\r\n\r\n", body));
  const std::string answer = connection.ReadToEnd();
  ASSERT_GT(answer.size(), body.size());
  EXPECT_TRUE(answer.substr(answer.size() - body.size()) == body);
}

TEST_F(HttpTlsTest, HandshakeThatDripsIsCutOff) {
  server_options_.handshake_timeout = absl::Milliseconds(200);
  Start();
  RawConnection slow(running_->port());
  const absl::Time start = absl::Now();
  // The start of a long record that says it is a handshake.
  bool open = slow.Send(std::string("\x16\x03\x01\x40\x00\x01\x00\x3f\xfc", 9));
  while (open && absl::Now() - start < kPatience) {
    absl::SleepFor(absl::Milliseconds(5));
    open = slow.Send("x");
  }
  EXPECT_FALSE(open);
  EXPECT_THAT(Ask(client_), HasSubstr("tls"));
}

TEST_F(HttpTlsTest, ClientThatIsVouchedForIsToldToTheHandler) {
  options_.client_authority_file = folder_.Path("clients.pem");
  Start();
  const Identity publisher =
      clients_.Issue({"cyhoeddwr ŵ, 1",
                      "DNS:publisher.example,URI:spiffe://dolen/publisher,email:a@b.example,"
                      "IP:192.0.2.1",
                      "clientAuth"});
  client_.identity = publisher;
  for (int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    client_.max_version = version;
    const std::string answer = Ask(client_);
    EXPECT_THAT(answer, HasSubstr(absl::WebSafeBase64Escape(Sha256(publisher.der))));
    EXPECT_THAT(answer, HasSubstr("[CN=cyhoeddwr ŵ\\, 1,O=Cyngor Gogledd]"));
    EXPECT_THAT(answer, HasSubstr("DNS:publisher.example URI:spiffe://dolen/publisher "
                                  "email:a@b.example IP:192.0.2.1"));
  }
}

TEST_F(HttpTlsTest, ClientsThatNobodyVouchesForAreNotLetIn) {
  options_.client_authority_file = folder_.Path("clients.pem");
  const Identity stranger = authority_.Issue({"publisher", "", "clientAuth"});
  const Identity ended = clients_.Issue({"publisher", "", "clientAuth", -1});
  const Identity other_use = clients_.Issue({"publisher", "", "serverAuth"});
  const Identity weak = clients_.Issue({"publisher", "", "clientAuth", 1, 1024});
  for (bool required : {true, false}) {
    options_.client_certificate_required = required;
    Start();
    for (int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
      client_.max_version = version;
      for (const Identity& identity : {stranger, ended, other_use, weak}) {
        client_.identity = identity;
        EXPECT_EQ(Ask(client_), "");
      }
      client_.identity.reset();
      const std::string answer = Ask(client_);
      if (required) {
        EXPECT_EQ(answer, "");
      } else {
        EXPECT_THAT(answer, HasSubstr("127.0.0.1 tls"));
      }
    }
  }
}

TEST_F(HttpTlsTest, WhoIsNotAskedForACertificateHasNone) {
  Start();
  const Identity publisher = clients_.Issue({"publisher", "", "clientAuth"});
  client_.identity = publisher;
  const std::string answer = Ask(client_);
  EXPECT_THAT(answer, HasSubstr("127.0.0.1 tls"));
  EXPECT_THAT(answer, Not(HasSubstr("publisher")));
}

TEST_F(HttpTlsTest, FilesThatCannotBeUsedAreNamed) {
  WriteTextFile(folder_.Path("other-key.pem"), authority_.Issue({"other", ""}).key);
  WriteTextFile(folder_.Path("nonsense.pem"), "nonsense");
  WriteTextFile(
      folder_.Path("locked-key.pem"),
      "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n");
  const Identity weak = authority_.Issue({"weak", "", "serverAuth", 1, 1024});
  WriteTextFile(folder_.Path("weak.pem"), weak.certificate);
  WriteTextFile(folder_.Path("weak-key.pem"), weak.key);
  struct Bad {
    const char* chain;
    const char* key;
    const char* authority;
    const char* named;
  };
  for (const Bad& bad : {Bad{"none.pem", "server-key.pem", "", "none.pem"},
                         Bad{"nonsense.pem", "server-key.pem", "", "nonsense.pem"},
                         Bad{"server.pem", "none.pem", "", "none.pem"},
                         Bad{"server.pem", "nonsense.pem", "", "nonsense.pem"},
                         Bad{"server.pem", "other-key.pem", "", "other-key.pem"},
                         Bad{"server.pem", "locked-key.pem", "", "locked-key.pem"},
                         Bad{"weak.pem", "weak-key.pem", "", "weak.pem"},
                         Bad{"server.pem", "server-key.pem", "none.pem", "none.pem"},
                         Bad{"server.pem", "server-key.pem", "nonsense.pem", "nonsense.pem"}}) {
    TlsOptions options{folder_.Path(bad.chain), folder_.Path(bad.key), "", true};
    if (*bad.authority != '\0') options.client_authority_file = folder_.Path(bad.authority);
    const absl::Status status = StatusOf(options);
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << bad.named << ": " << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(folder_.Path(bad.named)));
  }
  EXPECT_TRUE(StatusOf(options_).ok());
}

TEST_F(HttpTlsTest, OthersReachItOnlyWithTls) {
  for (const char* address : {"0.0.0.0", "::", "192.0.2.1", "::ffff:127.0.0.1", "localhost", ""}) {
    const auto server = HttpServer::ListenOnTcp(address, 0, absl::nullopt, TestRouter());
    EXPECT_TRUE(absl::IsInvalidArgument(server.status())) << address;
    EXPECT_THAT(std::string(server.status().message()), HasSubstr("without TLS"));
  }
  EXPECT_TRUE(HttpServer::ListenOnTcp("127.9.9.9", 0, absl::nullopt, TestRouter()).ok());
  const auto all = HttpServer::ListenOnTcp("0.0.0.0", 0, options_, TestRouter());
  ASSERT_TRUE(all.ok()) << all.status();
  RawConnection connection((*all)->port());
  EXPECT_TRUE(connection.StartTls(client_));
  EXPECT_TRUE(absl::IsInvalidArgument(
      HttpServer::ListenOnTcp("localhost", 0, options_, TestRouter()).status()));
}

TEST(Tcp, AddressesOfThisMachineAreTold) {
  for (const char* address : {"127.0.0.1", "127.255.255.255", "::1", "0:0:0:0:0:0:0:1"}) {
    EXPECT_TRUE(IsLoopback(address)) << address;
  }
  for (const char* address : {"", "localhost", "128.0.0.1", "0.0.0.0", "127.1", "::", "::2",
                              "::ffff:127.0.0.1", "::1%lo"}) {
    EXPECT_FALSE(IsLoopback(address)) << address;
  }
}

}  // namespace
}  // namespace dolen
