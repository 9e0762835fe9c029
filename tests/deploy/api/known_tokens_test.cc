// A token that was found right is believed for a moment, and never for longer than it may be.
#include "deploy/api/known_tokens.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/connectors/tokens/mint.h"

namespace dolen {
namespace {

class KnownTokensTest : public testing::Test {
 protected:
  static std::shared_ptr<const KeySet> Keys() {
    const nlohmann::json set = {{"keys", {MintKey::P256("key").PublicJwk()}}};
    return std::make_shared<const KeySet>(*KeySet::Parse(set.dump()));
  }
  // Who has the token; "" where it is refused.
  std::string Ask(const std::string& token) {
    const absl::StatusOr<Caller> caller =
        known_.Of(token, keys_, now_, [&](const KeySet&) -> absl::StatusOr<Caller> {
          ++checks_;
          if (token == "wrong") return absl::UnauthenticatedError("wrong");
          Caller its;
          its.subject = "bearer of " + token;
          its.until = until_;
          return its;
        });
    return caller.ok() ? caller->subject : "";
  }

  KnownTokens known_;
  std::shared_ptr<const KeySet> keys_ = Keys();
  absl::Time now_ = absl::FromUnixSeconds(1'800'000'000);
  absl::Time until_ = now_ + absl::Hours(1);
  int checks_ = 0;
};

TEST_F(KnownTokensTest, IsCheckedOnceAMinute) {
  EXPECT_EQ(Ask("a"), "bearer of a");
  EXPECT_EQ(Ask("b"), "bearer of b");
  now_ += KnownTokens::kBelievedFor - absl::Microseconds(1);
  EXPECT_EQ(Ask("a"), "bearer of a");
  EXPECT_EQ(checks_, 2);
  now_ += absl::Microseconds(1);
  EXPECT_EQ(Ask("a"), "bearer of a");
  EXPECT_EQ(checks_, 3);
}

TEST_F(KnownTokensTest, IsNotBelievedBeyondItsEndOrBeforeItWasChecked) {
  until_ = now_ + absl::Seconds(10);
  EXPECT_EQ(Ask("a"), "bearer of a");
  now_ += absl::Seconds(10);
  EXPECT_EQ(Ask("a"), "bearer of a");
  EXPECT_EQ(checks_, 2) << "the check judges it, and would refuse it";
  now_ -= absl::Seconds(1);
  EXPECT_EQ(Ask("a"), "bearer of a");
  EXPECT_EQ(checks_, 3) << "the clock was set back";
}

TEST_F(KnownTokensTest, WhatIsWrongIsCheckedEachTime) {
  EXPECT_EQ(Ask("wrong"), "");
  EXPECT_EQ(Ask("wrong"), "");
  EXPECT_EQ(checks_, 2);
}

TEST_F(KnownTokensTest, OtherKeysEndWhatWasKnown) {
  EXPECT_EQ(Ask("a"), "bearer of a");
  keys_ = Keys();
  EXPECT_EQ(Ask("a"), "bearer of a");
  EXPECT_EQ(checks_, 2);
}

TEST_F(KnownTokensTest, HoldsNoMoreThanItsLimit) {
  for (size_t i = 0; i <= KnownTokens::kMost; ++i) Ask(std::to_string(i));
  EXPECT_EQ(checks_, static_cast<int>(KnownTokens::kMost) + 1);
  Ask("0");
  EXPECT_EQ(checks_, static_cast<int>(KnownTokens::kMost) + 2) << "forgotten, and checked again";
}

}  // namespace
}  // namespace dolen
