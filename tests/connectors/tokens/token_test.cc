#include "connectors/tokens/token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/connectors/tokens/mint.h"

namespace dolen {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

const absl::Time kNow = absl::FromUnixSeconds(1795000000);
constexpr char kName[] = "https://id.example.org/realms/north";

int64_t Seconds(absl::Duration after) { return absl::ToUnixSeconds(kNow + after); }

const MintKey& Elliptic() {
  static const MintKey key = MintKey::P256("ec-1");
  return key;
}
const MintKey& Rsa() {
  static const MintKey key = MintKey::Rsa("rsa-1", 2048);
  return key;
}
const MintKey& Stranger() {
  static const MintKey key = MintKey::P256("ec-1");  // says that it is the other
  return key;
}

std::string Jwks(const std::vector<json>& keys) { return json{{"keys", keys}}.dump(); }

class TokenTest : public testing::Test {
 protected:
  TokenTest() {
    issuer_.name = kName;
    issuer_.audience = "dolen";
    header_ = {{"alg", "ES256"}, {"typ", "at+jwt"}, {"kid", "ec-1"}};
    claims_ = {{"iss", kName},
               {"aud", "dolen"},
               {"sub", "5f3c"},
               {"client_id", "dashboard"},
               {"iat", Seconds(-absl::Minutes(1))},
               {"exp", Seconds(absl::Minutes(5))},
               {"dolen_agency", "north_council"},
               {"dolen_roles", {"practitioner", "team_lead"}},
               {"dolen_teams", {"duty"}}};
  }
  std::string Token() const { return Minted(Elliptic(), "ES256", header_.dump(), claims_.dump()); }
  absl::StatusOr<Caller> Check(const std::string& token) const {
    return CheckToken(token, issuer_, keys_, kNow);
  }
  absl::StatusOr<Caller> Check() const { return Check(Token()); }

