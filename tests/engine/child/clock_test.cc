// Clocks, with time as a column: rule, what was said, a time, and what the clock is then. Every
// history is drawn in every order of arrival. Rows named X are those of the worked deadlines.
#include "engine/child/clock.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tests/engine/child/story.h"

namespace dolen::story {
namespace {

std::string Seen(absl::string_view fields, const std::vector<Said>& said, absl::string_view at) {
  const Books books = BooksOf(Rule(fields));
  return ClockAt(PictureOf(said, books), at);
}

const char kDay[] = R"(start { is: "begun" } stop { is: "done" } cancel { is: "dropped" }
                       limit { allow { calendar_days: 1 } })";
const char kHour[] = R"(start { is: "begun" } stop { is: "done" } cancel { is: "dropped" }
                        limit { allow { hours: 1 } })";

std::string Allow(absl::string_view amount) {
  return absl::StrCat(R"(start { is: "begun" } stop { is: "done" } limit { allow { )", amount,
                      " } }");
}

// Due of a start by "a" of Wales; `fields` may name another calendar.
std::string Due(absl::string_view begun, absl::string_view fields) {
  const Books books = BooksOf(Rule(fields));
  std::string due = "none";
  ForEachClock(PictureOf({{"begun", begun}}, books),
               [&](const Duty&, const Clock& clock) { due = Text(clock.due); });
  return due;
}

TEST(Clock, StartsWithTheFirstMatchAndStopsWithTheFirstAfterIt) {
  EXPECT_EQ(Seen(kDay,
                 {{"begun", "2026-01-05 10:00"},
                  {"begun", "2026-01-05 09:00"},
                  {"done", "2026-01-05 08:00"},
                  {"done", "2026-01-06 12:00"},
                  {"done", "2026-01-06 11:00"}},
                 "2026-01-08"),
            "in_time from 2026-01-05 09:00 due 2026-01-07 00:00 closed 2026-01-06 11:00");
}

TEST(Clock, IsReadAtATimeWithoutWhatHappensLater) {
  const std::vector<Said> said = {{"begun", "2026-01-05 09:00"}, {"done", "2026-01-08 09:00"}};
  const std::string rest = " from 2026-01-05 09:00 due 2026-01-07 00:00 closed 2026-01-08 09:00";
  EXPECT_EQ(Seen(kDay, said, "2026-01-05 08:59"), "not_started" + rest);
  EXPECT_EQ(Seen(kDay, said, "2026-01-05 09:00"), "running" + rest);
  EXPECT_EQ(Seen(kDay, said, "2026-01-06 23:59:59"), "running" + rest);
  EXPECT_EQ(Seen(kDay, said, "2026-01-07"), "overdue" + rest) << "due is half-open";
  EXPECT_EQ(Seen(kDay, said, "2026-01-08 09:00"), "late" + rest);
}

TEST(Clock, DueIsHalfOpen) {
  EXPECT_EQ(Seen(kHour, {{"begun", "2026-01-05 09:00"}, {"done", "2026-01-05 09:59:59.999999"}},
                 "2026-01-06"),
            "in_time from 2026-01-05 09:00 due 2026-01-05 10:00 closed 2026-01-05 09:59:59.999999");
  EXPECT_EQ(
      Seen(kHour, {{"begun", "2026-01-05 09:00"}, {"done", "2026-01-05 10:00"}}, "2026-01-06"),
      "late from 2026-01-05 09:00 due 2026-01-05 10:00 closed 2026-01-05 10:00");
}

TEST(Clock, AConjunctionOfStartsBeginsWithItsLatestPart) {
  // X15.
  const char move[] = R"(start { is: "notified" } start { is: "permanent" }
                         stop { is: "transfer_conference" } limit { allow { working_days: 15 } })";
  EXPECT_EQ(Seen(move, {{"notified", "2026-02-03 10:00"}, {"permanent", "2026-02-23 10:00"}},
                 "2026-03-16 23:59"),
            "running from 2026-02-23 10:00 due 2026-03-17 00:00");
  EXPECT_EQ(Seen(move, {{"notified", "2026-02-03 10:00"}}, "2026-03-16"), "none");
}

