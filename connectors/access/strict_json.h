// JSON from strangers: an object whose members have one meaning only.
#ifndef DOLEN_CONNECTORS_ACCESS_STRICT_JSON_H_
#define DOLEN_CONNECTORS_ACCESS_STRICT_JSON_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"

namespace dolen {

// kInvalidArgument: it is no JSON object, nests deeper than eight levels, or gives a member twice.
absl::StatusOr<nlohmann::json> ParseStrictObject(absl::string_view text);

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_ACCESS_STRICT_JSON_H_
