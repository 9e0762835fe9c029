// Purity: what a shard knows and says is a function of its log. Generated histories go through the
// real fold, and a second, naive model says what must come out. Three further folds of the same
// records differ in what must not show: where commits fall, how many children are kept at hand, and
// when the process was restarted.
//
// DOLEN_PURITY_HISTORIES (10,000 in release builds) and DOLEN_PURITY_SEED (1) ask for longer or
// other runs.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <random>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "dolen/alert/v1/action.pb.h"
#include "engine/base/check.h"
#include "engine/base/digest.h"
#include "engine/base/time.h"
#include "engine/child/forget.h"
#include "engine/child/minutes.h"
#include "engine/pathway/book.h"
#include "engine/shard/fold.h"
#include "projections/figures/figures_view.h"
#include "tests/engine/child/shard_model.h"
#include "tests/engine/child/story.h"
#include "tests/engine/child/world.h"
#include "tests/engine/child/world_rich.h"

namespace dolen::story {
namespace {

constexpr int kChildren = 20;  // of one world
constexpr absl::Duration kStep = absl::Hours(23);
#ifdef NDEBUG
constexpr int64_t kHistories = 10'000;
constexpr int64_t kRichHistories = 140;
#else
constexpr int64_t kHistories = 1000;  // unoptimised code is ten times as slow
constexpr int64_t kRichHistories = 100;
#endif

int64_t Setting(const char* name, int64_t otherwise) {
  const char* text = getenv(name);
  int64_t number = 0;
  return text != nullptr && absl::SimpleAtoi(text, &number) ? number : otherwise;
}

// A fold over a store of its own, fed with the steps of a world.
class Runner {
 public:
  Runner(size_t at_hand, const Forgetting& forgetting)
      : at_hand_(at_hand),
        forgetting_(forgetting),
        folder_(testing::TempDir() + "/dolen-purity-XXXXXX") {
    DOLEN_CHECK(mkdtemp(folder_.data()) != nullptr);
    Open();
    Apply(At("2026-01-01"), FirstRecord());
    ledger::v1::Record first;
    first.mutable_fact()->set_time_counts(ledger::v1::TIME_COUNTS_STATED);
    Apply(At("2026-01-01"), first);
  }
  ~Runner() {
    fold_ = nullptr;
    store_ = nullptr;
    std::filesystem::remove_all(folder_);
  }

  void Apply(absl::Time written, ledger::v1::Record record) {
    const absl::Status applied = story::TellFold(*fold_, written, std::move(record));
    ASSERT_TRUE(applied.ok()) << applied;
  }
  void Commit() {
    const absl::Status committed = fold_->Commit();
    ASSERT_TRUE(committed.ok()) << committed;
    for (Outgoing& change : fold_->TakeOutgoing()) said_.push_back(std::move(change));
  }
  // As a crash would: what was not committed is folded again by the caller.
  void Restart() {
    Commit();
    fold_ = nullptr;
    store_ = nullptr;
    Open();
    // The outbox holds everything ever said, since nothing was ticked off.
    said_ = fold_->TakeOutgoing();
  }

  Fold& fold() { return *fold_; }
  const std::vector<Outgoing>& said() const { return said_; }
  std::string Digest() const {
    absl::StatusOr<Store::Digest> all = store_->DigestAll();
    DOLEN_CHECK(all.ok());
    return absl::StrCat(all->digest.Hex(), " of ", all->rows, " rows, records ",
                        fold_->DigestHex());
  }

 private:
  void Open() {
    StoreOptions options;
    options.write_buffer_bytes = 4 << 20;
    absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(folder_, options);
    DOLEN_CHECK(store.ok());
    store_ = *std::move(store);
    absl::StatusOr<std::unique_ptr<Fold>> fold =
        Fold::Open(store_.get(), {0, at_hand_, {&figures_}, kFoldRevision, forgetting_});
    DOLEN_CHECK(fold.ok());
    fold_ = *std::move(fold);
  }

