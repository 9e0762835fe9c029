#include "deploy/api/emergencies.h"

#include "absl/strings/str_cat.h"

namespace dolen {

absl::Status Emergencies::Attempt(const Caller& caller, absl::Time now) {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<absl::Time>& attempts = attempts_[{caller.subject, caller.agency}];
  std::erase_if(attempts, [&](absl::Time at) { return at <= now - absl::Hours(1); });
  if (attempts.size() >= kMostEmergencies) {
    return absl::ResourceExhaustedError(
        absl::StrCat("more than ", kMostEmergencies,
                     " emergencies within an hour; speak to your organisation's data protection "
                     "lead"));
  }
  attempts.push_back(now);
  return absl::OkStatus();
}

absl::Time Emergencies::Grant(const Caller& caller, const ChildKey& child, absl::Time now) {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::erase_if(until_, [&](const auto& one) { return one.second <= now; });
  return until_[{{caller.subject, caller.agency}, child}] = now + kEmergencyHolds;
}

absl::optional<absl::Time> Emergencies::Until(const Caller& caller, const ChildKey& child,
                                              absl::Time now) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto its = until_.find({{caller.subject, caller.agency}, child});
  if (its == until_.end() || its->second <= now) return absl::nullopt;
  return its->second;
}

void Emergencies::Restore(const std::string& subject, const std::string& agency,
                          const ChildKey& child, absl::Time granted) {
  const std::lock_guard<std::mutex> lock(mutex_);
  until_[{{subject, agency}, child}] = granted + kEmergencyHolds;
}

}  // namespace dolen
