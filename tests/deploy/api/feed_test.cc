// Lists as they change: what a reader has after any number of breaks is what the list says, and
// nothing reached them twice.
#include "deploy/api/feed.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "engine/audit/audit_log.h"
#include "nlohmann/json.hpp"
#include "tests/deploy/api/reader_world.h"

namespace dolen {
namespace {

using story::Said;
using Json = nlohmann::json;

constexpr char kBook[] = R"(rule { id: "R"
  accountable: "asked" start { is: "referral_made" } stop { is: "seen" }
  limit { allow { hours: 8 } } level { name: "overdue" } })";

struct Got {
  std::string id, event, data;
};

std::vector<Got> Parse(const std::string& text) {
  std::vector<Got> all;
  for (const absl::string_view block : absl::StrSplit(text, "\n\n", absl::SkipEmpty())) {
    Got got;
    for (const absl::string_view line : absl::StrSplit(block, '\n')) {
      if (absl::StartsWith(line, "id: ")) got.id = std::string(line.substr(4));
      if (absl::StartsWith(line, "event: ")) got.event = std::string(line.substr(7));
      if (absl::StartsWith(line, "data: ")) got.data = std::string(line.substr(6));
    }
    if (!got.event.empty()) all.push_back(got);
  }
  return all;
}

// A browser's page: follows a stream, remembers the last id, and keeps the list.
class Page {
 public:
  Page(ReaderWorld* world, Reader reader) : world_(world), reader_(std::move(reader)) {}
  ~Page() { Leave(); }

  void Come() {
    const HttpResponse response = world_->GetAfter(reader_, "/v1/worklist/stream", last_id_);
    ASSERT_EQ(response.status, 200) << response.body;
    stream_ = response.stream;
    stream_->Attach([] {});
    Take(response.body);
  }
  void Leave() {
    if (stream_ == nullptr) return;
    stream_->Detach();
    stream_ = nullptr;
  }
  // What has come since.
  void Look() {
    if (stream_ == nullptr) return;
    const std::string bytes = stream_->Take().bytes;
    stream_->Written(bytes.size());
    Take(bytes);
  }
  bool is_there() const { return stream_ != nullptr; }
  // What was sent to it and it has not taken.
  size_t waiting() const { return stream_->unsent_bytes(); }
  // Child and clock: due.
  const std::map<std::string, std::string>& list() const { return list_; }
  int changes() const { return changes_; }
  int doubles() const { return changes_ - static_cast<int>(seen_.size()); }
  int resets() const { return resets_; }

 private:
  void Take(const std::string& bytes) {
    for (const Got& got : Parse(bytes)) {
      if (!got.id.empty()) last_id_ = got.id;
      if (got.event == "reset") {
        list_.clear();
        ++resets_;
        in_list_ = true;
      }
      if (got.event == "live") in_list_ = false;
      if (got.event != "item" && got.event != "gone") continue;
      if (!in_list_) {
        ++changes_;
        seen_.insert(absl::StrCat(got.event, " ", got.data));
      }
      const Json json = Json::parse(got.data);
      const std::string name =
          absl::StrCat(json["child"].get<std::string>(), " ", json["clock"].get<std::string>());
      if (got.event == "gone") {
        list_.erase(name);
      } else {
        list_[name] = json["due"].is_null() ? "" : json["due"].get<std::string>();
      }
    }
  }

  ReaderWorld* const world_;
  const Reader reader_;
  std::shared_ptr<EventStream> stream_;
  std::string last_id_;
  std::map<std::string, std::string> list_;
  bool in_list_ = false;
  int changes_ = 0, resets_ = 0;
  std::set<std::string> seen_;  // changes, each once
};

class FeedTest : public testing::Test {
 protected:
  FeedTest() {
    world_.story().Publish("2026-01-01 08:00", story::BookOf(kBook));
    world_.Follow();
  }
  static std::string Minute(int number) {
    return absl::StrCat("2026-01-05 ", number / 60 < 10 ? "0" : "", number / 60, ":",
                        number % 60 < 10 ? "0" : "", number % 60);
  }
  void Refer(int child, int minute, const char* to = "b") {
    world_.Hear(Minute(minute), Said("referral_made", Minute(minute)).By("a").To(to).In("m"),
                child);
  }
  void See(int child, int minute) {
    world_.Hear(Minute(minute), Said("seen", Minute(minute)).By("b").In("m"), child);
  }
  // Until the page has so many changes.
  void WaitFor(Page& page, int changes) {
    for (int i = 0; i < 500 && page.changes() < changes; ++i) {
      absl::SleepFor(absl::Milliseconds(10));
      page.Look();
    }
    EXPECT_EQ(page.changes(), changes);
  }
  // Until the page has the list as it is.
  void WaitForList(Page& page) {
    const std::map<std::string, std::string> list = ListOf(reader_);
    for (int i = 0; i < 500 && page.list() != list; ++i) {
      absl::SleepFor(absl::Milliseconds(10));
      page.Look();
    }
    EXPECT_EQ(page.list(), list);
  }
  std::map<std::string, std::string> ListOf(const Reader& reader) {
    std::map<std::string, std::string> list;
    const Json page = Json::parse(world_.Get(reader, "/v1/worklist?limit=200").body);
    for (const Json& item : page["items"]) {
      list[absl::StrCat(item["child"].get<std::string>(), " ", item["clock"].get<std::string>())] =
          item["due"];
    }
    return list;
  }

