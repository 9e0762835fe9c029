// The victim of local_kill_test: writes to the log in the folder that it is given, tells on its
// standard output what was acknowledged ("A thread number"; "F number" for batches of the fenced
// writer) and what readers saw ("R partition offset value"), until it is killed. Prints "E ..." and
// leaves if something goes wrong.
#include <unistd.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "engine/log/local_log.h"
#include "tests/engine/log/kill.h"

namespace dolen {
namespace {

// One write each, so that a line is there whole or not at all.
void Say(const std::string& line) {
  const std::string text = line + "\n";
  if (write(STDOUT_FILENO, text.data(), text.size()) < 0) _exit(4);
}

void Must(const absl::Status& status) {
  if (status.ok()) return;
  Say(absl::StrCat("E ", status.ToString()));
  _exit(3);
}

template <typename T>
T Must(absl::StatusOr<T> value) {
  Must(value.status());
  return *std::move(value);
}

void AppendForEver(Log& log, int thread, int64_t next) {
  auto appender = Must(log.OpenAppender());
  for (int64_t batch = 1;; ++batch) {
    for (int64_t i = 0; i < batch % 40 + 1; ++i, ++next) {
      const std::string value = absl::StrCat(thread, " ", next, std::string(next % 300, '.'));
      Must(appender->Append({kKillTopic, static_cast<int32_t>(next % kKillPartitions)}, "key",
                            value));
    }
    Must(appender->Flush());
    Say(absl::StrCat("A ", thread, " ", next - 1));
  }
}

void AppendFencedForEver(Log& log, int64_t next) {
  auto writer = Must(log.OpenFencedWriter({kKillFencedTopic, 0}, "w"));
  for (;; ++next) {
    std::vector<NewEntry> batch(kKillBatch);
    for (int i = 0; i < kKillBatch; ++i) batch[i].value = absl::StrCat(next, " ", i);
    Must(writer->Append(batch));
    Say(absl::StrCat("F ", next));
  }
}

void ReadForEver(Log& log, int32_t partition) {
  const TopicPartition at{kKillTopic, partition};
  auto reader = Must(log.Read(at, Must(log.BoundsOf(at)).end));
  while (true) {
    for (const Entry& entry : Must(reader->Read(1000, absl::Seconds(1)))) {
      Say(absl::StrCat("R ", partition, " ", entry.offset, " ", entry.value));
    }
  }
}

int Main(const std::string& folder, const std::vector<int64_t>& next) {
  LocalLogOptions options;
  options.write_buffer_bytes = 64 * 1024;  // so that kills also fall into flushes and compactions
  auto log = Must(LocalLog::Open(folder, options));
  Must(log->CreateTopic({kKillTopic, kKillPartitions}));
  Must(log->CreateTopic({kKillFencedTopic}));
  std::vector<std::thread> threads;
  for (int t = 0; t < kKillThreads; ++t) {
    threads.emplace_back([&, t] { AppendForEver(*log, t, next[t]); });
  }
  threads.emplace_back([&] { AppendFencedForEver(*log, next[kKillThreads]); });
  for (int32_t p = 0; p < kKillPartitions; ++p) {
    threads.emplace_back([&, p] { ReadForEver(*log, p); });
  }
  Say("B");  // begun
  for (std::thread& thread : threads) thread.join();
  return 0;
}

}  // namespace
}  // namespace dolen

// kill_child FOLDER NEXT... (the next number of each thread and of the fenced writer)
int main(int argc, char** argv) {
  std::vector<int64_t> next;
  for (int i = 2; i < argc; ++i) {
    next.push_back(0);
    if (!absl::SimpleAtoi(argv[i], &next.back())) return 2;
  }
  if (next.size() != dolen::kKillThreads + 1) return 2;
  return dolen::Main(argv[1], next);
}
