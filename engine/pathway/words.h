// The parts of a rule in words: amounts, parties, patterns. Pure; shared by explain and diff.
#ifndef DOLEN_ENGINE_PATHWAY_WORDS_H_
#define DOLEN_ENGINE_PATHWAY_WORDS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "dolen/pathway/v1/pathway.pb.h"
#include "engine/pathway/phrases.h"

namespace dolen {

// One line of an explanation; deeper lines belong to the one before them that is less deep.
struct Line {
  int depth = 0;
  std::string text;

  friend bool operator==(const Line&, const Line&) = default;
};

// The lines one after another, deeper ones in brackets: "visit (unless there was before: review)".
std::string OneLine(const std::vector<Line>& lines);
// Adds `more`, so much deeper.
void Append(std::vector<Line>& lines, const std::vector<Line>& more, int deeper);

// "10 working days", "1 working day", "10 diwrnod gwaith"; without a sign, which callers put into
// words. A missing unit: "missing".
std::string AmountWords(const pathway::v1::Amount& amount, Language language);
// The same with "before" where it is negative.
std::string SignedWords(const pathway::v1::Amount& amount, Language language);

// A party ("asked", "role:R"), or a scope ("nation:wales"). Other words stay as they are.
std::string PartyWords(absl::string_view party, Language language);

// The name of a kind in words, of a milestone as the book writes it without underscores.
std::string EventWords(absl::string_view name, Language language);

// Any nesting: alternatives follow at the same depth with "or:", conditions one deeper.
std::vector<Line> PatternLines(const pathway::v1::Pattern& pattern, Language language);

// The name of a level in words.
std::string LevelName(absl::string_view name, Language language);

}  // namespace dolen

#endif  // DOLEN_ENGINE_PATHWAY_WORDS_H_
