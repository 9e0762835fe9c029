#include "engine/store/child_row.h"

#include <gtest/gtest.h>

#include <functional>
#include <random>

#include "absl/strings/str_cat.h"
#include "engine/base/limits.h"
#include "engine/base/time.h"
#include "engine/store/keys.h"
#include "tests/engine/child/story.h"
#include "tests/engine/store/folder.h"

namespace dolen {
namespace {

Books TwoRules() {
  return story::BooksOf(
      R"(rule { id: "P" accountable: "asked" start { is: "x" } limit { allow { hours: 1 } }
                level { name: "due_soon" offset { hours: -1 } } level { name: "overdue" } }
         rule { id: "Q" accountable: "asked" start { is: "x" } stop { is: "y" } })");
}

class Random {
 public:
  explicit Random(uint64_t seed) : random_(seed) {}
  int Below(int bound) { return static_cast<int>(random_() % bound); }
  std::string Name() { return std::string(Below(4), static_cast<char>('a' + Below(26))); }
  // Before 1970 too.
  absl::Time Time() {
    return FromMicros(static_cast<int64_t>(random_() % (1ull << 52)) - (1ll << 51));
  }
  absl::Time TimeOrNever() { return Below(4) == 0 ? absl::InfiniteFuture() : Time(); }
  Moment At() { return {Time(), absl::Microseconds(Below(2) * Below(1000000))}; }

  ChildState State(const Books& books, int events) {
    ChildState state;
    std::vector<History::Entry> entries;
    for (int i = 0; i < events; ++i) {
      entries.push_back({Micros(Time()), i * 7, static_cast<uint32_t>(random_())});
    }
    if (events > 0) state.history.Restore(entries, {Time(), Below(3), Name(), random_(), Name()});
    for (int i = Below(4); i >= 0; --i)
      state.picture.matters.push_back({Name(), Name(), Name(), Name()});
    for (int i = Below(4); i > 0; --i) state.picture.clocks.push_back(AClock(books, state.picture));
    for (int i = Below(4); i > 0; --i) {
      const auto said = static_cast<alert::v1::State>(1 + Below(6));
      state.alerts.push_back({Name(), Name(), "P", 0, Name(), Name(), Name(), said,
                              static_cast<uint32_t>(Below(100)), Time(), Time()});
    }
    state.picture.books = Below(5);
    state.aside = Below(3);
    state.next_due = TimeOrNever();
    return state;
  }

 private:
  Clock AClock(const Books& books, const Picture& picture) {
    Clock clock;
    clock.family = Below(2);
    clock.matter = Below(static_cast<int>(picture.matters.size()));
    for (int i = Below(3); i > 0; --i) clock.parts.push_back({Below(2), Below(5), At()});
    if (Below(3) == 0) return clock;
    clock.version = 0;
    clock.closed_by = static_cast<ClosedBy>(Below(3));
    clock.no_calendar = Below(2) == 0;
    clock.start = At();
    if (Below(2) == 0) clock.close = At();
    clock.due = TimeOrNever();
    const pathway::v1::Rule& rule = books.families()[clock.family].versions[0].rule;
    for (int i = 0; i < rule.level_size(); ++i) clock.levels.push_back(TimeOrNever());
    clock.starter = Name();
    clock.backfill = Name();
    return clock;
  }

  std::mt19937_64 random_;
};

void ExpectSame(const ChildState& a, const ChildState& b) {
  ASSERT_EQ(a.history.entries().size(), b.history.entries().size());
  for (size_t i = 0; i < a.history.entries().size(); ++i) {
    const History::Entry &x = a.history.entries()[i], &y = b.history.entries()[i];
    ASSERT_TRUE(x.occurred == y.occurred && x.position == y.position && x.id_hash == y.id_hash);
  }
  EXPECT_EQ(a.history.last(), b.history.last());
  EXPECT_EQ(a.picture, b.picture);
  EXPECT_EQ(a.alerts, b.alerts);
  EXPECT_EQ(a.aside, b.aside);
  EXPECT_EQ(a.next_due, b.next_due);
}

class ChildRow : public testing::Test {
 protected:
  std::string Write(const ChildState& state, uint32_t pages_written = 0) {
    Batch batch;
    std::string row;
    pages_ = rows_.Encode(child_, state, books_, pages_written, row, batch);
    EXPECT_TRUE(folder_.store().Commit(batch).ok());
    return row;
  }
  // Into a state that was used before, as a shard does.
  absl::StatusOr<ChildState> Read(absl::string_view row) {
    const absl::Status status = rows_.Decode(child_, row, books_, folder_.store(), used_);
    if (!status.ok()) return status;
    return used_;
  }
  // A row of 70 events whose parsed part was tampered with.
  absl::StatusCode Damaged(const std::function<void(store::v1::ChildRow&)>& damage) {
    ChildState state = Random(5).State(books_, 70);
    state.picture.clocks.clear();
    Clock clock;
    clock.version = 0;
    clock.start = {absl::UnixEpoch(), {}};
    clock.levels.resize(2);
    state.picture.clocks.push_back(clock);
    state.alerts.resize(1);
    state.alerts[0].rule = "P";
    state.alerts[0].state = alert::v1::STATE_RAISED;
    const std::string row = Write(state);
    EXPECT_TRUE(Read(row).ok()) << Read(row).status();
    store::v1::ChildRow parsed;
    EXPECT_TRUE(parsed.ParseFromString(row.substr(12)));
    damage(parsed);
    return Read(row.substr(0, 12) + parsed.SerializeAsString()).status().code();
  }