  const size_t at_hand_;
  const Forgetting forgetting_;
  const FiguresView figures_{};
  std::string folder_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Fold> fold_;
  std::vector<Outgoing> said_;
};

// As the second model writes a clock.
std::string TextOf(const Duty& duty, const Clock& clock, const Picture& picture,
                   const Books& books) {
  const RuleVersion& version = books.families()[duty.family].versions[clock.version];
  const bool is_ghost = clock.closed_by == ClosedBy::kVoided;
  std::string text = absl::StrCat(
      ClockName(picture, duty, clock, books), " start ", second::Micro(clock.start.from), "..",
      second::Micro(clock.start.to()), " close ", second::Micro(clock.close.from),
      clock.closed_by == ClosedBy::kCancel ? " cancelled" : "", is_ghost ? " voided" : "",
      clock.no_calendar ? " no_calendar" : "", " due ", second::Micro(clock.due), " target ",
      second::Micro(clock.target));
  if (is_ghost) return text;
  absl::StrAppend(&text, " by ", AgencyAt(version.rule.accountable(), picture, duty, clock, books),
                  " backfill ", clock.backfill, " levels");
  for (const absl::Time level : clock.levels) absl::StrAppend(&text, " ", second::Micro(level));
  for (const Excused& one : clock.excused) {
    absl::StrAppend(&text, " excused ", second::Micro(one.from), "..", second::Micro(one.to));
  }
  return text;
}

// A party that nobody is known to be is nobody.
std::string SharesText(const absl::btree_map<std::string, absl::Duration>& shares) {
  std::map<std::string, absl::Duration> by_agency;
  for (const auto& [who, time] : shares) {
    const bool is_party = who == "starter" || who == "asked" || who == "asker" || who == "holder" ||
                          absl::StrContains(who, ":");
    by_agency[is_party ? "" : who] += time;
  }
  std::string text = " shares";
  for (const auto& [who, time] : by_agency) {
    absl::StrAppend(&text, " ", who, "=", absl::FormatDuration(time));
  }
  return text;
}

// What only one of them has, a line each.
std::string Difference(const std::vector<std::string>& ours,
                       const std::vector<std::string>& naives) {
  std::string text = "\n";
  for (const std::string& line : ours) {
    if (std::find(naives.begin(), naives.end(), line) == naives.end()) {
      absl::StrAppend(&text, "ours  ", line, "\n");
    }
  }
  for (const std::string& line : naives) {
    if (std::find(ours.begin(), ours.end(), line) == ours.end()) {
      absl::StrAppend(&text, "naive ", line, "\n");
    }
  }
  return text;
}

class Purity : public testing::Test {
 protected:
  void ComparePictures(Runner& run, ShardModel& model) {
    for (int child = 0; child < kChildren; ++child) {
      const ChildKey key = Story::Child(child);
      const Books& books = run.fold().books();
      const Picture picture = WholeOf(run, key);
      std::vector<std::string> ours, naives;
      const std::vector<second::Clock> clocks = second::Draw(model.said(child), model.library());
      ForEachClock(picture, [&](const Duty& duty, const Clock& clock) {
        std::string line = TextOf(duty, clock, picture, books);
        for (int i = -40; i <= 20; i += 3) {
          absl::StrAppend(&line, " ", StateName(StateAt(clock, model.reached() + i * kStep)));
        }
        if (clock.closed_by != ClosedBy::kVoided) {
          absl::StrAppend(
              &line, SharesText(MinutesOf(SharesOf(picture, duty, clock, books, model.reached()))));
        }
        ours.push_back(std::move(line));
      });
      for (size_t c = 0; c < clocks.size(); ++c) {
        const second::Clock& clock = clocks[c];
        std::string line = second::Text(clock, RootText);
        const bool is_ghost = clock.closed_by == second::ClosedBy::kVoided;
        if (is_ghost) line = line.substr(0, line.find(" by "));
        for (int i = -40; i <= 20; i += 3) {
          absl::StrAppend(&line, " ", second::StateAt(clock, model.reached() + i * kStep));
        }
        if (!is_ghost) {
          const auto shares = second::SharesOf(clock, model.library(), model.reached());
          absl::StrAppend(&line, SharesText({shares.begin(), shares.end()}));
        }
        naives.push_back(std::move(line));
      }
      std::sort(ours.begin(), ours.end());
      std::sort(naives.begin(), naives.end());
      ASSERT_TRUE(ours == naives) << "child " << child << Difference(ours, naives)
                                  << PictureText(picture, books) << StoryOf(model, child);
      CompareFigures(run.fold(), model, child);
      if (!model.said(child).empty()) Shuffle(run, key, picture);
    }
  }

  // What has ended, in the picture at hand and beside it.
  static void CompareFigures(Fold& fold, ShardModel& model, int child) {
    const ChildState& state = **fold.Find(Story::Child(child));
    if (state.picture.books != fold.books().publications()) return;  // nobody looked again so far
    const std::vector<std::string> ours =
        FiguresText(*fold.FiguresOf(Story::Child(child)), state.picture.language);
    const std::vector<std::string> naives = model.Figures(child);
    ASSERT_TRUE(ours == naives) << "child " << child << Difference(ours, naives)
                                << PictureText(state.picture, fold.books())
                                << StoryOf(model, child);
  }

  // Also checks that what the shard has at hand is a part of it.
  static Picture WholeOf(Runner& run, const ChildKey& key) {
    const Picture& left = (*run.fold().Find(key))->picture;
    if (left.books != run.fold().books().publications()) return left;
    Picture whole = Draw(*run.fold().EventsOf(key), run.fold().books());
    ExpectLeftOf((*run.fold().Find(key))->picture, whole);
    return whole;
  }

