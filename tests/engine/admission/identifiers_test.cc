#include "engine/admission/identifiers.h"

#include <gtest/gtest.h>

#include <string>

namespace dolen {
namespace {

TEST(IdentifiersTest, NhsNumbersHaveTheRightCheckDigit) {
  for (const char* value : {"9434765919", "9990000018", "9990000026", "9990000034", "9990000042"}) {
    EXPECT_TRUE(IsNhsNumber(value)) << value;
  }
  EXPECT_FALSE(IsNhsNumber("9876544321"));
  for (const char* value : {"", "943476591", "94347659190", "943476591X", "943 476 591"}) {
    EXPECT_FALSE(IsNhsNumber(value)) << value;
  }
}

TEST(IdentifiersTest, NhsNumbersWhoseCheckIsTenWereNeverIssued) {
  for (const std::string base : {"999000000", "999000014", "999000028"}) {
    for (char last = '0'; last <= '9'; ++last) EXPECT_FALSE(IsNhsNumber(base + last)) << base;
  }
}

TEST(IdentifiersTest, OneWrongDigitIsAlwaysFound) {
  for (size_t place = 0; place < 10; ++place) {
    for (char digit = '0'; digit <= '9'; ++digit) {
      std::string value = "9434765919";
      if (value[place] == digit) continue;
      value[place] = digit;
      EXPECT_FALSE(IsNhsNumber(value)) << value;
    }
  }
}

TEST(IdentifiersTest, PupilNumbersHaveTheRightCheckLetter) {
  for (const char* value : {"B801200005001", "P207000016049", "V681400112001", "D66040021200A"}) {
    EXPECT_TRUE(IsUpn(value)) << value;
  }
  for (const char* value :
       {"A801200005001", "Q207000016049", "X80120000A001", "E000200005001", "b801200005001",
        "B80120000500", "B8012000050011", "D66040021200I", "", "D66040021200a"}) {
    EXPECT_FALSE(IsUpn(value)) << value;
  }
}

}  // namespace
}  // namespace dolen
