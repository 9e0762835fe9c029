// What pauses charge to a clock, as tables.
#include "engine/child/pause.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "engine/base/time.h"
#include "engine/pathway/zone_proto.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "tests/engine/calendar/uk.h"
#include "tests/engine/child/story.h"

namespace dolen {
namespace {

using story::At;
using story::Text;
using testing::ElementsAre;
using testing::IsEmpty;

const Zone& London() {
  static const auto* const zone = new Zone(*ZoneFromProto(story::LondonTable()));
  return *zone;
}

// A rule whose pauses have these caps; "" for none.
pathway::v1::Rule Caps(const std::vector<std::string>& caps) {
  pathway::v1::Rule rule;
  for (const std::string& cap : caps) {
    pathway::v1::Pause& pause = *rule.add_pause();
    if (!cap.empty()) {
      EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(cap, pause.mutable_cap()));
    }
  }
  return rule;
}

Pause From(const char* from, const char* to, int clause = 0) {
  return {At(from), *to == '\0' ? absl::InfiniteFuture() : At(to), clause, ""};
}

// "pause from to", of everything charged.
std::vector<std::string> Charged(const PauseMeter& meter) {
  std::vector<std::string> words;
  for (const Held& held : meter.charged()) {
    words.push_back(absl::StrCat(held.pause, " ", Text(held.from), " ", Text(held.to)));
  }
  return words;
}

// Which of the days from `first` to `last` were charged.
std::vector<std::string> ChargedDays(PauseMeter& meter, const char* first, const char* last) {
  std::vector<std::string> days;
  for (absl::CivilDay day = Day(first); day <= Day(last); ++day) {
    if (meter.Charge(day)) days.push_back(DayText(day));
  }
  return days;
}

TEST(PauseMeter, WithoutPausesNothingIsCharged) {
  const pathway::v1::Rule rule = Caps({""});
  PauseMeter meter(rule, {}, London());
  EXPECT_TRUE(meter.empty());
  EXPECT_FALSE(meter.Charge(Day("2026-03-02")));
  EXPECT_EQ(meter.Pass(At("2026-03-02 09:00"), absl::Hours(5)), At("2026-03-02 14:00"));
  EXPECT_THAT(meter.Standing(), IsEmpty());
}

TEST(PauseMeter, ADayIsChargedIfItEndsInAPause) {
  const pathway::v1::Rule rule = Caps({""});
  const std::vector<Pause> pauses = {From("2026-03-03 10:00", "2026-03-05 16:00"),
                                     From("2026-03-06 09:00", "2026-03-06 17:00"),
                                     From("2026-03-08 00:00", "2026-03-08 23:59")};
  PauseMeter meter(rule, pauses, London());
  // The 5th ends unpaused, the pause of the 6th ends within its day, that of the 8th just before
  // its end.
  EXPECT_THAT(ChargedDays(meter, "2026-03-01", "2026-03-10"),
              ElementsAre("2026-03-03", "2026-03-04"));
}

TEST(PauseMeter, APauseThatEndsAtMidnightCoversTheDayBefore) {
  const pathway::v1::Rule rule = Caps({""});
  const std::vector<Pause> pauses = {From("2026-03-08 00:00", "2026-03-09 00:00")};
  PauseMeter meter(rule, pauses, London());
  // Half-open: the instant before 00:00 lies in [from, to).
  EXPECT_THAT(ChargedDays(meter, "2026-03-07", "2026-03-09"), ElementsAre("2026-03-08"));
}

TEST(PauseMeter, OverlapsCountOnceForTheOneThatBeganFirst) {
  const pathway::v1::Rule rule = Caps({"", ""});
  const std::vector<Pause> pauses = {From("2026-01-26", "2026-02-02", 0),
                                     From("2026-01-28", "2026-02-04", 1)};
  PauseMeter meter(rule, pauses, London());
  EXPECT_EQ(ChargedDays(meter, "2026-01-25", "2026-02-05").size(), 9u);
  int of_first = 0, of_second = 0;
  for (const Held& held : meter.charged()) {
    const int days = static_cast<int>(London().DayOf(held.to) - London().DayOf(held.from));
    (held.pause == 0 ? of_first : of_second) += days;
  }
  EXPECT_EQ(of_first, 7);
  EXPECT_EQ(of_second, 2);
}

TEST(PauseMeter, ACapIsATotalOfItsClauseAndThenTheDaysCountAgain) {
  const pathway::v1::Rule rule = Caps({"calendar_days: 3"});
  const std::vector<Pause> pauses = {From("2026-03-02", "2026-03-04"), From("2026-03-06", "")};
  PauseMeter meter(rule, pauses, London());
  EXPECT_THAT(ChargedDays(meter, "2026-03-01", "2026-03-09"),
              ElementsAre("2026-03-02", "2026-03-03", "2026-03-06"));
  // It stands until the cap is used up, and never for ever.
  ASSERT_EQ(meter.Standing().size(), 2u);
  EXPECT_EQ(Text(meter.Standing()[0].to), "2026-03-04 00:00");
  EXPECT_EQ(Text(meter.Standing()[1].to), "2026-03-07 00:00");
}

TEST(PauseMeter, WithoutCapLeftTheNextPauseThatCoversTheDayIsCharged) {
  const pathway::v1::Rule rule = Caps({"weeks: 1", ""});
  const std::vector<Pause> pauses = {From("2026-03-02", "2026-03-20", 0),
                                     From("2026-03-03", "2026-03-12", 1)};
  PauseMeter meter(rule, pauses, London());
  EXPECT_EQ(ChargedDays(meter, "2026-03-02", "2026-03-25").size(), 10u);
  // Seven days of the first clause, then what is left of the second: the 9th to the 11th.
  ASSERT_FALSE(meter.charged().empty());
  EXPECT_EQ(meter.charged().back().pause, 1);
  EXPECT_EQ(Text(meter.charged().back().to), "2026-03-12 00:00");
}

TEST(PauseMeter, EveryUnitOfACapIsCountedInDaysOrTime) {
  struct Row {
    const char* cap;
    size_t days;
  };
  for (const Row& row : std::initializer_list<Row>{{"calendar_days: 2", 2},
                                                   {"weekdays: 2", 2},
                                                   {"working_days: 2", 2},
                                                   {"school_days: 2", 2},
                                                   {"weeks: 1", 7},
                                                   {"hours: 30", 0},
                                                   {"minutes: 30", 0}}) {
    const pathway::v1::Rule rule = Caps({row.cap});
    const std::vector<Pause> pauses = {From("2026-03-02", "2026-03-20")};
    PauseMeter meter(rule, pauses, London());
    EXPECT_EQ(ChargedDays(meter, "2026-03-01", "2026-03-25").size(), row.days) << row.cap;
  }
}

struct Passing {
  const char* base;
  double hours;
  std::vector<Pause> pauses;
  const char* due;  // "": never
};

TEST(PauseMeter, TimePassesOnlyOutsideThePauses) {
  const pathway::v1::Rule rule = Caps({"", ""});
  const std::vector<Passing> rows = {
      {"2026-03-02 09:00", 5, {}, "2026-03-02 14:00"},
      {"2026-03-02 09:00", 5, {From("2026-03-02 10:00", "2026-03-02 12:00")}, "2026-03-02 16:00"},
      // It begins at the due time: no effect.
      {"2026-03-02 09:00", 5, {From("2026-03-02 14:00", "2026-03-02 18:00")}, "2026-03-02 14:00"},
      {"2026-03-02 09:00", 5, {From("2026-03-02 13:59", "2026-03-02 18:00")}, "2026-03-02 18:01"},
      // It began before the base, and was over before another.
      {"2026-03-02 09:00", 5, {From("2026-03-01 09:00", "2026-03-02 10:00")}, "2026-03-02 15:00"},
      {"2026-03-02 09:00", 5, {From("2026-03-01 09:00", "2026-03-02 09:00")}, "2026-03-02 14:00"},
      // Overlapping, nested and touching ones count once.
      {"2026-03-02 09:00",
       5,
       {From("2026-03-02 10:00", "2026-03-02 12:00"),
        From("2026-03-02 11:00", "2026-03-02 13:00", 1)},
       "2026-03-02 17:00"},
      {"2026-03-02 09:00",
       5,
       {From("2026-03-02 10:00", "2026-03-02 13:00"),
        From("2026-03-02 11:00", "2026-03-02 12:00", 1)},
       "2026-03-02 17:00"},
      {"2026-03-02 09:00",
       5,
       {From("2026-03-02 10:00", "2026-03-02 11:00"), From("2026-03-02 11:00", "2026-03-02 12:00")},
       "2026-03-02 16:00"},
      {"2026-03-02 09:00", 5, {From("2026-03-02 10:00", "")}, ""},
      {"2026-03-02 09:00", 1, {From("2026-03-02 10:00", "")}, "2026-03-02 10:00"},
      // In spring an hour of the wall clock never is, in autumn one comes twice.
      {"2026-03-28 18:00", 24, {From("2026-03-28 20:00", "2026-03-29 06:00")}, "2026-03-30 04:00"},
      {"2026-10-24 18:00", 24, {From("2026-10-24 20:00", "2026-10-25 06:00")}, "2026-10-26 04:00"},
      {"2026-10-25 00:30", 2, {}, "2026-10-25 01:30"},
  };
  for (const Passing& row : rows) {
    PauseMeter meter(rule, row.pauses, London());
    const absl::optional<absl::Time> due = meter.Pass(At(row.base), absl::Minutes(60) * row.hours);
    EXPECT_EQ(due ? Text(*due) : "", row.due) << row.base << " " << row.hours;
  }
}

TEST(PauseMeter, TimeCapsAreUsedUpToTheMinute) {
  const std::vector<Pause> pauses = {From("2026-03-02 10:00", "2026-03-02 11:00", 0),
                                     From("2026-03-02 12:00", "", 0),
                                     From("2026-03-02 12:30", "2026-03-02 14:00", 1)};
  const pathway::v1::Rule rule = Caps({"minutes: 90", ""});
  PauseMeter meter(rule, pauses, London());
  // 09-10 runs, 10-11 and 12-12:30 are the cap, until 14:00 the second clause.
  EXPECT_EQ(Text(*meter.Pass(At("2026-03-02 09:00"), absl::Hours(3))), "2026-03-02 15:00");
  EXPECT_THAT(Charged(meter), ElementsAre("0 2026-03-02 10:00 2026-03-02 11:00",
                                          "1 2026-03-02 12:00 2026-03-02 12:30",
                                          "2 2026-03-02 12:30 2026-03-02 14:00"));
  ASSERT_EQ(meter.Standing().size(), 3u);
  EXPECT_EQ(Text(meter.Standing()[1].to), "2026-03-02 12:30");
}

TEST(PauseMeter, AnOpenPauseWithoutCapChargesForEver) {
  const pathway::v1::Rule open = Caps({"", "calendar_days: 3"});
  const std::vector<Pause> pauses = {From("2026-03-02", "2026-03-04", 0), From("2026-03-05", "", 1),
                                     From("2026-03-09", "", 0)};
  PauseMeter meter(open, pauses, London());
  EXPECT_TRUE(meter.Charge(Day("2026-03-02")));
  EXPECT_FALSE(meter.ChargesForEver()) << "it ends";
  EXPECT_TRUE(meter.Charge(Day("2026-03-05")));
  EXPECT_FALSE(meter.ChargesForEver()) << "its cap will be used up";
  EXPECT_TRUE(meter.Charge(Day("2026-03-06")));
  EXPECT_TRUE(meter.Charge(Day("2026-03-07")));
  EXPECT_FALSE(meter.Charge(Day("2026-03-08")));
  EXPECT_TRUE(meter.Charge(Day("2026-03-09")));
  EXPECT_TRUE(meter.ChargesForEver());
  EXPECT_EQ(meter.charged().back().to, absl::InfiniteFuture());
}

TEST(PauseMeter, DaysChargedOneAfterAnotherAreOneStretch) {
  const pathway::v1::Rule rule = Caps({""});
  const std::vector<Pause> pauses = {From("2026-03-02", "2026-03-05"),
                                     From("2026-03-05", "2026-03-06")};
  PauseMeter meter(rule, pauses, London());
  ChargedDays(meter, "2026-03-02", "2026-03-08");
  EXPECT_THAT(Charged(meter), ElementsAre("0 2026-03-02 00:00 2026-03-05 00:00",
                                          "1 2026-03-05 00:00 2026-03-06 00:00"));
}

// Until "9999-12-31", as some systems write for "no end is known", every clock held two million
// stretches of time.
TEST(Pause, UntilTheEndOfTheCalendarIsWithoutEnd) {
  for (const char* unit : {"weekdays: 5", "weeks: 1", "months: 1", "hours: 50"}) {
    const Picture picture = story::PictureOf(
        {story::Said("x", "2026-03-02 09:00"),
         story::Said("clock_paused", "2026-03-03 09:00").Until("9999-12-31")},
        story::BooksOf(story::Rule(absl::StrCat(
            "start { is: 'x' } pause { begin { is: 'clock_paused' } end { is: 'clock_resumed' } } "
            "limit { allow { ",
            unit, " } }"))));
    EXPECT_EQ(story::ClockAt(picture, "2026-03-20"), "paused from 2026-03-02 09:00") << unit;
    ForEachClock(picture, [&](const Duty&, const Clock& clock) {
      EXPECT_LE(clock.charged.size(), 1u) << unit;
    });
  }
}

}  // namespace
}  // namespace dolen
