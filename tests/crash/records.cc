#include "tests/crash/records.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <tuple>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "engine/base/check.h"
#include "engine/log/local_log.h"

namespace dolen {
namespace {

std::vector<RawRecord> ReadLocal(const std::string& folder, const std::string& topic) {
  std::vector<RawRecord> records;
  const auto log = LocalLog::Open(folder);
  EXPECT_TRUE(log.ok()) << log.status();
  if (!log.ok()) return records;
  const auto partitions = (*log)->Partitions(topic);
  EXPECT_TRUE(partitions.ok()) << partitions.status();
  for (int partition = 0; partition < partitions.value_or(0); ++partition) {
    const TopicPartition of{topic, partition};
    const auto bounds = (*log)->BoundsOf(of);
    const auto reader = (*log)->Read(of, 0);
    EXPECT_TRUE(bounds.ok() && reader.ok()) << reader.status();
    while (reader.ok() && (*reader)->position() < bounds->end) {
      const auto entries = (*reader)->Read(1000, absl::Seconds(1));
      EXPECT_TRUE(entries.ok()) << entries.status();
      if (!entries.ok()) return records;
      for (const Entry& entry : *entries) {
        records.push_back(
            {partition, entry.offset, std::string(entry.key), std::string(entry.value)});
      }
    }
  }
  return records;
}

// Cuts `text` at the first `end`, and gives the number before it; -1: there is none.
int64_t CutNumber(absl::string_view& text, char end) {
  const size_t at = text.find(end);
  int64_t number = -1;
  if (at == absl::string_view::npos || !absl::SimpleAtoi(text.substr(0, at), &number)) number = -1;
  text.remove_prefix(at == absl::string_view::npos ? text.size() : at + 1);
  return number;
}

std::vector<RawRecord> ReadKafka(const std::string& bootstrap, const std::string& topic) {
  std::vector<RawRecord> records;
  // Lengths before the bytes, since these may be anything. No key has length -1.
  const std::string command =
      absl::StrCat("exec kcat -C -q -e -u -o beginning -X isolation.level=read_committed -b ",
                   bootstrap, " -t ", topic, " -f '%p %o %K %S:%k%s' </dev/null");
  std::FILE* const pipe = popen(command.c_str(), "re");
  DOLEN_CHECK(pipe != nullptr);
  std::string all;
  char buffer[65536];
  while (const size_t n = fread(buffer, 1, sizeof(buffer), pipe)) all.append(buffer, n);
  EXPECT_EQ(pclose(pipe), 0) << command;
  absl::string_view rest = all;
  while (!rest.empty()) {
    RawRecord record;
    record.partition = static_cast<int>(CutNumber(rest, ' '));
    record.offset = CutNumber(rest, ' ');
    const size_t key = static_cast<size_t>(std::max<int64_t>(0, CutNumber(rest, ' ')));
    const size_t value = static_cast<size_t>(std::max<int64_t>(0, CutNumber(rest, ':')));
    EXPECT_LE(key + value, rest.size()) << "kcat's output ends within a record of " << topic;
    record.key = std::string(rest.substr(0, key));
    record.value = std::string(rest.substr(std::min(key, rest.size()), value));
    rest.remove_prefix(std::min(key + value, rest.size()));
    records.push_back(std::move(record));
  }
  std::sort(records.begin(), records.end(), [](const RawRecord& a, const RawRecord& b) {
    return std::tie(a.partition, a.offset) < std::tie(b.partition, b.offset);
  });
  return records;
}

}  // namespace

std::vector<RawRecord> ReadTopic(const Where& where, const std::string& topic) {
  const std::string name = absl::StrCat(where.prefix, ".", topic, ".v1");
  return where.kafka.empty() ? ReadLocal(where.data + "/log", name) : ReadKafka(where.kafka, name);
}

}  // namespace dolen
