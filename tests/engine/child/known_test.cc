// The past, as tables: what was recorded, what had occurred, what an agency could know. The
// property is in past_test.cc.
#include "engine/child/known.h"

#include <algorithm>
#include <string>
#include <vector>

#include "engine/base/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/engine/child/story.h"

namespace dolen {
namespace {

using story::At;
using story::Said;
using testing::ElementsAre;
using testing::IsEmpty;

struct Told {
  const char* recorded;
  Said said;
};

class KnownTest : public testing::Test {
 protected:
  Known Ask(const std::vector<Told>& told, const Past& past) {
    std::vector<Said> said;
    for (const Told& one : told) said.push_back(one.said);
    std::vector<Event> events = story::EventsOf(said);
    for (size_t i = 0; i < told.size(); ++i) {
      events[i].recorded = At(told[i].recorded);
      *events[i].open.mutable_published() = ToTimestamp(events[i].recorded);
    }
    std::sort(events.begin(), events.end(),
              [](const Event& a, const Event& b) { return a.Order() < b.Order(); });
    return KnownIn(events, past, books_);
  }
  std::vector<std::string> Events(const std::vector<Told>& told, const Past& past) {
    std::vector<std::string> ids;
    for (const Event& event : Ask(told, past).events) ids.push_back(event.open.event_id());
    return ids;
  }
  std::vector<std::string> Clocks(const std::vector<Told>& told, const Past& past, const char* at) {
    return story::ClocksAt(Ask(told, past).picture, books_, at);
  }
  static Past AsOf(const char* at) { return {At(at), absl::InfiniteFuture(), ""}; }
  static Past KnownAt(const char* at) { return {absl::InfiniteFuture(), At(at), ""}; }
  static Past KnownTo(const char* agency) {
    return {absl::InfiniteFuture(), absl::InfiniteFuture(), agency};
  }

  const Books books_ = story::BooksOf(story::Rule(
      R"(start { is: "referral_made" } stop { is: "referral_accepted" }
         limit { allow { calendar_days: 5 } })"));
  const Said made_ = Said("referral_made", "2026-01-05 09:00").In("m").To("b").Id("made");
  const Said accepted_ =
      Said("referral_accepted", "2026-01-09 09:00").In("m").By("b").Id("accepted");
};

TEST_F(KnownTest, WhatOccurredInTimeAndWasRecordedLateWasTrueAndNotKnown) {
  const std::vector<Told> told = {{"2026-01-05 09:00", made_}, {"2026-01-14 09:00", accepted_}};
  EXPECT_THAT(Events(told, AsOf("2026-01-12")), ElementsAre("made", "accepted"));
  EXPECT_THAT(Clocks(told, AsOf("2026-01-12"), "2026-01-12"),
              ElementsAre("R/a:m in_time last 2026-01-10"));
  EXPECT_THAT(Events(told, KnownAt("2026-01-12")), ElementsAre("made"));
  EXPECT_THAT(Clocks(told, KnownAt("2026-01-12"), "2026-01-12"),
              ElementsAre("R/a:m overdue last 2026-01-10"));
  EXPECT_THAT(Events(told, KnownAt("2026-01-14 09:00")), ElementsAre("made", "accepted"));
}

TEST_F(KnownTest, ACorrectionMovesWhatWasTrueAndNotWhatWasKnown) {
  const std::vector<Told> told = {
      {"2026-01-05 09:00", made_},
      {"2026-01-20 09:00",
       Said("referral_made", "2026-01-07 09:00").In("m").To("b").Replacing("made").Id("moved")}};
  EXPECT_THAT(Events(told, AsOf("2026-01-06")), IsEmpty());
  EXPECT_THAT(Clocks(told, AsOf("2026-01-06"), "2026-01-06"), IsEmpty());
  EXPECT_THAT(Events(told, AsOf("2026-01-07 09:00")), ElementsAre("made", "moved"));
  EXPECT_THAT(Events(told, KnownAt("2026-01-19")), ElementsAre("made"));
  EXPECT_THAT(Clocks(told, KnownAt("2026-01-19"), "2026-01-06"),
              ElementsAre("R/a:m running last 2026-01-10"));
  EXPECT_THAT(Clocks(told, KnownAt("2026-01-20 09:00"), "2026-01-08"),
              ElementsAre("R/a:m running last 2026-01-12"));
}

TEST_F(KnownTest, AVoidGoesWhereItsEventGoes) {
  const std::vector<Told> told = {{"2026-01-05 09:00", made_},
                                  {"2026-01-20 09:00", Said::Voiding("made")}};
  EXPECT_THAT(Events(told, AsOf("2026-01-04")), IsEmpty());
  EXPECT_THAT(Events(told, AsOf("2026-01-06")), ElementsAre("void made", "made"));
  EXPECT_THAT(Clocks(told, AsOf("2026-01-06"), "2026-01-06"),
              ElementsAre("R/a:m cancelled voided"));
  EXPECT_THAT(Clocks(told, KnownAt("2026-01-06"), "2026-01-06"),
              ElementsAre("R/a:m running last 2026-01-10"));
}

TEST_F(KnownTest, AnAgencySeesTheClocksOfItsMatters) {
  const std::vector<Told> told = {
      {"2026-01-05 09:00", made_},
      {"2026-01-06 09:00", Said("referral_made", "2026-01-06 09:00").In("n").To("c").Id("other")}};
  EXPECT_THAT(Clocks(told, KnownTo("b"), "2026-01-07"),
              ElementsAre("R/a:m running last 2026-01-10"));
  EXPECT_THAT(Clocks(told, KnownTo("c"), "2026-01-07"),
              ElementsAre("R/a:n running last 2026-01-11"));
  EXPECT_THAT(Clocks(told, KnownTo("a"), "2026-01-07").size(), 2);
  EXPECT_THAT(Clocks(told, KnownTo("s"), "2026-01-07"), IsEmpty());
}

// Whoever will be asked later could not know it before.
TEST_F(KnownTest, AnAgencyIsPartyFromWhenThatWasRecorded) {
  const std::vector<Told> told = {
      {"2026-01-05 09:00", Said("child_seen", "2026-01-05 09:00").In("m").Id("seen")},
      {"2026-01-08 09:00", made_}};
  EXPECT_THAT(Events(told, {absl::InfiniteFuture(), At("2026-01-07"), "b"}), IsEmpty());
  EXPECT_THAT(Events(told, {absl::InfiniteFuture(), At("2026-01-08 09:00"), "b"}),
              ElementsAre("made", "seen"));
  EXPECT_THAT(Events(told, {At("2026-01-05 08:59"), At("2026-01-08 09:00"), "b"}), IsEmpty());
}

TEST_F(KnownTest, ADayHasBegunWithItsFirstInstant) {
  const std::vector<Told> told = {
      {"2026-07-05 09:00", Said("child_seen", "2026-07-05").Id("seen")}};
  EXPECT_THAT(Events(told, AsOf("2026-07-04 23:59")), IsEmpty());
  EXPECT_THAT(Events(told, AsOf("2026-07-05 00:00")), ElementsAre("seen"));
}

}  // namespace
}  // namespace dolen
