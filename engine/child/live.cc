#include "engine/child/live.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "engine/base/time.h"

namespace dolen {
namespace {

using Name = std::pair<std::string, std::string>;  // agency, event id

Name NameOf(const Event& event) { return {event.open.agency(), event.open.event_id()}; }

Name Corrects(const Event& correction) {
  return {correction.open.corrects().agency(), correction.open.corrects().event_id()};
}

// One event and all that its agency said of it later.
struct Chain {
  const Event* original = nullptr;
  const Event* dispute = nullptr;   // a correction of another's event, corrected in its turn
  const Event* last = nullptr;      // the correction that decides
  const Event* standing = nullptr;  // the last one that does not void
};

bool IsLater(const Event& a, const Event& b) {
  const absl::Time a_time = FromTimestamp(a.open.published());
  const absl::Time b_time = FromTimestamp(b.open.published());
  return std::tie(a_time, a.open.event_id()) > std::tie(b_time, b.open.event_id());
}

class Chains {
 public:
  explicit Chains(absl::Span<const Event> events) {
    for (const Event& event : events) {
      if (IsOwnCorrection(event)) corrects_[NameOf(event)] = Corrects(event);
    }
    for (const Event& event : events) {
      if (IsOwnCorrection(event)) {
        Add(event, chains_[RootOf(NameOf(event))]);
      } else if (!IsCorrection(event)) {
        chains_[NameOf(event)].original = &event;
      }
    }
    for (const Event& event : events) {
      const auto chain = chains_.find(NameOf(event));
      const bool is_dispute = IsCorrection(event) && !IsOwnCorrection(event);
      if (is_dispute && chain != chains_.end()) chain->second.dispute = &event;
    }
  }

  Live Result() const {
    Live live;
    for (const auto& [root, chain] : chains_) {
      const bool is_void = chain.last != nullptr && chain.last->open.corrects().voids();
      if (chain.original == nullptr && chain.dispute == nullptr)
        live.awaited.push_back(Event::RootOf(root.first, root.second));
      if (!is_void) {
        live.events.push_back(Stands(root, chain));
      } else if (chain.original != nullptr) {
        live.voided.push_back(*chain.original);
      }
    }
    const auto by_order = [](const Event& a, const Event& b) { return a.Order() < b.Order(); };
    std::sort(live.events.begin(), live.events.end(), by_order);
    std::sort(live.voided.begin(), live.voided.end(), by_order);
    std::sort(live.awaited.begin(), live.awaited.end());
    return live;
  }

  uint64_t RootFor(const Event& event) const {
    const Name root = RootOf(NameOf(event));
    return Event::RootOf(root.first, root.second);
  }

 private:
  static void Add(const Event& correction, Chain& chain) {
    if (chain.last == nullptr || IsLater(correction, *chain.last)) chain.last = &correction;
    if (correction.open.corrects().voids()) return;
    if (chain.standing == nullptr || IsLater(correction, *chain.standing)) {
      chain.standing = &correction;
    }
  }

  // The beginning of the chain; of a circle its smallest name.
  Name RootOf(Name name) const {
    absl::btree_set<Name> passed;
    for (auto at = corrects_.find(name); at != corrects_.end(); at = corrects_.find(name)) {
      if (!passed.insert(name).second) return SmallestInCircle(name);
      name = at->second;
    }
    return name;
  }

  Name SmallestInCircle(const Name& name) const {
    Name smallest = name;
    for (Name at = corrects_.at(name); at != name; at = corrects_.at(at)) {
      smallest = std::min(smallest, at);
    }
    return smallest;
  }

  static Event Stands(const Name& root, const Chain& chain) {
    return chain.last == nullptr ? *chain.original : Replaced(root, chain);
  }

  static Event Replaced(const Name& root, const Chain& chain) {
    Event event = *chain.standing;
    const event::v1::Correction what = event.open.corrects();
    event.open.clear_corrects();
    event.open.set_event_id(root.second);
    event.open.set_kind(what.kind());
    event.open.set_milestone(what.milestone());
    const Event* first = chain.original != nullptr ? chain.original : chain.dispute;
    if (first != nullptr) event.backfill = first->backfill;
    return event;
  }

  absl::btree_map<Name, Name> corrects_;
  absl::btree_map<Name, Chain> chains_;
};

}  // namespace

bool IsCorrection(const Event& event) { return event.open.kind() == event::v1::KIND_CORRECTION; }

bool IsOwnCorrection(const Event& event) {
  return IsCorrection(event) && event.open.corrects().agency() == event.open.agency();
}

Live Corrected(absl::Span<const Event> events) { return Chains(events).Result(); }

void DropLater(absl::Time t, const Zone& zone, Live& live) {
  for (std::vector<Event>* all : {&live.events, &live.voided}) {
    all->erase(std::remove_if(all->begin(), all->end(),
                              [&](const Event& event) { return event.MomentIn(zone).from > t; }),
               all->end());
  }
}

std::vector<uint64_t> RootsOf(absl::Span<const Event> events) {
  const Chains chains(events);
  std::vector<uint64_t> roots;
  for (const Event& event : events) roots.push_back(chains.RootFor(event));
  return roots;
}

}  // namespace dolen
