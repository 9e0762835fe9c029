// Who asks, over real TLS: programs by their certificates, people by their tokens, and a provider
// whose keys are fetched from its address.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "connectors/http/server.h"
#include "deploy/api/access_file.h"
#include "deploy/api/certificate_gate.h"
#include "deploy/api/token_gate.h"
#include "deploy/program/progress.h"
#include "deploy/program/routes.h"
#include "tests/connectors/http/certificates.h"
#include "tests/connectors/http/tls_client.h"
#include "tests/connectors/tokens/mint.h"

namespace dolen {
namespace {

constexpr char kFeed[] = R"(
  program {
    certificate: "URI:spiffe://example.wales/feed"
    id: "feed" agency: "b" role: "board_analyst"
  })";
constexpr char kClerk[] = R"(
  program { certificate: "CN=clerk,O=Cyngor Gogledd" id: "clerk" agency: "b" role: "operator" })";

class GatesTest : public testing::Test {
 protected:
  GatesTest() {
    WriteTextFile(Path("server.pem"), server_.certificate);
    WriteTextFile(Path("server-key.pem"), server_.key);
    WriteTextFile(Path("clients.pem"), programs_.certificate());
    WriteTextFile(Path("authority.pem"), authority_.certificate());
  }
  ~GatesTest() override {
    running_ = nullptr;
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  std::string Path(absl::string_view name) const { return absl::StrCat(folder_, "/", name); }
  TlsOptions Tls() const {
    return {Path("server.pem"), Path("server-key.pem"), Path("clients.pem"), false};
  }
  absl::StatusOr<access::v1::Access> Write(const std::string& people) {
    WriteTextFile(Path("access.textproto"), absl::StrCat("tls { client_authority_file: \"",
                                                         Path("clients.pem"), "\" }", people));
    return ReadAccess(Path("access.textproto"));
  }

  // GET /me says who the gate thinks it is.
  void Start(Gate* gate) {
    Router router;
    router.Add("GET", "/me", [this, gate](const HttpRequest& request, const PathArguments&) {
      const absl::StatusOr<Caller> caller = gate->WhoAsks(request, now_);
      if (!caller.ok()) return ResponseOf(caller.status());
      HttpResponse response;
      response.body = absl::StrCat(
          "[", caller->subject, " ", caller->client, " ", caller->agency, " ",
          absl::StrJoin(caller->roles, ",",
                        [](std::string* out, Role role) { absl::StrAppend(out, RoleName(role)); }),
          "]");
      return response;
    });
    auto server = HttpServer::ListenOnTcp("127.0.0.1", 0, Tls(), std::move(router));
    ASSERT_TRUE(server.ok()) << server.status();
    running_ = *std::move(server);
  }
  void StartPrograms(const std::string& programs) {
    absl::StatusOr<access::v1::Access> access = Write(programs);
    ASSERT_TRUE(access.ok()) << access.status();
    auto people = DevelopmentGate::Open();
    ASSERT_TRUE(people.ok());
    issuer_ = &(*people)->issuer();
    gate_ = std::make_unique<CertificateGate>(*std::move(access), Path("access.textproto"),
                                              *std::move(people));
    Start(gate_.get());
  }

  // The answer; empty: not let in.
  std::string Ask(const absl::optional<Identity>& identity, const std::string& token = "") {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(running_->port()));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    std::string answer;
    {
      TlsClientOptions options;
      options.authority = authority_.certificate();
      options.identity = identity;
      TlsClient client(fd, options);
      const std::string bearer =
          token.empty() ? "" : absl::StrCat("Authorization: Bearer ", token, "\r\n");
      if (client.Handshake() &&
          client.Send(absl::StrCat("GET /me HTTP/1.1\r\nHost: a\r\nConnection: close\r\n", bearer,
                                   "\r\n"))) {
        while (client.ReadSome(answer)) {
        }
      }
    }
    close(fd);
    return answer;
  }
  bool IsRefused(const std::string& answer) { return absl::StartsWith(answer, "HTTP/1.1 401"); }

  const std::string folder_ = MakeTemporaryFolder();
  const Authority authority_{"servers' authority"};
  const Authority programs_{"programs' authority"};
  const Identity server_ = authority_.Issue({"server", "IP:127.0.0.1"});
  const Identity feed_ =
      programs_.Issue({"any", "URI:spiffe://example.wales/feed,DNS:feed.example", "clientAuth"});
  const Identity clerk_ = programs_.Issue({"clerk", "", "clientAuth"});
  absl::Time now_ = absl::Now();
  std::unique_ptr<Gate> gate_;
  const DevelopmentIssuer* issuer_ = nullptr;
  std::unique_ptr<HttpServer> running_;
};

