// The lines in which a board writes its cases.
#include "engine/pathway/example.h"

#include <string>

#include "deploy/zone_table.h"
#include "engine/pathway/zone_proto.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "tests/engine/pathway/sample.h"

namespace dolen {
namespace {

using testing::HasSubstr;

Example Parse(const std::string& text) {
  const absl::StatusOr<Example> example = ParseExample(text);
  EXPECT_TRUE(example.ok()) << text << "\n" << example.status();
  return example.ok() ? *example : Example();
}

std::string Mistake(const std::string& text) {
  const absl::StatusOr<Example> example = ParseExample(text);
  return example.ok() ? "none" : std::string(example.status().message());
}

TEST(Example, ReadsEventsAndExpectations) {
  const Example example = Parse(
      "2025-12-19 conference_held; 2026-03-06 16:28 referral_made by cardiff to newport in M2 "
      "continues M1 recorded 2026-03-07 09:00 service_type=camhs wait=3 -> W-A last 2025-12-30; "
      "state late on 2026-01-05 10:00 ;W-B in M2 started 2026-03-06 due 2026-03-29 19:00; W-C "
      "none");
  ASSERT_EQ(example.events.size(), 2u);
  EXPECT_EQ(example.events[0].name, "conference_held");
  EXPECT_TRUE(example.events[0].occurred.is_day);
  EXPECT_EQ(example.events[0].matter, "M1");
  const ExampleEvent& made = example.events[1];
  EXPECT_EQ(made.occurred.at, absl::CivilMinute(2026, 3, 6, 16, 28));
  EXPECT_EQ(made.by + made.matter + made.continues, "cardiffM2M1");
  EXPECT_EQ(made.recorded->at, absl::CivilMinute(2026, 3, 7, 9, 0));
  EXPECT_EQ(made.fields.size(), 3u);
  ASSERT_EQ(example.expected.size(), 4u);
  EXPECT_EQ(example.expected[0].what, Expectation::kLast);
  EXPECT_EQ(example.expected[1].rule, "W-A");
  EXPECT_EQ(example.expected[1].state, "late");
  EXPECT_EQ(example.expected[1].on->at, absl::CivilMinute(2026, 1, 5, 10, 0));
  EXPECT_EQ(example.expected[2].matter, "M2");
  EXPECT_TRUE(example.expected[2].started);
  EXPECT_EQ(example.expected[2].time.at, absl::CivilMinute(2026, 3, 29, 19, 0));
  EXPECT_EQ(example.expected[3].what, Expectation::kNone);
}

TEST(Example, SaysWhereAndWhatToWrite) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "at character 1: the text ends; write a day that exists, as 2025-12-19"},
      {"Friday held -> R none", "at character 1: \"Friday\"; write a day that exists"},
      {"2025-02-29 held -> R none", "at character 1: \"2025-02-29\"; write a day that exists"},
      {"2025-12-19 Held -> R none", "at character 12: \"Held\"; write the event's name"},
      {"2025-12-19 -> R none", "at character 12: \"->\"; write the event's name"},
      {"2025-12-19 held", "at character 16: the text ends; write -> and what is expected"},
      {"2025-12-19 held now -> R none", "at character 17: \"now\"; write by AGENCY"},
      {"2025-12-19 held x= -> R none", "at character 17: \"x=\"; write by AGENCY"},
      {"2025-12-19 held by; 2025-12-20 b -> R none", "at character 19: \";\"; write the agency"},
      {"2025-12-19 held 9am -> R none", "at character 17: \"9am\"; write by AGENCY"},
      {"2025-12-19 held recorded soon -> R none", "at character 26: \"soon\"; write a day"},
      {"2025-12-19 held ->", "at character 19: the text ends; write what is expected"},
      {"2025-12-19 held -> last 2025-12-30", "at character 20: \"last\"; write the rule's id"},
      {"2025-12-19 held -> R", "at character 21: the text ends; write last DAY, due DAY TIME"},
      {"2025-12-19 held -> R soon", "at character 22: \"soon\"; write last DAY, due DAY TIME"},
      {"2025-12-19 held -> R due 2025-12-30",
       "at character 36: the text ends; write a time of day"},
      {"2025-12-19 held -> R due 2025-12-30 24:00", "\"24:00\"; write a time of day, as 16:30"},
      {"2025-12-19 held -> R last 2025-12-30 10:00", "at character 20: last is a day"},
      {"2025-12-19 held -> R started 2025-12-30 10:00 none", "at character 20: started is a day"},
      {"2025-12-19 held -> R state red", "at character 28: \"red\"; write a state: not_started"},
      {"2025-12-19 held -> R none R2 none", "at character 27: \"R2\"; write ; before the next"},
      {"2025-12-19 ŵyl_held -> R none", "at character 12: \"ŵyl_held\"; write the event's name"},
      {"2025-12-19 held by ŵŷ now -> R none", "at character 23: \"now\"; write by AGENCY"},
  };
  for (const auto& [text, words] : cases) EXPECT_THAT(Mistake(text), HasSubstr(words)) << text;
}

