// The mapping file: parsed and checked, findings with line and field. Pure: text in, mapping or
// findings out. The format is proto/dolen/mapping/v1/mapping.proto.
#ifndef DOLEN_CONNECTORS_FILES_MAPPING_H_
#define DOLEN_CONNECTORS_FILES_MAPPING_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dolen/event/v1/event.pb.h"
#include "dolen/mapping/v1/mapping.pb.h"
#include "engine/pathway/finding.h"

namespace dolen {

// Events that one row may give: a row of a real export has a handful of times.
inline constexpr int kMaxEventsPerRow = 32;
// A mapping file; longer ones are something else by mistake.
inline constexpr size_t kMaxMappingBytes = 1024 * 1024;

struct CheckedMapping {
  mapping::v1::Mapping mapping;
  std::vector<Finding> findings;  // line and column where the text says it; see FindingText
  bool ok() const;                // no errors among the findings
};

// Parses protobuf text format and checks everything that can be checked without a file: names of
// zones, kinds, agencies and fields, formats of times (each must be able to say a whole day, and
// the time of day unless "day"), filters, and that each template knows child, agency, time and what
// happened.
CheckedMapping ParseMapping(absl::string_view text);

// The same, of a file. Errors are those of reading it.
absl::StatusOr<CheckedMapping> ReadMapping(const std::string& path);

// The templates with `common` worked in: what a template does not say it takes from there.
std::vector<mapping::v1::EventTemplate> Templates(const mapping::v1::Mapping& mapping);

// The kind that a row may give under this name ("referral_made"), KIND_UNSPECIFIED if it is none.
// Corrections, identity, seals and erasures are not for rows: `forbidden` says so.
event::v1::Kind RowKind(absl::string_view name, bool& forbidden);

// Whether times in this format of strftime say their own offset from UTC.
bool FormatHasOffset(absl::string_view format);

// The formats of a Moment, the default included.
std::vector<std::string> FormatsOf(const mapping::v1::Moment& moment);

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_FILES_MAPPING_H_
