// Every worked deadline of the domain reference (its section 8, X01 to X31), asked of the engine
// and of the second model with the books that Dolen ships; each test has the number and the source
// in its name. Where a row asks for what no shipped book says (a cut-off, weekends only), a rule of
// worked_books.cc says it, and the source is the row itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "deploy/program/book_case.h"
#include "engine/child/clock.h"
#include "engine/child/picture.h"
#include "tests/deploy/worked_books.h"
#include "tests/engine/calendar/uk.h"
#include "tests/engine/child/story.h"

namespace dolen {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// --- the table

struct Worked {
  const char* number;
  const char* what;
  // Title and paragraph of the rule's source in its book; empty: the row is its own source.
  const char* source;
  const char* example;
  BookChange change = nullptr;  // of the shipped books
};

constexpr char kS3P1P4[] = "Wales Safeguarding Procedures, section 3 part 1, page 4";
constexpr char kS2P18[] = "Wales Safeguarding Procedures, section 2, page 18";
constexpr char kOutline[] = "Wales Safeguarding Procedures, section 3 part 2, page 11";
constexpr char kPlan[] = "Wales Safeguarding Procedures, section 3 part 2, page 13";
constexpr char kMoves[] = "Wales Safeguarding Procedures, section 4, page 10";
constexpr char kMoveWrite[] =
    "Wales Safeguarding Procedures, section 4, page 10; which kind of days is not stated: "
    "unconfirmed timescale";
constexpr char kEncompass[] =
    "Operation Encompass guidance, Home Office, 7 Nov 2025, wording per HCR Law: unconfirmed "
    "timescale";
constexpr char kScotland2021[] =
    "National Guidance for Child Protection 2021, updated 2023, Appendix D";
constexpr char kScotland2014[] = "National Guidance for Child Protection 2014, Appendix C";

const Worked kWorked[] = {
    {"X01", "over Easter", kS3P1P4,
     "2026-04-02 16:30 report_received -> W-RPT-DECIDE last 2026-04-07"},
    {"X01", "over Easter in Scotland", kS3P1P4,
     "2026-04-02 16:30 report_received by alba -> W-RPT-DECIDE last 2026-04-06"},
    {"X02", "Friday 16 28 is not late on Monday morning", kS3P1P4,
     "2026-03-06 16:28 report_received -> W-RPT-DECIDE last 2026-03-09; "
     "state running on 2026-03-09 12:00"},
    {"X02", "with a cut off", "", "2026-03-06 16:28 report_received -> CUT-OFF last 2026-03-10"},
    {"X03", "a Saturday keeps its date", kS3P1P4,
     "2026-03-07 11:00 report_received -> W-RPT-DECIDE last 2026-03-09"},
    {"X03", "treated as Monday", "",
     "2026-03-07 11:00 report_received -> AS-MONDAY last 2026-03-10"},
    {"X04", "acknowledgement", kS2P18,
     "2026-03-02 written_report_sent by ysgol to cyngor -> W-RPT-ACK last 2026-03-11; "
     "state running on 2026-03-11; state overdue on 2026-03-12 00:00"},
    {"X04", "and the report maker must chase", kS2P18,
     "2026-03-02 written_report_sent by ysgol to cyngor; 2026-03-13 child_voice_recorded by ysgol "
     "-> W-RPT-ACK-CHASE started 2026-03-12 state standing; "
     "W-RPT-ACK-CHASE state not_started on 2026-03-11"},
    {"X05", "24 hours as clocks go forward", kS2P18,
     "2026-03-28 18:00 telephone_report_made by ysgol -> W-RPT-CONFIRM due 2026-03-29 19:00"},
    {"X05", "24 hours as clocks go back", kS2P18,
     "2026-10-24 18:00 telephone_report_made by ysgol -> W-RPT-CONFIRM due 2026-10-25 17:00"},
    {"X06", "72 hours", "NSPCC Wales; Cardiff University, second-hand: unconfirmed timescale",
     "2026-03-27 20:00 police_protection_started by heddlu -> W-POLPROT due 2026-03-30 21:00"},
    {"X07", "from the discussion that decided section 47",
     "West Mercia, Liverpool, Cambridgeshire, second-hand: unconfirmed timescale",
     "2025-12-08 strategy_discussion_held by lloegr s47_decided=yes; "
     "2025-12-17 strategy_discussion_held by lloegr -> E-ICPC last 2025-12-31"},
    {"X07", "from the last discussion",
     "Conwy report 2014-15, national indicator, second-hand: unconfirmed timescale",
     "2025-12-08 strategy_discussion_held s47_decided=yes; 2025-12-17 strategy_discussion_held "
     "-> W-ICPC last 2026-01-12"},
    {"X08", "outline plan", kOutline,
     "2025-12-17 initial_conference_held -> W-ICPC-OUTLINE last 2025-12-24"},
    {"X08", "core group", kPlan, "2025-12-17 initial_conference_held -> W-CORE-1 last 2026-01-05"},
    {"X08", "core group in Scotland", kPlan,
     "2025-12-17 initial_conference_held by alba -> W-CORE-1 last 2026-01-06"},
    {"X09", "outline plan", kOutline,
     "2025-12-19 initial_conference_held -> W-ICPC-OUTLINE last 2025-12-30"},
    {"X10", "core groups",
     "Wales Safeguarding Procedures, section 3 part 2, page 13; section 4, page 5",
     "2026-01-09 core_group_held; 2026-02-24 core_group_held -> W-CORE-N started 2026-01-09 last "
     "2026-02-20; state late; W-CORE-N started 2026-02-24 last 2026-04-07"},
    {"X11", "three months", kPlan,
     "2025-11-28 initial_conference_held -> W-RCPC-1 last 2026-02-28"},
    {"X11", "rolled", "",
     "2025-11-28 initial_conference_held -> ROLL-NEXT last 2026-03-02; ROLL-BACK last 2026-02-27"},
    {"X12", "three months to a leap day", kPlan,
     "2027-11-30 initial_conference_held -> W-RCPC-1 last 2028-02-29"},
    {"X12", "six months to the end of February", kPlan,
     "2025-08-29 review_conference_held -> W-RCPC-N last 2026-02-28"},
    {"X13", "from the referral",
     "National Autistic Society, page on Wales, second-hand: unconfirmed timescale",
     "2026-01-05 referral_made by ysgol to cyngor service_type=care_and_support "
     "-> W-ASSESS-CS last 2026-03-04"},
    {"X13", "from section 47", kPlan, "2026-01-14 s47_started -> W-ASSESS-CP last 2026-03-13"},
    {"X14", "up to and including day 28",
     "Mental Health (Wales) Measure, Part 1: statistics, 28 calendar days, up to and including day "
     "28",
     "2026-02-02 referral_received by iechyd service_type=lpmhss; 2026-03-02 15:00 "
     "mental_health_assessment_held by iechyd -> W-LPMHSS-A last 2026-03-02; state in_time"},
    {"X14", "less than four weeks",
     "Senedd record 13 Dec 2017; gov.wales, less than 4 weeks; target 80 %",
     "2026-02-02 referral_received by iechyd service_type=scamhs; 2026-03-02 15:00 "
     "appointment_attended by iechyd -> W-SCAMHS last 2026-03-01; state late",
     ScamhsGoesOn},
    {"X15", "from the later of both", kMoves,
     "2026-02-03 move_notified by lloegr to cyngor; 2026-02-23 permanent_move_agreed by lloegr "
     "-> W-MOVE-CONF last 2026-03-16"},
    {"X15", "in the other order", kMoves,
     "2026-02-03 permanent_move_agreed by lloegr; 2026-02-23 move_notified by lloegr to cyngor "
     "-> W-MOVE-CONF last 2026-03-16"},
    {"X15", "one alone starts nothing", kMoves,
     "2026-02-03 move_notified by lloegr to cyngor -> W-MOVE-CONF none"},
    {"X16", "twelve weeks", kMoves,
     "2026-02-03 out_of_area_stay_started -> W-MOVE-LONG last 2026-04-28"},
    {"X16", "three working days", kMoveWrite,
     "2026-02-06 move_notified -> W-MOVE-WRITE last 2026-02-11"},
    {"X16", "three calendar days", "", "2026-02-06 move_notified -> MOVE-CALENDAR last 2026-02-09"},
    {"X17", "before the half term", kEncompass,
     "2026-02-02 child_voice_recorded by ysgol role=school; 2026-02-13 22:40 "
     "domestic_abuse_grounds_found by heddlu -> W-ENCOMPASS due 2026-02-23 09:00"},
    {"X17", "on a Sunday night", kEncompass,
     "2026-02-02 child_voice_recorded by ysgol role=school; 2026-03-01 23:30 "
     "domestic_abuse_grounds_found by heddlu -> W-ENCOMPASS due 2026-03-02 09:00"},
    {"X17", "in the small hours of Monday", kEncompass,
     "2026-02-02 child_voice_recorded by ysgol role=school; 2026-03-02 01:15 "
     "domestic_abuse_grounds_found by heddlu -> W-ENCOMPASS due 2026-03-02 09:00"},
    {"X18", "conference 2014", kScotland2014,
     "2021-03-01 concern_notified by alba -> S-CPPM last 2021-03-22", Scotland2014},
    {"X18", "conference 2021", kScotland2021,
     "2021-03-01 investigation_progressed by alba -> S-CPPM last 2021-03-29"},
    {"X18", "core group and minutes 2014", kScotland2014,
     "2021-03-29 planning_meeting_held by alba -> S-CORE last 2021-04-13; S-CPPM-REC last "
     "2021-04-13",
     Scotland2014},
    {"X18", "core group and minutes 2021", kScotland2021,
     "2021-03-29 planning_meeting_held by alba -> S-CORE last 2021-04-20; S-CPPM-REC last "
     "2021-04-13"},
    {"X19", "weekends only in January", "",
     "2022-01-03 referral_made by lloegr to cyngor -> ERS-WEEKDAYS last 2022-01-05"},
    {"X19", "weekends only at Easter", "",
     "2026-04-02 referral_made by lloegr to cyngor -> ERS-WEEKDAYS last 2026-04-06"},
    {"X19", "England and Wales in January", "",
     "2022-01-03 referral_made by lloegr to cyngor -> ERS-WORKING last 2022-01-05"},
    {"X19", "England and Wales at Easter", "",
     "2026-04-02 referral_made by lloegr to cyngor -> ERS-WORKING last 2026-04-08"},
    {"X19", "Scotland in January", "",
     "2022-01-03 referral_made by alba to cyngor -> ERS-WORKING last 2022-01-06"},
    {"X19", "Scotland at Easter", "",
     "2026-04-02 referral_made by alba to cyngor -> ERS-WORKING last 2026-04-07"},
    {"X20", "paused and capped and not", "",
     "2026-01-05 report_received; 2026-01-26 10:00 clock_paused; 2026-02-09 12:00 clock_resumed "
     "-> PAUSABLE last 2026-03-18; PAUSABLE-5 last 2026-03-11"},
    {"X20", "without a pause", "", "2026-01-05 report_received -> PAUSABLE last 2026-03-04"},
    {"X21", "first visit",
     "Care Planning, Placement and Case Review (Wales) Regulations 2015 (SI 2015/1818), regulation "
     "31(2)(a)",
     "2026-01-06 placement_started placement=p1 -> W-LAC-VISIT-1 last 2026-01-13"},
    {"X21", "next visit",
     "Care Planning, Placement and Case Review (Wales) Regulations 2015 (SI 2015/1818), regulation "
     "31(2)(b)-(c)",
     "2026-01-06 placement_started placement=p1; 2026-01-12 placement_visit_made placement=p1 "
     "-> W-LAC-VISIT-N last 2026-02-23"},
    {"X22", "plan",
     "Care Planning, Placement and Case Review (Wales) Regulations 2015 (SI 2015/1818), regulation "
     "4(3)",
     "2025-12-19 placement_started placement=p1 -> W-LAC-PLAN last 2026-01-07"},
    {"X23", "five days before the meeting", kScotland2021,
     "2026-03-20 planning_meeting_planned by alba planned_for=2026-04-13 "
     "-> S-CPPM-NOTICE last 2026-04-08"},
    {"X23", "moves with the meeting", kScotland2021,
     "2026-03-20 planning_meeting_planned by alba planned_for=2026-04-13; 2026-03-27 "
     "planning_meeting_planned by alba planned_for=2026-04-27 -> S-CPPM-NOTICE last 2026-04-22"},
    {"X24", "over a day that was declared", kOutline,
     "2022-09-14 initial_conference_held -> W-ICPC-OUTLINE last 2022-09-22"},
    {"X24", "before it was declared", kOutline,
     "2022-09-14 initial_conference_held -> W-ICPC-OUTLINE last 2022-09-21",
     BeforeTheFuneralWasDeclared},
    {"X25", "July", kMoveWrite, "2026-07-30 move_notified -> W-MOVE-WRITE last 2026-08-04"},
    {"X25", "July in Scotland", kMoveWrite,
     "2026-07-30 move_notified by alba -> W-MOVE-WRITE last 2026-08-05"},
    {"X25", "August", kMoveWrite, "2026-08-27 move_notified -> W-MOVE-WRITE last 2026-09-02"},
    {"X25", "August in Scotland", kMoveWrite,
     "2026-08-27 move_notified by alba -> W-MOVE-WRITE last 2026-09-01"},
    {"X26", "one over Christmas", kS3P1P4,
     "2026-12-24 report_received -> W-RPT-DECIDE last 2026-12-29"},
    {"X26", "three over Christmas", kMoveWrite,
     "2026-12-24 move_notified -> W-MOVE-WRITE last 2026-12-31"},
    {"X26", "five over Christmas", kOutline,
     "2026-12-24 initial_conference_held -> W-ICPC-OUTLINE last 2027-01-05"},
    {"X26", "five over Christmas in Scotland", kOutline,
     "2026-12-24 initial_conference_held by alba -> W-ICPC-OUTLINE last 2027-01-06"},
    {"X27", "in time and recorded late", kOutline,
     "2025-12-19 initial_conference_held; 2025-12-29 outline_plan_circulated recorded 2026-01-02 "
     "-> W-ICPC-OUTLINE state overdue on 2025-12-31; state in_time on 2026-01-02"},
    {"X28", "done late", kOutline,
     "2025-12-19 initial_conference_held; 2026-01-02 outline_plan_circulated "
     "-> W-ICPC-OUTLINE state overdue on 2026-01-01; state late on 2026-01-02"},
    {"X29", "an authorised exception",
     "Wales Safeguarding Procedures, section 3 part 1, page 8; the number is not confirmed: "
     "unconfirmed timescale",
     "2026-03-02 10:00 significant_harm_suspected; 2026-03-03 09:00 exception_authorised "
     "role=senior_manager_safeguarding; 2026-03-05 10:00 strategy_discussion_held "
     "-> W-STRAT last 2026-03-03; state excused on 2026-03-04; state excused"},
    {"X31", "ten days before May", "",
     "2026-04-28 report_received; 2026-05-06 decision_recorded "
     "-> TEN-THEN-FIVE last 2026-05-08; state in_time"},
    {"X31", "five from May", "", "2026-05-01 report_received -> TEN-THEN-FIVE last 2026-05-06"},
};

std::string NameOf(const testing::TestParamInfo<Worked>& info) {
  std::string name;
  const std::string source = *info.param.source == 0 ? "domain section 8" : info.param.source;
  for (const char c : absl::StrCat(info.param.number, " ", info.param.what, " by ", source)) {
    if (absl::ascii_isalnum(c)) {
      name += c;
    } else if (!name.empty() && name.back() != '_') {
      name += '_';
    }
  }
  return name;
}

class WorkedExample : public testing::TestWithParam<Worked> {};

TEST_P(WorkedExample, IsWhatTheEngineSays) {
  const World& world = WorldOf(GetParam().change);
  EXPECT_THAT(FailuresOf(GetParam().example, world.book, world.books, world.zone), IsEmpty());
}

TEST_P(WorkedExample, IsWhatTheSecondModelSays) {
  const World& world = WorldOf(GetParam().change);
  const absl::StatusOr<Example> example = ParseExample(GetParam().example);
  ASSERT_TRUE(example.ok()) << example.status();
  const SecondCase told(*example, world);
  for (const Expectation& expected : example->expected) EXPECT_EQ(told.Failure(expected), "");
}

// The source in the test's name is the one that the alerts of the rule carry.
TEST_P(WorkedExample, HasTheSourceOfItsRule) {
  const absl::StatusOr<Example> example = ParseExample(GetParam().example);
  ASSERT_TRUE(example.ok()) << example.status();
  const std::string wanted = GetParam().source;
  int found = 0;
  for (const pathway::v1::Rule& rule : WorldOf(GetParam().change).book.rule()) {
    if (rule.id() != example->expected[0].rule) continue;
    const std::string source =
        rule.has_source() ? absl::StrCat(rule.source().title(), ", ", rule.source().paragraph())
                          : "";
    found += source == wanted;
  }
  EXPECT_GT(found, 0);
}

INSTANTIATE_TEST_SUITE_P(Domain, WorkedExample, testing::ValuesIn(kWorked), NameOf);

TEST(WorkedExamples, AreAllThereIs) {
  std::set<std::string> numbers;
  for (const Worked& worked : kWorked) numbers.insert(worked.number);
  numbers.insert("X30");  // below
  EXPECT_EQ(numbers.size(), 31u);
  EXPECT_EQ(*numbers.begin(), "X01");
  EXPECT_EQ(*numbers.rbegin(), "X31");
}

// --- what the words of an example cannot say

using story::Said;

// The one clock of a rule, by both models, which must agree on when it started, is due and closed.
struct OneClock {
  Clock engine;
  second::Clock second;
};
OneClock ClockOf(const std::string& rule, const std::vector<Said>& said) {
  const World& world = WorldOf(nullptr);
  OneClock one;
  int found = 0;
  const Picture picture = story::PictureOf(said, world.books);  // in any order of arrival
  ForEachClock(picture, [&](const Duty& duty, const Clock& clock) {
    if (world.books.families()[duty.family].id != rule) return;
    one.engine = clock;
    ++found;
  });
  EXPECT_EQ(found, 1);
  std::vector<second::Said> events;
  for (const Said& each : said) events.push_back({each.open, ""});
  for (const second::Clock& clock : second::Draw(events, world.library)) {
    if (clock.rule.id() != rule) continue;
    one.second = clock;
    ++found;
  }
  EXPECT_EQ(found, 2);
  EXPECT_EQ(one.engine.start.from, one.second.start.from);
  EXPECT_EQ(one.engine.due, one.second.due);
  EXPECT_EQ(one.engine.target, one.second.target);
  EXPECT_EQ(one.engine.close.from, one.second.close.from);
  return one;
}
absl::CivilDay LondonDay(absl::Time t) { return absl::ToCivilDay(t, story::London()); }
// How many days after its last day in time a clock was stopped.
int64_t DaysLate(const Clock& clock) {
  return LondonDay(clock.close.from) - LondonDay(clock.due - absl::Microseconds(1));
}

TEST(WorkedExamples,
     X10_TargetAndDaysLate_by_Wales_Safeguarding_Procedures_section_3_part_2_page_13) {
  const Said first = Said("core_group_held", "2026-01-09").By("cyngor");
  const Said next = Said("core_group_held", "2026-02-24").By("cyngor");
  const OneClock alone = ClockOf("W-CORE-N", {first});
  EXPECT_EQ(story::Text(alone.engine.target), "2026-02-10 00:00") << "Monday 9 February in time";
  const World& world = WorldOf(nullptr);
  std::vector<int64_t> late;
  const Picture both = story::PictureOf({first, next}, world.books);
  ForEachClock(both, [&](const Duty& duty, const Clock& clock) {
    if (world.books.families()[duty.family].id != "W-CORE-N") return;
    if (clock.closed_by == ClosedBy::kStop) late.push_back(DaysLate(clock));
  });
  EXPECT_THAT(late, ElementsAre(4));
}

TEST(WorkedExamples, X15_AVoidedAgreement_by_Wales_Safeguarding_Procedures_section_4_page_10) {
  // In the story's words "a" speaks; only its own events can it void.
  const Said notified = Said("move_notified", "2026-02-03").To("cyngor");
  const Said agreed = Said("permanent_move_agreed", "2026-02-23");
  const OneClock clock =
      ClockOf("W-MOVE-CONF", {notified, agreed, Said::Voiding("permanent_move_agreed@2026-02-23")});
  EXPECT_EQ(clock.engine.closed_by, ClosedBy::kVoided);
  EXPECT_EQ(clock.second.closed_by, second::ClosedBy::kVoided);
}

// What is told, and whose delay it was: of reporting, or of action.
TEST(WorkedExamples, X27_X28_LateTruth_by_Wales_Safeguarding_Procedures_section_3_part_2_page_11) {
  const auto told = [](const char* sent, const char* recorded) {
    story::Story story;
    story.Publish("2021-01-01", WorldOf(nullptr).book);
    story.Hear("2025-12-19", Said("initial_conference_held", "2025-12-19").By("cyngor"));
    story.Hear(recorded, Said("outline_plan_circulated", sent).By("cyngor"));
    story.Until("2026-01-05");
    std::vector<std::string> lines;
    for (const alert::v1::Alert& alert : story.alerts()) {
      if (alert.rule() != "W-ICPC-OUTLINE" || alert.level() != "overdue") continue;
      lines.push_back(alert::v1::State_Name(alert.state()));
    }
    return lines;
  };
  EXPECT_THAT(told("2025-12-29", "2026-01-02"), ElementsAre("STATE_RAISED", "STATE_WITHDRAWN"));
  EXPECT_EQ(Day("2026-01-02") - Day("2025-12-29"), 4);
  EXPECT_THAT(told("2026-01-02", "2026-01-02"), ElementsAre("STATE_RAISED", "STATE_CLEARED"));
  const OneClock late =
      ClockOf("W-ICPC-OUTLINE", {Said("initial_conference_held", "2025-12-19").By("cyngor"),
                                 Said("outline_plan_circulated", "2026-01-02").By("cyngor")});
  EXPECT_EQ(DaysLate(late.engine), 3);
}

// 60 conferences about 120 children, 8 of them late, with 26 children: one occasion counts once.
TEST(WorkedExamples, X30_ChildrenAndConferences_by_Conwy_report_2014_15) {
  int children = 0, in_time = 0;
  std::map<std::string, bool> conferences;  // whether in time
  for (int conference = 0; conference < 60; ++conference) {
    const bool is_late = conference < 8;
    // 26 children of 8 conferences, 94 of 52.
    const int of_family = is_late ? 3 + (conference < 2) : 1 + (conference < 8 + 42);
    for (int child = 0; child < of_family; ++child, ++children) {
      const Said held = Said("initial_conference_held", is_late ? "2026-01-30" : "2026-01-20")
                            .By("cyngor")
                            .Occasion(absl::StrCat("conference-", conference));
      const OneClock clock =
          ClockOf("W-ICPC", {Said("strategy_discussion_held", "2026-01-05").By("cyngor"), held});
      const absl::Time end = story::At("2026-03-01");
      const bool is_in_time = StateAt(clock.engine, end) == ClockState::kInTime;
      EXPECT_EQ(second::StateAt(clock.second, end), is_in_time ? "in_time" : "late");
      in_time += is_in_time;
      const auto [one, is_new] = conferences.emplace(held.open.occasion(), is_in_time);
      EXPECT_EQ(one->second, is_in_time) << "siblings stand together";
    }
  }
  int64_t held_in_time = 0;
  for (const auto& [conference, is_in_time] : conferences) held_in_time += is_in_time;
  EXPECT_EQ(children, 120);
  EXPECT_EQ(conferences.size(), 60u);
  EXPECT_EQ(absl::StrFormat("%.1f %% of conferences", 100.0 * held_in_time / conferences.size()),
            "86.7 % of conferences");
  EXPECT_EQ(absl::StrFormat("%.1f %% of children", 100.0 * in_time / children),
            "78.3 % of children");
}

}  // namespace
}  // namespace dolen
