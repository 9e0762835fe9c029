#include "deploy/zone_table.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"

namespace dolen {

ledger::v1::Zone MakeZoneTable(absl::TimeZone zone, int first_year, int last_year) {
  const absl::Time begin = absl::FromCivil(absl::CivilYear(first_year), absl::UTCTimeZone());
  const absl::Time end = absl::FromCivil(absl::CivilYear(last_year + 1), absl::UTCTimeZone());
  ledger::v1::Zone table;
  table.set_name(zone.name());
  int offset = zone.At(begin).offset;
  table.set_first_offset(offset);
  absl::TimeZone::CivilTransition change;
  for (absl::Time at = begin; zone.NextTransition(at, &change);) {
    at = zone.At(change.to).trans;
    if (at >= end) break;
    // Some changes are of the zone's abbreviation only.
    if (zone.At(at).offset == offset) continue;
    offset = zone.At(at).offset;
    table.add_at(absl::ToUnixSeconds(at));
    table.add_offset(offset);
  }
  return table;
}

absl::StatusOr<ledger::v1::Zone> LoadZoneTable(absl::string_view name) {
  absl::TimeZone zone;
  if (!absl::LoadTimeZone(std::string(name), &zone)) {
    return absl::NotFoundError(absl::StrCat(
        "time zone \"", name,
        "\" is not known to this system; write an IANA name such as \"Europe/London\" into the "
        "book's zone, and see that the package tzdata is installed"));
  }
  return MakeZoneTable(zone);
}

}  // namespace dolen
