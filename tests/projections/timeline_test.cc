// The timeline as people and programs read it.
#include "projections/timeline/timeline.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/engine/child/story.h"

namespace dolen {
namespace {

using story::At;
using story::Said;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const char kRule[] = R"(start { is: "referral_made" } stop { is: "referral_accepted" }
                        limit { allow { calendar_days: 5 } })";

std::vector<Said> Told() {
  return {Said("referral_made", "2026-01-05 09:00").In("m").To("b").Id("made"),
          Said("episode_opened", "2026-01-06").In("p").To("c"),
          Said("cover_started", "2026-01-08 09:00").In("cover").To("d"),
          Said("cover_ended", "2026-01-09 09:00").In("cover"),
          Said("referral_accepted", "2026-01-12 09:00").In("m").By("s").Id("accepted")};
}

Timeline TimelineAt(const char* as_of) {
  const Books books = story::BooksOf(story::Rule(kRule));
  std::vector<Event> events = story::EventsOf(Told());
  for (Event& event : events) event.recorded = At("2026-01-12 09:00");
  Past past;
  if (*as_of != 0) past.as_of = At(as_of);
  return DrawTimeline(KnownIn(events, past, books), past, books, At("2026-02-01"));
}

std::vector<std::string> HoldersOf(const Timeline& timeline) {
  std::vector<std::string> lines;
  for (const HolderLine& line : timeline.holders) {
    lines.push_back(line.agency + " since " + line.since + " by " + line.by);
  }
  return lines;
}

TEST(Timeline, SaysWhoHeldTheChildThen) {
  EXPECT_THAT(HoldersOf(TimelineAt("2026-01-05 23:00")), IsEmpty());
  EXPECT_THAT(HoldersOf(TimelineAt("2026-01-06 00:00")),
              ElementsAre("c since 2026-01-06 by episode"));
  EXPECT_THAT(HoldersOf(TimelineAt("2026-01-08 12:00")),
              ElementsAre("d since 2026-01-08T09:00:00Z by cover"));
  EXPECT_THAT(HoldersOf(TimelineAt("")), ElementsAre("c since 2026-01-06 by episode"));
}

TEST(Timeline, SaysWhichClocksWereOpenThen) {
  const auto clock = [](const char* as_of) {
    const Timeline timeline = TimelineAt(as_of);
    if (timeline.clocks.empty()) return std::string("none");
    const ClockLine& line = timeline.clocks.front();
    return std::string(StateName(line.state)) + (line.open ? " open" : " closed");
  };
  EXPECT_EQ(clock("2026-01-04"), "none");
  EXPECT_EQ(clock("2026-01-05 09:00"), "running open");
  EXPECT_EQ(clock("2026-01-12 08:59"), "overdue open");
  EXPECT_EQ(clock("2026-01-12 09:00"), "late closed");
}

TEST(Timeline, PutsNotesAtTheirEvents) {
  const Timeline now = TimelineAt("");
  ASSERT_EQ(now.events.size(), 5);
  EXPECT_THAT(now.events.front().notes, IsEmpty());
  ASSERT_EQ(now.events.back().notes.size(), 1);
  EXPECT_EQ(now.events.back().notes.front().code, "step_by_no_party");
  EXPECT_THAT(TimelineText("x", now),
              HasSubstr("NOTE a step by an agency that was no party (against made of a) "
                        "[step_by_no_party]\n"));
}

// With a rule that two causes pause, of which the second clause caps its own.
Timeline Paused(const std::string& allow, const std::string& cap, const std::vector<Said>& said) {
  const Books books = story::BooksOf(story::Rule(
      "start { is: 's47' } stop { is: 'assessed' } limit { allow { " + allow +
      " } } pause { begin { is: 'clock_paused' } end { is: 'clock_resumed' } cause: 'family' } "
      "pause { begin { is: 'clock_paused' } end { is: 'clock_resumed' } cause: 'school' cap { " +
      cap + " } owner: 'agency:b' }"));
  const std::vector<Event> events = story::EventsOf(said);
  return DrawTimeline(KnownIn(events, {}, books), {}, books, At("2026-02-01"));
}

std::vector<std::string> ChargesOf(const Timeline& timeline) {
  const std::string text = TimelineText("x", timeline);
  const std::string mark = "not counted: ";
  std::vector<std::string> charges;
  for (size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at)) {
    at += mark.size();
    charges.push_back(text.substr(at, text.find('\n', at) - at));
  }
  return charges;
}

