// The cases that a book brings along, and the worked examples of its pages, through the engine.
#include "deploy/program/book_case.h"

#include <string>
#include <vector>

#include "deploy/program/worked_example.h"
#include "engine/child/clock.h"
#include "engine/pathway/example.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/engine/child/story.h"

namespace dolen {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kRules[] = R"(
  rule { id: "R" accountable: "agency:b" start { is: "made" } stop { is: "sent" }
         limit { allow { working_days: 5 } } level { name: "overdue" } }
  rule { id: "H" accountable: "starter" start { is: "called" by: "kind:police" } stop { is: "seen" }
         limit { allow { hours: 24 } } level { name: "overdue" } }
  rule { id: "S" accountable: "starter" start { is: "made" } stop { is: "sent" } }
  rule { id: "F" accountable: "agency:b" start { is: "made" where { field: "way" is: "post" } }
         limit { allow { weekdays: 2 } } level { name: "overdue" } })";

// The book of the child's tests: agency "a" is the first, of kind police; Wales and Scotland.
class Cases : public testing::Test {
 protected:
  std::vector<std::string> Run(const std::string& example) {
    return FailuresOf(example, book_, books_, London());
  }
  const Zone& London() { return books_.ZoneOf(books_.families()[0].versions[0]); }

  const pathway::v1::Book book_ = story::BookOf(kRules);
  const Books books_ = story::BooksOf(kRules);
};

TEST_F(Cases, HoldWhereTheEngineSaysTheSame) {
  for (const char* example :
       {"2025-12-19 made -> R last 2025-12-30", "2025-12-19 made -> R due 2025-12-31 00:00",
        "2026-03-28 18:00 called -> H due 2026-03-29 19:00",
        "2026-03-28 18:00 called by b -> H none", "2026-03-02 made -> S state standing",
        "2026-03-02 made; 2026-03-03 sent -> S state done; R state in_time",
        "2026-03-02 made way=post -> F last 2026-03-04", "2026-03-02 made way=hand -> F none",
        "2029-03-02 made -> R state no_calendar"}) {
    EXPECT_THAT(Run(example), IsEmpty()) << example;
  }
  EXPECT_THAT(Run("2026-03-02 made in M1; 2026-03-03 made in M2 -> R in M1 last 2026-03-09; "
                  "R in M2 last 2026-03-10; R started 2026-03-03 last 2026-03-10"),
              IsEmpty());
}

TEST_F(Cases, SayWhatWasExpectedAndWhatCame) {
  EXPECT_THAT(Run("2025-12-19 made -> R last 2025-12-29; due 2025-12-30 00:00"),
              ElementsAre("R: expected last 2025-12-29, got last 2025-12-30",
                          "R: expected due 2025-12-30 00:00, got due 2025-12-31 00:00"));
  EXPECT_THAT(Run("2026-03-02 made -> R none"),
              ElementsAre("R: expected none, got a clock started 2026-03-02"));
  EXPECT_THAT(Run("2026-03-02 sent -> R last 2026-03-09"),
              ElementsAre("R: expected last 2026-03-09, got no clock: nothing started one"));
  EXPECT_THAT(Run("2026-03-02 made -> R state late on 2026-03-10"),
              ElementsAre("R: expected state late on 2026-03-10, got overdue"));
  EXPECT_THAT(Run("2026-03-02 made -> S last 2026-03-09"),
              ElementsAre("S: expected last 2026-03-09, got no due time: the clock is standing"));
  EXPECT_THAT(Run("2029-03-02 made -> R last 2029-03-09"), ElementsAre(HasSubstr("--with=FILE")));
  EXPECT_THAT(Run("2026-03-02 made in M1; 2026-03-03 made in M2 -> R last 2026-03-09"),
              ElementsAre("R: expected last 2026-03-09, got 2 clocks (started 2026-03-02, started "
                          "2026-03-03); write which: \"started DAY\" or \"in MATTER\" after the "
                          "rule"));
  EXPECT_THAT(Run("nonsense"), ElementsAre(HasSubstr("at character 1")));
  EXPECT_THAT(Run("2026-03-02 maed -> R none"), ElementsAre(HasSubstr("perhaps made is meant")));
}

