// What generated histories found (purity_test.cc), each as a small story. Every history is drawn in
// every order of arrival.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "absl/strings/str_cat.h"
#include "engine/child/minutes.h"
#include "tests/engine/child/story.h"

namespace dolen::story {
namespace {

using testing::ElementsAre;

std::string RuleOf(absl::string_view id, absl::string_view fields) {
  return absl::StrCat("rule { id: \"", id, R"(" level { name: "overdue" } )", fields, " }\n");
}

// As ClockAt, of the clocks of one rule.
std::string Seen(const std::vector<Said>& said, absl::string_view rules, absl::string_view rule,
                 absl::string_view at) {
  const Books books = BooksOf(rules);
  Picture picture = PictureOf(said, books);
  for (Duty& duty : picture.duties) {
    if (books.families()[duty.family].id != rule) duty.clocks.clear();
  }
  return ClockAt(picture, at);
}

std::map<std::string, int64_t> HoursOf(const std::vector<Said>& said, absl::string_view rules,
                                       absl::string_view until) {
  const Books books = BooksOf(rules);
  const Picture picture = PictureOf(said, books);
  std::map<std::string, int64_t> hours;
  ForEachClock(picture, [&](const Duty& duty, const Clock& clock) {
    for (const auto& [who, time] : MinutesOf(SharesOf(picture, duty, clock, books, At(until)))) {
      hours[who] += time / absl::Hours(1);
    }
  });
  return hours;
}

const char kChase[] = R"(opens: EACH start { overdue: "R" } cancel { is: "dropped" }
                         accountable: "agency:a")";

// It had been cancelled long ago, and so taken for settled, when the start moved on.
TEST(Found, AClockThatAnothersBreachStartedMovesWithTheBreach) {
  const std::string rules =
      absl::StrCat(RuleOf("R", R"(which: LAST start { is: "begun" } stop { is: "done" }
                                  limit { allow { calendar_days: 2 } } accountable: "agency:a")"),
                   RuleOf("S", kChase));
  std::vector<Said> said = {{"begun", "2026-01-05"}, {"dropped", "2026-01-09 09:00"}};
  EXPECT_EQ(Seen(said, rules, "S", "2026-03-01"),
            "cancelled from 2026-01-08 00:00 closed 2026-01-09 09:00");
  said.emplace_back("dropped", "2026-01-20 09:00");
  said.emplace_back("begun", "2026-02-02");
  EXPECT_EQ(Seen(said, rules, "S", "2026-03-01"), "standing from 2026-02-05 00:00");
  said.emplace_back("dropped", "2026-02-06 09:00");
  EXPECT_EQ(Seen(said, rules, "S", "2026-03-01"),
            "cancelled from 2026-02-05 00:00 closed 2026-02-06 09:00");
}