TEST_F(GatesTest, AProgramIsKnownByWhatItsCertificateSays) {
  StartPrograms(absl::StrCat(kFeed, kClerk));
  EXPECT_TRUE(absl::StrContains(Ask(feed_), "[feed certificate b board_analyst]"));
  EXPECT_TRUE(absl::StrContains(Ask(clerk_), "[clerk certificate b operator]"));
}

TEST_F(GatesTest, ACertificateThatIsNotNamedIsNobody) {
  StartPrograms(absl::StrCat(kFeed, kClerk));
  EXPECT_TRUE(IsRefused(Ask(absl::nullopt)));
  for (const char* names : {"URI:spiffe://example.wales/feed/more", "URI:spiffe://example.wales",
                            "DNS:feed.example", "DNS:spiffe"}) {
    EXPECT_TRUE(IsRefused(Ask(programs_.Issue({"any", names, "clientAuth"})))) << names;
  }
  EXPECT_TRUE(IsRefused(Ask(programs_.Issue({"CN=clerk", "", "clientAuth"}))));
}

TEST_F(GatesTest, OneThatEndedOrThatAnotherVouchesForIsNotLetIn) {
  StartPrograms(kFeed);
  const std::string uri = "URI:spiffe://example.wales/feed";
  EXPECT_EQ(Ask(programs_.Issue({"any", uri, "clientAuth", -1})), "");
  EXPECT_EQ(Ask(authority_.Issue({"any", uri, "clientAuth"})), "");
  // It was good when the connection began.
  now_ += absl::Hours(25);
  EXPECT_TRUE(IsRefused(Ask(feed_)));
}

TEST_F(GatesTest, WhoeverIsTakenOutOfTheFileIsBelievedForSecondsOnly) {
  StartPrograms(absl::StrCat(kFeed, kClerk));
  ASSERT_TRUE(absl::StrContains(Ask(feed_), "[feed "));
  ASSERT_TRUE(Write(kClerk).ok());
  now_ += kBetweenProgramReadings;
  EXPECT_TRUE(IsRefused(Ask(feed_)));
  EXPECT_TRUE(absl::StrContains(Ask(clerk_), "[clerk "));
  // Half a file shuts nobody out, and lets nobody in.
  WriteTextFile(Path("access.textproto"), "program { certificate: \"URI:spiffe");
  now_ += kBetweenProgramReadings;
  EXPECT_TRUE(absl::StrContains(Ask(clerk_), "[clerk "));
  EXPECT_TRUE(IsRefused(Ask(feed_)));
}

