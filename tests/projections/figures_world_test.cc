// The figures view over generated worlds: its rows are a function of the ledger, whatever is
// committed and restarted when; and each says what is drawn from all events of its child.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "engine/store/keys.h"
#include "projections/delay/delay.h"
#include "projections/flow/flow.h"
#include "tests/engine/child/story.h"
#include "tests/engine/child/world.h"
#include "tests/projections/folded.h"
#include "tests/projections/tables.h"

namespace dolen {
namespace {

constexpr int kWorlds = 40, kChildren = 20;

class FiguresRun : public Folded {
 public:
  FiguresRun(const Forgetting& forgetting, size_t at_hand)
      : Folded({FiguresViewToday()}, forgetting, at_hand) {}

  std::map<std::string, std::string> Rows() {
    std::map<std::string, std::string> rows;
    EXPECT_TRUE(store()
                    .Scan(ViewKey(FiguresView()),
                          [&](absl::string_view key, absl::string_view value) {
                            rows.emplace(key, value);
                            return true;
                          })
                    .ok());
    return rows;
  }

 private:
  static const View* FiguresViewToday() {
    static const FiguresView* const view = new FiguresView;
    return view;
  }
};

// What is drawn from all events of a child, with all that was ever said of it.
Figures WholeOf(Fold& fold, const ChildKey& key, std::string& language) {
  const Picture picture = Draw(*fold.EventsOf(key), fold.books());
  language = picture.language;
  return FiguresOf(picture, *fold.AlertsOf(key), fold.books());
}

void ExpectTablesAddUp(FiguresRun& run) {
  ClockTable clocks;
  FlowTable flow;
  Figures all;
  int64_t with_clocks = 0, with_asks = 0;
  ASSERT_TRUE(ScanFigures(run.store(), [&](const ChildFigures& child) {
                all += child.figures;
                with_clocks += child.figures.clocks.empty() ? 0 : 1;
                with_asks += child.figures.asks.empty() ? 0 : 1;
              }).ok());
  FiguresQuery query;
  query.by_month = query.by_language = true;
  clocks = *CountClocks(run.store(), query, nullptr);
  ClockTable slowly;
  slowly.query = query;
  ASSERT_TRUE(
      ScanFigures(run.store(), [&](const ChildFigures& child) { slowly.Add(child, 1); }).ok());
  EXPECT_EQ(clocks.lines, slowly.lines);
  EXPECT_EQ(clocks.total, slowly.total);
  flow = *CountAsks(run.store(), query, nullptr);
  ClockFigures clock_sum, line_sum;
  for (const auto& [group, figures] : all.clocks) clock_sum += figures;
  for (const auto& [key, line] : clocks.lines) line_sum += line.clocks;
  EXPECT_EQ(clocks.total.clocks, clock_sum);
  EXPECT_EQ(clocks.total.clocks, line_sum);
  EXPECT_EQ(clocks.total.children, with_clocks);
  AskFigures ask_sum, flow_sum;
  for (const auto& [group, figures] : all.asks) ask_sum += figures;
  for (const auto& [key, line] : flow.lines) flow_sum += line.asks;
  EXPECT_EQ(flow.total.asks, ask_sum);
  EXPECT_EQ(flow.total.asks, flow_sum);
  EXPECT_EQ(flow.total.children, with_asks);
  EXPECT_GT(clock_sum.clocks() + ask_sum.asks, 0);
  EXPECT_GT(tables::ExpectSums(run.store()), 0);
}

// Each row says what is drawn whole; where nobody has looked again since a book came, later.
void ExpectRowsAreWhole(FiguresRun& run) {
  std::map<ChildKey, ChildFigures> rows;
  ASSERT_TRUE(
      ScanFigures(run.store(), [&](const ChildFigures& child) { rows[child.child] = child; }).ok());
  for (int child = 0; child < kChildren; ++child) {
    const ChildKey key = story::Story::Child(child);
    if ((*run.fold().Find(key))->history.entries().empty()) continue;
    std::string language;
    const Figures whole = WholeOf(run.fold(), key, language);
    const auto row = rows.find(key);
    ASSERT_EQ(row != rows.end(), !whole.empty()) << "child " << child;
    if (row == rows.end()) continue;
    EXPECT_EQ(story::FiguresText(row->second.figures, row->second.language),
              story::FiguresText(whole, language))
        << "child " << child;
  }
}

TEST(FiguresWorld, RowsAreAFunctionOfTheLedgerAndSayWhatIsDrawnWhole) {
  for (uint64_t seed = 1; seed <= kWorlds && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    const story::World world = story::MakeWorld(seed, kChildren);
    const Forgetting soon{1, 1, absl::Hours(48)};
    const Forgetting forgetting = seed % 2 == 0 ? soon : Forgetting();
    FiguresRun each(forgetting, 1000), last(forgetting, 1000), restarted(forgetting, 10);
    std::mt19937_64 random(seed);
    for (const story::Step& step : world.steps) {
      for (FiguresRun* run : {&each, &last, &restarted}) run->Tell(step.written, step.record);
      each.Commit();
      if (random() % 20 == 0) restarted.Commit();
      if (random() % 300 == 0) {
        restarted.Commit();
        restarted.Open();
      }
      if (testing::Test::HasFatalFailure()) return;
    }
    last.Commit();
    restarted.Commit();
    ASSERT_EQ(each.Rows(), last.Rows()) << "where commits fall shows";
    ASSERT_EQ(each.Rows(), restarted.Rows()) << "restarts show";
    ASSERT_EQ(each.store().DigestAll()->digest, last.store().DigestAll()->digest);
    ExpectRowsAreWhole(last);
    ExpectTablesAddUp(last);
  }
}

// The same events and other moments of forgetting: the same sums.
TEST(FiguresWorld, WhenSomethingIsForgottenCannotBeSeenInTheSum) {
  int away = 0;
  for (uint64_t seed = 1; seed <= kWorlds && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    const story::World world = story::MakeWorld(seed, kChildren);
    FiguresRun soon({1, 1, absl::Hours(48)}, 1000), never({1, 1'000'000, absl::Hours(48)}, 1000);
    for (const story::Step& step : world.steps) {
      for (FiguresRun* run : {&soon, &never}) run->Tell(step.written, step.record);
    }
    soon.Commit();
    never.Commit();
    std::map<ChildKey, Figures> of_soon, of_never;
    ASSERT_TRUE(ScanFigures(soon.store(), [&](const ChildFigures& child) {
                  of_soon[child.child] = child.figures;
                }).ok());
    ASSERT_TRUE(ScanFigures(never.store(), [&](const ChildFigures& child) {
                  of_never[child.child] = child.figures;
                }).ok());
    ASSERT_EQ(of_soon, of_never);
    for (int child = 0; child < kChildren; ++child) {
      away += (*soon.fold().Find(story::Story::Child(child)))->figure_pages > 0 ? 1 : 0;
    }
  }
  EXPECT_GT(away, 50) << "else this shows nothing";
}

}  // namespace
}  // namespace dolen
