// What the second model makes of each part of the rule model, beside the worked deadlines and the
// timelines: corrections, keys, patterns, pauses, exceptions, limits, parties, levels.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/engine/child/naive/told.h"

namespace dolen::second {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::string kFiveDays =
    R"(start { is: "s" } stop { is: "e" } limit { allow { working_days: 5 } } )";
const std::string kPause = R"(pause { begin { is: "clock_paused" } end { is: "clock_resumed" } })";

Timeline Tell(const std::string& fields, const std::vector<Told>& told,
              const std::string& until = "2026-04-20") {
  return Timeline(RuleOf("R", fields), told, until);
}

// --- corrections

TEST(Corrections, TheOnePublishedLastDecidesWhateverTheOrderOfArrival) {
  std::vector<Told> told = {Told("s", "2026-03-02"),
                            Correct("s", "2026-03-02", "2026-03-03", "2026-03-09"),
                            Correct("s", "2026-03-02", "2026-03-04", "2026-03-10")};
  EXPECT_EQ(Tell(kFiveDays, told).Last(), "2026-03-11");
  for (Told& one : told)
    one.recorded = At("2026-03-12") - absl::Seconds(one.recorded == At("2026-03-09 09:00"));
  EXPECT_EQ(Tell(kFiveDays, told).Last(), "2026-03-11");
}

TEST(Corrections, AVoidedCorrectionVoidsTheEventAndAReplacingOneTakesItBack) {
  Told again = Correct("s", "2026-03-02", "2026-03-03", "2026-03-09");
  Told voids = Correct("s", "2026-03-02", "", "2026-03-10");
  voids.open.mutable_corrects()->set_event_id(again.open.event_id());
  const std::vector<Told> voided = {Told("s", "2026-03-02"), again, voids};
  EXPECT_EQ(Tell(kFiveDays, voided).State(), "cancelled");
  std::vector<Told> back = voided;
  back.push_back(Correct("s", "2026-03-02", "2026-03-04", "2026-03-11"));
  EXPECT_EQ(Tell(kFiveDays, back).Last(), "2026-03-11");
}

TEST(Corrections, AnotherAgencysIsADispute) {
  const Timeline line = Tell(
      kFiveDays, {Told("s", "2026-03-02"), Correct("s", "2026-03-02", "", "2026-03-03").By("gp")});
  ASSERT_EQ(line.clocks(), 1);
  EXPECT_EQ(line.Last(), "2026-03-09");
}

TEST(Corrections, OneThatArrivesFirstReplacesAtOnceOrWaitsToVoid) {
  const Told replaces = Correct("s", "2026-03-02", "2026-03-03", "2026-03-04");
  const Timeline alone = Tell(kFiveDays, {replaces});
  EXPECT_EQ(alone.Last(), "2026-03-10");
  const Told voids = Correct("s", "2026-03-02", "", "2026-03-04");
  EXPECT_EQ(Tell(kFiveDays, {voids}).clocks(), 0);
  EXPECT_EQ(Tell(kFiveDays, {voids, Told("s", "2026-03-02").Recorded("2026-03-05")}).State(),
            "cancelled");
}

TEST(Corrections, ACircleHasOneRoot) {
  Told x = Correct("s", "2026-03-02", "2026-03-03", "2026-03-04");
  Told y = Correct("s", "2026-03-02", "2026-03-05", "2026-03-06");
  x.open.mutable_corrects()->set_event_id(y.open.event_id());
  y.open.mutable_corrects()->set_event_id(x.open.event_id());
  const Timeline line = Tell("opens: EACH " + kFiveDays, {x, y});
  ASSERT_EQ(line.clocks(), 1);
  EXPECT_EQ(line.Last(), "2026-03-12");
  EXPECT_EQ(line.clock(0).root, "council\n" + x.open.event_id());
}

TEST(Corrections, AnEventCorrectedIntoAnotherKindIsGone) {
  Told into = Correct("s", "2026-03-02", "2026-03-02", "2026-03-11");
  into.open.mutable_corrects()->set_milestone("t");
  const Timeline line = Tell(kFiveDays, {Told("s", "2026-03-02"), into});
  EXPECT_EQ(line.clocks(), 0);
  EXPECT_THAT(line.alerts, ElementsAre("R 2026-03-10", "W 2026-03-11"));
}

TEST(Corrections, OneMeetingToldByTwoIsOne) {
  const Timeline line = Tell("opens: EACH " + kFiveDays,
                             {Told("s", "2026-03-03").By("gp").Occasion("o"),
                              Told("s", "2026-03-02").Occasion("o"), Told("s", "2026-03-04")});
  ASSERT_EQ(line.clocks(), 2);
  EXPECT_EQ(line.Name(0), "R/standing/occasion\no");
  EXPECT_EQ(line.Last(0), "2026-03-09");
}

// --- keys

TEST(Keys, AnEventThatLacksAFieldCountsForAllAndMakesNone) {
  const std::string rule = R"(per: "matter" per: "placement" opens: EACH start { is: "visit" }
    stop { is: "visit" } cancel { is: "ended" } limit { allow { weeks: 6 } })";
  EXPECT_EQ(Tell(rule, {Told("visit", "2026-03-02")}).clocks(), 0);
  const Timeline line =
      Tell(rule, {Told("visit", "2026-03-02").Code("placement", "p"),
                  Told("visit", "2026-03-03").Code("placement", "q"), Told("visit", "2026-03-10"),
                  Told("ended", "2026-03-20").Code("placement", "p")});
  ASSERT_EQ(line.clocks(), 4);
  EXPECT_EQ(line.clock(0).key, "standing/p");
  EXPECT_EQ(line.State(0), "in_time");
  EXPECT_EQ(line.State(1), "cancelled");
  EXPECT_EQ(line.clock(2).key, "standing/q");
  EXPECT_EQ(line.State(2), "in_time");
  EXPECT_EQ(line.State(3), "running");
}