TEST_F(Cases, AStateIsReadFromWhatWasRecordedByThen) {
  EXPECT_THAT(
      Run("2025-12-19 made; 2025-12-29 sent recorded 2026-01-02 10:00 -> R state running on "
          "2025-12-30; state overdue on 2025-12-31 00:00; state overdue on 2026-01-02 09:59; "
          "state in_time on 2026-01-02 10:00; state in_time; state not_started on "
          "2025-12-18"),
      IsEmpty());
}

TEST_F(Cases, KnowEveryStateThatTheEngineHas) {
  for (int state = 0; !StateName(static_cast<ClockState>(state)).empty(); ++state) {
    EXPECT_TRUE(IsExampleState(StateName(static_cast<ClockState>(state)))) << state;
  }
  EXPECT_TRUE(IsExampleState(StateName(ClockState::kNoCalendar)));
}

class Examples : public Cases {
 protected:
  // Of a rule of the book, from an instant or a day in London.
  std::string Work(const char* rule, const char* start, const char* agency) {
    const pathway::v1::Rule& of = books_.FindFamily(rule)->versions[0].rule;
    Moment moment{story::At(start), {}};
    if (std::string(start).size() == 10) {
      moment.span =
          London().StartOf(London().DayOf(moment.from) + 1) - moment.from - absl::Microseconds(1);
    }
    std::string text;
    for (const Line& line : WorkedLines(WorkedExample(of, moment, agency, books_, London()),
                                        London(), Language::kEnglish)) {
      text += std::string(2 * line.depth, ' ') + line.text + "\n";
    }
    return text;
  }
};

TEST_F(Examples, ShowWhichDaysDidNotCountAndWhy) {
  EXPECT_EQ(
      Work("R", "2026-04-02 16:30", "b"),
      "start: Thursday 2026-04-02 16:30\n"
      "calendar: wales\n"
      "not counted: Friday 2026-04-03 (closed in calendar wales), Saturday 2026-04-04, Sunday "
      "2026-04-05, Monday 2026-04-06 (closed in calendar wales)\n"
      "not counted: Saturday 2026-04-11, Sunday 2026-04-12\n"
      "last day in time: Monday 2026-04-13\n"
      "late from: Tuesday 2026-04-14 00:00\n"
      "  overdue (overdue): Tuesday 2026-04-14 00:00\n");
  EXPECT_THAT(Work("R", "2026-04-02 16:30", "s"), HasSubstr("calendar: scotland"));
  EXPECT_THAT(Work("R", "2026-03-02", "b"), HasSubstr("start: Monday 2026-03-02\n"));
  EXPECT_THAT(Work("F", "2026-04-02", "b"),
              HasSubstr("not counted: Saturday 2026-04-04, Sunday 2026-04-05\nlast day in time: "
                        "Monday 2026-04-06"));
  EXPECT_THAT(Work("F", "2026-03-02", "b"), HasSubstr("every day counted"));
}

TEST_F(Examples, OfHoursHaveNoLastDay) {
  EXPECT_EQ(Work("H", "2026-03-28 18:00", "a"),
            "start: Saturday 2026-03-28 18:00\n"
            "late from: Sunday 2026-03-29 19:00\n"
            "  overdue (overdue): Sunday 2026-03-29 19:00\n");
}

TEST_F(Examples, NeverGuess) {
  EXPECT_THAT(Work("R", "2029-03-02", "b"), HasSubstr("the calendar is missing"));
  EXPECT_THAT(Work("S", "2029-03-02", "b"), HasSubstr("a standing duty"));
}

}  // namespace
}  // namespace dolen
