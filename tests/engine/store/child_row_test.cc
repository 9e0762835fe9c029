#include "engine/store/child_row.h"

#include <gtest/gtest.h>

#include <functional>
#include <utility>
#include <vector>

#include "engine/base/limits.h"
#include "engine/base/time.h"
#include "engine/store/keys.h"
#include "tests/engine/child/story.h"
#include "tests/engine/store/any_state.h"
#include "tests/engine/store/folder.h"

namespace dolen {
namespace {

using Row = store::v1::ChildRow;

// Every use of a pattern, every sort of limit; levels of both.
Books TwoRules() {
  return story::BooksOf(
      R"(rule { id: "P" accountable: "asked" opens: AGAIN which: LAST exception_by: "asker"
                start { is: "x" given { is: "v" ago { weekdays: 1 } } or { is: "z" } }
                start { is: "y" unless { is: "w" } }
                stop { is: "x" } cancel { is: "c" or { holding: UNHELD } } per: "child"
                pause { begin { is: "clock_paused" } end { is: "clock_resumed" } }
                limit { allow { weekdays: 3 } }
                limit { allow { months: 1 } from { event { is: "y" } field: "on" } }
                limit { when { where { field: "age" below: 5 } } allow { working_days: 1 } }
                target { allow { hours: 1 } }
                level { name: "due_soon" offset { hours: -1 } } level { name: "overdue" }
                level { name: "wished" of_target: true } }
         rule { id: "Q" accountable: "role:r" opens: EACH per: "place" start { is: "x" }
                stop { is: "y" }
                limit { allow { calendar_days: 3 } within { weeks: 2 } } }
         passing { on { is: "z" } from: "asker" to: "asked" })");
}

void ExpectSame(const ChildState& a, const ChildState& b) {
  ASSERT_EQ(a.history.entries(), b.history.entries());
  EXPECT_EQ(a.history.last(), b.history.last());
  EXPECT_EQ(a.picture, b.picture);
  EXPECT_EQ(a.alerts, b.alerts);
  EXPECT_EQ(a.alert_pages, b.alert_pages);
  EXPECT_EQ(a.figure_pages, b.figure_pages);
  EXPECT_EQ(a.aside, b.aside);
  EXPECT_EQ(a.next_due, b.next_due);
}

class ChildRowTest : public testing::Test {
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
  // A row whose parsed part was tampered with.
  absl::Status Damaged(const ChildState& state, const std::function<void(Row&)>& damage) {
    const std::string row = Write(state);
    Row parsed;
    EXPECT_TRUE(parsed.ParseFromString(row.substr(12)));
    damage(parsed);
    return Read(row.substr(0, 12) + parsed.SerializeAsString()).status();
  }
  // What is taken can be worked with, whatever it says.
  void WorkWith(ChildState state) {
    const Backfills backfills;
    const Picture& picture = state.picture;
    const auto as_of = [&](absl::Time, const Zone&) -> absl::StatusOr<Picture> { return picture; };
    for (const absl::Time reached : {absl::UnixEpoch(), story::At("2026-03-02")}) {
      const Sight sight{child_, picture, books_, backfills, reached, as_of};
      EXPECT_TRUE(Watch(sight, MayRaise::kYes, state.alerts).ok());
      NextDue(sight, state.alerts);
    }
    ForEachClock(picture, [&](const Duty& duty, const Clock& clock) {
      ClockName(picture, duty, clock, books_);
      StateAt(clock, absl::UnixEpoch());
      for (const char* party : {"starter", "asked", "asker", "holder", "role:r"}) {
        AgencyAt(party, picture, duty, clock, books_);
        AgencyAt(party, picture, duty, clock, books_, absl::UnixEpoch());
      }
    });
    for (const story::Said& said : next_) {
      for (Event& event : story::EventsOf({said})) {
        event.open.set_birth_month("2020-01");
        Advance(event, books_, state.picture);
      }
    }
  }

  const std::vector<story::Said> next_ = {story::Said("x", "2200-01-01 09:00"),
                                          story::Said("y", "2200-01-01 09:01"),
                                          story::Said("clock_paused", "2200-01-01 09:02"),
                                          story::Said("v", "2200-01-01 09:03"),
                                          story::Said("z", "2200-01-01 09:04"),
                                          story::Said("handover_completed", "2200-01-01 09:05"),
                                          story::Said("exception_authorised", "2200-01-01 09:06"),
                                          story::Said("c", "2200-01-01 09:07")};