  Issuer issuer_;
  json header_, claims_;
  const KeySet keys_ = KeySet::Parse(Jwks({Elliptic().PublicJwk(), Rsa().PublicJwk()})).value();
};

TEST_F(TokenTest, AGoodTokenSaysWhoAsks) {
  const absl::StatusOr<Caller> caller = Check();
  ASSERT_TRUE(caller.ok()) << caller.status();
  EXPECT_EQ(caller->subject, "5f3c");
  EXPECT_EQ(caller->client, "dashboard");
  EXPECT_EQ(caller->agency, "north_council");
  EXPECT_THAT(caller->roles, ElementsAre(Role::kPractitioner, Role::kTeamLead));
  EXPECT_THAT(caller->teams, ElementsAre("duty"));
  EXPECT_EQ(caller->until, kNow + absl::Minutes(6)) << "with the clocks' difference";
}

TEST_F(TokenTest, WhatRfcsAllowIsTaken) {
  header_["typ"] = "application/AT+JWT";
  claims_["aud"] = {"another", "dolen"};
  claims_["nbf"] = Seconds(absl::Seconds(59));
  claims_["exp"] = Seconds(-absl::Seconds(59));
  claims_["iat"] = Seconds(-absl::Minutes(5));
  claims_["dolen_roles"] = "auditor";
  claims_.erase("dolen_teams");
  const absl::StatusOr<Caller> caller = Check();
  ASSERT_TRUE(caller.ok()) << caller.status();
  EXPECT_THAT(caller->roles, ElementsAre(Role::kAuditor));
}

TEST_F(TokenTest, EachAlgorithmThatIsAcceptedIsVerified) {
  issuer_.algorithms = {Algorithm::kEs256, Algorithm::kRs256, Algorithm::kPs256};
  EXPECT_TRUE(Check().ok());
  header_["kid"] = "rsa-1";
  for (const char* const algorithm : {"RS256", "PS256"}) {
    header_["alg"] = algorithm;
    const std::string token = Minted(Rsa(), algorithm, header_.dump(), claims_.dump());
    const absl::StatusOr<Caller> caller = Check(token);
    EXPECT_TRUE(caller.ok()) << algorithm << " " << caller.status();
  }
}

TEST_F(TokenTest, AKeyThatIsNotInTheSetIsToldApart) {
  header_["kid"] = "ec-2";
  EXPECT_EQ(Check().status().code(), absl::StatusCode::kNotFound);
}

// A token with one thing wrong, and what is said of it.
struct Broken {
  const char* name;
  std::function<void(json& header, json& claims)> change;
  const char* said;
};

const Broken kBroken[] = {
    {"NoType", [](json& h, json&) { h.erase("typ"); }, "no access token"},
    {"AnIdToken", [](json& h, json&) { h["typ"] = "JWT"; }, "no access token"},
    {"NoKeyId", [](json& h, json&) { h.erase("kid"); }, "names no key"},
    {"AKeyIdThatIsANumber", [](json& h, json&) { h["kid"] = 1; }, "names no key"},
    {"NoAlgorithm", [](json& h, json&) { h.erase("alg"); }, "algorithm is not accepted"},
    {"AnAlgorithmThatIsNotPinned", [](json& h, json&) { h["alg"] = "RS256"; },
     "algorithm is not accepted"},
    {"AnAlgorithmInSmallLetters", [](json& h, json&) { h["alg"] = "es256"; },
     "algorithm is not accepted"},
    {"ItsOwnKey", [](json& h, json&) { h["jwk"] = Stranger().PublicJwk(); }, "\"jwk\""},
    {"AnAddressOfKeys", [](json& h, json&) { h["jku"] = "https://evil.example"; }, "\"jku\""},
    {"AnAddressOfCertificates", [](json& h, json&) { h["x5u"] = "https://evil.example"; },
     "\"x5u\""},
    {"ItsOwnCertificate", [](json& h, json&) { h["x5c"] = {"MII"}; }, "\"x5c\""},
    {"ACriticalExtension", [](json& h, json&) { h["crit"] = {"exp"}; }, "\"crit\""},
    {"AnotherEncodingOfClaims", [](json& h, json&) { h["b64"] = false; }, "\"b64\""},
    {"CompressedClaims", [](json& h, json&) { h["zip"] = "DEF"; }, "\"zip\""},
    {"ATokenInAToken", [](json& h, json&) { h["cty"] = "JWT"; }, "\"cty\""},
    {"AnotherIssuer", [](json&, json& c) { c["iss"] = "https://id.example.org/realms/south"; },
     "another issuer"},
    {"AnIssuerWithASlash", [](json&, json& c) { c["iss"] = absl::StrCat(kName, "/"); },
     "another issuer"},
    {"NoIssuer", [](json&, json& c) { c.erase("iss"); }, "another issuer"},
    {"AnotherAudience", [](json&, json& c) { c["aud"] = "dolen2"; }, "another audience"},
    {"NoAudience", [](json&, json& c) { c.erase("aud"); }, "another audience"},
    {"AnAudienceThatIsAnObject",
     [](json&, json& c) {
       c["aud"] = {{"dolen", true}};
     },
     "no list of texts"},
    {"RunOut", [](json&, json& c) { c["exp"] = Seconds(-absl::Seconds(60)); }, "has run out"},
    {"NoEnd", [](json&, json& c) { c.erase("exp"); }, "no number \"exp\""},
    {"AnEndThatIsAText", [](json&, json& c) { c["exp"] = "1900000000"; }, "no number \"exp\""},
    {"AnEndBeforeTime", [](json&, json& c) { c["exp"] = -1; }, "no time"},
    {"AnEndBeyondTime", [](json&, json& c) { c["exp"] = 1e300; }, "no time"},
    {"NoBeginning", [](json&, json& c) { c.erase("iat"); }, "no number \"iat\""},
    {"IssuedTomorrow", [](json&, json& c) { c["iat"] = Seconds(absl::Seconds(61)); },
     "in the future"},
    {"NotValidYet", [](json&, json& c) { c["nbf"] = Seconds(absl::Seconds(61)); }, "not valid yet"},
    {"ALifeOfAMonth", [](json&, json& c) { c["exp"] = Seconds(absl::Hours(24 * 30)); },
     "more than a day"},
    {"NoSubject", [](json&, json& c) { c.erase("sub"); }, "no text \"sub\""},
    {"AnEmptySubject", [](json&, json& c) { c["sub"] = ""; }, "no text \"sub\""},
    {"NoClient", [](json&, json& c) { c.erase("client_id"); }, "no text \"client_id\""},
    {"NoAgency", [](json&, json& c) { c.erase("dolen_agency"); }, "no text \"dolen_agency\""},
    {"TwoAgencies",
     [](json&, json& c) {
       c["dolen_agency"] = {"a", "b"};
     },
     "no text \"dolen_agency\""},
    {"NoRole", [](json&, json& c) { c.erase("dolen_roles"); }, "no role"},
    {"ARoleOfAnotherProgram", [](json&, json& c) { c["dolen_roles"] = {"admin"}; }, "no role"},
    {"RolesThatAreNoTexts",
     [](json&, json& c) {
       c["dolen_roles"] = {1, 2};
     },
     "no list of texts"},
    {"TeamsThatAreNoTexts", [](json&, json& c) { c["dolen_teams"] = 7; }, "no list of texts"},
};

class BrokenTokenTest : public TokenTest, public testing::WithParamInterface<Broken> {};

TEST_P(BrokenTokenTest, IsRefused) {
  GetParam().change(header_, claims_);
  const absl::Status status = Check().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnauthenticated) << status;
  EXPECT_THAT(status.message(), HasSubstr(GetParam().said));
}

