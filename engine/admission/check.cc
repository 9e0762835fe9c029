#include "engine/admission/check.h"

#include "absl/strings/match.h"
#include "engine/admission/check_parts.h"
#include "engine/admission/walk.h"

namespace dolen {
namespace {

constexpr uint64_t kContract = 1;
// "00", four bytes of schema id, and at least one byte of message index.
constexpr size_t kConfluentHead = 5;

bool HasAgencyShape(absl::string_view source) {
  return !source.empty() && source.find_first_of("/:#?") == absl::string_view::npos;
}

bool CheckHeaders(const Received& received, Fault& fault) {
  if (received.headers.empty()) return true;
  if (received.headers.size() > static_cast<size_t>(kMaxHeaders)) {
    return fault.Set(Reason::kTooManyHeaders, "");
  }
  for (const Header& header : received.headers) {
    if (header.key == "ce_source" && HasAgencyShape(header.value) &&
        header.value != received.agency) {
      return fault.Set(Reason::kWrongAgency, "headers.ce_source");
    }
    if (absl::EqualsIgnoreCase(header.key, "content-type") &&
        absl::StartsWithIgnoreCase(header.value, "application/cloudevents")) {
      return fault.Set(Reason::kUnsupportedContentType, "headers.content-type");
    }
  }
  return true;
}

// Takes the Confluent wire format's head off `value`. No protobuf message begins with a byte below
// 8, since that would be field number 0.
bool StripFraming(absl::string_view& value, Fault& fault) {
  if (static_cast<uint8_t>(value[0]) >= 8) return true;
  if (value[0] != 0 || value.size() <= kConfluentHead) {
    return fault.Set(Reason::kUnknownFraming, "");
  }
  // The index is a zigzag count and as many zigzag numbers; [0], the first message, is short for 0.
  WireReader reader(value.substr(kConfluentHead));
  uint64_t count = 0, index = 0;
  if (!reader.ReadVarint(count) || (count != 0 && count != 2) ||
      (count == 2 && (!reader.ReadVarint(index) || index != 0))) {
    return fault.Set(Reason::kUnknownFraming, "");
  }
  value = reader.rest();
  return !value.empty() || fault.Set(Reason::kEmpty, "");
}

bool CheckValue(const Received& received, absl::Time now, CheckedEvent& event, Fault& fault) {
  if (received.tombstone) return fault.Set(Reason::kTombstone, "");
  if (received.value.empty()) return fault.Set(Reason::kEmpty, "");
  if (received.value.size() > kMaxEventBytes) return fault.Set(Reason::kTooLarge, "");
  if (!CheckHeaders(received, fault)) return false;
  event.message = received.value;
  if (!StripFraming(event.message, fault)) return false;

  uint64_t contract = 0;
  bool has_open = false, has_private = false, has_unknown = false;
  const Path root;
  const auto on_field = [&](const WireField& field) {
    switch (field.number) {
      case 1:
        contract = field.varint;
        break;
      case 2:
        has_open = true;
        event.open = field.bytes;
        break;
      case 3:
        has_private = true;
        event.private_part = field.bytes;
        break;
      default:
        has_unknown = true;
    }
    return true;
  };
  if (!Walk(event.message, kEventFields, root, fault, on_field)) return false;
  // A newer contract may look different in every way, so its number is judged first.
  if (contract != kContract) return fault.Set(Reason::kUnknownContract, "contract");
  if (has_unknown) return fault.Set(Reason::kUnknownField, "");
  if (!has_open) return fault.Set(Reason::kMissingOpen, "open");
  if (!has_private) return fault.Set(Reason::kMissingPrivate, "private");
  return CheckOpen(event.open, received.agency, now, event.sequence, fault) &&
         CheckPrivate(event.private_part, event, fault);
}

}  // namespace

absl::variant<CheckedEvent, Rejection> CheckEvent(const Received& received, absl::Time now) {
  absl::variant<CheckedEvent, Rejection> result;
  Fault fault;
  if (!CheckValue(received, now, absl::get<CheckedEvent>(result), fault)) {
    result = Reject(fault.reason, fault.field);
  }
  return result;
}

}  // namespace dolen
