#include "engine/admission/identity.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "tests/engine/admission/support.h"

namespace dolen {
namespace {

using Identifiers = std::vector<IdentifierView>;

class IdentityTest : public testing::Test {
 protected:
  IdentityTest() { DOLEN_CHECK(log_.CreateTopic({names_.Identity(), 1}).ok()); }

  std::unique_ptr<IdentityLog> Open(uint8_t seed, const char* secret = kSecret) {
    return IdentityLog::Open(&log_, names_, secret, CountingKeys(seed)).value();
  }
  static ChildKey ResolveOne(IdentityLog& identity, const Identifiers& identifiers) {
    const absl::Span<const IdentifierView> list = identifiers;
    return identity.Resolve({&list, 1}).value().front();
  }
  int64_t Claims() { return log_.BoundsOf({names_.Identity(), 0}).value().end; }

  TopicNames names_;
  SimulatedLog log_;
};

TEST_F(IdentityTest, TheSameIdentifierIsAlwaysTheSameChild) {
  const auto identity = Open(1);
  const ChildKey child = ResolveOne(*identity, {{"nhs", "9434765919"}});
  EXPECT_EQ(ResolveOne(*identity, {{"nhs", "9434765919"}}), child);
  EXPECT_NE(ResolveOne(*identity, {{"nhs", "9990000018"}}), child);
  EXPECT_NE(ResolveOne(*identity, {{"chi", "9434765919"}}), child);
  EXPECT_EQ(Claims(), 3);
  EXPECT_EQ(identity->position(), 3);
}

TEST_F(IdentityTest, IssuerAndValueCannotRunIntoEachOther) {
  const auto identity = Open(1);
  EXPECT_NE(ResolveOne(*identity, {{"ab", "c"}}), ResolveOne(*identity, {{"a", "bc"}}));
}

TEST_F(IdentityTest, ARestartGivesTheSameKeys) {
  const ChildKey child = ResolveOne(*Open(1), {{"nhs", "9434765919"}, {"gwent", "17"}});
  const auto again = Open(2);
  EXPECT_EQ(again->position(), 2);
  EXPECT_EQ(again->Lookup("nhs", "9434765919"), child);
  EXPECT_EQ(again->Lookup("gwent", "17"), child);
  EXPECT_EQ(again->Lookup("gwent", "18"), absl::nullopt);
  EXPECT_EQ(ResolveOne(*again, {{"gwent", "17"}}), child);
  EXPECT_EQ(Claims(), 2);
}

TEST_F(IdentityTest, LookingUpClaimsNothing) {
  const auto identity = Open(1);
  EXPECT_EQ(identity->Lookup("nhs", "9434765919"), absl::nullopt);
  EXPECT_EQ(Claims(), 0);
}

TEST_F(IdentityTest, TheFirstClaimWins) {
  // Both know nothing when they claim.
  const auto first = Open(1), second = Open(2);
  const ChildKey child = ResolveOne(*first, {{"nhs", "9434765919"}});
  EXPECT_EQ(ResolveOne(*second, {{"nhs", "9434765919"}}), child);
  EXPECT_EQ(Claims(), 2);  // the second claim is there, and loses
  EXPECT_EQ(Open(3)->Lookup("nhs", "9434765919"), child);
}

TEST_F(IdentityTest, TwoProcessesThatRaceAgree) {
  const auto first = Open(1), second = Open(2);
  constexpr int kChildren = 300;
  std::vector<ChildKey> of_first, of_second;
  const auto run = [](IdentityLog& identity, bool reverse, std::vector<ChildKey>& keys) {
    keys.resize(kChildren);
    for (int i = 0; i < kChildren; ++i) {
      const int child = reverse ? kChildren - 1 - i : i;
      const std::string value = absl::StrCat(child);
      keys[child] = ResolveOne(identity, {{"gwent", value}});
    }
  };
  std::thread one([&] { run(*first, false, of_first); });
  std::thread two([&] { run(*second, true, of_second); });
  one.join();
  two.join();
  EXPECT_EQ(of_first, of_second);
}

TEST_F(IdentityTest, UnknownIdentifiersBesideAKnownOneAreClaimedForItsChild) {
  const auto identity = Open(1);
  const ChildKey child = ResolveOne(*identity, {{"nhs", "9434765919"}});
  EXPECT_EQ(ResolveOne(*identity, {{"gwent", "17"}, {"nhs", "9434765919"}, {"upn", "x"}}), child);
  EXPECT_EQ(identity->Lookup("gwent", "17"), child);
  EXPECT_EQ(identity->Lookup("upn", "x"), child);
  EXPECT_EQ(identity->links_needed(), 0);
}

TEST_F(IdentityTest, ABatchIsClaimedAtOnceAndAgreesWithItself) {
  const auto identity = Open(1);
  const Identifiers a = {{"nhs", "1"}, {"gwent", "17"}};
  const Identifiers b = {{"gwent", "17"}, {"powys", "5"}};
  const Identifiers c = {{"powys", "5"}};
  const Identifiers d = {{"powys", "6"}, {"powys", "6"}};
  const std::vector<absl::Span<const IdentifierView>> lists = {a, b, c, d};
  const auto keys = identity->Resolve(lists).value();
  EXPECT_EQ(keys[0], keys[1]);
  EXPECT_EQ(keys[1], keys[2]);
  EXPECT_NE(keys[2], keys[3]);
  EXPECT_EQ(Claims(), 4);  // nhs 1, gwent 17, powys 5, powys 6
}

TEST_F(IdentityTest, TwoKnownChildrenInOneEventGoToTheFirstAndAreCounted) {
  const auto identity = Open(1);
  const ChildKey one = ResolveOne(*identity, {{"nhs", "1"}});
  const ChildKey two = ResolveOne(*identity, {{"gwent", "2"}});
  ASSERT_NE(one, two);
  EXPECT_EQ(ResolveOne(*identity, {{"gwent", "2"}, {"nhs", "1"}}), two);
  EXPECT_EQ(identity->links_needed(), 1);
  EXPECT_EQ(ResolveOne(*identity, {{"nhs", "1"}, {"gwent", "2"}, {"powys", "3"}}), one);
  EXPECT_EQ(identity->links_needed(), 2);
  EXPECT_EQ(identity->Lookup("powys", "3"), one);
}

TEST_F(IdentityTest, WhatOthersClaimedIsKnownAfterARefresh) {
  const auto first = Open(1), second = Open(2);
  const ChildKey child = ResolveOne(*first, {{"nhs", "1"}});
  EXPECT_EQ(second->Lookup("nhs", "1"), absl::nullopt);
  ASSERT_TRUE(second->Refresh().ok());
  EXPECT_EQ(second->Lookup("nhs", "1"), child);
}

TEST_F(IdentityTest, IdentifiersAreNotInTheLogInClear) {
  const auto identity = Open(1);
  ResolveOne(*identity, {{"nhs", "9434765919"}, {"gwent-case", "REF17"}});
  const auto reader = log_.Read({names_.Identity(), 0}, 0).value();
  const auto entries = reader->Read(10, absl::ZeroDuration()).value();
  ASSERT_EQ(entries.size(), 2);
  for (const Entry& entry : entries) {
    for (const char* clear : {"9434765919", "REF17", "nhs", "gwent"}) {
      EXPECT_EQ(entry.key.find(clear), absl::string_view::npos);
      EXPECT_EQ(entry.value.find(clear), absl::string_view::npos);
    }
  }
}

TEST_F(IdentityTest, AnotherSecretFindsNothing) {
  ResolveOne(*Open(1), {{"nhs", "1"}});
  EXPECT_EQ(Open(2, "another secret")->Lookup("nhs", "1"), absl::nullopt);
}

TEST_F(IdentityTest, UnknownOutcomesAreRepeatedUntilBothSidesAgree) {
  log_.SetFaults({.seed = 7, .unknown_flushes = 500, .short_reads = 300});
  const auto identity = Open(1);
  std::vector<ChildKey> keys;
  int errors = 0;
  for (int i = 0; i < 200; ++i) {
    const std::string value = absl::StrCat(i);
    const Identifiers identifiers = {{"gwent", value}};
    const absl::Span<const IdentifierView> list = identifiers;
    auto resolved = identity->Resolve({&list, 1});
    for (; !resolved.ok(); resolved = identity->Resolve({&list, 1})) {
      EXPECT_EQ(resolved.status().code(), absl::StatusCode::kUnknown);
      ++errors;
    }
    keys.push_back(resolved->front());
  }
  EXPECT_GT(errors, 20);
  log_.SetFaults({});
  const auto again = Open(2);
  for (int i = 0; i < 200; ++i) EXPECT_EQ(again->Lookup("gwent", absl::StrCat(i)), keys[i]);
}

TEST_F(IdentityTest, ARecordThatIsNoClaimIsDamage) {
  auto appender = log_.OpenAppender().value();
  ASSERT_TRUE(appender->Append({names_.Identity(), 0}, "", "no claim").ok());
  ASSERT_TRUE(appender->Flush().ok());
  const auto opened = IdentityLog::Open(&log_, names_, kSecret);
  EXPECT_EQ(opened.status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(IdentityTest, ATopicThatLostItsBeginningIsDamage) {
  ResolveOne(*Open(1), {{"nhs", "1"}, {"nhs", "2"}});
  ASSERT_TRUE(log_.Trim({names_.Identity(), 0}, 1).ok());
  const auto opened = IdentityLog::Open(&log_, names_, kSecret);
  EXPECT_EQ(opened.status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace dolen
