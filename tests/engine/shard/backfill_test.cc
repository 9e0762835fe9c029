// Several backfills at once: each mutes what its own events started, and nothing else.
#include <gmock/gmock.h>

#include "engine/store/keys.h"
#include "tests/engine/child/story.h"
#include "tests/engine/shard/lab.h"

namespace dolen {
namespace {

using story::Said;
using story::Story;
using testing::ElementsAre;
using testing::IsEmpty;

store::v1::BackfillRow RowOf(Story& story, absl::string_view name) {
  store::v1::BackfillRow row;
  const auto bytes = *story.store().Get(keys::Backfill(name));
  EXPECT_TRUE(bytes.has_value() && row.ParseFromString(*bytes));
  return row;
}

TEST(Backfill, OfTwoThatOverlapEachMutesItsOwnAlsoOverARestart) {
  Story story;
  story.Publish("2025-01-01", story::BookOf(OneDay()))
      .BeginBackfill("2026-01-10", "a")
      .Hear("2026-01-10 01:00", Said("begun", "2025-12-01").With("a"), 0)  // past
      .Hear("2026-01-10 01:00", Said("begun", "2026-01-11").With("a"), 1)  // due as b is open
      .BeginBackfill("2026-01-10 12:00", "b")
      .Hear("2026-01-10 13:00", Said("begun", "2025-12-01").With("b"), 2)
      .Hear("2026-01-10 13:00", Said("begun", "2026-01-11").With("b"), 3)  // due while b is open
      .Hear("2026-01-10 13:00", Said("begun", "2026-01-15").With("b"), 4)  // due after it
      .Hear("2026-01-10 13:00", Said("begun", "2026-01-05"), 5)            // of none
      .EndBackfill("2026-01-12", "a");
  story.Reopen();
  story.Until("2026-01-14").EndBackfill("2026-01-14 09:00", "b").Until("2026-01-31");
  EXPECT_THAT(story.told(0), IsEmpty());
  EXPECT_THAT(story.told(1), ElementsAre("R overdue 2026-01-13 00:00"));
  EXPECT_THAT(story.told(2), IsEmpty());
  EXPECT_THAT(story.told(3), IsEmpty()) << "it became true while its own backfill was open";
  EXPECT_THAT(story.told(4), ElementsAre("R overdue 2026-01-17 00:00"));
  EXPECT_THAT(story.told(5).size(), 1);
}

TEST(Backfill, OneThatBrokeOffMutesItsOwnUntilAPersonEndsIt) {
  Story story;
  story.Publish("2025-01-01", story::BookOf(OneDay()))
      .BeginBackfill("2026-01-10", "died")
      .Hear("2026-01-10", Said("begun", "2026-01-11").With("died"), 0)
      .Hear("2026-01-10", Said("begun", "2026-03-01").With("died"), 1)
      .BeginBackfill("2026-02-01", "next")
      .Hear("2026-02-01", Said("begun", "2026-02-01").With("next"), 2)
      .EndBackfill("2026-02-01 12:00", "next")
      .Until("2026-02-20");
  EXPECT_THAT(story.told(0), IsEmpty());
  EXPECT_EQ(story.told(2).size(), 1) << "another that is open does not concern it";
  story.EndBackfill("2026-02-20 09:00", "died").Until("2026-03-31");
  EXPECT_THAT(story.told(0), IsEmpty());
  EXPECT_THAT(story.told(1), ElementsAre("R overdue 2026-03-03 00:00"));
}

TEST(Backfill, AStepThatIsDoneInTimeAfterItsEndPagesNobody) {
  Story story;
  story.Publish("2025-01-01", story::BookOf(OneDay()))
      .BeginBackfill("2026-01-10", "a")
      .Hear("2026-01-10", Said("begun", "2026-01-11").With("a"))
      .EndBackfill("2026-01-10 12:00", "a")
      .Hear("2026-01-12 09:00", Said("done", "2026-01-12"))
      .Until("2026-01-31");
  EXPECT_THAT(story.told(), IsEmpty());
}

TEST(Backfill, ItsRowSaysWhoWhenAndHowManyEventsWereApplied) {
  Story story;
  ledger::v1::Record begun, ended;
  begun.mutable_fact()->set_backfill_begun("a");
  begun.mutable_fact()->set_by("anna");
  ended.mutable_fact()->set_backfill_ended("a");
  ended.mutable_fact()->set_by("ben");
  ASSERT_TRUE(story.Tell(story::At("2026-01-10"), begun).ok());
  story.Hear("2026-01-10 01:00", Said("begun", "2025-12-01").With("a"))
      .Hear("2026-01-10 01:00", Said("begun", "2025-12-01").With("a"))  // again: a duplicate
      .Hear("2026-01-10 01:00", Said("begun", "2025-12-01").With("never begun"), 1);
  story.Reopen();
  story.Hear("2026-01-10 02:00", Said("done", "2025-12-01").With("a"));
  store::v1::BackfillRow row = RowOf(story, "a");
  EXPECT_EQ(row.by(), "anna");
  EXPECT_EQ(row.events(), 2);
  EXPECT_FALSE(row.has_ended());
  ASSERT_TRUE(story.Tell(story::At("2026-01-11"), ended).ok());
  begun.mutable_fact()->set_by("carys");
  row = RowOf(story, "a");
  EXPECT_EQ(row.ended(), Micros(story::At("2026-01-11")));
  EXPECT_EQ(row.ended_by(), "ben");
  // It goes on: who first began it stays, and it is open again.
  ASSERT_TRUE(story.Tell(story::At("2026-01-12"), begun).ok());
  row = RowOf(story, "a");
  EXPECT_EQ(row.by(), "anna");
  EXPECT_EQ(row.begun(), Micros(story::At("2026-01-10")));
  EXPECT_FALSE(row.has_ended());
  EXPECT_EQ(row.ended_by(), "");
  EXPECT_EQ(row.events(), 2);
  // An end without a beginning is none.
  ended.mutable_fact()->set_backfill_ended("unknown");
  ASSERT_TRUE(story.Tell(story::At("2026-01-12"), ended).ok());
  EXPECT_FALSE(story.store().Get(keys::Backfill("unknown"))->has_value());
}

}  // namespace
}  // namespace dolen