TEST(Keys, MattersAreNamedSoThatNoTwoMeet) {
  Told said = Told("s", "2026-03-02").In("1:2");
  said.open.mutable_matter()->set_agency("a%:b");
  EXPECT_EQ(Tell(kFiveDays, {said}).Name(), "R/a%25%3Ab:1:2");
}

TEST(Keys, AThreadIsNamedByItsBeginningAndACircleByItsSmallest) {
  const std::string rule = "per: \"thread\" " + kFiveDays;
  EXPECT_EQ(Tell(rule, {Told("s", "2026-03-02").In("3").After("2")}).Name(), "R/gp:2")
      << "even if nothing of it has arrived";
  EXPECT_EQ(Tell(rule, {Told("s", "2026-03-02").In("3").After("2"),
                        Told("t", "2026-03-02").In("2").After("3")})
                .Name(),
            "R/gp:2");
}

TEST(Keys, OfTheAgencyThatPublishes) {
  const Timeline line = Tell("per: \"agency\" " + kFiveDays,
                             {Told("s", "2026-03-02"), Told("s", "2026-03-03").By("gp"),
                              Told("e", "2026-03-04").By("gp")});
  ASSERT_EQ(line.clocks(), 2);
  EXPECT_EQ(line.Name(0), "R/council");
  EXPECT_EQ(line.State(0), "overdue");
  EXPECT_EQ(line.State(1), "in_time");
}

// --- patterns

TEST(Patterns, W_LAC_VISIT_N_GoesOverToThreeMonthsAfterAYear) {
  const std::string rule = R"(opens: EACH start { is: "visit" } stop { is: "visit" } several: LATEST
    limit { allow { weeks: 6 } }
    limit { when { given { is: "placed" where { field: "to_18" is: "yes" } ago { months: 12 } } }
            allow { months: 3 } })";
  const Timeline line = Tell(rule, {Told("placed", "2025-03-10").Code("to_18", "yes"),
                                    Told("visit", "2026-03-09"), Told("visit", "2026-03-10")});
  EXPECT_EQ(line.Last(0), "2026-04-20");
  EXPECT_EQ(line.Last(1), "2026-06-10");
}

