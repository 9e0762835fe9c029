#include "engine/pathway/zone_proto.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace dolen {

absl::StatusOr<Zone> ZoneFromProto(const ledger::v1::Zone& proto) {
  if (proto.at_size() != proto.offset_size()) {
    return absl::InvalidArgumentError(absl::StrCat("zone ", proto.name(), ": ", proto.at_size(),
                                                   " instants but ", proto.offset_size(),
                                                   " offsets"));
  }
  std::vector<Zone::Change> changes;
  changes.reserve(proto.at_size());
  for (int i = 0; i < proto.at_size(); ++i) {
    changes.push_back({absl::FromUnixSeconds(proto.at(i)), absl::Seconds(proto.offset(i))});
  }
  return Zone::Make(proto.name(), absl::Seconds(proto.first_offset()), std::move(changes));
}

ledger::v1::Zone ZoneToProto(const Zone& zone) {
  ledger::v1::Zone proto;
  proto.set_name(zone.name());
  proto.set_first_offset(static_cast<int32_t>(absl::ToInt64Seconds(zone.first_offset())));
  for (const Zone::Change& change : zone.changes()) {
    proto.add_at(absl::ToUnixSeconds(change.at));
    proto.add_offset(static_cast<int32_t>(absl::ToInt64Seconds(change.offset)));
  }
  return proto;
}

}  // namespace dolen
