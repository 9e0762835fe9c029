// The views of what has ended: rows in a store, tables over them, and how they are written.
#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "projections/delay/delay.h"
#include "projections/flow/flow.h"
#include "projections/performance/performance.h"
#include "tests/engine/child/story.h"

namespace dolen {
namespace {

using nlohmann::json;
using story::Said;
using story::Story;
using testing::HasSubstr;
using testing::SizeIs;

// Two children with clocks of two rules and two languages, in two months.
class FiguresViewsTest : public testing::Test {
 protected:
  FiguresViewsTest() : story_(Options()) {
    story_.Publish("2026-01-01",
                   story::BookOf("rule { id: \"R\" accountable: \"agency:b\" "
                                 "start { is: \"begun\" } stop { is: \"done\" } "
                                 "limit { allow { hours: 24 } } level { name: \"overdue\" } }"
                                 "rule { id: \"Q\" accountable: \"asked\" "
                                 "start { is: \"referral_made\" } stop { is: \"answered\" } "
                                 "limit { allow { hours: 24 } } level { name: \"overdue\" } }"));
    One(0, "cy", "2026-03-02", 10);
    One(0, "cy", "2026-04-06", 30);
    One(1, "en", "2026-04-07", 10);
    EXPECT_TRUE(story_.fold().Commit().ok());
  }

  FoldOptions Options() {
    FoldOptions options;
    options.views = {&view_};
    return options;
  }

  // "a" asks "b"; the rest is done so many hours later.
  void One(int child, const char* language, const std::string& day, int hours) {
    const std::string begun = day + " 09:00";
    const std::string done = story::Text(story::At(begun) + absl::Hours(hours));
    Said ask = Said("referral_made", begun).To("b").In(day);
    ask.open.set_language(language);
    story_.Hear(begun, ask, child);
    story_.Hear(begun, Said("begun", begun).In(day), child);
    story_.Hear(done, Said("done", done).In(day), child);
    story_.Hear(done, Said("answered", done).In(day), child);
    story_.Hear(done, Said("referral_accepted", done).By("b").In(day), child);
  }

  ClockTable Clocks(const FiguresQuery& query = {}) {
    return *CountClocks(story_.store(), query, nullptr);
  }