TEST(Patterns, W_LAC_VISIT_TEMP_ChangesWithTheFirstReview) {
  const std::string weekly = RuleOf("A", R"(opens: EACH
    start { is: "placed" unless { is: "review" } or { is: "visit" unless { is: "review" } } }
    stop { is: "visit" } cancel { is: "review" } limit { allow { weeks: 1 } })");
  const std::string monthly = RuleOf("B", R"(opens: EACH
    start { is: "review" unless { is: "review" } or { is: "visit" given { is: "review" } } }
    stop { is: "visit" } cancel { is: "placement_ended" } limit { allow { weeks: 4 } })");
  const Timeline line(
      weekly + monthly,
      {Told("placed", "2026-03-02"), Told("visit", "2026-03-06"), Told("review", "2026-03-10"),
       Told("visit", "2026-03-12"), Told("review", "2026-03-20")},
      "2026-04-01");
  ASSERT_EQ(line.clocks(), 4);
  EXPECT_EQ(line.State(0), "in_time");
  EXPECT_EQ(line.State(1), "cancelled");
  EXPECT_EQ(line.State(2), "in_time");
  EXPECT_EQ(line.Last(3), "2026-04-09");
}

TEST(Patterns, AnAgeIsReachedWhenTheMonthOfBirthHasEnded) {
  const std::string rule = R"(opens: EACH start { is: "s" } stop { is: "e" }
    limit { when { where { field: "age" below: 5 } } allow { months: 6 } }
    limit { when { unless { is: "s" } } allow { months: 12 } } several: LATEST)";
  const std::vector<Told> told = {Told("s", "2025-03-31"), Told("s", "2026-03-31"),
                                  Told("s", "2026-04-01"), Told("t", "2026-04-02").Born("2021-03")};
  const Timeline line = Tell(rule, told);
  EXPECT_EQ(line.Last(0), "2026-03-31") << "the later of both";
  EXPECT_EQ(line.Last(1), "2026-09-30") << "still four";
  EXPECT_EQ(line.State(2), "standing") << "five, and no limit speaks";
}

TEST(Patterns, W_POT_NOTIFY_IsLongerOutOfHours) {
  const std::string book =
      R"(calendar { id: "office" authority: "W1" from: "2026-01-01" to: "2026-12-31"
      opens: "09:00" closes: "17:00" closed { from: "2026-04-03" to: "2026-04-06" } }
    agency { id: "employer" authority: "W1" })" +
      RuleOf(
          "R",
          R"(opens: EACH accountable: "agency:employer" start { is: "allegation" } several: LATEST
        limit { allow { hours: 24 } }
        limit { when { where { field: "hours" is: "out" } } allow { working_days: 1 } })");
  const Timeline line(
      book,
      {Told("allegation", "2026-04-02 16:59"), Told("allegation", "2026-04-02 17:00"),
       Told("allegation", "2026-04-03 12:00")},
      "2026-04-08");
  EXPECT_EQ(line.Due(0), "2026-04-03 16:59");
  EXPECT_EQ(line.Due(1), "2026-04-08 00:00");
  EXPECT_EQ(line.Due(2), "2026-04-08 00:00");
}

TEST(Patterns, AStopOnTheDayOfTheStartIsNotBeforeIt) {
  EXPECT_EQ(Tell(kFiveDays, {Told("s", "2026-03-02 15:00"), Told("e", "2026-03-02")}).State(),
            "in_time");
  EXPECT_EQ(Tell(kFiveDays, {Told("s", "2026-03-02 15:00"), Told("e", "2026-03-02 14:59")}).State(),
            "overdue");
}

