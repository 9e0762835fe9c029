// The examples of docs/pathway-book.md are books that can be published.
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "engine/pathway/book.h"
#include "gtest/gtest.h"
#include "tests/engine/calendar/uk.h"

namespace dolen {
namespace {

// What stands between ```textproto and ```.
std::vector<std::string> Examples() {
  std::vector<std::string> examples;
  bool inside = false;
  for (const absl::string_view line : absl::StrSplit(ReadFile("docs/pathway-book.md"), '\n')) {
    if (line == "```textproto") {
      inside = true;
      examples.emplace_back();
    } else if (line == "```") {
      inside = false;
    } else if (inside) {
      absl::StrAppend(&examples.back(), line, "\n");
    }
  }
  return examples;
}

constexpr char kAround[] =
    "id: 'guide' version: '1' zone: 'Europe/London'\n"
    "agency { id: 'our_council' kind: 'council' } agency { id: 'our_police' kind: 'police' }\n"
    "calendar { id: 'w' from: '2026-01-01' to: '2026-12-31' opens: '09:00' closes: '17:00' }\n"
    "calendar { id: 's' school: true from: '2026-01-01' to: '2026-12-31' opens: '09:00' }\n";

TEST(Guide, EveryExampleCanBePublished) {
  int rules = 0;
  for (const std::string& example : Examples()) {
    if (absl::StartsWith(example, "example:")) continue;  // cases, which need the demo's rules
    const bool is_whole = absl::StartsWith(example, "id:");
    const CheckedBook checked = ParseBook(is_whole ? example : absl::StrCat(kAround, example));
    rules += checked.book.rule_size();
    for (const Finding& finding : checked.findings) {
      const bool is_text = absl::StrContains(finding.field, "title") ||
                           absl::StrContains(finding.field, "source") ||
                           absl::StartsWith(finding.sentence, "nobody is told") ||
                           absl::StartsWith(finding.sentence, "working days need");
      if (!is_text) ADD_FAILURE() << example << FindingText("guide", finding);
    }
  }
  EXPECT_GT(rules, 15);
}

}  // namespace
}  // namespace dolen
