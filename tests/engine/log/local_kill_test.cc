// Kills a process that writes to a local log, again and again, and looks at what is left. The child
// is spawned and not forked: RocksDB's threads do not survive a fork.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <map>
#include <random>
#include <sstream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "engine/log/local_log.h"
#include "tests/engine/log/conformance.h"
#include "tests/engine/log/folder.h"
#include "tests/engine/log/kill.h"

extern char** environ;

namespace dolen {
namespace {

// What the child said before it was killed.
struct Told {
  std::map<int, int64_t> acknowledged;                  // by thread
  int64_t fenced = -1;                                  // last batch acknowledged
  std::map<std::pair<int, int64_t>, std::string> read;  // by partition and offset
  std::vector<std::string> errors;
};

Told ReadTold(const std::string& path) {
  Told told;
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  std::vector<std::string> lines = absl::StrSplit(text.str(), '\n');
  lines.pop_back();  // after the last newline: nothing, or a torn line
  for (const std::string& line : lines) {
    const std::vector<std::string> words = absl::StrSplit(line, absl::MaxSplits(' ', 3));
    if (words[0] == "A") told.acknowledged[std::stoi(words[1])] = std::stoll(words[2]);
    if (words[0] == "F") told.fenced = std::stoll(words[1]);
    if (words[0] == "R") told.read[{std::stoi(words[1]), std::stoll(words[2])}] = words[3];
    if (words[0] == "E") told.errors.push_back(line);
  }
  return told;
}

int64_t SizeOf(const std::string& path) {
  struct stat file;
  return stat(path.c_str(), &file) == 0 ? file.st_size : 0;
}

class LocalKillTest : public testing::Test {
 protected:
  std::string log_folder() const { return folder_.path() + "/log"; }
  std::string output() const { return folder_.path() + "/told"; }

  // Runs the child and kills it `after` it has told so many bytes: a busy machine must not make the
  // kills come before the work.
  void RunAndKill(int64_t bytes, std::chrono::microseconds after) {
    std::vector<std::string> words = {DOLEN_KILL_CHILD, log_folder()};
    for (const int64_t next : next_) words.push_back(absl::StrCat(next));
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output().c_str(),
                                     O_CREAT | O_TRUNC | O_WRONLY | O_APPEND, 0600);
    unlink(output().c_str());
    pid_t child = 0;
    ASSERT_EQ(posix_spawn(&child, DOLEN_KILL_CHILD, &actions, nullptr, arguments.data(), environ),
              0);
    posix_spawn_file_actions_destroy(&actions);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (SizeOf(output()) < bytes && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
    std::this_thread::sleep_for(after);  // the moment of the kill is what is tested
    ASSERT_EQ(kill(child, SIGKILL), 0);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child left by itself, status " << status;
  }

  // All records of a partition.
  static std::vector<Seen> All(Log& log, const TopicPartition& at) {
    return ReadRecords(**log.Read(at, 0), log.BoundsOf(at)->end);
  }

  // Each thread's numbers are there once, in order, without a gap in the partition, and up to what
  // was acknowledged at least.
  void CheckAppended(Log& log, const Told& told) {
    std::map<int, std::vector<int64_t>> last;  // by thread, then partition
    for (int t = 0; t < kKillThreads; ++t) last[t].assign(kKillPartitions, -1);
    for (int32_t partition = 0; partition < kKillPartitions; ++partition) {
      const std::vector<Seen> all = All(log, {kKillTopic, partition});
      for (size_t i = 0; i < all.size(); ++i) {
        ASSERT_EQ(all[i].offset, static_cast<int64_t>(i));
        std::istringstream value(all[i].value);
        int thread = -1;
        int64_t number = -1;
        value >> thread >> number;
        ASSERT_EQ(all[i].value, absl::StrCat(thread, " ", number, std::string(number % 300, '.')));
        ASSERT_EQ(number % kKillPartitions, partition);
        int64_t& before = last[thread][partition];
        ASSERT_EQ(number, before < 0 ? partition : before + kKillPartitions);
        before = number;
      }
      for (const auto& [at, value] : told.read) {
        if (at.first != partition) continue;
        ASSERT_LT(at.second, static_cast<int64_t>(all.size())) << "a reader saw it; it is gone";
        ASSERT_EQ(all[at.second].value, value);
      }
    }
    for (int t = 0; t < kKillThreads; ++t) {
      const auto acknowledged = told.acknowledged.find(t);
      const int64_t first_lost = std::min(last[t][0], last[t][1]) + kKillPartitions;
      if (acknowledged != told.acknowledged.end()) {
        ASSERT_GT(first_lost, acknowledged->second);
      }
      // A record beyond the first lost one may be there: they went to different partitions.
      next_[t] = NextOf(last[t]);
    }
  }

