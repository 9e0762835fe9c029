#include "projections/whatif/whatif.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/engine/child/story.h"

namespace dolen::story {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

std::string Days(int days, absl::string_view more = "") {
  return Rule(absl::StrCat(
      "start { is: 'begun' } stop { is: 'done' } limit { allow { calendar_days: ", days, " } } ",
      more));
}

// Children by two sets of rules, one after another.
class Comparison {
 public:
  Comparison(const std::string& before, const std::string& after, size_t list = 100)
      : whatif(list), before_(BooksOf(before)), after_(BooksOf(after)) {}

  Comparison& Child(const std::vector<Said>& said, absl::string_view at = "2026-03-01") {
    std::vector<Event> events = EventsOf(said);
    std::sort(events.begin(), events.end(),
              [](const Event& a, const Event& b) { return a.Order() < b.Order(); });
    const Picture one = Draw(events, before_), other = Draw(events, after_);
    whatif.Count(Story::Child(next_child++), {one, before_}, {other, after_}, backfills, At(at));
    return *this;
  }
  // "in_time > late R/standing" of each listed clock.
  std::vector<std::string> Listed() const {
    std::vector<std::string> lines;
    for (const ClockDifference& one : whatif.Listed()) {
      lines.push_back(absl::StrCat(SideText(SideOf(one.before)), " > ", SideText(SideOf(one.after)),
                                   " ", one.clock));
    }
    return lines;
  }

  Backfills backfills;
  WhatIf whatif;
  int next_child = 0;