TEST(Clock, PartsThatAreKnownToTheDayMayBeTheLatestOfAConjunction) {
  const char both[] = R"(start { is: "one" } start { is: "two" } stop { is: "done" }
                         limit { allow { hours: 1 } })";
  const char swapped[] = R"(start { is: "two" } start { is: "one" } stop { is: "done" }
                            limit { allow { hours: 1 } })";
  // "one" may have been said at the day's end: the hour cannot have begun to be late before then.
  for (const char* rule : {both, swapped}) {
    EXPECT_EQ(Seen(rule, {{"one", "2026-01-05"}, {"two", "2026-01-05 10:00"}}, "2026-01-06"),
              "running from 2026-01-05 10:00 due 2026-01-06 01:00");
    EXPECT_EQ(Seen(rule, {{"one", "2026-01-05"}, {"two", "2026-01-05 00:00"}}, "2026-01-06"),
              "running from 2026-01-05 00:00 due 2026-01-06 01:00");
    // 09:00 is certainly before "two", so it stops nothing.
    EXPECT_EQ(
        Seen(rule,
             {{"one", "2026-01-05"}, {"two", "2026-01-05 10:00"}, {"done", "2026-01-05 09:00"}},
             "2026-01-06 01:00"),
        "overdue from 2026-01-05 10:00 due 2026-01-06 01:00");
  }
}

TEST(Clock, SeveralStopsAreAllNeededAndTheLatestCounts) {
  const char rule[] = R"(start { is: "begun" } stop { is: "decided" } stop { is: "recorded" }
                         limit { allow { working_days: 1 } })";
  // Row 21, X02: Friday 16:28, decided on Monday, recorded on Tuesday at 09:00.
  EXPECT_EQ(Seen(rule,
                 {{"begun", "2026-03-06 16:28"},
                  {"decided", "2026-03-09 11:00"},
                  {"recorded", "2026-03-10 09:00"}},
                 "2026-03-11"),
            "late from 2026-03-06 16:28 due 2026-03-10 00:00 closed 2026-03-10 09:00");
  EXPECT_EQ(Seen(rule, {{"begun", "2026-03-06 16:28"}, {"decided", "2026-03-09 11:00"}},
                 "2026-03-09 12:00"),
            "running from 2026-03-06 16:28 due 2026-03-10 00:00");
}

TEST(Clock, CancelBeforeDueEndsTheDutyAndAfterDueItWasNeverDone) {
  EXPECT_EQ(
      Seen(kDay, {{"begun", "2026-01-05 09:00"}, {"dropped", "2026-01-06 23:59"}}, "2026-01-09"),
      "cancelled from 2026-01-05 09:00 due 2026-01-07 00:00 closed 2026-01-06 23:59");
  EXPECT_EQ(Seen(kDay, {{"begun", "2026-01-05 09:00"}, {"dropped", "2026-01-07"}}, "2026-01-09"),
            "late from 2026-01-05 09:00 due 2026-01-07 00:00 closed 2026-01-07 00:00");
}

TEST(Clock, AtOneInstantTheStopWinsOverTheCancel) {
  for (const char* stopped : {"2026-01-06 10:00", "2026-01-06"}) {
    EXPECT_EQ(
        Seen(kDay,
             {{"begun", "2026-01-05 09:00"}, {"dropped", "2026-01-06 10:00"}, {"done", stopped}},
             "2026-01-09")
            .substr(0, 7),
        "in_time")
        << stopped;
  }
  EXPECT_EQ(Seen(kDay,
                 {{"begun", "2026-01-05 09:00"},
                  {"dropped", "2026-01-06 10:00"},
                  {"done", "2026-01-06 10:01"}},
                 "2026-01-09")
                .substr(0, 9),
            "cancelled");
}

TEST(Clock, ACancelOfTheStartsOwnInstantEndsTheDuty) {
  EXPECT_EQ(
      Seen(kDay, {{"begun", "2026-01-05 09:00"}, {"dropped", "2026-01-05 09:00"}}, "2026-01-09"),
      "cancelled from 2026-01-05 09:00 due 2026-01-07 00:00 closed 2026-01-05 09:00");
  EXPECT_EQ(
      Seen(kDay, {{"begun", "2026-01-05 09:00"}, {"dropped", "2026-01-05 08:59"}}, "2026-01-06"),
      "running from 2026-01-05 09:00 due 2026-01-07 00:00");
}

