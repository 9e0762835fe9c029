#include "tests/engine/log/conformance.h"

#include <gmock/gmock.h>

#include <atomic>
#include <map>
#include <thread>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace dolen {

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(LogConformance);

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<Seen> ReadRecords(LogReader& reader, size_t count) {
  std::vector<Seen> seen;
  const absl::Time deadline = absl::Now() + kPatience;
  while (seen.size() < count && absl::Now() < deadline) {
    const auto entries = reader.Read(static_cast<int>(count - seen.size()), deadline - absl::Now());
    EXPECT_TRUE(entries.ok()) << entries.status();
    if (!entries.ok()) return seen;
    for (const Entry& entry : *entries) {
      seen.push_back({entry.offset,
                      entry.appended,
                      std::string(entry.key),
                      std::string(entry.value),
                      {entry.headers.begin(), entry.headers.end()},
                      entry.tombstone});
    }
  }
  EXPECT_EQ(seen.size(), count) << "not all records could be read";
  return seen;
}

std::vector<std::string> ReadValues(LogReader& reader, size_t count) {
  std::vector<std::string> values;
  for (const Seen& seen : ReadRecords(reader, count)) values.push_back(seen.value);
  return values;
}

std::string LogConformance::Topic(const std::string& name, int32_t partitions) {
  const std::string topic = Unique(name);
  const absl::Status status = log().CreateTopic({topic, partitions});
  EXPECT_TRUE(status.ok()) << status;
  return topic;
}

void LogConformance::Append(const TopicPartition& to, const std::vector<std::string>& values) {
  auto appender = log().OpenAppender();
  ASSERT_TRUE(appender.ok()) << appender.status();
  for (const std::string& value : values) {
    const absl::Status status = (*appender)->Append(to, "key", value);
    ASSERT_TRUE(status.ok()) << status;
  }
  const absl::Status status = (*appender)->Flush();
  ASSERT_TRUE(status.ok()) << status;
}

std::unique_ptr<LogReader> LogConformance::ReaderAt(const TopicPartition& from, int64_t offset,
                                                    Holes holes) {
  auto reader = log().Read(from, offset, holes);
  EXPECT_TRUE(reader.ok()) << reader.status();
  return reader.ok() ? *std::move(reader) : nullptr;
}

std::unique_ptr<FencedWriter> LogConformance::Writer(const TopicPartition& to,
                                                     const std::string& name) {
  auto writer = log().OpenFencedWriter(to, name);
  EXPECT_TRUE(writer.ok()) << writer.status();
  return writer.ok() ? *std::move(writer) : nullptr;
}

