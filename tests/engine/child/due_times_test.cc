// Some hundred thousand due times, computed by the engine and by the second, naive model: every
// unit and convention around every instant at which counting is delicate, from 2012 to 2040, in the
// four nations; and as many again from chance, with pauses, windows and late closures.
//
// Bank holidays are the shipped ones as far as they reach, and made-up ones of the same shape after
// that. School terms are made up: no national list is known.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "deploy/zone_table.h"
#include "engine/child/due.h"
#include "engine/pathway/book.h"
#include "engine/pathway/books.h"
#include "engine/pathway/zone_proto.h"
#include "gtest/gtest.h"
#include "tests/engine/calendar/uk.h"
#include "tests/engine/child/dice.h"
#include "tests/engine/child/due_cases.h"
#include "tests/engine/child/naive/due.h"

namespace dolen::due {
namespace {

using pathway::v1::Book;
using second::Question;
using second::Span;

constexpr char kLondon[] = "Europe/London";
// --- both models, asked the same

class Models {
 public:
  Models(const Book& book, const std::string& zone)
      : name_(zone),
        absl_zone_(second::ZoneOf(zone)),
        library_(second::Read({{book, absl::UnixEpoch()}})),
        zone_(*ZoneFromProto(*LoadZoneTable(zone))) {
    EXPECT_TRUE(books_.Add(book, zone_, absl::UnixEpoch()).ok());
  }

  absl::TimeZone zone() const { return absl_zone_; }
  Span DayOf(absl::CivilDay day) const {
    return {second::Midnight(day, absl_zone_), second::EndOf(day, absl_zone_)};
  }

  // The clock is asked with `base` as its start; where a limit counts from a stated date, `base` is
  // that date and the start lies ten days before.
  Question Ask(const pathway::v1::Rule& rule, const std::string& nation, const Span& base) const {
    Question question;
    question.rule = rule;
    question.zone = name_;
    question.accountable = nation;
    question.start = base;
    const auto is_stated = [](const pathway::v1::Limit& limit) { return limit.has_from(); };
    if (std::any_of(rule.limit().begin(), rule.limit().end(), is_stated)) {
      const absl::Time start = base.from - absl::Hours(240);
      question.start = {start, start};
      event::v1::Field& field = *question.start_event.add_fields();
      field.set_name("planned_for");
      if (base.from == base.to) {
        field.mutable_when()->mutable_instant()->set_seconds(absl::ToUnixSeconds(base.from));
      } else {
        field.mutable_when()->set_day(second::DayText(absl::ToCivilDay(base.from, absl_zone_)));
      }
    }
    return question;
  }

  // `stated`: what "planned_for" says.
  void Compare(const Question& question, const Span& stated) {
    const second::DueAnswer expected = second::Due(question, library_);
    const DueTimes got = EngineDue(question, stated);
    ++asked_;
    due_ += expected.due != absl::InfiniteFuture();
    without_calendar_ += expected.no_calendar;
    for (const absl::Time level : expected.levels) levels_ += level != absl::InfiniteFuture();
    if (Text(expected.due, expected.target, expected.levels, expected.no_calendar) ==
        Text(got.due, got.target, got.levels, got.no_calendar)) {
      return;
    }
    if (differences_++ >= 5) return;
    ADD_FAILURE() << name_ << ", " << question.accountable << "\n"
                  << question.rule.ShortDebugString() << "\nstart " << Words(question.start)
                  << ", stated " << Words(stated) << Held(question) << "\n second model: "
                  << Text(expected.due, expected.target, expected.levels, expected.no_calendar)
                  << "\n engine:       " << Text(got.due, got.target, got.levels, got.no_calendar);
  }