TEST(Patterns, AgainOpensAfterTheClose) {
  const Timeline line =
      Tell("opens: AGAIN " + kFiveDays,
           {Told("s", "2026-03-02"), Told("e", "2026-03-04"), Told("s", "2026-03-04"),
            Told("s", "2026-03-05"), Told("s", "2026-03-06")});
  ASSERT_EQ(line.clocks(), 2);
  EXPECT_EQ(line.Name(0), "R/standing");
  EXPECT_EQ(line.Name(1), "R/standing/council\ne 2026-03-04");
  EXPECT_EQ(line.clock(1).start.from, At("2026-03-05"));
}

TEST(Patterns, AtTheInstantOfTheCloseNothingOpensAndTheStopWins) {
  const std::string rule = "opens: AGAIN cancel { is: \"c\" } " + kFiveDays;
  const Timeline line = Tell(rule, {Told("s", "2026-03-02 09:00"), Told("c", "2026-03-04 10:00"),
                                    Told("e", "2026-03-04 10:00"), Told("s", "2026-03-04 10:00")});
  ASSERT_EQ(line.clocks(), 1);
  EXPECT_EQ(line.State(), "in_time");
  EXPECT_EQ(
      Tell(rule, {Told("s", "2026-03-02"), Told("e", "2026-03-04 12:00"), Told("c", "2026-03-04")})
          .State(),
      "in_time")
      << "precision cannot tell which came first";
  EXPECT_EQ(Tell(rule, {Told("s", "2026-03-02"), Told("e", "2026-03-04 12:00"),
                        Told("c", "2026-03-04 11:59")})
                .State(),
            "cancelled");
}

TEST(Patterns, FallingDueIsAMomentOfItsKeyUnlessItIsExcused) {
  const std::string rules =
      RuleOf("R", kFiveDays + R"(exception_by: "agency:council")") +
      RuleOf("S", R"(start { overdue: "R" } accountable: "asker" stop { is: "chased" })");
  const Timeline line(rules,
                      {Told("s", "2026-03-02").In("1"), Told("t", "2026-03-02").In("2"),
                       Told("s", "2026-03-02").In("3").By("gp"),
                       Told("exception_authorised", "2026-03-04").In("3")},
                      "2026-03-20");
  ASSERT_EQ(line.clocks(), 3);
  EXPECT_EQ(line.Name(2), "S/gp:1");
}

TEST(Patterns, AVersionJudgesItsDaysAndItsNation) {
  const std::string pattern = R"(start { is: "s" } accountable: "starter" )";
  const std::string book =
      RuleOf("R", pattern + "limit { allow { calendar_days: 3 } }") +
      RuleOf("R", pattern + "scope: \"nation:scotland\" limit { allow { calendar_days: 5 } }");
  EXPECT_EQ(Timeline(book, {Told("s", "2026-03-02")}, "2026-03-03").Last(), "2026-03-05");
  EXPECT_EQ(Timeline(book, {Told("s", "2026-03-02").By("scots")}, "2026-03-03").Last(),
            "2026-03-07");
}

// --- pauses

TEST(Pauses, EndForTheSameReasonOrForAll) {
  const std::vector<Told> told = {Told("s", "2026-03-02"),
                                  Told("clock_paused", "2026-03-03").Reason("ill"),
                                  Told("clock_resumed", "2026-03-05").Reason("away")};
  EXPECT_EQ(Tell(kFiveDays + kPause, told, "2026-03-20").Last(), "never");
  EXPECT_EQ(Tell(kFiveDays + kPause, told, "2026-03-20").State(), "paused");
  std::vector<Told> ended = told;
  ended.push_back(Told("clock_resumed", "2026-03-06"));
  EXPECT_EQ(Tell(kFiveDays + kPause, ended, "2026-03-20").Last(), "2026-03-12");
}

TEST(Pauses, HoldForTheCausesOfTheirClauseOnlyAndUntilTheirEnd) {
  const std::string rule = kFiveDays + R"(pause { begin { is: "clock_paused" } cause: "ill" })";
  EXPECT_EQ(Tell(rule, {Told("s", "2026-03-02"), Told("clock_paused", "2026-03-03").Reason("away")})
                .Last(),
            "2026-03-09");
  EXPECT_EQ(Tell(rule, {Told("s", "2026-03-02"),
                        Told("clock_paused", "2026-03-03").Reason("ill").Until("2026-03-04")})
                .Last(),
            "2026-03-11");
}

