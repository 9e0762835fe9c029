#include "engine/store/event_row.h"

#include "absl/strings/str_cat.h"
#include "engine/base/time.h"

namespace dolen {

absl::Status EventRows::Decode(int64_t position, absl::string_view row, Event& event) {
  if (!row_.ParseFromArray(row.data(), static_cast<int>(row.size())) ||
      !agency_event_.ParseFromString(row_.event()) ||
      !event.open.ParseFromString(agency_event_.open())) {
    return absl::DataLossError(absl::StrCat("event row ", position, ": cannot be parsed"));
  }
  event.recorded = FromMicros(row_.recorded());
  event.position = position;
  event.backfill = agency_event_.backfill();
  return absl::OkStatus();
}

}  // namespace dolen
