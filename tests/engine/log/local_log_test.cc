// What holds for the local log beside the conformance suite: damage, disk errors, group commit,
// retention. Kills are in local_kill_test.cc.
#include "engine/log/local_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <random>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/log/local_format.h"
#include "engine/log/local_mark.h"
#include "engine/log/verify.h"
#include "rocksdb/db.h"
#include "tests/engine/log/conformance.h"
#include "tests/engine/log/faulty_file_system.h"
#include "tests/engine/log/folder.h"

namespace dolen {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
namespace fs = std::filesystem;

std::unique_ptr<LocalLog> MustOpen(const std::string& folder, LocalLogOptions options = {}) {
  auto log = LocalLog::Open(folder, std::move(options));
  EXPECT_TRUE(log.ok()) << log.status();
  return log.ok() ? *std::move(log) : nullptr;
}

void Append(Log& log, const TopicPartition& to, int first, int count) {
  auto appender = *log.OpenAppender();
  for (int i = first; i < first + count; ++i) {
    ASSERT_TRUE(appender->Append(to, absl::StrCat("key", i), absl::StrCat("value", i)).ok());
  }
  const absl::Status status = appender->Flush();
  ASSERT_TRUE(status.ok()) << status;
}

// Lets a test reach into the closed log's database.
std::unique_ptr<rocksdb::DB> OpenRaw(const std::string& folder) {
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* db = nullptr;
  const auto status = rocksdb::DB::Open(options, folder, &db);
  EXPECT_TRUE(status.ok()) << status.ToString();
  return std::unique_ptr<rocksdb::DB>(db);
}

// The first topic that a log creates has the id 0.
std::string KeyOf(int64_t offset) {
  const auto key = local::MakeRecordKey(0, 0, offset);
  return {key.data(), key.size()};
}

class LocalLogTest : public testing::Test {
 protected:
  const std::string& folder() const { return folder_.path(); }
  const TopicPartition at_{"topic", 0};

 private:
  TestFolder folder_;
};

TEST_F(LocalLogTest, ASecondOpenOfTheSameFolderIsRefused) {
  auto first = MustOpen(folder());
  const auto second = LocalLog::Open(folder());
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(second.status().message()),
              HasSubstr("another dolen is running on this folder: " + folder()));
  first = nullptr;
  EXPECT_NE(MustOpen(folder()), nullptr);
}

TEST_F(LocalLogTest, ClosingMakesDurableWhatWasAppendedAndNotFlushed) {
  auto log = MustOpen(folder());
  ASSERT_TRUE(log->CreateTopic({"topic"}).ok());
  {
    auto appender = *log->OpenAppender();
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(appender->Append(at_, "k", "v").ok());
  }
  log = nullptr;
  log = MustOpen(folder());
  EXPECT_EQ(log->BoundsOf(at_)->end, 100);
}

TEST_F(LocalLogTest, AnAppendedRecordIsReadableSoonThoughNobodyFlushes) {
  auto log = MustOpen(folder());
  ASSERT_TRUE(log->CreateTopic({"topic"}).ok());
  auto appender = *log->OpenAppender();
  ASSERT_TRUE(appender->Append(at_, "k", "v").ok());
  EXPECT_THAT(ReadValues(**log->Read(at_, 0), 1), ElementsAre("v"));
}

TEST_F(LocalLogTest, RecordsAreStampedByTheClockThatWasGiven) {
  LocalLogOptions options;
  options.clock = [] { return absl::FromUnixSeconds(1767225600) + absl::Microseconds(7); };
  auto log = MustOpen(folder(), options);
  ASSERT_TRUE(log->CreateTopic({"topic"}).ok());
  Append(*log, at_, 0, 1);
  EXPECT_EQ(ReadRecords(**log->Read(at_, 0), 1)[0].appended, options.clock());
}

TEST_F(LocalLogTest, ARecordThatIsTooLargeIsRefusedAndTheLogGoesOn) {
  auto log = MustOpen(folder());
  ASSERT_TRUE(log->CreateTopic({"topic"}).ok());
  auto appender = *log->OpenAppender();
  EXPECT_EQ(appender->Append(at_, "k", std::string(17 << 20, 'x')).code(),
            absl::StatusCode::kInvalidArgument);
  Append(*log, at_, 0, 1);
  EXPECT_EQ(log->BoundsOf(at_)->end, 1);
}