TEST(Pauses, ACapIsForAllPausesOfAClause) {
  const std::string rule = R"(start { is: "s" } stop { is: "e" } limit { allow { hours: 24 } }
    pause { begin { is: "clock_paused" } end { is: "clock_resumed" } cap { hours: 5 } })";
  const Timeline line =
      Tell(rule,
           {Told("s", "2026-03-02 08:00"), Told("clock_paused", "2026-03-02 10:00"),
            Told("clock_resumed", "2026-03-02 13:00"), Told("clock_paused", "2026-03-02 14:00")},
           "2026-03-03 12:00");
  EXPECT_EQ(line.Due(), "2026-03-03 13:00");
  EXPECT_EQ(line.StateOn("2026-03-02 10:00"), "paused");
  EXPECT_EQ(line.StateOn("2026-03-02 13:00"), "running");
  EXPECT_EQ(line.StateOn("2026-03-02 15:59"), "paused");
  EXPECT_EQ(line.StateOn("2026-03-02 16:00"), "running") << "used up";
}

TEST(Pauses, MoveMonthsOnByADayForEachDay) {
  const std::string rule = R"(start { is: "s" } limit { allow { months: 1 } } )" + kPause;
  EXPECT_EQ(Tell(rule,
                 {Told("s", "2026-01-31"), Told("clock_paused", "2026-02-20"),
                  Told("clock_resumed", "2026-03-02 12:00")},
                 "2026-03-03")
                .Last(),
            "2026-03-10")
      << "ten days, the last of them an added one";
}

TEST(Pauses, AreTheTimeOfTheirOwner) {
  const std::string rule = R"(start { is: "s" } limit { allow { hours: 240 } }
    pause { begin { is: "clock_paused" } end { is: "clock_resumed" } owner: "starter" })";
  Timeline line =
      Tell(rule,
           {Told("s", "2026-03-02 08:00").By("gp"), Told("clock_paused", "2026-03-02 10:00"),
            Told("clock_resumed", "2026-03-02 13:00"),
            Told("clock_paused", "2026-03-02 20:00").Owner("family")},
           "2026-03-03 08:00");
  EXPECT_EQ(line.Shares()["gp"], absl::Hours(3));
  EXPECT_EQ(line.Shares()["family"], absl::Hours(12));
  EXPECT_EQ(line.Shares()["council"], absl::Hours(9));
}

TEST(Pauses, OfTheDayOfTheStartAreCountedFromTheStart) {
  const std::string rule = R"(start { is: "s" } limit { allow { working_days: 3 }
    start_day_is_one: true } pause { begin { is: "clock_paused" } owner: "family" })";
  Timeline line = Tell(
      rule,
      {Told("s", "2026-03-02 10:00"), Told("clock_paused", "2026-03-02 12:00").Until("2026-03-02")},
      "2026-03-04");
  EXPECT_EQ(line.Last(), "2026-03-05");
  EXPECT_EQ(line.Shares()["family"], absl::Hours(12)) << "while the clock stood";
  EXPECT_EQ(line.Shares()["council"], absl::Hours(26));
}

// --- exceptions

TEST(Exceptions, CountByWhoMayAuthoriseThemAndForTheirRule) {
  const std::string rule = kFiveDays + R"(exception_by: "role:head")";
  const auto with = [&](Told exception) {
    return Tell(rule, {Told("s", "2026-03-02"), exception}).State();
  };
  EXPECT_EQ(with(Told("exception_authorised", "2026-03-04")), "overdue");
  EXPECT_EQ(with(Told("exception_authorised", "2026-03-04").Role("head")), "excused");
  Told other = Told("exception_authorised", "2026-03-04").Role("head");
  other.open.set_rule("S");
  EXPECT_EQ(with(other), "overdue");
  EXPECT_EQ(Tell(kFiveDays, {Told("s", "2026-03-02"), Told("exception_authorised", "2026-03-04")})
                .State(),
            "overdue");
}

