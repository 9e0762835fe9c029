#include "deploy/api/known_tokens.h"

#include <algorithm>

#include "engine/base/digest.h"

namespace dolen {

absl::StatusOr<Caller> KnownTokens::Of(
    absl::string_view token, const std::shared_ptr<const KeySet>& keys, absl::Time now,
    absl::FunctionRef<absl::StatusOr<Caller>(const KeySet&)> check) {
  const std::string digest = Sha256(token);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (keys_ != keys) {
      known_.clear();
      keys_ = keys;
    }
    const auto known = known_.find(digest);
    if (known != known_.end()) {
      const Known& its = known->second;
      // A machine's clock may be set back: then nothing is known of what was judged later.
      const absl::Time end = std::min(its.caller.until, its.checked + kBelievedFor);
      if (its.checked <= now && now < end) return its.caller;
      known_.erase(known);
    }
  }
  absl::StatusOr<Caller> caller = check(*keys);
  if (!caller.ok()) return caller;
  const std::lock_guard<std::mutex> lock(mutex_);
  if (keys_ != keys) return caller;
  if (known_.size() >= kMost) known_.clear();
  known_[digest] = {*caller, now};
  return caller;
}

}  // namespace dolen
