// What is checked of a book, its agencies and its calendars: each finding with its place.
#include "gtest/gtest.h"
#include "tests/engine/pathway/sample.h"

namespace dolen {
namespace {

TEST(CheckBook, SaysWhatTheBookItselfLacks) {
  ExpectFindings({
      {1, "version: '1'", "1:1: error: id", "no id"},
      {1, "id: 't'", "1:1: error: version", "no version"},
      {2, "", "1:1: error: zone", "Europe/London"},
  });
}

TEST(CheckBook, ChecksByWhatResponsibilityPasses) {
  ExpectFindings({
      {17, "passing { from: 'asker' to: 'asked' }", "17:1: error: passing[0].on.is",
       "names no event"},
      {17, "passing { on { is: 'a' } to: 'asked' }", "17:1: error: passing[0].from",
       "\"\" says not who"},
      {17, "passing { on { is: 'a' } from: 'asker' to: 'council' }", "17:40: error: passing[0].to",
       "\"council\" says not who"},
      {17, "passing { on { is: 'a' } from: 'asker' to: 'asker' }", "17:40: error: passing[0].to",
       "from a party to itself"},
      {17, "passing { on { overdue: 'R' } from: 'asker' to: 'asked' }",
       "17:16: error: passing[0].on.overdue", "moments start, stop and cancel clocks"},
      {17, "passing { on { is: 'a' given { is: 'b' } } from: 'asker' to: 'asked' }",
       "17:24: error: passing[0].on.given[0]", "remembered for rules only"},
      {17, "passing { on { is: 'a' or { is: 'c' unless { is: 'b' } } } from: 'asker' to: 'asked' }",
       "17:37: error: passing[0].on.or[0].unless[0]", "remembered for rules only"},
      {17, "passing { on { is: 'a' where { field: 'age' below: 5 } } from: 'asker' to: 'asked' }",
       "17:32: error: passing[0].on.where[0].field", "\"age\" is worked out for rules only"},
  });
  ExpectClean(17, {"passing { part: 'case' on { is: 'a' where { field: 'reason' is: 'x' } } from: "
                   "'holder' to: 'role:school' }"});
}

TEST(CheckBook, ChecksAgencies) {
  ExpectFindings({
      {17, "agency { kind: 'police' }", "17:1: error: agency[1].id", "no id"},
      {17, "agency { kind: 'police' id: 'council' }", "17:25: error: agency[1].id", "twice"},
      {17, "agency { id: 'a' nation: 'Wales' }", "17:18: error: agency[1].nation",
       "write england, wales, scotland, northern_ireland"},
      {17, "agency { id: 'a' quiet_after { hours: -4 } }", "17:18: error: agency[1].quiet_after",
       "negative"},
  });
  ExpectClean(17, {"agency { id: 'a' quiet_after { hours: 4 } }"});
}

TEST(CheckBook, ChecksWords) {
  ExpectFindings({
      {17, "word { title { cy: 'a' en: 'b' } }", "17:1: error: word[0].code", "no code"},
      {17,
       "word { code: 'c' title { cy: 'a' en: 'b' } } word { code: 'c' title { cy: 'a' en: 'b' } }",
       "17:53: error: word[1].code", "twice"},
      {17, "word { code: 'c' title { en: 'b' } }", "17:18: error: word[0].title", "both languages"},
  });
  ExpectClean(17, {"word { code: 'council' title { cy: 'Y Cyngor' en: 'The Council' } }"});
}

TEST(CheckBook, ChecksCalendars) {
  ExpectFindings({
      {17, "calendar { nation: 'wales' from: '2026-01-01' to: '2026-01-01' }",
       "17:1: error: calendar[1].id", "no id"},
      {17, "calendar { id: 'w' nation: 'wales' from: '2026-01-01' to: '2026-01-01' }",
       "17:12: error: calendar[1].id", "twice"},
      {17, "calendar { id: 'x' from: '2026-01-01' to: '2026-01-01' }", "17:1: error: calendar[1]",
       "same place"},
      {17, "calendar { id: 'x' nation: 'cymru' from: '2026-01-01' to: '2026-01-01' }",
       "17:20: error: calendar[1].nation", "not a nation"},
      {17, "calendar { id: 'x' school: true from: '2026-01-01' to: '2026-01-01' }",
       "17:1: warning: calendar[1].opens", "no school_openings can be counted"},
      {17, "calendar { id: 'x' nation: 'wales' to: '2026-01-01' }", "17:1: error: calendar[1].from",
       "its first day"},
      {17, "calendar { id: 'x' nation: 'wales' from: '2026-01-01' }", "17:1: error: calendar[1].to",
       "its last day"},
      {4, "calendar { id: 'w' from: '1 May' to: '2026-12-31'", "4:20: error: calendar[0].from",
       "\"1 May\" is not a day"},
      {4, "calendar { id: 'w' from: '2026-01-01' to: '2026-02-30'", "4:39: error: calendar[0].to",
       "not a day"},
      {17, "calendar { id: 'x' nation: 'wales' from: '2026-01-02' to: '2026-01-01' }",
       "17:55: error: calendar[1].to", "before the first"},
      {4, "calendar { id: 'w' from: '1900-01-01' to: '2926-01-01'", "4:39: error: calendar[0].to",
       "73050 days"},
  });
}

TEST(CheckBook, ChecksWhenCalendarsOpen) {
  ExpectFindings({
      {17, "calendar { id: 'x' school: true from: '2026-01-01' to: '2026-01-01' opens: '9:00' }",
       "17:69: error: calendar[1].opens", "\"9:00\" is not a time of day"},
      {6, "closes: '25:00' }", "6:1: error: calendar[0].closes", "not a time of day"},
      {6, "opens: '17:00' closes: '09:00' }", "6:16: error: calendar[0].closes", "never open"},
      {6, "opens: '09:00' closes: '09:00' }", "6:16: error: calendar[0].closes", "swap them"},
  });
  ExpectClean(6, {"opens: '09:00' closes: '17:00' }", "opens: '09:00' }", "closes: '24:00' }"});
  ExpectClean(17, {"calendar { id: 'x' school: true from: '2026-01-01' to: '2026-01-01' opens: "
                   "'08:50' }"});
}

TEST(CheckBook, ChecksClosedDays) {
  ExpectFindings({
      {5, "  closed { to: '2026-12-25' }", "5:3: error: calendar[0].closed[0].from", "is missing"},
      {5, "  closed { from: '2026-12-32' }", "5:12: error: calendar[0].closed[0].from",
       "not a day"},
      {5, "  closed { from: '2026-12-25' to: 'x' }", "5:31: error: calendar[0].closed[0].to",
       "not a day"},
      {5, "  closed { from: '2026-12-25' to: '2026-12-24' }",
       "5:31: error: calendar[0].closed[0].to", "before its first day"},
      {5, "  closed { from: '2027-01-01' }", "5:3: warning: calendar[0].closed[0]",
       "outside the days that the calendar knows"},
      {5, "  closed { from: '2026-12-25' announced: '1 May' }",
       "5:31: error: calendar[0].closed[0].announced", "\"1 May\" is not a day"},
      {5, "  closed { from: '2026-12-25' to: '2026-12-26' announced: '2026-12-27' }",
       "5:48: warning: calendar[0].closed[0].announced", "after it was over"},
  });
  ExpectClean(5, {"closed { from: '2026-12-25' to: '2026-12-26' announced: '2026-12-26' }"});
}

constexpr char kTwin[] =
    "rule { id: 'R' start { is: 'a' } stop { is: 'b' } accountable: 'asked' title { cy: 'c' en: "
    "'e' } source { title: 's' } weight: LOCAL ";

TEST(CheckBook, WarnsOfVersionsThatJudgeTheSameDays) {
  const std::string same = std::string(kTwin) + "valid_from: '2026-05-01' }";
  ExpectFinding({17, same.c_str(), "17:1: warning: rule[1]", "rule[0] and rule[1]"});
}

TEST(CheckBook, RefusesVersionsWithOtherKeys) {
  // A rule has one key: the earlier version would silently be read by the later one's.
  const std::string other = std::string(kTwin) + "valid_from: '2026-05-01' per: 'child' }";
  const std::string text = SampleWith(8, "  id: 'R' valid_to: '2026-05-01'") + other;
  const CheckedBook checked = ParseBook(text);
  ASSERT_EQ(checked.findings.size(), 1u);
  EXPECT_THAT(
      FindingText("b", checked.findings[0]),
      testing::HasSubstr("error: rule[1]: versions of rule \"R\" (rule[0] and rule[1]) have "
                         "other keys (per)"));
}

TEST(CheckBook, VersionsOneAfterAnotherOrForOthersAreFine) {
  std::string text = SampleWith(8, "  id: 'R' valid_to: '2026-05-01'");
  EXPECT_TRUE(ParseBook(text + kTwin + "valid_from: '2026-05-01' }").findings.empty());
  EXPECT_EQ(ParseBook(text + kTwin + "valid_from: '2026-04-30' }").findings.size(), 1u);
  text = SampleWith(0, "");
  EXPECT_TRUE(ParseBook(text + kTwin + "scope: 'agency:council' }").findings.empty());
}

}  // namespace
}  // namespace dolen