TEST_F(LocalLogTest, MoreThanMemoryMayHoldPassesThrough) {
  auto log = MustOpen(folder());
  ASSERT_TRUE(log->CreateTopic({"topic"}).ok());
  auto appender = *log->OpenAppender();
  const std::string value(500 * 1000, 'x');
  constexpr int kRecords = 100;  // 50 MB, beside groups of 8 MiB
  for (int i = 0; i < kRecords; ++i) ASSERT_TRUE(appender->Append(at_, "k", value).ok());
  ASSERT_TRUE(appender->Flush().ok());
  EXPECT_EQ(ReadValues(**log->Read(at_, 0), kRecords).size(), kRecords);
}

// --- damage

TEST_F(LocalLogTest, AMissingRecordIsDataLossAfterAllBeforeItWereRead) {
  auto log = MustOpen(folder());
  ASSERT_TRUE(log->CreateTopic({"topic"}).ok());
  Append(*log, at_, 0, 10);
  log = nullptr;
  ASSERT_TRUE(OpenRaw(folder())->Delete({}, KeyOf(6)).ok());
  log = MustOpen(folder());
  auto reader = *log->Read(at_, 0);
  EXPECT_EQ(ReadValues(*reader, 6).size(), 6u);
  for (int again = 0; again < 2; ++again) {
    const absl::Status status = reader->Read(10, absl::ZeroDuration()).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(std::string(status.message()),
                HasSubstr("topic/0 at offset 6: expected offset 6, found 7"));
  }
  EXPECT_EQ(VerifyLog(*log, {}).status().code(), absl::StatusCode::kDataLoss);
  // One who expects holes is not held up.
  EXPECT_EQ(ReadValues(**log->Read(at_, 0, Holes::kAllowed), 9).size(), 9u);
}

TEST_F(LocalLogTest, ARecordThatCannotBeDecodedIsDataLoss) {
  auto log = MustOpen(folder());
  ASSERT_TRUE(log->CreateTopic({"topic"}).ok());
  Append(*log, at_, 0, 3);
  log = nullptr;
  ASSERT_TRUE(OpenRaw(folder())->Put({}, KeyOf(1), "no record").ok());
  log = MustOpen(folder());
  const absl::Status status = VerifyLog(*log, {}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), HasSubstr("topic/0 at offset 1"));
}

TEST_F(LocalLogTest, AcknowledgedRecordsThatAreGoneAreNoticedOnOpening) {
  auto log = MustOpen(folder());
  ASSERT_TRUE(log->CreateTopic({"topic"}).ok());
  Append(*log, at_, 0, 10);
  log = nullptr;
  ASSERT_TRUE(OpenRaw(folder())->Delete({}, KeyOf(9)).ok());
  const absl::Status status = LocalLog::Open(folder()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), HasSubstr("ends after 9 of at least 10"));
  // The operator may decide to go on.
  fs::remove(fs::path(folder()) / local::AcknowledgedMark::kFileName);
  log = MustOpen(folder());
  EXPECT_EQ(log->BoundsOf(at_)->end, 9);
}

TEST_F(LocalLogTest, AFolderOfSomethingElseIsNotTakenForALog) {
  ASSERT_TRUE(OpenRaw(folder())->Put({}, "x", "y").ok());
  EXPECT_EQ(LocalLog::Open(folder()).status().code(), absl::StatusCode::kDataLoss);
}

// Flips one bit of one of the files that hold the log.
std::string FlipABit(const std::string& folder, std::mt19937& random) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    const bool mine = absl::EndsWith(name, ".sst") || absl::EndsWith(name, ".log") ||
                      absl::StartsWith(name, "MANIFEST") || name == "CURRENT";
    if (mine && fs::file_size(entry.path()) > 0) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  const fs::path path = files[random() % files.size()];
  const uint64_t at = random() % fs::file_size(path);
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(at);
  const char byte = static_cast<char>(file.get() ^ (1 << (random() % 8)));
  file.seekp(at);
  file.put(byte);
  return absl::StrCat(path.filename().string(), " at ", at);
}

