// A release with another fold revision takes over a shard. The older release is played by a shard
// of revision 1 under one book; the newer one folds the same ledger with another book in that
// book's place, which is what a change of Draw amounts to, and finds in the alerts topic what the
// older one told.
#include "engine/shard/revision.h"

#include <gmock/gmock.h>

#include <functional>

#include "absl/strings/str_cat.h"
#include "engine/base/status.h"
#include "engine/store/keys.h"
#include "tests/engine/shard/lab.h"

namespace dolen {
namespace {

using story::At;
using story::Story;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr uint32_t kOld = 1, kNew = 2;

std::string Days(int days) {
  return story::Rule(absl::StrCat(
      "start { is: \"begun\" } stop { is: \"done\" } limit { allow { calendar_days: ", days,
      " } } level { name: \"escalated\" offset { calendar_days: 2 } }"));
}

// "overdue raised 1" of child 0 is "0 overdue R 1".
std::string Line(const alert::v1::Alert& alert) {
  std::string child = "?";
  for (int i = 0; i < 10; ++i) {
    if (alert.child() == Story::Child(i).Hex()) child = absl::StrCat(i);
  }
  static const char kLetters[] = "?RA?ECW";
  return absl::StrCat(child, " ", alert.level(), " ",
                      absl::string_view(kLetters + alert.state(), 1), " ", alert.number(),
                      alert.quiet() ? " quiet" : "");
}

class RevisionTest : public testing::Test {
 protected:
  RevisionTest() : lab_({}, kOld) {}

  std::unique_ptr<Shard> Open(uint32_t revision, Log* log, const std::string& folder = "s") {
    ShardOptions options;
    options.revision = revision;
    return lab_.Open(folder, log, options);
  }
  static void Settle(Shard& shard) {
    for (int i = 0; i < 10; ++i) {
      Lab::Pump(shard);
      ASSERT_TRUE(shard.Tell().ok());
    }
    Lab::Pump(shard);
  }
  void Tick(Log* log = nullptr) {
    ledger::v1::Record tick;
    tick.mutable_tick()->set_drains(1000);
    lab_.Append(tick, log);
  }
  void Hear(const story::Said& said, int child, Log* log) {
    lab_.Append(Story::RecordOf(said, Story::Child(child)), log);
  }
  void Release(Log* log, bool quiet = false, uint32_t revision = kNew) {
    ledger::v1::Record record;
    record.mutable_fact()->mutable_revision_released()->set_revision(revision);
    record.mutable_fact()->mutable_revision_released()->set_quiet(quiet);
    lab_.Append(record, log);
  }

  // The older release at work: child 0 and 1 began on the 5th, child 2 on the 9th, child 3 began
  // and was done in time by any book. It stops on the 9th at noon.
  void LetTheOlderReleaseWork(int days) {
    lab_.Publish(Days(days));
    const std::unique_ptr<Shard> old = Open(kOld, nullptr);
    lab_.Hear({"begun", "2026-01-05"}, 0);
    lab_.Hear({"begun", "2026-01-05"}, 1);
    lab_.Hear({"begun", "2026-01-05"}, 3);
    lab_.Hear({"done", "2026-01-05"}, 3);
    for (const char* const day : {"2026-01-07 00:01", "2026-01-08 00:01", "2026-01-09 00:01"}) {
      lab_.now = At(day);
      Tick();
      Settle(*old);
    }
    lab_.now = At("2026-01-09 12:00");
    lab_.Hear({"begun", "2026-01-09"}, 2);
    lab_.Hear({"done", "2026-01-09"}, 1);
    Settle(*old);
  }

  // The same ledger with the same records, as the newer release reads them; and the alerts topic.
  std::unique_ptr<SimulatedLog> AsRead(int days, SimulatedFaults faults = {}) {
    auto log = std::make_unique<SimulatedLog>(
        SimulatedLogOptions{[this] { return lab_.now; }, "lab", faults});
    DOLEN_CHECK(log->CreateTopic({lab_.names.Ledger(), 1}).ok());
    DOLEN_CHECK(log->CreateTopic({lab_.names.Alerts(), 1, true}).ok());
    auto appender = *log->OpenAppender();
    for (const TopicPartition& topic : {lab_.ledger(), lab_.alerts()}) {
      auto reader = *lab_.log().Read(topic, 0, Holes::kAllowed);
      const auto entries = *reader->Read(1000, absl::ZeroDuration());
      for (const Entry& entry : entries) {
        ledger::v1::Record record;
        std::string value(entry.value);
        if (topic == lab_.ledger() && record.ParseFromString(value) && record.has_book()) {
          record.mutable_book()->set_book(story::BookOf(Days(days)).SerializeAsString());
          value = record.SerializeAsString();
        }
        DOLEN_CHECK(appender->Append(topic, entry.key, value).ok());
      }
    }
    DOLEN_CHECK(appender->Flush().ok());
    return log;
  }

