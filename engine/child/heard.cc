#include "engine/child/heard.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "engine/base/time.h"
#include "engine/child/due.h"
#include "engine/pathway/about.h"

namespace dolen {

absl::optional<absl::Time> MayBeSilentUntil(absl::string_view agency, absl::Time heard,
                                            const Books& books) {
  const pathway::v1::Agency* known = books.FindAgency(agency);
  if (known == nullptr || !known->has_quiet_after()) return absl::nullopt;
  return EndOf(known->quiet_after(), heard,
               {books.zone(), books.WorkingDaysOf(agency), books.SchoolDaysOf(agency)});
}

Event HeardEvent(absl::string_view agency, int64_t position, absl::Time heard,
                 absl::optional<absl::Time> expected_by) {
  Event event;
  event.recorded = heard;
  event.position = position;
  event.open.set_agency(std::string(agency));
  event.open.set_event_id(absl::StrCat(position));
  event.open.set_kind(event::v1::KIND_MILESTONE_REACHED);
  event.open.set_milestone(std::string(kAgencyHeard));
  *event.open.mutable_occurred()->mutable_instant() = ToTimestamp(heard);
  if (!expected_by) return event;
  event::v1::Field& field = *event.open.add_fields();
  field.set_name("expected_by");
  *field.mutable_when()->mutable_instant() = ToTimestamp(*expected_by);
  return event;
}

}  // namespace dolen