TEST_F(LocalLogTest, AFlippedBitIsReportedAndNeverReadAsData) {
  const std::string whole = folder() + "/whole", damaged = folder() + "/damaged";
  auto log = MustOpen(whole);
  ASSERT_TRUE(log->CreateTopic({"topic"}).ok());
  Append(*log, at_, 0, 2000);
  log = nullptr;  // these are in a table file now
  log = MustOpen(whole);
  Append(*log, at_, 2000, 2000);  // and these in the write-ahead log
  const auto expected = VerifyLog(*log, {});
  ASSERT_TRUE(expected.ok()) << expected.status();
  constexpr int kRounds = 150;
  int reported = 0;
  std::mt19937 random(1);
  for (int round = 0; round < kRounds; ++round) {
    fs::remove_all(damaged);
    fs::copy(whole, damaged);
    const std::string where = FlipABit(damaged, random);
    auto opened = LocalLog::Open(damaged);
    const auto found = opened.ok() ? VerifyLog(**opened, {}) : opened.status();
    if (!found.ok()) {
      EXPECT_EQ(found.status().code(), absl::StatusCode::kDataLoss) << where << found.status();
      ++reported;
      continue;
    }
    // A bit that nothing depends on, such as padding.
    ASSERT_EQ(found->at(0).records, 4000) << where;
    ASSERT_EQ(found->at(0).content, expected->at(0).content) << where;
    ASSERT_EQ(found->at(0).times, expected->at(0).times) << where;
  }
  RecordProperty("reported", reported);
  EXPECT_GT(reported, kRounds / 2);
}

// --- the disk says no

class LocalLogOnFaultyDisk : public LocalLogTest {
 protected:
  LocalLogOnFaultyDisk()
      : env_(rocksdb::NewCompositeEnv(std::make_shared<FaultyFileSystem>(&faults_))) {
    options_.env = env_.get();
    log_ = MustOpen(folder(), options_);
    EXPECT_TRUE(log_->CreateTopic({"topic"}).ok());
    Append(*log_, at_, 0, 5);
  }

  // The log has stopped: all say so, what was acknowledged is still read, and a new start is fine.
  void ExpectStoppedAndWholeAfterARestart(LogAppender& appender) {
    const auto stopped = absl::StatusCode::kFailedPrecondition;
    EXPECT_EQ(appender.Append(at_, "k", "later").code(), stopped);
    EXPECT_FALSE(appender.Flush().ok());
    EXPECT_EQ(log_->OpenFencedWriter(at_, "w").status().code(), stopped);
    EXPECT_EQ(log_->CreateTopic({"more"}).code(), stopped);
    EXPECT_EQ(log_->Commit("group", at_, 1).code(), stopped);
    EXPECT_EQ(log_->BoundsOf(at_)->end, 5);
    auto reader = *log_->Read(at_, 0);
    EXPECT_EQ(ReadValues(*reader, 5).size(), 5u);
    EXPECT_THAT(*reader->Read(10, absl::ZeroDuration()), IsEmpty());
    reader = nullptr;
    log_ = nullptr;
    log_ = MustOpen(folder());
    EXPECT_GE(log_->BoundsOf(at_)->end, 5);
    EXPECT_EQ(ReadValues(**log_->Read(at_, 0), 5).back(), "value4");
  }

  LogFileFaults faults_;
  std::unique_ptr<rocksdb::Env> env_;
  LocalLogOptions options_;
  std::unique_ptr<LocalLog> log_;
};

TEST_F(LocalLogOnFaultyDisk, AFullDiskStopsTheLogWithAClearStatus) {
  auto appender = *log_->OpenAppender();
  faults_.no_space = true;
  ASSERT_TRUE(appender->Append(at_, "k", "v").ok());
  const absl::Status status = appender->Flush();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnknown);
  EXPECT_THAT(std::string(status.message()), HasSubstr("No space left on device"));
  faults_.no_space = false;  // even so: it stays stopped
  ExpectStoppedAndWholeAfterARestart(*appender);
}

