// What cannot be admitted, through the whole program: each has its reason and its place, and the
// next event is processed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "dolen/ledger/v1/ledger.pb.h"
#include "engine/base/limits.h"
#include "engine/base/time.h"
#include "nlohmann/json.hpp"
#include "tests/crash/records.h"
#include "tests/crash/served.h"

namespace dolen {
namespace {

using nlohmann::json;

std::string Changed(const std::string& id, const std::function<void(event::v1::Event&)>& change) {
  event::v1::Event event = GoodEvent(id);
  change(event);
  return event.SerializeAsString();
}

void SetOccurred(event::v1::Event& event, absl::Time occurred) {
  *event.mutable_open()->mutable_occurred()->mutable_instant() = ToTimestamp(occurred);
}

// The value that the good event has, but with a byte in its text that is not UTF-8.
std::string NotUtf8(const std::string& id) {
  std::string bytes = GoodEvent(id).SerializeAsString();
  bytes[bytes.find("nobody")] = '\xff';
  return bytes;
}

class BadInputTest : public ServedTest {
 protected:
  // Once, with its own bytes, its agency and its place in intake. No serve may run.
  void ExpectInLedgerAsReceived(const event::v1::Event& event, int64_t offset) {
    int found = 0;
    for (const RawRecord& raw : ReadTopic(where_, "ledger")) {
      ledger::v1::Record record;
      ASSERT_TRUE(record.ParseFromString(raw.value));
      if (record.event().open() != event.open().SerializeAsString()) continue;
      ++found;
      EXPECT_EQ(record.event().private_(), event.private_().SerializeAsString());
      EXPECT_EQ(record.event().agency(), "alpha");
      EXPECT_EQ(record.event().intake().topic(), Intake());
      EXPECT_EQ(record.event().intake().partition(), 0);
      EXPECT_EQ(record.event().intake().offset(), offset);
    }
    EXPECT_EQ(found, 1);
  }
};

TEST_F(BadInputTest, EachHasItsOwnReasonAndItsPlaceAndTheNextEventIsProcessed) {
  const std::string whole = GoodEvent("cut").SerializeAsString();
  const std::vector<std::pair<std::string, std::string>> bad = {
      {"truncated", whole.substr(0, whole.size() - 5)},
      {"too_large",
       Changed("large",
               [](auto& e) { e.mutable_private_()->set_text(std::string(kMaxEventBytes, 'x')); })},
      {"unknown_contract", Changed("contract", [](auto& e) { e.set_contract(2); })},
      {"wrong_agency", Changed("agency", [](auto& e) { e.mutable_open()->set_agency("beta"); })},
      {"missing_child", Changed("nobody", [](auto& e) { e.mutable_private_()->clear_child(); })},
      {"occurred_in_future",
       Changed("future", [](auto& e) { SetOccurred(e, absl::Now() + absl::Hours(48)); })},
      {"occurred_before_1900",
       Changed("past",
               [](auto& e) { e.mutable_open()->mutable_occurred()->set_day("1899-12-31"); })},
      {"invalid_utf8", NotUtf8("utf8")},
  };
  std::vector<std::string> values;
  for (const auto& [reason, value] : bad) {
    values.push_back(value);
    values.push_back(GoodEvent(absl::StrCat("after_", reason)).SerializeAsString());
  }
  ASSERT_NO_FATAL_FAILURE(Publish(values));
  for (const auto& [reason, value] : bad) {
    const std::string next = absl::StrCat("after_", reason);
    EXPECT_THAT(WaitForTimeline(next), testing::ElementsAre(next));
  }
  const std::vector<json> entries = List();
  ASSERT_EQ(entries.size(), bad.size());
  for (size_t i = 0; i < bad.size(); ++i) {
    EXPECT_EQ(entries[i].value("reason", ""), bad[i].first);
    EXPECT_EQ(entries[i].value("state", ""), "open");
    EXPECT_EQ(entries[i].value("agency", ""), "alpha");
    EXPECT_FALSE(entries[i].value("sentence", "").empty());
    EXPECT_EQ(entries[i]["intake"].value("topic", ""), Intake());
    EXPECT_EQ(entries[i]["intake"].value("partition", -1), 0);
    EXPECT_EQ(entries[i]["intake"].value("offset", -1), static_cast<int>(2 * i));
  }
  // The bytes are kept as they came.
  for (size_t i = 0; i < bad.size(); ++i) {
    EXPECT_EQ(Show(entries[i].value("offset", -1)).value("value_hex", ""),
              absl::BytesToHexString(bad[i].second));
  }
  // Every one of them is refused again, and stays as it is.
  for (const json& entry : entries) {
    const Ran ran = Retry(entry.value("offset", -1));
    EXPECT_EQ(ran.exit, 1) << ran.out;
    EXPECT_EQ(json::parse(ran.out).value("admitted", true), false);
    EXPECT_EQ(json::parse(ran.out).value("reason", ""), entry.value("reason", "?"));
  }
  EXPECT_EQ(List({"--state=open"}).size(), bad.size());
}

TEST_F(BadInputTest, OtherBytesUnderAKnownIdAreKeptAsideAndListed) {
  const event::v1::Event first = GoodEvent("twice");
  event::v1::Event other = first;
  other.mutable_open()->set_milestone("child_seen");
  ASSERT_NO_FATAL_FAILURE(
      Publish({first.SerializeAsString(), other.SerializeAsString(), first.SerializeAsString(),
               GoodEvent("next").SerializeAsString()}));
  EXPECT_THAT(WaitForTimeline("next"), testing::ElementsAre("next"));
  // Both children may lie in different shards.
  EXPECT_THAT(WaitForTimeline("twice"), testing::ElementsAre("twice"));
  std::vector<json> entries = List();
  for (int i = 0; i < 1000 && entries.empty(); ++i) entries = List();
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].value("state", ""), "aside");
  EXPECT_EQ(entries[0].value("reason", ""), "conflict");
  EXPECT_EQ(entries[0].value("agency", ""), "alpha");
  EXPECT_EQ(entries[0]["intake"].value("topic", ""), Intake());
  EXPECT_EQ(entries[0]["intake"].value("offset", -1), 1);
  EXPECT_TRUE(entries[0].contains("stands"));
  const auto timeline = serve_.Get({"v1", "children", kIssuer, "child_twice", "timeline"});
  EXPECT_EQ(json::parse(timeline.value_or("{}"))["events"][0].value("event", ""), "report_made");
}