  // Goes on where both partitions are complete: a number that only one of them has is repeated by
  // no one, since groups are atomic over partitions.
  static int64_t NextOf(const std::vector<int64_t>& last) {
    const int64_t highest = std::max(last[0], last[1]);
    EXPECT_TRUE(highest < 1 || std::min(last[0], last[1]) == highest - 1)
        << "a group was torn apart between partitions";
    return highest + 1;
  }

  void CheckFenced(Log& log, const Told& told) {
    const std::vector<Seen> all = All(log, {kKillFencedTopic, 0});
    ASSERT_EQ(all.size() % kKillBatch, 0u) << "half a batch";
    for (size_t i = 0; i < all.size(); ++i) {
      ASSERT_EQ(all[i].value, absl::StrCat(i / kKillBatch, " ", i % kKillBatch));
    }
    const int64_t batches = all.size() / kKillBatch;
    ASSERT_GT(batches, told.fenced);
    next_[kKillThreads] = batches;
  }

  TestFolder folder_;
  std::vector<int64_t> next_ = std::vector<int64_t>(kKillThreads + 1, 0);
};

TEST_F(LocalKillTest, WhatWasAcknowledgedOrReadOutlivesAKillAndNothingIsThereTwice) {
  constexpr int kKills = 25;
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937 random(seed);
  for (int round = 0; round < kKills; ++round) {
    ASSERT_NO_FATAL_FAILURE(
        RunAndKill(1 + random() % 60000, std::chrono::microseconds(random() % 5000)));
    const Told told = ReadTold(output());
    ASSERT_TRUE(told.errors.empty()) << told.errors[0];
    auto log = LocalLog::Open(log_folder());
    ASSERT_TRUE(log.ok()) << log.status();
    ASSERT_NO_FATAL_FAILURE(CheckAppended(**log, told));
    ASSERT_NO_FATAL_FAILURE(CheckFenced(**log, told));
  }
  int64_t records = 0;
  for (const int64_t next : next_) records += next;
  RecordProperty("records", static_cast<int>(records));
  EXPECT_GT(records, 100 * kKills) << "too little was under way for the kills to show anything";
}

TEST_F(LocalKillTest, AnotherProcessIsRefusedWhileOneHasTheFolder) {
  auto log = LocalLog::Open(log_folder());
  ASSERT_TRUE(log.ok()) << log.status();
  const std::string command = absl::StrCat(DOLEN_KILL_CHILD, " ", log_folder(), " 0 0 0 0");
  FILE* const child = popen(command.c_str(), "r");
  ASSERT_NE(child, nullptr);
  char line[512] = "";
  EXPECT_NE(fgets(line, sizeof(line), child), nullptr);
  EXPECT_EQ(WEXITSTATUS(pclose(child)), 3);
  EXPECT_EQ(std::string(line), absl::StrCat("E FAILED_PRECONDITION: another dolen is running on "
                                            "this folder: ",
                                            log_folder(), "\n"));
}

}  // namespace
}  // namespace dolen