TEST_F(LocalLogOnFaultyDisk, AFailedFsyncIsNeverTriedAgain) {
  auto appender = *log_->OpenAppender();
  auto writer = *log_->OpenFencedWriter(at_, "w");
  faults_.sync_fails = true;
  EXPECT_EQ(writer->Append(Batch{{"k", "v", {}}}).code(), absl::StatusCode::kUnknown);
  const int syncs = faults_.syncs;
  faults_.sync_fails = false;
  ExpectStoppedAndWholeAfterARestart(*appender);
  EXPECT_EQ(faults_.syncs, syncs);
}

TEST_F(LocalLogOnFaultyDisk, NoReaderSeesARecordBeforeItsFsync) {
  auto appender = *log_->OpenAppender();
  auto reader = *log_->Read(at_, 5);
  faults_.CloseGate();
  ASSERT_TRUE(appender->Append(at_, "k", "v").ok());
  absl::Status flushed;
  std::thread flush([&] { flushed = appender->Flush(); });
  faults_.WaitForSyncAtGate();
  EXPECT_EQ(log_->BoundsOf(at_)->end, 5);
  EXPECT_THAT(*reader->Read(10, absl::Milliseconds(20)), IsEmpty());
  faults_.OpenGate();
  flush.join();
  EXPECT_TRUE(flushed.ok()) << flushed;
  EXPECT_THAT(ReadValues(*reader, 1), ElementsAre("v"));
}

TEST_F(LocalLogOnFaultyDisk, ANewFencedWriterSeesWhatTheOldOneHadOnItsWay) {
  auto old = *log_->OpenFencedWriter(at_, "w");
  faults_.CloseGate();
  absl::Status appended;
  std::thread append([&] { appended = old->Append(Batch{{"k", "on its way", {}}}); });
  faults_.WaitForSyncAtGate();
  auto opened = std::async(std::launch::async, [&] {
    const auto writer = log_->OpenFencedWriter(at_, "w");
    EXPECT_TRUE(writer.ok()) << writer.status();
    EXPECT_EQ(log_->BoundsOf(at_)->end, 6);
  });
  EXPECT_EQ(opened.wait_for(std::chrono::milliseconds(30)), std::future_status::timeout);
  faults_.OpenGate();
  append.join();
  opened.get();
  EXPECT_TRUE(appended.ok()) << appended;
}

TEST_F(LocalLogOnFaultyDisk, ManyRecordsShareAnFsync) {
  const int before = faults_.syncs;
  Append(*log_, at_, 5, 20000);
  EXPECT_LT(faults_.syncs - before, 1000);
}

// --- retention

TEST_F(LocalLogTest, ExpiredRecordsAreTrimmedFromTheFrontAndStayGone) {
  absl::Time now = absl::FromUnixSeconds(1767225600);
  LocalLogOptions options;
  options.clock = [&now] { return now; };
  auto log = MustOpen(folder(), options);
  TopicSpec spec{"topic", 2};
  spec.keep = absl::Hours(24);
  ASSERT_TRUE(log->CreateTopic(spec).ok());
  ASSERT_TRUE(log->CreateTopic({"kept"}).ok());
  Append(*log, at_, 0, 5000);
  Append(*log, {"kept", 0}, 0, 10);
  now += absl::Hours(20);
  Append(*log, at_, 5000, 10);
  now += absl::Hours(5);
  auto late = *log->Read(at_, 0);
  EXPECT_EQ(*log->TrimExpired(), 5000);
  EXPECT_EQ(*log->TrimExpired(), 0);
  EXPECT_EQ(late->Read(1, absl::ZeroDuration()).status().code(), absl::StatusCode::kOutOfRange);
  for (int again = 0; again < 2; ++again) {
    EXPECT_EQ(log->BoundsOf(at_)->begin, 5000);
    EXPECT_EQ(log->BoundsOf(at_)->end, 5010);
    EXPECT_EQ(log->BoundsOf({"kept", 0})->begin, 0);
    EXPECT_EQ(log->Read(at_, 4999).status().code(), absl::StatusCode::kOutOfRange);
    EXPECT_EQ(ReadValues(**log->Read(at_, 5000), 10).front(), "value5000");
    log = nullptr;
    log = MustOpen(folder(), options);
  }
  now += absl::Hours(24);
  EXPECT_EQ(*log->TrimExpired(), 10);
  log = nullptr;
  log = MustOpen(folder(), options);
  // An emptied partition goes on counting.
  EXPECT_EQ(log->BoundsOf(at_)->begin, 5010);
  Append(*log, at_, 5010, 1);
  EXPECT_EQ(ReadRecords(**log->Read(at_, 5010), 1)[0].offset, 5010);
}