TEST_F(GatesTest, ACertificateThatStandsForTwoIsNobody) {
  StartPrograms(absl::StrCat(kFeed, R"(
      program { certificate: "DNS:feed.example" id: "other" agency: "c" role: "operator" })"));
  EXPECT_TRUE(IsRefused(Ask(feed_)));
}

TEST_F(GatesTest, WhoeverSendsATokenIsAskedForThatAlone) {
  StartPrograms(kFeed);
  Caller sian;
  sian.subject = "sian";
  sian.client = "dashboard";
  sian.agency = "a";
  sian.roles = {Role::kPractitioner};
  const std::string token = issuer_->TokenFor(sian, now_).value();
  EXPECT_TRUE(absl::StrContains(Ask(absl::nullopt, token), "[sian dashboard a practitioner]"));
  EXPECT_TRUE(absl::StrContains(Ask(feed_, token), "[sian dashboard a practitioner]"));
  EXPECT_TRUE(IsRefused(Ask(feed_, "made.up.token"))) << "the certificate makes no bad token good";
}

TEST_F(GatesTest, AnAccessFileThatCannotMeanWhatItSaysIsRefused) {
  const auto why = [&](const std::string& text) {
    return std::string(Write(text).status().message());
  };
  EXPECT_TRUE(absl::StrContains(why(""), "nobody is believed"));
  EXPECT_TRUE(absl::StrContains(why(absl::StrCat(kFeed, kFeed)), "two programs"));
  EXPECT_TRUE(absl::StrContains(why("program { id: \"x\" }"), "write certificate, id"));
  EXPECT_TRUE(absl::StrContains(
      why(R"(program { certificate: "DNS:a" id: "x" agency: "b" role: "king" })"), "no role"));
  WriteTextFile(Path("access.textproto"), kFeed);
  EXPECT_TRUE(absl::StrContains(ReadAccess(Path("access.textproto")).status().message(),
                                "client_authority_file is missing"));
}

class ProviderTest : public GatesTest {
 protected:
  void Publish(const MintKey& key) {
    const nlohmann::json set = {{"keys", {key.PublicJwk()}}};
    published_ = set.dump();
  }
  void StartProvider() {
    Router router;
    router.Add("GET", "/keys", [this](const HttpRequest&, const PathArguments&) {
      HttpResponse response;
      ++asked_;
      response.body = published_;
      return response;
    });
    auto server = HttpServer::ListenOnTcp("127.0.0.1", 0, Tls(), std::move(router));
    ASSERT_TRUE(server.ok()) << server.status();
    provider_server_ = *std::move(server);
    provider_.set_issuer("https://id.example");
    provider_.set_audience("dolen");
    provider_.set_keys_url(absl::StrCat("https://127.0.0.1:", provider_server_->port(), "/keys"));
    provider_.set_keys_authority_file(Path("authority.pem"));
  }
  HttpRequest RequestOf(const MintKey& key) {
    const nlohmann::json header = {{"alg", "ES256"}, {"typ", "at+jwt"}, {"kid", key.id()}};
    const nlohmann::json claims = {{"iss", "https://id.example"},
                                   {"aud", "dolen"},
                                   {"sub", "sian"},
                                   {"client_id", "dashboard"},
                                   {"iat", absl::ToUnixSeconds(now_)},
                                   {"exp", absl::ToUnixSeconds(now_ + absl::Minutes(10))},
                                   {"dolen_agency", "a"},
                                   {"dolen_roles", {"practitioner"}}};
    HttpRequest request;
    request.headers["authorization"] =
        absl::StrCat("Bearer ", Minted(key, "ES256", header.dump(), claims.dump()));
    return request;
  }

  const MintKey first_ = MintKey::P256("first"), second_ = MintKey::P256("second");
  std::string published_;
  std::atomic<int> asked_{0};
  std::unique_ptr<HttpServer> provider_server_;
  access::v1::Provider provider_;
};

TEST_F(ProviderTest, ItsKeysAreFetchedAndRotatedOverHttps) {
  StartProvider();
  Publish(first_);
  auto gate = ProviderGate::Open(provider_);
  ASSERT_TRUE(gate.ok()) << gate.status();
  EXPECT_TRUE((*gate)->WhoAsks(RequestOf(first_), now_).ok());
  EXPECT_TRUE(absl::IsUnauthenticated((*gate)->WhoAsks(RequestOf(second_), now_).status()));
  Publish(second_);
  now_ += kBetweenKeyReadings;
  EXPECT_TRUE((*gate)->WhoAsks(RequestOf(second_), now_).ok());
  EXPECT_TRUE(absl::IsUnauthenticated((*gate)->WhoAsks(RequestOf(first_), now_).status()));
  EXPECT_EQ(asked_, 3) << "at the start, at the first question, and for the new key";
}

TEST_F(ProviderTest, OneThatIsAwayAtTheStartIsAskedAgain) {
  StartProvider();
  auto gate = ProviderGate::Open(provider_);  // it says nothing that is a key set
  ASSERT_TRUE(gate.ok()) << gate.status();
  EXPECT_TRUE(absl::IsUnavailable((*gate)->WhoAsks(RequestOf(first_), now_).status()));
  Publish(first_);
  now_ += kBetweenKeyReadings;
  EXPECT_TRUE((*gate)->WhoAsks(RequestOf(first_), now_).ok());
}

TEST_F(ProviderTest, OneForWhomNobodyVouchesIsNotBelieved) {
  StartProvider();
  Publish(first_);
  provider_.set_keys_authority_file(Path("clients.pem"));
  auto gate = ProviderGate::Open(provider_);
  ASSERT_TRUE(gate.ok()) << gate.status();
  EXPECT_TRUE(absl::IsUnavailable((*gate)->WhoAsks(RequestOf(first_), now_).status()));
  EXPECT_EQ(asked_, 0);
}

TEST_F(ProviderTest, KeysComeFromOnePlaceAndNeverInTheClear) {
  StartProvider();
  provider_.set_keys_file(Path("keys.json"));
  EXPECT_FALSE(ProviderGate::Open(provider_).ok()) << "from two places";
  provider_.clear_keys_file();
  provider_.set_keys_url("http://id.example/keys");
  EXPECT_FALSE(ProviderGate::Open(provider_).ok());
  provider_.clear_keys_url();
  EXPECT_FALSE(ProviderGate::Open(provider_).ok()) << "from nowhere";
}

}  // namespace
}  // namespace dolen
