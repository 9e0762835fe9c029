#include "connectors/files/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace dolen {
namespace {

using ::testing::ElementsAre;

// Gives `step` bytes at a time, so that every place of a row can be the edge of a chunk.
class Text : public ByteSource {
 public:
  Text(std::string text, size_t step) : text_(std::move(text)), step_(step) {}
  absl::StatusOr<size_t> Read(char* into, size_t size) override {
    const size_t n = std::min({size, step_, text_.size() - at_});
    std::memcpy(into, text_.data() + at_, n);
    at_ += n;
    return n;
  }

 private:
  std::string text_;
  size_t step_, at_ = 0;
};

// "line:a|b" for a row, "line!column fault" for a fault.
std::vector<std::string> Read(const std::string& text, CsvOptions options = {},
                              size_t step = 1 << 20) {
  CsvReader reader(std::make_unique<Text>(text, step), options);
  std::vector<std::string> rows;
  while (true) {
    const auto got = reader.Next();
    if (!got.ok() || *got == CsvReader::Got::kEnd) return rows;
    if (*got == CsvReader::Got::kRow) {
      rows.push_back(absl::StrCat(reader.line(), ":", absl::StrJoin(reader.fields(), "|")));
    } else {
      rows.push_back(absl::StrCat(reader.line(), "!", reader.fault_column(), " ",
                                  static_cast<int>(reader.fault())));
    }
  }
}

TEST(Csv, PlainRowsEndWithLfCrLfCrOrTheFile) {
  EXPECT_THAT(Read("a,b\nc,d\r\ne,f\rg,h"), ElementsAre("1:a|b", "2:c|d", "3:e|f", "4:g|h"));
  EXPECT_THAT(Read("a,b\n"), ElementsAre("1:a|b"));
  EXPECT_THAT(Read(""), ElementsAre());
}

TEST(Csv, EmptyFieldsAreFieldsAndBlankLinesAreNoRows) {
  EXPECT_THAT(Read("a,,\n\n\r\n,\n\"\"\n"), ElementsAre("1:a||", "4:|", "5:"));
}

TEST(Csv, QuotedFieldsHoldSeparatorsQuotesAndLineBreaks) {
  EXPECT_THAT(Read("\"a,b\",\"say \"\"yes\"\"\"\n\"two\nlines\r\nthree\",x\nlast,1\n"),
              ElementsAre("1:a,b|say \"yes\"", "2:two\nlines\r\nthree|x", "5:last|1"));
}

TEST(Csv, AQuoteInsideAnUnquotedFieldIsData) {
  EXPECT_THAT(Read("5\" pipe,b\n"), ElementsAre("1:5\" pipe|b"));
}

TEST(Csv, SeparatorAndQuoteAreFree) {
  EXPECT_THAT(Read("a,1;'b;c'\n", {.separator = ';', .quote = '\''}), ElementsAre("1:a,1|b;c"));
  EXPECT_THAT(Read("a\tb\n", {.separator = '\t'}), ElementsAre("1:a|b"));
}

TEST(Csv, ByteOrderMarkIsDropped) {
  EXPECT_THAT(Read("\xEF\xBB\xBF"
                   "a,b\n"),
              ElementsAre("1:a|b"));
}

TEST(Csv, ChunksMayEndAnywhere) {
  const std::string text =
      "\xEF\xBB\xBF"
      "a,\"b\"\"c\r\nd\"\r\n\"x\",\r\n\r\nlast,\"\"";
  const auto whole = Read(text);
  EXPECT_THAT(whole, ElementsAre("1:a|b\"c\r\nd", "3:x|", "5:last|"));
  for (size_t step = 1; step < 9; ++step) EXPECT_EQ(Read(text, {}, step), whole) << step;
}

TEST(Csv, TextBehindAClosingQuoteIsAFaultOfItsLineOnly) {
  EXPECT_THAT(Read("a,b\nx,\"y\"z,\nc,d\n"),
              ElementsAre("1:a|b", absl::StrCat("2!2 ", int(CsvReader::Fault::kQuote)), "3:c|d"));
}

TEST(Csv, AnUnclosedQuoteSpoilsItsOwnLineNotTheRest) {
  EXPECT_THAT(Read("a,b\nx,\"y\nc,d\ne,f\n"),
              ElementsAre("1:a|b", absl::StrCat("2!2 ", int(CsvReader::Fault::kUnclosedQuote)),
                          "3:c|d", "4:e|f"));
}

TEST(Csv, ATooLongRowIsBoundedAndTheNextGoesOn) {
  const std::string too_long(3 * kMaxRowBytes, 'x');
  EXPECT_THAT(Read(absl::StrCat("a,b\n1,", too_long, "\nc,d\n")),
              ElementsAre("1:a|b", absl::StrCat("2!2 ", int(CsvReader::Fault::kTooLong)), "3:c|d"));
  // A quote left open for more than the limit costs one line too.
  std::string many;
  while (many.size() < 2 * kMaxRowBytes) many += "0123456789,0123456789\n";
  const auto rows = Read(absl::StrCat("1,\"oops\n", many));
  EXPECT_EQ(rows[0], absl::StrCat("1!2 ", int(CsvReader::Fault::kTooLong)));
  EXPECT_EQ(rows.size(), 1 + many.size() / 22);
}

TEST(Csv, TooManyColumnsAreAFault) {
  EXPECT_THAT(Read(std::string(kMaxColumns, ',') + "\na\n"),
              ElementsAre(absl::StrCat("1!4096 ", int(CsvReader::Fault::kTooManyColumns)), "2:a"));
}

TEST(Csv, RawIsTheRowAsItStands) {
  CsvReader reader(std::make_unique<Text>("\"a\nb\",c\r\nd\n", 2));
  ASSERT_EQ(*reader.Next(), CsvReader::Got::kRow);
  EXPECT_EQ(reader.raw(), "\"a\nb\",c");
}

}  // namespace
}  // namespace dolen