TEST(Exceptions, AfterDueSilenceWhatBecomesTrueLater) {
  const std::string rule = kFiveDays + R"(exception_by: "agency:council"
    level { name: "chief" offset { calendar_days: 2 } }
    level { name: "board" offset { calendar_days: 7 } })";
  const Timeline line =
      Tell(rule, {Told("s", "2026-03-02"), Told("exception_authorised", "2026-03-13")});
  EXPECT_THAT(line.alerts, ElementsAre("R overdue 2026-03-10", "E chief 2026-03-12"));
  EXPECT_EQ(line.State(), "overdue");
}

TEST(Exceptions, AtTheInstantOfDueAreTooLate) {
  const std::string rule = kFiveDays + R"(exception_by: "agency:council")";
  EXPECT_EQ(
      Tell(rule, {Told("s", "2026-03-02"), Told("exception_authorised", "2026-03-10")}).State(),
      "overdue");
  EXPECT_THAT(
      Tell(rule, {Told("s", "2026-03-02"), Told("exception_authorised", "2026-03-10 00:00")})
          .alerts,
      IsEmpty())
      << "what becomes true at that instant is silent";
}

// --- limits

TEST(Limits, W_MISS_DEF_TheEarliestOfSixHoursAndMidnight) {
  const std::string rule = R"(opens: EACH start { is: "absent" } limit { allow { hours: 6 } }
                              limit { allow { calendar_days: 0 } })";
  const Timeline line =
      Tell(rule, {Told("absent", "2026-03-02 12:00"), Told("absent", "2026-03-02 20:00")});
  EXPECT_EQ(line.Due(0), "2026-03-02 18:00");
  EXPECT_EQ(line.Due(1), "2026-03-03 00:00");
}

TEST(Limits, W_EPO_AnExtensionCountsIfItCameBeforeTheEnd) {
  const std::string rule =
      R"(start { is: "order" } several: LATEST limit { allow { calendar_days: 7 } }
    limit { from { event { is: "extended" } field: "ends" } allow { calendar_days: 0 } })";
  EXPECT_EQ(Tell(rule, {Told("order", "2026-03-02"),
                        Told("extended", "2026-03-09").States("ends", "2026-03-16")})
                .Last(),
            "2026-03-16");
  EXPECT_EQ(Tell(rule, {Told("order", "2026-03-02"),
                        Told("extended", "2026-03-10").States("ends", "2026-03-16")})
                .Last(),
            "2026-03-09");
}

TEST(Limits, W_DISCHARGE_IsDueAtAnEventThatMayNotCome) {
  const std::string rule = R"(start { is: "concern" } stop { is: "plan_agreed" }
                              limit { from { event { is: "discharged" } } allow { hours: 0 } })";
  EXPECT_EQ(Tell(rule, {Told("concern", "2026-03-02")}).State(), "standing");
  const std::vector<Told> told = {Told("concern", "2026-03-02"),
                                  Told("discharged", "2026-03-05 12:00"),
                                  Told("plan_agreed", "2026-03-05 12:00")};
  EXPECT_EQ(Tell(rule, told).State(), "late");
}

TEST(Limits, W_TRANSITION_FromTheMonthOfBirth) {
  const std::string rule = R"(per: "child" start { is: "registered" }
                              limit { from { field: "birth_month" } allow { years: 13 } })";
  EXPECT_EQ(Tell(rule, {Told("registered", "2026-03-02").Born("2013-02")}).Last(), "2026-02-28");
  EXPECT_EQ(Tell(rule, {Told("registered", "2026-03-02").Born("2013-02")}).Breached(),
            "2026-03-02 00:00")
      << "due before the start: overdue from the start";
}

