#include "engine/child/matter.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace dolen {

std::string MatterName(absl::string_view agency, absl::string_view id) {
  if (agency.empty() && id.empty()) return "standing";
  // A colon in the agency's name must not make two matters one.
  return absl::StrCat(absl::StrReplaceAll(agency, {{"%", "%25"}, {":", "%3A"}}), ":", id);
}

bool IsAnswer(event::v1::Kind kind) {
  return kind == event::v1::KIND_REFERRAL_REDIRECTED || kind == event::v1::KIND_REFERRAL_DECLINED ||
         kind == event::v1::KIND_HANDOVER_DECLINED;
}

void Take(const event::v1::Open& open, Matter& matter) {
  switch (open.kind()) {
    case event::v1::KIND_REFERRAL_MADE:
    case event::v1::KIND_HANDOVER_OFFERED:
      matter.asker = open.agency();
      matter.asked = open.to_agency();
      break;
    case event::v1::KIND_REFERRAL_REDIRECTED:
      matter.asked = open.to_agency();
      break;
    case event::v1::KIND_REFERRAL_DECLINED:
    case event::v1::KIND_HANDOVER_DECLINED:
      matter.asked = matter.asker;
      break;
    default:
      break;
  }
}

}  // namespace dolen