TEST(Clock, DoneBeforeClosesAtTheStart) {
  const std::string rule = absl::StrCat(kDay, " done_before: true");
  const std::vector<Said> said = {{"done", "2025-12-18 10:00"}, {"begun", "2026-01-05 09:00"}};
  EXPECT_EQ(Seen(rule, said, "2026-01-09"),
            "in_time from 2026-01-05 09:00 due 2026-01-07 00:00 closed 2026-01-05 09:00");
  EXPECT_EQ(Seen(kDay, said, "2026-01-09"), "overdue from 2026-01-05 09:00 due 2026-01-07 00:00");
}

TEST(Clock, AStopKnownToTheDayIsInTimeIfItsDayBeganBeforeDue) {
  EXPECT_EQ(Seen(kDay, {{"begun", "2026-01-05 09:00"}, {"done", "2026-01-06"}}, "2026-01-09"),
            "in_time from 2026-01-05 09:00 due 2026-01-07 00:00 closed 2026-01-06 00:00");
  EXPECT_EQ(Seen(kDay, {{"begun", "2026-01-05 09:00"}, {"done", "2026-01-07"}}, "2026-01-09"),
            "late from 2026-01-05 09:00 due 2026-01-07 00:00 closed 2026-01-07 00:00");
  EXPECT_EQ(Seen(kHour, {{"begun", "2026-01-05 09:00"}, {"done", "2026-01-05"}}, "2026-01-09")
                .substr(0, 7),
            "in_time");
}

TEST(Clock, StartAndStopOfOneDayMeetInEitherOrder) {
  const std::vector<std::pair<const char*, const char*>> pairs = {
      {"2026-01-05", "2026-01-05"},
      {"2026-01-05", "2026-01-05 08:00"},
      {"2026-01-05 16:00", "2026-01-05"},
      {"2026-01-05 16:00", "2026-01-05 16:00"}};
  for (const auto& [begun, done] : pairs) {
    for (const char* rule : {kDay, kHour}) {
      EXPECT_EQ(Seen(rule, {{"begun", begun}, {"done", done}}, "2026-01-09").substr(0, 7),
                "in_time")
          << begun << " " << done;
    }
  }
}

TEST(Clock, AnEventThatIsAStartStopsOnlyWhatBeganBeforeIt) {
  const char rule[] = R"(start { is: "visit" } stop { is: "visit" } limit { allow { weeks: 1 } })";
  EXPECT_EQ(Seen(rule, {{"visit", "2026-01-05 09:00"}}, "2026-01-06"),
            "running from 2026-01-05 09:00 due 2026-01-13 00:00");
  EXPECT_EQ(Seen(rule, {{"visit", "2026-01-05 09:00"}, {"visit", "2026-01-12"}}, "2026-01-14"),
            "in_time from 2026-01-05 09:00 due 2026-01-13 00:00 closed 2026-01-12 00:00");
}

TEST(Clock, HoursAreElapsedTimeAcrossTheChangeOfClocks) {
  EXPECT_EQ(Due("2026-03-28 18:00", Allow("hours: 24")), "2026-03-29 19:00");  // X05
  EXPECT_EQ(Due("2026-10-24 18:00", Allow("hours: 24")), "2026-10-25 17:00");  // X05
  EXPECT_EQ(Due("2026-03-27 20:00", Allow("hours: 72")), "2026-03-30 21:00");  // X06
  EXPECT_EQ(Due("2026-03-29 00:30", Allow("minutes: 45")), "2026-03-29 02:15");
  EXPECT_EQ(Due("2026-03-28", Allow("hours: 24")), "2026-03-30 01:00") << "from the day's end";
}

TEST(Clock, DaysAreCivilDays) {
  EXPECT_EQ(Due("2026-03-28 23:59", Allow("calendar_days: 1")), "2026-03-30 00:00");
  EXPECT_EQ(Due("2026-10-24 00:00", Allow("calendar_days: 1")), "2026-10-26 00:00");
  EXPECT_EQ(Due("2026-07-01 00:30", Allow("calendar_days: 0")), "2026-07-02 00:00");
  EXPECT_EQ(Due("2026-07-01", Allow("calendar_days: 0")), "2026-07-02 00:00");
  EXPECT_EQ(Due("2026-02-03", Allow("weeks: 12")), "2026-04-29 00:00");          // X16
  EXPECT_EQ(Due("2026-02-02", Allow("calendar_days: 28")), "2026-03-03 00:00");  // X14
  EXPECT_EQ(Due("2026-01-03 10:00", Allow("weekdays: 1")), "2026-01-06 00:00");  // a Saturday
  EXPECT_EQ(Due("2026-12-24 10:00", Allow("weekdays: 1")), "2026-12-26 00:00");  // Christmas Day
}

