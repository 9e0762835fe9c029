// Reads and writes protobuf's wire format field by field, without a message and without a copy.
// Stricter than protobuf's own parser: no groups, no numbers of more than ten bytes or 64 bits.
#ifndef DOLEN_ENGINE_ADMISSION_WIRE_H_
#define DOLEN_ENGINE_ADMISSION_WIRE_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace dolen {

enum class WireType : uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

struct WireField {
  uint32_t number = 0;
  WireType type = WireType::kVarint;
  uint64_t varint = 0;      // of kVarint
  absl::string_view bytes;  // of kBytes; a slice of the message
};

enum class WireFault { kNone, kTruncated, kMalformed };

class WireReader {
 public:
  explicit WireReader(absl::string_view message)
      : at_(message.data()), end_(message.data() + message.size()) {}

  // True: `field` is the next field. False: the end, or a fault, from which there is no way on.
  bool Next(WireField& field) {
    if (at_ == end_) return false;
    uint64_t tag;
    if (!ReadVarint(tag)) return false;
    field.number = static_cast<uint32_t>(tag >> 3);
    if (field.number == 0 || tag > UINT32_MAX) return Fail(WireFault::kMalformed);
    field.type = static_cast<WireType>(tag & 7);
    switch (field.type) {
      case WireType::kVarint:
        return ReadVarint(field.varint);
      case WireType::kBytes: {
        uint64_t size;
        if (!ReadVarint(size)) return false;
        return Take(size, field.bytes);
      }
      case WireType::kFixed64:
        return Take(8, field.bytes);
      case WireType::kFixed32:
        return Take(4, field.bytes);
    }
    return Fail(WireFault::kMalformed);  // groups, and the two types that do not exist
  }

  // A bare number, as framings have them.
  bool ReadVarint(uint64_t& value) {
    if (at_ == end_) return Fail(WireFault::kTruncated);
    if (static_cast<uint8_t>(*at_) < 0x80) {
      value = static_cast<uint8_t>(*at_++);
      return true;
    }
    return ReadLongVarint(value);
  }

  bool Take(uint64_t size, absl::string_view& bytes) {
    if (size > static_cast<uint64_t>(end_ - at_)) return Fail(WireFault::kTruncated);
    bytes = {at_, static_cast<size_t>(size)};
    at_ += size;
    return true;
  }

  absl::string_view rest() const { return {at_, static_cast<size_t>(end_ - at_)}; }
  WireFault fault() const { return fault_; }

 private:
  bool Fail(WireFault fault) {
    fault_ = fault;
    return false;
  }

  bool ReadLongVarint(uint64_t& value) {
    value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      if (at_ == end_) return Fail(WireFault::kTruncated);
      const uint64_t byte = static_cast<uint8_t>(*at_++);
      if (shift == 63 && byte > 1) break;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return true;
    }
    return Fail(WireFault::kMalformed);
  }

  const char* at_;
  const char* end_;
  WireFault fault_ = WireFault::kNone;
};

// Appends fields to `out` as protobuf's serialiser would: a default value is left out.
class WireWriter {
 public:
  explicit WireWriter(std::string& out) : out_(out) {}

  void Number(uint32_t number, uint64_t value) {
    if (value == 0) return;
    Varint(number << 3 | static_cast<uint32_t>(WireType::kVarint));
    Varint(value);
  }
  void Bytes(uint32_t number, absl::string_view bytes) {
    if (!bytes.empty()) Message(number, bytes);
  }
  // A submessage is there even if it is empty.
  void Message(uint32_t number, absl::string_view bytes) {
    Varint(number << 3 | static_cast<uint32_t>(WireType::kBytes));
    Varint(bytes.size());
    out_.append(bytes.data(), bytes.size());
  }

 private:
  void Varint(uint64_t value) {
    char buffer[10];
    size_t size = 0;
    for (; value >= 0x80; value >>= 7) buffer[size++] = static_cast<char>(value | 0x80);
    buffer[size++] = static_cast<char>(value);
    out_.append(buffer, size);
  }

  std::string& out_;
};

}  // namespace dolen

#endif  // DOLEN_ENGINE_ADMISSION_WIRE_H_
