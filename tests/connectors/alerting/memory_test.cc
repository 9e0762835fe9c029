#include "connectors/alerting/memory.h"

#include <gmock/gmock.h>

#include "engine/log/simulated_log.h"
#include "tests/connectors/alerting/helpers.h"

namespace dolen {
namespace {

using ::testing::ElementsAre;

Entry EntryOf(const NewEntry& record) {
  Entry entry;
  entry.key = record.key;
  entry.value = record.value;
  entry.tombstone = record.tombstone;
  return entry;
}

TEST(MemoryFormat, WhatIsRememberedComesBackAsItWas) {
  Leg leg;
  leg.number = 7;
  leg.owed = leg.told = leg.digest = leg.left = leg.dead = true;
  leg.page = 6;
  leg.due = At("2026-11-26T10:00:00Z");
  leg.taken = At("2026-11-26T09:00:00.25Z");
  leg.group = "team|CSC";
  leg.thread = "t";
  leg.team = "CSC/duty";
  leg.attempts = 3;
  Sealed sealed;
  sealed.kind = Notice::Kind::kSummary;
  sealed.thread = "t";
  sealed.team = "CSC";
  sealed.items = {{"a", 7}, {"b", 1}};
  sealed.at = sealed.next = leg.due;
  sealed.attempts = 2;
  sealed.in_flight = sealed.perhaps_taken = true;
  const Sendings sendings{{leg.taken, leg.due}, leg.due};

  Remembered remembered;
  for (const NewEntry& record : {LegRecord("desk", "a", leg), SealedRecord("desk", "n1", sealed),
                                 SendingsRecord("desk", sendings), LegRecord("desk", "gone", leg),
                                 NoLegRecord("desk", "gone"), SealedRecord("desk", "n2", sealed),
                                 NotSealedRecord("desk", "n2")}) {
    EXPECT_FALSE(IsReceipt(EntryOf(record)));
    ASSERT_TRUE(remembered.Add(1, EntryOf(record)).ok());
  }
  ASSERT_EQ(remembered.legs.size(), 1u);
  const auto& [of, placed] = *remembered.legs.begin();
  EXPECT_EQ(placed.partition, 1);
  EXPECT_EQ(LegRecord(of.first, of.second, placed.value).value, LegRecord("desk", "a", leg).value);
  EXPECT_EQ(placed.value.due, leg.due);
  ASSERT_EQ(remembered.sealed.size(), 1u);
  EXPECT_EQ(SealedRecord("desk", "n1", remembered.sealed.begin()->second.value).value,
            SealedRecord("desk", "n1", sealed).value);
  EXPECT_THAT(remembered.sendings["desk"].pages, ElementsAre(leg.taken, leg.due));
  EXPECT_EQ(remembered.sendings["desk"].summary, leg.due);
}

TEST(MemoryFormat, AReceiptCanBeReadAlone) {
  alert::v1::Receipt receipt;
  receipt.set_alert_id("a");
  receipt.set_destination("desk");
  receipt.set_number(3);
  const NewEntry record = ReceiptRecord(receipt);
  EXPECT_EQ(record.key, "desk/a");
  EXPECT_TRUE(IsReceipt(EntryOf(record)));
  alert::v1::Receipt read;
  ASSERT_TRUE(read.ParseFromString(record.value));
  EXPECT_EQ(read.number(), 3u);
}

TEST(MemoryFormat, WhatANewerReleaseKeepsIsLeftAloneAndDamageIsNot) {
  Remembered remembered;
  EXPECT_TRUE(remembered.Add(0, EntryOf({".newer/x", "\xff", {}})).ok());
  EXPECT_EQ(remembered.Add(0, EntryOf({".leg/desk/a", "\xff", {}})).code(),
            absl::StatusCode::kDataLoss);
}

struct Topics {
  Topics() {
    DOLEN_CHECK(log.CreateTopic({names.Alerts(), 2, true}).ok());
    auto appender = *log.OpenAppender();
    DOLEN_CHECK(appender->Append({names.Alerts(), 1}, "a", "").ok());
  }
  SimulatedLog log;
  TopicNames names;
};

TEST(Memory, WhoBeginsStandsAtTheEndAndThenWhereItWas) {
  Topics topics;
  auto memory = *Memory::Open(&topics.log, topics.names);
  EXPECT_EQ(memory->next(0), 0);
  EXPECT_EQ(memory->next(1), 1);
  auto appender = *topics.log.OpenAppender();
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(appender->Append({topics.names.Alerts(), 1}, "a", "").ok());
  }
  Step step;
  step.reached = {1, 3};
  memory->Add(step);
  ASSERT_TRUE(memory->Flush().ok());
  memory = *Memory::Open(&topics.log, topics.names);
  EXPECT_EQ(memory->next(0), 0);
  EXPECT_EQ(memory->next(1), 3);
}

TEST(Memory, EachStepIsThereOnceWhateverBecomesOfAWrite) {
  for (uint64_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE(seed);
    Topics topics;
    topics.log.SetFaults({seed, 0, /*unknown_fenced=*/500, 0});
    absl::StatusOr<std::unique_ptr<Memory>> memory = Memory::Open(&topics.log, topics.names);
    while (!memory.ok()) memory = Memory::Open(&topics.log, topics.names);
    for (int i = 0; i < 20; ++i) {
      Step step;
      step.writes = {{0, {absl::StrCat("k", i), "zero", {}}},
                     {1, {absl::StrCat("k", i), "one", {}}}};
      (*memory)->Add(step);
      if (i % 3 == 0) (void)(*memory)->Flush();
    }
    while (!(*memory)->Flush().ok()) continue;
    for (int32_t partition = 0; partition < 2; ++partition) {
      auto reader = *topics.log.Read({topics.names.Receipts(), partition}, 0);
      int next = 0;
      const absl::Span<const Entry> entries = *reader->Read(1000, absl::ZeroDuration());
      for (const Entry& entry : entries) {
        if (entry.key == ".position") continue;
        EXPECT_EQ(entry.key, absl::StrCat("k", next++));
      }
      EXPECT_EQ(next, 20);
    }
  }
}

TEST(Memory, WhoWasFencedWhileAWriteHadNoKnownOutcomeStops) {
  Topics topics;
  auto first = *Memory::Open(&topics.log, topics.names);
  topics.log.SetFaults({1, 0, /*unknown_fenced=*/1000, 0});
  Step step;
  step.writes = {{0, {"k", "first", {}}}};
  first->Add(step);
  EXPECT_EQ(first->Flush().code(), absl::StatusCode::kUnknown);
  topics.log.SetFaults({});
  auto second = *Memory::Open(&topics.log, topics.names);
  EXPECT_EQ(first->Flush().code(), absl::StatusCode::kAborted);
  EXPECT_EQ(first->Flush().code(), absl::StatusCode::kAborted);
}

}  // namespace
}  // namespace dolen
