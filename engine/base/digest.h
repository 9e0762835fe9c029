// Hashes. OpenSSL and xxHash are included by digest.cc only.
#ifndef DOLEN_ENGINE_BASE_DIGEST_H_
#define DOLEN_ENGINE_BASE_DIGEST_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "engine/base/ids.h"

namespace dolen {

// 64-bit XXH3 of `b` seeded with that of `a`: finds things, proves nothing.
uint64_t Hash64(absl::string_view a, absl::string_view b = {});

std::string Sha256(absl::string_view text);  // 32 bytes
// First 16 bytes of the SHA-256 of `text`, as 32 lower-case hex digits.
std::string ShortSha256Hex(absl::string_view text);

// The key of an agency's own row, which stands among those of children. It leads to the ledger
// partition in which it is told that the agency was heard.
ChildKey AgencyKey(absl::string_view agency);

// A chain over everything ever added: equal chains were fed the same items in the same order.
// Detects damage, not forgery.
class RunningDigest {
 public:
  static constexpr size_t kBytes = 16;
  RunningDigest() : bytes_{} {}
  static RunningDigest FromBytes(absl::string_view bytes);  // `bytes` is kBytes long
  void Add(absl::string_view item);                         // the item's length is part of it
  void AddInt(int64_t item);
  absl::string_view bytes() const { return {bytes_.data(), kBytes}; }
  std::string Hex() const;
  friend bool operator==(const RunningDigest&, const RunningDigest&) = default;

 private:
  std::array<char, kBytes> bytes_;
};

// HMAC-SHA-256 under one secret. Not for use from two threads at once.
class KeyedDigest {
 public:
  explicit KeyedDigest(absl::string_view secret);
  ~KeyedDigest();
  KeyedDigest(const KeyedDigest&) = delete;
  KeyedDigest& operator=(const KeyedDigest&) = delete;
  std::string Of(absl::string_view text) const;  // 32 bytes

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Whether two texts are the same, in a time that says nothing of where they differ.
bool SameSecret(absl::string_view a, absl::string_view b);

// Random bytes from the operating system, for child keys and secrets. Never called by the fold.
std::string RandomBytes(size_t count);

}  // namespace dolen

#endif  // DOLEN_ENGINE_BASE_DIGEST_H_