  const FiguresView view_{};
  Story story_;
};

TEST_F(FiguresViewsTest, ChildrenAndClocksAreCountedApart) {
  const ClockTable table = Clocks();
  EXPECT_THAT(table.lines, SizeIs(2));
  EXPECT_EQ(table.total.children, 2);
  EXPECT_EQ(table.total.clocks.clocks(), 6);
  const ClockTally& line = table.lines.at({"b", "R", absl::nullopt, ""});
  EXPECT_EQ(line.children, 2);
  EXPECT_EQ(line.clocks.in_time, 2);
  EXPECT_EQ(line.clocks.late, 1);
  EXPECT_EQ(line.clocks.overrun, absl::Hours(6));
}

TEST_F(FiguresViewsTest, TheTotalIsOfTheLinesButForChildrenWhoStandInSeveral) {
  FiguresQuery query;
  query.by_month = query.by_language = true;
  const ClockTable table = Clocks(query);
  EXPECT_THAT(table.lines, SizeIs(6));
  ClockFigures sum;
  int64_t children = 0;
  for (const auto& [key, line] : table.lines) {
    sum += line.clocks;
    children += line.children;
  }
  EXPECT_EQ(sum, table.total.clocks);
  EXPECT_EQ(children, 6);
  EXPECT_EQ(table.total.children, 2);
  EXPECT_EQ(table.lines.count({"b", "R", absl::CivilMonth(2026, 4), "en"}), 1u);
}

TEST_F(FiguresViewsTest, AQuestionNarrowsWhatIsCounted) {
  FiguresQuery query;
  query.rule = "R";
  query.from = query.to = absl::CivilMonth(2026, 4);
  EXPECT_EQ(Clocks(query).total.clocks.clocks(), 2);
  query.language = "cy";
  EXPECT_EQ(Clocks(query).total.clocks.clocks(), 1);
  query.language = "";
  EXPECT_EQ(Clocks(query).total.clocks.clocks(), 0);
  query = FiguresQuery();
  query.agency = "a";
  EXPECT_EQ(Clocks(query).total.children, 0);
}

TEST_F(FiguresViewsTest, TablesOfShardsAddUp) {
  ClockTable twice = Clocks();
  twice += Clocks();
  EXPECT_EQ(twice.total.clocks.clocks(), 12);
  EXPECT_EQ(twice.lines.begin()->second.children, 4) << "the children of shards are not the same";
}

TEST_F(FiguresViewsTest, PerformanceAsJsonCsvAndText) {
  const Sheet sheet = PerformanceSheet(Clocks());
  const json read = json::parse(SheetJson(sheet));
  EXPECT_EQ(read["masked"], false);
  ASSERT_EQ(read["lines"].size(), 2u);
  EXPECT_EQ(read["lines"][1]["rule"], "R");
  EXPECT_EQ(read["lines"][1]["late"], 1);
  EXPECT_EQ(read["lines"][1]["percent_in_time"], 67);
  EXPECT_EQ(read["total"]["children"], 2);
  EXPECT_FALSE(read["total"].contains("rule"));
  EXPECT_EQ(SheetCsv(sheet),
            "agency,rule,children,clocks,in_time,late,excused,cancelled,done,no_calendar,untold,"
            "late_by_report,percent_in_time\r\n"
            "b,Q,2,3,2,1,0,0,0,0,0,0,67\r\n"
            "b,R,2,3,2,1,0,0,0,0,0,0,67\r\n");
  EXPECT_THAT(SheetText(sheet), HasSubstr("b       R            2       3        2     1"));
}

TEST_F(FiguresViewsTest, DelaySaysWhoseMinutesTheyWere) {
  FiguresQuery query;
  query.rule = "R";
  const ClockTable table = Clocks(query);
  const json read = json::parse(SheetJson(DelaySheet(table)))["lines"][0];
  EXPECT_EQ(read["minutes"], 50 * 60);
  EXPECT_EQ(read["minutes_per_clock"], 1000);
  EXPECT_EQ(read["minutes_late_per_late"], 6 * 60);
  EXPECT_EQ(read["minutes_reported_after"], 0);
  const json shares = json::parse(SheetJson(SharesSheet(table)))["lines"];
  ASSERT_EQ(shares.size(), 1u);
  EXPECT_EQ(shares[0]["side"], "own");
  EXPECT_EQ(shares[0]["who"], "b");
  EXPECT_EQ(shares[0]["percent"], 100);
  EXPECT_EQ(SideOf({"a", false}, "b"), Side::kWaiting);
  EXPECT_EQ(SideOf({"b", true}, "b"), Side::kPaused);
  EXPECT_EQ(SideOf({"", false}, ""), Side::kNobody);
}

TEST_F(FiguresViewsTest, FlowSaysWhoAsksWhomAndWhatBecomesOfIt) {
  const std::string at = "2026-05-04 09:00", later = "2026-05-05 09:00";
  story_.Hear(at, Said("referral_made", at).To("c").In("n"), 1);
  story_.Hear(later, Said("referral_declined", later).By("c").In("n").Reason("=full, \"now\""), 1);
  ASSERT_TRUE(story_.fold().Commit().ok());
  const FlowTable table = *CountAsks(story_.store(), {}, nullptr);
  const json read = json::parse(SheetJson(FlowSheet(table)));
  ASSERT_EQ(read["lines"].size(), 2u);
  EXPECT_EQ(read["lines"][0]["asked"], "b");
  EXPECT_EQ(read["lines"][0]["children"], 2);
  EXPECT_EQ(read["lines"][0]["taken_on"], 3);
  EXPECT_EQ(read["lines"][1]["declined"], 1);
  EXPECT_EQ(read["total"]["asks"], 4);
  EXPECT_EQ(SheetCsv(DeclinesSheet(table)),
            "asker,asked,reason,declined\r\na,c,\"'=full, \"\"now\"\"\",1\r\n")
      << "no formula, and quoted as RFC 4180 says";
  FiguresQuery query;
  query.agency = "c";
  EXPECT_EQ(CountAsks(story_.store(), query, nullptr)->total.asks.asks, 1);
}

TEST_F(FiguresViewsTest, ThroughAMaskNoSumOfTimesIsShown) {
  const Mask mask("secret");
  const ClockTable table = *CountClocks(story_.store(), {}, &mask);
  EXPECT_TRUE(table.masked);
  for (const Sheet& sheet : {PerformanceSheet(table), DelaySheet(table), SharesSheet(table)}) {
    const json read = json::parse(SheetJson(sheet));
    EXPECT_EQ(read["masked"], true);
    for (const json& line : read["lines"]) {
      if (line.contains("minutes")) {
        EXPECT_TRUE(line["minutes"].is_null());
      }
      if (line.contains("minutes_per_clock")) {
        EXPECT_TRUE(line["minutes_per_clock"].is_null());
      }
      if (line.contains("children")) {
        EXPECT_EQ(line["children"], "fewer than 5");
      }
    }
  }
}

TEST_F(FiguresViewsTest, ARowThatCannotBeReadIsDataLoss) {
  Batch batch;
  batch.Put(ViewKey(FiguresView(), Story::Child(9).bytes()), "\xff\xff");
  ASSERT_TRUE(story_.store().Commit(batch).ok());
  EXPECT_TRUE(absl::IsDataLoss(CountClocks(story_.store(), {}, nullptr).status()));
}

// An agency stands among the children, and clocks of its silence may end. It has no events of its
// own.
TEST_F(FiguresViewsTest, ASubjectWithoutEventsOfItsOwnHasNoRow) {
  ChildState agency = **story_.fold().Find(Story::Child(0));
  Rows rows;
  view_.AddRows(Story::Child(0), agency, story_.fold().books(), rows);
  EXPECT_THAT(rows, SizeIs(1));
  rows.clear();
  agency.history = History();
  view_.AddRows(AgencyKey("a"), agency, story_.fold().books(), rows);
  EXPECT_THAT(rows, SizeIs(0));
}

}  // namespace
}  // namespace dolen