TEST(Clock, WorkingDaysFollowTheCalendarOfTheAccountable) {
  const auto scottish = [](const char* amount) {
    return absl::StrCat(R"(start { is: "begun" } stop { is: "done" } limit { allow { )", amount,
                        R"( } calendar_of: "agency:s" })");
  };
  EXPECT_EQ(Due("2026-04-02 16:30", Allow("working_days: 1")), "2026-04-08 00:00");     // X01
  EXPECT_EQ(Due("2026-04-02 16:30", scottish("working_days: 1")), "2026-04-07 00:00");  // X01
  EXPECT_EQ(Due("2026-03-07 11:00", Allow("working_days: 1")), "2026-03-10 00:00");     // X03
  EXPECT_EQ(Due("2025-12-17", Allow("working_days: 5")), "2025-12-25 00:00");           // X08
  EXPECT_EQ(Due("2025-12-17", Allow("working_days: 10")), "2026-01-06 00:00");          // X08
  EXPECT_EQ(Due("2025-12-17", scottish("working_days: 10")), "2026-01-07 00:00");       // X08
  EXPECT_EQ(Due("2026-01-05", Allow("working_days: 42")), "2026-03-05 00:00");          // X13
  EXPECT_EQ(Due("2026-07-30", scottish("working_days: 3")), "2026-08-06 00:00");        // X25
  EXPECT_EQ(Due("2026-12-24", Allow("working_days: 5")), "2027-01-06 00:00");           // X26
  EXPECT_EQ(Due("2026-12-24", scottish("working_days: 5")), "2027-01-07 00:00");        // X26
}

TEST(Clock, BeyondTheCalendarThereIsNoDueAndNeverAGuess) {
  const std::string rule = Allow("working_days: 1");
  EXPECT_EQ(Seen(rule, {{"begun", "2028-12-29"}}, "2029-02-01"),
            "no_calendar from 2028-12-29 00:00");
  EXPECT_EQ(Seen(rule, {{"begun", "2011-12-30"}}, "2029-02-01"),
            "no_calendar from 2011-12-30 00:00");
  EXPECT_EQ(Seen(rule, {{"begun", "2028-12-29"}, {"done", "2029-01-02"}}, "2029-02-01"),
            "no_calendar from 2028-12-29 00:00 closed 2029-01-02 00:00");
}

TEST(Clock, WithoutALimitItStandsUntilDoneOrCancelled) {
  const char rule[] = R"(start { is: "begun" } stop { is: "done" } cancel { is: "dropped" })";
  EXPECT_EQ(Seen(rule, {{"begun", "2026-01-05"}}, "2030-01-01"), "standing from 2026-01-05 00:00");
  EXPECT_EQ(Seen(rule, {{"begun", "2026-01-05"}, {"done", "2027-01-05"}}, "2030-01-01"),
            "done from 2026-01-05 00:00 closed 2027-01-05 00:00");
  EXPECT_EQ(Seen(rule, {{"begun", "2026-01-05"}, {"dropped", "2027-01-05"}}, "2030-01-01"),
            "cancelled from 2026-01-05 00:00 closed 2027-01-05 00:00");
}

TEST(Clock, AVersionJudgesByTheDayOfTheStart) {
  // X31: 10 days to 30 April, 5 from 1 May.
  const std::string rules =
      Rule(R"(start { is: "begun" } stop { is: "done" } limit { allow { calendar_days: 10 } }
              valid_to: "2026-05-01")") +
      Rule(R"(start { is: "begun" } stop { is: "done" } limit { allow { calendar_days: 5 } }
              valid_from: "2026-05-01")");
  const Books books = BooksOf(rules);
  const auto seen = [&](const std::vector<Said>& said) {
    return ClockAt(PictureOf(said, books), "2026-06-01");
  };
  EXPECT_EQ(seen({{"begun", "2026-04-28"}, {"done", "2026-05-06"}}),
            "in_time from 2026-04-28 00:00 due 2026-05-09 00:00 closed 2026-05-06 00:00");
  EXPECT_EQ(seen({{"begun", "2026-05-01 00:30"}}),
            "overdue from 2026-05-01 00:30 due 2026-05-07 00:00");
  EXPECT_EQ(seen({{"begun", "2026-04-30 23:30"}, {"begun", "2026-05-01 00:30"}}),
            "overdue from 2026-04-30 23:30 due 2026-05-11 00:00");
}