  std::vector<std::string> Told(Log* log = nullptr) {
    std::vector<std::string> lines;
    uint64_t number = 0;
    for (const alert::v1::Alert& alert : lab_.Published(log)) {
      EXPECT_EQ(alert.shard_number(), ++number);
      lines.push_back(Line(alert));
    }
    return lines;
  }
  // What was told since the older release, with consecutive numbers.
  std::vector<std::string> ToldSince(Log* log) {
    std::vector<std::string> all = Told(log);
    all.erase(all.begin(), all.begin() + static_cast<int64_t>(Told().size()));
    return all;
  }
  static std::vector<std::string> Held(const Shard& shard) {
    std::vector<std::string> lines;
    EXPECT_TRUE(shard.store()
                    .Scan("h",
                          [&](absl::string_view, absl::string_view value) {
                            store::v1::HeldRow row;
                            alert::v1::Alert alert;
                            EXPECT_TRUE(row.ParseFromString(std::string(value)));
                            EXPECT_TRUE(alert.ParseFromString(row.change()));
                            lines.push_back(Line(alert));
                            return true;
                          })
                    .ok());
    std::sort(lines.begin(), lines.end());
    EXPECT_EQ(lines.size(), shard.fold().held());
    return lines;
  }
  void ExpectTheSameWhenFoldedAgain(const Shard& shard, Log* log) {
    const std::unique_ptr<Shard> again = Open(kNew, log, "again");
    Lab::Pump(*again);
    EXPECT_EQ(again->store().DigestAll()->digest.Hex(), shard.store().DigestAll()->digest.Hex());
    EXPECT_EQ(again->fold().DigestHex(), shard.fold().DigestHex());
    // And it tells nothing twice, whatever it made again.
    const std::vector<std::string> before = Told(log);
    Settle(*again);
    EXPECT_EQ(Told(log), before);
  }