TEST(Timeline, SaysWhichDaysAPauseTookOutOfTheCountAndWhoseTheyAre) {
  // The school's cap of three working days is used up on Monday the 12th; then the family's goes
  // on.
  const Timeline timeline = Paused(
      "working_days: 10", "working_days: 3",
      {Said("s47", "2026-01-05 09:00"), Said("clock_paused", "2026-01-08 10:00").Reason("school"),
       Said("clock_resumed", "2026-01-16 10:00").Reason("school"),
       Said("clock_paused", "2026-01-14 09:00").Reason("family").Owner("family"),
       Said("clock_resumed", "2026-01-16 12:00").Reason("family")});
  EXPECT_THAT(ChargesOf(timeline),
              ElementsAre("3 days, 2026-01-08 to 2026-01-12, charged to b",
                          "2 days, 2026-01-14 to 2026-01-15, charged to family"));
  EXPECT_THAT(
      TimelineText("x", timeline),
      HasSubstr("[R: overdue]\n" + std::string(2 + 25 + 2 + 18 + 1, ' ') + "not counted: 3"));
  const auto json = nlohmann::json::parse(TimelineJson("x", timeline));
  EXPECT_EQ(json["clocks"][0]["charged"], nlohmann::json::parse(R"([
                {"from": "2026-01-08", "to": "2026-01-12", "days": 3, "owner": "b"},
                {"from": "2026-01-14", "to": "2026-01-15", "days": 2, "owner": "family"}])"));
}

TEST(Timeline, SaysWhichTimeAPauseTookOutOfTheCount) {
  const Timeline timeline = Paused(
      "hours: 24", "minutes: 90",
      {Said("s47", "2026-01-05 09:00"), Said("clock_paused", "2026-01-05 10:00").Reason("school"),
       Said("clock_resumed", "2026-01-05 12:00").Reason("school"),
       Said("clock_paused", "2026-01-05 15:00").Reason("family"),
       Said("clock_resumed", "2026-01-06 16:05").Reason("family")});
  EXPECT_THAT(ChargesOf(timeline),
              ElementsAre("1 h 30 min, 2026-01-05T10:00:00Z to 2026-01-05T11:30:00Z, charged to b",
                          "25 h 5 min, 2026-01-05T15:00:00Z to 2026-01-06T16:05:00Z"));
  const auto json = nlohmann::json::parse(TimelineJson("x", timeline));
  EXPECT_EQ(json["clocks"][0]["charged"][1],
            nlohmann::json::parse(R"({"from": "2026-01-05T15:00:00Z", "to": "2026-01-06T16:05:00Z",
                                      "minutes": 1505, "owner": ""})"));
}

TEST(Timeline, APauseWithoutEndIsShownAtTheOpenClockThatHasNoDueTime) {
  const Timeline timeline =
      Paused("working_days: 10", "working_days: 3",
             {Said("s47", "2026-01-05 09:00"),
              Said("clock_paused", "2026-01-08 10:00").Reason("family").Owner("family")});
  EXPECT_THAT(ChargesOf(timeline), ElementsAre("from 2026-01-08 on, charged to family"));
  EXPECT_THAT(
      TimelineText("x", timeline),
      HasSubstr("paused:  [R]\n" + std::string(4 + 25 + 2 + 18 + 1, ' ') + "not counted: from"));
  const auto json = nlohmann::json::parse(TimelineJson("x", timeline));
  EXPECT_EQ(json["clocks"][0]["charged"],
            nlohmann::json::parse(R"([{"from": "2026-01-08", "to": null, "owner": "family"}])"));
}

TEST(Timeline, AClockThatNothingHeldSaysNothingOfIt) {
  const Timeline timeline = TimelineAt("");
  EXPECT_THAT(ChargesOf(timeline), IsEmpty());
  EXPECT_FALSE(nlohmann::json::parse(TimelineJson("x", timeline))["clocks"][0].contains("charged"));
}

TEST(Timeline, IsOfAPastWithoutAlerts) {
  const auto now = nlohmann::json::parse(TimelineJson("x", TimelineAt("")));
  EXPECT_EQ(now["alerts"], nlohmann::json::array());
  EXPECT_EQ(now["at"], "2026-02-01T00:00:00Z");
  EXPECT_FALSE(now.contains("as_of"));
  const auto then = nlohmann::json::parse(TimelineJson("x", TimelineAt("2026-01-08 12:00")));
  EXPECT_TRUE(then["alerts"].is_null());
  EXPECT_EQ(then["at"], "2026-01-08T12:00:00Z");
  EXPECT_EQ(then["as_of"], "2026-01-08T12:00:00Z");
  EXPECT_EQ(then["holders"][0]["agency"], "d");
  EXPECT_EQ(then["clocks"][0]["open"], true);
}

TEST(TimelineText, SaysHowFarTheRecordReaches) {
  EXPECT_THAT(TimelineText("x", TimelineAt("2026-01-08 12:00")), Not(HasSubstr("recorded so far")));
  EXPECT_THAT(TimelineText("x", TimelineAt("2026-02-01 00:01")),
              AllOf(HasSubstr("Child x, as of 2026-02-01T00:01:00Z (recorded so far: up to "
                              "2026-02-01T00:00:00Z)\n"),
                    HasSubstr("Holders:\n    2026-01-06")));
  EXPECT_THAT(TimelineText("x", TimelineAt("2026-01-04")),
              HasSubstr("Holders: nobody that these events name\n  Open clocks: none\n"));
}

}  // namespace
}  // namespace dolen
