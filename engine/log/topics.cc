#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/log/log.h"

namespace dolen {

namespace {
constexpr size_t kMaxTopicName = 249;  // Kafka's: the name is part of a file name there
constexpr absl::string_view kVersion = ".v1";
}  // namespace

absl::Status CheckTopic(const TopicSpec& spec) {
  bool good = !spec.name.empty() && spec.name.size() <= kMaxTopicName && spec.name != "." &&
              spec.name != "..";
  for (const char c : spec.name) {
    good = good && (absl::ascii_isalnum(c) || c == '.' || c == '_' || c == '-');
  }
  if (!good) return absl::InvalidArgumentError("not a topic's name");
  if (spec.partitions < 1 || spec.partitions > kMaxPartitions) {
    return absl::InvalidArgumentError(absl::StrCat("topic ", spec.name, ": ", spec.partitions,
                                                   " partitions, expected 1 to ", kMaxPartitions));
  }
  return absl::OkStatus();
}

std::string TopicNames::AgencyOf(absl::string_view topic) const {
  const std::string intake = IntakePrefix();
  if (!absl::StartsWith(topic, intake) || !absl::EndsWith(topic, kVersion)) return "";
  if (topic.size() <= intake.size() + kVersion.size()) return "";
  topic.remove_prefix(intake.size());
  topic.remove_suffix(kVersion.size());
  return std::string(topic);
}

}  // namespace dolen