  StoreFolder folder_;
  const ChildKey child_ = story::Story::Child(7);
  const Books books_ = TwoRules();
  ChildRows rows_;
  ChildState used_;
  uint32_t pages_ = 0;
};

TEST_F(ChildRowTest, WhatIsWrittenIsReadBack) {
  AnyState any(1, books_);
  for (int i = 0; i < 300; ++i) {
    const int events = i % 50 == 49 ? 1000 + any.Below(300) : any.Below(140);
    const ChildState state = any.Make(events);
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

TEST_F(ChildRowTest, APageOfAlertsIsReadBackBehindWhatIsThere) {
  AnyState any(3, books_);
  for (int i = 0; i < 100; ++i) {
    const Alerts page = any.Make(0).alerts;
    Alerts alerts = any.Make(0).alerts, both = alerts;
    both.insert(both.end(), page.begin(), page.end());
    const std::string row = rows_.EncodeAlerts(page);
    ASSERT_TRUE(rows_.DecodeAlerts(row, books_, alerts).ok());
    EXPECT_EQ(alerts, both);
    EXPECT_EQ(rows_.EncodeAlerts(page), row);
    if (!page.empty()) {
      EXPECT_EQ(rows_.DecodeAlerts(row.substr(0, row.size() - 1), books_, alerts).code(),
                absl::StatusCode::kDataLoss);
    }
  }
}

// A member that the codec forgot would be another after a restart.
TEST_F(ChildRowTest, EveryMemberOfAPictureIsInItsRow) {
  const int families = static_cast<int>(books_.families().size());
  int values = 0;
  for (uint64_t seed = 0; seed < 24; ++seed) {
    ChildState state;
    state.picture = AnyState(seed, books_).APicture();
    const Picture picture = state.picture;
    const std::string row = Write(state);
    for (int n = 0;; ++n, ++values) {
      ChangeOne change(n, families);
      state.picture = picture;
      EveryMember(change, state.picture);
      if (!change.is_changed()) break;
      ASSERT_FALSE(state.picture == picture) << "value " << n << " of seed " << seed;
      EXPECT_NE(Write(state), row) << "value " << n << " of seed " << seed;
    }
  }
  EXPECT_GT(values, 1000);
}

TEST_F(ChildRowTest, EveryMemberOfWhatWasSaidIsInItsRow) {
  AnyState any(4, books_);
  ChildState state = any.Make(0);
  state.alerts.resize(2);
  state.alerts[0].state = state.alerts[1].state = alert::v1::STATE_RAISED;
  const Alerts alerts = state.alerts;
  const std::string row = Write(state);
  for (int n = 0;; ++n) {
    ChangeOne change(n, 1);
    state.alerts = alerts;
    EveryMember(change, state.alerts);
    if (!change.is_changed()) break;
    EXPECT_NE(Write(state), row) << "value " << n;
  }
}

TEST_F(ChildRowTest, EveryMemberOfTheLastEventsPlaceIsInItsRow) {
  const std::vector<History::Entry> entries = {{2, 3}};
  const OrderKey last{absl::UnixEpoch(), 1, "a", 7, "e"};
  const auto row = [&](const std::vector<History::Entry>& some, const OrderKey& place) {
    ChildState state;
    state.history.Restore(some, place);
    return Write(state);
  };
  const std::string as_it_was = row(entries, last);
  OrderKey other = last;
  other.occurred += absl::Microseconds(1);
  EXPECT_NE(row(entries, other), as_it_was);
  EXPECT_NE(row(entries, {last.occurred, 2, "a", 7, "e"}), as_it_was);
  EXPECT_NE(row(entries, {last.occurred, 1, "b", 7, "e"}), as_it_was);
  EXPECT_NE(row(entries, {last.occurred, 1, "a", 8, "e"}), as_it_was);
  EXPECT_NE(row(entries, {last.occurred, 1, "a", 7, "f"}), as_it_was);
  EXPECT_NE(row({{3, 3}}, last), as_it_was);
  EXPECT_NE(row({{2, 4}}, last), as_it_was);
}

TEST_F(ChildRowTest, AClosedPageIsNeverWrittenAgain) {
  AnyState any(2, books_);
  ChildState state = any.Make(200);
  Write(state);
  EXPECT_EQ(pages_, 3);
  folder_.Put(keys::Page(child_, 0), "as it was");
  std::vector<History::Entry> entries(state.history.entries().begin(),
                                      state.history.entries().end());
  while (entries.size() < 256) entries.push_back({1, 2});
  const OrderKey last = state.history.last();
  state.history.Restore(entries, last);
  Write(state, 3);
  EXPECT_EQ(pages_, 4);
  EXPECT_EQ(**folder_.store().Get(keys::Page(child_, 0)), "as it was");
  EXPECT_TRUE(folder_.store().Get(keys::Page(child_, 3))->has_value());
}

// One of each, all making sense.
ChildState Whole() {
  ChildState state = AnyState(1, TwoRules()).Make(70);
  Picture& picture = state.picture;
  picture = Picture();
  picture.matters.resize(1);
  Duty& duty = picture.duties.emplace_back();
  duty.clocks.resize(1);
  duty.clocks[0].levels.resize(3);
  duty.hits.resize(2);
  duty.hits[0].opening.emplace();
  duty.hits[1].use = 4;  // the stop
  duty.exceptions.resize(1);
  duty.came.resize(1);
  duty.cursors.resize(1);
  picture.acting.resize(1);
  picture.holds.resize(1);
  state.alerts.resize(1);
  state.alerts[0].rule = "P";
  state.alerts[0].state = alert::v1::STATE_RAISED;
  return state;
}

TEST_F(ChildRowTest, AnIndexThatLeadsNowhereIsDataLoss) {
  ASSERT_TRUE(Read(Write(Whole())).ok()) << Read(Write(Whole())).status();
  const std::vector<std::pair<const char*, std::function<void(Duty&, Picture&)>>> damages = {
      {"matter of a duty", [](Duty& duty, Picture&) { duty.matter = 1; }},
      {"no matter of a duty", [](Duty& duty, Picture&) { duty.matter = -2; }},
      {"matter of a clock", [](Duty& duty, Picture&) { duty.clocks[0].matter = 1; }},
      {"no matter of a clock", [](Duty& duty, Picture&) { duty.clocks[0].matter = -1; }},
      {"version of a clock", [](Duty& duty, Picture&) { duty.clocks[0].version = 1; }},
      {"no version of a clock", [](Duty& duty, Picture&) { duty.clocks[0].version = -1; }},
      {"levels of a clock", [](Duty& duty, Picture&) { duty.clocks[0].levels.resize(2); }},
      {"version of a hit", [](Duty& duty, Picture&) { duty.hits[0].version = 1; }},
      {"use of a hit", [](Duty& duty, Picture&) { duty.hits[1].use = 99; }},
      {"no use of a hit", [](Duty& duty, Picture&) { duty.hits[1].use = -1; }},
      {"start without opening", [](Duty& duty, Picture&) { duty.hits[0].opening.reset(); }},
      {"opening without start", [](Duty& duty, Picture&) { duty.hits[1].opening.emplace(); }},
      {"matter of an opening", [](Duty& duty, Picture&) { duty.hits[0].opening->matter = 1; }},
      {"version of an exception", [](Duty& duty, Picture&) { duty.exceptions[0].version = 1; }},
      {"version of what came", [](Duty& duty, Picture&) { duty.came[0].version = 1; }},
      {"use of what came", [](Duty& duty, Picture&) { duty.came[0].use = 99; }},
      {"version of a cursor", [](Duty& duty, Picture&) { duty.cursors[0].version = 1; }},
      {"matter of an acting agency", [](Duty&, Picture& all) { all.acting[0].matter = 1; }},
      {"matter of a hold", [](Duty&, Picture& all) { all.holds[0].matter = -2; }},
      {"why of a hold", [](Duty&, Picture& all) { all.holds[0].why = static_cast<Hold::Why>(3); }},
  };
  for (const auto& [what, damage] : damages) {
    ChildState state = Whole();
    damage(state.picture.duties[0], state.picture);
    EXPECT_TRUE(absl::IsDataLoss(Read(Write(state)).status())) << what;
  }
}

TEST_F(ChildRowTest, AStreamThatDoesNotEndWithThePictureIsDataLoss) {
  const ChildState state = Whole();
  const std::string row = Write(state);
  Row parsed;
  ASSERT_TRUE(parsed.ParseFromString(row.substr(12)));
  for (int size = 0; size < parsed.picture_size(); ++size) {
    EXPECT_TRUE(absl::IsDataLoss(Damaged(state, [&](Row& damaged) {
      damaged.mutable_picture()->Truncate(size);
    }))) << size;
  }
  EXPECT_TRUE(absl::IsDataLoss(Damaged(state, [](Row& damaged) { damaged.add_picture(0); })));
}

TEST_F(ChildRowTest, ARowThatDoesNotFitTogetherIsDataLoss) {
  const auto is_lost = [&](const std::function<void(Row&)>& damage) {
    return absl::IsDataLoss(Damaged(Whole(), damage));
  };
  EXPECT_TRUE(absl::IsDataLoss(Read("short").status()));
  EXPECT_TRUE(absl::IsDataLoss(Read(std::string(12, '\0') + "\xff\xff").status()));
  EXPECT_TRUE(is_lost([](Row& row) { row.clear_picture(); }));
  EXPECT_TRUE(is_lost([](Row& row) { row.clear_name(); }));
  EXPECT_TRUE(is_lost([](Row& row) { row.mutable_name()->RemoveLast(); }));
  EXPECT_TRUE(is_lost([](Row& row) {
    for (std::string& name : *row.mutable_name()) {
      if (name == "P") name = "R";  // a rule that was never published
    }
  }));
  EXPECT_TRUE(is_lost([](Row& row) { row.mutable_last()->set_agency(99); }));
  EXPECT_TRUE(is_lost([](Row& row) { row.mutable_alert(0)->set_rule(99); }));
  EXPECT_TRUE(is_lost([](Row& row) { row.mutable_alert(0)->set_version(9); }));
  EXPECT_TRUE(is_lost([](Row& row) { row.mutable_alert(0)->set_state(17); }));
  EXPECT_TRUE(is_lost([](Row& row) { row.mutable_index()->add_position(1); }));
  // Room was made for all of them before one was looked for.
  EXPECT_TRUE(is_lost([](Row& row) { row.set_pages(0xFFFFFFFE); }));
  EXPECT_TRUE(is_lost([](Row& row) { row.set_pages(2); })) << "a page is missing";
  EXPECT_TRUE(is_lost([](Row& row) { row.set_pages(0xFFFFFFFF); }));
  EXPECT_TRUE(is_lost([&](Row&) { folder_.Put(keys::Page(child_, 0), ""); }));
}

TEST_F(ChildRowTest, NoDamageToAByteEndsTheProgram) {
  AnyState any(3, books_);
  int refused = 0;
  for (int i = 0; i < 4000; ++i) {
    std::string damaged = Write(any.Make(any.Below(70)));
    for (int n = 1 + any.Below(3); n > 0; --n) {
      damaged[any.Below(static_cast<int>(damaged.size()))] = static_cast<char>(any.Below(128));
    }
    if (any.Below(4) == 0) damaged.resize(any.Below(static_cast<int>(damaged.size())));
    const absl::StatusOr<ChildState> read = Read(damaged);
    if (read.ok()) {
      WorkWith(*read);
    } else {
      EXPECT_TRUE(absl::IsDataLoss(read.status())) << read.status();
      ++refused;
    }
  }
  EXPECT_GT(refused, 500);
}

TEST_F(ChildRowTest, NoOtherNumberInThePictureEndsTheProgram) {
  AnyState any(6, books_);
  const std::vector<uint64_t> odd = {0,          1,          2,     3,         0x7FFFFFFF,
                                     0x80000000, 0xFFFFFFFF, ~0ull, 1ull << 63};
  int refused = 0, taken = 0;
  for (int i = 0; i < 4000; ++i) {
    const absl::Status status = Damaged(any.Make(0), [&](Row& row) {
      const uint64_t number = any.Below(3) == 0
                                  ? odd[any.Below(static_cast<int>(odd.size()))]
                                  : static_cast<uint64_t>(any.Below(1 << 30)) << any.Below(34);
      row.set_picture(any.Below(row.picture_size()), number);
    });
    if (status.ok()) {
      WorkWith(used_);
      ++taken;
    } else {
      EXPECT_TRUE(absl::IsDataLoss(status)) << status;
      ++refused;
    }
  }
  EXPECT_GT(refused, 500);
  EXPECT_GT(taken, 500);
}

}  // namespace
}  // namespace dolen
