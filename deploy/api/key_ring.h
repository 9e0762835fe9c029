// The public keys of a provider, read again now and then, and when a token names one that is not
// there. One caller reads at a time; the others go on with what there is.
//
// Threads: any. What cannot be read is said in the log; keys that are known go on being believed.
#ifndef DOLEN_DEPLOY_API_KEY_RING_H_
#define DOLEN_DEPLOY_API_KEY_RING_H_

#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "connectors/tokens/keys.h"

namespace dolen {

// Keys are read again at most so often, whatever tokens name; and at least so often, so that a key
// that was taken out is not believed for long.
inline constexpr absl::Duration kBetweenKeyReadings = absl::Seconds(10);
inline constexpr absl::Duration kKeysAge = absl::Minutes(5);

class KeyRing {
 public:
  // Where they come from; may take some seconds.
  using Source = std::function<absl::StatusOr<KeySet>()>;
  explicit KeyRing(Source source) : source_(std::move(source)) {}

  // Now, whenever it was done last.
  absl::Status Read();
  // kUnavailable: none was ever read.
  absl::StatusOr<std::shared_ptr<const KeySet>> AtHand(absl::Time now);
  // For a token whose key is not at hand. kUnavailable: somebody else is reading them just now.
  absl::StatusOr<std::shared_ptr<const KeySet>> Newest(absl::Time now);

 private:
  // Reads again where the last time was before `before`; false: somebody else is at it.
  bool ReadAgain(absl::Time now, absl::Time before);
  std::shared_ptr<const KeySet> Known() const;

  const Source source_;
  mutable std::mutex mutex_;  // guards what follows; never held while reading
  std::shared_ptr<const KeySet> keys_;
  absl::Time read_at_ = absl::InfinitePast();
  bool is_reading_ = false;
};

}  // namespace dolen

#endif  // DOLEN_DEPLOY_API_KEY_RING_H_
