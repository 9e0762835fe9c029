#include "engine/pathway/book.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/engine/pathway/sample.h"

namespace dolen {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

TEST(ParseBook, AGoodBookHasNoFindings) {
  const CheckedBook checked = ParseBook(SampleWith(0, ""));
  EXPECT_THAT(checked.findings, IsEmpty());
  EXPECT_TRUE(checked.ok());
  EXPECT_EQ(checked.book.rule(0).limit(0).allow().working_days(), 1);
}

TEST(ParseBook, AMistypedFieldIsNamedWithTheOneThatWasMeant) {
  ExpectFinding({10, "  stopp { is: 'referral_accepted' }", "10:3: error: ",
                 "\"Rule\" has no field named \"stopp\". Perhaps \"stop\" is meant."});
}

TEST(ParseBook, AnUnknownFieldIsAnsweredWithThoseThereAre) {
  ExpectFinding({13, "  level { severity: 'high' }",
                 "13:11: error: ", "It has: name, of_target, offset, audience, ack_expires."});
}

TEST(ParseBook, BrokenTextIsAnErrorWithItsPlace) {
  ExpectFinding({11, "  limit { allow { hours: soon } }", "11:26: error: ", "soon"});
  ExpectFinding({15, "  weight: HEAVY", "15:11: error: ", "HEAVY"});
  ExpectFinding({16, "", "18:1: error: ", "Expected"});
}

TEST(ParseBook, AMistypedWordAtTheEndOfALineIsFoundOnItsOwnLine) {
  ExpectFinding({15, "  weight: LOCALLY\n\n", "15:11: error: ", "LOCALLY"});
  ExpectFinding({12, "  accountability\n: 'asked'", "12:3: error: ", "accountability"});
}

TEST(ParseBook, AFieldGivenTwiceIsAnError) {
  ExpectFinding(
      {12, "  accountable: 'asked' accountable: 'asker'", "12:35: error: ", "\"accountable\""});
}

TEST(ParseBook, TextThatIsNotUtf8IsAnErrorWithItsPlace) {
  ExpectFinding({14, "  title { cy: 'gr\xC3\xB5p \xFF' }", "14:22: error: ", "not UTF-8"});
  for (const char* broken : {"\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xC3",
                             "\x80", "\xF5\x80\x80\x80"}) {
    const CheckedBook checked = ParseBook(broken);
    ASSERT_EQ(checked.findings.size(), 1u);
    EXPECT_THAT(checked.findings[0].sentence, HasSubstr("not UTF-8"));
  }
  EXPECT_TRUE(
      ParseBook(SampleWith(14, "title { cy: 'ŵŷ\xF0\x9F\x98\x80' en: 'e' } source { title: 's' }"))
          .ok());
}

TEST(ParseBook, ABrokenBookIsNotHalfThere) {
  const CheckedBook checked = ParseBook(SampleWith(10, "  stopp { }"));
  EXPECT_FALSE(checked.ok());
  EXPECT_EQ(checked.book.rule_size(), 0);
}

TEST(ParseBook, FindingsComeInTheOrderOfTheirLines) {
  const CheckedBook checked = ParseBook(
      "rule { id: 'R'\n accountable: 'x'\n valid_from: 'y' }\nagency { id: 'a'\n nation: "
      "'z' }\n");
  for (size_t i = 1; i < checked.findings.size(); ++i) {
    EXPECT_LE(checked.findings[i - 1].line, checked.findings[i].line);
  }
  EXPECT_GE(checked.findings.size(), 7u);
}

TEST(CheckBook, FindsTheSameInAMessageWithoutLines) {
  pathway::v1::Book book = ParseBook(SampleWith(0, "")).book;
  EXPECT_THAT(CheckBook(book), IsEmpty());
  book.mutable_rule(0)->mutable_limit(0)->mutable_allow()->set_hours(-1);
  book.mutable_rule(0)->mutable_limit(0)->mutable_from()->set_field("role");
  const std::vector<Finding> findings = CheckBook(book);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(
      FindingText("wales.textproto", findings[0]),
      "wales.textproto: error: rule[0].limit[0].from.field: \"role\" states no date, so the limit "
      "never speaks; write \"birth_month\", \"until\", \"effective\" or a field of the event's own "
      "that states one");
}

TEST(FindingText, NamesFileLineColumnSeverityAndField) {
  EXPECT_EQ(FindingText("wales.textproto",
                        {Finding::kWarning, 12, 3, "rule[3].limit[0].allow", "look here"}),
            "wales.textproto:12:3: warning: rule[3].limit[0].allow: look here");
  EXPECT_EQ(FindingText("b", {Finding::kError, 0, 0, "", "gone"}), "b: error: gone");
}

}  // namespace
}  // namespace dolen