TEST(Limits, ADayBeyondTheCalendarIsNeverGuessed) {
  const std::string book =
      R"(calendar { id: "terms" school: true from: "2026-01-05" to: "2026-03-27" })" +
      RuleOf("R", R"(start { is: "s" } stop { is: "e" } limit { allow { school_days: 3 } })");
  EXPECT_EQ(Timeline(book, {Told("s", "2026-03-24")}, "2026-03-25").Last(), "2026-03-27");
  const Timeline beyond(book, {Told("s", "2026-03-25")}, "2026-04-20");
  EXPECT_EQ(beyond.State(), "no_calendar");
  EXPECT_THAT(beyond.alerts, IsEmpty());
  EXPECT_EQ(
      Timeline(book, {Told("s", "2026-03-25"), Told("e", "2026-03-26")}, "2026-04-20").State(),
      "no_calendar");
}

// --- parties

TEST(Parties, AreWhoLastHadTheRoleOrKindInTheMatterElseInTheChild) {
  const std::string rule = R"(start { is: "s" } accountable: "role:chair")";
  EXPECT_EQ(Tell(rule, {Told("s", "2026-03-02").In("1")}).clock(0).accountable, "role:chair");
  EXPECT_EQ(
      Tell(rule, {Told("s", "2026-03-02").In("1"), Told("t", "2026-03-03").By("gp").Role("chair")})
          .clock(0)
          .accountable,
      "gp");
  EXPECT_EQ(
      Tell(rule, {Told("s", "2026-03-02").In("1"), Told("t", "2026-03-03").By("gp").Role("chair"),
                  Told("t", "2026-03-01").In("1").By("school").Role("chair")})
          .clock(0)
          .accountable,
      "school");
  EXPECT_EQ(Tell(R"(start { is: "s" } accountable: "kind:school")",
                 {Told("s", "2026-03-02").In("1"),
                  Told("referral_made", "2026-03-03").In("1").To("school")})
                .clock(0)
                .accountable,
            "school");
}

// --- levels

TEST(Levels, DueSoonIsClearedByDueAndLaterOnesEscalate) {
  const std::string rule = kFiveDays + R"(level { name: "due_soon" offset { working_days: -1 } }
                                          level { name: "chief" offset { hours: 30 } })";
  const Timeline line = Tell(rule, {Told("s", "2026-03-02"), Told("e", "2026-03-12")});
  EXPECT_THAT(line.alerts, ElementsAre("R due_soon 2026-03-07", "C due_soon 2026-03-10",
                                       "R overdue 2026-03-10", "E chief 2026-03-11 06:00",
                                       "C chief 2026-03-12", "C overdue 2026-03-12"));
}

TEST(Levels, AreClearedByAStopAtTheirOwnInstantAndAmendedByAnotherStart) {
  EXPECT_THAT(Tell(kFiveDays,
                   {Told("s", "2026-03-02"), Told("e", "2026-03-10 00:00").Recorded("2026-03-12")})
                  .alerts,
              ElementsAre("R 2026-03-10", "C 2026-03-12"));
  const std::string rule = R"(start { is: "s" } stop { is: "e" }
    limit { from { field: "by" } allow { calendar_days: 0 } })";
  EXPECT_THAT(
      Tell(rule, {Told("s", "2026-03-10").States("by", "2026-03-01"),
                  Told("s", "2026-03-05").States("by", "2026-03-01").Recorded("2026-03-12")})
          .alerts,
      ElementsAre("R 2026-03-10", "A 2026-03-12"))
      << "due as before, overdue since the new start";
}

TEST(Levels, OfATargetHoldUntilTheClose) {
  const std::string rule =
      R"(start { is: "s" } stop { is: "e" } target { allow { calendar_days: 1 } }
                              level { name: "wished" of_target: true })";
  const Timeline line = Tell(rule, {Told("s", "2026-03-02"), Told("e", "2026-03-12")});
  EXPECT_EQ(line.State(), "done");
  EXPECT_THAT(line.alerts, ElementsAre("R wished 2026-03-04", "C wished 2026-03-12"));
}

}  // namespace
}  // namespace dolen::second