TEST(Clock, AStartThatNoVersionJudgesIsNotTakenUpLater) {
  // The first start is before the rule; what was said later does not reach back to it.
  const std::string rule = Rule(
      R"(start { is: "begun" } stop { is: "done" } limit { allow { calendar_days: 1 } }
         valid_from: "2026-05-01")");
  EXPECT_EQ(ClockAt(PictureOf({{"begun", "2026-04-28"}, {"begun", "2026-05-02"}}, BooksOf(rule)),
                    "2026-06-01"),
            "none");
}

TEST(Clock, TheScopeIsThatOfWhoWasAccountableAtTheStart) {
  const Books books = BooksOf(
      R"(rule { id: "R" scope: "agency:c" accountable: "asked" start { is: "referral_made" }
                stop { is: "referral_accepted" } limit { allow { calendar_days: 1 } } })");
  const auto seen = [&](const std::vector<Said>& said) {
    return ClockAt(PictureOf(said, books), "2026-06-01");
  };
  EXPECT_EQ(seen({Said("referral_made", "2026-04-01 10:00").To("c")}),
            "overdue from 2026-04-01 10:00 due 2026-04-03 00:00");
  // The second request goes to c, but the clock would have to begin with the first, which did not.
  EXPECT_EQ(seen({Said("referral_made", "2026-04-01 10:00").To("b"),
                  Said("referral_made", "2026-05-01 10:00").To("c")}),
            "none");
}

TEST(Clock, EachMatterHasItsOwnAndPerChildThereIsOne) {
  const std::vector<Said> said = {Said("begun", "2026-01-05").In("m1"),
                                  Said("done", "2026-01-06").In("m2"),
                                  Said("begun", "2026-01-06").In("m2")};
  EXPECT_EQ(Seen(kDay, said, "2026-01-09"),
            "overdue from 2026-01-05 00:00 due 2026-01-07 00:00; "
            "in_time from 2026-01-06 00:00 due 2026-01-08 00:00 closed 2026-01-06 00:00");
  EXPECT_EQ(Seen(absl::StrCat(kDay, R"( per: "child")"), said, "2026-01-09"),
            "in_time from 2026-01-05 00:00 due 2026-01-07 00:00 closed 2026-01-06 00:00");
}

// A long child is drawn with an index of its matters and clocks; one event more is not.
TEST(Clock, ALongChildIsDrawnAsItIsAdvanced) {
  const Books books = BooksOf(
      R"(rule { id: "P" accountable: "starter" start { is: "x" } stop { is: "y" }
                limit { allow { hours: 1 } } }
         rule { id: "Q" per: "child" accountable: "starter" start { is: "x" } start { is: "y" }
                stop { is: "z" } })");
  std::vector<Event> events;
  for (int i = 0; i < 600; ++i) {
    const int minute = i % 60, hour = i / 60;
    const std::string at = absl::StrFormat("2026-01-05 %02d:%02d", 9 + hour, minute);
    const char* what = i % 3 == 0 ? "x" : i % 3 == 1 ? "y" : "z";
    const std::vector<Event> one = EventsOf({Said(what, at).In(absl::StrCat("m", i * 7 % 200))});
    events.push_back(one[0]);
  }
  const Picture drawn = Draw(events, books);
  Picture advanced;
  advanced.books = books.publications();
  for (const Event& event : events) ASSERT_TRUE(Advance(event, books, advanced));
  EXPECT_EQ(drawn, advanced);
  EXPECT_EQ(drawn.matters.size(), 200);
  EXPECT_GT(drawn.duties.size(), 100);
}

