#include "engine/pathway/explain.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "engine/base/time.h"
#include "engine/pathway/amount.h"
#include "google/protobuf/repeated_field.h"

namespace dolen {
namespace {

using pathway::v1::Book;
using pathway::v1::Level;
using pathway::v1::Limit;
using pathway::v1::Pattern;
using pathway::v1::Pause;
using pathway::v1::Rule;

template <typename T>
using Repeated = google::protobuf::RepeatedPtrField<T>;

// Collects the lines of one item in one language.
class Lines {
 public:
  explicit Lines(Language language) : language_(language) {}

  void Add(int depth, std::string text) { lines_.push_back({depth, std::move(text)}); }
  void Add(int depth, const Phrase& phrase) { Add(depth, std::string(phrase.In(language_))); }
  void Add(int depth, const Phrase& label, absl::string_view value) {
    Add(depth, Labelled(label, value, language_));
  }
  // A pattern after its label.
  void Add(int depth, const Phrase& label, const Pattern& pattern) {
    std::vector<Line> its = PatternLines(pattern, language_);
    its[0].text = Labelled(label, its[0].text, language_);
    Append(lines_, its, depth);
  }
  void Add(int depth, const std::vector<Line>& lines) { Append(lines_, lines, depth); }
  bool empty() const { return lines_.empty(); }

  std::vector<Line> Take() { return std::move(lines_); }