  // Any order of arrival ends in the same picture, and taking up one event after the other is the
  // same as drawing from scratch.
  void Shuffle(Runner& run, const ChildKey& key, const Picture& picture) {
    std::vector<Event> events = *run.fold().EventsOf(key);
    const Picture drawn = Draw(events, run.fold().books());
    ASSERT_TRUE(drawn == picture) << "drawn from scratch\n"
                                  << PictureText(drawn, run.fold().books())
                                  << "--- and as it was advanced ---\n"
                                  << PictureText(picture, run.fold().books());
    for (int i = 0; i < 3; ++i) {
      std::shuffle(events.begin(), events.end(), random_);
      const Picture arrived = Arrive(events, run.fold().books());
      ASSERT_TRUE(arrived == picture)
          << "another order of arrival\n"
          << PictureText(arrived, run.fold().books()) << "--- and not ---\n"
          << PictureText(picture, run.fold().books());
    }
  }

  // What is needed to understand a difference.
  static std::string StoryOf(const ShardModel& model, int child) {
    std::string text = "\n";
    for (const second::Said& said : model.said(child)) {
      absl::StrAppend(&text, said.open.ShortDebugString(), " ", said.backfill, "\n");
    }
    for (const second::Published& published : model.books()) {
      absl::StrAppend(&text, "book at ", Text(published.recorded), "\n");
      for (const auto& rule : published.book.rule()) {
        absl::StrAppend(&text, "  ", rule.ShortDebugString(), "\n");
      }
    }
    return text;
  }

  struct Runners {
    Runner each, last, restarted;
  };

  // Everybody takes the step, and says what the model says.
  void Take(const Step& step, Runners& runners, ShardModel& model) {
    Runner& each = runners.each;
    const size_t before = each.said().size();
    each.Apply(step.written, step.record);
    each.Commit();
    std::map<int, std::vector<std::string>> now, expected = model.Take(step);
    ASSERT_EQ(each.fold().books().publications(), model.books().size()) << RefusalOf(step);
    for (size_t i = before; i < each.said().size(); ++i) {
      alert::v1::Alert alert;
      ASSERT_TRUE(alert.ParseFromString(each.said()[i].bytes));
      now[ChildOf(alert.child())].push_back(LineOf(alert));
      answered_ += alert.has_answer() || !alert.assigned_to().empty();
    }
    if (now != expected) {
      ComparePictures(each, model);  // says more, if pictures differ too
      const int child = (now.empty() ? expected : now).begin()->first;
      for (int c = 0; c < kChildren; ++c) {
        ASSERT_EQ(now[c], expected[c])
            << "child " << c << " at " << Text(model.reached()) << StoryOf(model, c);
      }
      FAIL() << child;
    }
    if (step.what == Step::kTick) {
      ASSERT_GT(each.fold().first_due(), each.fold().reached()) << "somebody stays due";
      CompareUntold(each.fold(), model);
      CompareFigures(each.fold(), model, static_cast<int>(looks_() % kChildren));
    }
    runners.last.Apply(step.written, step.record);
    runners.restarted.Apply(step.written, step.record);
    if (random_() % 20 == 0) runners.restarted.Commit();
    if (random_() % 300 == 0) runners.restarted.Restart();
  }

  void CompareUntold(Fold& fold, ShardModel& model) {
    uint64_t untold = 0;
    for (int child = 0; child < kChildren; ++child) {
      const uint32_t ours = (*fold.Find(Story::Child(child)))->untold;
      untold += ours;
      ASSERT_EQ(ours, model.Untold(child)) << "child " << child << StoryOf(model, child);
    }
    ASSERT_EQ(fold.untold(), untold);
    untold_ = std::max(untold_, untold);
  }

  // Somebody does something with one of the last alerts, which may have ended; now and then it
  // comes twice.
  Step SomeAction(absl::Time written, const std::vector<Outgoing>& said) {
    if (!last_action_.record.has_action() || people_() % 10 != 0) {
      alert::v1::Alert alert;
      const size_t back = people_() % std::min<size_t>(said.size(), 12);
      DOLEN_CHECK(alert.ParseFromString(said[said.size() - 1 - back].bytes));
      alert::v1::Action action;
      action.set_action_id(absl::StrCat("a", ++actions_));
      action.set_alert_id(alert.alert_id());
      action.set_child(alert.child());
      action.set_kind(static_cast<alert::v1::Action::Kind>(1 + people_() % 5));
      *action.mutable_until() =
          ToTimestamp(written + absl::Minutes(static_cast<int64_t>(people_() % 3000) - 200));
      action.set_to(people_() % 2 == 0 ? "a/duty" : "b");
      last_action_.what = Step::kAction;
      last_action_.child = ChildOf(alert.child());
      last_action_.clock = alert.clock();
      last_action_.level = alert.level();
      ledger::v1::Action& record = *last_action_.record.mutable_action();
      record.set_said(action.SerializeAsString());
      record.set_child(std::string(Story::Child(last_action_.child).bytes()));
    } else {
      last_action_.what = Step::kDuplicate;
    }
    last_action_.written = written;
    return last_action_;
  }

