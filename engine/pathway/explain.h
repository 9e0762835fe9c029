// A rule as a page that a board can read, in Welsh or English: who must act, what starts and stops
// it, how long, whom it tells. Pure; every field of a rule is said. A worked example needs the
// arithmetic of engine/child and is added by the program.
#ifndef DOLEN_ENGINE_PATHWAY_EXPLAIN_H_
#define DOLEN_ENGINE_PATHWAY_EXPLAIN_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "dolen/pathway/v1/pathway.pb.h"
#include "engine/pathway/phrases.h"
#include "engine/pathway/words.h"

namespace dolen {

// One labelled part of a page.
struct Item {
  std::string label;
  std::vector<Line> lines;
};

// What the book says about itself: owner, zone, agencies, calendars, passing.
std::vector<Item> ExplainBook(const pathway::v1::Book& book, Language language);
std::vector<Item> ExplainRule(const pathway::v1::Rule& rule, Language language);

// How long, in words: for each limit a line, and deeper each convention by which it is counted.
std::vector<Line> LimitLines(const pathway::v1::Limit& limit, Language language);

// The heading, underlined; under Welsh, that it is a draft; then each item with its label in one
// column and its lines, indented by depth, in another.
std::string PageText(absl::string_view heading, const std::vector<Item>& items, Language language);

}  // namespace dolen

#endif  // DOLEN_ENGINE_PATHWAY_EXPLAIN_H_
