// What is checked of a rule: each finding with its place.
#include "gtest/gtest.h"
#include "tests/engine/pathway/sample.h"

namespace dolen {
namespace {

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

TEST(CheckRule, AcceptsEveryWayToOpenClocks) {
  ExpectClean(8,
              {"id: 'R' per: 'matter'", "id: 'R' per: 'child'", "id: 'R' per: 'thread'",
               "id: 'R' per: 'agency'", "id: 'R' per: 'matter' per: 'placement' opens: EACH",
               "id: 'R' opens: AGAIN", "id: 'R' opens: AGAIN which: LAST done_before: true",
               "id: 'R' which: LAST", "id: 'R' done_before: true", "id: 'R' percent_in_time: 80"});
  ExpectClean(9, {"start { is: 'a' } start { is: 'b' or { is: 'c' } }"});
  ExpectClean(10, {"opens: AGAIN cancel { is: 'a' } stop { is: 'b' }"});
}

TEST(CheckRule, ChecksItsKey) {
  ExpectFindings({
      {8, "  id: 'R' per: 'Matter'", "8:11: error: rule[0].per[0]", "\"Matter\" is no key"},
      {8, "  id: 'R' per: ''", "8:11: error: rule[0].per[0]", "write \"matter\", \"child\""},
      {8, "  id: 'R' per: 'placement' per: 'placement'", "8:28: error: rule[0].per[1]",
       "named twice"},
      {8, "  id: 'R' per: 'matter' per: 'child'", "8:25: warning: rule[0].per[1]",
       "\"child\" adds nothing"},
      {8, "  id: 'R' per: 'thread' per: 'matter'", "8:11: warning: rule[0].per[0]",
       "\"thread\" adds nothing"},
  });
}

TEST(CheckRule, ChecksHowManyClocksItOpens) {
  ExpectFindings({
      {9, "  opens: EACH start { is: 'a' } start { is: 'b' }", "9:33: error: rule[0].start[1]",
       "one start; join them with or"},
      {8, "  id: 'R' opens: EACH which: LAST", "8:23: error: rule[0].which", "leave which out"},
      {8, "  id: 'R' opens: EACH done_before: true", "8:23: warning: rule[0].done_before",
       "one stop meets every later clock"},
  });
  const CheckedBook never_closed = ParseBook(SampleWith(10, "opens: AGAIN"));
  ASSERT_EQ(never_closed.findings.size(), 2u);  // besides that it has no stop
  EXPECT_THAT(FindingText("b", never_closed.findings[1]),
              testing::StartsWith("b:10:1: warning: rule[0].opens: nothing closes the clock"));
  ExpectFinding({10, "  done_before: true", "10:3: warning: rule[0].done_before",
                 "no stop that could come before"});
}

TEST(CheckRule, ChecksWhoMayExcuse) {
  ExpectFindings({
      {8, "  id: 'R' exception_by: 'agency:x'", "8:11: error: rule[0].exception_by",
       "not in this book"},
      {8, "  id: 'R' exception_by: 'kind:'", "8:11: error: rule[0].exception_by", "no kind"},
      {8, "  id: 'R' exception_by: 'kind:x'", "8:11: warning: rule[0].exception_by", "other books"},
      {8, "  id: 'R' exception_by: 'role:'", "8:11: error: rule[0].exception_by", "no role"},
      {8, "  id: 'R' exception_by: 'manager'", "8:11: error: rule[0].exception_by",
       "\"manager\" says not who may authorise"},
  });
  for (const char* by :
       {"starter", "asked", "asker", "holder", "agency:council", "kind:council", "role:manager"}) {
    ExpectClean(8, {absl::StrCat("id: 'R' exception_by: '", by, "'")});
  }
  const CheckedBook standing =
      ParseBook(SampleWith(11, "exception_by: 'asker' percent_in_time: 80"));
  ASSERT_EQ(standing.findings.size(), 3u);  // besides the level that is never reached
  EXPECT_THAT(FindingText("b", standing.findings[0]),
              testing::StartsWith("b:11:1: warning: rule[0].exception_by: the rule has no limit"));
  EXPECT_THAT(
      FindingText("b", standing.findings[1]),
      testing::StartsWith("b:11:23: warning: rule[0].percent_in_time: the rule has no limit"));
  ExpectFinding({8, "  id: 'R' percent_in_time: 101", "8:11: error: rule[0].percent_in_time",
                 "more than 100"});
}

TEST(CheckRule, ChecksWhoIsAccountable) {
  ExpectFindings({
      {12, "  accountable: 'role:'", "12:3: error: rule[0].accountable", "says not who"},
      {12, "  accountable: 'kind:'", "12:3: error: rule[0].accountable", "says not who"},
      {12, "  accountable: 'council'", "12:3: error: rule[0].accountable", "says not who"},
      {12, "  accountable: 'agency:police'", "12:3: error: rule[0].accountable",
       "write one of: council"},
      {12, "  accountable: 'agency:'", "12:3: error: rule[0].accountable", "names nobody"},
  });
  for (const char* party :
       {"starter", "asked", "asker", "holder", "role:chair", "kind:police", "agency:council"}) {
    ExpectClean(12, {absl::StrCat("accountable: '", party, "'")});
  }
}

TEST(CheckRule, ChecksItsLevels) {
  ExpectFindings({
      {13, "  level { }", "13:3: error: rule[0].level[0].name", "no name"},
      {13, "  level { name: 'Over due' }", "13:11: error: rule[0].level[0].name",
       "lower_snake_case"},
      {13, "  level { name: 'a' } level { name: 'a' }", "13:31: error: rule[0].level[1].name",
       "twice"},
      {13, "  level { name: 'a' of_target: true }", "13:21: error: rule[0].level[0].of_target",
       "no target to measure from"},
      {11, "  target { allow { hours: 1 } }", "13:3: warning: rule[0].level[0]",
       "no limit to measure from; write of_target: true"},
      {13, "  level { name: 'a' ack_expires { hours: -1 } }",
       "13:21: error: rule[0].level[0].ack_expires", "negative"},
      {13, "  level { name: 'overdue' offset { hours: 1 } }",
       "13:27: error: rule[0].level[0].offset", "has no offset"},
      {13, "  level { name: 'a' offset { } }", "13:21: error: rule[0].level[0].offset", "no unit"},
      {13, "  level { name: 'a' offset { school_days: 1 } }",
       "13:21: warning: rule[0].level[0].offset", "level is never reached"},
      {13,
       "  level { name: 'a' offset { working_days: 1 } } level { name: 'b' offset { hours: -2 } }",
       "13:50: error: rule[0].level[1]", "level \"b\" comes before level \"a\""},
      {13, "  level { name: 'due_soon' }", "13:3: warning: rule[0].level[0]", "not before due"},
      {13, "  level { name: 'overdue' } level { name: 'due_soon' offset { working_days: -1 } }",
       "13:29: error: rule[0].level[1]", "in order of their offset"},
      {13, "  level { name: 'a' audience: '' }", "13:21: error: rule[0].level[0].audience[0]",
       "whom to tell"},
      {13, "  level { name: 'a' audience: 'desk' }", "13:21: error: rule[0].level[0].audience[0]",
       "says not who"},
      {13, "  level { name: 'a' audience: 'asker/Big Team' }",
       "13:21: error: rule[0].level[0].audience[0]", "lower_snake_case"},
      {13, "  level { name: 'a' audience: 'agency:x' }",
       "13:21: error: rule[0].level[0].audience[0]", "not in this book"},
      {11, "", "13:3: warning: rule[0].level[0]", "never due"},
  });
  ExpectClean(13,
              {"level { name: 'early' offset { weeks: -1 } } level { name: 'due_soon' offset { "
               "hours: -4 } } level { name: 'overdue' ack_expires { working_days: 1 } } level { "
               "name: 'later' offset { months: 1 } }"});
  // Levels of the target and of the limit are in order each.
  ExpectClean(11, {"limit { allow { weeks: 6 } } target { allow { months: 1 } } level { name: "
                   "'wished' of_target: true offset { weeks: 1 } }"});
  const CheckedBook openings =
      ParseBook(SampleWith(13, "level { name: 'a' offset { school_openings: 1 } }"));
  ASSERT_EQ(openings.findings.size(), 2u);  // besides that there is no calendar of schools
  EXPECT_THAT(FindingText("b", openings.findings[1]),
              testing::HasSubstr("error: rule[0].level[0].offset: a level is not counted in open"));
}

}  // namespace
}  // namespace dolen