TEST_F(BadInputTest, WhatWasOnlyTooEarlyIsAdmittedByALaterRetryWithItsOwnBytesAndPlace) {
  constexpr absl::Duration kAhead = absl::Seconds(5);
  const event::v1::Event early = GoodEvent("early", absl::Now() + absl::Hours(24) + kAhead);
  ASSERT_NO_FATAL_FAILURE(
      Publish({early.SerializeAsString(), GoodEvent("next").SerializeAsString()}));
  EXPECT_THAT(WaitForTimeline("next"), testing::ElementsAre("next"));
  Ran ran = Retry(0);
  EXPECT_EQ(ran.exit, 1) << ran.out;
  EXPECT_EQ(json::parse(ran.out).value("reason", ""), "occurred_in_future");
  const absl::Time deadline = absl::Now() + 4 * kAhead;
  while (ran.exit == 1 && absl::Now() < deadline) ran = Retry(0);
  EXPECT_EQ(ran.exit, 0) << ran.out;
  EXPECT_THAT(WaitForTimeline("early"), testing::ElementsAre("early"));
  const std::vector<json> entries = List();
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].value("state", ""), "retried");
  // It is done: neither retried nor set aside again.
  EXPECT_NE(Retry(0).exit, 0);
  EXPECT_NE(RunVerb(where_, {"quarantine", "set-aside", "0", "--why=late"}).exit, 0);
  EXPECT_EQ(serve_.Stop(), 0);
  ExpectInLedgerAsReceived(early, 0);
}

TEST_F(BadInputTest, WhatIsSetAsideSaysByWhomAndWhyAndWaitsNoLonger) {
  ASSERT_NO_FATAL_FAILURE(Publish(
      {Changed("c", [](auto& e) { e.set_contract(2); }), GoodEvent("next").SerializeAsString()}));
  EXPECT_THAT(WaitForTimeline("next"), testing::ElementsAre("next"));
  EXPECT_EQ(
      RunVerb(where_, {"quarantine", "set-aside", "0", "--why=a vendor's test", "--by=mair"}).exit,
      0);
  const std::vector<json> entries = List({"--state=set_aside"});
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].value("by", ""), "mair");
  EXPECT_EQ(entries[0].value("why", ""), "a vendor's test");
  EXPECT_TRUE(List({"--state=open"}).empty());
  EXPECT_NE(RunVerb(where_, {"quarantine", "set-aside", "7", "--why=none such"}).exit, 0);
  // It answers the same when nothing runs and the verb opens the folder itself.
  EXPECT_EQ(serve_.Stop(), 0);
  EXPECT_EQ(List({"--state=set_aside"}).size(), 1u);
}

}  // namespace
}  // namespace dolen
