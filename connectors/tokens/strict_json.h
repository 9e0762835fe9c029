// JSON from strangers: an object whose members have one meaning only.
#ifndef DOLEN_ENGINE_ACCESS_STRICT_JSON_H_
#define DOLEN_ENGINE_ACCESS_STRICT_JSON_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "nlohmann/json.hpp"

namespace dolen {

// kInvalidArgument: it is no JSON object, nests deeper than eight levels, or gives a member twice.
absl::StatusOr<nlohmann::json> ParseStrictObject(absl::string_view text);

// Absent where the object has no such member, or it is no text.
absl::optional<std::string> TextOf(const nlohmann::json& object, const std::string& member);

}  // namespace dolen

#endif  // DOLEN_ENGINE_ACCESS_STRICT_JSON_H_