  StoreFolder folder_;
  const ChildKey child_ = story::Story::Child(7);
  const Books books_ = TwoRules();
  ChildRows rows_;
  ChildState used_;
  uint32_t pages_ = 0;
};

TEST_F(ChildRow, WhatIsWrittenIsReadBack) {
  Random random(1);
  for (int i = 0; i < 300; ++i) {
    const int events = i % 50 == 49 ? 1000 + random.Below(300) : random.Below(140);
    const ChildState state = random.State(books_, events);
    const std::string row = Write(state);
    EXPECT_EQ(pages_, events / kIndexPage);
    const absl::StatusOr<ChildState> read = Read(row);
    ASSERT_TRUE(read.ok()) << read.status();
    ExpectSame(state, *read);
    EXPECT_EQ(Write(*read), row) << "byte for byte";
    EXPECT_EQ(ReadRowFront(row)->next_due, state.next_due);
    EXPECT_EQ(ReadRowFront(row)->books, state.picture.books);
    if (HasFatalFailure()) return;
  }
}

TEST_F(ChildRow, AClosedPageIsNeverWrittenAgain) {
  Random random(2);
  ChildState state = random.State(books_, 200);
  Write(state);
  EXPECT_EQ(pages_, 3);
  folder_.Put(keys::Page(child_, 0), "as it was");
  std::vector<History::Entry> entries(state.history.entries().begin(),
                                      state.history.entries().end());
  while (entries.size() < 256) entries.push_back({Micros(random.Time()), 1, 2});
  const OrderKey last = state.history.last();
  state.history.Restore(entries, last);
  Write(state, 3);
  EXPECT_EQ(pages_, 4);
  EXPECT_EQ(**folder_.store().Get(keys::Page(child_, 0)), "as it was");
  EXPECT_TRUE(folder_.store().Get(keys::Page(child_, 3))->has_value());
}

TEST_F(ChildRow, ARowThatDoesNotFitTogetherIsDataLoss) {
  const auto kDataLoss = absl::StatusCode::kDataLoss;
  using Row = store::v1::ChildRow;
  EXPECT_EQ(Read("short").status().code(), kDataLoss);
  EXPECT_EQ(Read(std::string(12, '\0') + "\xff\xff").status().code(), kDataLoss);
  // A clock is five numbers: rule, matter, version, what closed it, parts.
  const std::vector<std::pair<int, uint32_t>> wrong_numbers = {
      {0, 99}, {1, 9}, {1, 0xFFFFFFFF}, {2, 2}, {2, 0}, {3, 3}, {3, 8}, {4, 1}, {4, 1u << 30}};
  for (const std::pair<int, uint32_t>& wrong : wrong_numbers) {
    EXPECT_EQ(Damaged([&](Row& row) { row.set_clock(wrong.first, wrong.second); }), kDataLoss)
        << wrong.first << " " << wrong.second;
  }
  EXPECT_EQ(Damaged([](Row& row) { row.add_clock(0); }), kDataLoss);
  EXPECT_EQ(Damaged([](Row& row) { row.set_start(0, 99); }), kDataLoss);
  EXPECT_EQ(Damaged([](Row& row) { row.add_start(0); }), kDataLoss);
  EXPECT_EQ(Damaged([](Row& row) { row.add_time(0); }), kDataLoss);
  EXPECT_EQ(Damaged([](Row& row) { row.mutable_time()->RemoveLast(); }), kDataLoss);
  EXPECT_EQ(Damaged([](Row& row) { row.add_part(0); }), kDataLoss);
  EXPECT_EQ(Damaged([](Row& row) { row.add_part_time(0); }), kDataLoss);
  EXPECT_EQ(Damaged([](Row& row) { row.add_matter(0); }), kDataLoss);
  EXPECT_EQ(Damaged([](Row& row) { row.set_matter(0, 99); }), kDataLoss);
  EXPECT_EQ(Damaged([](Row& row) { row.mutable_last()->set_agency(99); }), kDataLoss);
  EXPECT_EQ(Damaged([](Row& row) { row.mutable_alert(0)->set_rule(99); }), kDataLoss);
  EXPECT_EQ(Damaged([](Row& row) { row.mutable_alert(0)->set_version(0); }), kDataLoss);
  EXPECT_EQ(Damaged([](Row& row) { row.mutable_alert(0)->set_state(17); }), kDataLoss);
  EXPECT_EQ(Damaged([](Row& row) { row.mutable_index()->add_occurred_step(1); }), kDataLoss);
  EXPECT_EQ(Damaged([](Row& row) { row.set_pages(2); }), kDataLoss) << "a page is missing";
  EXPECT_EQ(Damaged([](Row& row) { row.set_pages(0xFFFFFFFF); }), kDataLoss);
  EXPECT_EQ(Damaged([&](Row&) { folder_.Put(keys::Page(child_, 0), ""); }), kDataLoss);
}

TEST_F(ChildRow, NoDamageToARowEndsTheProgram) {
  Random random(3);
  const std::string row = Write(random.State(books_, 70));
  int refused = 0;
  for (int i = 0; i < 5000; ++i) {
    std::string damaged = row;
    for (int n = 1 + random.Below(3); n > 0; --n) {
      damaged[random.Below(static_cast<int>(row.size()))] = static_cast<char>(random.Below(128));
    }
    if (random.Below(4) == 0) damaged.resize(random.Below(static_cast<int>(row.size())));
    absl::StatusOr<ChildState> read = Read(damaged);
    if (!read.ok()) {
      EXPECT_EQ(read.status().code(), absl::StatusCode::kDataLoss) << read.status();
      ++refused;
      continue;
    }
    // What is taken can be worked with.
    const Backfills backfills;
    const Sight sight{child_, read->picture, books_, backfills, absl::UnixEpoch()};
    Watch(sight, MayRaise::kYes, read->alerts);
    NextDue(sight, read->alerts);
  }
  EXPECT_GT(refused, 500);
}

}  // namespace
}  // namespace dolen
