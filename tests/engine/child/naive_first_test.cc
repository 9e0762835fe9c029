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
constexpr int kWorlds = 20;

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

class FirstModel : public testing::Test {
 protected:
  FirstModel()
      : said_(kChildren),
        alerts_(kChildren),
        first_(kChildren),
        second_(kChildren, second::Alerts(AsItIs)) {}

  void Take(const story::Step& step) {
    reached_ = std::max(reached_, step.written);
    const ledger::v1::Fact& fact = step.record.fact();
    if (step.what == story::Step::kEvent) {
      naive::Said one;
      DOLEN_CHECK(one.open.ParseFromString(step.record.event().open()));
      one.backfill = step.record.event().backfill();
      first_[step.child].push_back(one);
      said_[step.child].push_back({one.open, one.backfill});
      alerts_[step.child].Changed();
      second_[step.child].Changed();
      Look(step.child, false);
    } else if (step.what == story::Step::kTick) {
      for (int child = 0; child < kChildren; ++child) Look(child, true);
    } else if (step.what == story::Step::kBook) {
      pathway::v1::Book book;
      DOLEN_CHECK(book.ParseFromString(step.record.book().book()));
      Publish(book);
    } else if (step.what == story::Step::kBackfill) {
      const bool begins = !fact.backfill_begun().empty();
      backfills_[begins ? fact.backfill_begun() : fact.backfill_ended()] =
          begins ? absl::InfiniteFuture() : reached_;
    }
  }

  void ComparePictures() {
    for (int child = 0; child < kChildren; ++child) {
      std::vector<naive::Clock> theirs = naive::Draw(first_[child], first_library_);
      std::vector<second::Clock> ours = second::Draw(said_[child], library_);
      ASSERT_EQ(theirs.size(), ours.size());
      for (size_t i = 0; i < theirs.size(); ++i) {
        // Of several steps done before, the first model takes the last, the second one the first:
        // both close the clock at its start, or on its day.
        if (theirs[i].rule.done_before()) {
          theirs[i].close.from = std::max(theirs[i].close.from, theirs[i].start.from);
          ours[i].close.from = std::max(ours[i].close.from, ours[i].start.from);
        }
        ASSERT_EQ(TextOf(ours[i]), naive::Text(theirs[i])) << "child " << child;
        for (int hours = -1000; hours <= 500; hours += 69) {
          const absl::Time t = reached_ + absl::Hours(hours);
          ASSERT_EQ(second::StateAt(ours[i], t), naive::StateAt(theirs[i], t));
        }
      }
    }
  }

 private:
  void Look(int child, bool is_tick) {
    ASSERT_EQ(second_[child].Look({said_[child], library_, backfills_, reached_, is_tick}),
              alerts_[child].Look({first_[child], first_library_, backfills_, reached_, is_tick}))
        << "child " << child;
  }

  void Publish(const pathway::v1::Book& book) {
    first_books_.push_back({book, reached_});
    books_.push_back({book, reached_});
    first_library_ = naive::Read(first_books_);
    library_ = second::Read(books_);
    for (naive::Alerts& alerts : alerts_) alerts.Changed();
    for (second::Alerts& alerts : second_) alerts.Changed();
  }

  std::vector<std::vector<second::Said>> said_;
  std::vector<naive::Alerts> alerts_;
  std::vector<std::vector<naive::Said>> first_;
  std::vector<second::Alerts> second_;
  std::vector<naive::Published> first_books_;
  std::vector<second::Published> books_;
  naive::Library first_library_;
  second::Library library_;
  naive::Alerts::Backfills backfills_;
  absl::Time reached_ = absl::UnixEpoch();
};

// A fresh pair of models for each world.
class OneWorld : public FirstModel, public testing::WithParamInterface<int> {};

TEST_P(OneWorld, IsToldAlikeByBothModels) {
  for (const story::Step& step : story::MakeWorld(GetParam(), kChildren).steps) {
    Take(step);
    if (HasFatalFailure()) return;
  }
  ComparePictures();
}
INSTANTIATE_TEST_SUITE_P(First, OneWorld, testing::Range(1, 1 + kWorlds));

}  // namespace
}  // namespace dolen
