#include "connectors/tokens/strict_json.h"

#include <utility>
#include <vector>

#include "absl/container/btree_set.h"

namespace dolen {
namespace {

using nlohmann::json;

constexpr int kDeepest = 8;

}  // namespace

absl::StatusOr<json> ParseStrictObject(absl::string_view text) {
  std::vector<absl::btree_set<std::string>> members;  // of the objects that are open
  bool is_strict = true;
  const json::parser_callback_t look = [&](int depth, json::parse_event_t event, json& value) {
    is_strict &= depth <= kDeepest;
    if (event == json::parse_event_t::object_start) members.emplace_back();
    if (event == json::parse_event_t::object_end) members.pop_back();
    if (event == json::parse_event_t::key) {
      is_strict &= members.back().insert(value.get<std::string>()).second;
    }
    return true;
  };
  json parsed = json::parse(text.begin(), text.end(), look, /*allow_exceptions=*/false);
  if (!parsed.is_object()) return absl::InvalidArgumentError("no JSON object");
  if (!is_strict)
    return absl::InvalidArgumentError("a member is given twice, or it nests too deep");
  return parsed;
}

absl::optional<std::string> TextOf(const json& object, const std::string& member) {
  const auto found = object.find(member);
  if (found == object.end() || !found->is_string()) return absl::nullopt;
  return found->get<std::string>();
}

}  // namespace dolen