 private:
  const Language language_;
  std::vector<Line> lines_;
};

// Patterns all of which must be met.
std::vector<Line> AllOf(const Repeated<Pattern>& patterns, Language language) {
  Lines lines(language);
  const int depth = patterns.size() > 1 ? 1 : 0;
  if (depth > 0) {
    lines.Add(0,
              absl::StrCat(phrase::kAllOf.In(language), "; ", phrase::kLatestOfThem.In(language)));
  }
  for (const Pattern& pattern : patterns) lines.Add(depth, PatternLines(pattern, language));
  return lines.Take();
}

std::vector<Line> ClockLines(const Rule& rule, Language language) {
  Lines lines(language);
  std::vector<std::string> keys;
  for (const std::string& key : rule.per()) {
    keys.push_back(key == "matter"   ? std::string(phrase::kMatter.In(language))
                   : key == "child"  ? std::string(phrase::kChild.In(language))
                   : key == "thread" ? std::string(phrase::kThread.In(language))
                   : key == "agency" ? std::string(phrase::kAgency.In(language))
                                     : absl::StrCat(phrase::kField.In(language), " ", key));
  }
  if (keys.empty()) keys.emplace_back(phrase::kMatter.In(language));
  lines.Add(0, phrase::kFor, absl::StrJoin(keys, ", "));
  lines.Add(0, rule.opens() == Rule::ONCE    ? phrase::kOnce
               : rule.opens() == Rule::AGAIN ? phrase::kAgain
                                             : phrase::kEach);
  return lines.Take();
}

std::vector<Line> StartLines(const Rule& rule, Language language) {
  Lines lines(language);
  if (rule.start_size() == 0) lines.Add(0, phrase::kMissing);
  lines.Add(0, AllOf(rule.start(), language));
  if (rule.opens() != Rule::EACH) {
    lines.Add(0, rule.which() == Rule::LAST ? phrase::kLast : phrase::kFirst);
  }
  return lines.Take();
}

std::vector<Line> StopLines(const Rule& rule, Language language) {
  Lines lines(language);
  if (rule.stop_size() == 0) {
    lines.Add(0, phrase::kNever);
    return lines.Take();
  }
  lines.Add(0, AllOf(rule.stop(), language));
  lines.Add(0, rule.done_before() ? phrase::kDoneBefore : phrase::kNotDoneBefore);
  return lines.Take();
}

std::vector<Line> PauseLines(const Rule& rule, Language language) {
  Lines lines(language);
  for (const Pause& pause : rule.pause()) {
    lines.Add(0, phrase::kPauseBegins, pause.begin());
    if (pause.has_end()) lines.Add(1, phrase::kPauseEnds, pause.end());
    if (pause.cause_size() > 0) {
      lines.Add(1, phrase::kPauseCauses, absl::StrJoin(pause.cause(), ", "));
    }
    if (!pause.owner().empty()) {
      lines.Add(1, phrase::kPauseOwner, PartyWords(pause.owner(), language));
    }
    if (pause.has_cap()) {
      lines.Add(1, phrase::kPauseCap, AmountWords(pause.cap(), language));
    } else {
      lines.Add(1, phrase::kPauseNoCap);
    }
  }
  if (lines.empty()) lines.Add(0, phrase::kNone);
  return lines.Take();
}

std::vector<Line> LimitsLines(const Repeated<Limit>& limits, Rule::Several several,
                              Language language) {
  Lines lines(language);
  const int depth = limits.size() > 1 ? 1 : 0;
  if (depth > 0) lines.Add(0, several == Rule::LATEST ? phrase::kLatest : phrase::kEarliest);
  for (const Limit& limit : limits) lines.Add(depth, LimitLines(limit, language));
  return lines.Take();
}

std::vector<Line> LevelLines(const Rule& rule, Language language) {
  Lines lines(language);
  bool in_days = false;
  for (const Level& level : rule.level()) {
    const int64_t count = NumberOf(level.offset());
    std::string when;
    if (count == 0) {
      when = std::string((level.of_target() ? phrase::kAtTarget : phrase::kAtDue).In(language));
    } else {
      const Phrase& side = count < 0
                               ? (level.of_target() ? phrase::kBeforeTarget : phrase::kBeforeDue)
                               : (level.of_target() ? phrase::kAfterTarget : phrase::kAfterDue);
      const std::string amount = AmountWords(level.offset(), language);
      when = language == Language::kWelsh ? Labelled(side, amount, language)
                                          : absl::StrCat(amount, " ", side.en);
      in_days = in_days || (!level.offset().has_hours() && !level.offset().has_minutes());
    }
    lines.Add(0, absl::StrCat(LevelName(level.name(), language), ", ", when));
    if (level.audience().empty()) lines.Add(1, phrase::kNobody);
    for (const std::string& audience : level.audience()) {
      lines.Add(1, PartyWords(audience, language));
    }
    if (level.has_ack_expires()) {
      lines.Add(1, phrase::kAckExpires, AmountWords(level.ack_expires(), language));
    }
  }
  if (in_days) lines.Add(0, phrase::kDaysFromLast);
  if (lines.empty()) lines.Add(0, phrase::kNobody);
  return lines.Take();
}

std::vector<Line> ScopeLines(const Rule& rule, Language language) {
  Lines lines(language);
  for (const std::string& scope : rule.scope()) lines.Add(0, PartyWords(scope, language));
  if (lines.empty()) lines.Add(0, phrase::kEverywhere);
  return lines.Take();
}

std::vector<Line> ValidLines(const Rule& rule, Language language) {
  Lines lines(language);
  if (!rule.valid_from().empty()) lines.Add(0, phrase::kFromDay, rule.valid_from());
  if (!rule.valid_to().empty()) {
    // The book names the first day no longer judged; people read the last one that is.
    absl::CivilDay day;
    const bool is_day = ParseDay(rule.valid_to(), day);
    lines.Add(0, phrase::kToDay, is_day ? DayText(day - 1) : rule.valid_to());
  }
  if (lines.empty()) lines.Add(0, phrase::kAlways);
  return lines.Take();
}

std::vector<Line> WeightLines(const Rule& rule, Language language) {
  Lines lines(language);
  lines.Add(0, rule.weight() == Rule::STATUTE    ? phrase::kStatute
               : rule.weight() == Rule::GUIDANCE ? phrase::kGuidance
               : rule.weight() == Rule::LOCAL    ? phrase::kLocal
                                                 : phrase::kAdvisory);
  if (rule.percent_in_time() != 0) {
    lines.Add(0, phrase::kPercent, absl::StrCat(rule.percent_in_time(), " %"));
  }
  return lines.Take();
}

std::vector<Line> SourceLines(const Rule& rule, Language language) {
  Lines lines(language);
  const pathway::v1::Source& source = rule.source();
  if (!source.title().empty()) lines.Add(0, source.title());
  if (!source.paragraph().empty()) lines.Add(0, phrase::kParagraph, source.paragraph());
  if (!source.address().empty()) lines.Add(0, source.address());
  if (lines.empty()) lines.Add(0, phrase::kMissing);
  return lines.Take();
}

std::vector<Line> AgencyLines(const Book& book, Language language) {
  Lines lines(language);
  for (const pathway::v1::Agency& agency : book.agency()) {
    std::vector<std::string> its = {agency.id()};
    if (!agency.kind().empty()) its.push_back(agency.kind());
    if (!agency.nation().empty()) its.push_back(agency.nation());
    if (!agency.authority().empty()) its.push_back(agency.authority());
    lines.Add(0, absl::StrJoin(its, ", "));
    if (agency.has_quiet_after()) {
      lines.Add(1, phrase::kQuietAfter, AmountWords(agency.quiet_after(), language));
    }
  }
  if (lines.empty()) lines.Add(0, phrase::kNone);
  return lines.Take();
}

std::vector<Line> CalendarLines(const Book& book, Language language) {
  Lines lines(language);
  for (const pathway::v1::Calendar& calendar : book.calendar()) {
    std::vector<std::string> its = {absl::StrCat(calendar.id(), ", ", calendar.from(),
                                                 phrase::kDash.In(language), calendar.to())};
    if (!calendar.nation().empty()) its.push_back(calendar.nation());
    if (!calendar.authority().empty()) its.push_back(calendar.authority());
    if (calendar.school()) its.emplace_back(phrase::kSchools.In(language));
    if (!calendar.opens().empty()) {
      its.push_back(absl::StrCat(calendar.opens(), phrase::kDash.In(language), calendar.closes()));
    }
    its.push_back(Labelled(phrase::kClosedDays, absl::StrCat(calendar.closed_size()), language));
    lines.Add(0, absl::StrJoin(its, ", "));
  }
  if (lines.empty()) lines.Add(0, phrase::kNone);
  return lines.Take();
}

std::vector<Line> PassingLines(const Book& book, Language language) {
  Lines lines(language);
  for (const pathway::v1::Passing& passing : book.passing()) {
    lines.Add(0, phrase::kPart,
              passing.part().empty() ? phrase::kAllParts.In(language)
                                     : absl::string_view(passing.part()));
    lines.Add(1, PatternLines(passing.on(), language));
    lines.Add(1, phrase::kGives, PartyWords(passing.from(), language));
    lines.Add(1, phrase::kTakes, PartyWords(passing.to(), language));
  }
  return lines.Take();
}

std::vector<Line> WordLines(const Book& book, Language language) {
  std::vector<Line> lines;
  for (const pathway::v1::Word& word : book.word()) {
    const std::string& title = language == Language::kWelsh ? word.title().cy() : word.title().en();
    lines.push_back({0, absl::StrCat(word.code(), ": ", title)});
  }
  return lines;
}

// The characters of UTF-8 text; each takes one column in the languages of this room.
size_t Columns(absl::string_view text) {
  return std::count_if(text.begin(), text.end(),
                       [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
}

}  // namespace

std::vector<Item> ExplainBook(const Book& book, Language language) {
  const auto text = [](std::string words) { return std::vector<Line>{{0, std::move(words)}}; };
  const auto label = [&](const Phrase& phrase) { return std::string(phrase.In(language)); };
  std::vector<Item> items = {
      {label(phrase::kOwner), text(book.owner().empty() ? label(phrase::kMissing) : book.owner())},
      {label(phrase::kZone), text(book.zone())},
      {label(phrase::kAgencies), AgencyLines(book, language)},
      {label(phrase::kCalendars), CalendarLines(book, language)}};
  if (book.passing_size() > 0)
    items.push_back({label(phrase::kPassing), PassingLines(book, language)});
  if (book.word_size() > 0) items.push_back({label(phrase::kWords), WordLines(book, language)});
  items.push_back({label(phrase::kRules), text(absl::StrCat(book.rule_size()))});
  return items;
}

std::vector<Item> ExplainRule(const Rule& rule, Language language) {
  const auto text = [](std::string words) { return std::vector<Line>{{0, std::move(words)}}; };
  const auto label = [&](const Phrase& phrase) { return std::string(phrase.In(language)); };
  const std::string& title = language == Language::kWelsh ? rule.title().cy() : rule.title().en();
  const auto party = [&](const std::string& name, const Phrase& otherwise) {
    return text(name.empty() ? label(otherwise) : PartyWords(name, language));
  };
  std::vector<Item> items = {
      {label(phrase::kTitle), text(title.empty() ? label(phrase::kMissing) : title)},
      {label(phrase::kAccountable), party(rule.accountable(), phrase::kMissing)},
      {label(phrase::kClocks), ClockLines(rule, language)},
      {label(phrase::kStarts), StartLines(rule, language)},
      {label(phrase::kStops), StopLines(rule, language)},
      {label(phrase::kCancels),
       rule.has_cancel() ? PatternLines(rule.cancel(), language) : text(label(phrase::kNone))},
      {label(phrase::kPauses), PauseLines(rule, language)},
      {label(phrase::kLimits), rule.limit_size() > 0
                                   ? LimitsLines(rule.limit(), rule.several(), language)
                                   : text(label(phrase::kStanding))}};
  if (rule.target_size() > 0) {
    items.push_back(
        {label(phrase::kTargets), LimitsLines(rule.target(), rule.several(), language)});
  }
  items.push_back({label(phrase::kException), party(rule.exception_by(), phrase::kNobody)});
  items.push_back({label(phrase::kLevels), LevelLines(rule, language)});
  items.push_back({label(phrase::kScope), ScopeLines(rule, language)});
  items.push_back({label(phrase::kValid), ValidLines(rule, language)});
  items.push_back({label(phrase::kWeight), WeightLines(rule, language)});
  items.push_back({label(phrase::kSource), SourceLines(rule, language)});
  return items;
}

std::string PageText(absl::string_view heading, const std::vector<Item>& items, Language language) {
  std::string page = absl::StrCat(heading, "\n", std::string(Columns(heading), '='), "\n");
  if (language == Language::kWelsh) absl::StrAppend(&page, phrase::kWelshIsDraft.cy, "\n");
  size_t width = 0;
  for (const Item& item : items) width = std::max(width, Columns(item.label));
  for (const Item& item : items) {
    std::string label = absl::StrCat(item.label, ":");
    for (const Line& line : item.lines) {
      const size_t space = width + 3 - Columns(label);
      absl::StrAppend(&page, label, std::string(space + 2 * line.depth, ' '), line.text, "\n");
      label.clear();
    }
  }
  return page;
}

}  // namespace dolen
