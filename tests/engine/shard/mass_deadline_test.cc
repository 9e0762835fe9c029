// 100,000 clocks that are due at one instant, on the local log: drained in slices, while events
// keep flowing.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "engine/base/limits.h"
#include "engine/log/local_log.h"
#include "projections/alerts/alerts_view.h"
#include "tests/engine/shard/lab.h"

namespace dolen {
namespace {

using story::At;
using story::Said;
using story::Story;

constexpr int kDue = 100000;         // children with one clock each
constexpr size_t kAtHand = 4 << 20;  // bytes of rows, of a fifth of them; others are read back
constexpr int kRestartAfter = 50;    // slices
constexpr int kFlow = 20;            // events that flow in with each slice
constexpr int kInTime = 100;         // of them all, steps that were done in time

class MassDeadlineTest : public testing::Test {
 protected:
  MassDeadlineTest() {
    LocalLogOptions options;
    options.clock = [this] { return lab_.now; };
    log_ = *LocalLog::Open(lab_.Path("log"), options);
    DOLEN_CHECK(log_->CreateTopic({lab_.names.Ledger(), 1}).ok());
    DOLEN_CHECK(log_->CreateTopic({lab_.names.Alerts(), 1, true}).ok());
    appender_ = *log_->OpenAppender();
    lab_.Append(FirstRecord(), log_.get());
    lab_.Publish(OneDay(), "1", log_.get());
    for (int child = 0; child < kDue; ++child) Append({"begun", "2026-01-05"}, child);
    DOLEN_CHECK(appender_->Flush().ok());
    shard_ = Open("s");
  }

  std::unique_ptr<Shard> Open(const std::string& folder) {
    ShardOptions options;
    options.row_bytes_at_hand = kAtHand;
    options.views = {&view_};
    return lab_.Open(folder, log_.get(), options);
  }

  void Append(const Said& said, int child) {
    ledger::v1::Record record = Story::RecordOf(said, Story::Child(child));
    record.set_written(Micros(lab_.now));
    DOLEN_CHECK(appender_->Append(lab_.ledger(), "", record.SerializeAsString()).ok());
  }

  // What reaches the ledger while a slice is on its way: at first also steps that were done in
  // time, of those who are last in the queue; else the beginnings of others.
  void LetEventsFlow() {
    for (int i = 0; i < kFlow; ++i) {
      if (i < 2 && in_time_ < kInTime) {
        Append({"done", "2026-01-06"}, kDue - ++in_time_);
      } else {
        Append({"begun", "2026-01-06"}, kDue + new_++);
      }
    }
    ASSERT_TRUE(appender_->Flush().ok());
  }

  // One round of the shard's loop. Returns how many were drained.
  int Round() {
    int ticks = 0;
    while (ticks < 2 && *shard_->Tick(lab_.now)) ++ticks;
    if (ticks == 0) return 0;
    EXPECT_EQ(ticks, 1) << "no event could come between them";
    LetEventsFlow();
    const uint64_t events = shard_->fold().counts().events();
    EXPECT_EQ(*shard_->Pump(kMaxBatch, absl::ZeroDuration()), 1 + kFlow);
    EXPECT_EQ(shard_->fold().counts().events(), events + kFlow);
    EXPECT_TRUE(shard_->Tell().ok());
    EXPECT_EQ(shard_->waiting_alerts(), 0u);
    return shard_->fold().last_drained();
  }

  // The most records between two events of the ledger that flowed in while slices were drained.
  int WorstGap() {
    auto reader = *log_->Read(lab_.ledger(), first_slice_);
    int gap = 0, worst = 0;
    ledger::v1::Record record;
    while (reader->position() < log_->BoundsOf(lab_.ledger())->end) {
      const absl::Span<const Entry> entries = *reader->Read(kMaxBatch, absl::ZeroDuration());
      for (const Entry& entry : entries) {
        DOLEN_CHECK(
            record.ParseFromArray(entry.value.data(), static_cast<int>(entry.value.size())));
        gap = record.has_event() ? 0 : gap + 1;
        worst = std::max(worst, gap);
      }
    }
    return worst;
  }

  // Everybody who is late was told of once, and nobody else was.
  void ExpectEachToldOnce() {
    lab_.ExpectPublished(kDue - kInTime, log_.get());
    std::set<std::string> told;
    for (const alert::v1::Alert& alert : lab_.Published(log_.get())) {
      EXPECT_EQ(alert.state(), alert::v1::STATE_RAISED);
      EXPECT_EQ(alert.level(), "overdue");
      EXPECT_TRUE(told.insert(alert.child()).second) << alert.child() << " was told of twice";
    }
    for (int child = 0; child < kDue - kInTime; ++child) {
      EXPECT_EQ(told.count(Story::Child(child).Hex()), 1u) << child;
    }
  }

  Lab lab_;
  const AlertsView view_{};
  std::unique_ptr<LocalLog> log_;
  std::unique_ptr<LogAppender> appender_;
  std::unique_ptr<Shard> shard_;
  int64_t first_slice_ = 0;
  int in_time_ = 0, new_ = 0;
};

TEST_F(MassDeadlineTest, IsDrainedInSlicesWhileEventsKeepFlowingAlsoOverARestart) {
  Lab::Pump(*shard_);
  first_slice_ = shard_->fold().next_offset();
  lab_.now = At("2026-01-07");
  std::vector<int> slices;
  while (const int drained = Round()) {
    slices.push_back(drained);
    if (slices.size() == kRestartAfter) {
      shard_ = nullptr;
      shard_ = Open("s");
    }
    ASSERT_FALSE(HasFailure()) << "slice " << slices.size();
  }
  EXPECT_EQ(std::count(slices.begin(), slices.end(), kMaxDrain), (kDue - kInTime) / kMaxDrain);
  EXPECT_EQ(slices.back(), (kDue - kInTime) % kMaxDrain);
  EXPECT_EQ(WorstGap(), 1) << "between two events stands one tick at most, so one slice";
  EXPECT_EQ(shard_->fold().first_due(), At("2026-01-08")) << "those who came in meanwhile";
  ExpectEachToldOnce();
  EXPECT_EQ(OpenAlerts(shard_->store(), {"", "", kDue})->size(), kDue - kInTime);
  const std::unique_ptr<Shard> again = Open("again");
  Lab::Pump(*again);
  EXPECT_EQ(again->fold().DigestHex(), shard_->fold().DigestHex());
  EXPECT_EQ(again->store().DigestAll()->digest.Hex(), shard_->store().DigestAll()->digest.Hex());
}

}  // namespace
}  // namespace dolen
