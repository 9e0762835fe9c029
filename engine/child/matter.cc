#include "engine/child/matter.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "engine/base/digest.h"

namespace dolen {
namespace {

const Dated& Earlier(const Dated& a, const Dated& b) { return a.at <= b.at ? a : b; }

Ask* LastHandover(Matter& matter) {
  const auto last = std::find_if(matter.asks.rbegin(), matter.asks.rend(),
                                 [](const Ask& ask) { return ask.is_handover; });
  return last == matter.asks.rend() ? nullptr : &*last;
}

}  // namespace

std::string MatterName(absl::string_view agency, absl::string_view id) {
  if (agency.empty() && id.empty()) return "standing";
  // A colon in the agency's name must not make two matters one.
  return absl::StrCat(absl::StrReplaceAll(agency, {{"%", "%25"}, {":", "%3A"}}), ":", id);
}

uint64_t MatterId(absl::string_view agency, absl::string_view id) { return Hash64(agency, id); }

Parties Matter::parties() const {
  if (asks.empty()) return {};
  return {asks.back().asker, asks.back().asked};
}

const Ask* Matter::UnfinishedHandover() const {
  const auto offer =
      std::find_if(asks.rbegin(), asks.rend(), [](const Ask& ask) { return ask.is_handover; });
  return offer != asks.rend() && offer->over.IsNever() ? &*offer : nullptr;
}

Dated Matter::WaitsUntil(size_t ask) const {
  const Dated answered = Earlier(asks[ask].accepted, asks[ask].over);
  return ask + 1 < asks.size() ? Earlier(answered, asks[ask + 1].at) : answered;
}

Dated Matter::UnfinishedUntil(size_t ask) const {
  const auto next = std::find_if(asks.begin() + static_cast<std::ptrdiff_t>(ask) + 1, asks.end(),
                                 [](const Ask& other) { return other.is_handover; });
  return next == asks.end() ? asks[ask].over : Earlier(asks[ask].over, next->at);
}

Parties Matter::PartiesAt(absl::Time t, const Zone& zone) const {
  for (auto ask = asks.rbegin(); ask != asks.rend(); ++ask) {
    if (ask->at.In(zone) <= t) return {ask->asker, ask->asked};
  }
  return {};
}

bool IsAnswer(event::v1::Kind kind) {
  return kind == event::v1::KIND_REFERRAL_REDIRECTED || kind == event::v1::KIND_REFERRAL_DECLINED ||
         kind == event::v1::KIND_HANDOVER_DECLINED;
}

bool AsksAnother(event::v1::Kind kind) {
  return kind == event::v1::KIND_REFERRAL_MADE || kind == event::v1::KIND_REFERRAL_REDIRECTED ||
         kind == event::v1::KIND_HANDOVER_OFFERED;
}

bool Take(const Event& event, Matter& matter) {
  const event::v1::Open& open = event.open;
  const Parties before = matter.parties();
  Ask ask;
  ask.at = event.dated();
  ask.asker = std::string(before.asker);
  ask.asked = std::string(before.asked);
  switch (open.kind()) {
    case event::v1::KIND_HANDOVER_OFFERED:
      ask.is_handover = true;
      ask.part = open.part();
      [[fallthrough]];
    case event::v1::KIND_REFERRAL_MADE:
      ask.asker = open.agency();
      ask.asked = open.to_agency();
      break;
    case event::v1::KIND_REFERRAL_REDIRECTED:
      ask.asked = open.to_agency();
      ask.kind = AskKind::kPassedOn;
      break;
    case event::v1::KIND_REFERRAL_DECLINED:
    case event::v1::KIND_HANDOVER_DECLINED:
      ask.asked = ask.asker;
      ask.kind = AskKind::kDeclined;
      ask.reason = open.reason();
      break;
    case event::v1::KIND_REFERRAL_ACCEPTED:
    case event::v1::KIND_HANDOVER_ACCEPTED:
      // Whoever says it; a decline that was taken back is told by another ask.
      if (!matter.asks.empty() && matter.asks.back().kind != AskKind::kDeclined) {
        Ask& last = matter.asks.back();
        last.is_taken_on = true;
        if (last.is_handover && last.accepted.IsNever()) last.accepted = event.dated();
      }
      return false;
    case event::v1::KIND_HANDOVER_COMPLETED:
    case event::v1::KIND_HANDOVER_CANCELLED:
      if (Ask* const last = LastHandover(matter); last != nullptr && last->over.IsNever()) {
        last->over = event.dated();
      }
      return false;
    default:
      return false;
  }
  matter.asks.push_back(std::move(ask));
  return true;
}

std::string ThreadName(absl::Span<const Matter> matters, const Matter& matter) {
  const Matter* at = &matter;
  std::vector<std::string> passed;
  while (at->continues()) {
    const std::string name = at->Name();
    const auto before_now = std::find(passed.begin(), passed.end(), name);
    if (before_now != passed.end()) return *std::min_element(before_now, passed.end());
    passed.push_back(name);
    const auto before = std::find_if(matters.begin(), matters.end(), [&](const Matter& other) {
      return other.agency == at->continues_agency && other.id == at->continues_id;
    });
    if (before == matters.end()) return MatterName(at->continues_agency, at->continues_id);
    at = &*before;
  }
  return at->Name();
}

}  // namespace dolen
