// The demo's story brought to the present.
#include "deploy/program/present.h"

#include <gtest/gtest.h>

#include "dolen/event/v1/event.pb.h"
#include "engine/base/time.h"

namespace dolen {
namespace {

using Minute = absl::CivilMinute;

absl::TimeZone London() {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone("Europe/London", &zone));
  return zone;
}

absl::Time At(const Minute& minute) { return absl::FromCivil(minute, London()); }

RecordedEvent EventAt(const Minute& occurred, const Minute& recorded) {
  event::v1::Event event;
  *event.mutable_open()->mutable_occurred()->mutable_instant() = ToTimestamp(At(occurred));
  event.mutable_open()->set_event_id("e");
  RecordedEvent row;
  row.event.bytes = event.SerializeAsString();
  row.event.occurred = At(occurred);
  row.time = At(recorded);
  return row;
}

absl::Time OccurredIn(const RecordedEvent& row) {
  event::v1::Event event;
  EXPECT_TRUE(event.ParseFromString(row.event.bytes));
  EXPECT_EQ(event.open().event_id(), "e");
  return FromTimestamp(event.open().occurred().instant());
}

TEST(Present, AFridayAfternoonStaysOneThoughClocksHaveChanged) {
  RecordedRows story;
  story.events = {EventAt(Minute(2026, 1, 9, 16, 30), Minute(2026, 1, 9, 16, 30)),
                  EventAt(Minute(2026, 1, 15, 10, 0), Minute(2026, 2, 20, 10, 0))};
  const absl::Time opens = At(Minute(2026, 7, 8, 9, 0));  // a Wednesday of summer
  ASSERT_TRUE(MoveByWeeks(opens, London(), story).ok());
  EXPECT_EQ(story.events[0].time, At(Minute(2026, 5, 22, 16, 30)));
  EXPECT_EQ(absl::GetWeekday(absl::ToCivilDay(story.events[0].time, London())),
            absl::Weekday::friday);
  EXPECT_EQ(story.events[1].time, At(Minute(2026, 7, 3, 10, 0)));
  EXPECT_EQ(OccurredIn(story.events[1]), At(Minute(2026, 5, 28, 10, 0)));
}

TEST(Present, TheStoryHasEndedWhenPagesOpenAndNotAWeekBefore) {
  // From before the story's own end over a year, at times of day before and after its last event.
  for (int hours = -24 * 9; hours < 24 * 365; hours += 7) {
    RecordedRows story;
    story.events = {EventAt(Minute(2026, 2, 20, 10, 0), Minute(2026, 2, 20, 10, 0))};
    const absl::Time opens = At(Minute(2026, 2, 20, 10, 0)) + absl::Hours(hours);
    ASSERT_TRUE(MoveByWeeks(opens, London(), story).ok());
    ASSERT_LE(story.events[0].time, opens) << hours;
    ASSERT_LT(opens - story.events[0].time, absl::Hours(24 * 7 + 1)) << hours;
  }
}

TEST(Present, TheDayMovesToTheMinuteAndItsRestComesAtItsOwnPace) {
  RecordedRows day;
  day.events = {EventAt(Minute(2026, 2, 24, 10, 6), Minute(2026, 2, 24, 10, 8)),
                EventAt(Minute(2026, 2, 27, 10, 3), Minute(2026, 2, 27, 10, 3))};
  const absl::Time opens = At(Minute(2026, 3, 30, 8, 0));  // clocks have gone forward in between
  const absl::StatusOr<std::vector<RecordedEvent>> before = TakeBeforeOpening(opens, London(), day);
  ASSERT_TRUE(before.ok()) << before.status();
  ASSERT_EQ(before->size(), 1);
  EXPECT_EQ(OccurredIn(before->front()), opens - absl::Hours(72) + absl::Minutes(6));
  EXPECT_EQ(before->front().time, opens - absl::Hours(72) + absl::Minutes(8));
  ASSERT_EQ(day.events.size(), 1);
  EXPECT_EQ(ComesAt(day.events[0], opens, London()), opens + absl::Minutes(1));
}

}  // namespace
}  // namespace dolen
