#include "connectors/files/mapping.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "connectors/files/text.h"
#include "tests/connectors/files/helpers.h"

namespace dolen {
namespace {

using ::testing::HasSubstr;

constexpr char kGood[] = R"(id: "good"
zone: "Europe/London"
event {
  child { issuer: "nhs" value { column: "NHS number" } }
  is { column: "What" map { from: "Referral" to: "referral_made" } slug: true }
  agency { fixed: "cardiff" }
  occurred { column: "Date" column: "Time" format: "%d/%m/%Y %H:%M" }
}
)";

std::string With(absl::string_view from, absl::string_view to) {
  std::string text = kGood;
  const size_t at = text.find(std::string(from));
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), std::string(to));
}

TEST(Mapping, AGoodOneHasNoFindings) {
  const CheckedMapping mapping = ParseMapping(kGood);
  EXPECT_TRUE(mapping.ok()) << Findings(mapping);
  EXPECT_TRUE(mapping.findings.empty()) << Findings(mapping);
}

TEST(Mapping, FindingsNameLineAndField) {
  struct Case {
    const char *from, *to;
    const char *place, *sentence;
  };
  const Case cases[] = {
      {"\"Europe/London\"", "\"Europe/Cardiff\"", "2:1 zone:", "\"Europe/Cardiff\" is not known"},
      {"value { column: \"NHS number\" }", "",
       "4:3 event[0].child[0]:", "where the child's number is"},
      {"to: \"referral_made\"", "to: \"Referral Made\"",
       "5:3 event[0].is:", "neither a kind nor a milestone"},
      {"to: \"referral_made\"", "to: \"erasure_ordered\"",
       "5:3 event[0].is:", "cannot be said by rows"},
      {"from: \"Referral\" ", "", "5:23 event[0].is.map[0]:", "both \"from\" and \"to\""},
      {"fixed: \"cardiff\"", "",
       "6:3 event[0].agency:", "either \"fixed\" or at least one \"column\""},
      {"fixed: \"cardiff\"", "fixed: \"Cardiff Council\"",
       "6:3 event[0].agency:", "not an agency's id"},
      {"%d/%m/%Y %H:%M", "%d/%m %H:%M", "7:44 event[0].occurred.format[0]:", "year, month and day"},
      {"%d/%m/%Y %H:%M", "%d/%m/%Y", "7:44 event[0].occurred.format[0]:", "time of day"},
      {"%d/%m/%Y %H:%M", "%d/%m/%Y %I:%M", "7:44 event[0].occurred.format[0]:", "time of day"},
      {"%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M %Z", "7:44 event[0].occurred.format[0]:", "%Ez"},
      {"%d/%m/%Y %H:%M", "%Q", "7:44 event[0].occurred.format[0]:", "not a format"},
      {"zone: \"Europe/London\"", "csv { separator: \";;\" }",
       "2:7 csv.separator:", "one ASCII character"},
      {"zone: \"Europe/London\"", "keep { column: \"What\" }", "2:1 keep[0]:", "exactly one of"},
      {"agency { fixed: \"cardiff\" }", "", "3:1 event[0]:", "who speaks"},
      {"zone: \"Europe/London\"", "csv { column: \"What\" column: \"What\" }",
       "2:22 csv.column[1]:", "named twice"},
      {"zone: \"Europe/London\"", "csv { column: \"What\" }",
       "4:33 event[0].child[0].value.column[0]:", "not among"},
  };
  for (const Case& c : cases) {
    const CheckedMapping mapping = ParseMapping(With(c.from, c.to));
    EXPECT_FALSE(mapping.ok()) << c.to;
    EXPECT_THAT(Findings(mapping), HasSubstr(c.place)) << c.to;
    EXPECT_THAT(Findings(mapping), HasSubstr(c.sentence)) << c.to;
  }
}

TEST(Mapping, SyntaxErrorsNameTheirLine) {
  const CheckedMapping mapping = ParseMapping(With("agency {", "agncy {"));
  EXPECT_FALSE(mapping.ok());
  EXPECT_THAT(Findings(mapping), HasSubstr("6:"));
  EXPECT_THAT(Findings(mapping), HasSubstr("agncy"));
  EXPECT_THAT(Findings(mapping), HasSubstr("Perhaps \"agency\" is meant."));
}

TEST(Mapping, SeveralEventsNeedNamesOfTheirOwn) {
  std::string two = With("event {", "event { name: \"a\"");
  two += "event { name: \"a\" is { fixed: \"b\" } }\n";
  const CheckedMapping mapping = ParseMapping(two);
  EXPECT_THAT(Findings(mapping), HasSubstr("9:9 event[1].name: is the name of another event too"));
  EXPECT_THAT(Findings(mapping), HasSubstr("event[1]: say whose event it is"));
}

TEST(Mapping, TemplatesTakeFromCommonWhatTheyDoNotSay) {
  const CheckedMapping mapping = ParseMapping(R"(
common {
  child { issuer: "x" value { column: "c" } }
  agency { fixed: "camhs" }
  is { fixed: "one" }
  occurred { column: "t" }
  field { name: "f" code { column: "g" } }
}
event { name: "first" }
event { name: "second" is { fixed: "two" } child { issuer: "y" value { column: "d" } } }
)");
  ASSERT_TRUE(mapping.ok()) << Findings(mapping);
  const auto templates = Templates(mapping.mapping);
  EXPECT_EQ(templates[0].is().fixed(), "one");
  EXPECT_EQ(templates[0].child(0).issuer(), "x");
  EXPECT_EQ(templates[1].is().fixed(), "two");
  ASSERT_EQ(templates[1].child_size(), 1);  // its own, not both
  EXPECT_EQ(templates[1].child(0).issuer(), "y");
  EXPECT_EQ(templates[1].agency().fixed(), "camhs");
  EXPECT_EQ(templates[1].field_size(), 1);
}

TEST(Mapping, RowsMaySayOrdinaryKindsOnly) {
  bool forbidden = false;
  EXPECT_EQ(RowKind("referral_made", forbidden), event::v1::KIND_REFERRAL_MADE);
  EXPECT_FALSE(forbidden);
  EXPECT_EQ(RowKind("Referral_Made", forbidden), event::v1::KIND_UNSPECIFIED);
  EXPECT_FALSE(forbidden);
  for (const char* name : {"correction", "identity_linked", "milestone_reached", "unspecified"}) {
    EXPECT_EQ(RowKind(name, forbidden), event::v1::KIND_UNSPECIFIED);
    EXPECT_TRUE(forbidden) << name;
  }
}

TEST(Text, SlugMakesLowerSnakeCase) {
  EXPECT_EQ(Slug("Take in charge ticket"), "take_in_charge_ticket");
  EXPECT_EQ(Slug("  ER -- Sepsis/Triage (2) "), "er_sepsis_triage_2");
  EXPECT_EQ(Slug("?"), "");
}

TEST(Text, Utf8IsStrict) {
  EXPECT_TRUE(IsWellFormedUtf8("Ll\xC5\xB7r \xF0\x9F\x98\x80"));
  for (const char* bad :
       {"\xC5", "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xFF", "a\x80", "\xE2\x82"}) {
    EXPECT_FALSE(IsWellFormedUtf8(bad));
  }
  EXPECT_EQ(FromWindows1252("caf\xE9 \x80\x81"), "caf\xC3\xA9 \xE2\x82\xAC\xEF\xBF\xBD");
}

}  // namespace
}  // namespace dolen
