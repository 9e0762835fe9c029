// A view that is made anew is the view that was there, byte for byte: every view of the program
// over generated histories, with its version raised in mid-stream, and after crashes in the midst
// of making it.
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <random>

#include "absl/strings/str_cat.h"
#include "projections/alerts/alerts_view.h"
#include "projections/figures/figures_view.h"
#include "projections/responsibility/responsibility.h"
#include "projections/sealed/sealed_view.h"
#include "projections/worklist/worklist.h"
#include "tests/engine/child/story.h"
#include "tests/engine/child/world_holding.h"
#include "tests/projections/folded.h"

namespace dolen {
namespace {

constexpr int kWorlds = 30, kChildren = 20;

// The same view as a later release has it.
class Raised : public View {
 public:
  explicit Raised(const View& of) : of_(of) {}
  char letter() const override { return of_.letter(); }
  uint8_t version() const override { return static_cast<uint8_t>(of_.version() + 1); }
  void AddRows(const ChildKey& child, const ChildState& state, const Books& books,
               Rows& rows) const override {
    of_.AddRows(child, state, books, rows);
  }

 private:
  const View& of_;
};

using Stored = std::map<std::string, std::string>;

class ViewsRebuilt : public testing::Test {
 protected:
  ViewsRebuilt() {
    for (const View* view : now_) {
      raised_.push_back(std::make_unique<Raised>(*view));
      later_.push_back(raised_.back().get());
    }
  }

  // Without the views' own prefixes, but with their letters.
  static Stored RowsOf(const std::vector<const View*>& views, Folded& run) {
    Stored rows;
    for (const View* view : views) {
      const std::string prefix = ViewKey(*view);
      EXPECT_TRUE(run.store()
                      .Scan(prefix,
                            [&](absl::string_view key, absl::string_view value) {
                              rows.emplace(absl::StrCat(std::string(1, view->letter()),
                                                        key.substr(prefix.size())),
                                           value);
                              return true;
                            })
                      .ok());
    }
    return rows;
  }
  // Of whatever view.
  static size_t AllRows(Folded& run) {
    size_t rows = 0;
    EXPECT_TRUE(run.store()
                    .Scan("v",
                          [&](absl::string_view, absl::string_view) {
                            ++rows;
                            return true;
                          })
                    .ok());
    return rows;
  }

  // A world with a sealed record here and there, of which some are lifted again.
  static story::World WorldOf(uint64_t seed) {
    story::World world = story::MakeHoldingWorld(seed, kChildren);
    std::vector<story::Step> steps;
    int events = 0;
    for (story::Step& step : world.steps) {
      const bool is_event = step.what == story::Step::kEvent;
      const int child = step.child;
      const absl::Time written = step.written;
      steps.push_back(std::move(step));
      if (!is_event || ++events % 40 != 0) continue;
      const std::string at =
          absl::FormatTime("%Y-%m-%d %H:%M", written - absl::Hours(1), story::London());
      const char* const what = events % 80 == 0 ? "record_sealed" : "record_unsealed";
      story::Step seal = steps.back();
      seal.record = story::Story::RecordOf(story::Said(what, at).Id(absl::StrCat("seal", events)),
                                           story::Story::Child(child));
      steps.push_back(std::move(seal));
    }
    world.steps = std::move(steps);
    return world;
  }

  static void Tell(const story::World& world, size_t from, size_t to, Folded& run) {
    for (size_t i = from; i < to; ++i) run.Tell(world.steps[i].written, world.steps[i].record);
    run.Commit();
  }

  // As a crash leaves it: some of the new rows are written, and the shard's own row is not.
  static void LeaveHalfMade(const std::vector<const View*>& views, const Stored& rows,
                            uint64_t seed, Folded& run) {
    std::mt19937_64 random(seed);
    Batch batch;
    for (const auto& [key, value] : rows) {
      if (random() % 3 == 0) continue;
      for (const View* view : views) {
        if (view->letter() == key[0]) batch.Put(ViewKey(*view, key.substr(1)), value);
      }
    }
    ASSERT_TRUE(run.store().Commit(batch).ok());
  }

  const AlertsView alerts_{};
  const FiguresView figures_{};
  const ResponsibilityView responsibility_{};
  const SealedView sealed_{};
  const WorklistView worklist_{};
  const std::vector<const View*> now_ = {&alerts_, &figures_, &responsibility_, &sealed_,
                                         &worklist_};
  std::vector<std::unique_ptr<Raised>> raised_;
  std::vector<const View*> later_;
  const Forgetting soon_{1, 1, absl::Hours(48)};
};

TEST_F(ViewsRebuilt, EveryViewThatIsRaisedIsTheSameByteForByte) {
  std::map<char, size_t> seen;
  for (uint64_t seed = 1; seed <= kWorlds && !HasFailure(); ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    const story::World world = WorldOf(seed);
    const Forgetting forgetting = seed % 2 == 0 ? soon_ : Forgetting();
    Folded raised(now_, forgetting), never(now_, forgetting);
    const size_t middle = world.steps.size() * (1 + seed % 3) / 4;
    Tell(world, 0, middle, raised);
    Tell(world, 0, middle, never);
    const Stored before = RowsOf(now_, raised);
    raised.Open(later_);
    ASSERT_EQ(RowsOf(later_, raised), before);
    ASSERT_EQ(AllRows(raised), before.size()) << "the old ones are gone";
    Tell(world, middle, world.steps.size(), raised);
    Tell(world, middle, world.steps.size(), never);
    const Stored after = RowsOf(now_, never);
    ASSERT_EQ(RowsOf(later_, raised), after) << "and they go on as if nothing had been";
    ASSERT_EQ(AllRows(raised), after.size());
    for (const auto& [key, value] : after) ++seen[key[0]];
  }
  for (const View* view : now_) {
    EXPECT_GT(seen[view->letter()], 0u) << view->letter();
    printf("  %zu rows of '%c'\n", seen[view->letter()], view->letter());
  }
}

// The older release ran on after the crash, so that what was half made is of other children.
TEST_F(ViewsRebuilt, AfterACrashInTheMidstOfIt) {
  for (uint64_t seed = 1; seed <= kWorlds && !HasFailure(); ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    const story::World world = WorldOf(seed);
    Folded run(now_, soon_);
    const size_t middle = world.steps.size() / 2;
    Tell(world, 0, middle, run);
    LeaveHalfMade(later_, RowsOf(now_, run), seed, run);
    Tell(world, middle, world.steps.size(), run);
    const Stored before = RowsOf(now_, run);
    run.Open(later_);
    ASSERT_EQ(RowsOf(later_, run), before);
    ASSERT_EQ(AllRows(run), before.size());
  }
}

// Crashed when all new rows stood and the old ones were not gone: they went at no later start, and
// the hash of the store was another one than that of a store that never crashed.
TEST_F(ViewsRebuilt, OldRowsThatACrashLeftGoAtTheNextStart) {
  const story::World world = WorldOf(1);
  Folded run(now_, soon_), never(now_, soon_);
  for (Folded* one : {&run, &never}) {
    Tell(world, 0, world.steps.size(), *one);
    one->Open(later_);
  }
  LeaveHalfMade(now_, RowsOf(later_, run), 1, run);
  ASSERT_NE(run.store().DigestAll()->digest, never.store().DigestAll()->digest);
  run.Open(later_);
  EXPECT_EQ(run.store().DigestAll()->digest, never.store().DigestAll()->digest);
  EXPECT_EQ(AllRows(run), RowsOf(later_, run).size());
}

}  // namespace
}  // namespace dolen