TEST_F(LocalLogTest, AppendingAndReadingGoOnWhileItTrims) {
  std::atomic<int64_t> hours{0};
  LocalLogOptions options;
  options.clock = [&hours] {
    return absl::FromUnixSeconds(1767225600) + absl::Hours(hours.load());
  };
  options.write_buffer_bytes = 64 * 1024;  // files to delete and rewrite, not only a memtable
  auto log = MustOpen(folder(), options);
  TopicSpec spec{"topic"};
  spec.keep = absl::Hours(24);
  ASSERT_TRUE(log->CreateTopic(spec).ok());
  constexpr int kOld = 20000;
  Append(*log, at_, 0, kOld);
  hours = 25;
  Append(*log, at_, kOld, 1);
  std::atomic<bool> trimmed{false};
  std::atomic<int> meanwhile{0};
  int added = 0, read = 0;
  std::thread busy([&] {
    auto reader = *log->Read(at_, kOld);
    // A hundred more when it is done: what trimming left behind must bear them too.
    for (int after = 0; after < 100; after += trimmed ? 1 : 0) {
      Append(*log, at_, kOld + 1 + added, 1);
      ++added;
      if (!trimmed) ++meanwhile;
      const auto entries = reader->Read(10, absl::Seconds(5));
      ASSERT_TRUE(entries.ok()) << entries.status();
      for (const Entry& entry : *entries) {
        ASSERT_EQ(entry.offset, kOld + read);
        ASSERT_EQ(entry.value, absl::StrCat("value", kOld + read));
        ++read;
      }
    }
  });
  while (meanwhile == 0) std::this_thread::yield();
  const int before = meanwhile;
  EXPECT_EQ(*log->TrimExpired(), kOld);
  trimmed = true;
  busy.join();
  EXPECT_GT(meanwhile, before);
  EXPECT_EQ(read, added + 1);
  EXPECT_EQ(log->BoundsOf(at_)->begin, kOld);
  EXPECT_EQ(log->BoundsOf(at_)->end, kOld + 1 + added);
}

TEST_F(LocalLogTest, NothingTrimmedIsLeftOnTheDisk) {
  absl::Time now = absl::FromUnixSeconds(1767225600);
  LocalLogOptions options;
  options.clock = [&now] { return now; };
  auto log = MustOpen(folder(), options);
  TopicSpec spec{"topic"};
  spec.keep = absl::Hours(1);
  ASSERT_TRUE(log->CreateTopic(spec).ok());
  auto appender = *log->OpenAppender();
  ASSERT_TRUE(appender->Append(at_, "k", "a-secret-of-long-ago").ok());
  ASSERT_TRUE(appender->Flush().ok());
  now += absl::Hours(2);
  ASSERT_TRUE(appender->Append(at_, "k", "kept-for-now").ok());
  ASSERT_TRUE(appender->Flush().ok());
  EXPECT_EQ(*log->TrimExpired(), 1);
  appender = nullptr;
  log = nullptr;
  log = MustOpen(folder(), options);  // write-ahead logs that are no longer needed go at a start
  bool kept = false;
  for (const auto& entry : fs::directory_iterator(folder())) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    EXPECT_FALSE(absl::StrContains(bytes, "a-secret-of-long-ago")) << entry.path();
    kept = kept || absl::StrContains(bytes, "kept-for-now");
  }
  EXPECT_TRUE(kept);
}

}  // namespace
}  // namespace dolen
