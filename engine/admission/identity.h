// Which child is it? Identifiers lead to child keys through one totally ordered topic of claims: an
// unknown identifier is claimed by appending a fresh random key, and the first claim read back
// wins, so that two processes that meet a new number agree. Identifiers are kept as keyed hashes
// only, here and in the topic.
//
// Threads: Resolve and Refresh by one thread at a time; Lookup, position and links_needed by any.
#ifndef DOLEN_ENGINE_ADMISSION_IDENTITY_H_
#define DOLEN_ENGINE_ADMISSION_IDENTITY_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "engine/admission/identifiers.h"
#include "engine/base/digest.h"
#include "engine/base/ids.h"
#include "engine/log/log.h"

namespace dolen {

class IdentityLog {
 public:
  // Gives that many random bytes.
  using RandomSource = std::function<std::string(size_t)>;

  // Reads the topic, which must exist, up to its present end. `log` must outlive the result.
  // `secret` is the installation's: another one finds nothing and claims all anew.
  static absl::StatusOr<std::unique_ptr<IdentityLog>> Open(Log* log, const TopicNames& names,
                                                           absl::string_view secret,
                                                           RandomSource random = RandomBytes);

  // One key for each list; no list may be empty. Unknown identifiers are claimed in one batch: for
  // the key of the first known one beside them, or for a fresh key. Where a list leads to several
  // keys, the first identifier's counts, and links_needed() grows. After an error nothing is
  // lost: call again; claims that did reach the log are found there.
  absl::StatusOr<std::vector<ChildKey>> Resolve(
      absl::Span<const absl::Span<const IdentifierView>> lists);

  // Reads what others claimed, up to the present end.
  absl::Status Refresh();

  // Without claiming, and as of the last Resolve or Refresh.
  absl::optional<ChildKey> Lookup(absl::string_view issuer, absl::string_view value) const;

  // The position in the identity topic up to which claims are known.
  int64_t position() const { return position_.load(std::memory_order_relaxed); }
  // Events so far whose identifiers led to more than one child.
  int64_t links_needed() const { return links_needed_.load(std::memory_order_relaxed); }

 private:
  // The first half of the HMAC: 128 bits are enough to tell all identifiers of the world apart.
  struct Tag {
    uint64_t high = 0;
    uint64_t low = 0;
    friend bool operator==(const Tag&, const Tag&) = default;
    template <typename H>
    friend H AbslHashValue(H h, const Tag& tag) {
      return H::combine(std::move(h), tag.high, tag.low);
    }
  };
  using Keys = absl::flat_hash_map<Tag, ChildKey>;
  // The identifiers of one batch, list after list, with their places in it.
  struct Batch;

  IdentityLog(Log* log, const TopicNames& names, absl::string_view secret, RandomSource random);
  static Tag TagOf(absl::string_view hmac);
  std::string HmacOf(const IdentifierView& identifier) const;  // mutex_ is held
  // The claims that the batch needs, in its order; mutex_ is held.
  std::vector<std::pair<std::string, ChildKey>> Unclaimed(const Batch& batch) const;
  absl::Status Claim(const std::vector<std::pair<std::string, ChildKey>>& claims);
  absl::Status Apply(const Entry& entry);

  Log* const log_;
  const TopicPartition topic_;
  const RandomSource random_;
  std::unique_ptr<LogReader> reader_;
  std::unique_ptr<LogAppender> appender_;  // none: the last one failed, open another

  mutable std::mutex mutex_;  // guards digest_ and keys_
  KeyedDigest digest_;
  Keys keys_;
  mutable std::string scratch_;  // under mutex_
  std::atomic<int64_t> position_{0};
  std::atomic<int64_t> links_needed_{0};
};

}  // namespace dolen

#endif  // DOLEN_ENGINE_ADMISSION_IDENTITY_H_
