// From the system's time zone data to a table that can be published. Reads /usr/share/zoneinfo, so
// it runs where a book is published and never in the fold.
#ifndef DOLEN_DEPLOY_ZONE_TABLE_H_
#define DOLEN_DEPLOY_ZONE_TABLE_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "dolen/ledger/v1/ledger.pb.h"

namespace dolen {

// The years a published table covers: nobody in care was born before the first, and no rule reaches
// beyond the last.
inline constexpr int kZoneFirstYear = 1900;
inline constexpr int kZoneLastYear = 2100;

// The changes of offset from the first instant of `first_year` to the last of `last_year`, in UTC.
// Before the first change the offset is the one of the first instant; after the last it stays.
ledger::v1::Zone MakeZoneTable(absl::TimeZone zone, int first_year = kZoneFirstYear,
                               int last_year = kZoneLastYear);

// The same by IANA name. Errors: kNotFound when this system does not know the name, with what to
// do.
absl::StatusOr<ledger::v1::Zone> LoadZoneTable(absl::string_view name);

}  // namespace dolen

#endif  // DOLEN_DEPLOY_ZONE_TABLE_H_
