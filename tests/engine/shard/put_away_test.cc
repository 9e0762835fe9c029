// Alerts that were put away: in the rows of a store, among many children, whatever is committed
// when.
#include <gmock/gmock.h>

#include <random>

#include "absl/strings/str_cat.h"
#include "engine/base/time.h"
#include "engine/shard/fold.h"
#include "engine/store/keys.h"
#include "tests/engine/shard/lab.h"
#include "tests/engine/store/folder.h"

namespace dolen {
namespace {

using story::At;
using story::Said;
using story::Story;

constexpr int kChildren = 400;  // more than a shard keeps parsed

FoldOptions Soon() {
  FoldOptions options;
  options.row_bytes_at_hand = 4096;
  options.forgetting = {1, 1, absl::Hours(48)};
  return options;
}

class Shards {
 public:
  Shards() { Open(); }
  void Open() {
    fold_ = nullptr;
    folder_.Reopen();
    fold_ = *Fold::Open(&folder_.store(), Soon());
  }
  void Tell(absl::Time at, ledger::v1::Record record) {
    const absl::Status told = story::TellFold(*fold_, at, std::move(record));
    ASSERT_TRUE(told.ok()) << told;
  }
  Fold& fold() { return *fold_; }
  Store& store() { return folder_.store(); }
  std::string Digest() {
    EXPECT_TRUE(fold_->Commit().ok());
    const Store::Digest all = *folder_.store().DigestAll();
    return absl::StrCat(all.digest.Hex(), " of ", all.rows, " rows");
  }

 private:
  StoreFolder folder_;
  std::unique_ptr<Fold> fold_;
};

// Pages are in the open batch and not in the store; a child whose pages are there must stay at
// hand.
TEST(PutAwayTest, WhereCommitsAndRestartsFallCannotShow) {
  std::mt19937_64 random(7);
  Shards each, last, restarted;
  const auto tell = [&](absl::Time at, const ledger::v1::Record& record) {
    for (Shards* one : {&each, &last, &restarted}) one->Tell(at, record);
  };
  tell(At("2026-01-01"), FirstRecord());
  ledger::v1::Record book;
  book.mutable_book()->set_book(
      story::BookOf(story::Rule("start { is: \"begun\" } stop { is: \"done\" } "
                                "limit { allow { calendar_days: 2 } }"))
          .SerializeAsString());
  *book.mutable_book()->mutable_zone() = story::LondonTable();
  tell(At("2026-01-01"), book);
  ledger::v1::Record tick;
  tick.mutable_tick()->set_drains(10000);
  for (int day = 0; day < 40; ++day) {
    const absl::Time at = At("2026-01-05 09:00") + day * absl::Hours(24);
    const std::string matter = absl::StrCat("m", day / 5);
    for (int child = 0; child < kChildren; ++child) {
      if (day % 5 != 0 && day % 5 != 4 && child % 10 != 0) continue;
      const bool is_late = random() % 25 == 0;
      const Said said = Said(day % 5 == 0   ? "begun"
                             : day % 5 == 4 ? "done"
                                            : "seen",
                             story::Text(is_late ? at - absl::Hours(24 * 12) : at))
                            .In(matter);
      tell(at, Story::RecordOf(said, Story::Child(child)));
      if (HasFatalFailure()) return;
      ASSERT_TRUE(child % 7 != 0 || each.fold().Commit().ok());
    }
    tell(at, tick);
    if (day % 9 != 8) continue;
    ASSERT_TRUE(restarted.fold().Commit().ok());
    restarted.Open();
  }
  size_t put_away = 0;
  for (int child = 0; child < kChildren; ++child) {
    put_away += (*last.fold().Find(Story::Child(child)))->alert_pages;
  }
  EXPECT_GT(put_away, 1000) << "else this shows nothing";
  EXPECT_EQ(each.Digest(), last.Digest());
  EXPECT_EQ(restarted.Digest(), last.Digest());
}

TEST(PutAwayTest, APageThatIsMissingIsDataLoss) {
  Shards shard;
  shard.Tell(At("2026-01-01"), FirstRecord());
  ASSERT_TRUE(shard.fold().Commit().ok());
  ChildState state;
  state.alert_pages = state.figure_pages = 1;
  Batch batch;
  std::string row;
  ChildRows().Encode(Story::Child(0), state, shard.fold().books(), 0, row, batch);
  batch.Put(keys::Child(Story::Child(0)), row);
  ASSERT_TRUE(shard.store().Commit(batch).ok());
  shard.Open();
  const absl::Status alerts = shard.fold().AlertsOf(Story::Child(0)).status();
  EXPECT_TRUE(absl::IsDataLoss(alerts));
  EXPECT_THAT(alerts.message(), testing::HasSubstr("alert page 0 is missing"));
  const absl::Status figures = shard.fold().FiguresOf(Story::Child(0)).status();
  EXPECT_TRUE(absl::IsDataLoss(figures));
  EXPECT_THAT(figures.message(), testing::HasSubstr("figures page 0 is missing"));
}

}  // namespace
}  // namespace dolen
