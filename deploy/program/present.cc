#include "deploy/program/present.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "dolen/event/v1/event.pb.h"
#include "engine/base/status.h"
#include "engine/base/time.h"

namespace dolen {
namespace {

constexpr int kWeek = 7;

// The same time of day, so many days later.
absl::Time DaysLater(absl::Time time, int64_t days, absl::TimeZone zone) {
  return absl::FromCivil(absl::ToCivilSecond(time, zone) + days * 24 * 60 * 60, zone);
}

}  // namespace

absl::Status MoveTo(absl::Time occurred, absl::Time recorded, RecordedEvent& event) {
  event::v1::Event parsed;
  if (!parsed.ParseFromString(event.event.bytes)) {
    return absl::InternalError("the story has an event that cannot be parsed");
  }
  *parsed.mutable_open()->mutable_occurred()->mutable_instant() = ToTimestamp(occurred);
  event.event.bytes = parsed.SerializeAsString();
  event.event.occurred = occurred;
  event.event.recorded = recorded;
  event.time = recorded;
  return absl::OkStatus();
}

absl::Status MoveByWeeks(absl::Time opens, absl::TimeZone zone, RecordedRows& story) {
  const int64_t between =
      absl::ToCivilDay(opens, zone) - absl::ToCivilDay(story.events.back().time, zone);
  int64_t days = between - between % kWeek;
  if (DaysLater(story.events.back().time, days, zone) > opens) days -= kWeek;
  for (RecordedEvent& event : story.events) {
    DOLEN_RETURN_IF_ERROR(MoveTo(DaysLater(event.event.occurred, days, zone),
                                 DaysLater(event.time, days, zone), event));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<RecordedEvent>> TakeBeforeOpening(absl::Time opens, absl::TimeZone zone,
                                                             RecordedRows& day) {
  const absl::Time stated = absl::FromCivil(kDayOpens, zone);
  const auto rest = std::find_if(day.events.begin(), day.events.end(),
                                 [&](const RecordedEvent& one) { return one.time >= stated; });
  std::vector<RecordedEvent> taken(std::make_move_iterator(day.events.begin()),
                                   std::make_move_iterator(rest));
  day.events.erase(day.events.begin(), rest);
  for (RecordedEvent& event : taken) {
    DOLEN_RETURN_IF_ERROR(
        MoveTo(opens + (event.event.occurred - stated), opens + (event.time - stated), event));
  }
  return taken;
}

absl::Time ComesAt(const RecordedEvent& event, absl::Time opened, absl::TimeZone zone) {
  return opened + (event.time - absl::FromCivil(kDayOpens, zone)) / kDayPace;
}

}  // namespace dolen