// The base of a limit may come late and lie long ago.
TEST(Found, ABreachThatAStatedDateMovesBackStartsItsClockThen) {
  const std::string rules = absl::StrCat(RuleOf("R", R"(start { is: "begun" } stop { is: "done" }
                                  limit { allow { calendar_days: 60 } }
                                  limit { from { event { is: "set" } field: "by" }
                                          allow { calendar_days: 0 } } accountable: "agency:a")"),
                                         RuleOf("S", R"(start { overdue: "R" } stop { is: "chased" }
                                  accountable: "agency:a")"));
  const std::vector<Said> said = {{"begun", "2026-01-05"},
                                  {"chased", "2026-01-20 09:00"},
                                  {"chased", "2026-01-30 09:00"},
                                  Said("set", "2026-02-10").Stated("by", "2026-01-15")};
  EXPECT_EQ(Seen(said, rules, "S", "2026-03-01"),
            "done from 2026-01-16 00:00 closed 2026-01-20 09:00");
}

// The watched duty may be made late, of what was seen under keys of which a part is missing.
TEST(Found, ABreachOfAKeyThatIsNamedLateCountsFromThen) {
  const std::string rules = absl::StrCat(
      RuleOf("R", R"(per: "placement" start { is: "begun" } stop { is: "done" }
                     limit { allow { calendar_days: 2 } } accountable: "agency:a")"),
      RuleOf("S", R"(per: "placement" opens: AGAIN start { overdue: "R" or { is: "asked" } }
                     stop { is: "chased" } accountable: "agency:a")"));
  const std::vector<Said> said = {{"begun", "2026-01-05"},
                                  Said("asked", "2026-01-10 09:00").Code("placement", "p"),
                                  Said("chased", "2026-01-12 09:00").Code("placement", "p"),
                                  Said("chased", "2026-01-20 09:00").Code("placement", "p"),
                                  Said("done", "2026-01-25 09:00").Code("placement", "p")};
  EXPECT_EQ(Seen(said, rules, "S", "2026-03-01"),
            "done from 2026-01-08 00:00 closed 2026-01-12 09:00");
}

// It was asked for no field at all, so that a limit for young children never spoke.
TEST(Found, AClockThatABreachStartsKnowsTheChildsAgeThen) {
  const std::string rules = absl::StrCat(RuleOf("R", R"(start { is: "begun" } stop { is: "done" }
                                  limit { allow { calendar_days: 2 } } accountable: "agency:a")"),
                                         RuleOf("S", R"(start { overdue: "R" } stop { is: "chased" }
                                  limit { when { where { field: "age" below: 5 } }
                                          allow { calendar_days: 1 } }
                                  limit { when { where { field: "service_type" is: "camhs" } }
                                          allow { hours: 1 } }
                                  accountable: "agency:a")"));
  std::vector<Said> said = {{"begun", "2026-01-05"}};
  said[0].open.set_birth_month("2022-06");
  EXPECT_EQ(Seen(said, rules, "S", "2026-01-08 12:00"),
            "running from 2026-01-08 00:00 due 2026-01-10 00:00");
  said[0].open.set_birth_month("2012-06");
  EXPECT_EQ(Seen(said, rules, "S", "2026-01-08 12:00"), "standing from 2026-01-08 00:00");
}

TEST(Found, OfBreachesOfOneInstantTheOneOfTheEarlierClockComesFirst) {
  const std::string rules =
      absl::StrCat(RuleOf("R", R"(per: "child" opens: EACH start { is: "begun" } stop { is: "done" }
                     limit { allow { calendar_days: 2 } } accountable: "agency:a")"),
                   RuleOf("S", R"(per: "child" start { overdue: "R" } stop { is: "chased" }
                     accountable: "asked")"));
  const Books books = BooksOf(rules);
  // Whatever the hash of their names.
  for (int i = 0; i < 8; ++i) {
    const std::string id = absl::StrCat(i);
    const Picture picture =
        PictureOf({Said("begun", "2026-01-05 10:00").In("later").Id(absl::StrCat("l", id)),
                   Said("begun", "2026-01-05 09:00").In("earlier").Id(absl::StrCat("e", id))},
                  books);
    ForEachClock(picture, [&](const Duty& duty, const Clock& clock) {
      if (books.families()[duty.family].id != "S") return;
      EXPECT_EQ(picture.matters[clock.matter].id, "earlier");
    });
  }
}

// That the earlier one had come was known from the event without a placement.
TEST(Found, AKeyIsThereOnceAnEventNamesItThatFitsAnyPattern) {
  EXPECT_EQ(Seen({{"begun", "2026-01-05"}, Said("begun", "2026-01-07").Code("placement", "p")},
                 RuleOf("R", R"(per: "placement" opens: EACH
                                start { is: "begun" unless { is: "begun" } } stop { is: "done" }
                                accountable: "agency:a")"),
                 "R", "2026-01-09"),
            "standing from 2026-01-05 00:00");
}

// The event that pauses may belong to another matter than the clock.
TEST(Found, TheOwnerOfAPauseIsAPartyOfTheClocksMatterAtEachMinute) {
  EXPECT_EQ(HoursOf({Said("referral_made", "2026-01-05 00:00").To("b").In("m"),
                     Said("clock_paused", "2026-01-06 00:00").In("n"),
                     Said("referral_redirected", "2026-01-07 00:00").By("b").To("c").In("m"),
                     Said("clock_resumed", "2026-01-09 00:00").In("n"),
                     Said("done", "2026-01-10 00:00").In("m")},
                    RuleOf("R", R"(per: "child" start { is: "referral_made" } stop { is: "done" }
                             pause { begin { is: "clock_paused" } end { is: "clock_resumed" }
                                     owner: "asked" } accountable: "agency:a")"),
                    "2026-02-01"),
            (std::map<std::string, int64_t>{{"a", 48}, {"b", 24}, {"c", 48}}));
}

// By London's summer time the day began before the instant, by UTC, as the order has it, after it.
TEST(Found, WhoActsOnADayActsFromItsBeginAlsoIfSheActsAtAnInstantOfIt) {
  EXPECT_EQ(HoursOf({Said("begun", "2026-06-01 00:00").Role("chair").By("b"),
                     Said("noted", "2026-06-02 00:30").Role("chair").By("c"),
                     Said("noted", "2026-06-02").Role("chair").By("c")},
                    RuleOf("R", R"(start { is: "begun" } stop { is: "done" }
                                   accountable: "role:chair")"),
                    "2026-06-03 00:00"),
            (std::map<std::string, int64_t>{{"b", 24}, {"c", 24}}));
}

TEST(Found, OfAThreadTheMatterCountsInWhichSomebodyWasAskedLast) {
  const std::string rule = RuleOf(
      "R",
      R"(per: "thread" start { is: "referral_made" } stop { is: "done" } accountable: "asked")");
  // A late answer in the first matter says nothing about who is asked in the second.
  EXPECT_EQ(HoursOf({Said("referral_made", "2026-01-05 00:00").To("b").In("m"),
                     Said("referral_made", "2026-01-06 00:00").To("c").In("n").Continues("m"),
                     Said("referral_declined", "2026-01-07 00:00").By("b").In("m")},
                    rule, "2026-01-08 00:00"),
            (std::map<std::string, int64_t>{{"b", 24}, {"c", 48}}));
  // To redirect is to ask.
  EXPECT_EQ(
      HoursOf(
          {Said("referral_made", "2026-01-05 00:00").To("b").In("m"),
           Said("referral_redirected", "2026-01-06 00:00").By("b").To("c").In("n").Continues("m")},
          rule, "2026-01-07 00:00"),
      (std::map<std::string, int64_t>{{"b", 24}, {"c", 24}}));
}

// The clock that a voided event started was taken for settled at once.
TEST(Found, AVoidedStartLeavesNoGhostWhereTheStartMovedOn) {
  const std::string versions = absl::StrCat(
      RuleOf("R", R"(valid_to: "2026-01-08" which: LAST start { is: "begun" } stop { is: "done" }
                     accountable: "agency:a")"),
      RuleOf("R", R"(valid_from: "2026-01-08" start { is: "never" } stop { is: "done" }
                     accountable: "agency:a")"));
  std::vector<Said> said = {{"begun", "2026-01-05"}, Said::Voiding("begun@2026-01-05")};
  EXPECT_EQ(Seen(said, versions, "R", "2026-02-01"), "cancelled from 2026-01-05 00:00");
  said.emplace_back("begun", "2026-01-20");  // that no version judges
  EXPECT_EQ(Seen(said, versions, "R", "2026-02-01"), "none");
}

TEST(Found, ABudgetCountsTheDaysThatAnotherVersionJudged) {
  const std::string fields = R"(opens: EACH start { is: "in" } stop { is: "out" }
      limit { allow { calendar_days: 5 } within { calendar_days: 20 } } accountable: "agency:a")";
  // Three nights in all, then two more.
  EXPECT_EQ(
      Seen({{"in", "2026-01-05 12:00"}, {"out", "2026-01-08 12:00"}, {"in", "2026-01-10 12:00"}},
           absl::StrCat(RuleOf("R", absl::StrCat(R"(valid_to: "2026-01-09" )", fields)),
                        RuleOf("R", absl::StrCat(R"(valid_from: "2026-01-09" )", fields))),
           "R", "2026-01-10 13:00"),
      "in_time from 2026-01-05 12:00 due 2026-01-10 00:00 closed 2026-01-08 12:00; "
      "running from 2026-01-10 12:00 due 2026-01-12 00:00");
}

TEST(Found, ABudgetIsLookedAtFromTheStartsDayOnWhateverItsLimitCountsFrom) {
  const std::string rule = RuleOf("R", R"(opens: EACH start { is: "in" } stop { is: "out" }
                     limit { from { event { is: "set" } field: "by" } allow { calendar_days: 5 }
                             within { calendar_days: 20 } } accountable: "agency:a")");
  std::vector<Said> said = {{"in", "2026-01-05 12:00"}};
  EXPECT_EQ(Seen(said, rule, "R", "2026-01-06"), "standing from 2026-01-05 12:00");
  said.push_back(Said("set", "2026-01-06 12:00").Stated("by", "2026-02-10"));
  EXPECT_EQ(Seen(said, rule, "R", "2026-01-07"),
            "running from 2026-01-05 12:00 due 2026-01-10 00:00");
}

TEST(Found, EventsOfSeveralKindsThatShareAnOccasionStartOneClock) {
  EXPECT_EQ(Seen({Said("met", "2026-01-05 09:00").Occasion("o"),
                  Said("seen", "2026-01-07 09:00").Occasion("o"),
                  {"seen", "2026-01-09 09:00"}},
                 RuleOf("R", R"(opens: EACH start { is: "met" or { is: "seen" } }
                                stop { is: "done" } accountable: "agency:a")"),
                 "R", "2026-02-01"),
            "standing from 2026-01-05 09:00; standing from 2026-01-09 09:00");
}

// It was forgotten once the first clock that it closed was settled.
TEST(Found, WhatWasDoneBeforeClosesEachClockThatStartsLater) {
  EXPECT_EQ(Seen({{"done", "2026-01-02 09:00"},
                  {"begun", "2026-01-05 09:00"},
                  {"other", "2026-01-12 09:00"},
                  {"begun", "2026-01-20 09:00"}},
                 RuleOf("R", R"(opens: EACH start { is: "begun" } stop { is: "done" }
                                done_before: true accountable: "agency:a")"),
                 "R", "2026-02-01"),
            "done from 2026-01-05 09:00 closed 2026-01-05 09:00; "
            "done from 2026-01-20 09:00 closed 2026-01-20 09:00");
}

}  // namespace
}  // namespace dolen::story