  DueTimes EngineDue(const Question& question, const Span& stated) const {
    const Moment start = MomentOf(question.start);
    std::vector<Base> bases;
    for (const auto* limits : {&question.rule.limit(), &question.rule.target()}) {
      for (const pathway::v1::Limit& limit : *limits) {
        bases.push_back({MomentOf(limit.has_from() ? stated : question.start), start,
                         books_.WorkingDaysOf(question.accountable),
                         books_.SchoolDaysOf(question.accountable)});
      }
    }
    std::vector<Pause> pauses;
    for (const second::Hold& hold : question.holds) {
      const absl::Time from = std::max(hold.begin, question.start.from);
      const absl::Time to = std::min(hold.end, question.close);
      if (from < to) pauses.push_back({from, to, hold.clause, hold.owner});
    }
    std::vector<Life> others;
    for (const Span& one : question.inside) others.push_back({one.from, one.to});
    return DueTimesOf({question.rule, zone_, start, bases, pauses, others});
  }

  int64_t asked() const { return asked_; }
  int64_t due() const { return due_; }
  int64_t levels() const { return levels_; }
  int64_t without_calendar() const { return without_calendar_; }
  int64_t differences() const { return differences_; }

 private:
  static Moment MomentOf(const Span& span) { return {span.from, span.to - span.from}; }

  std::string Words(absl::Time t) const {
    return t == absl::InfiniteFuture()
               ? "never"
               : absl::FormatTime("%a %Y-%m-%d %H:%M:%E6S %z", t, absl_zone_);
  }
  std::string Words(const Span& span) const {
    return absl::StrCat(Words(span.from), span.from == span.to ? "" : " (the day)");
  }
  std::string Text(absl::Time due, absl::Time target, const std::vector<absl::Time>& levels,
                   bool no_calendar) const {
    std::string text =
        absl::StrCat(Words(due), ", target ", Words(target), no_calendar ? ", no calendar" : "");
    for (const absl::Time level : levels) absl::StrAppend(&text, ", level ", Words(level));
    return text;
  }
  std::string Held(const Question& question) const {
    std::string text;
    for (const second::Hold& hold : question.holds) {
      absl::StrAppend(&text, "\nheld by ", hold.clause, ": ", Words(hold.begin), " to ",
                      Words(hold.end));
    }
    for (const Span& one : question.inside) {
      absl::StrAppend(&text, "\nanother: ", Words(one.from), " to ", Words(one.to));
    }
    return text;
  }

