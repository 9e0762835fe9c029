// What is checked of a rule: each finding with its place.
#include "gtest/gtest.h"
#include "tests/engine/pathway/sample.h"

namespace dolen {
namespace {

void ExpectFindings(std::initializer_list<Case> cases) {
  for (const Case& tested : cases) ExpectFinding(tested);
}

TEST(CheckRule, SaysWhatARuleLacks) {
  ExpectFindings({
      {8, "", "7:1: error: rule[0].id", "no id"},
      {9, "", "8:3: error: rule[0].id", "no start"},
      {10, "", "8:3: warning: rule[0].id", "no stop"},
      {12, "", "7:1: error: rule[0].accountable", "nobody is accountable"},
      {13, "", "11:3: warning: rule[0].limit[0]", "nobody is told"},
      {14, "  title { en: 'e' } source { title: 's' }", "14:3: warning: rule[0].title",
       "no Welsh title"},
      {14, "  title { cy: 'c' } source { title: 's' }", "14:3: warning: rule[0].title",
       "no English title"},
      {14, "  title { cy: 'c' en: 'e' }", "7:1: warning: rule[0].source", "where it comes from"},
      {15, "", "13:3: warning: rule[0].level[0]", "advisory"},
  });
}

TEST(CheckRule, ChecksItsDays) {
  ExpectFindings({
      {8, "  id: 'R' valid_from: '2026-4-1'", "8:11: error: rule[0].valid_from", "not a day"},
      {8, "  id: 'R' valid_to: 'never'", "8:11: error: rule[0].valid_to", "not a day"},
      {8, "  id: 'R' valid_from: '2026-04-01' valid_to: '2026-04-01'",
       "8:36: error: rule[0].valid_to", "judges no day"},
  });
}

TEST(CheckRule, ChecksItsScope) {
  ExpectFindings({
      {8, "  id: 'R' scope: 'agency:council' scope: 'agency:x'", "8:35: error: rule[0].scope[1]",
       "agency \"x\" is not in this book"},
      {8, "  id: 'R' scope: 'nation:cymru'", "8:11: error: rule[0].scope[0]", "not a nation"},
      {8, "  id: 'R' scope: 'authority:'", "8:11: error: rule[0].scope[0]", "not a scope"},
      {8, "  id: 'R' scope: 'everywhere'", "8:11: error: rule[0].scope[0]", "not a scope"},
  });
  EXPECT_TRUE(ParseBook(SampleWith(8,
                                   "id: 'R' scope: ['nation:wales', 'authority:W06000015', "
                                   "'agency:council']"))
                  .findings.empty());
}

TEST(CheckRule, RefusesWhatItWouldNotCarryOut) {
  const char* const words = "not folded yet by this version";
  ExpectFindings({
      {8, "  id: 'R' per: 'thread'", "8:11: error: rule[0].per[0]", words},
      {8, "  id: 'R' per: 'matter' per: 'placement'", "8:25: error: rule[0].per[1]", words},
      {8, "  id: 'R' opens: EACH", "8:11: error: rule[0].opens", words},
      {8, "  id: 'R' opens: AGAIN", "8:11: error: rule[0].opens", words},
      {8, "  id: 'R' which: LAST", "8:11: error: rule[0].which", words},
      {8, "  id: 'R' several: LATEST", "8:11: error: rule[0].several", words},
      {8, "  id: 'R' exception_by: 'agency:council'", "8:11: error: rule[0].exception_by", words},
      {8, "  id: 'R' percent_in_time: 80", "8:11: error: rule[0].percent_in_time", words},
      {8, "  id: 'R' pause { begin { is: 'clock_paused' } }", "8:11: error: rule[0].pause[0]",
       words},
      {8, "  id: 'R' target { allow { hours: 1 } }", "8:11: error: rule[0].target[0]", words},
      {11, "  limit { allow { hours: 1 } } limit { allow { hours: 2 } }",
       "11:32: error: rule[0].limit[1]", words},
  });
  for (const char* per : {"matter", "child"}) {
    EXPECT_TRUE(ParseBook(SampleWith(8, absl::StrCat("id: 'R' per: '", per, "'"))).ok());
  }
}

TEST(CheckRule, RefusesUnitsAndBoundariesThatItWouldNotCarryOut) {
  const char* const words = "not folded yet by this version";
  ExpectFindings({
      {11, "  limit { allow { school_days: 1 } }",
       "11:19: error: rule[0].limit[0].allow.school_days", words},
      {11, "  limit { allow { months: 1 } }", "11:19: error: rule[0].limit[0].allow.months", words},
      {11, "  limit { allow { years: 1 } }", "11:19: error: rule[0].limit[0].allow.years", words},
      {11, "  limit { allow { school_openings: 1 } }",
       "11:19: error: rule[0].limit[0].allow.school_openings", words},
      {11, "  limit { allow { hours: -1 } }", "11:11: error: rule[0].limit[0].allow", words},
      {11, "  limit { allow { hours: 1 } when { is: 'a' } }", "11:30: error: rule[0].limit[0].when",
       words},
      {11, "  limit { allow { hours: 1 } from { field: 'a' } }",
       "11:30: error: rule[0].limit[0].from", words},
      {11, "  limit { allow { hours: 1 } within { hours: 2 } }",
       "11:30: error: rule[0].limit[0].within", words},
      {11, "  limit { allow { hours: 1 } cut_off: '16:00' }",
       "11:30: error: rule[0].limit[0].cut_off", words},
      {11, "  limit { allow { hours: 1 } closed_start_moves: true }",
       "11:30: error: rule[0].limit[0].closed_start_moves", words},
      {11, "  limit { allow { hours: 1 } start_day_is_one: true }",
       "11:30: error: rule[0].limit[0].start_day_is_one", words},
      {11, "  limit { allow { hours: 1 } before_last_day: true }",
       "11:30: error: rule[0].limit[0].before_last_day", words},
      {11, "  limit { allow { hours: 1 } roll: NEXT }", "11:30: error: rule[0].limit[0].roll",
       words},
      {11, "  limit { allow { hours: 1 } calendar_of: 'role:school' }",
       "11:30: error: rule[0].limit[0].calendar_of", words},
  });
}

TEST(CheckRule, ChecksItsLimit) {
  ExpectFindings({
      {11, "  limit { }", "11:3: error: rule[0].limit[0]", "allows nothing"},
      {11, "  limit { allow { } }", "11:11: error: rule[0].limit[0].allow", "no unit"},
      {11, "  limit { allow { weeks: 2000000000 } }", "11:11: error: rule[0].limit[0].allow",
       "a digit too many"},
      {11, "  limit { allow { hours: 1 } calendar_of: 'agency:x' }",
       "11:30: error: rule[0].limit[0].calendar_of", "not in this book"},
  });
  for (const char* allow : {"minutes: 0", "hours: 24", "calendar_days: 28", "weekdays: 2",
                            "working_days: 42", "weeks: 12"}) {
    const std::string line = absl::StrCat("limit { allow { ", allow, " } }");
    EXPECT_TRUE(ParseBook(SampleWith(11, line)).findings.empty()) << allow;
  }
}

TEST(CheckRule, WarnsOfWorkingDaysWithoutACalendar) {
  const CheckedBook checked = ParseBook(
      "id: 't' version: '1' zone: 'UTC'\n"
      "rule { id: 'R' start { is: 'a' } stop { is: 'b' } accountable: 'asked' weight: LOCAL\n"
      "  title { cy: 'c' en: 'e' } source { title: 's' }\n"
      "  limit { allow { working_days: 1 } }\n"
      "  level { name: 'late' offset { working_days: 1 } } }\n");
  ASSERT_EQ(checked.findings.size(), 2u);
  EXPECT_TRUE(checked.ok());
  EXPECT_THAT(FindingText("b", checked.findings[0]),
              testing::StartsWith("b:4:11: warning: rule[0].limit[0].allow: working days need"));
  EXPECT_THAT(FindingText("b", checked.findings[1]),
              testing::StartsWith("b:5:24: warning: rule[0].level[0].offset: working days need"));
}

TEST(CheckRule, ChecksWhoIsAccountable) {
  ExpectFindings({
      {12, "  accountable: 'holder'", "12:3: error: rule[0].accountable", "not folded yet"},
      {12, "  accountable: 'role:chair'", "12:3: error: rule[0].accountable", "not folded yet"},
      {12, "  accountable: 'kind:police'", "12:3: error: rule[0].accountable", "not folded yet"},
      {12, "  accountable: 'council'", "12:3: error: rule[0].accountable", "says not who"},
      {12, "  accountable: 'agency:police'", "12:3: error: rule[0].accountable",
       "write one of: council"},
      {12, "  accountable: 'agency:'", "12:3: error: rule[0].accountable", "names nobody"},
  });
}

TEST(CheckRule, ChecksItsLevels) {
  ExpectFindings({
      {13, "  level { }", "13:3: error: rule[0].level[0].name", "no name"},
      {13, "  level { name: 'Over due' }", "13:11: error: rule[0].level[0].name",
       "lower_snake_case"},
      {13, "  level { name: 'a' } level { name: 'a' }", "13:31: error: rule[0].level[1].name",
       "twice"},
      {13, "  level { name: 'a' of_target: true }", "13:21: error: rule[0].level[0].of_target",
       "not folded yet"},
      {13, "  level { name: 'a' ack_expires { hours: 1 } }",
       "13:21: error: rule[0].level[0].ack_expires", "not folded yet"},
      {13, "  level { name: 'overdue' offset { hours: 1 } }",
       "13:27: error: rule[0].level[0].offset", "has no offset"},
      {13, "  level { name: 'a' offset { } }", "13:21: error: rule[0].level[0].offset", "no unit"},
      {13, "  level { name: 'a' offset { months: 1 } }",
       "13:30: error: rule[0].level[0].offset.months", "not folded yet"},
      {13, "  level { name: 'due_soon' }", "13:3: warning: rule[0].level[0]", "not before due"},
      {13, "  level { name: 'overdue' } level { name: 'due_soon' offset { working_days: -1 } }",
       "13:29: error: rule[0].level[1]", "in order of their offset"},
      {13, "  level { name: 'a' audience: '' }", "13:21: error: rule[0].level[0].audience[0]",
       "whom to tell"},
      {13, "  level { name: 'a' audience: 'agency:x' }",
       "13:21: error: rule[0].level[0].audience[0]", "not in this book"},
      {11, "", "13:3: warning: rule[0].level[0]", "never due"},
  });
  EXPECT_TRUE(
      ParseBook(SampleWith(13,
                           "level { name: 'early' offset { weeks: -1 } } level { name: "
                           "'due_soon' offset { hours: -4 } } level { name: 'overdue' } level "
                           "{ name: 'later' offset { working_days: 5 } }"))
          .findings.empty());
}

TEST(CheckRule, ChecksNamesInPatterns) {
  ExpectFindings({
      {9, "  start { }", "9:3: error: rule[0].start[0].is", "names no event"},
      {9, "  start { is: 'KIND_REFERRAL_MADE' }", "9:11: error: rule[0].start[0].is",
       "write \"referral_made\""},
      {9, "  start { is: 'Strategy held' }", "9:11: error: rule[0].start[0].is",
       "lower_snake_case"},
      {9, "  start { is: 'milestone_reached' }", "9:11: error: rule[0].start[0].is",
       "name of the milestone"},
      {9, "  start { is: 'correction' }", "9:11: error: rule[0].start[0].is", "fits no event"},
      {9, "  start { is: 'referal_made' }", "9:11: warning: rule[0].start[0].is",
       "write \"referral_made\""},
      {10, "  stop { is: 'a' or { is: 'b' or { } } }",
       "10:31: error: rule[0].stop[0].or[0].or[0].is", "names no event"},
      {10, "  stop { is: 'a' } cancel { is: 'B' }", "10:29: error: rule[0].cancel.is",
       "write \"b\""},
      {9, "  start { is: 'a' } start { is: '_b' }", "9:29: error: rule[0].start[1].is",
       "lower_snake_case"},
  });
}

TEST(CheckRule, ChecksPublishersInPatterns) {
  ExpectFindings({
      {9, "  start { is: 'a' by: 'agency:x' }", "9:19: error: rule[0].start[0].by",
       "not in this book"},
      {9, "  start { is: 'a' by: 'kind:' }", "9:19: error: rule[0].start[0].by", "no kind"},
      {9, "  start { is: 'a' by: 'kind:police' }", "9:19: warning: rule[0].start[0].by",
       "other books"},
      {9, "  start { is: 'a' by: 'police' }", "9:19: error: rule[0].start[0].by", "says not who"},
  });
  for (const char* by : {"asked", "asker", "agency:council", "kind:council"}) {
    const std::string line = absl::StrCat("start { is: 'a' by: '", by, "' }");
    EXPECT_TRUE(ParseBook(SampleWith(9, line)).findings.empty()) << by;
  }
}

TEST(CheckRule, ChecksTestsInPatterns) {
  ExpectFindings({
      {9, "  start { is: 'a' where { is: 'x' } }", "9:19: error: rule[0].start[0].where[0].field",
       "names no field"},
      {9, "  start { is: 'a' where { field: 'Own' is: 'x' } }",
       "9:27: error: rule[0].start[0].where[0].field", "lower_snake_case"},
      {9, "  start { is: 'a' where { field: 'reason' } }", "9:19: error: rule[0].start[0].where[0]",
       "no values"},
      {9, "  start { is: 'a' where { field: 'reason' below: 3 } }",
       "9:43: error: rule[0].start[0].where[0].below", "is a code"},
  });
}

TEST(CheckRule, RefusesPatternsThatItWouldNotCarryOut) {
  const char* const words = "not folded yet by this version";
  ExpectFindings({
      {9, "  start { is: 'a' or { overdue: 'R' } }", "9:24: error: rule[0].start[0].or[0].overdue",
       words},
      {9, "  start { holding: UNHELD }", "9:11: error: rule[0].start[0].holding", words},
      {9, "  start { is: 'a' given { is: 'b' } }", "9:19: error: rule[0].start[0].given[0]", words},
      {9, "  start { is: 'a' unless { is: 'b' } }", "9:19: error: rule[0].start[0].unless[0]",
       words},
      {9, "  start { is: 'a' ago { hours: 1 } }", "9:19: error: rule[0].start[0].ago", words},
  });
}

}  // namespace
}  // namespace dolen