  ReaderWorld world_;
  const Reader reader_{"b"};
};

TEST_F(FeedTest, AReaderGetsTheListAndThenWhatChanges) {
  Refer(0, 0);
  Page page(&world_, reader_);
  page.Come();
  EXPECT_EQ(page.list().size(), 1u);
  Refer(1, 1);
  WaitFor(page, 1);
  See(0, 2);
  WaitFor(page, 2);
  EXPECT_EQ(page.list(), ListOf(reader_));
  EXPECT_EQ(page.list().size(), 1u);
}

// Found by the benchmark of reading: what began was judged as of the time that all shards had
// reached, so that it went at once where another shard was quiet, and was never sent again.
TEST_F(FeedTest, AQuietShardHidesNothingThatBeginsInAnother) {
  world_.AddQuietShard("2026-01-01 08:00", story::BookOf(kBook));
  ASSERT_EQ(story::Story::Child(1).Partition(2), 0);
  Page page(&world_, reader_);
  page.Come();
  Refer(1, 0);
  WaitFor(page, 1);
  EXPECT_EQ(page.list().size(), 1u);
  EXPECT_EQ(page.list(), ListOf(reader_));
}

TEST_F(FeedTest, NobodyGetsWhatIsOfOthers) {
  Page page(&world_, {"d"});
  page.Come();
  Page asked(&world_, reader_);
  asked.Come();
  Refer(0, 0);
  WaitFor(asked, 1);
  page.Look();
  EXPECT_EQ(page.changes(), 0);
}

TEST_F(FeedTest, WhoeverComesBackGoesOnWhereTheyWere) {
  Page page(&world_, reader_);
  page.Come();
  Refer(0, 0);
  WaitFor(page, 1);
  page.Leave();
  Refer(1, 1);
  See(0, 2);
  page.Come();
  WaitFor(page, 3);
  EXPECT_EQ(page.resets(), 1) << "only the first time";
  EXPECT_EQ(page.list(), ListOf(reader_));
}

TEST_F(FeedTest, AfterARestartTheListComesWhole) {
  Page page(&world_, reader_);
  page.Come();
  Refer(0, 0);
  WaitFor(page, 1);
  page.Leave();
  Refer(1, 1);
  world_.RestartApi();
  page.Come();
  EXPECT_EQ(page.resets(), 2);
  EXPECT_EQ(page.list(), ListOf(reader_));
  EXPECT_EQ(page.list().size(), 2u);
}

TEST_F(FeedTest, WhatIsSentIsOnRecordBeforeItIsSent) {
  Page page(&world_, reader_);
  page.Come();
  Refer(3, 0);
  WaitFor(page, 1);
  std::vector<audit::v1::Read> reads;
  ASSERT_TRUE(VerifyAudit(world_.log(), TopicNames(), {}, [&](const audit::v1::Read& read) {
                reads.push_back(read);
              }).ok());
  ASSERT_EQ(reads.size(), 2u);
  EXPECT_EQ(reads[1].what(), "GET /v1/worklist/stream");
  EXPECT_EQ(reads[1].child(0), story::Story::Child(3).Hex());
}

TEST_F(FeedTest, AfterAnyBreaksTheListIsRightAndNothingCameTwice) {
  std::mt19937_64 random(7);
  Page page(&world_, reader_);
  page.Come();
  for (int minute = 0; minute < 300; ++minute) {
    const int child = static_cast<int>(random() % 400);
    const bool is_ours = random() % 4 > 0;
    if (minute % 3 != 2) {
      Refer(1000 * minute + child, minute, is_ours ? "b" : "c");
    } else {
      Refer(1000 * minute + child, minute);
      See(1000 * minute + child, minute);
    }
    if (random() % 10 == 0) page.is_there() ? page.Leave() : page.Come();
    if (random() % 5 == 0) page.Look();
  }
  if (!page.is_there()) page.Come();
  WaitForList(page);
  EXPECT_EQ(page.resets(), 1);
  EXPECT_EQ(page.doubles(), 0);
}

// Found by the benchmark of reading: beside ingest at full rate every reader of a stream was sent
// each change of each row, fell behind, and was cut off.
TEST_F(FeedTest, WhoeverIsSlowIsToldTheLatestOfEachRowOnce) {
  Page page(&world_, reader_);
  page.Come();
  Refer(0, 0);
  WaitFor(page, 1);
  // From here on it takes nothing. Another page of the same list does: when that was told, the feed
  // has been by.
  Page other(&world_, reader_);
  other.Come();
  Refer(1, 1);
  WaitFor(other, 1);
  const size_t waiting = page.waiting();
  EXPECT_GT(waiting, 0u);
  for (int minute = 2; minute < 12; ++minute) {
    Refer(minute, minute);
    WaitFor(other, 2 * minute - 2);
    if (minute % 2 == 0) See(minute, minute);
    if (minute % 2 != 0) Refer(minute + 100, minute);
    WaitFor(other, 2 * minute - 1);
  }
  EXPECT_EQ(page.waiting(), waiting) << "nothing piles up for whoever takes nothing";
  WaitForList(page);
  EXPECT_EQ(page.list(), other.list());
  // The first, the one that waited, and five with both of theirs: what came and went is not told.
  EXPECT_EQ(page.changes(), 1 + 1 + 5 * 2);
  EXPECT_EQ(page.resets(), 1);
}

}  // namespace
}  // namespace dolen
