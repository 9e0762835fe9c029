#include "engine/child/seal.h"

#include <algorithm>
#include <utility>

#include "absl/container/btree_map.h"
#include "engine/child/live.h"

namespace dolen {
namespace {

using Name = std::pair<std::string, std::string>;  // of a matter: agency, id; empty: the child
using Sealers = absl::btree_map<Name, absl::btree_set<std::string>>;

Name MatterOf(const Event& event) {
  return {event.open.matter().agency(), event.open.matter().id()};
}

// By matter, whose seals stand.
Sealers Standing(absl::Span<const Event> events) {
  Sealers standing;
  for (const Event& event : Corrected(events).events) {
    if (event.open.kind() == event::v1::KIND_RECORD_SEALED) {
      standing[MatterOf(event)].insert(event.open.agency());
    } else if (event.open.kind() == event::v1::KIND_RECORD_UNSEALED) {
      standing[MatterOf(event)].erase(event.open.agency());
    }
  }
  absl::erase_if(standing, [](const auto& one) { return one.second.empty(); });
  return standing;
}

// Of each event the first that it belongs to by corrections and disputes, also of disputes of
// disputes.
class Groups {
 public:
  explicit Groups(absl::Span<const Event> events) : roots_(RootsOf(events)) {
    absl::btree_map<Name, uint64_t> root_of;
    for (size_t i = 0; i < events.size(); ++i) {
      const event::v1::Open& open = events[i].open;
      root_of.emplace(Name(open.agency(), open.event_id()), roots_[i]);
    }
    for (size_t i = 0; i < events.size(); ++i) {
      if (!IsCorrection(events[i]) || IsOwnCorrection(events[i])) continue;
      const event::v1::Correction& corrects = events[i].open.corrects();
      const auto disputed = root_of.find(Name(corrects.agency(), corrects.event_id()));
      if (disputed != root_of.end()) into_[Of(roots_[i])] = Of(disputed->second);
    }
  }
  uint64_t OfEvent(size_t place) const { return Of(roots_[place]); }

 private:
  uint64_t Of(uint64_t root) const {
    for (auto next = into_.find(root); next != into_.end() && next->second != root;
         next = into_.find(root)) {
      root = next->second;
    }
    return root;
  }

  const std::vector<uint64_t> roots_;
  absl::btree_map<uint64_t, uint64_t> into_;
};

}  // namespace

Seals::Seals(absl::Span<const Event> events) {
  const Sealers standing = Standing(events);
  any_ = !standing.empty();
  if (!any_) return;
  by_.resize(events.size());
  const auto whole = standing.find(Name());
  const Groups groups(events);
  absl::btree_map<uint64_t, absl::btree_set<std::string>> by_group;
  for (size_t i = 0; i < events.size(); ++i) {
    const auto sealed = standing.find(MatterOf(events[i]));
    if (sealed == standing.end()) continue;
    by_group[groups.OfEvent(i)].insert(sealed->second.begin(), sealed->second.end());
  }
  for (size_t i = 0; i < events.size(); ++i) {
    if (const auto its = by_group.find(groups.OfEvent(i)); its != by_group.end()) {
      by_[i] = its->second;
    }
    if (whole != standing.end()) by_[i].insert(whole->second.begin(), whole->second.end());
  }
}

bool Seals::MayBe(const Event& event) {
  return event.open.kind() == event::v1::KIND_RECORD_SEALED ||
         event.open.corrects().kind() == event::v1::KIND_RECORD_SEALED;
}

bool Seals::Hide(size_t place, absl::string_view agency) const {
  return any_ && std::any_of(by_[place].begin(), by_[place].end(),
                             [&](const std::string& by) { return by != agency; });
}

}  // namespace dolen
