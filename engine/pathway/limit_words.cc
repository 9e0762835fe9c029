// Limits in words: each convention of counting is said, also those that are the default.
#include "absl/strings/str_cat.h"
#include "engine/pathway/explain.h"

namespace dolen {
namespace {

using pathway::v1::Amount;
using pathway::v1::Limit;

// Whether the amount counts some days and not others, so that a start may fall on one that it does
// not count.
bool CountsSomeDays(const Amount& amount) {
  return amount.has_weekdays() || amount.has_working_days() || amount.has_school_days();
}

bool IsElapsed(const Amount& amount) { return amount.has_minutes() || amount.has_hours(); }

// How whole days are counted from the base to the last day in time.
void AddDayLines(const Limit& limit, Language language, std::vector<Line>& lines) {
  const auto add = [&](const Phrase& phrase) {
    lines.push_back({1, std::string(phrase.In(language))});
  };
  add(limit.start_day_is_one() ? phrase::kDayOne : phrase::kDayZero);
  if (limit.allow().has_months() || limit.allow().has_years()) add(phrase::kMonths);
  if (CountsSomeDays(limit.allow()) || limit.closed_start_moves()) {
    add(limit.closed_start_moves() ? phrase::kClosedMoves : phrase::kClosedStays);
  }
  if (!limit.cut_off().empty()) {
    lines.push_back({1, Labelled(phrase::kCutOff, limit.cut_off(), language)});
  }
  if (limit.roll() != Limit::STAY || !CountsSomeDays(limit.allow())) {
    add(limit.roll() == Limit::NEXT       ? phrase::kRollNext
        : limit.roll() == Limit::PREVIOUS ? phrase::kRollPrevious
                                          : phrase::kRollStay);
  }
  add(limit.before_last_day() ? phrase::kExclusive : phrase::kInclusive);
}

}  // namespace

std::vector<Line> LimitLines(const Limit& limit, Language language) {
  std::vector<Line> lines = {{0, SignedWords(limit.allow(), language)}};
  const auto add = [&](const Phrase& label, std::vector<Line> its) {
    its[0].text = Labelled(label, its[0].text, language);
    Append(lines, its, 1);
  };
  if (limit.has_when()) add(phrase::kOnlyWhen, PatternLines(limit.when(), language));
  if (limit.from().has_event()) {
    add(phrase::kFromEvent, PatternLines(limit.from().event(), language));
  }
  if (!limit.from().field().empty()) add(phrase::kFromField, {{0, limit.from().field()}});
  if (!limit.has_from()) lines.push_back({1, std::string(phrase::kFromStart.In(language))});
  if (limit.has_within()) add(phrase::kWithin, {{0, AmountWords(limit.within(), language)}});
  if (!limit.calendar_of().empty()) {
    add(phrase::kCalendarOf, {{0, PartyWords(limit.calendar_of(), language)}});
  }
  if (IsElapsed(limit.allow())) {
    lines.push_back({1, std::string(phrase::kElapsed.In(language))});
    lines.push_back({1, std::string(phrase::kAnHourOfADay.In(language))});
  } else if (limit.allow().has_school_openings()) {
    lines.push_back({1, std::string(phrase::kOpenings.In(language))});
  } else {
    AddDayLines(limit, language, lines);
  }
  return lines;
}

}  // namespace dolen
