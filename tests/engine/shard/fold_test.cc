#include "engine/shard/fold.h"

#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "engine/base/limits.h"
#include "engine/base/time.h"
#include "engine/store/keys.h"
#include "tests/engine/shard/lab.h"
#include "tests/engine/store/folder.h"

namespace dolen {
namespace {

using story::At;
using story::Said;
using story::Story;
using testing::ElementsAre;
using testing::IsEmpty;

absl::StatusCode ApplyBytes(Fold& fold, int64_t offset, absl::string_view bytes,
                            absl::Time appended = At("2026-01-05")) {
  Entry entry;
  entry.offset = offset;
  entry.appended = appended;
  entry.value = bytes;
  return fold.Apply(entry).code();
}

std::string Bytes(ledger::v1::Record record, absl::Time written = At("2026-01-05")) {
  record.set_written(Micros(written));
  return record.SerializeAsString();
}

class FoldTest : public testing::Test {
 protected:
  FoldTest() { Open(); }
  void Open() {
    fold_ = nullptr;
    folder_.Reopen();
    fold_ = *Fold::Open(&folder_.store(), {});
  }
  absl::StatusCode Apply(const ledger::v1::Record& record, absl::Time written = At("2026-01-05"),
                         absl::Time appended = At("2026-01-05")) {
    return ApplyBytes(*fold_, fold_->next_offset(), Bytes(record, written), appended);
  }
  static ledger::v1::Record Begun() {
    return Story::RecordOf({"begun", "2026-01-05"}, Story::Child(0));
  }