// Of many events most duties are read once, in the end: that must not show, neither in which clocks
// there are nor in which order, whatever was settled when.
TEST(Clock, ManyOpenClocksAreDrawnAsTheyAreAdvanced) {
  const Books books = BooksOf(
      R"(rule { id: "E" opens: EACH accountable: "starter" start { is: "x" } stop { is: "y" }
                cancel { is: "w" } limit { allow { hours: 24 } } }
         rule { id: "N" opens: EACH accountable: "starter" start { is: "x" or { is: "z" } }
                stop { is: "never" } limit { allow { working_days: 2 } } }
         rule { id: "A" opens: AGAIN accountable: "starter" start { is: "x" unless { is: "w" } }
                stop { is: "z" } done_before: true limit { allow { weeks: 1 } } }
         rule { id: "D" per: "child" accountable: "starter" start { is: "w" } stop { is: "z" } }
         rule { id: "L" which: LAST accountable: "starter" start { is: "x" } stop { is: "y" } })");
  constexpr const char* kWhat[] = {"x", "x", "y", "x", "z", "x", "x", "w", "x", "y", "z"};
  std::vector<Event> events;
  for (int i = 0; i < 300; ++i) {
    const absl::CivilHour hour = absl::CivilHour(2026, 1, 5) + 7 * i;
    const std::string day = absl::FormatCivilTime(absl::CivilDay(hour));
    // Some are known to the day only.
    const std::string at =
        i % 13 == 0 ? day : absl::StrFormat("%s %02d:00", day, static_cast<int>(hour.hour()));
    const std::vector<Event> one =
        EventsOf({Said(kWhat[i % std::size(kWhat)], at).In(i % 5 == 0 ? "m" : "n").Id(at)});
    events.push_back(one[0]);
  }
  std::sort(events.begin(), events.end(),
            [](const Event& a, const Event& b) { return a.Order() < b.Order(); });
  Picture advanced;
  advanced.books = books.publications();
  for (size_t i = 0; i < events.size(); ++i) {
    ASSERT_TRUE(Advance(events[i], books, advanced));
    if (i % 50 != 49) continue;
    const Picture drawn = Draw(absl::MakeConstSpan(events).subspan(0, i + 1), books);
    ASSERT_TRUE(drawn == advanced) << i << "\n"
                                   << PictureText(drawn, books) << "--- and advanced ---\n"
                                   << PictureText(advanced, books);
  }
}

TEST(Clock, WhoIsAskedIsWhoeverTheOpenAskNames) {
  const Books books = BooksOf(R"(rule { id: "R" accountable: "asked" start { is: "referral_made" }
                        stop { is: "referral_accepted" } limit { allow { weeks: 1 } } })");
  const auto asked = [&](const std::vector<Said>& said) {
    const Picture picture = PictureOf(said, books);
    const Duty& duty = picture.duties.at(0);
    return AgencyAt("asked", picture, duty, duty.clocks.at(0), books);
  };
  const Said made = Said("referral_made", "2026-01-05 09:00").To("b");
  EXPECT_EQ(asked({made}), "b");
  EXPECT_EQ(asked({made, Said("referral_redirected", "2026-01-06 09:00").By("b").To("c")}), "c");
  EXPECT_EQ(asked({made, Said("referral_redirected", "2026-01-06 09:00").By("b").To("c"),
                   Said("referral_declined", "2026-01-07 09:00").By("c")}),
            "a");
}

TEST(Clock, AnAnswerIsByWhoeverWasAskedWhenItWasGiven) {
  const char rule[] = R"(start { is: "referral_made" by: "asker" }
                         stop { is: "referral_declined" by: "asked"
                                or { is: "referral_redirected" by: "asked" } }
                         limit { allow { weeks: 1 } })";
  const Said made = Said("referral_made", "2026-01-05 09:00").To("b");
  for (const char* answer : {"referral_declined", "referral_redirected"}) {
    EXPECT_EQ(Seen(rule, {made, Said(answer, "2026-01-06 09:00").By("b").To("c")}, "2026-01-09")
                  .substr(0, 7),
              "in_time")
        << answer;
    EXPECT_EQ(Seen(rule, {made, Said(answer, "2026-01-06 09:00").By("c").To("d")}, "2026-01-09")
                  .substr(0, 7),
              "running")
        << answer;
  }
}

TEST(Clock, InstantsAreKeptToTheMicrosecond) {
  // The store keeps microseconds; finer parts must not decide an order that a restart forgets.
  Said stop("done", "2026-01-05 09:00"), start("begun", "2026-01-05 09:00");
  stop.open.mutable_occurred()->mutable_instant()->set_nanos(300);
  start.open.mutable_occurred()->mutable_instant()->set_nanos(500);
  EXPECT_EQ(Seen(kDay, {stop, start}, "2026-01-09"),
            "in_time from 2026-01-05 09:00 due 2026-01-07 00:00 closed 2026-01-05 09:00");
}

}  // namespace
}  // namespace dolen::story
