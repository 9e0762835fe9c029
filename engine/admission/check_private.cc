#include "absl/strings/ascii.h"
#include "dolen/event/v1/event.pb.h"
#include "engine/admission/check_parts.h"
#include "engine/admission/walk.h"
#include "engine/base/time.h"

namespace dolen {
namespace {

constexpr absl::string_view kNhs = "nhs";
constexpr absl::string_view kUpn = "upn";
constexpr absl::string_view kChi = "chi";

bool HasSpace(absl::string_view text) { return text.find(' ') != absl::string_view::npos; }

// "NHS" would be another issuer than "nhs", and the child would be split in two.
bool IsMiswritten(absl::string_view issuer) {
  for (const absl::string_view known : {kNhs, kUpn, kChi}) {
    if (issuer != known && issuer.size() == known.size() &&
        absl::AsciiStrToLower(issuer) == known) {
      return true;
    }
  }
  return false;
}

bool ReadIdentifier(absl::string_view bytes, const Path& path, IdentifierView& identifier,
                    Fault& fault) {
  const auto on_field = [&](const WireField& field) {
    if (field.number == event::v1::Identifier::kIssuerFieldNumber) identifier.issuer = field.bytes;
    if (field.number == event::v1::Identifier::kValueFieldNumber) identifier.value = field.bytes;
    return true;
  };
  if (!Walk(bytes, kIdentifierFields, path, fault, on_field)) return false;
  const absl::string_view issuer = identifier.issuer, value = identifier.value;
  if (issuer.empty() || HasSpace(issuer) || IsMiswritten(issuer)) {
    return fault.Set(Reason::kBadIdentifier, path.Text("issuer"));
  }
  if (value.empty() || HasSpace(value)) {
    return fault.Set(Reason::kBadIdentifier, path.Text("value"));
  }
  if (issuer == kNhs && !IsNhsNumber(value)) {
    return fault.Set(Reason::kBadNhsNumber, path.Text("value"));
  }
  if (issuer == kUpn && !IsUpn(value)) return fault.Set(Reason::kBadUpn, path.Text("value"));
  return true;
}

bool CheckBirthDate(absl::string_view text, const Path& path, Fault& fault) {
  absl::CivilDay day;
  if (text.empty() || (ParseDay(text, day) && day.year() >= kFirstYear)) return true;
  return fault.Set(Reason::kBadBirthDate, path.Text("birth_date"));
}

}  // namespace

bool CheckPrivate(absl::string_view private_part, CheckedEvent& event, Fault& fault) {
  const Path path{nullptr, "private"};
  const auto on_field = [&](const WireField& field) {
    if (field.number == event::v1::Private::kBirthDateFieldNumber) {
      return CheckBirthDate(field.bytes, path, fault);
    }
    if (field.number != event::v1::Private::kChildFieldNumber) return true;
    if (event.identifiers == kMaxIdentifiers) {
      return fault.Set(Reason::kTooManyIdentifiers, path.Text("child"));
    }
    const Path child{&path, "child", event.identifiers};
    return ReadIdentifier(field.bytes, child, event.identifier[event.identifiers++], fault);
  };
  if (!Walk(private_part, kPrivateFields, path, fault, on_field)) return false;
  return event.identifiers > 0 || fault.Set(Reason::kMissingChild, path.Text("child"));
}

}  // namespace dolen
