#include "engine/child/party.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"

namespace dolen {
namespace {

// Of a thread the matter counts in which somebody else than the asker was asked last; without one,
// that of the last ask or answer.
Parties Asking(const Standpoint& at) {
  const auto& matters = at.picture.matters;
  if (at.thread.empty()) return matters[at.matter].PartiesAt(at.t, at.zone);
  const Matter* latest = nullptr;
  std::pair<bool, absl::Time> when = {false, absl::InfinitePast()};
  for (const Matter& matter : matters) {
    if (ThreadName(matters, matter) != at.thread) continue;
    for (const Ask& ask : matter.asks) {
      const absl::Time since = ask.at.In(at.zone);
      const auto asks_another = std::make_pair(ask.asked != ask.asker, since);
      if (since > at.t || asks_another < when) continue;
      when = asks_another;
      latest = &matter;
    }
  }
  return latest == nullptr ? Parties() : latest->PartiesAt(at.t, at.zone);
}

// Whoever acts so in the matter, else anywhere about the child.
absl::string_view Named(absl::string_view party, const Standpoint& at) {
  absl::string_view elsewhere;
  for (auto one = at.picture.acting.rbegin(); one != at.picture.acting.rend(); ++one) {
    if (one->party != party || one->from.In(at.zone) > at.t) continue;
    if (one->matter == at.matter) return one->agency;
    if (elsewhere.empty()) elsewhere = one->agency;
  }
  return elsewhere;
}

}  // namespace

std::string AgencyOf(absl::string_view party, const Standpoint& at) {
  absl::string_view agency = party;
  if (absl::ConsumePrefix(&agency, "agency:")) return std::string(agency);
  agency = {};
  if (party == "starter") {
    agency = at.starter;
  } else if (party == "asked") {
    agency = Asking(at).asked;
  } else if (party == "asker") {
    agency = Asking(at).asker;
  } else if (party == "holder") {
    const std::vector<absl::string_view> holders = HoldersAt(at.picture.holds, "", at.t, at.zone);
    if (!holders.empty()) agency = holders.front();
  } else if (absl::StartsWith(party, "role:") || absl::StartsWith(party, "kind:")) {
    agency = Named(party, at);
  }
  return std::string(agency.empty() ? party : agency);
}

}  // namespace dolen
