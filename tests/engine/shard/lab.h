// A ledger with one partition in memory, a clock for its appends, and shards over it.
#ifndef DOLEN_TESTS_ENGINE_SHARD_LAB_H_
#define DOLEN_TESTS_ENGINE_SHARD_LAB_H_

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "dolen/alert/v1/alert.pb.h"
#include "engine/base/check.h"
#include "engine/base/time.h"
#include "engine/log/simulated_log.h"
#include "engine/shard/shard.h"
#include "tests/engine/child/story.h"

namespace dolen {

class Lab {
 public:
  // Its ledger begins as those of releases with this fold revision do.
  explicit Lab(SimulatedFaults faults = {}, uint32_t revision = kFoldRevision)
      : path_(testing::TempDir() + "/dolen-shard-XXXXXX"), revision_(revision) {
    DOLEN_CHECK(mkdtemp(path_.data()) != nullptr);
    log_ = NewLog(faults);
  }
  ~Lab() { std::filesystem::remove_all(path_); }

  std::unique_ptr<SimulatedLog> NewLog(SimulatedFaults faults = {}) {
    auto log =
        std::make_unique<SimulatedLog>(SimulatedLogOptions{[this] { return now; }, "lab", faults});
    DOLEN_CHECK(log->CreateTopic({names.Ledger(), 1}).ok());
    DOLEN_CHECK(log->CreateTopic({names.Alerts(), 1, true}).ok());
    log->SetFaults({});
    Append(FirstRecord(revision_), log.get());
    log->SetFaults(faults);
    return log;
  }

  SimulatedLog& log() { return *log_; }
  TopicPartition ledger() const { return {names.Ledger(), 0}; }
  TopicPartition alerts() const { return {names.Alerts(), 0}; }

  // Appends to the ledger, with the writer's clock showing `now` too.
  void Append(ledger::v1::Record record, Log* to = nullptr) {
    record.set_written(Micros(now));
    auto appender = *(to == nullptr ? log_.get() : to)->OpenAppender();
    DOLEN_CHECK(appender->Append(ledger(), "", record.SerializeAsString()).ok());
    // A fault says that nothing is known; the tests of faults do not begin before the ledger is
    // there.
    DOLEN_CHECK(appender->Flush().ok());
  }
  void Hear(const story::Said& said, int child) {
    Append(story::Story::RecordOf(said, story::Story::Child(child)));
  }
  void Publish(absl::string_view rules, absl::string_view version = "1", Log* to = nullptr) {
    ledger::v1::Record record;
    record.mutable_book()->set_book(story::BookOf(rules, version).SerializeAsString());
    *record.mutable_book()->mutable_zone() = story::LondonTable();
    Append(record, to);
  }

  std::unique_ptr<Shard> Open(const std::string& folder = "s", Log* log = nullptr,
                              ShardOptions options = {}) {
    options.topics = names;
    options.folder = path_ + "/" + folder;
    absl::StatusOr<std::unique_ptr<Shard>> shard =
        Shard::Open(log == nullptr ? log_.get() : log, options);
    DOLEN_CHECK(shard.ok());
    return *std::move(shard);
  }
  void Wipe(const std::string& folder = "s") { std::filesystem::remove_all(path_ + "/" + folder); }
  std::string Path(const std::string& folder = "s") const { return path_ + "/" + folder; }

  // Folds everything that is there.
  static void Pump(Shard& shard) {
    for (;;) {
      const absl::StatusOr<int> read = shard.Pump(1000, absl::ZeroDuration());
      ASSERT_TRUE(read.ok()) << read.status();
      if (*read == 0 && *shard.IsAtEnd()) return;
    }
  }

  // What stands in the alerts topic.
  std::vector<alert::v1::Alert> Published(Log* log = nullptr) {
    Log& of = log == nullptr ? *log_ : *log;
    std::vector<alert::v1::Alert> all;
    auto reader = *of.Read(alerts(), 0, Holes::kAllowed);
    while (reader->position() < of.BoundsOf(alerts())->end) {
      const absl::Span<const Entry> entries = *reader->Read(1000, absl::ZeroDuration());
      for (const Entry& entry : entries) {
        DOLEN_CHECK(all.emplace_back().ParseFromArray(entry.value.data(),
                                                      static_cast<int>(entry.value.size())));
      }
    }
    return all;
  }
  // Each change once and in order, from 1 to `count`.
  void ExpectPublished(size_t count, Log* log = nullptr) {
    const std::vector<alert::v1::Alert> all = Published(log);
    ASSERT_EQ(all.size(), count);
    for (size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i].shard_number(), i + 1);
  }

  TopicNames names;
  absl::Time now = story::At("2026-01-05 09:00");

 private:
  std::string path_;
  const uint32_t revision_;
  std::unique_ptr<SimulatedLog> log_;
};

// One calendar day from "begun" to "done".
inline std::string OneDay() {
  return story::Rule(
      R"(start { is: "begun" } stop { is: "done" } limit { allow { calendar_days: 1 } })");
}

}  // namespace dolen

#endif  // DOLEN_TESTS_ENGINE_SHARD_LAB_H_
