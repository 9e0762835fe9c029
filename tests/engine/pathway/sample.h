// A book without findings, one of whose lines a test replaces.
#ifndef DOLEN_TESTS_ENGINE_PATHWAY_SAMPLE_H_
#define DOLEN_TESTS_ENGINE_PATHWAY_SAMPLE_H_

#include <initializer_list>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/pathway/book.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dolen {

inline constexpr const char* kSample[] = {
    /* 1 */ "id: 't' version: '1'",
    /* 2 */ "zone: 'Europe/London'",
    /* 3 */ "agency { id: 'council' kind: 'council' nation: 'wales' }",
    /* 4 */ "calendar { id: 'w' from: '2026-01-01' to: '2026-12-31'",
    /* 5 */ "  closed { from: '2026-12-25' to: '2026-12-28' }",
    /* 6 */ "}",
    /* 7 */ "rule {",
    /* 8 */ "  id: 'R'",
    /* 9 */ "  start { is: 'referral_made' }",
    /* 10 */ "  stop { is: 'referral_accepted' }",
    /* 11 */ "  limit { allow { working_days: 1 } }",
    /* 12 */ "  accountable: 'asked'",
    /* 13 */ "  level { name: 'overdue' audience: 'asker' }",
    /* 14 */ "  title { cy: 'c' en: 'e' } source { title: 's' }",
    /* 15 */ "  weight: LOCAL",
    /* 16 */ "}",
    /* 17 */ "",
};

// The sample with another text in one line (from 1).
inline std::string SampleWith(int line, const std::string& text) {
  std::string book;
  for (int i = 1; i <= static_cast<int>(std::size(kSample)); ++i) {
    absl::StrAppend(&book, i == line ? text : kSample[i - 1], "\n");
  }
  return book;
}

// One line of the sample, and the one finding that it must give.
struct Case {
  int line;           // replaced
  const char* text;   // by this
  const char* found;  // "line:column: severity: field"
  const char* words;  // in the sentence
};

inline void ExpectFinding(const Case& tested) {
  const CheckedBook checked = ParseBook(SampleWith(tested.line, tested.text));
  std::string all;
  for (const Finding& finding : checked.findings) {
    absl::StrAppend(&all, FindingText("book", finding), "\n");
  }
  ASSERT_EQ(checked.findings.size(), 1u) << tested.text << "\n" << all;
  const Finding& finding = checked.findings[0];
  EXPECT_EQ(
      absl::StrCat(finding.line, ":", finding.column, ": ",
                   finding.severity == Finding::kError ? "error" : "warning", ": ", finding.field),
      tested.found)
      << tested.text << "\n"
      << all;
  EXPECT_THAT(finding.sentence, testing::HasSubstr(tested.words)) << tested.text;
  EXPECT_EQ(checked.ok(), finding.severity == Finding::kWarning);
}

inline void ExpectFindings(std::initializer_list<Case> cases) {
  for (const Case& tested : cases) ExpectFinding(tested);
}

// Each of these in place of the sample's line gives no finding.
inline void ExpectClean(int line, const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    for (const Finding& finding : ParseBook(SampleWith(line, text)).findings) {
      ADD_FAILURE() << text << "\n" << FindingText("book", finding);
    }
  }
}

}  // namespace dolen

#endif  // DOLEN_TESTS_ENGINE_PATHWAY_SAMPLE_H_
