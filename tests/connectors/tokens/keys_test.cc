#include "connectors/tokens/keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "tests/connectors/tokens/mint.h"

namespace dolen {
namespace {

using nlohmann::json;
using testing::HasSubstr;

std::string Jwks(const std::vector<json>& keys) { return json{{"keys", keys}}.dump(); }

TEST(KeySetTest, KeysThatAreNotForSigningAreLeftOut) {
  json encrypts = MintKey::P256("enc").PublicJwk();
  encrypts["use"] = "enc";
  json wraps = MintKey::P256("wrap").PublicJwk();
  wraps.erase("use");
  wraps["key_ops"] = {"deriveKey"};
  const json secret = {{"kty", "oct"}, {"kid", "shared"}, {"k", "AAAA"}};
  const absl::StatusOr<KeySet> keys =
      KeySet::Parse(Jwks({encrypts, wraps, secret, MintKey::P256("good").PublicJwk()}));
  ASSERT_TRUE(keys.ok()) << keys.status();
  EXPECT_EQ(keys->size(), 1u);
  EXPECT_EQ(keys->Verify("a.b.c", "shared", Algorithm::kEs256).code(), absl::StatusCode::kNotFound);
}

TEST(KeySetTest, AKeyMaySayTheOnlyAlgorithmThatItIsFor) {
  const MintKey rsa = MintKey::Rsa("one", 2048);
  json jwk = rsa.PublicJwk();
  jwk["alg"] = "RS256";
  const KeySet keys = KeySet::Parse(Jwks({jwk})).value();
  const std::string header = R"({"alg":"PS256","kid":"one"})";
  EXPECT_THAT(keys.Verify(Minted(rsa, "PS256", header, "{}"), "one", Algorithm::kPs256).message(),
              HasSubstr("not for this algorithm"));
}

TEST(KeySetTest, ASetThatCannotBeUsedSaysWhy) {
  json nameless = MintKey::P256("x").PublicJwk();
  nameless.erase("kid");
  json damaged = MintKey::P256("damaged").PublicJwk();
  damaged["x"] = "AAAA";
  const json twice = MintKey::P256("twice").PublicJwk();
  const std::pair<std::string, const char*> broken[] = {
      {"", "no JSON object"},
      {"{\"keys\":[],\"keys\":[]}", "given twice"},
      {"{\"keys\":{}}", "no array"},
      {"{\"keys\":[7]}", "no object"},
      {Jwks({}), "no key that tokens may be signed with"},
      {Jwks({nameless}), "no \"kid\""},
      {Jwks({damaged}), "key damaged cannot be read"},
      {Jwks({twice, twice}), "two keys are called twice"},
      {Jwks({MintKey::Rsa("short", 1024).PublicJwk()}), "shorter than 2048 bits"},
  };
  for (const auto& [jwks, said] : broken) {
    const absl::Status status = KeySet::Parse(jwks).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << said;
    EXPECT_THAT(status.message(), HasSubstr(said)) << jwks;
  }
}

}  // namespace
}  // namespace dolen