  void OneWorld(uint64_t seed, const World& world) {
    SCOPED_TRACE(absl::StrCat("DOLEN_PURITY_SEED=", seed, " DOLEN_PURITY_HISTORIES=", kChildren));
    random_.seed(seed);
    people_.seed(seed);
    last_action_ = {};
    // In every second world all is forgotten that may be, as soon as it may be.
    const Forgetting soon{1, 1, absl::Hours(48)};
    const Forgetting forgetting = seed % 2 == 0 ? soon : Forgetting();
    Runners runners{{1000, forgetting}, {1000, forgetting}, {10, forgetting}};
    Runner &each = runners.each, &last = runners.last, &restarted = runners.restarted;
    ShardModel model(kChildren);
    for (const Step& step : world.steps) {
      Take(step, runners, model);
      if (HasFatalFailure()) return;
      if (people_() % 8 != 0 || each.said().empty()) continue;
      Take(SomeAction(step.written, each.said()), runners, model);
      if (HasFatalFailure()) return;
    }
    last.Commit();
    restarted.Restart();
    ASSERT_EQ(each.Digest(), last.Digest()) << "where commits fall shows";
    ASSERT_EQ(each.Digest(), restarted.Digest()) << "restarts show";
    CompareSaid(each, last);
    CompareSaid(each, restarted);
    ComparePictures(each, model);
    alerts_ += each.said().size();
    records_ += world.steps.size();
  }

  static std::string RefusalOf(const Step& step) {
    pathway::v1::Book book;
    std::string text = "the book was refused";
    if (!book.ParseFromString(step.record.book().book())) return text;
    for (const Finding& finding : CheckBook(book)) {
      if (finding.severity == Finding::kError) {
        absl::StrAppend(&text, "\n", FindingText("book", finding));
      }
    }
    return text;
  }

  static void CompareSaid(const Runner& one, const Runner& other) {
    ASSERT_EQ(one.said().size(), other.said().size());
    for (size_t i = 0; i < one.said().size(); ++i) {
      ASSERT_EQ(one.said()[i].bytes, other.said()[i].bytes);
    }
  }

  static int ChildOf(absl::string_view hex) {
    for (int child = 0; child < kChildren; ++child) {
      if (Story::Child(child).Hex() == hex) return child;
    }
    return -1;
  }

  std::mt19937_64 random_, people_, looks_;
  Step last_action_;
  int actions_ = 0;
  uint64_t untold_ = 0;  // at most, in one world
  size_t alerts_ = 0, answered_ = 0, records_ = 0;
};

TEST_F(Purity, AShardIsAFunctionOfItsLogAndAgreesWithTheNaiveModel) {
  const uint64_t seed = Setting("DOLEN_PURITY_SEED", 1);
  const int64_t worlds =
      (Setting("DOLEN_PURITY_HISTORIES", kHistories) + kChildren - 1) / kChildren;
  for (int64_t i = 0; i < worlds && !HasFailure(); ++i) {
    const uint64_t its = seed + static_cast<uint64_t>(i);
    OneWorld(its, MakeWorld(its, kChildren));
  }
  printf(
      "%lld histories from seed %llu: %zu records, %zu changes of alerts, %zu of them of answered "
      "ones, at most %llu breaches nobody was told of at a time\n",
      static_cast<long long>(worlds * kChildren), static_cast<unsigned long long>(seed), records_,
      alerts_, answered_, static_cast<unsigned long long>(untold_));
  EXPECT_GT(untold_, 0u);
}

// The same with everything the rule model knows; DOLEN_PURITY_RICH asks for more. Seeds 45 and 226
// still differ: engine/child/README.md.
TEST_F(Purity, AlsoWithEverythingThatARuleCanSay) {
  const uint64_t seed = Setting("DOLEN_PURITY_SEED", 1);
  const int64_t worlds = (Setting("DOLEN_PURITY_RICH", kRichHistories) + kChildren - 1) / kChildren;
  for (int64_t i = 0; i < worlds && !HasFailure(); ++i) {
    const uint64_t its = seed + static_cast<uint64_t>(i);
    OneWorld(its, MakeRichWorld(its, kChildren));
  }
  printf("%lld rich histories: %zu records, %zu changes of alerts\n",
         static_cast<long long>(worlds * kChildren), records_, alerts_);
}

}  // namespace
}  // namespace dolen::story
