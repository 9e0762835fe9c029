// Forgetting, at whatever moments, changes nothing in the figures; nor does the order of arrival.
// Generated histories under rules whose minutes hang on who is asked, acts and holds.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "absl/strings/str_cat.h"
#include "engine/base/time.h"
#include "engine/child/figures.h"
#include "engine/child/forget.h"
#include "engine/child/history.h"
#include "tests/engine/child/dice.h"
#include "tests/engine/child/story.h"

namespace dolen::story {
namespace {

#ifdef NDEBUG
constexpr int kHistories = 2000;
#else
constexpr int kHistories = 200;  // unoptimised code is ten times as slow
#endif

constexpr const char* kAgencies[] = {"a", "b", "c", "s"};
constexpr const char* kMatters[] = {"w", "x", "y", "z"};

const Books& AllParties() {
  static const auto* const books = [] {
    std::string rules;
    int n = 0;
    for (const char* party :
         {"starter", "asked", "asker", "holder", "role:chair", "kind:council"}) {
      for (const char* more : {"", "opens: AGAIN per: \"thread\"", "opens: EACH per: \"child\""}) {
        absl::StrAppend(&rules, "rule { id: \"R", ++n, "\" accountable: \"", party, "\" ", more,
                        R"( start { is: "begun" } stop { is: "done" } cancel { is: "dropped" }
                        limit { allow { hours: 60 } } level { name: "overdue" }
                        pause { begin { is: "clock_paused" } end { is: "clock_resumed" } } })");
      }
    }
    return new Books(BooksOf(rules));
  }();
  return *books;
}

class Generator {
 public:
  explicit Generator(uint64_t seed) : dice_(seed) {}

  // In order of arrival.
  std::vector<Event> Make() {
    std::vector<Said> said;
    now_ = At("2026-03-20 09:00");
    const int events = dice_.From(2, 40);
    for (int i = 0; i < events; ++i) said.push_back(One(i));
    std::vector<Event> all = EventsOf(said);
    for (Event& event : all) {
      event.recorded = event.Occurred() + absl::Minutes(dice_.Below(5000));
    }
    return all;
  }

 private:
  Said One(int number) {
    constexpr const char* kWhat[] = {"begun",
                                     "begun",
                                     "done",
                                     "done",
                                     "dropped",
                                     "clock_paused",
                                     "clock_resumed",
                                     "referral_made",
                                     "referral_redirected",
                                     "referral_declined",
                                     "referral_accepted",
                                     "handover_offered",
                                     "handover_accepted",
                                     "handover_completed",
                                     "cover_started",
                                     "cover_ended",
                                     "episode_opened",
                                     "episode_closed"};
    now_ += absl::Minutes(dice_.Chance(70) ? dice_.Below(60 * 40) : dice_.Below(60 * 24 * 9));
    // Midnight in London is another day in UTC, once summer time has begun.
    if (dice_.Chance(30)) now_ = At(Text(now_).substr(0, 10)) + absl::Minutes(dice_.Below(70));
    const absl::Time at = dice_.Chance(10) ? now_ - absl::Hours(dice_.Below(24 * 20)) : now_;
    const std::string occurred = dice_.Chance(35) ? Text(at).substr(0, 10) : Text(at);
    Said said =
        Said(dice_.One(kWhat), occurred).By(dice_.One(kAgencies)).Id(absl::StrCat("e", number));
    if (dice_.Chance(85)) said = std::move(said).In(dice_.One(kMatters));
    if (dice_.Chance(60)) said = std::move(said).To(dice_.One(kAgencies));
    if (dice_.Chance(5)) said = std::move(said).Continues(dice_.One(kMatters));
    if (dice_.Chance(20)) said = std::move(said).Role("chair");
    constexpr const char* kOwners[] = {"family", "asked", "holder", "b"};
    if (dice_.Chance(50)) said = std::move(said).Owner(dice_.One(kOwners));
    if (said.open.kind() == event::v1::KIND_HANDOVER_COMPLETED && dice_.Chance(60)) {
      const absl::Time effective = at + absl::Hours(dice_.From(-24 * 15, 24 * 5));
      said.open.mutable_effective()->set_day(Text(effective).substr(0, 10));
    }
    return said;
  }

  Dice dice_;
  absl::Time now_;
};

// As a shard has it: advanced, or drawn again, and now and then it forgets.
struct Kept {
  Picture picture;
  Figures away;
  History history;
};

void Take(const std::vector<Event>& arrived, const Books& books, Dice& dice, Kept& kept,
          int& forgotten) {
  const Event& event = arrived.back();
  const bool at_end = kept.history.Insert(event) == Placed::kAtEnd;
  if (!at_end || !Advance(event, books, kept.picture)) {
    std::vector<Event> in_order = arrived;
    std::sort(in_order.begin(), in_order.end(),
              [](const Event& a, const Event& b) { return a.Order() < b.Order(); });
    kept.picture = Draw(in_order, books);
    kept.away = Figures();
  }
  if (dice.Chance(50)) return;
  const Forgetting soon{1, 1, absl::Hours(dice.From(48, 200))};
  Alerts none;
  const absl::Time last = kept.history.last().occurred;
  // What is told to lie ahead may not have been reached.
  const absl::Time reached = last + absl::Hours(dice.From(-30, 30));
  const Forgotten gone = Forget(soon, books, reached, last, kept.picture, none);
  forgotten += gone.figures.empty() ? 0 : 1;
  kept.away += gone.figures;
}

TEST(FiguresForget, NoMomentOfForgettingAndNoOrderOfArrivalChangesTheFigures) {
  const Books& books = AllParties();
  int forgotten = 0, back = 0;
  int64_t clocks = 0;
  for (uint64_t seed = 1; seed <= kHistories; ++seed) {
    std::vector<Event> events = Generator(seed).Make();
    Dice dice(seed);
    Kept kept;
    kept.picture.books = books.publications();
    std::vector<Event> arrived;
    for (const Event& event : events) {
      arrived.push_back(event);
      Take(arrived, books, dice, kept, forgotten);
    }
    std::sort(events.begin(), events.end(),
              [](const Event& a, const Event& b) { return a.Order() < b.Order(); });
    const Figures whole = FiguresOf(Draw(events, books), {}, books);
    Figures sum = FiguresOf(kept.picture, {}, books);
    sum += kept.away;
    ASSERT_EQ(FiguresText(sum, kept.picture.language), FiguresText(whole, kept.picture.language))
        << "seed " << seed;
    std::mt19937_64 random(seed);
    std::shuffle(events.begin(), events.end(), random);
    ASSERT_EQ(FiguresOf(Arrive(events, books), {}, books), whole) << "seed " << seed;
    for (const auto& [group, its] : whole.clocks) {
      clocks += its.clocks();
      // Each minute is somebody's, once.
      absl::Duration all;
      for (const auto& [whose, time] : its.shares) all += time;
      ASSERT_EQ(all, its.action) << "seed " << seed;
    }
    for (const auto& [group, its] : whole.asks) back += static_cast<int>(its.back);
  }
  printf("%d histories, %lld clocks ended, %d times something was forgotten, %d asks went back\n",
         kHistories, static_cast<long long>(clocks), forgotten, back);
  EXPECT_GT(forgotten, kHistories);
  EXPECT_GT(clocks, 10 * kHistories);
  EXPECT_GT(back, kHistories / 10);
}

}  // namespace
}  // namespace dolen::story
