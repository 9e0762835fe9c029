#include "engine/child/need_to_know.h"

#include <algorithm>
#include <utility>

#include "engine/child/seal.h"

namespace dolen {
namespace {

template <typename Hidden>
std::vector<Event> Without(absl::Span<const Event> events, const Hidden& is_hidden) {
  std::vector<Event> left;
  for (size_t i = 0; i < events.size(); ++i) {
    if (!is_hidden(i)) left.push_back(events[i]);
  }
  return left;
}

}  // namespace

std::vector<Event> Unsealed(absl::Span<const Event> events, absl::string_view agency) {
  const Seals seals(events);
  return Without(events, [&](size_t i) { return seals.Hide(i, agency); });
}

std::vector<Event> NeverSealed(absl::Span<const Event> events) {
  // Nobody's name is empty, so nothing was sealed by it.
  return Unsealed(events, "");
}

NeedToKnow::NeedToKnow(absl::Span<const Event> unsealed, std::string agency, Grant grant)
    : agency_(std::move(agency)), grant_(grant), involved_(unsealed) {
  any_ = std::any_of(unsealed.begin(), unsealed.end(),
                     [this](const Event& event) { return OfEvent(event) != Extent::kNothing; });
}

Extent NeedToKnow::OfEvent(const Event& event) const {
  if (grant_ == Grant::kEmergency) return Extent::kWhole;
  return Visible(event, agency_, involved_);
}

Extent NeedToKnow::OfMatter(absl::string_view agency, absl::string_view id) const {
  if (grant_ == Grant::kEmergency) return Extent::kWhole;
  event::v1::Matter matter;
  matter.set_agency(std::string(agency));
  matter.set_id(std::string(id));
  return agency_.empty() ? Extent::kNothing : involved_.OfMatter(matter, agency_);
}

bool NeedToKnow::OfDuty(absl::string_view matter_agency, absl::string_view matter_id,
                        absl::string_view accountable, absl::string_view waits) const {
  return accountable == agency_ || waits == agency_ ||
         OfMatter(matter_agency, matter_id) != Extent::kNothing;
}

bool NeedToKnow::OfHold(absl::string_view part, absl::string_view holder,
                        absl::string_view matter_agency, absl::string_view matter_id) const {
  return part.empty() || holder == agency_ ||
         OfMatter(matter_agency, matter_id) != Extent::kNothing;
}

}  // namespace dolen
