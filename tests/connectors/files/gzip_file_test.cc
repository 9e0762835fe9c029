#include "connectors/files/gzip_file.h"

#include <gtest/gtest.h>

#include "tests/connectors/files/helpers.h"

namespace dolen {
namespace {

std::string Long() {
  std::string text;
  for (int i = 0; text.size() < 300000; ++i) absl::StrAppend(&text, i * 7919 % 100003, ",");
  return text;
}

TEST(GzipFile, PlainAndGzippedFilesReadTheSame) {
  const TempFolder folder;
  const std::string text = Long();
  EXPECT_EQ(*ReadPlainOrGzip(folder.Write("plain", text), 1 << 20), text);
  // Told apart by content: the name does not matter.
  EXPECT_EQ(*ReadPlainOrGzip(folder.Write("named.csv", Gzip(text)), 1 << 20), text);
  EXPECT_EQ(*ReadPlainOrGzip(folder.Write("empty", ""), 1 << 20), "");
}

TEST(GzipFile, SeveralMembersFollowEachOther) {
  const TempFolder folder;
  EXPECT_EQ(*ReadPlainOrGzip(folder.Write("two.gz", Gzip("one\n") + Gzip("") + Gzip("two\n")), 100),
            "one\ntwo\n");
}

TEST(GzipFile, ACutFileIsDamaged) {
  const TempFolder folder;
  const std::string packed = Gzip(Long());
  for (const size_t size : {packed.size() / 2, packed.size() - 1, size_t{5}}) {
    EXPECT_EQ(
        ReadPlainOrGzip(folder.Write("cut.gz", packed.substr(0, size)), 1 << 20).status().code(),
        absl::StatusCode::kDataLoss)
        << size;
  }
}

TEST(GzipFile, ChangedBytesAndTrailingGarbageAreDamage) {
  const TempFolder folder;
  std::string packed = Gzip(Long());
  EXPECT_EQ(ReadPlainOrGzip(folder.Write("tail.gz", packed + "garbage"), 1 << 20).status().code(),
            absl::StatusCode::kDataLoss);
  packed[packed.size() - 6] ^= 1;  // the checksum
  EXPECT_EQ(ReadPlainOrGzip(folder.Write("sum.gz", packed), 1 << 20).status().code(),
            absl::StatusCode::kDataLoss);
}

TEST(GzipFile, MissingFilesFoldersAndLimitsAreErrors) {
  const TempFolder folder;
  EXPECT_EQ(OpenPlainOrGzip("/no/such/file").status().code(), absl::StatusCode::kNotFound);
  EXPECT_FALSE(ReadPlainOrGzip("/tmp", 100).ok());
  // A small file may hold a very long text.
  EXPECT_EQ(ReadPlainOrGzip(folder.Write("bomb.gz", Gzip(std::string(10 << 20, ' '))), 1 << 20)
                .status()
                .code(),
            absl::StatusCode::kResourceExhausted);
}

}  // namespace
}  // namespace dolen