  Lab lab_;
};

TEST_F(RevisionTest, WhereNothingDiffersAlertsGoOnAndNothingIsSaidAgain) {
  LetTheOlderReleaseWork(1);
  EXPECT_THAT(Told(), ElementsAre("0 overdue R 1", "1 overdue R 1", "0 escalated E 1",
                                  "1 escalated E 1", "1 escalated C 2", "1 overdue C 2"));
  const auto log = AsRead(1);
  std::unique_ptr<Shard> shard = Open(kNew, log.get());
  EXPECT_EQ(shard->fold().next_offset(), 0) << "rows of the older revision are not read";
  EXPECT_FALSE(shard->speaks());
  Settle(*shard);
  EXPECT_TRUE(shard->speaks());
  EXPECT_THAT(Held(*shard), IsEmpty());
  EXPECT_EQ(Told(log.get()), Told());
  // What becomes true from now on is told, with the next numbers.
  lab_.now = At("2026-01-11 00:01");
  ASSERT_TRUE(*shard->Tick(lab_.now));
  Settle(*shard);
  EXPECT_THAT(ToldSince(log.get()), ElementsAre("2 overdue R 1"));
  EXPECT_EQ(lab_.Published(log.get()).back().fold_revision(), kNew);
  Hear({"done", "2026-01-11"}, 0, log.get());
  Settle(*shard);
  EXPECT_THAT(ToldSince(log.get()),
              ElementsAre("2 overdue R 1", "0 escalated C 2", "0 overdue C 2"));
  ExpectTheSameWhenFoldedAgain(*shard, log.get());
}

TEST_F(RevisionTest, WhatWasNeverTrueByTheNewRevisionIsHeldUntilItIsReleased) {
  LetTheOlderReleaseWork(1);
  const auto log = AsRead(30);
  std::unique_ptr<Shard> shard = Open(kNew, log.get());
  Settle(*shard);
  const auto held =
      ElementsAre("0 escalated W 2", "0 overdue W 2", "1 escalated W 3", "1 overdue W 3");
  EXPECT_THAT(Held(*shard), held);
  EXPECT_THAT(ToldSince(log.get()), IsEmpty());
  ExpectTheSameWhenFoldedAgain(*shard, log.get());
  // Over a restart as well.
  shard = nullptr;
  shard = Open(kNew, log.get());
  Settle(*shard);
  EXPECT_THAT(Held(*shard), held);
  Release(log.get());
  Settle(*shard);
  EXPECT_THAT(Held(*shard), IsEmpty());
  EXPECT_THAT(ToldSince(log.get()),
              testing::UnorderedElementsAre("0 escalated W 2", "0 overdue W 2", "1 escalated W 3",
                                            "1 overdue W 3"));
  Release(log.get());
  Settle(*shard);
  EXPECT_EQ(ToldSince(log.get()).size(), 4) << "once";
  ExpectTheSameWhenFoldedAgain(*shard, log.get());
}

TEST_F(RevisionTest, WhatTheOlderReleaseMissedIsHeldAndNewsGoesOut) {
  LetTheOlderReleaseWork(30);
  EXPECT_THAT(Told(), IsEmpty());
  const auto log = AsRead(1);
  lab_.now = At("2026-01-11 00:01");  // child 2 has fallen due while nobody ran
  std::unique_ptr<Shard> shard = Open(kNew, log.get());
  Settle(*shard);
  // Child 1 was overdue and is done: nobody needs to be told now.
  EXPECT_THAT(Held(*shard), ElementsAre("0 escalated E 1", "0 overdue R 1"));
  ASSERT_TRUE(*shard->Tick(lab_.now));
  Settle(*shard);
  EXPECT_THAT(Told(log.get()), ElementsAre("2 overdue R 1"));
  Release(log.get(), /*quiet=*/true);
  Settle(*shard);
  EXPECT_THAT(Told(log.get()), testing::UnorderedElementsAre("2 overdue R 1", "0 overdue R 1 quiet",
                                                             "0 escalated E 1 quiet"));
  // Later changes of what was told quietly are not quiet.
  Hear({"done", "2026-01-11"}, 0, log.get());
  Settle(*shard);
  EXPECT_EQ(Told(log.get()).back(), "0 overdue C 2");
  ExpectTheSameWhenFoldedAgain(*shard, log.get());
}

// The older release did not run any more, and no tick of its came when the newer one holds that
// somebody was due.
TEST_F(RevisionTest, WhatNoTickHadDrainedIsPartOfTheDifference) {
  LetTheOlderReleaseWork(30);
  const auto log = AsRead(4);  // due on the 10th
  lab_.now = At("2026-01-12 00:01");
  Hear({"begun", "2026-01-12"}, 4, log.get());  // admitted before the older release stopped
  const std::unique_ptr<Shard> shard = Open(kNew, log.get());
  Settle(*shard);
  EXPECT_THAT(Held(*shard), ElementsAre("0 escalated E 1", "0 overdue R 1"));
  ASSERT_TRUE(shard->Tick(lab_.now).ok());
  Settle(*shard);
  EXPECT_THAT(Told(log.get()), IsEmpty());
}

TEST_F(RevisionTest, ADueTimeThatMovedIsAmended) {
  LetTheOlderReleaseWork(1);
  const auto log = AsRead(2);
  const std::unique_ptr<Shard> shard = Open(kNew, log.get());
  Settle(*shard);
  // The second level would have come a day later, after child 1 was done.
  EXPECT_THAT(Held(*shard), ElementsAre("0 escalated W 2", "0 overdue A 2", "1 escalated W 3"));
  EXPECT_THAT(ToldSince(log.get()), IsEmpty());
  Hear({"done", "2026-01-09"}, 0, log.get());
  Settle(*shard);
  EXPECT_THAT(Held(*shard), ElementsAre("0 escalated C 2", "0 overdue C 2", "1 escalated W 3"));
  EXPECT_THAT(ToldSince(log.get()), IsEmpty()) << "what it says now waits like what it said before";
}

TEST_F(RevisionTest, AHeldAlertThatChangesStaysHeldAsWhatItSaysNow) {
  LetTheOlderReleaseWork(30);
  const auto log = AsRead(1);
  const std::unique_ptr<Shard> shard = Open(kNew, log.get());
  Settle(*shard);
  ASSERT_THAT(Held(*shard), ElementsAre("0 escalated E 1", "0 overdue R 1"));
  // Never told and over now: nobody needs to know.
  Hear({"done", "2026-01-09"}, 0, log.get());
  Settle(*shard);
  EXPECT_THAT(Held(*shard), IsEmpty());
  EXPECT_THAT(Told(log.get()), IsEmpty());
  Release(log.get());
  Settle(*shard);
  EXPECT_THAT(Told(log.get()), IsEmpty());
  ExpectTheSameWhenFoldedAgain(*shard, log.get());
}

TEST_F(RevisionTest, AReleaseOfAnotherRevisionReleasesNothing) {
  LetTheOlderReleaseWork(1);
  const auto log = AsRead(30);
  const std::unique_ptr<Shard> shard = Open(kNew, log.get());
  Release(log.get());  // before the difference is known
  Settle(*shard);
  Release(log.get(), false, kOld);
  Settle(*shard);
  EXPECT_EQ(Held(*shard).size(), 4);
  EXPECT_THAT(ToldSince(log.get()), IsEmpty());
}

TEST_F(RevisionTest, AnAlertOfAClockThatIsUnknownNowIsWithdrawn) {
  LetTheOlderReleaseWork(1);
  auto log = AsRead(1);
  alert::v1::Alert alert = lab_.Published().front();
  alert.set_alert_id("0123");
  alert.set_clock("another clock");
  alert.set_rule("another rule");
  alert.set_shard_number(7);
  alert.set_child(Story::Child(9).Hex());  // of whom the ledger knows nothing
  auto appender = *log->OpenAppender();
  ASSERT_TRUE(appender->Append(lab_.alerts(), "0123", alert.SerializeAsString()).ok());
  ASSERT_TRUE(appender->Flush().ok());
  std::unique_ptr<Shard> shard = Open(kNew, log.get());
  Settle(*shard);
  EXPECT_THAT(Held(*shard), ElementsAre("9 overdue W 2"));
  shard = nullptr;
  shard = Open(kNew, log.get());
  Release(log.get());
  Settle(*shard);
  EXPECT_EQ(Told(log.get()).back(), "9 overdue W 2");
  ExpectTheSameWhenFoldedAgain(*shard, log.get());
}

TEST_F(RevisionTest, KilledAnywhereItEndsInTheSameAndTellsOnce) {
  LetTheOlderReleaseWork(1);
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    SCOPED_TRACE(seed);
    const auto log = AsRead(30);
    log->SetFaults({seed, /*unknown_flushes=*/300, /*unknown_fenced=*/300, /*short_reads=*/300});
    lab_.Wipe();
    std::unique_ptr<Shard> shard = Open(kNew, log.get());
    uint64_t random = seed;
    bool released = false;
    for (int step = 0; step < 200; ++step) {
      random = random * 6364136223846793005u + 1442695040888963407u;
      switch ((random >> 33) % 4) {
        case 0:
          (void)shard->Pump(1 + static_cast<int>((random >> 40) % 7), absl::ZeroDuration());
          break;
        case 1:
          (void)shard->Tell();
          break;
        case 2:
          (void)shard->Tick(lab_.now);
          break;
        case 3:  // nothing that was not committed is left
          shard = nullptr;
          if ((random >> 50) % 4 == 0) lab_.Wipe();
          shard = Open(kNew, log.get());
          break;
      }
      if (step == 150) {
        log->SetFaults({});
        released = true;
        Settle(*shard);
        EXPECT_EQ(Held(*shard).size(), 4);
        EXPECT_THAT(ToldSince(log.get()), IsEmpty()) << "before the release";
        Release(log.get());
        log->SetFaults({seed, 0, /*unknown_fenced=*/300, /*short_reads=*/300});
      }
    }
    log->SetFaults({});
    ASSERT_TRUE(released);
    Settle(*shard);
    EXPECT_THAT(Held(*shard), IsEmpty());
    EXPECT_EQ(ToldSince(log.get()).size(), 4);
    ExpectTheSameWhenFoldedAgain(*shard, log.get());
    lab_.Wipe("again");
  }
}

TEST_F(RevisionTest, TwoProcessesThatTakeOverAtOnceAgree) {
  LetTheOlderReleaseWork(1);
  const auto log = AsRead(30);
  const std::unique_ptr<Shard> one = Open(kNew, log.get(), "one");
  const std::unique_ptr<Shard> two = Open(kNew, log.get(), "two");
  Lab::Pump(*one);
  Lab::Pump(*two);
  ASSERT_TRUE(one->Tell().ok());  // both state it before either has read the other
  ASSERT_TRUE(two->Tell().ok());
  Settle(*one);
  Settle(*two);
  EXPECT_EQ(one->fold().stated_at(), two->fold().stated_at());
  EXPECT_EQ(one->store().DigestAll()->digest.Hex(), two->store().DigestAll()->digest.Hex());
  Release(log.get());
  Lab::Pump(*one);
  Lab::Pump(*two);
  for (int i = 0; i < 3; ++i) {
    for (Shard* shard : {one.get(), two.get()}) {
      const absl::Status told = shard->Tell();
      EXPECT_TRUE(told.ok() || told.code() == absl::StatusCode::kAborted) << told;
    }
  }
  EXPECT_EQ(ToldSince(log.get()).size(), 4);
}

// A process of the older release that still runs tells something after the newer one took over: it
// took the number of the newer one's next change, which would have counted as told.
TEST_F(RevisionTest, WhatAnOlderReleaseStillTellsIsSeenAndContinuedFrom) {
  LetTheOlderReleaseWork(1);
  const auto log = AsRead(1);
  const std::unique_ptr<Shard> shard = Open(kNew, log.get());
  Settle(*shard);
  ASSERT_TRUE(shard->speaks());
  alert::v1::Alert late = lab_.Published().front();
  late.set_shard_number(7);
  late.set_number(2);
  late.set_state(alert::v1::STATE_WITHDRAWN);
  auto zombie = *log->OpenFencedWriter(lab_.alerts(), "teller");
  const NewEntry entry{late.alert_id(), late.SerializeAsString(), {}};
  ASSERT_TRUE(zombie->Append({&entry, 1}).ok());
  lab_.now = At("2026-01-11 00:01");
  ASSERT_TRUE(*shard->Tick(lab_.now));
  Lab::Pump(*shard);
  EXPECT_EQ(shard->Tell().code(), absl::StatusCode::kAborted) << "fenced";
  const absl::Status seen = shard->Tell();
  EXPECT_EQ(seen.code(), absl::StatusCode::kAborted);
  EXPECT_THAT(std::string(seen.message()), testing::HasSubstr("older release"));
  EXPECT_FALSE(shard->speaks());
  Settle(*shard);
  EXPECT_TRUE(shard->speaks());
  // Child 0 is overdue all the same: the difference to what was published last.
  EXPECT_THAT(Held(*shard), testing::Contains("0 overdue R 3"));
  Release(log.get());
  Settle(*shard);
  EXPECT_THAT(ToldSince(log.get()),
              testing::UnorderedElementsAre("0 overdue W 2", "0 overdue R 3", "2 overdue R 1"));
  ExpectTheSameWhenFoldedAgain(*shard, log.get());
}

TEST_F(RevisionTest, AStoreOfANewerReleaseIsRefusedAndLeftAsItIs) {
  LetTheOlderReleaseWork(1);
  ShardOptions options;
  options.topics = lab_.names;
  options.folder = lab_.Path();
  options.revision = 0;  // older than the store's
  const absl::Status refused = Shard::Open(&lab_.log(), options).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()), testing::HasSubstr("newer release"));
  options.revision = kOld;
  EXPECT_GT((*Shard::Open(&lab_.log(), options))->fold().next_offset(), 5);
}