namespace {

NewEntry Value(const std::string& value) { return {"key", value, {}}; }

// --- topics

TEST_P(LogConformance, TopicsAreListedByPrefixInOrder) {
  const std::string b = Topic("list.b"), a = Topic("list.a", 3), other = Topic("other");
  const auto listed = log().Topics(Unique("list."));
  ASSERT_TRUE(listed.ok()) << listed.status();
  EXPECT_THAT(*listed, ElementsAre(a, b));
  EXPECT_THAT(*log().Topics(Unique("nothing.like.it")), IsEmpty());
  EXPECT_EQ(*log().Partitions(a), 3);
}

TEST_P(LogConformance, CreatingATopicAgainIsFineButNotWithOtherPartitions) {
  const std::string topic = Topic("again", 2);
  EXPECT_TRUE(log().CreateTopic({topic, 2}).ok());
  EXPECT_EQ(log().CreateTopic({topic, 3}).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(*log().Partitions(topic), 2);
}

TEST_P(LogConformance, ATopicWithoutAProperNameOrPartitionsIsRefused) {
  EXPECT_EQ(log().CreateTopic({"no/slash", 1}).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(log().CreateTopic({Unique("none"), 0}).code(), absl::StatusCode::kInvalidArgument);
}

TEST_P(LogConformance, MissingTopicsAndPartitionsAreNotFound) {
  const std::string missing = Unique("missing"), topic = Topic("there", 2);
  const auto code = absl::StatusCode::kNotFound;
  EXPECT_EQ(log().Partitions(missing).status().code(), code);
  for (const TopicPartition& none :
       {TopicPartition{missing, 0}, TopicPartition{topic, 2}, TopicPartition{topic, -1}}) {
    EXPECT_EQ(log().BoundsOf(none).status().code(), code);
    EXPECT_EQ(log().Read(none, 0).status().code(), code);
    EXPECT_EQ(log().OpenFencedWriter(none, "w").status().code(), code);
  }
}

TEST_P(LogConformance, AppendingToAMissingTopicIsNotFoundByTheFlushAtTheLatest) {
  auto appender = log().OpenAppender();
  ASSERT_TRUE(appender.ok()) << appender.status();
  absl::Status status = (*appender)->Append({Unique("missing"), 0}, "key", "value");
  if (status.ok()) status = (*appender)->Flush();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound) << status;
}

// --- appending and reading

TEST_P(LogConformance, ANewPartitionIsEmpty) {
  const TopicPartition at{Topic("empty"), 0};
  const auto bounds = log().BoundsOf(at);
  ASSERT_TRUE(bounds.ok()) << bounds.status();
  EXPECT_EQ(bounds->begin, 0);
  EXPECT_EQ(bounds->end, 0);
}

TEST_P(LogConformance, RecordsComeBackInOrderWithContiguousOffsetsFromZero) {
  const TopicPartition at{Topic("order"), 0};
  std::vector<std::string> values;
  for (int i = 0; i < 2500; ++i) values.push_back(absl::StrCat("value ", i));
  Append(at, values);
  const auto reader = ReaderAt(at, 0);
  const std::vector<Seen> seen = ReadRecords(*reader, values.size());
  ASSERT_EQ(seen.size(), values.size());
  for (size_t i = 0; i < seen.size(); ++i) {
    ASSERT_EQ(seen[i].offset, static_cast<int64_t>(i));
    ASSERT_EQ(seen[i].value, values[i]);
  }
  EXPECT_EQ(reader->position(), 2500);
  EXPECT_EQ(log().BoundsOf(at)->begin, 0);
  EXPECT_EQ(log().BoundsOf(at)->end, 2500);
}

TEST_P(LogConformance, PartitionsAndTopicsDoNotMix) {
  const std::string a = Topic("mix.a", 2), b = Topic("mix.b", 2);
  Append({a, 0}, {"a0"});
  Append({a, 1}, {"a1"});
  Append({b, 0}, {"b0", "b0 again"});
  EXPECT_THAT(ReadValues(*ReaderAt({a, 0}, 0), 1), ElementsAre("a0"));
  EXPECT_THAT(ReadValues(*ReaderAt({a, 1}, 0), 1), ElementsAre("a1"));
  EXPECT_THAT(ReadValues(*ReaderAt({b, 0}, 0), 2), ElementsAre("b0", "b0 again"));
  EXPECT_EQ(log().BoundsOf({a, 0})->end, 1);
  EXPECT_EQ(log().BoundsOf({b, 1})->end, 0);
}

TEST_P(LogConformance, KeysValuesAndHeadersAreKeptByteForByte) {
  const TopicPartition at{Topic("bytes"), 0};
  std::string binary;
  for (int i = 0; i < 256; ++i) binary.push_back(static_cast<char>(i));
  const std::string big(200 * 1000, '\xfe');
  const std::vector<Header> headers = {{"ce_id", binary}, {"empty", ""}, {"ce_id", "again"}};
  auto appender = log().OpenAppender();
  ASSERT_TRUE(appender.ok()) << appender.status();
  ASSERT_TRUE((*appender)->Append(at, binary, big, headers).ok());
  ASSERT_TRUE((*appender)->Append(at, "", binary).ok());
  ASSERT_TRUE((*appender)->Flush().ok());
  const std::vector<Seen> seen = ReadRecords(*ReaderAt(at, 0), 2);
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[0].key, binary);
  EXPECT_EQ(seen[0].value, big);
  ASSERT_EQ(seen[0].headers.size(), headers.size());
  for (size_t i = 0; i < headers.size(); ++i) {
    EXPECT_EQ(seen[0].headers[i].key, headers[i].key);
    EXPECT_EQ(seen[0].headers[i].value, headers[i].value);
  }
  EXPECT_EQ(seen[1].key, "");
  EXPECT_EQ(seen[1].value, binary);
  EXPECT_THAT(seen[1].headers, IsEmpty());
}

TEST_P(LogConformance, AnEmptyValueIsNotATombstone) {
  const TopicPartition at{Topic("tombstone"), 0};
  Append(at, {""});
  ASSERT_TRUE(Writer(at, "w")->Append(Batch{{"gone", "", {}, true}, {"empty", "", {}}}).ok());
  const std::vector<Seen> seen = ReadRecords(*ReaderAt(at, 0, Holes::kAllowed), 3);
  ASSERT_EQ(seen.size(), 3u);
  EXPECT_FALSE(seen[0].tombstone);
  EXPECT_TRUE(seen[1].tombstone);
  EXPECT_EQ(seen[1].key, "gone");
  EXPECT_EQ(seen[1].value, "");
  EXPECT_FALSE(seen[2].tombstone);
}

TEST_P(LogConformance, RecordsCarryTheTimeOfTheirAppend) {
  const TopicPartition at{Topic("time"), 0};
  const absl::Time before = absl::Now();
  Append(at, {"x"});
  const std::vector<Seen> seen = ReadRecords(*ReaderAt(at, 0), 1);
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_GE(seen[0].appended, before - absl::Seconds(1));  // a log may keep milliseconds only
  EXPECT_LE(seen[0].appended, absl::Now() + absl::Seconds(1));
}

TEST_P(LogConformance, AReaderStartsAnywhereWithinTheBounds) {
  const TopicPartition at{Topic("start"), 0};
  Append(at, {"0", "1", "2", "3"});
  EXPECT_THAT(ReadValues(*ReaderAt(at, 2), 2), ElementsAre("2", "3"));
  EXPECT_EQ(ReaderAt(at, 4)->position(), 4);
  EXPECT_EQ(log().Read(at, 5).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(log().Read(at, -1).status().code(), absl::StatusCode::kOutOfRange);
}

TEST_P(LogConformance, ReadReturnsNoMoreThanAskedAndGoesOnWhereItStopped) {
  const TopicPartition at{Topic("max"), 0};
  Append(at, {"0", "1", "2", "3", "4"});
  const auto reader = ReaderAt(at, 0);
  int64_t next = 0;
  while (next < 5) {
    const auto entries = reader->Read(2, kPatience);
    ASSERT_TRUE(entries.ok()) << entries.status();
    ASSERT_LE(entries->size(), 2u);
    ASSERT_FALSE(entries->empty());
    for (const Entry& entry : *entries) EXPECT_EQ(entry.value, absl::StrCat(next++));
    EXPECT_EQ(reader->position(), next);
  }
}

TEST_P(LogConformance, AtTheEndAReaderWaitsAndThenReturnsNothing) {
  const TopicPartition at{Topic("wait"), 0};
  Append(at, {"x"});
  const auto reader = ReaderAt(at, 1);
  const absl::Time before = absl::Now();
  const auto entries = reader->Read(10, absl::Milliseconds(100));
  ASSERT_TRUE(entries.ok()) << entries.status();
  EXPECT_THAT(*entries, IsEmpty());
  EXPECT_GE(absl::Now() - before, absl::Milliseconds(90));
  EXPECT_EQ(reader->position(), 1);
}

TEST_P(LogConformance, AWaitingReaderIsWokenByAnAppend) {
  const TopicPartition at{Topic("woken"), 0};
  const auto reader = ReaderAt(at, 0);
  std::vector<std::string> read;
  std::thread waiting([&] { read = ReadValues(*reader, 1); });
  Append(at, {"wake up"});
  waiting.join();
  EXPECT_THAT(read, ElementsAre("wake up"));
}

TEST_P(LogConformance, WhatWasFlushedIsReadableAtOnce) {
  const TopicPartition at{Topic("flushed"), 0};
  auto appender = log().OpenAppender();
  ASSERT_TRUE(appender.ok()) << appender.status();
  ASSERT_TRUE((*appender)->Flush().ok());  // nothing to wait for
  for (int64_t i = 0; i < 5; ++i) {
    ASSERT_TRUE((*appender)->Append(at, "k", "v").ok());
    ASSERT_TRUE((*appender)->Flush().ok());
    ASSERT_EQ(log().BoundsOf(at)->end, i + 1);
    ASSERT_EQ(ReadValues(*ReaderAt(at, i), 1).size(), 1u);
  }
}

TEST_P(LogConformance, ManyThreadsAppendWithoutLossAndEachInItsOwnOrder) {
  constexpr int kThreads = 4, kEach = 500;
  const std::string topic = Topic("threads", 2);
  std::vector<std::thread> threads;
  std::atomic<int> failures = 0;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      auto appender = log().OpenAppender();
      if (!appender.ok()) return void(++failures);
      for (int i = 0; i < kEach; ++i) {
        const auto key = absl::StrCat(t), value = absl::StrCat(i);
        if (!(*appender)->Append({topic, i % 2}, key, value).ok()) ++failures;
        if (i % 100 == 99 && !(*appender)->Flush().ok()) ++failures;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  ASSERT_EQ(failures, 0);
  for (int partition = 0; partition < 2; ++partition) {
    const std::vector<Seen> seen =
        ReadRecords(*ReaderAt({topic, partition}, 0), kThreads * kEach / 2);
    std::map<std::string, int> next;  // by thread
    for (size_t i = 0; i < seen.size(); ++i) {
      ASSERT_EQ(seen[i].offset, static_cast<int64_t>(i));
      int& expected = next[seen[i].key];
      ASSERT_EQ(seen[i].value, absl::StrCat(2 * expected + partition));
      ++expected;
    }
  }
}

TEST_P(LogConformance, ReadersKeepUpWhileOthersAppend) {
  constexpr int kRecords = 3000;
  const TopicPartition at{Topic("follow"), 0};
  std::atomic<int> out_of_place = 0;
  std::vector<std::thread> readers;
  for (int r = 0; r < 2; ++r) {
    readers.emplace_back([&] {
      const std::vector<Seen> seen = ReadRecords(*ReaderAt(at, 0), kRecords);
      for (size_t i = 0; i < seen.size(); ++i) {
        if (seen[i].offset != static_cast<int64_t>(i) || seen[i].value != absl::StrCat(i)) {
          ++out_of_place;
        }
      }
    });
  }
  std::vector<std::string> values;
  for (int i = 0; i < kRecords; ++i) {
    values.push_back(absl::StrCat(i));
    if (values.size() < 300) continue;
    Append(at, values);
    values.clear();
  }
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(out_of_place, 0);
}

// --- fenced writers

TEST_P(LogConformance, AFencedWriterAppendsBatchesInOrder) {
  const TopicPartition at{Topic("fenced.order", 2), 1};
  const auto writer = Writer(at, "w");
  ASSERT_TRUE(writer->Append(Batch{Value("a"), Value("b")}).ok());
  ASSERT_TRUE(writer->Append({}).ok());
  ASSERT_TRUE(writer->Append(Batch{{"k", "c", {{"h", "v"}}}}).ok());
  const auto reader = ReaderAt(at, 0, Holes::kAllowed);
  const std::vector<Seen> seen = ReadRecords(*reader, 3);
  ASSERT_EQ(seen.size(), 3u);
  EXPECT_EQ(seen[0].value, "a");
  EXPECT_EQ(seen[1].value, "b");
  EXPECT_EQ(seen[2].value, "c");
  ASSERT_EQ(seen[2].headers.size(), 1u);
  EXPECT_EQ(seen[2].headers[0].value, "v");
  EXPECT_LT(seen[0].offset, seen[1].offset);
  EXPECT_LT(seen[1].offset, seen[2].offset);
}

TEST_P(LogConformance, APositionMovesToTheEndPastWhatIsNotForReaders) {
  const TopicPartition at{Topic("fenced.end"), 0};
  ASSERT_TRUE(Writer(at, "w")->Append(Batch{Value("a")}).ok());
  const auto reader = ReaderAt(at, 0, Holes::kAllowed);
  EXPECT_THAT(ReadValues(*reader, 1), ElementsAre("a"));
  const int64_t end = log().BoundsOf(at)->end;
  const absl::Time deadline = absl::Now() + kPatience;
  while (reader->position() < end && absl::Now() < deadline) {
    const auto entries = reader->Read(10, absl::Milliseconds(100));
    ASSERT_TRUE(entries.ok()) << entries.status();
    EXPECT_THAT(*entries, IsEmpty());
  }
  EXPECT_EQ(reader->position(), end);
}

TEST_P(LogConformance, ANewWriterOfTheSameNameFencesTheOlder) {
  const TopicPartition at{Topic("fenced.fence"), 0};
  const auto first = Writer(at, "w");
  ASSERT_TRUE(first->Append(Batch{Value("first")}).ok());
  const auto second = Writer(at, "w");
  EXPECT_EQ(first->Append(Batch{Value("zombie")}).code(), absl::StatusCode::kAborted);
  ASSERT_TRUE(second->Append(Batch{Value("second")}).ok());
  EXPECT_EQ(first->Append(Batch{Value("zombie")}).code(), absl::StatusCode::kAborted);
  const auto reader = ReaderAt(at, 0, Holes::kAllowed);
  EXPECT_THAT(ReadValues(*reader, 2), ElementsAre("first", "second"));
  EXPECT_THAT(*reader->Read(10, absl::Milliseconds(100)), IsEmpty());
}

TEST_P(LogConformance, WritersOfOtherNamesAndPartitionsAreNotFenced) {
  const std::string topic = Topic("fenced.names", 2);
  const auto first = Writer({topic, 0}, Unique("first"));
  const auto second = Writer({topic, 0}, Unique("second"));
  const auto elsewhere = Writer({topic, 1}, Unique("first"));
  EXPECT_TRUE(first->Append(Batch{Value("1")}).ok());
  EXPECT_TRUE(second->Append(Batch{Value("2")}).ok());
  EXPECT_TRUE(elsewhere->Append(Batch{Value("3")}).ok());
}

TEST_P(LogConformance, RivalWritersNeverTearABatchApart) {
  constexpr int kRivals = 3, kTries = 10, kBatch = 5;
  const TopicPartition at{Topic("fenced.rivals"), 0};
  std::atomic<int> written = 0;
  std::vector<std::thread> rivals;
  for (int r = 0; r < kRivals; ++r) {
    rivals.emplace_back([&, r] {
      for (int i = 0; i < kTries; ++i) {
        auto writer = log().OpenFencedWriter(at, "w");
        if (!writer.ok()) continue;
        std::vector<NewEntry> batch;
        for (int b = 0; b < kBatch; ++b) batch.push_back(Value(absl::StrCat(r, "/", i, "/", b)));
        const absl::Status status = (*writer)->Append(batch);
        EXPECT_TRUE(status.ok() || absl::IsAborted(status) || absl::IsUnknown(status)) << status;
        if (status.ok()) ++written;
      }
    });
  }
  for (std::thread& rival : rivals) rival.join();
  // The last writer sees the last word, and its own record after everything else.
  ASSERT_TRUE(Writer(at, "w")->Append(Batch{Value("end/0/0")}).ok());
  const auto reader = ReaderAt(at, 0, Holes::kAllowed);
  int whole = 0;
  std::string current;
  while (true) {
    const std::vector<std::string> value = ReadValues(*reader, 1);
    ASSERT_EQ(value.size(), 1u);
    if (value[0] == "end/0/0") break;
    for (int b = 0; b < kBatch; ++b) {
      const std::vector<std::string> parts =
          absl::StrSplit(b == 0 ? value[0] : ReadValues(*reader, 1).at(0), "/");
      ASSERT_EQ(parts.size(), 3u);
      ASSERT_EQ(parts[2], absl::StrCat(b));
      if (b == 0) current = absl::StrCat(parts[0], "/", parts[1]);
      ASSERT_EQ(absl::StrCat(parts[0], "/", parts[1]), current);
    }
    ++whole;
  }
  EXPECT_GE(whole, written);  // more where an outcome was unknown
}

// --- groups, identity, restart

TEST_P(LogConformance, AGroupHasCommittedNothingAndThenWhatItCommittedLast) {
  const std::string topic = Topic("commit", 2), group = Unique("group");
  EXPECT_EQ(*log().Committed(group, {topic, 0}), -1);
  Append({topic, 0}, {"0", "1", "2"});
  ASSERT_TRUE(log().Commit(group, {topic, 0}, 0).ok());
  EXPECT_EQ(*log().Committed(group, {topic, 0}), 0);
  ASSERT_TRUE(log().Commit(group, {topic, 0}, 3).ok());
  EXPECT_EQ(*log().Committed(group, {topic, 0}), 3);
  EXPECT_EQ(*log().Committed(group, {topic, 1}), -1);
  EXPECT_EQ(*log().Committed(Unique("other"), {topic, 0}), -1);
}

TEST_P(LogConformance, TheIdStaysTheSame) {
  const std::string id = *log().Id();
  EXPECT_NE(id, "");
  Reopen();
  EXPECT_EQ(*log().Id(), id);
}

TEST_P(LogConformance, EverythingAcknowledgedOutlivesARestart) {
  const std::string topic = Topic("restart", 2), group = Unique("group");
  Append({topic, 0}, {"0", "1"});
  ASSERT_TRUE(Writer({topic, 1}, "w")->Append(Batch{Value("fenced")}).ok());
  ASSERT_TRUE(log().Commit(group, {topic, 0}, 2).ok());
  Reopen();
  EXPECT_EQ(*log().Partitions(topic), 2);
  EXPECT_EQ(log().BoundsOf({topic, 0})->end, 2);
  EXPECT_EQ(*log().Committed(group, {topic, 0}), 2);
  Append({topic, 0}, {"2"});
  EXPECT_THAT(ReadValues(*ReaderAt({topic, 0}, 0), 3), ElementsAre("0", "1", "2"));
  ASSERT_TRUE(Writer({topic, 1}, "w")->Append(Batch{Value("again")}).ok());
  EXPECT_THAT(ReadValues(*ReaderAt({topic, 1}, 0, Holes::kAllowed), 2),
              ElementsAre("fenced", "again"));
}

}  // namespace
}  // namespace dolen