  StoreFolder folder_;
  std::unique_ptr<Fold> fold_;
};

TEST_F(FoldTest, ADuplicateIsCountedAndAConflictKeptAsideWithWhatStands) {
  EXPECT_EQ(Apply(Begun()), absl::StatusCode::kOk);
  EXPECT_EQ(Apply(Begun()), absl::StatusCode::kOk);
  Said other("begun", "2026-01-05");
  other.open.set_reason("another");
  EXPECT_EQ(Apply(Story::RecordOf(other, Story::Child(0))), absl::StatusCode::kOk);
  // The same id of another agency, and of another child, is another event.
  EXPECT_EQ(Apply(Story::RecordOf(Said("begun", "2026-01-05").By("b"), Story::Child(0))),
            absl::StatusCode::kOk);
  EXPECT_EQ(Apply(Story::RecordOf({"begun", "2026-01-05"}, Story::Child(1))),
            absl::StatusCode::kOk);
  ASSERT_TRUE(fold_->Commit().ok());
  // Known after a restart as well.
  Open();
  EXPECT_EQ(Apply(Begun()), absl::StatusCode::kOk);
  ASSERT_TRUE(fold_->Commit().ok());
  EXPECT_EQ(fold_->counts().events(), 3);
  EXPECT_EQ(fold_->counts().duplicates(), 2);
  EXPECT_EQ(fold_->counts().conflicts(), 1);
  const std::vector<Event> events = *fold_->EventsOf(Story::Child(0));
  ASSERT_EQ(events.size(), 2);
  EXPECT_EQ(events[0].open.reason(), "") << "the first stays";
  store::v1::AsideRow aside;
  ASSERT_TRUE(aside.ParseFromString(**folder_.store().Get(keys::Aside(Story::Child(0), 2))));
  EXPECT_EQ(aside.reason(), "conflict");
  EXPECT_EQ(aside.stands(), 0) << "the position of the first";
  EXPECT_EQ((*fold_->Find(Story::Child(0)))->aside, 1);
}

TEST_F(FoldTest, EventsBeyondTheLimitOfAChildAreKeptAside) {
  ChildState full;
  std::vector<History::Entry> entries;
  for (int i = 0; i < kMaxEventsPerChild; ++i) {
    entries.push_back({i, static_cast<uint32_t>(i)});
  }
  full.history.Restore(entries, {At("2026-01-01"), 0, "a", 0, "last"});
  Batch batch;
  std::string row;
  ChildRows().Encode(Story::Child(0), full, fold_->books(), 0, row, batch);
  batch.Put(keys::Child(Story::Child(0)), row);
  ASSERT_TRUE(folder_.store().Commit(batch).ok());
  Open();
  EXPECT_EQ(Apply(Begun()), absl::StatusCode::kOk);
  ASSERT_TRUE(fold_->Commit().ok());
  EXPECT_EQ(fold_->counts().events(), 0);
  EXPECT_EQ((*fold_->Find(Story::Child(0)))->history.entries().size(), kMaxEventsPerChild);
  store::v1::AsideRow aside;
  ASSERT_TRUE(aside.ParseFromString(**folder_.store().Get(keys::Aside(Story::Child(0), 0))));
  EXPECT_EQ(aside.reason(), "too_many_events");
}

// It was let go when its first page closed, and that page was looked for in the store while it was
// still in the batch.
TEST_F(FoldTest, ALongChildAmongManyOthersInOneBatch) {
  constexpr int kEvents = 3 * kIndexPage, kOthers = 5;
  int others = 0;
  for (int i = 0; i < kEvents; ++i) {
    const std::string id = absl::StrCat("e", i);
    ASSERT_EQ(Apply(Story::RecordOf(Said("begun", "2026-01-05").Id(id), Story::Child(0))),
              absl::StatusCode::kOk)
        << i;
    for (int n = 0; n < kOthers; ++n) {
      ASSERT_EQ(Apply(Story::RecordOf({"begun", "2026-01-05"}, Story::Child(++others))),
                absl::StatusCode::kOk);
    }
  }
  ASSERT_TRUE(fold_->Commit().ok());
  Open();
  EXPECT_EQ((*fold_->Find(Story::Child(0)))->history.entries().size(), kEvents);
  EXPECT_EQ(fold_->EventsOf(Story::Child(0))->size(), kEvents);
}

TEST_F(FoldTest, AHoleInTheOffsetsIsDataLoss) {
  EXPECT_EQ(ApplyBytes(*fold_, 0, Bytes(Begun())), absl::StatusCode::kOk);
  EXPECT_EQ(ApplyBytes(*fold_, 2, Bytes(Begun())), absl::StatusCode::kDataLoss);
}

TEST_F(FoldTest, ARecordReadTwiceIsDataLoss) {
  EXPECT_EQ(ApplyBytes(*fold_, 0, Bytes(Begun())), absl::StatusCode::kOk);
  EXPECT_EQ(ApplyBytes(*fold_, 0, Bytes(Begun())), absl::StatusCode::kDataLoss);
}

TEST_F(FoldTest, WhatDolenCannotHaveWrittenIsDataLoss) {
  ledger::v1::Record no_child = Begun(), no_open = Begun();
  no_child.mutable_event()->set_child("short");
  no_open.mutable_event()->set_open("\xff");
  for (const std::string& bytes : {std::string("\xff\xff garbage"), std::string(), Bytes({}),
                                   Bytes(no_child), Bytes(no_open)}) {
    Open();
    EXPECT_EQ(ApplyBytes(*fold_, 0, bytes), absl::StatusCode::kDataLoss) << absl::CHexEscape(bytes);
  }
}

TEST_F(FoldTest, WhatANewerReleaseWroteStopsTheFold) {
  const std::string newer_kind = "\xf2\x01\x01x";  // field 30, one byte
  ledger::v1::Record fact, revision, counts;
  fact.mutable_fact()->GetReflection()->MutableUnknownFields(fact.mutable_fact())->AddVarint(30, 1);
  revision.mutable_fact()->set_fold_revision(kFoldRevision + 1);
  counts.mutable_fact()->set_time_counts(static_cast<ledger::v1::TimeCounts>(7));
  for (const std::string& bytes : {newer_kind, Bytes(fact), Bytes(revision), Bytes(counts)}) {
    Open();
    EXPECT_EQ(ApplyBytes(*fold_, 0, bytes), absl::StatusCode::kFailedPrecondition)
        << absl::CHexEscape(bytes);
  }
}

TEST_F(FoldTest, AfterAnErrorNothingOfTheOpenBatchIsWritten) {
  EXPECT_EQ(Apply(Begun()), absl::StatusCode::kOk);
  ASSERT_TRUE(fold_->Commit().ok());
  const std::string before = folder_.store().DigestAll()->digest.Hex();
  EXPECT_EQ(Apply(Story::RecordOf({"done", "2026-01-05"}, Story::Child(0))), absl::StatusCode::kOk);
  ledger::v1::Record counts;
  counts.mutable_fact()->set_time_counts(static_cast<ledger::v1::TimeCounts>(7));
  EXPECT_EQ(Apply(counts), absl::StatusCode::kFailedPrecondition);
  EXPECT_FALSE(fold_->Commit().ok());
  EXPECT_EQ(folder_.store().DigestAll()->digest.Hex(), before);
  Open();
  EXPECT_EQ(fold_->next_offset(), 1);
}

TEST_F(FoldTest, TimeReachedIsTheHighestOfTheSmallerOfLogAndWriter) {
  const auto tick = [] {
    ledger::v1::Record record;
    record.mutable_tick()->set_drains(10);
    return record;
  };
  Apply(tick(), /*written=*/At("2026-01-05 10:00"), /*appended=*/At("2026-01-05 09:00"));
  EXPECT_EQ(fold_->reached(), At("2026-01-05 09:00")) << "a writer ahead";
  Apply(tick(), At("2026-01-05 09:30"), At("2027-01-01"));
  EXPECT_EQ(fold_->reached(), At("2026-01-05 09:30")) << "a log ahead";
  Apply(tick(), At("2026-01-05 08:00"), At("2026-01-05 11:00"));
  EXPECT_EQ(fold_->reached(), At("2026-01-05 09:30")) << "never back";
}

TEST_F(FoldTest, OneClockAheadFiresNothing) {
  ledger::v1::Record book, tick;
  book.mutable_book()->set_book(story::BookOf(OneDay()).SerializeAsString());
  *book.mutable_book()->mutable_zone() = story::LondonTable();
  tick.mutable_tick()->set_drains(10);
  Apply(FirstRecord());
  Apply(book, At("2026-01-01"), At("2026-01-01"));
  Apply(Begun());
  Apply(tick, At("2027-01-01"), At("2026-01-06 12:00"));
  Apply(tick, At("2026-01-06 12:00"), At("2027-01-01"));
  ASSERT_TRUE(fold_->Commit().ok());
  EXPECT_THAT(fold_->TakeOutgoing(), IsEmpty());
  EXPECT_EQ(fold_->last_drained(), 0);
  Apply(tick, At("2026-01-07"), At("2026-01-07"));
  ASSERT_TRUE(fold_->Commit().ok());
  EXPECT_EQ(fold_->TakeOutgoing().size(), 1);
}

TEST_F(FoldTest, StatedTimesCountWhereTheFirstRecordSaysSo) {
  ledger::v1::Record stated, log;
  stated.mutable_fact()->set_time_counts(ledger::v1::TIME_COUNTS_STATED);
  log.mutable_fact()->set_time_counts(ledger::v1::TIME_COUNTS_LOG);
  Apply(stated, At("2020-01-01"), At("2026-01-05"));
  Apply(Begun(), At("2021-01-01"), At("2020-06-01"));
  EXPECT_EQ(fold_->reached(), At("2021-01-01"));
  ASSERT_TRUE(fold_->Commit().ok());
  Open();
  EXPECT_TRUE(fold_->stated_time());
  Apply(log, At("2030-01-01"), At("2026-01-05"));
  EXPECT_EQ(fold_->reached(), At("2026-01-05")) << "a copied log ends with the switch back";
}

TEST_F(FoldTest, EveryRecordIsAccountedFor) {
  ledger::v1::Record records[6];
  records[0].mutable_tick();
  records[1].mutable_action()->set_child(std::string(16, 'k'));
  records[2].mutable_heard();
  records[3].mutable_link();
  records[4].mutable_fact()->set_backfill_begun("old");
  records[5].mutable_book()->set_book("\xff");  // cannot be used: counted, changes nothing
  for (const ledger::v1::Record& record : records) {
    EXPECT_EQ(Apply(record), absl::StatusCode::kOk);
  }
  EXPECT_EQ(Apply(Begun()), absl::StatusCode::kOk);
  EXPECT_EQ(Apply(Begun()), absl::StatusCode::kOk);
  ASSERT_TRUE(fold_->Commit().ok());
  const store::v1::Counts counts = fold_->counts();
  EXPECT_EQ(counts.records(), 8);
  EXPECT_EQ(counts.facts(), 3);
  EXPECT_EQ(counts.actions(), 1);
  EXPECT_EQ(counts.books(), 1);
  EXPECT_EQ(fold_->books().publications(), 0);
  Open();
  EXPECT_EQ(fold_->counts().SerializeAsString(), counts.SerializeAsString());
  EXPECT_EQ(fold_->backfills().count("old"), 1);
}

TEST_F(FoldTest, AStoreWhoseCountsDoNotAddUpIsDataLoss) {
  Apply(Begun());
  ASSERT_TRUE(fold_->Commit().ok());
  store::v1::ShardRow row;
  ASSERT_TRUE(row.ParseFromString(**folder_.store().Get(keys::Shard())));
  row.mutable_counts()->set_events(2);
  folder_.Put(keys::Shard(), row.SerializeAsString());
  EXPECT_EQ(Fold::Open(&folder_.store(), {}).status().code(), absl::StatusCode::kDataLoss);
}

TEST(Fold, KnowsWhichBooksHadBeenPublished) {
  Story story;
  const auto published_by = [&](const char* at) {
    return story.fold().BooksKnownAt(At(at))->publications();
  };
  story.Publish("2026-01-05 09:00", story::BookOf(story::Rule("start { is: \"x\" }")));
  story.Publish("2026-01-06 09:00", story::BookOf(story::Rule("start { is: \"y\" }"), "2"));
  EXPECT_EQ(published_by("2026-01-05 08:59"), 0);
  EXPECT_EQ(published_by("2026-01-05 09:00"), 1);
  EXPECT_EQ(published_by("2026-01-06 08:59"), 1);
  EXPECT_EQ(published_by("2026-01-06 09:00"), 2);
  const Books first = *story.fold().BooksKnownAt(At("2026-01-06 08:59"));
  EXPECT_FALSE(first.InterestIn("x").empty());
  EXPECT_TRUE(first.InterestIn("y").empty());
  EXPECT_EQ(first.zone().name(), "Europe/London");
  EXPECT_EQ(Books().zone().name(), "UTC");
}

TEST_F(FoldTest, DoesNotAnswerForABookOfTheOpenBatch) {
  ledger::v1::Record record;
  record.mutable_book()->set_book(
      story::BookOf(story::Rule("start { is: \"x\" }")).SerializeAsString());
  *record.mutable_book()->mutable_zone() = story::LondonTable();
  ASSERT_EQ(Apply(record), absl::StatusCode::kOk);
  EXPECT_EQ(fold_->BooksKnownAt(fold_->reached()).status().code(), absl::StatusCode::kUnavailable);
  ASSERT_TRUE(fold_->Commit().ok());
  EXPECT_EQ(fold_->BooksKnownAt(fold_->reached())->publications(), 1);
}

TEST(Fold, ATickDrainsInTheOrderOfDueAndSubject) {
  Story story;
  story.Publish("2025-01-01", story::BookOf(OneDay()));
  const char* const begun[] = {"2026-01-06", "2026-01-05", "2026-01-06", "2026-01-05"};
  for (int child = 0; child < 4; ++child) {
    ASSERT_TRUE(
        story.Tell(At("2026-02-01"), Story::RecordOf({"begun", begun[child]}, Story::Child(child)))
            .ok());
  }
  std::vector<std::string> order;
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(story.Tick(At("2026-02-01"), 2).ok());
    EXPECT_EQ(story.fold().last_drained(), 2);
  }
  for (const alert::v1::Alert& alert : story.alerts()) order.push_back(alert.child());
  EXPECT_THAT(order, ElementsAre(Story::Child(1).Hex(), Story::Child(3).Hex(),
                                 Story::Child(0).Hex(), Story::Child(2).Hex()));
}

}  // namespace
}  // namespace dolen