  const std::string name_;
  const absl::TimeZone absl_zone_;
  const second::Library library_;
  const Zone zone_;
  Books books_;
  int64_t asked_ = 0, due_ = 0, levels_ = 0, without_calendar_ = 0, differences_ = 0;
};

std::vector<pathway::v1::Rule> RulesOf(const std::vector<std::string>& shapes) {
  std::vector<pathway::v1::Rule> rules;
  for (const std::string& shape : shapes) {
    rules.push_back(RuleOf(shape, static_cast<int>(rules.size())));
  }
  return rules;
}

// --- where counting is delicate

// Every change of the clocks, to the minute, and a day around it.
std::vector<Span> ClockChanges(absl::TimeZone zone) {
  std::vector<Span> spans;
  int changes = 0;
  absl::Time t = absl::FromCivil(absl::CivilDay(kFirstYear, 1, 1), zone);
  absl::TimeZone::CivilTransition change;
  while (zone.NextTransition(t, &change) && change.from.year() <= kLastYear) {
    t = zone.At(std::min(change.from, change.to)).trans;  // skipped, or there twice
    ++changes;
    for (const int minutes : {-1440, -61, -60, -31, -1, 0, 1, 29, 59, 60, 61, 1440}) {
      spans.push_back({t + absl::Minutes(minutes), t + absl::Minutes(minutes)});
    }
    const absl::CivilDay day = absl::ToCivilDay(t, zone);
    for (const absl::CivilDay one : {day - 1, day, day + 1}) {
      spans.push_back({second::Midnight(one, zone), second::EndOf(one, zone)});
    }
  }
  EXPECT_EQ(changes, 2 * (kLastYear - kFirstYear + 1));
  return spans;
}

// Each day once as a day and once with a time, at which a cut-off may fall.
void AddDay(absl::CivilDay day, absl::TimeZone zone, std::vector<Span>& spans) {
  constexpr int kTimes[] = {16 * 60, 9 * 60, 0, 15 * 60 + 59, 24 * 60 - 1, 8 * 60 + 50};
  spans.push_back({second::Midnight(day, zone), second::EndOf(day, zone)});
  const absl::Time t = absl::FromCivil(
      absl::CivilMinute(day) + kTimes[(day - absl::CivilDay()) % std::size(kTimes)], zone);
  spans.push_back({t, t});
}

std::vector<Span> MonthsEnds(absl::TimeZone zone) {
  std::vector<Span> spans;
  for (absl::CivilMonth month(kFirstYear, 1); month.year() <= kLastYear; ++month) {
    AddDay(absl::CivilDay(month + 1) - 1, zone, spans);
    AddDay(absl::CivilDay(month + 1), zone, spans);
    const absl::CivilDay leap(month.year(), 2, 29);
    if (month.month() == 2 && leap.month() == 2) AddDay(leap - 1, zone, spans);
  }
  return spans;
}

// The days around each closed day of working days, and how many of these there are.
std::vector<Span> BankHolidays(const Book& book, const std::string& nation, absl::TimeZone zone,
                               int64_t& holidays) {
  std::vector<Span> spans;
  for (const pathway::v1::Calendar& calendar : book.calendar()) {
    if (calendar.nation() != nation || calendar.school()) continue;
    for (const pathway::v1::Closed& closed : calendar.closed()) {
      const absl::CivilDay day = second::DayFrom(closed.from());
      if (day.year() > kLastYear) continue;
      ++holidays;
      for (const absl::CivilDay one : {day - 1, day, day + 1}) AddDay(one, zone, spans);
    }
  }
  return spans;
}

TEST(DueTimes, AreAskedOnlyOfWhatABookMaySay) {
  Book book = Calendars();
  int number = 0;
  for (const auto& shapes : {Shapes(), HeldShapes()}) {
    for (const std::string& shape : shapes) *book.add_rule() = RuleOf(shape, ++number);
  }
  EXPECT_GT(number, 100);
  for (const Finding& finding : CheckBook(book)) {
    EXPECT_NE(finding.severity, Finding::kError) << FindingText("shapes", finding);
  }
}

TEST(DueTimes, OfBothModelsAgreeWhereverCountingIsDelicate) {
  const Book book = Calendars();
  Models models(book, kLondon);
  const std::vector<pathway::v1::Rule> rules = RulesOf(Shapes());
  const auto ask = [&](const Span& base, const std::string& nation) {
    for (const pathway::v1::Rule& rule : rules) {
      models.Compare(models.Ask(rule, nation, base), base);
    }
  };
  std::vector<Span> anywhere = ClockChanges(models.zone());
  for (const Span& span : MonthsEnds(models.zone())) anywhere.push_back(span);
  for (size_t i = 0; i < anywhere.size(); ++i) ask(anywhere[i], kNations[i % 4]);
  int64_t holidays = 0;
  for (const char* nation : kNations) {
    for (const Span& span : BankHolidays(book, nation, models.zone(), holidays)) ask(span, nation);
  }
  EXPECT_GE(holidays, 2 * 140 + 157 + 174) << "all shipped ones, and those made up";
  EXPECT_GE(models.asked(), 300000);
  EXPECT_GE(models.due(), models.asked() * 9 / 10);
  EXPECT_EQ(models.differences(), 0);
}

// The engine counted levels with every closure, this one too, which became known when the clock had
// been due already: "2 working days before" moved from the 20th to the 17th after it was told.
TEST(DueTimes, ALevelIsNotMovedByAClosureAnnouncedAtDueOrLater) {
  Book book = UkCalendars();
  for (pathway::v1::Calendar& calendar : *book.mutable_calendar()) {
    for (pathway::v1::Closed& closed : *calendar.mutable_closed()) {
      if (closed.from() == "2022-09-19") closed.set_announced("2022-09-22");
    }
  }
  pathway::v1::Agency& agency = *book.add_agency();
  agency.set_id("wales");
  agency.set_nation("wales");
  Models models(book, kLondon);
  const pathway::v1::Rule rule = RuleOf(
      "limit { allow { working_days: 5 } } level { offset { working_days: -2 } } "
      "level { offset { working_days: 1 } }",
      1);
  const Span start = models.DayOf(absl::CivilDay(2022, 9, 14));
  const Question question = models.Ask(rule, "wales", start);
  const DueTimes times = models.EngineDue(question, start);
  EXPECT_EQ(times.due, models.DayOf(absl::CivilDay(2022, 9, 22)).from);
  ASSERT_EQ(times.levels.size(), 2u);
  EXPECT_EQ(times.levels[0], models.DayOf(absl::CivilDay(2022, 9, 20)).from);
  EXPECT_EQ(times.levels[1], models.DayOf(absl::CivilDay(2022, 9, 23)).from);
  models.Compare(question, start);
}

// --- by chance

// Pauses of the rule's clauses around the start, one after the other by their begin.
void Hold(const Span& start, story::Dice& dice, Question& question) {
  if (question.rule.pause().empty()) return;
  const bool in_minutes =
      question.rule.limit(0).allow().has_minutes() || question.rule.limit(0).allow().has_hours();
  const int reach = in_minutes ? 1800 : 40 * 1440;
  absl::Time begin = start.from - absl::Minutes(dice.Below(reach));
  for (int pauses = dice.Below(5); pauses > 0; --pauses) {
    begin += absl::Minutes(dice.From(0, reach / 2));
    second::Hold hold{begin, begin + absl::Minutes(dice.From(0, reach / 2)),
                      dice.Below(question.rule.pause_size()), ""};
    if (dice.Chance(8)) hold.end = absl::InfiniteFuture();
    question.holds.push_back(hold);
  }
  if (dice.Chance(20)) question.close = start.from + absl::Minutes(dice.From(1, reach));
}

// Earlier clocks of the rule, for windows.
void Fill(const Span& start, story::Dice& dice, Question& question) {
  absl::Time t = start.from - absl::Hours(24 * dice.From(1, 300));
  while (t < start.from && dice.Chance(80)) {
    const absl::Time end = std::min(start.from, t + absl::Hours(dice.From(1, 24 * 20)));
    question.inside.push_back({t, end});
    t = end + absl::Hours(dice.Below(24 * 30));
  }
}

Span SomeTime(const Models& models, story::Dice& dice) {
  const absl::CivilDay first(kFirstYear, 1, 1);
  const absl::CivilDay day = first + dice.Below(absl::CivilDay(kLastYear + 1, 1, 1) - first);
  if (dice.Chance(30)) return models.DayOf(day);
  const absl::Time t =
      absl::FromCivil(absl::CivilMinute(day) + dice.Below(24 * 60), models.zone()) +
      absl::Seconds(dice.Chance(30) ? dice.Below(60) : 0);
  return {t, t};
}

TEST(DueTimes, OfBothModelsAgreeWhateverHoldsTheClock) {
  const Book plain = Calendars(), late = LateClosures();
  // Clocks that change at midnight, by half an hour, or never.
  std::vector<Models> models;
  models.reserve(6);
  for (const char* zone : {kLondon, "America/Sao_Paulo", "America/Havana", "Australia/Lord_Howe"}) {
    models.emplace_back(plain, zone);
  }
  for (const char* zone : {kLondon, "Asia/Kolkata"}) models.emplace_back(late, zone);
  const std::vector<pathway::v1::Rule> rules = RulesOf(Shapes()), held = RulesOf(HeldShapes());
  constexpr int kAsked = 120000;
  story::Dice dice(20121231);
  for (int i = 0; i < kAsked; ++i) {
    Models& asked = models[dice.Chance(30) ? 0 : dice.Below(static_cast<int>(models.size()))];
    const Span base = SomeTime(asked, dice);
    const auto& from = dice.Chance(40) ? held : rules;
    Question question =
        asked.Ask(from[dice.Below(static_cast<int>(from.size()))], kNations[dice.Below(4)], base);
    Hold(question.start, dice, question);
    if (question.rule.limit(question.rule.limit_size() - 1).has_within()) {
      Fill(question.start, dice, question);
    }
    asked.Compare(question, base);
  }
  int64_t due = 0;
  for (const Models& each : models) {
    EXPECT_EQ(each.differences(), 0);
    EXPECT_GT(each.due(), 0);
    due += each.due();
  }
  EXPECT_GE(due, kAsked * 9 / 10);
}

}  // namespace
}  // namespace dolen::due