TEST_F(RevisionTest, ALedgerThatANewerReleaseTookOverStopsTheOlder) {
  LetTheOlderReleaseWork(1);
  const std::unique_ptr<Shard> old = Open(kOld, nullptr, "old");
  Lab::Pump(*old);
  Settle(*Open(kNew, nullptr));
  EXPECT_EQ(old->Pump(1000, absl::ZeroDuration()).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST_F(RevisionTest, ManyPublishedAlertsStandInSeveralPages) {
  Published published;
  published.number = 5000;
  for (int i = 0; i < 5000; ++i) {
    alert::v1::Alert& alert = published.last.emplace_back();
    alert.set_alert_id(absl::StrCat(i));
    alert.set_clock(std::string(300, 'c'));
  }
  const auto records = RevisionRecords(kNew, published, 77, {});
  ASSERT_GT(records.size(), 3);
  int alerts = 0;
  for (size_t i = 0; i + 1 < records.size(); ++i) {
    const ledger::v1::PublishedPage& page = records[i].fact().published();
    EXPECT_EQ(page.page(), i);
    EXPECT_EQ(page.attempt(), 77);
    EXPECT_LT(page.ByteSizeLong(), kMaxOwnRecord);
    alerts += page.alert_size();
  }
  EXPECT_EQ(alerts, 5000);
  EXPECT_EQ(records.back().fact().continued().pages(), records.size() - 1);
  EXPECT_EQ(records.back().fact().continued().shard_number(), 5000);
}

}  // namespace
}  // namespace dolen
