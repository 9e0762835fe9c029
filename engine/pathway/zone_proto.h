// A zone as the ledger writes it, and back. Pure.
#ifndef DOLEN_ENGINE_PATHWAY_ZONE_PROTO_H_
#define DOLEN_ENGINE_PATHWAY_ZONE_PROTO_H_

#include "absl/status/statusor.h"
#include "dolen/ledger/v1/ledger.pb.h"
#include "engine/calendar/zone.h"

namespace dolen {

// Errors: kInvalidArgument when instants and offsets are not in pairs, instants do not ascend or an
// offset is out of reach (Zone::Make).
absl::StatusOr<Zone> ZoneFromProto(const ledger::v1::Zone& proto);
// Whole seconds; the two are inverse for every zone that ZoneFromProto accepts.
ledger::v1::Zone ZoneToProto(const Zone& zone);

}  // namespace dolen

#endif  // DOLEN_ENGINE_PATHWAY_ZONE_PROTO_H_
