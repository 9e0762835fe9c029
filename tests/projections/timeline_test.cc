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
