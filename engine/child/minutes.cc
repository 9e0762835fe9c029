#include "engine/child/minutes.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"

namespace dolen {
namespace {

// Of which parties the answer may change, besides those that never do.
struct Needs {
  bool asks = false, acting = false, holds = false;

  void Add(absl::string_view party) {
    asks |= party == "asked" || party == "asker";
    holds |= party == "holder";
    acting |= absl::StartsWith(party, "role:") || absl::StartsWith(party, "kind:");
  }
};

// The instants at which the answer may change, in order.
std::vector<absl::Time> Changes(const Picture& picture, const Clock& clock, const Needs& needs,
                                const Zone& zone, absl::Time end) {
  std::vector<absl::Time> changes = {clock.start.from, end};
  const auto add = [&](absl::Time t) {
    if (clock.start.from < t && t < end) changes.push_back(t);
  };
  for (const Stood& one : clock.stood) {
    add(one.from);
    add(one.to);
  }
  for (const Matter& matter : picture.matters) {
    if (!needs.asks) break;
    for (const Ask& ask : matter.asks) add(ask.at.In(zone));
  }
  for (const Acting& one : picture.acting) {
    if (needs.acting) add(one.from.In(zone));
  }
  for (const Hold& hold : picture.holds) {
    if (!needs.holds) break;
    add(hold.from.In(zone));
    add(hold.to.In(zone));
  }
  std::sort(changes.begin(), changes.end());
  changes.erase(std::unique(changes.begin(), changes.end()), changes.end());
  return changes;
}

// The pause that holds the clock then: of several the one that began first.
const Stood* StoodAt(const Clock& clock, absl::Time t) {
  for (const Stood& one : clock.stood) {
    if (one.from <= t && t < one.to) return &one;
  }
  return nullptr;
}

}  // namespace

bool IsParty(absl::string_view who) {
  return who == "starter" || who == "asked" || who == "asker" || who == "holder" ||
         absl::StartsWith(who, "role:") || absl::StartsWith(who, "kind:");
}

std::vector<Share> SharesOf(const Picture& picture, const Duty& duty, const Clock& clock,
                            const Books& books, absl::Time until) {
  std::vector<Share> shares;
  if (clock.closed_by == ClosedBy::kVoided) return shares;
  const RuleVersion& version = books.families()[duty.family].versions[clock.version];
  const std::string& party = version.rule.accountable();
  const absl::Time end = std::min(clock.close.from, until);
  if (end <= clock.start.from) return shares;
  Needs needs;
  needs.Add(party);
  for (const Stood& one : clock.stood) needs.Add(one.owner);
  const std::vector<absl::Time> changes =
      Changes(picture, clock, needs, books.ZoneOf(version), end);
  for (auto at = changes.begin(); std::next(at) != changes.end(); ++at) {
    Share share{*at, *std::next(at), "", false};
    const Stood* stood = StoodAt(clock, *at);
    share.is_paused = stood != nullptr;
    const bool has_owner = stood != nullptr && !stood->owner.empty();
    share.who = AgencyAt(has_owner ? stood->owner : party, picture, duty, clock, books, *at);
    // A party that nobody is known to be: nobody's.
    if (IsParty(share.who)) share.who.clear();
    if (!shares.empty() && shares.back().who == share.who &&
        shares.back().is_paused == share.is_paused) {
      shares.back().to = share.to;
    } else {
      shares.push_back(std::move(share));
    }
  }
  return shares;
}

absl::btree_map<std::string, absl::Duration> MinutesOf(const std::vector<Share>& shares) {
  absl::btree_map<std::string, absl::Duration> minutes;
  for (const Share& share : shares) minutes[share.who] += share.to - share.from;
  return minutes;
}

}  // namespace dolen
