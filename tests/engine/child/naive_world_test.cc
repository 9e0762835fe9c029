// The second model over generated worlds, alone: its answers hang on the set of events and on
// nothing else, what it says is what is true, and the worlds hold everything that the rule model
// knows. The comparison with the engine is in purity_test.cc.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "engine/base/check.h"
#include "engine/pathway/book.h"
#include "tests/engine/child/naive/alerts.h"
#include "tests/engine/child/shard_model.h"
#include "tests/engine/child/story.h"
#include "tests/engine/child/world_rich.h"

namespace dolen::second {
namespace {

constexpr int kChildren = 8;  // of one world
constexpr int kWorlds = 100;

std::string AsItIs(const std::string& root) { return root; }

class Worlds : public testing::Test {
 protected:
  void Count(const Clock& clock, absl::Time breached, const story::ShardModel& shard) {
    for (int i = -60; i <= 60; i += 5) {
      ++seen_["state " + StateAt(clock, shard.reached() + i * absl::Hours(24))];
    }
    const pathway::v1::Rule& rule = clock.rule;
    ++seen_[absl::StrCat("opens ", rule.opens(), clock.root.empty() ? " first" : " later")];
    ++seen_[absl::StrCat("closed by ", static_cast<int>(clock.closed_by))];
    ++seen_[absl::StrCat("which ", rule.which(), " several ", rule.several())];
    for (const std::string& per : rule.per()) ++seen_["per " + per];
    for (const auto& limit : rule.limit()) {
      ++seen_[absl::StrCat("unit ", limit.allow().of_case())];
      seen_["within"] += limit.has_within();
      seen_["base of an event"] += limit.from().has_event();
      seen_["base of a field"] += !limit.from().field().empty();
    }
    if (!clock.root.empty()) ++seen_["root " + clock.root.substr(0, clock.root.find('\n'))];
    seen_["a charge"] += !clock.answer.charges.empty();
    seen_["an exception too late"] += !clock.too_late.empty();
    seen_["a target"] += clock.target != absl::InfiniteFuture();
    seen_["a binding limit that is not the first"] += clock.answer.binding > 0;
    seen_["due before the start"] += clock.due < clock.start.from;
    seen_["a breach"] += breached != absl::InfiniteFuture();
    seen_["a breach that is not at due"] +=
        breached != absl::InfiniteFuture() && breached != std::max(clock.due, clock.start.from);
    const auto shares = SharesOf(clock, shard.library(), shard.reached());
    seen_["shares of several"] += shares.size() > 1;
    absl::Duration sum;
    for (const auto& [whose, share] : shares) sum += share;
    const absl::Time end = std::min(clock.close.from, shard.reached());
    if (clock.closed_by != ClosedBy::kVoided && end > clock.start.from) {
      EXPECT_EQ(sum, end - clock.start.from) << "every minute is somebody's";
    }
  }

  // Any order of arrival of a set without conflicts ends in the same picture.
  void Shuffle(const story::ShardModel& shard, const std::vector<Said>& said,
               const std::vector<std::string>& texts) {
    std::vector<Said> shuffled = said;
    std::shuffle(shuffled.begin(), shuffled.end(), random_);
    if (!shuffled.empty()) shuffled.push_back(shuffled[random_() % shuffled.size()]);
    std::vector<std::string> again;
    for (const Clock& clock : Draw(shuffled, shard.library())) again.push_back(Text(clock, AsItIs));
    EXPECT_EQ(again, texts);
  }

  void OneWorld(uint64_t seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    const story::World world = story::MakeRichWorld(seed, kChildren);
    story::ShardModel shard(kChildren, AsItIs);
    std::map<std::string, int> numbers;
    for (const story::Step& step : world.steps) {
      for (const auto& [child, lines] : shard.Take(step)) {
        for (const std::string& line : lines) {
          ++seen_[absl::StrCat("said ", line.substr(0, 1))];
          const std::vector<std::string> parts = absl::StrSplit(line, " #");
          const std::string alert = absl::StrCat(child, parts[0].substr(1));
          EXPECT_TRUE(absl::StartsWith(parts[1], absl::StrCat(++numbers[alert], " "))) << line;
        }
      }
    }
    for (int child = 0; child < kChildren; ++child) {
      const std::vector<Said>& said = shard.said(child);
      std::vector<std::string> texts;
      std::set<std::string> names;
      const std::vector<Clock> clocks = Draw(said, shard.library());
      const std::vector<absl::Time> breaches = BreachesOf(clocks, said, shard.library());
      for (size_t i = 0; i < clocks.size(); ++i) {
        texts.push_back(Text(clocks[i], AsItIs));
        EXPECT_TRUE(names.insert(clocks[i].Name(AsItIs)).second) << "twice: " << texts.back();
        Count(clocks[i], breaches[i], shard);
      }
      Shuffle(shard, said, texts);
    }
  }

  std::mt19937_64 random_{1};
  std::map<std::string, int64_t> seen_;
};

TEST_F(Worlds, AnswersHangOnTheSetOfEventsAlone) {
  for (int seed = 1; seed <= kWorlds && !HasFailure(); ++seed) OneWorld(seed);
  for (const char* state : {"running", "overdue", "in_time", "late", "cancelled", "standing",
                            "done", "no_calendar", "not_started", "paused", "excused"}) {
    EXPECT_GT(seen_[absl::StrCat("state ", state)], 0) << state;
  }
  for (const char* letter : {"R", "A", "E", "C", "W"}) {
    EXPECT_GT(seen_[absl::StrCat("said ", letter)], 0) << letter;
  }
  for (const auto& [what, times] : seen_) EXPECT_GT(times, 0) << what;
  for (const char* root : {"occasion", "overdue", "a"})
    EXPECT_GT(seen_[absl::StrCat("root ", root)], 0);
  for (int unit = 1; unit <= 10; ++unit) EXPECT_GT(seen_[absl::StrCat("unit ", unit)], 0) << unit;
  for (int by = 0; by <= 3; ++by) EXPECT_GT(seen_[absl::StrCat("closed by ", by)], 0) << by;
}

TEST_F(Worlds, ComeFromTheirSeed) {
  const auto text = [](uint64_t seed) {
    std::string all;
    for (const story::Step& step : story::MakeRichWorld(seed, 3).steps) {
      absl::StrAppend(&all, step.what, " ", step.child, " ", absl::ToUnixMicros(step.written), " ",
                      step.record.ShortDebugString(), "\n");
    }
    return all;
  };
  EXPECT_EQ(text(7), text(7));
  EXPECT_NE(text(7), text(8));
}

TEST(RichWorlds, HaveBooksThatPassTheCheck) {
  for (uint64_t seed = 1; seed <= 500; ++seed) {
    for (const story::Step& step : story::MakeRichWorld(seed, 1).steps) {
      if (step.what != story::Step::kBook) continue;
      pathway::v1::Book book;
      ASSERT_TRUE(book.ParseFromString(step.record.book().book()));
      for (const Finding& finding : CheckBook(book)) {
        ASSERT_NE(finding.severity, Finding::kError)
            << "seed " << seed << ": " << FindingText("book", finding);
      }
    }
  }
}

}  // namespace
}  // namespace dolen::second
