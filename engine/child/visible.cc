#include "engine/child/visible.h"

#include <algorithm>

#include "engine/child/live.h"

namespace dolen {
namespace {

using event::v1::Kind;

// What whoever was asked says without taking it on.
bool OnlyAnswers(Kind kind) {
  switch (kind) {
    case event::v1::KIND_REFERRAL_RECEIVED:
    case event::v1::KIND_INFORMATION_REQUESTED:
    case event::v1::KIND_REFERRAL_DECLINED:
    case event::v1::KIND_REFERRAL_REDIRECTED:
    case event::v1::KIND_HANDOVER_DECLINED:
      return true;
    default:
      return false;
  }
}

// Without regard to corrections.
Extent Directly(const Event& event, absl::string_view agency, const Involved& involved) {
  const event::v1::Open& open = event.open;
  if (agency == open.agency() || agency == open.to_agency()) return Extent::kWhole;
  return involved.OfMatter(open.matter(), agency);
}

}  // namespace

Involved::Involved(absl::Span<const Event> events) {
  const std::vector<uint64_t> roots = RootsOf(events);
  for (size_t i = 0; i < events.size(); ++i) {
    const event::v1::Open& open = events[i].open;
    Join(events[i]);
    root_of_.emplace(Name(open.agency(), open.event_id()), roots[i]);
    chains_[roots[i]].push_back(&events[i]);
  }
}

void Involved::Join(const Event& event) {
  const event::v1::Open& open = event.open;
  const bool is_correction = IsCorrection(event);
  if (is_correction && (!IsOwnCorrection(event) || open.corrects().voids())) return;
  const Kind kind = is_correction ? open.corrects().kind() : open.kind();
  const Name matter(open.matter().agency(), open.matter().id());
  Raise(matter, open.matter().agency(), Extent::kWhole);
  Raise(matter, open.agency(), OnlyAnswers(kind) ? Extent::kOpenPart : Extent::kWhole);
  Raise(matter, open.to_agency(), Extent::kOpenPart);
}

void Involved::Raise(const Name& matter, const std::string& agency, Extent extent) {
  if (agency.empty()) return;
  Extent& known = parties_[matter][agency];
  known = std::max(known, extent);
}

Extent Involved::OfMatter(const event::v1::Matter& matter, absl::string_view agency) const {
  const auto its = parties_.find(Name(matter.agency(), matter.id()));
  if (its == parties_.end()) return Extent::kNothing;
  const auto party = its->second.find(agency);
  return party == its->second.end() ? Extent::kNothing : party->second;
}

uint64_t Involved::RootOf(absl::string_view agency, absl::string_view event_id) const {
  const auto known = root_of_.find(Name(agency, event_id));
  return known == root_of_.end() ? Event::RootOf(agency, event_id) : known->second;
}

Extent Involved::OfChain(const Event& correction, absl::string_view agency) const {
  // A dispute may dispute a dispute, and two may dispute each other.
  std::vector<uint64_t> roots = {RootOf(correction.open.agency(), correction.open.event_id())};
  Extent most = Extent::kNothing;
  for (size_t i = 0; i < roots.size(); ++i) {
    const auto chain = chains_.find(roots[i]);
    if (chain == chains_.end()) continue;
    for (const Event* one : chain->second) {
      most = std::max(most, Directly(*one, agency, *this));
      if (!IsCorrection(*one) || IsOwnCorrection(*one)) continue;
      const uint64_t disputed =
          RootOf(one->open.corrects().agency(), one->open.corrects().event_id());
      if (std::find(roots.begin(), roots.end(), disputed) == roots.end()) {
        roots.push_back(disputed);
      }
    }
  }
  return most;
}

Extent Visible(const Event& event, absl::string_view agency, const Involved& involved) {
  if (agency.empty()) return Extent::kNothing;
  return IsCorrection(event) ? involved.OfChain(event, agency) : Directly(event, agency, involved);
}

}  // namespace dolen
