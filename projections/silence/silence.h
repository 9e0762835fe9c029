// When agencies were heard last, and which are silent longer than the book allows. Made of the rows
// that the fold keeps anyway.
#ifndef DOLEN_PROJECTIONS_SILENCE_SILENCE_H_
#define DOLEN_PROJECTIONS_SILENCE_SILENCE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "engine/shard/glance.h"

namespace dolen {

struct SilenceLine {
  std::string agency;
  absl::Time heard;                        // when last
  absl::optional<absl::Time> expected_by;  // none: the books do not say
  bool is_silent = false;                  // past that, at the time asked for
};

// Of one shard, by agency; an agency is heard in one shard only. kDataLoss: a row cannot be parsed.
absl::StatusOr<std::vector<SilenceLine>> ReadSilence(const Glance& glance, absl::Time at);

// As openapi.json says it: an array; and as a table with a head.
std::string SilenceJson(const std::vector<SilenceLine>& lines);
std::string SilenceCsv(const std::vector<SilenceLine>& lines);

}  // namespace dolen

#endif  // DOLEN_PROJECTIONS_SILENCE_SILENCE_H_
