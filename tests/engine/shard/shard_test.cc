#include "engine/shard/shard.h"

#include <gmock/gmock.h>

#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "tests/engine/shard/lab.h"

namespace dolen {
namespace {

using story::At;

TEST(Shard, TicksWhenSomebodyIsDueAndNotBefore) {
  Lab lab;
  lab.Publish(OneDay());
  lab.Hear({"begun", "2026-01-05"}, 0);
  std::unique_ptr<Shard> shard = lab.Open();
  Lab::Pump(*shard);
  EXPECT_EQ(shard->NextTick(), At("2026-01-07"));
  lab.now = At("2026-01-07") - absl::Microseconds(1);
  EXPECT_FALSE(*shard->Tick(lab.now));
  lab.now = At("2026-01-07");
  EXPECT_TRUE(*shard->Tick(lab.now));
  EXPECT_FALSE(*shard->Tick(lab.now)) << "its own tick is unread";
  EXPECT_EQ(shard->NextTick(), absl::InfiniteFuture());
  Lab::Pump(*shard);
  EXPECT_EQ(shard->fold().counts().ticks(), 1);
  ASSERT_TRUE(shard->Tell().ok());
  lab.ExpectPublished(1);
}

// What was folded waits for more to be committed with it; a deadline waits for nothing.
TEST(Shard, ADeadlineThatIsToldIsCommittedAtOnce) {
  Lab lab;
  lab.Publish(OneDay());
  std::unique_ptr<Shard> shard = lab.Open();
  Lab::Pump(*shard);
  lab.Hear({"begun", "2026-01-05"}, 0);
  ASSERT_TRUE(shard->FoldAll(*shard->Read(absl::ZeroDuration()), absl::ZeroDuration()).ok());
  EXPECT_TRUE(shard->fold().open());
  lab.now = At("2026-01-07");
  ASSERT_TRUE(*shard->Tick(lab.now));
  ASSERT_TRUE(shard->FoldAll(*shard->Read(absl::ZeroDuration()), absl::ZeroDuration()).ok());
  EXPECT_FALSE(shard->fold().open());
  ASSERT_TRUE(shard->Tell().ok());
  lab.ExpectPublished(1);
}

TEST(Shard, AnIdleShardWritesNoTicks) {
  Lab lab;
  lab.Publish(OneDay());
  lab.Hear({"begun", "2026-01-05"}, 0);
  std::unique_ptr<Shard> shard = lab.Open();
  for (int day = 0; day < 100; ++day) {
    lab.now += absl::Hours(24);
    Lab::Pump(*shard);
    ASSERT_TRUE(shard->Tick(lab.now).ok());
  }
  EXPECT_EQ(shard->fold().counts().ticks(), 1);
}

TEST(Shard, ATickThatDrainedNobodyDoublesThePauseBeforeTheNext) {
  Lab lab;
  lab.Publish(OneDay());
  lab.Hear({"begun", "2026-01-05"}, 0);
  std::unique_ptr<Shard> shard = lab.Open();
  Lab::Pump(*shard);
  // The log's clock stands still: no tick reaches the due instant.
  absl::Time writer = At("2026-01-07");
  absl::Duration pause = kMinTickPause;
  for (int i = 0; i < 13; ++i) {
    ASSERT_TRUE(*shard->Tick(writer)) << i;
    Lab::Pump(*shard);
    EXPECT_EQ(shard->NextTick(), writer + pause) << i;
    EXPECT_FALSE(*shard->Tick(writer + pause - absl::Microseconds(1)));
    writer += pause;
    pause = std::min(2 * pause, kMaxTickPause);
  }
  EXPECT_EQ(pause, kMaxTickPause);
  lab.now = writer;
  ASSERT_TRUE(*shard->Tick(writer));
  Lab::Pump(*shard);
  EXPECT_EQ(shard->fold().last_drained(), 1);
}

TEST(Shard, ATickOfUnknownFateIsWrittenAgainAndFiresOnce) {
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    Lab lab;
    lab.Publish(OneDay());
    lab.Hear({"begun", "2026-01-05"}, 0);
    std::unique_ptr<Shard> shard = lab.Open();
    Lab::Pump(*shard);
    lab.now = At("2026-01-07");
    lab.log().SetFaults({seed, /*unknown_flushes=*/700});
    while (shard->fold().last_drained() == 0) {
      const absl::StatusOr<bool> ticked = shard->Tick(lab.now);
      ASSERT_TRUE(ticked.ok() || ticked.status().code() == absl::StatusCode::kUnknown);
      lab.now += absl::Seconds(1);
      Lab::Pump(*shard);
    }
    ASSERT_TRUE(shard->Tell().ok());
    lab.ExpectPublished(1);
  }
}

TEST(Shard, ASecondOwnersTickIsHarmless) {
  Lab lab;
  lab.Publish(OneDay());
  lab.Hear({"begun", "2026-01-05"}, 0);
  std::unique_ptr<Shard> one = lab.Open("one"), two = lab.Open("two");
  Lab::Pump(*one);
  Lab::Pump(*two);
  lab.now = At("2026-01-07");
  EXPECT_TRUE(*one->Tick(lab.now));
  EXPECT_TRUE(*two->Tick(lab.now));
  Lab::Pump(*one);
  Lab::Pump(*two);
  EXPECT_EQ(one->fold().counts().ticks(), 2);
  EXPECT_EQ(one->store().DigestAll()->digest.Hex(), two->store().DigestAll()->digest.Hex());
  ASSERT_TRUE(one->Tell().ok());
  ASSERT_TRUE(two->Tell().ok());
  lab.ExpectPublished(1);
}

TEST(Shard, ABookInMidStreamRedrawsEverybodyByTicksAlsoOverARestart) {
  Lab lab;
  lab.Publish(OneDay());
  const int children = kMaxDrain + 500;
  for (int child = 0; child < children; ++child) lab.Hear({"begun", "2026-01-05"}, child);
  // Three days from the 5th on, published on the 5th.
  lab.Publish(story::Rule(R"(start { is: "begun" } stop { is: "done" }
                             limit { allow { calendar_days: 3 } })"),
              "2");
  std::unique_ptr<Shard> shard = lab.Open();
  Lab::Pump(*shard);
  EXPECT_LE(shard->NextTick(), lab.now) << "everybody is due at once";
  lab.now += absl::Minutes(1);
  ASSERT_TRUE(*shard->Tick(lab.now));
  Lab::Pump(*shard);
  EXPECT_EQ(shard->fold().last_drained(), kMaxDrain);
  shard = nullptr;
  shard = lab.Open();
  ASSERT_TRUE(*shard->Tick(lab.now));
  Lab::Pump(*shard);
  EXPECT_EQ(shard->fold().last_drained(), children - kMaxDrain) << "the rest is remembered";
  EXPECT_EQ(shard->NextTick(), At("2026-01-09")) << "no early alert";
  EXPECT_EQ(shard->fold().TakeOutgoing().size(), 0);
  EXPECT_EQ((*shard->fold().Find(story::Story::Child(0)))->picture.books, 2);
}

TEST(Shard, AFoldedWholeLedgerIsTheSameByteForByte) {
  Lab lab;
  lab.Publish(OneDay());
  for (int child = 0; child < 50; ++child) lab.Hear({"begun", "2026-01-05"}, child);
  std::unique_ptr<Shard> shard = lab.Open();
  for (int day = 0; day < 5; ++day) {
    lab.now += absl::Hours(24);
    lab.Hear({"done", "2026-01-06"}, day);
    lab.Hear({"done", "2026-01-06"}, day);
    Lab::Pump(*shard);
    ASSERT_TRUE(shard->Tick(lab.now).ok());
    ASSERT_TRUE(shard->Tell().ok());
  }
  Lab::Pump(*shard);
  std::unique_ptr<Shard> again = lab.Open("again");
  Lab::Pump(*again);
  EXPECT_EQ(again->fold().DigestHex(), shard->fold().DigestHex());
  EXPECT_EQ(again->store().DigestAll()->digest.Hex(), shard->store().DigestAll()->digest.Hex());
}

TEST(Shard, ALedgerThatEndsBelowWhatWasFoldedIsDataLoss) {
  Lab lab;
  lab.Publish(OneDay());
  lab.Hear({"begun", "2026-01-05"}, 0);
  Lab::Pump(*lab.Open());
  const std::unique_ptr<SimulatedLog> other = lab.NewLog();
  ShardOptions options;
  options.topics = lab.names;
  options.folder = lab.Path();
  EXPECT_EQ(Shard::Open(other.get(), options).status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace dolen
