// Ids that must not be mixed up are types of their own.
#ifndef DOLEN_ENGINE_BASE_IDS_H_
#define DOLEN_ENGINE_BASE_IDS_H_

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"

namespace dolen {

// A child's random key: 16 bytes, never derived from any identifier.
class ChildKey {
 public:
  static constexpr size_t kBytes = 16;

  ChildKey() : bytes_{} {}
  // Returns false and leaves `key` alone if `bytes` is not kBytes long.
  static bool FromBytes(absl::string_view bytes, ChildKey& key) {
    if (bytes.size() != kBytes) return false;
    std::memcpy(key.bytes_.data(), bytes.data(), kBytes);
    return true;
  }
  // From 32 hex digits, as alerts and pages show it.
  static bool FromHex(absl::string_view hex, ChildKey& key) {
    if (hex.size() != 2 * kBytes) return false;
    for (char c : hex) {
      if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return false;
    }
    return FromBytes(absl::HexStringToBytes(hex), key);
  }

  absl::string_view bytes() const { return {bytes_.data(), kBytes}; }
  std::string Hex() const { return absl::BytesToHexString(bytes()); }
  // The ledger partition of this child among `partitions`. Keys are random, so their first bytes
  // are.
  int32_t Partition(int32_t partitions) const {
    uint32_t head = 0;
    for (int i = 0; i < 4; ++i) head = head << 8 | static_cast<uint8_t>(bytes_[i]);
    return static_cast<int32_t>(head % static_cast<uint32_t>(partitions));
  }

  friend bool operator==(const ChildKey&, const ChildKey&) = default;
  friend auto operator<=>(const ChildKey& a, const ChildKey& b) {
    return std::memcmp(a.bytes_.data(), b.bytes_.data(), kBytes) <=> 0;
  }
  template <typename H>
  friend H AbslHashValue(H h, const ChildKey& key) {
    return H::combine(std::move(h), key.bytes());
  }

 private:
  std::array<char, kBytes> bytes_;
};

}  // namespace dolen

#endif  // DOLEN_ENGINE_BASE_IDS_H_
