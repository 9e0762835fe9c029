// The worklist, the responsibility and the alerts view over generated worlds: what the stored rows
// say to each agency, at several instants, is what the second model has from the events alone.
//
// DOLEN_LISTS_HISTORIES (10,000 in release builds) and DOLEN_LISTS_SEED (1) ask for other runs.
#include <gtest/gtest.h>
#include <stdlib.h>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "projections/alerts/alerts_view.h"
#include "projections/figures/figures_view.h"
#include "projections/responsibility/responsibility.h"
#include "projections/worklist/worklist.h"
#include "tests/engine/child/shard_model.h"
#include "tests/engine/child/world_holding.h"
#include "tests/projections/folded.h"
#include "tests/projections/lists.h"
#include "tests/projections/tables.h"

namespace dolen {
namespace {

constexpr int kChildren = 20;  // of one world
#ifdef NDEBUG
constexpr int64_t kHistories = 10'000;
#else
constexpr int64_t kHistories = 600;  // unoptimised code is ten times as slow
#endif

int64_t Setting(const char* name, int64_t otherwise) {
  const char* text = getenv(name);
  int64_t number = 0;
  return text != nullptr && absl::SimpleAtoi(text, &number) ? number : otherwise;
}

std::vector<pathway::v1::Passing> PassingsOf(const story::ShardModel& model) {
  if (model.books().empty()) return {};
  const auto& newest = model.books().back().book.passing();
  return {newest.begin(), newest.end()};
}

class ListsWorld : public testing::Test {
 protected:
  void Count(const lists::Lists& lists) {
    for (const auto& [agency, lines] : lists) {
      lines_ += static_cast<int64_t>(lines.size());
      for (const std::string& line : lines) {
        for (const char* what : {"mine", "waiting", "alert", " holds", " overlap", " gap",
                                 " offered", " by cover", " paused ", " alert none"}) {
          seen_[what] += absl::StartsWith(line, what) || absl::StrContains(line, what);
        }
      }
    }
  }

  // What was said since the last call.
  static void Listen(Fold& fold, lists::Said& said) {
    for (const Outgoing& change : fold.TakeOutgoing()) {
      alert::v1::Alert alert;
      ASSERT_TRUE(alert.ParseFromString(change.bytes));
      said[alert.alert_id()] = alert;
    }
  }

  void Compare(Folded& run, const story::ShardModel& shard, const lists::Said& said) {
    lists::Model model;
    model.said = said;
    model.root_name = story::RootText;
    for (int child = 0; child < kChildren; ++child) {
      model.children.push_back({story::Story::Child(child).Hex(),
                                second::Draw(shard.said(child), shard.library()),
                                second::ResponsibilityOf(shard.said(child), shard.library(),
                                                         PassingsOf(shard), "Europe/London")});
    }
    for (const int hours : {0, 5, 26, 24 * 20}) {
      const absl::Time at = run.fold().reached() + absl::Hours(hours);
      const lists::Lists stored = lists::Stored(run.store(), run.fold().books(), at);
      ASSERT_EQ(lists::Difference(stored, lists::Recomputed(model, at)), "")
          << "at " << story::Text(at);
      Count(stored);
    }
    lists::ExpectPages(run.store(), run.fold().reached());
    const lists::Lists alerts = lists::StoredAlerts(run.store());
    ASSERT_EQ(lists::Difference(alerts, lists::RecomputedAlerts(said)), "");
    Count(alerts);
    ++looks_;
  }

  void OneWorld(uint64_t seed) {
    SCOPED_TRACE(absl::StrCat("DOLEN_LISTS_SEED=", seed, " DOLEN_LISTS_HISTORIES=", kChildren));
    const story::World world = story::MakeHoldingWorld(seed, kChildren);
    const Forgetting soon{1, 1, absl::Hours(48)};
    Folded run({&alerts_, &figures_, &responsibility_, &worklist_},
               seed % 2 == 0 ? soon : Forgetting());
    story::ShardModel shard(kChildren);
    lists::Said said;
    const size_t middle = seed * 7919 % world.steps.size();
    bool looked = false;
    for (size_t i = 0; i < world.steps.size(); ++i) {
      const story::Step& step = world.steps[i];
      run.Tell(step.written, step.record);
      shard.Know(step);
      ASSERT_EQ(run.fold().books().publications(), shard.books().size()) << "a book was refused";
      const bool is_last = i + 1 == world.steps.size();
      if (!is_last && (looked || i < middle || step.what != story::Step::kTick)) continue;
      looked = true;
      run.Commit();
      Listen(run.fold(), said);
      Compare(run, shard, said);
      if (HasFailure()) return;
    }
    if (seed % 2 == 0) cells_ += tables::ExpectSums(run.store());
  }

  const AlertsView alerts_{};
  const FiguresView figures_{};
  const ResponsibilityView responsibility_{};
  const WorklistView worklist_{};
  std::map<std::string, int64_t> seen_;
  int64_t lines_ = 0, looks_ = 0, cells_ = 0;
};

TEST_F(ListsWorld, WhatTheRowsSayIsWhatTheEventsSay) {
  const uint64_t seed = Setting("DOLEN_LISTS_SEED", 1);
  const int64_t worlds = (Setting("DOLEN_LISTS_HISTORIES", kHistories) + kChildren - 1) / kChildren;
  for (int64_t i = 0; i < worlds && !HasFailure(); ++i) OneWorld(seed + static_cast<uint64_t>(i));
  printf(
      "%lld histories from seed %llu, looked at %lld times: %lld lines of lists, %lld "
      "cells of tables\n",
      static_cast<long long>(worlds * kChildren), static_cast<unsigned long long>(seed),
      static_cast<long long>(looks_), static_cast<long long>(lines_),
      static_cast<long long>(cells_));
  for (const auto& [what, times] : seen_) {
    printf("  %lld x '%s'\n", static_cast<long long>(times), what.c_str());
    EXPECT_GT(times, 0) << what;
  }
}

}  // namespace
}  // namespace dolen
