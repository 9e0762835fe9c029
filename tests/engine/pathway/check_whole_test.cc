// What a book as a whole says wrong, rule beside rule.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "tests/engine/pathway/sample.h"

namespace dolen {
namespace {

// The warnings of CheckWhole among whatever else a book that uses features not folded yet gives.
std::vector<std::string> Warnings(const std::string& text, const std::string& words) {
  std::vector<std::string> found;
  for (const Finding& finding : ParseBook(text).findings) {
    if (finding.severity != Finding::kWarning) continue;
    if (finding.sentence.find(words) == std::string::npos) continue;
    found.push_back(absl::StrCat(finding.line, ": ", finding.field));
  }
  return found;
}

using testing::ElementsAre;
using testing::IsEmpty;

TEST(CheckWhole, CasesMustBeReadableAndNameWhatIsThere) {
  ExpectFinding({17, "example: 'a case'", "17:1: warning: example[0]", "at character 1: \"a\""});
  ExpectFinding({17, "example: '2026-03-02 referral_made -> Q none'", "17:1: warning: example[0]",
                 "no rule of the book is called \"Q\""});
  EXPECT_TRUE(
      ParseBook(SampleWith(17, "example: '2026-03-02 referral_made -> R none'")).findings.empty());
}

TEST(CheckWhole, WarnsOfARuleThatNothingCanStart) {
  const auto warned = [](const std::string& rules) {
    return Warnings(SampleWith(17, rules), "can never start");
  };
  EXPECT_THAT(warned("rule { id: 'C' start { overdue: 'R' } }"), IsEmpty());
  EXPECT_THAT(warned("rule { id: 'C' start { overdue: 'X' } }"),
              ElementsAre("17: rule[1].start[0].overdue"));
  // Another way in is enough, but each part of a conjunction must be possible.
  EXPECT_THAT(warned("rule { id: 'C' start { overdue: 'X' or { is: 'a' } } }"), IsEmpty());
  EXPECT_THAT(warned("rule { id: 'C' start { is: 'a' } start { overdue: 'X' } }"),
              ElementsAre("17: rule[1].start[1].overdue"));
  EXPECT_THAT(warned("rule { id: 'C' start { overdue: 'X' or { overdue: 'R' } } }"), IsEmpty());
}

TEST(CheckWhole, WarnsOfABreachThatNeverComes) {
  // A duty without limit never falls due; two rules that wait for each other never start.
  EXPECT_THAT(Warnings(SampleWith(17,
                                  "rule { id: 'S' start { is: 'a' } } "
                                  "rule { id: 'C' start { overdue: 'S' } }"),
                       "never falls due"),
              ElementsAre("17: rule[2].start[0].overdue"));
  const std::string circle =
      "rule { id: 'A' start { overdue: 'B' } limit { allow { hours: 1 } } }\n"
      "rule { id: 'B' start { overdue: 'A' } limit { allow { hours: 1 } } }";
  EXPECT_THAT(Warnings(SampleWith(17, circle), "never falls due"),
              ElementsAre("17: rule[1].start[0].overdue", "18: rule[2].start[0].overdue"));
  const std::string chain =
      "rule { id: 'A' start { overdue: 'B' } limit { allow { hours: 1 } } }\n"
      "rule { id: 'B' start { overdue: 'R' } limit { allow { hours: 1 } } }";
  EXPECT_THAT(Warnings(SampleWith(17, chain), "can never start"), IsEmpty());
}

TEST(CheckWhole, WarnsOfAVersionThatJudgesNoDay) {
  const auto warned = [](const std::string& first, const std::string& later) {
    return Warnings(SampleWith(17, "rule { id: 'V' " + first + " }\n" + later), "judges no day:");
  };
  EXPECT_THAT(warned("valid_from: '2026-05-01'", "rule { id: 'V' }"), ElementsAre("17: rule[1]"));
  EXPECT_THAT(warned("", "rule { id: 'V' valid_from: '2026-05-01' }"), IsEmpty());
  // By two later ones together, with and without a gap.
  EXPECT_THAT(warned("valid_from: '2026-01-01' valid_to: '2027-01-01'",
                     "rule { id: 'V' valid_from: '2026-06-01' }"
                     "rule { id: 'V' valid_to: '2026-06-01' }"),
              ElementsAre("17: rule[1]"));
  EXPECT_THAT(warned("valid_from: '2026-01-01' valid_to: '2027-01-01'",
                     "rule { id: 'V' valid_from: '2026-06-01' }"
                     "rule { id: 'V' valid_to: '2026-05-31' }"),
              IsEmpty());
  // Another place is another matter.
  EXPECT_THAT(warned("", "rule { id: 'V' scope: 'nation:wales' }"), IsEmpty());
  EXPECT_THAT(warned("scope: 'nation:wales'", "rule { id: 'V' }"), ElementsAre("17: rule[1]"));
  EXPECT_THAT(warned("scope: 'nation:wales' scope: 'nation:scotland'",
                     "rule { id: 'V' scope: 'nation:wales' }"),
              IsEmpty());
}

TEST(CheckWhole, WarnsOfAnAgencyThatNoRuleConcerns) {
  const std::string open = SampleWith(17, "agency { id: 'p' kind: 'police' nation: 'wales' }");
  EXPECT_THAT(Warnings(open, "no rule concerns"), IsEmpty()) << "anybody may be asked";
  const std::string closed =
      absl::StrReplaceAll(open, {{"'asked'", "'agency:council'"}, {"'asker'", "'agency:council'"}});
  EXPECT_THAT(Warnings(closed, "no rule concerns"), ElementsAre("17: agency[1]"));
  for (const char* named : {"scope: 'nation:wales'", "exception_by: 'agency:p'",
                            "cancel { is: 'a' or { is: 'b' by: 'kind:police' } }"}) {
    const std::string text =
        absl::StrReplaceAll(closed, {{"weight: LOCAL", absl::StrCat("weight: LOCAL ", named)}});
    EXPECT_THAT(Warnings(text, "no rule concerns"), IsEmpty()) << named;
  }
}

}  // namespace
}  // namespace dolen
