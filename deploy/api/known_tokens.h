// Tokens that were checked and found right, for a moment: a page that asks again and again pays for
// its signature once. They are kept as digests.
//
// Threads: any.
#ifndef DOLEN_DEPLOY_API_KNOWN_TOKENS_H_
#define DOLEN_DEPLOY_API_KNOWN_TOKENS_H_

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "connectors/tokens/keys.h"
#include "engine/access/caller.h"

namespace dolen {

class KnownTokens {
 public:
  // At most so long is a token believed without its signature being looked at again.
  static constexpr absl::Duration kBelievedFor = absl::Minutes(1);
  static constexpr size_t kMost = 10'000;

  // Whose token it is by `keys`, of which `check` judges a token that is not known. One that was
  // found right by other keys is checked again, so that a key that was taken out ends its tokens.
  absl::StatusOr<Caller> Of(absl::string_view token, const std::shared_ptr<const KeySet>& keys,
                            absl::Time now,
                            absl::FunctionRef<absl::StatusOr<Caller>(const KeySet&)> check);

 private:
  struct Known {
    Caller caller;
    absl::Time checked;
  };
  std::mutex mutex_;                    // guards what follows
  std::shared_ptr<const KeySet> keys_;  // by which all were checked
  absl::flat_hash_map<std::string, Known> known_;
};

}  // namespace dolen

#endif  // DOLEN_DEPLOY_API_KNOWN_TOKENS_H_
