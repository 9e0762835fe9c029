// What is checked of patterns and their tests: each finding with its place.
#include "gtest/gtest.h"
#include "tests/engine/pathway/sample.h"

namespace dolen {
namespace {

TEST(CheckPattern, ChecksNames) {
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

TEST(CheckPattern, ChecksPublishers) {
  ExpectFindings({
      {9, "  start { is: 'a' by: 'agency:x' }", "9:19: error: rule[0].start[0].by",
       "not in this book"},
      {9, "  start { is: 'a' by: 'kind:' }", "9:19: error: rule[0].start[0].by", "no kind"},
      {9, "  start { is: 'a' by: 'kind:police' }", "9:19: warning: rule[0].start[0].by",
       "other books"},
      {9, "  start { is: 'a' by: 'police' }", "9:19: error: rule[0].start[0].by", "says not who"},
      {9, "  start { is: 'a' by: 'holder' }", "9:19: error: rule[0].start[0].by", "says not who"},
      {9, "  start { is: 'a' by: 'role:' }", "9:19: error: rule[0].start[0].by", "no role"},
  });
  for (const char* by : {"asked", "asker", "agency:council", "kind:council", "role:manager"}) {
    const std::string line = absl::StrCat("start { is: 'a' by: '", by, "' }");
    EXPECT_TRUE(ParseBook(SampleWith(9, line)).findings.empty()) << by;
  }
}

TEST(CheckPattern, ChecksTests) {
  ExpectFindings({
      {9, "  start { is: 'a' where { is: 'x' } }", "9:19: error: rule[0].start[0].where[0].field",
       "names no field"},
      {9, "  start { is: 'a' where { field: 'Own' is: 'x' } }",
       "9:27: error: rule[0].start[0].where[0].field", "lower_snake_case"},
      {9, "  start { is: 'a' where { field: 'reason' } }", "9:19: error: rule[0].start[0].where[0]",
       "no values"},
      {9, "  start { is: 'a' where { field: 'reason' below: 3 } }",
       "9:43: error: rule[0].start[0].where[0].below", "is a code"},
      {9, "  start { is: 'a' where { field: 'agency' is: 'council' } }",
       "9:27: warning: rule[0].start[0].where[0].field", "tested with by"},
      {9, "  start { is: 'a' where { field: 'birth_month' is: '2020-01' } }",
       "9:27: warning: rule[0].start[0].where[0].field", "field: \"age\""},
  });
  ExpectClean(9, {"start { is: 'a' where { field: 'own' below: -3 } where { field: 'to_agency' is: "
                  "'x' is: '' } }"});
}

TEST(CheckPattern, ChecksWhatIsWorkedOut) {
  ExpectFindings({
      {9, "  start { is: 'a' where { field: 'age' is: 'five' } }",
       "9:40: error: rule[0].start[0].where[0].is[0]", "\"five\" is never an age"},
      {9, "  start { is: 'a' where { field: 'age' is: '4' is: '05' } }",
       "9:48: error: rule[0].start[0].where[0].is[1]", "\"05\" is never an age"},
      {9, "  start { is: 'a' where { field: 'age' below: -5 } }",
       "9:40: error: rule[0].start[0].where[0].below", "no age is below 0"},
      {9, "  start { is: 'a' where { field: 'hours' is: 'out' } }",
       "9:27: warning: rule[0].start[0].where[0].field", "opens and closes"},
      {6,
       "opens: '09:00' closes: '17:00' } rule { id: 'H' start { is: 'a' where { field: 'hours' "
       "is: 'night' } } stop { is: 'b' } accountable: 'asked' title { cy: 'c' en: 'e' } source { "
       "title: 's' } }",
       "6:88: error: rule[0].start[0].where[0].is[0]", "write \"in\" or \"out\""},
      {6,
       "opens: '09:00' closes: '17:00' } rule { id: 'H' start { is: 'a' where { field: 'hours' "
       "below: 9 } } stop { is: 'b' } accountable: 'asked' title { cy: 'c' en: 'e' } source { "
       "title: 's' } }",
       "6:88: error: rule[0].start[0].where[0].below", "\"hours\" is a code"},
  });
  ExpectClean(9, {"start { is: 'a' where { field: 'age' is: '0' is: '17' below: 5 } }"});
  ExpectClean(6,
              {"opens: '09:00' closes: '17:00' } rule { id: 'H' start { is: 'a' where { field: "
               "'hours' is: 'in' is: 'out' } } stop { is: 'b' } accountable: 'asked' title { cy: "
               "'c' en: 'e' } source { title: 's' } }"});
}

TEST(CheckPattern, ChecksWhatCameEarlier) {
  const char* const unit = "it needs no calendar";
  ExpectFindings({
      {9, "  start { is: 'a' given { } }", "9:19: error: rule[0].start[0].given[0].is",
       "names no event"},
      {9, "  start { is: 'a' unless { is: 'b' given { is: 'C' } } }",
       "9:44: error: rule[0].start[0].unless[0].given[0].is", "write \"c\""},
      {9, "  start { is: 'a' given { overdue: 'R' } }",
       "9:27: error: rule[0].start[0].given[0].overdue", "name an event here"},
      {9, "  start { is: 'a' ago { hours: 1 } }", "9:19: error: rule[0].start[0].ago",
       "inside given or unless"},
      {9, "  start { is: 'a' given { is: 'b' or { is: 'c' ago { hours: 1 } } } }",
       "9:48: error: rule[0].start[0].given[0].or[0].ago", "inside given or unless"},
      {9, "  start { is: 'a' given { is: 'b' ago { working_days: 1 } } }",
       "9:35: error: rule[0].start[0].given[0].ago", unit},
      {9, "  start { is: 'a' unless { is: 'b' ago { school_days: 1 } } }",
       "9:36: error: rule[0].start[0].unless[0].ago", unit},
      {9, "  start { is: 'a' given { is: 'b' ago { school_openings: 1 } } }",
       "9:35: error: rule[0].start[0].given[0].ago", unit},
      {9, "  start { is: 'a' given { is: 'b' ago { } } }",
       "9:35: error: rule[0].start[0].given[0].ago", "no unit"},
      {9, "  start { is: 'a' given { is: 'b' ago { months: -1 } } }",
       "9:35: error: rule[0].start[0].given[0].ago", "negative"},
  });
  for (const char* ago : {"minutes: 1", "hours: 1", "calendar_days: 1", "weekdays: 1", "weeks: 1",
                          "months: 12", "years: 1"}) {
    ExpectClean(9, {absl::StrCat("start { is: 'a' given { is: 'b' ago { ", ago,
                                 " } } unless { is: 'c' } or { is: 'd' unless { is: 'd' } } }")});
  }
}

// The sample with a second rule, which waits for the first.
std::string Waiting(const std::string& first, const std::string& second) {
  return SampleWith(8, "  id: 'R' " + first) +
         "rule { id: 'W' stop { is: 'b' } accountable: 'asker' weight: LOCAL title { cy: 'c' en: "
         "'e' "
         "} source { title: 's' }\n" +
         second + "\n}\n";
}

void ExpectOnly(const std::string& text, const std::string& found) {
  const CheckedBook checked = ParseBook(text);
  std::string all;
  for (const Finding& finding : checked.findings) {
    absl::StrAppend(&all, FindingText("b", finding), "\n");
  }
  ASSERT_EQ(checked.findings.size(), found.empty() ? 0u : 1u) << all;
  if (!found.empty()) {
    EXPECT_THAT(all, testing::HasSubstr(found));
  }
}

TEST(CheckPattern, AMomentStandsAlone) {
  const std::string alone = "error: rule[1].start[0].overdue: a moment is no event and has nothing";
  for (const char* beside : {"is: 'a'", "by: 'asked'", "where { field: 'reason' is: 'x' }",
                             "given { is: 'a' }", "unless { is: 'a' }", "ago { hours: 1 }"}) {
    ExpectOnly(Waiting("", absl::StrCat("start { overdue: 'R' ", beside, " }")), alone);
  }
  ExpectOnly(Waiting("per: 'child'", "per: 'child' start { overdue: 'R' holding: HELD }"), alone);
  ExpectOnly(Waiting("", "start { overdue: 'R' or { is: 'a' } }"), "");
  ExpectOnly(Waiting("", "start { is: 'a' or { overdue: 'R' } } cancel { overdue: 'R' }"), "");
  ExpectOnly(Waiting("", "start { is: 'a' or { overdue: 'R' is: 'c' } }"),
             "error: rule[1].start[0].or[0].overdue: a moment is no event");
}

TEST(CheckPattern, NobodyStartsAMoment) {
  std::string text = Waiting("", "start { overdue: 'R' }");
  const size_t at = text.find("accountable: 'asker'");
  text.replace(at, 20, "accountable: 'starter'");
  ExpectOnly(text,
             "warning: rule[1].accountable: the rule starts with a moment, which nobody starts");
}

TEST(CheckPattern, WhoWaitsForABreachHasTheSameKey) {
  const std::string other = "error: rule[1].start[0].overdue: rule \"R\" has another key (per)";
  ExpectOnly(Waiting("per: 'child'", "start { overdue: 'R' }"), other);
  ExpectOnly(Waiting("per: 'matter' per: 'placement'", "per: 'placement' start { overdue: 'R' }"),
             other);
  ExpectOnly(Waiting("per: 'matter'", "start { overdue: 'R' }"), "");
  ExpectOnly(Waiting("per: 'child'", "per: 'child' start { overdue: 'R' }"), "");
}

TEST(CheckPattern, WhoWaitsForABreachNamesARule) {
  ExpectOnly(Waiting("", "start { overdue: 'Q' }"),
             "warning: rule[1].start[0].overdue: the rule can never start");
  ExpectOnly(Waiting("", "start { is: 'a' or { overdue: 'Q' } }"),
             "warning: rule[1].start[0].or[0].overdue: no rule \"Q\" is in this book");
  ExpectOnly(Waiting("cancel { overdue: 'Q' }", "start { is: 'a' }"),
             "warning: rule[0].cancel.overdue: no rule \"Q\" is in this book");
}

TEST(CheckPattern, NobodyWaitsForItsOwnBreach) {
  const auto errors = [](const std::string& text) {
    std::vector<std::string> found;
    for (const Finding& finding : ParseBook(text).findings) {
      if (finding.severity == Finding::kError) found.push_back(FindingText("b", finding));
    }
    return found;
  };
  using testing::ElementsAre;
  using testing::HasSubstr;
  EXPECT_THAT(
      errors(Waiting("", "start { overdue: 'W' }")),
      ElementsAre(HasSubstr("rule[1].start[0].overdue: rule \"W\" waits for its own breach")));
  EXPECT_THAT(
      errors(Waiting("cancel { overdue: 'W' }", "start { overdue: 'R' }")),
      ElementsAre(HasSubstr("rule[0].cancel.overdue: rule \"R\" waits for its own breach"),
                  HasSubstr("rule[1].start[0].overdue: rule \"W\" waits for its own breach, by way "
                            "of \"R\"; break the circle")));
}

TEST(CheckPattern, TheHoldingIsOfTheChildOrOfAPart) {
  const char* const key = "write per: \"child\" or per: \"part\"";
  ExpectFindings({
      {9, "  start { holding: UNHELD }", "9:11: error: rule[0].start[0].holding", key},
      {9, "  per: 'thread' start { is: 'a' or { holding: HELD } }",
       "9:38: error: rule[0].start[0].or[0].holding", key},
  });
  ExpectClean(9, {"per: 'child' start { holding: UNHELD }",
                  "per: 'part' start { holding: UNHELD } cancel { holding: HELD }"});
  const CheckedBook both =
      ParseBook(SampleWith(9, "per: ['child', 'part'] start { is: 'a' } cancel { holding: HELD }"));
  ASSERT_EQ(both.findings.size(), 2u);  // besides that "child" adds nothing
  EXPECT_EQ(both.findings[1].field, "rule[0].cancel.holding");
}

}  // namespace
}  // namespace dolen
