#include "deploy/program/tale.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "deploy/program/present.h"
#include "deploy/program/story.h"
#include "dolen/event/v1/event.pb.h"
#include "engine/base/status.h"

namespace dolen {
namespace {

absl::StatusOr<RecordedRows> ReadRows(const std::string& csv, const CheckedMapping& mapping) {
  DOLEN_ASSIGN_OR_RETURN(RecordedRows rows,
                         ReadRecordedRows({csv}, &mapping, absl::InfiniteFuture()));
  if (rows.bad.empty() && !rows.events.empty()) return rows;
  return absl::InternalError(rows.bad.empty() ? "the story is empty" : rows.bad.front().Text());
}

absl::Status BringToPresent(RecordedRows day, Tale& tale) {
  std::vector<RecordedEvent>& events = tale.told.events;
  tale.end = absl::Now();
  DOLEN_RETURN_IF_ERROR(MoveByWeeks(tale.end, tale.zone, tale.told));
  DOLEN_ASSIGN_OR_RETURN(std::vector<RecordedEvent> before,
                         TakeBeforeOpening(tale.end, tale.zone, day));
  tale.to_come = std::move(day.events);
  std::move(before.begin(), before.end(), std::back_inserter(events));
  std::stable_sort(events.begin(), events.end(),
                   [](const RecordedEvent& a, const RecordedEvent& b) { return a.time < b.time; });
  return absl::OkStatus();
}

}  // namespace

absl::Status WriteText(const std::string& path, absl::string_view text) {
  std::ofstream file(path, std::ios::binary);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  file.close();
  return file ? absl::OkStatus() : absl::InternalError(absl::StrCat("cannot write ", path));
}

absl::StatusOr<Tale> ReadTale(const std::string& folder, TaleTime time) {
  const std::string csv = folder + "/story.csv", today = folder + "/today.csv";
  const std::string mapping = folder + "/story_mapping.textproto";
  DOLEN_RETURN_IF_ERROR(WriteText(csv, kStoryCsv));
  DOLEN_RETURN_IF_ERROR(WriteText(today, kStoryToday));
  DOLEN_RETURN_IF_ERROR(WriteText(mapping, kStoryMapping));
  DOLEN_ASSIGN_OR_RETURN(const CheckedMapping checked, LoadMapping(mapping));
  Tale tale;
  if (!absl::LoadTimeZone(checked.mapping.zone(), &tale.zone)) {
    return absl::FailedPreconditionError("the story's time zone is not known; install tzdata");
  }
  DOLEN_ASSIGN_OR_RETURN(tale.told, ReadRows(csv, checked));
  tale.end = tale.told.events.back().time + absl::Hours(24);
  if (time == TaleTime::kAsStated) return tale;
  DOLEN_ASSIGN_OR_RETURN(RecordedRows day, ReadRows(today, checked));
  DOLEN_RETURN_IF_ERROR(BringToPresent(std::move(day), tale));
  return tale;
}

std::string DayOfDecline(const Tale& tale) {
  for (const RecordedEvent& event : tale.told.events) {
    event::v1::Event parsed;
    if (absl::EndsWith(kStoryHero, event.event.child_value) &&
        parsed.ParseFromString(event.event.bytes) &&
        parsed.open().kind() == event::v1::KIND_REFERRAL_DECLINED) {
      const absl::Time day = event.event.occurred;
      return absl::StrCat(absl::FormatTime("%A ", day, tale.zone),
                          absl::ToCivilDay(day, tale.zone).day(),
                          absl::FormatTime(" %B", day, tale.zone));
    }
  }
  return "";
}

}  // namespace dolen