 private:
  const Books before_, after_;
};

TEST(WhatIf, TheSameRulesChangeNothing) {
  Comparison same(Days(5), Days(5));
  same.Child({{"begun", "2026-01-05"}, {"done", "2026-01-12"}}).Child({{"begun", "2026-02-02"}});
  EXPECT_THAT(same.Listed(), IsEmpty());
  const WhatIfGroup& all = same.whatif.all();
  EXPECT_EQ(all.changed, 0);
  EXPECT_EQ(all.before.clocks, 2);
  EXPECT_THAT(all.after.by_state,
              ElementsAre(Pair(ClockState::kOverdue, 1), Pair(ClockState::kLate, 1)));
  EXPECT_EQ(same.whatif.children(), 2);
  EXPECT_EQ(same.whatif.late_before(), 2);
  EXPECT_EQ(same.whatif.newly_late(), 0);
}

TEST(WhatIf, AShorterLimitMakesLateByHowMuchAndRaises) {
  Comparison shorter(Days(5), Days(2));
  shorter.Child({{"begun", "2026-01-05"}, {"done", "2026-01-08 06:30"}});
  EXPECT_THAT(shorter.Listed(), ElementsAre("in_time > late R/standing"));
  const WhatIfGroup& rule = shorter.whatif.by_rule().at("R");
  EXPECT_THAT(rule.earlier, ElementsAre(absl::Hours(72)));
  EXPECT_THAT(rule.later, IsEmpty());
  EXPECT_EQ(rule.more_late, absl::Hours(6) + absl::Minutes(30));
  EXPECT_EQ(rule.less_late, absl::ZeroDuration());
  EXPECT_EQ(rule.raised.at("overdue").before, 0);
  EXPECT_EQ(rule.raised.at("overdue").more, 1);
  EXPECT_EQ(shorter.whatif.newly_late(), 1);
  EXPECT_EQ(shorter.whatif.by_agency().at("a").changed, 1);
}

TEST(WhatIf, ALongerOneTakesBack) {
  Comparison longer(Days(2), Days(5));
  longer.Child({{"begun", "2026-01-05"}, {"done", "2026-01-08 06:30"}});
  const WhatIfGroup& all = longer.whatif.all();
  EXPECT_THAT(all.later, ElementsAre(absl::Hours(72)));
  EXPECT_EQ(all.less_late, absl::Hours(6) + absl::Minutes(30));
  EXPECT_EQ(all.raised.at("overdue").fewer, 1);
  EXPECT_EQ(longer.whatif.no_longer_late(), 1);
}

TEST(WhatIf, WhatIsOpenIsReadAtTheTimeAsked) {
  Comparison open(Days(5), Days(2));
  open.Child({{"begun", "2026-01-05"}}, "2026-01-08 12:00");  // due on the 11th, then on the 8th
  EXPECT_THAT(open.Listed(), ElementsAre("running > overdue R/standing"));
  EXPECT_EQ(open.whatif.all().more_late, absl::Hours(12));
  open.Child({{"begun", "2026-01-05"}}, "2026-01-04");
  EXPECT_EQ(open.whatif.all().before.clocks, 1) << "it has not started yet";
}

TEST(WhatIf, ARuleMoreAppearsAndOneLessDisappears) {
  const std::string more =
      "rule { id: 'S' start { is: 'begun' } stop { is: 'done' } accountable: 'agency:b' }";
  Comparison added(Days(5), Days(5) + more);
  added.Child({{"begun", "2026-01-05"}, {"done", "2026-01-08"}});
  EXPECT_THAT(added.Listed(), ElementsAre("absent > done S/standing"));
  EXPECT_EQ(added.whatif.by_agency().at("b").after.clocks, 1);
  Comparison removed(Days(5) + more, Days(5));
  removed.Child({{"begun", "2026-01-05"}, {"done", "2026-01-08"}});
  EXPECT_THAT(removed.Listed(), ElementsAre("done > absent S/standing"));
}

TEST(WhatIf, AChildCountsOnceForEachChangeOfSide) {
  Comparison matters(Days(5), Days(2));
  matters
      .Child({Said("begun", "2026-01-05").In("1"), Said("done", "2026-01-09").In("1"),
              Said("begun", "2026-01-06").In("2"), Said("done", "2026-01-10").In("2"),
              Said("begun", "2026-02-26").In("3")})
      .Child({Said("begun", "2026-01-05").In("1"), Said("done", "2026-01-09").In("1")});
  const WhatIfGroup& all = matters.whatif.all();
  EXPECT_EQ(all.changed, 4);
  EXPECT_EQ(all.children_changed, 2);
  const Move& late = all.moves.at({ClockState::kInTime, ClockState::kLate});
  EXPECT_EQ(late.clocks, 3);
  EXPECT_EQ(late.children, 2);
  const Move& overdue = all.moves.at({ClockState::kRunning, ClockState::kOverdue});
  EXPECT_EQ(overdue.clocks, 1);
  EXPECT_EQ(overdue.children, 1);
  EXPECT_EQ(matters.whatif.newly_late(), 2);
}

TEST(WhatIf, AnotherAccountableAgencyTakesTheClockOver) {
  const auto rule = [](absl::string_view who) {
    return absl::StrCat(
        "rule { id: 'R' start { is: 'begun' } stop { is: 'done' } accountable: 'agency:", who,
        "' limit { allow { calendar_days: 2 } } level { name: 'overdue' } }");
  };
  Comparison moved(rule("b"), rule("c"));
  moved.Child({{"begun", "2026-01-05"}, {"done", "2026-01-08 06:00"}});
  const auto& agencies = moved.whatif.by_agency();
  EXPECT_EQ(agencies.at("b").before.clocks, 1);
  EXPECT_EQ(agencies.at("b").after.clocks, 0);
  EXPECT_EQ(agencies.at("b").less_late, absl::Hours(6));
  EXPECT_EQ(agencies.at("c").after.clocks, 1);
  EXPECT_EQ(agencies.at("c").more_late, absl::Hours(6));
  EXPECT_EQ(moved.whatif.all().changed, 1);
  EXPECT_EQ(moved.whatif.all().more_late, absl::ZeroDuration());
}

TEST(WhatIf, LevelsAfterDueAreEscalatedAndThoseAheadAreNotCounted) {
  const std::string levels = "level { name: 'unanswered' offset { calendar_days: 3 } }";
  Comparison shorter(Days(5, levels), Days(2, levels));
  shorter.Child({{"begun", "2026-01-05"}}, "2026-01-11 12:00");
  const WhatIfGroup& all = shorter.whatif.all();
  EXPECT_EQ(all.raised.at("overdue").before, 1);
  EXPECT_EQ(all.raised.at("overdue").after, 1);
  EXPECT_EQ(all.escalated.at("unanswered").before, 0);
  EXPECT_EQ(all.escalated.at("unanswered").more, 1);
}

TEST(WhatIf, WhatABackfillMutesIsNotCountedAsRaised) {
  Comparison muted(Days(5), Days(2));
  muted.backfills["old"] = {At("2026-02-01"), At("2026-02-02")};
  muted.Child({Said("begun", "2026-01-05").With("old"), Said("done", "2026-01-09").With("old")});
  EXPECT_THAT(muted.Listed(), ElementsAre("in_time > late R/standing"));
  EXPECT_THAT(muted.whatif.all().raised, IsEmpty());
  muted.Child({Said("begun", "2026-01-05"), Said("done", "2026-01-09")});
  EXPECT_EQ(muted.whatif.all().raised.at("overdue").more, 1);
}

TEST(WhatIf, AnExceptionThatComesInTimeByOneBookOnlyExcusesByIt) {
  const std::string by = "exception_by: 'agency:a'";
  Comparison excused(Days(5, by), Days(2, by));
  excused.Child(
      {{"begun", "2026-01-05"}, Said("exception_authorised", "2026-01-09").Excusing("R")});
  EXPECT_THAT(excused.Listed(), ElementsAre("excused > overdue R/standing"));
}

TEST(WhatIf, ListsThoseThatChangeSideFirstAndNoMoreThanAsked) {
  Comparison few(Days(5), Days(2), /*list=*/2);
  const std::vector<Said> late_anyway = {{"begun", "2026-01-05"}, {"done", "2026-01-20"}};
  const std::vector<Said> newly_late = {{"begun", "2026-01-05"}, {"done", "2026-01-09"}};
  for (int i = 0; i < 5; ++i) few.Child(late_anyway);
  few.Child(newly_late);
  EXPECT_EQ(few.whatif.all().changed, 6);
  EXPECT_THAT(few.Listed(), ElementsAre("in_time > late R/standing", "late > late R/standing"));
}

// Keys are random: by them, the same history would list in another order in every installation.
TEST(WhatIf, ListsByDueTimeWhateverTheKeysOfTheChildren) {
  const std::vector<Said> early = {{"begun", "2026-01-05"}, {"done", "2026-01-09"}};
  const std::vector<Said> late = {{"begun", "2026-01-12"}, {"done", "2026-01-16"}};
  Comparison one(Days(5), Days(2)), other(Days(5), Days(2));
  one.Child(early).Child(late);
  other.Child(late).Child(early);
  for (const Comparison* each : {&one, &other}) {
    const std::vector<ClockDifference> listed = each->whatif.Listed();
    ASSERT_EQ(listed.size(), 2u);
    EXPECT_EQ(listed[0].after->due, At("2026-01-08"));
    EXPECT_EQ(listed[1].after->due, At("2026-01-15"));
  }
}

TEST(WhatIf, CountsOfTwoShardsAddUpToThoseOfBothTogether) {
  const std::vector<std::vector<Said>> children = {
      {{"begun", "2026-01-05"}, {"done", "2026-01-09"}},
      {{"begun", "2026-01-05"}, {"done", "2026-01-20"}},
      {{"begun", "2026-02-26"}}};
  Comparison together(Days(5), Days(2), 2), one(Days(5), Days(2), 2), other(Days(5), Days(2), 2);
  for (size_t i = 0; i < children.size(); ++i) {
    together.Child(children[i]);
    Comparison& shard = i == 1 ? one : other;
    shard.next_child = static_cast<int>(i);
    shard.Child(children[i]);
  }
  one.whatif.Add(std::move(other.whatif));
  EXPECT_EQ(one.Listed(), together.Listed());
  EXPECT_EQ(one.whatif.children(), together.whatif.children());
  EXPECT_EQ(one.whatif.newly_late(), together.whatif.newly_late());
  const WhatIfGroup &a = one.whatif.all(), &b = together.whatif.all();
  EXPECT_EQ(a.changed, b.changed);
  EXPECT_EQ(a.children_changed, b.children_changed);
  EXPECT_EQ(a.more_late, b.more_late);
  EXPECT_EQ(a.before.by_state, b.before.by_state);
  EXPECT_EQ(a.raised.at("overdue").more, b.raised.at("overdue").more);
  EXPECT_EQ(MedianOf(a.earlier), MedianOf(b.earlier));
}

TEST(WhatIf, TheMedianIsTheMiddleOne) {
  EXPECT_EQ(MedianOf({}), absl::ZeroDuration());
  EXPECT_EQ(MedianOf({absl::Hours(3)}), absl::Hours(3));
  EXPECT_EQ(MedianOf({absl::Hours(9), absl::Hours(1), absl::Hours(2)}), absl::Hours(2));
  EXPECT_EQ(MedianOf({absl::Hours(9), absl::Hours(1), absl::Hours(4), absl::Hours(2)}),
            absl::Hours(3));
}

}  // namespace
}  // namespace dolen::story