TEST(Example, NamesMustBeThere) {
  const pathway::v1::Book book = ParseBook(SampleWith(0, "")).book;
  const auto mistake = [&](const std::string& text) {
    return std::string(CheckNames(Parse(text), book).message());
  };
  EXPECT_EQ(mistake("2026-03-02 referral_made by council -> R none"), "");
  EXPECT_EQ(mistake("2026-03-02 referral_maed -> R none"),
            "at character 1: no rule of the book names \"referral_maed\"; perhaps referral_made is "
            "meant");
  // A kind is an event though no rule names it.
  EXPECT_EQ(mistake("2026-03-02 clock_paused -> R none"), "");
  EXPECT_EQ(mistake("2026-03-02 referral_made by concil -> R none"),
            "at character 1: no agency of the book is called \"concil\"; perhaps council is meant");
  EXPECT_EQ(mistake("2026-03-02 referral_made to camhs -> R none"),
            "at character 1: no agency of the book is called \"camhs\"");
  EXPECT_EQ(mistake("2026-03-02 referral_made -> R none; Q none"),
            "at character 37: no rule of the book is called \"Q\"; perhaps R is meant");
}

TEST(Example, BecomesTheEventThatAnAgencyWouldSend) {
  const Zone london = *ZoneFromProto(*LoadZoneTable("Europe/London"));
  const Example example = Parse(
      "2026-07-06 16:28 referral_made by b to c in M2 continues M1 recorded 2026-07-07 cause=full "
      "until=2026-08-01 planned_for=2026-09-01T10:00 wanted=2026-09-02 wait=3 way=post; 2026-07-08 "
      "plan_sent -> R none");
  event::v1::Open expected;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
      R"(event_id: "e1" agency: "b" occurred { instant { seconds: 1783351680 } }
         kind: KIND_REFERRAL_MADE matter { agency: "a" id: "M2" }
         published { seconds: 1783378800 } continues { agency: "a" id: "M1" } to_agency: "c"
         reason: "full" until { day: "2026-08-01" }
         fields { name: "planned_for" when { instant { seconds: 1788253200 } } }
         fields { name: "wanted" when { day: "2026-09-02" } }
         fields { name: "wait" number: 3 } fields { name: "way" code: "post" })",
      &expected));
  EXPECT_EQ(OpenOf(example.events[0], 1, "a", london).DebugString(), expected.DebugString());
  const event::v1::Open sent = OpenOf(example.events[1], 2, "a", london);
  EXPECT_EQ(sent.milestone(), "plan_sent");
  EXPECT_EQ(sent.agency(), "a");
  EXPECT_EQ(sent.occurred().day(), "2026-07-08");
}

TEST(Example, TheLineOfEachIsKept) {
  const CheckedBook checked =
      ParseBook(SampleWith(17, "example: '2026-03-02 referral_made -> R none'\n\nexample: 'x'"));
  EXPECT_EQ(checked.example_lines, (std::vector<int>{17, 19}));
}

}  // namespace
}  // namespace dolen
