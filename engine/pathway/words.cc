#include "engine/pathway/words.h"

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "engine/pathway/amount.h"
#include "engine/pathway/pattern.h"

namespace dolen {
namespace {

using pathway::v1::Amount;
using pathway::v1::Pattern;
using pathway::v1::Test;

// A unit after 1 and after other numbers. Welsh has the singular after a number; years are named by
// a label, since their word after a number is another one.
struct Unit {
  absl::string_view cy, one, many;
};

Unit UnitOf(const Amount& amount) {
  switch (amount.of_case()) {
    case Amount::kMinutes:
      return {"munud", "minute", "minutes"};
    case Amount::kHours:
      return {"awr", "hour", "hours"};
    case Amount::kCalendarDays:
      return {"diwrnod calendr", "calendar day", "calendar days"};
    case Amount::kWeekdays:
      return {"diwrnod (Llun, Mawrth, Mercher, Iau, Gwener)", "weekday (Monday to Friday)",
              "weekdays (Monday to Friday, holidays too)"};
    case Amount::kWorkingDays:
      return {"diwrnod gwaith", "working day", "working days"};
    case Amount::kSchoolDays:
      return {"diwrnod ysgol", "school day", "school days"};
    case Amount::kWeeks:
      return {"wythnos", "week", "weeks"};
    case Amount::kMonths:
      return {"mis", "month", "months"};
    case Amount::kYears:
      return {"blynyddoedd", "year", "years"};
    case Amount::kSchoolOpenings:
      return {"agoriad ysgol", "opening of the school", "openings of the school"};
    case Amount::OF_NOT_SET:
      break;
  }
  return {};
}

std::string TestWords(const Test& test, Language language) {
  std::vector<std::string> values(test.is().begin(), test.is().end());
  if (test.below() != 0) {
    values.push_back(absl::StrCat(phrase::kBelow.In(language), " ", test.below()));
  }
  return absl::StrCat(phrase::kField.In(language), " ", test.field(), ": ",
                      absl::StrJoin(values, phrase::kOrBetween.In(language)));
}

// What the pattern names, without its conditions.
std::string Named(const Pattern& pattern, Language language) {
  if (!pattern.overdue().empty()) {
    return Labelled(phrase::kOverdueMoment, pattern.overdue(), language);
  }
  switch (pattern.holding()) {
    case Pattern::UNHELD:
      return std::string(phrase::kUnheld.In(language));
    case Pattern::HELD:
      return std::string(phrase::kHeld.In(language));
    case Pattern::HELD_BY_TWO:
      return std::string(phrase::kHeldByTwo.In(language));
    default:
      return EventWords(pattern.is(), language);
  }
}

void AddConditions(const Pattern& pattern, Language language, std::vector<Line>& lines) {
  const auto add = [&](const Phrase& label, const Pattern& earlier) {
    std::vector<Line> its = PatternLines(earlier, language);
    its[0].text = Labelled(label, its[0].text, language);
    Append(lines, its, 1);
  };
  if (!pattern.by().empty()) {
    lines.push_back({1, Labelled(phrase::kBy, PartyWords(pattern.by(), language), language)});
  }
  for (const Test& test : pattern.where()) lines.push_back({1, TestWords(test, language)});
  if (pattern.has_ago()) {
    lines.push_back({1, Labelled(phrase::kAgo, AmountWords(pattern.ago(), language), language)});
  }
  for (const Pattern& given : pattern.given()) add(phrase::kGiven, given);
  for (const Pattern& unless : pattern.unless()) add(phrase::kUnless, unless);
}

}  // namespace

void Append(std::vector<Line>& lines, const std::vector<Line>& more, int deeper) {
  for (const Line& line : more) lines.push_back({line.depth + deeper, line.text});
}

std::string OneLine(const std::vector<Line>& lines) {
  std::string text;
  int depth = 0;
  for (size_t i = 0; i < lines.size(); ++i) {
    for (; depth > lines[i].depth; --depth) absl::StrAppend(&text, ")");
    if (lines[i].depth > depth) {
      absl::StrAppend(&text, " (");
      depth = lines[i].depth;
    } else if (i > 0) {
      absl::StrAppend(&text, "; ");
    }
    absl::StrAppend(&text, lines[i].text);
  }
  for (; depth > 0; --depth) absl::StrAppend(&text, ")");
  return text;
}

std::string AmountWords(const Amount& amount, Language language) {
  const int64_t count = std::abs(NumberOf(amount));
  const Unit unit = UnitOf(amount);
  if (unit.cy.empty()) return std::string(phrase::kMissing.In(language));
  if (language == Language::kEnglish) {
    return absl::StrCat(count, " ", count == 1 ? unit.one : unit.many);
  }
  if (amount.of_case() == Amount::kYears) return absl::StrCat(unit.cy, ": ", count);
  return absl::StrCat(count, " ", unit.cy);
}

std::string SignedWords(const Amount& amount, Language language) {
  const std::string words = AmountWords(amount, language);
  if (NumberOf(amount) >= 0) return words;
  return language == Language::kWelsh ? Labelled(phrase::kBefore, words, language)
                                      : absl::StrCat(words, " ", phrase::kBefore.en);
}

std::string PartyWords(absl::string_view party, Language language) {
  struct Known {
    absl::string_view name;
    const Phrase& words;
  };
  constexpr Known kWhole[] = {{"starter", phrase::kStarter},
                              {"asked", phrase::kAsked},
                              {"asker", phrase::kAsker},
                              {"holder", phrase::kHolder}};
  constexpr Known kPrefixes[] = {{"agency:", phrase::kAgency},
                                 {"kind:", phrase::kAgencyKind},
                                 {"role:", phrase::kRole},
                                 {"nation:", phrase::kNation},
                                 {"authority:", phrase::kAuthority}};
  for (const Known& known : kWhole) {
    if (party == known.name) return std::string(known.words.In(language));
  }
  for (const Known& known : kPrefixes) {
    if (!absl::ConsumePrefix(&party, known.name)) continue;
    return language == Language::kWelsh ? Labelled(known.words, party, language)
                                        : absl::StrCat(known.words.In(language), " ", party);
  }
  return std::string(party);
}

std::string EventWords(absl::string_view name, Language language) {
  const Phrase kind = KindPhrase(KindOf(name));
  if (!kind.en.empty()) return std::string(kind.In(language));
  if (name.empty()) return std::string(phrase::kMissing.In(language));
  // A milestone has the book's own name only; in Welsh it is quoted as a name.
  if (language == Language::kWelsh) return Labelled(phrase::kMilestone, name, language);
  return absl::StrReplaceAll(name, {{"_", " "}});
}

std::vector<Line> PatternLines(const Pattern& pattern, Language language) {
  std::vector<Line> lines = {{0, Named(pattern, language)}};
  AddConditions(pattern, language, lines);
  for (const Pattern& other : pattern.or_()) {
    std::vector<Line> its = PatternLines(other, language);
    its[0].text = Labelled(phrase::kOr, its[0].text, language);
    Append(lines, its, 0);
  }
  return lines;
}

std::string LevelName(absl::string_view name, Language language) {
  if (name == "due_soon") return std::string(phrase::kDueSoon.In(language));
  if (name == "overdue") return std::string(phrase::kOverdue.In(language));
  return std::string(name);
}

}  // namespace dolen
