#include "engine/admission/text.h"

#include <gtest/gtest.h>

#include <string>

namespace dolen {
namespace {

TEST(TextTest, EveryByteIsJudgedAtEveryPlaceOfEveryLength) {
  for (size_t length = 1; length < 26; ++length) {
    for (size_t place = 0; place < length; ++place) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string text(length, 'a');
        text[place] = static_cast<char>(byte);
        const TextFault expected = byte >= 0x80                  ? TextFault::kInvalidUtf8
                                   : byte < 0x20 || byte == 0x7f ? TextFault::kControl
                                                                 : TextFault::kNone;
        ASSERT_EQ(CheckText(text, TextClass::kId), expected)
            << length << " " << place << " " << byte;
      }
    }
  }
}

TEST(TextTest, ProseMayHaveLinesAndTabsAndMarksOfScripts) {
  EXPECT_EQ(CheckText("a\r\nb\tc", TextClass::kProse), TextFault::kNone);
  EXPECT_EQ(CheckText("\u200cnim\u200fx", TextClass::kProse), TextFault::kNone);
  EXPECT_EQ(CheckText(absl::string_view("a\0b", 3), TextClass::kProse), TextFault::kControl);
  EXPECT_EQ(CheckText("bell\x07", TextClass::kProse), TextFault::kControl);
  EXPECT_EQ(CheckText("a\nb", TextClass::kId), TextFault::kControl);
}

TEST(TextTest, AllScriptsMayBeUsedInIds) {
  for (const char* text : {"Ynys Môn", "Ŵyn", "Łódź", "林", "𐐀", "a\u0300", "\u00a0"}) {
    EXPECT_EQ(CheckText(text, TextClass::kId), TextFault::kNone) << text;
  }
}

TEST(TextTest, InvisibleCharactersAreNotAllowedInIds) {
  for (const char* text : {"a\u200b", "\u202eabc", "x\u2066y", "\ufeffid", "a\u00ad", "\u2028",
                           "\u061c", "\U000e0041", "a\ufe0f"}) {
    EXPECT_EQ(CheckText(text, TextClass::kId), TextFault::kInvisible) << text;
  }
}

TEST(TextTest, C1ControlsAreControls) {
  EXPECT_EQ(CheckText("a\u0085", TextClass::kProse), TextFault::kControl);
  EXPECT_EQ(CheckText("a\u009f", TextClass::kId), TextFault::kControl);
}

TEST(TextTest, WhatIsNotUtf8IsFound) {
  for (const char* text : {"\x80", "\xc0\xaf", "\xc1\xbf", "\xe0\x80\xaf", "\xed\xa0\x80",
                           "\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff",
                           "abc\xc3", "abc\xe2\x82", "\xc3(", "\xe2(\xa1"}) {
    EXPECT_EQ(CheckText(text, TextClass::kProse), TextFault::kInvalidUtf8) << text;
    EXPECT_FALSE(IsUtf8(text)) << text;
  }
  EXPECT_TRUE(IsUtf8("Ynys Môn\n\x01 林𐐀"));
}

TEST(TextTest, SnakeCaseIsWordsJoinedBySingleUnderscores) {
  for (const char* text : {"a", "child_seen", "strategy_discussion_held", "day_10_visit"}) {
    EXPECT_TRUE(IsSnakeCase(text)) << text;
  }
  for (const char* text : {"", "_", "_a", "a_", "a__b", "A", "child seen", "child-seen", "1a",
                           "childSeen", "plentyn_ŵyn"}) {
    EXPECT_FALSE(IsSnakeCase(text)) << text;
  }
}

}  // namespace
}  // namespace dolen