INSTANTIATE_TEST_SUITE_P(Token, BrokenTokenTest, testing::ValuesIn(kBroken),
                         [](const auto& broken) { return broken.param.name; });

// What is wrong with the text of it, and not with what it says.
TEST_F(TokenTest, ATokenThatIsNotWhatItsIssuerSignedIsRefused) {
  const std::string good = Token();
  const size_t first = good.find('.'), second = good.rfind('.');
  const std::string header = good.substr(0, first), signature = good.substr(second + 1);
  json more = claims_;
  more["dolen_roles"] = {"auditor"};
  const std::string flat = claims_.dump();
  const std::string twice = absl::StrCat("{\"sub\":\"x\",", flat.substr(1));
  const std::string two_algs = absl::StrCat("{\"alg\":\"none\",", header_.dump().substr(1));
  std::string flipped = good;
  flipped[second + 5] = flipped[second + 5] == 'A' ? 'B' : 'A';
  json deep = claims_;
  for (int i = 0; i < 20; ++i) deep["x"] = json{{"x", deep.value("x", json())}};
  const std::pair<std::string, const char*> broken[] = {
      {"", "three parts"},
      {"a.b", "three parts"},
      {absl::StrCat(good, "."), "three parts"},
      {absl::StrCat(header, ".", good.substr(first + 1, second - first - 1), "."), "signature"},
      {absl::StrCat(header, ".", Base64Url(more.dump()), ".", signature), "signature"},
      {flipped, "signature"},
      {Minted(Stranger(), "ES256", header_.dump(), claims_.dump()), "signature"},
      {absl::StrCat(good, "="), "base64url"},
      {absl::StrCat(" ", good), "base64url"},
      {absl::StrCat(good, "\n"), "base64url"},
      {absl::StrCat("!", good.substr(1)), "base64url"},
      {Minted(Elliptic(), "ES256", "[]", flat), "no JSON object"},
      {Minted(Elliptic(), "ES256", "{", flat), "no JSON object"},
      {Minted(Elliptic(), "ES256", header_.dump(), "7"), "no JSON object"},
      {Minted(Elliptic(), "ES256", header_.dump(), flat + "{}"), "no JSON object"},
      {Minted(Elliptic(), "ES256", two_algs, flat), "given twice"},
      {Minted(Elliptic(), "ES256", header_.dump(), twice), "given twice"},
      {Minted(Elliptic(), "ES256", header_.dump(), deep.dump()), "nests too deep"},
      {Minted(Elliptic(), "ES256", header_.dump(), json{{"x", std::string(9000, 'x')}}.dump()),
       "too large"},
  };
  for (const auto& [token, said] : broken) {
    const absl::Status status = Check(token).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kUnauthenticated) << said;
    EXPECT_THAT(status.message(), HasSubstr(said)) << token;
  }
}

// The classic: a token "signed" with the public key as if it were a shared secret, or not at all.
TEST_F(TokenTest, NoAlgorithmIsAcceptedThatABearerCouldUse) {
  issuer_.algorithms = {Algorithm::kEs256, Algorithm::kRs256, Algorithm::kPs256};
  for (const char* const algorithm : {"none", "None", "HS256", "HS512"}) {
    header_["alg"] = algorithm;
    header_["kid"] = "rsa-1";
    const std::string by = absl::StartsWith(algorithm, "HS") ? "HS256" : "none";
    const std::string token = Minted(Rsa(), by, header_.dump(), claims_.dump());
    EXPECT_THAT(Check(token).status().message(), HasSubstr("algorithm is not accepted"));
  }
  // An accepted algorithm with a key of another kind.
  header_["alg"] = "ES256";
  EXPECT_THAT(Check(Minted(Elliptic(), "ES256", header_.dump(), claims_.dump())).status().message(),
              HasSubstr("its key is not for this algorithm"));
}

TEST_F(TokenTest, WhatIsSaidOfATokenShowsNothingOfIt) {
  claims_["sub"] = "sian.jones@north.example";
  claims_["aud"] = "another-secret-name";
  const std::string said(Check().status().message());
  EXPECT_THAT(said, testing::Not(HasSubstr("sian")));
  EXPECT_THAT(said, testing::Not(HasSubstr("another-secret-name")));
}

}  // namespace
}  // namespace dolen
