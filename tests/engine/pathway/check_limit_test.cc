// What is checked of limits, targets and pauses: each finding with its place.
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "tests/engine/pathway/sample.h"

namespace dolen {
namespace {

TEST(CheckLimit, AcceptsEveryUnit) {
  for (const char* allow : {"minutes: 0", "hours: 24", "calendar_days: 28", "weekdays: 2",
                            "working_days: 42", "weeks: 12", "months: 6", "years: 1"}) {
    ExpectClean(11, {absl::StrCat("limit { allow { ", allow, " } }")});
  }
  ExpectClean(6,
              {"} calendar { id: 's' school: true from: '2026-01-01' to: '2026-12-31' opens: "
               "'09:00' } rule { id: 'S' start { is: 'a' } stop { is: 'b' } accountable: 'asked' "
               "limit { allow { school_openings: 1 } calendar_of: 'role:school' } "
               "limit { allow { school_days: 2 } } level { name: 'overdue' } level { name: 'l' "
               "offset { school_days: 1 } } title { cy: 'c' en: 'e' } source { title: 's' } "
               "weight: LOCAL }"});
}

TEST(CheckLimit, AcceptsEveryConvention) {
  ExpectClean(11, {"limit { allow { working_days: 1 } cut_off: '16:00' closed_start_moves: true }",
                   "limit { allow { calendar_days: 28 } start_day_is_one: true cut_off: '17:00' }",
                   "limit { allow { weeks: 4 } before_last_day: true roll: NEXT }",
                   "limit { allow { months: 1 } roll: PREVIOUS }",
                   "limit { allow { hours: 1 } calendar_of: 'agency:council' }",
                   "limit { allow { hours: 0 } from { event { is: 'discharged' } } }",
                   "limit { allow { calendar_days: -5 } from { field: 'planned_for' } }",
                   "limit { allow { years: 18 } from { field: 'birth_month' } }",
                   "limit { allow { months: 1 } from { event { is: 'a' } field: 'until' } }",
                   "several: LATEST limit { allow { hours: 1 } } limit { allow { weekdays: 1 } }",
                   "limit { allow { weeks: 6 } } target { allow { months: 1 } }",
                   "opens: EACH limit { allow { calendar_days: 120 } within { months: 12 } }"});
}

TEST(CheckLimit, ChecksItsAmount) {
  ExpectFindings({
      {11, "  limit { }", "11:3: error: rule[0].limit[0]", "allows nothing"},
      {11, "  limit { allow { } }", "11:11: error: rule[0].limit[0].allow", "no unit"},
      {11, "  limit { allow { weeks: 2000000000 } }", "11:11: error: rule[0].limit[0].allow",
       "a digit too many"},
      {11, "  limit { allow { years: -201 } from { field: 'f' } }",
       "11:11: error: rule[0].limit[0].allow", "a digit too many"},
      {11, "  limit { allow { school_openings: 0 } }", "11:11: error: rule[0].limit[0].allow",
       "school_openings: 1 or more"},
      {11, "  limit { allow { hours: -1 } }", "11:11: warning: rule[0].limit[0].allow",
       "overdue as it starts"},
      {11, "  limit { allow { school_days: 1 } }", "11:11: warning: rule[0].limit[0].allow",
       "a calendar of schools"},
      {11, "  limit { allow { school_openings: 1 } }", "11:11: warning: rule[0].limit[0].allow",
       "a calendar of schools"},
      {11, "  limit { allow { weeks: 1 } } target { }", "11:32: error: rule[0].target[0]",
       "allows nothing"},
      {11, "  limit { allow { hours: 1 } calendar_of: 'agency:x' }",
       "11:30: error: rule[0].limit[0].calendar_of", "not in this book"},
      {11, "  limit { allow { hours: 1 } calendar_of: 'school' }",
       "11:30: error: rule[0].limit[0].calendar_of", "says not who"},
  });
}

TEST(CheckLimit, WarnsOfDaysThatNoCalendarOfTheBookCounts) {
  const CheckedBook checked = ParseBook(
      "id: 't' version: '1' zone: 'UTC'\n"
      "rule { id: 'R' start { is: 'a' } stop { is: 'b' } accountable: 'asked' weight: LOCAL\n"
      "  title { cy: 'c' en: 'e' } source { title: 's' }\n"
      "  limit { allow { working_days: 1 } }\n"
      "  level { name: 'late' offset { working_days: 1 } }\n"
      "  limit { allow { weeks: 1 } roll: NEXT } }\n");
  ASSERT_EQ(checked.findings.size(), 3u);
  EXPECT_TRUE(checked.ok());
  EXPECT_THAT(FindingText("b", checked.findings[0]),
              testing::StartsWith("b:4:11: warning: rule[0].limit[0].allow: working days need"));
  EXPECT_THAT(FindingText("b", checked.findings[1]),
              testing::StartsWith("b:5:24: warning: rule[0].level[0].offset: working days need"));
  EXPECT_THAT(FindingText("b", checked.findings[2]),
              testing::StartsWith("b:6:30: warning: rule[0].limit[1].roll: to roll needs"));
}

TEST(CheckLimit, KnowsTheCalendarsOfABookBeside) {
  const std::string text =
      "id: 't' version: '1' zone: 'UTC'\n"
      "rule { id: 'R' start { is: 'a' } stop { is: 'b' } accountable: 'asked' weight: LOCAL\n"
      "  title { cy: 'c' en: 'e' } source { title: 's' }\n"
      "  limit { allow { working_days: 1 } } limit { allow { school_days: 1 } }\n"
      "  level { name: 'overdue' audience: 'asked' } }\n";
  EXPECT_EQ(ParseBook(text).findings.size(), 2u);
  pathway::v1::Book beside;
  beside.add_calendar()->set_school(false);
  const CheckedBook checked = ParseBook(text, beside);
  ASSERT_EQ(checked.findings.size(), 1u);
  EXPECT_THAT(FindingText("b", checked.findings[0]), testing::HasSubstr("a calendar of schools"));
  beside.add_calendar()->set_school(true);
  EXPECT_TRUE(ParseBook(text, beside).findings.empty());
}

TEST(CheckLimit, HasAtMostAsManyAsAStartCanRemember) {
  std::string line;
  for (int i = 0; i < 16; ++i) {
    absl::StrAppend(&line, "limit { allow { weeks: 1 } } target { allow { weeks: 1 } } ");
  }
  ExpectClean(11, {line});
  line += "target { allow { weeks: 2 } }";
  ExpectFinding({11, line.c_str(), "11:1: error: rule[0].limit[0]", "more than 32"});
}

TEST(CheckLimit, ChecksThatTheLatestIsOfSeveral) {
  ExpectFinding(
      {8, "  id: 'R' several: LATEST", "8:11: warning: rule[0].several", "no several limits"});
}

TEST(CheckLimit, ChecksWhetherWhenCanEverFitAStart) {
  ExpectFindings({
      {11, "  limit { allow { hours: 1 } when { is: 'Out' } }",
       "11:37: error: rule[0].limit[0].when.is", "write \"out\""},
      {11, "  limit { allow { hours: 1 } when { is: 'placed' } }",
       "11:37: warning: rule[0].limit[0].when.is", "no start of this rule is \"placed\""},
      {11, "  limit { allow { hours: 1 } when { by: 'asked' or { is: 'placed' } } }",
       "11:54: warning: rule[0].limit[0].when.or[0].is", "given { is: \"placed\" }"},
      {11, "  limit { allow { hours: 1 } when { } }", "11:30: error: rule[0].limit[0].when",
       "fits every start"},
      // A trap: this is not "a or b", but "anything or a or b".
      {11, "  limit { allow { hours: 1 } when { or { by: 'asked' } or { by: 'asker' } } }",
       "11:30: error: rule[0].limit[0].when", "fits every start"},
      {11, "  limit { allow { hours: 1 } when { overdue: 'W' } }",
       "11:37: error: rule[0].limit[0].when.overdue", "name an event here"},
  });
  ExpectClean(11,
              {"limit { allow { hours: 1 } when { is: 'referral_made' } }",
               "limit { allow { hours: 1 } when { where { field: 'age' below: 5 } } }",
               "limit { allow { hours: 1 } when { given { is: 'placed' ago { months: 12 } } } }"});
}

TEST(CheckLimit, ChecksWhatItCountsFrom) {
  ExpectFindings({
      {11, "  limit { allow { hours: 1 } from { field: 'Planned for' } }",
       "11:37: error: rule[0].limit[0].from.field", "lower_snake_case"},
      {11, "  limit { allow { hours: 1 } from { field: 'reason' } }",
       "11:37: error: rule[0].limit[0].from.field", "\"reason\" states no date"},
      {11, "  limit { allow { hours: 1 } from { field: 'age' } }",
       "11:37: error: rule[0].limit[0].from.field", "\"age\" states no date"},
      {11, "  limit { allow { hours: 1 } from { event { } } }",
       "11:37: error: rule[0].limit[0].from.event.is", "names no event"},
      {11, "  limit { allow { hours: 1 } from { event { holding: HELD } } }",
       "11:45: error: rule[0].limit[0].from.event.holding", "name an event here"},
  });
}

TEST(CheckLimit, OfAMomentNothingCanBeAsked) {
  const std::string moment = "per: 'child' start { holding: UNHELD } ";
  const auto only = [&](const std::string& rest) {
    const CheckedBook checked = ParseBook(SampleWith(9, moment + rest));
    EXPECT_EQ(checked.findings.size(), 1u) << rest;
    return checked.findings.empty() ? "" : FindingText("b", checked.findings[0]);
  };
  ExpectClean(9, {moment});
  EXPECT_THAT(only("limit { allow { hours: 1 } when { by: 'asked' } }"),
              testing::HasSubstr("warning: rule[0].limit[0].when: the rule starts with a moment"));
  EXPECT_THAT(
      only("limit { allow { hours: 1 } from { field: 'until' } }"),
      testing::HasSubstr("warning: rule[0].limit[0].from.field: the rule starts with a mom"));
  ExpectClean(9,
              {moment + "limit { allow { hours: 1 } from { event { is: 'a' } field: 'f' } }",
               // An alternative that is an event can be asked.
               "per: 'child' start { holding: UNHELD or { is: 'a' } } limit { allow { hours: 1 } "
               "when { by: 'asked' } }"});
}

TEST(CheckLimit, ChecksItsWindow) {
  ExpectFindings({
      {11, "  opens: EACH limit { allow { weeks: 1 } within { } }",
       "11:42: error: rule[0].limit[0].within", "no unit"},
      {11, "  opens: EACH limit { allow { weeks: 1 } within { weeks: -2 } }",
       "11:42: error: rule[0].limit[0].within", "negative"},
      {11, "  opens: EACH limit { allow { hours: 1 } within { hours: 2 } }",
       "11:23: error: rule[0].limit[0].allow", "calendar_days or weeks"},
      {11, "  opens: EACH limit { allow { months: 1 } within { months: 2 } }",
       "11:23: error: rule[0].limit[0].allow", "calendar_days or weeks"},
      {11, "  opens: EACH limit { allow { weekdays: 1 } within { months: 2 } }",
       "11:23: error: rule[0].limit[0].allow", "calendar_days or weeks"},
      {11, "  opens: EACH limit { allow { calendar_days: 0 } within { weeks: 1 } }",
       "11:23: error: rule[0].limit[0].allow", "one day at least"},
      {11, "  opens: EACH limit { allow { weeks: 1 } within { working_days: 20 } }",
       "11:42: error: rule[0].limit[0].within", "the window is in calendar_days"},
      {11, "  opens: EACH limit { allow { weeks: 2 } within { calendar_days: 13 } }",
       "11:42: error: rule[0].limit[0].within", "shorter than the budget"},
      {11, "  limit { allow { weeks: 1 } within { weeks: 2 } }",
       "11:30: warning: rule[0].limit[0].within", "no other is ever in the window"},
  });
}

TEST(CheckLimit, ChecksWhereItsConventionsApply) {
  const char* const some = "only limits that count days have it";
  const char* const forward = "no effect where no days are counted forward";
  const char* const days = "only limits in days";
  ExpectFindings({
      {11, "  limit { allow { weekdays: 1 } cut_off: '4 pm' }",
       "11:33: error: rule[0].limit[0].cut_off", "not a time of day"},
      {11, "  limit { allow { hours: 1 } cut_off: '16:00' }",
       "11:30: error: rule[0].limit[0].cut_off", some},
      {11, "  limit { allow { years: 1 } cut_off: '16:00' }",
       "11:30: error: rule[0].limit[0].cut_off", some},
      {11, "  limit { allow { months: 1 } closed_start_moves: true }",
       "11:31: error: rule[0].limit[0].closed_start_moves", some},
      {11, "  limit { allow { hours: 1 } start_day_is_one: true }",
       "11:30: error: rule[0].limit[0].start_day_is_one", days},
      {11, "  limit { allow { months: 1 } start_day_is_one: true }",
       "11:31: warning: rule[0].limit[0].start_day_is_one", forward},
      {11, "  limit { allow { weekdays: 0 } start_day_is_one: true }",
       "11:33: warning: rule[0].limit[0].start_day_is_one", forward},
      {11, "  limit { allow { minutes: 1 } before_last_day: true }",
       "11:32: error: rule[0].limit[0].before_last_day", days},
      {11, "  limit { allow { hours: 1 } roll: NEXT }", "11:30: error: rule[0].limit[0].roll",
       days},
  });
}

TEST(CheckPause, AcceptsEveryPauseThatIsWhole) {
  const std::string both = "pause { begin { is: 'clock_paused' } end { is: 'clock_resumed' } ";
  ExpectClean(8, {"id: 'R' " + both + "cause: 'school' owner: 'family' cap { working_days: 5 } }",
                  "id: 'R' " + both + "owner: 'asked' } " + both + "owner: 'agency:council' }"});
  ExpectClean(11, {"limit { allow { months: 1 } } limit { allow { weeks: 4 } } " + both +
                       "cap { calendar_days: 9 } }",
                   "limit { allow { hours: 48 } } " + both + "cap { minutes: 90 } }"});
}

// Whoever shows the finding says how to put another book beside.
TEST(CheckLimit, SaysThatACalendarIsLacking) {
  const auto lacks = [](int line, const char* text) {
    std::string book = SampleWith(line, text);
    absl::StrReplaceAll({{kSample[3], ""}, {kSample[4], ""}, {"\n}\nrule", "\nrule"}}, &book);
    std::vector<Finding::Lacks> all;
    for (const Finding& finding : ParseBook(book).findings) all.push_back(finding.lacks);
    return all;
  };
  const auto one = testing::ElementsAre(Finding::kCalendar);
  EXPECT_THAT(lacks(8, kSample[7]), one);
  EXPECT_THAT(lacks(11, "limit { allow { school_days: 1 } }"), one);
  EXPECT_THAT(lacks(11, "limit { allow { calendar_days: 1 } roll: NEXT }"), one);
  EXPECT_THAT(lacks(11, "limit { allow { calendar_days: -1 } }"),
              testing::ElementsAre(Finding::kNothing));
}

TEST(CheckPause, ChecksWhatBeginsAndEndsIt) {
  ExpectFindings({
      {8, "  id: 'R' pause { end { is: 'clock_resumed' } }", "8:11: error: rule[0].pause[0]",
       "what begins it"},
      {8, "  id: 'R' pause { begin { is: 'clock_paused' } }", "8:11: error: rule[0].pause[0]",
       "what ends it"},
      {8, "  id: 'R' pause { begin { is: 'a' } end { } }", "8:37: error: rule[0].pause[0].end.is",
       "names no event"},
      {8, "  id: 'R' pause { begin { holding: HELD } end { is: 'a' } }",
       "8:27: error: rule[0].pause[0].begin.holding", "moments start, stop and cancel"},
  });
}

TEST(CheckPause, ChecksItsOwner) {
  ExpectFindings({
      {8, "  id: 'R' pause { begin { is: 'a' } end { is: 'b' } owner: 'The family' }",
       "8:53: error: rule[0].pause[0].owner", "says not whose minutes"},
      {8, "  id: 'R' pause { begin { is: 'a' } end { is: 'b' } owner: 'agency:x' }",
       "8:53: error: rule[0].pause[0].owner", "not in this book"},
      {8, "  id: 'R' pause { begin { is: 'a' } end { is: 'b' } owner: 'role:' }",
       "8:53: error: rule[0].pause[0].owner", "says not who"},
  });
}

TEST(CheckPause, ChecksThatItsCapIsUsedUpByWhatItTakes) {
  const char* const other = "another unit than a limit or target";
  const std::string pause = " pause { begin { is: 'a' } end { is: 'b' } cap { ";
  const auto expect = [&](const char* limit, const char* cap, const char* words) {
    const std::string line = absl::StrCat(limit, pause, cap, " } }");
    const CheckedBook checked = ParseBook(SampleWith(11, line));
    ASSERT_EQ(checked.findings.size(), 1u) << line;
    EXPECT_EQ(checked.findings[0].severity, Finding::kError);
    EXPECT_EQ(checked.findings[0].field, "rule[0].pause[0].cap");
    EXPECT_THAT(checked.findings[0].sentence, testing::HasSubstr(words)) << line;
  };
  expect("limit { allow { working_days: 5 } }", "", "no unit");
  expect("limit { allow { working_days: 5 } }", "working_days: -1", "negative");
  expect("limit { allow { working_days: 5 } }", "working_days: 0", "leave the pause out");
  expect("limit { allow { working_days: 5 } }", "calendar_days: 5", other);
  expect("limit { allow { working_days: 5 } }", "weekdays: 5", other);
  expect("limit { allow { hours: 5 } }", "working_days: 5", other);
  expect("limit { allow { weeks: 5 } }", "hours: 5", other);
  expect("limit { allow { weeks: 5 } }", "months: 1", other);
  expect("limit { allow { months: 5 } }", "years: 1", other);
  expect("limit { allow { hours: 5 } } limit { allow { weekdays: 1 } }", "hours: 1", other);
  expect("limit { allow { weeks: 6 } } target { allow { hours: 8 } }", "weeks: 1", other);
}

}  // namespace
}  // namespace dolen
