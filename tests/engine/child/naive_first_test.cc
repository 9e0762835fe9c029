// The second model on the worlds of the first one, which agrees with the engine there: what the
// rule model adds must not change what it was.
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "tests/engine/child/naive.h"
#include "tests/engine/child/naive/alerts.h"
#include "tests/engine/child/world.h"

namespace dolen {
namespace {

constexpr int kChildren = 20;  // of one world
constexpr int kWorlds = 30;

std::string AsItIs(const std::string& root) { return root; }

// As the first model writes a clock.
std::string TextOf(const second::Clock& clock) {
  std::string text =
      absl::StrCat(clock.Name(AsItIs), " start ", second::Micro(clock.start.from), "..",
                   second::Micro(clock.start.to), " close ", second::Micro(clock.close.from),
                   clock.closed_by == second::ClosedBy::kCancel ? " cancelled" : "",
                   clock.no_calendar ? " no_calendar" : "", " due ", second::Micro(clock.due),
                   " by ", clock.accountable, " backfill ", clock.backfill, " levels");
  for (const absl::Time level : clock.levels) absl::StrAppend(&text, " ", second::Micro(level));
  return text;
}

TEST(FirstModel, AgreesOnItsOwnWorlds) {
  for (int seed = 1; seed <= kWorlds; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    std::vector<std::vector<naive::Said>> said1(kChildren);
    std::vector<std::vector<second::Said>> said2(kChildren);
    std::vector<naive::Alerts> alerts1(kChildren);
    std::vector<second::Alerts> alerts2(kChildren, second::Alerts(AsItIs));
    std::vector<naive::Published> books1;
    std::vector<second::Published> books2;
    naive::Library library1;
    second::Library library2;
    naive::Alerts::Backfills backfills;
    absl::Time reached = absl::UnixEpoch();
    const auto look = [&](int child, bool is_tick) {
      ASSERT_EQ(alerts2[child].Look({said2[child], library2, backfills, reached, is_tick}),
                alerts1[child].Look({said1[child], library1, backfills, reached, is_tick}))
          << "child " << child;
    };
    for (const story::Step& step : story::MakeWorld(seed, kChildren).steps) {
      reached = std::max(reached, step.written);
      if (step.what == story::Step::kEvent) {
        naive::Said one;
        DOLEN_CHECK(one.open.ParseFromString(step.record.event().open()));
        one.backfill = step.record.event().backfill();
        said1[step.child].push_back(one);
        said2[step.child].push_back({one.open, one.backfill});
        alerts1[step.child].Changed();
        alerts2[step.child].Changed();
        look(step.child, false);
      } else if (step.what == story::Step::kTick) {
        for (int child = 0; child < kChildren; ++child) look(child, true);
      } else if (step.what == story::Step::kBook) {
        pathway::v1::Book book;
        DOLEN_CHECK(book.ParseFromString(step.record.book().book()));
        books1.push_back({book, reached});
        books2.push_back({book, reached});
        library1 = naive::Read(books1);
        library2 = second::Read(books2);
        for (naive::Alerts& alerts : alerts1) alerts.Changed();
        for (second::Alerts& alerts : alerts2) alerts.Changed();
      } else if (step.what == story::Step::kBackfill) {
        const ledger::v1::Fact& fact = step.record.fact();
        if (!fact.backfill_begun().empty()) {
          backfills[fact.backfill_begun()] = absl::InfiniteFuture();
        } else {
          backfills[fact.backfill_ended()] = reached;
        }
      }
      if (HasFatalFailure()) return;
    }
    for (int child = 0; child < kChildren; ++child) {
      std::vector<naive::Clock> clocks1 = naive::Draw(said1[child], library1);
      std::vector<second::Clock> clocks2 = second::Draw(said2[child], library2);
      ASSERT_EQ(clocks1.size(), clocks2.size());
      for (size_t i = 0; i < clocks1.size(); ++i) {
        // Of several steps done before, the first model takes the last, the second one the first:
        // both close the clock at its start, or on its day.
        if (clocks1[i].rule.done_before()) {
          clocks1[i].close = naive::Span{std::max(clocks1[i].close.from, clocks1[i].start.from),
                                         clocks1[i].close.to};
          clocks2[i].close.from = std::max(clocks2[i].close.from, clocks2[i].start.from);
        }
        ASSERT_EQ(TextOf(clocks2[i]), naive::Text(clocks1[i])) << "child " << child;
        for (int hours = -1000; hours <= 500; hours += 69) {
          const absl::Time t = reached + absl::Hours(hours);
          ASSERT_EQ(second::StateAt(clocks2[i], t), naive::StateAt(clocks1[i], t));
        }
      }
    }
  }
}

}  // namespace
}  // namespace dolen
