// The views of the demo's story and of the logs of ../shared/data against the second model: each is
// replayed, and what the stored rows say (worklist, responsibility, alerts, figures) and what the
// timelines say is what the events say. A log that is not there is skipped.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "deploy/program/progress.h"
#include "deploy/program/recorded_rows.h"
#include "deploy/program/replay.h"
#include "engine/base/check.h"
#include "engine/log/simulated_log.h"
#include "google/protobuf/text_format.h"
#include "projections/figures/figures_view.h"
#include "projections/timeline/timeline.h"
#include "tests/engine/child/shard_model.h"
#include "tests/projections/lists.h"
#include "tests/projections/tables.h"

namespace dolen {
namespace {

using Lines = std::vector<std::string>;

struct Recorded {
  const char* name;
  const char* file;
  const char* mapping;
  std::vector<std::string> books;
  size_t children;  // that there are at least
};

std::string TextOf(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

class RecordedViews : public testing::TestWithParam<Recorded> {
 protected:
  // Replays the log; false: it is not there.
  bool Play() {
    const Recorded& log = GetParam();
    if (!std::filesystem::exists(log.file)) return false;
    const auto mapping = LoadMapping(log.mapping);
    DOLEN_CHECK(mapping.ok());
    const auto rows = ReadRecordedRows({log.file}, &*mapping, absl::InfiniteFuture());
    DOLEN_CHECK(rows.ok());
    Place place;
    place.data = MakeTemporaryFolder();
    place.partitions = 4;
    installation_ = *Installation::Open(place, std::make_unique<SimulatedLog>(),
                                        [] { return absl::FromUnixSeconds(1'800'000'000); });
    std::vector<std::pair<std::string, std::string>> books;
    pathway::v1::Book all;
    for (const std::string& file : log.books) {
      books.emplace_back(file, TextOf(file));
      pathway::v1::Book book;
      DOLEN_CHECK(google::protobuf::TextFormat::ParseFromString(books.back().second, &book));
      all.MergeFrom(book);
    }
    library_ = second::Read({{all, absl::UnixEpoch()}});
    zone_ = all.zone();
    Replay replay(installation_.get(), [](int64_t, int64_t) {});
    const auto result = replay.Run(*rows, books, absl::InfiniteFuture());
    EXPECT_TRUE(result.ok()) << result.status();
    for (const alert::v1::Alert& change : result->changes) {
      alert::v1::Alert& last = said_[change.alert_id()];
      if (change.number() > last.number()) last = change;
    }
    return true;
  }

  // The children of a shard as the second model knows them, with what was said of them.
  lists::Model ModelOf(Fold& fold, const Store& store) {
    lists::Model model;
    model.root_name = story::RootText;
    heard_.clear();
    EXPECT_TRUE(store
                    .Scan("c",
                          [&](absl::string_view key, absl::string_view) {
                            ChildKey child;
                            EXPECT_TRUE(ChildKey::FromBytes(key.substr(1), child));
                            if (!fold.IsAgency(child)) AddChild(fold, child, model);
                            return true;
                          })
                    .ok());
    for (const auto& [id, alert] : said_) {
      if (heard_.count(alert.child()) > 0) model.said[id] = alert;
    }
    return model;
  }

  void AddChild(Fold& fold, const ChildKey& key, lists::Model& model) {
    std::vector<second::Said>& heard = heard_[key.Hex()];
    const std::vector<Event> events = *fold.EventsOf(key);
    for (const Event& event : events) {
      heard.push_back({event.open, event.backfill, event.recorded});
    }
    model.children.push_back({key.Hex(), second::Draw(heard, library_),
                              second::ResponsibilityOf(heard, library_, {}, zone_)});
  }

  // A clock that was late and of which no level at or after due was ever told.
  bool IsUntold(const std::string& child, const second::Clock& clock) const {
    if (clock.closed_by == second::ClosedBy::kVoided || clock.close.IsNever()) return false;
    bool was_late = false, was_told = false;
    for (int i = 0; i < clock.rule.level_size(); ++i) {
      const pathway::v1::Level& level = clock.rule.level(i);
      if (level.of_target() || second::NumberOf(level.offset()) < 0) continue;
      was_late |= !second::TruthOf(clock, i).empty();
      was_told |= std::any_of(said_.begin(), said_.end(), [&](const auto& one) {
        return one.second.child() == child && one.second.level() == level.name() &&
               one.second.clock() == clock.Name(story::RootText);
      });
    }
    return was_late && !was_told;
  }

  void CompareLists(const Fold& fold, const Store& store, const lists::Model& model) {
    for (const int hours : {0, 26, 24 * 30}) {
      const absl::Time at = fold.reached() + absl::Hours(hours);
      const lists::Lists stored = lists::Stored(store, fold.books(), at);
      ASSERT_EQ(lists::Difference(stored, lists::Recomputed(model, at)), "");
      for (const auto& [agency, lines] : stored) lines_ += lines.size();
    }
    const lists::Lists alerts = lists::StoredAlerts(store);
    ASSERT_EQ(lists::Difference(alerts, lists::RecomputedAlerts(model.said)), "");
    for (const auto& [agency, lines] : alerts) lines_ += lines.size();
  }

  void CompareFigures(const Store& store, const lists::Model& model) {
    std::map<std::string, Lines> stored;
    ASSERT_TRUE(ScanFigures(store, [&](const ChildFigures& child) {
                  stored[child.child.Hex()] = story::FiguresText(child.figures, child.language);
                }).ok());
    for (const lists::Child& child : model.children) {
      const Lines naive =
          second::FiguresOf(child.clocks, heard_[child.key], library_, zone_,
                            [&](const second::Clock& clock) { return IsUntold(child.key, clock); });
      const auto row = stored.find(child.key);
      // A child of whom nothing has ended has no row, and says no more than its language.
      if (row == stored.end()) {
        ASSERT_LE(naive.size(), 1u) << child.key;
      } else {
        ASSERT_EQ(row->second, naive) << child.key;
        lines_ += naive.size();
      }
    }
    tables::ExpectSums(store);
  }

  void CompareTimelines(Fold& fold, const lists::Model& model) {
    for (const lists::Child& child : model.children) {
      ChildKey key;
      ASSERT_TRUE(ChildKey::FromHex(child.key, key));
      const std::vector<Event> events = *fold.EventsOf(key);
      const Timeline timeline =
          DrawTimeline(KnownIn(events, {}, fold.books()), {}, fold.books(), fold.reached());
      ASSERT_EQ(timeline.events.size(), heard_[child.key].size());
      Lines ours, naives;
      for (const ClockLine& line : timeline.clocks) {
        ours.push_back(absl::StrCat(line.clock, " ", StateName(line.state), " by ",
                                    line.accountable, " due ", second::Micro(line.due), " from ",
                                    second::Micro(line.start.from), " to ",
                                    second::Micro(line.close.from)));
      }
      for (const second::Clock& clock : child.clocks) {
        naives.push_back(
            absl::StrCat(clock.Name(story::RootText), " ", second::StateAt(clock, timeline.at),
                         " by ", clock.accountable, " due ", second::Micro(clock.due), " from ",
                         second::Micro(clock.start.from), " to ", second::Micro(clock.close.from)));
      }
      std::sort(ours.begin(), ours.end());
      std::sort(naives.begin(), naives.end());
      ASSERT_EQ(ours, naives) << child.key;
      lines_ += ours.size();
    }
  }

  std::unique_ptr<Installation> installation_;
  second::Library library_;
  std::string zone_;
  lists::Said said_;
  std::map<std::string, std::vector<second::Said>> heard_;  // by child, of one shard
  size_t lines_ = 0;
};

TEST_P(RecordedViews, SayWhatTheEventsSay) {
  if (!Play()) GTEST_SKIP() << GetParam().file << " is not there";
  size_t children = 0;
  for (const std::unique_ptr<Shard>& shard : installation_->shards()) {
    Fold& fold = shard->fold();
    const lists::Model model = ModelOf(fold, shard->store());
    children += model.children.size();
    CompareLists(fold, shard->store(), model);
    CompareFigures(shard->store(), model);
    CompareTimelines(fold, model);
    if (HasFatalFailure()) return;
  }
  EXPECT_GE(children, GetParam().children);
  printf("%s: %zu children, %zu lines\n", GetParam().name, children, lines_);
}

INSTANTIATE_TEST_SUITE_P(
    Logs, RecordedViews,
    testing::Values(Recorded{"demo",
                             "deploy/story/story.csv",
                             "deploy/story/mapping.textproto",
                             {"deploy/books/uk-calendars.textproto", "deploy/books/demo.textproto"},
                             10},
                    Recorded{"sepsis",
                             "../shared/data/sepsis/sepsis.csv.gz",
                             "tests/real_logs/sepsis/mapping.textproto",
                             {"tests/real_logs/sepsis/book.textproto"},
                             1050},
                    Recorded{"helpdesk_it",
                             "../shared/data/helpdesk_it/helpdesk.csv.gz",
                             "tests/real_logs/helpdesk_it/mapping.textproto",
                             {"tests/real_logs/helpdesk_it/book.textproto"},
                             4580},
                    Recorded{
                        "bpic2013_closed_problems",
                        "../shared/data/bpic2013_closed_problems/bpic2013_closed_problems.csv.gz",
                        "tests/real_logs/bpic2013_closed_problems/mapping.textproto",
                        {"tests/real_logs/bpic2013_closed_problems/book.textproto"},
                        1000}),
    [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace dolen
