// How a start finds the first book, whatever a crash left of it.
#include <filesystem>

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "dolen/ledger/v1/ledger.pb.h"
#include "engine/log/local_log.h"
#include "tests/crash/program.h"
#include "tests/crash/records.h"

namespace dolen {
namespace {

constexpr int kPartitions = 4;

class StartTest : public testing::Test {
 protected:
  StartTest() { WriteBook(Book()); }
  std::string Book() const { return folder_.path() + "/book.textproto"; }
  Where At(const std::string& name) const {
    Where where;
    where.data = folder_.path() + "/" + name;
    return where;
  }
  void StartAndStop(const Where& where, const std::string& book) {
    Serve serve(where, book, folder_.path() + "/serve.log");
    serve.Start();
    ASSERT_TRUE(serve.WaitUntilItAnswers()) << serve.Messages();
    ASSERT_EQ(serve.Stop(), 0) << serve.Messages();
  }
  // The books in the ledger, by partition.
  static std::vector<int> BooksIn(const Where& where) {
    std::vector<int> books(kPartitions);
    ledger::v1::Record parsed;
    for (const RawRecord& record : ReadTopic(where, "ledger")) {
      EXPECT_TRUE(parsed.ParseFromString(record.value));
      books[record.partition] += parsed.has_book() ? 1 : 0;
    }
    return books;
  }

  TemporaryFolder folder_;
};

TEST_F(StartTest, AStoreThatWasTakenAwayDoesNotMakeTheBookBePublishedAgain) {
  const Where where = At("data");
  ASSERT_NO_FATAL_FAILURE(StartAndStop(where, Book()));
  EXPECT_EQ(BooksIn(where), std::vector<int>(kPartitions, 1));
  std::filesystem::remove_all(where.data + "/shard-0");
  ASSERT_NO_FATAL_FAILURE(StartAndStop(where, Book()));
  EXPECT_EQ(BooksIn(where), std::vector<int>(kPartitions, 1));
}

TEST_F(StartTest, ABookThatACrashLeftInSomePartitionsOnlyIsPublishedAgain) {
  const Where other = At("other"), where = At("data");
  ASSERT_NO_FATAL_FAILURE(StartAndStop(other, Book()));
  const std::vector<RawRecord> ledger = ReadTopic(other, "ledger");
  ASSERT_FALSE(ledger.empty());
  ASSERT_NO_FATAL_FAILURE(StartAndStop(where, ""));
  {
    auto log = LocalLog::Open(where.data + "/log");
    ASSERT_TRUE(log.ok()) << log.status();
    auto appender = (*log)->OpenAppender();
    ASSERT_TRUE((*appender)->Append({TopicNames().Ledger(), 0}, "", ledger[0].value).ok());
    ASSERT_TRUE((*appender)->Flush().ok());
  }
  ASSERT_NO_FATAL_FAILURE(StartAndStop(where, ""));  // folds it
  ASSERT_NO_FATAL_FAILURE(StartAndStop(where, Book()));
  for (const int books : BooksIn(where)) EXPECT_GE(books, 1);
  EXPECT_EQ(RunVerb(where, {"store", "verify", "--rebuild"}).exit, 0);
}

}  // namespace
}  // namespace dolen
