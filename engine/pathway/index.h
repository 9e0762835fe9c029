// Which rules an event touches, and by which of their patterns. Internal to engine/pathway.
#ifndef DOLEN_ENGINE_PATHWAY_INDEX_H_
#define DOLEN_ENGINE_PATHWAY_INDEX_H_

#include <set>
#include <string>
#include <vector>

// dolen: hash order unseen, because the map is for look-up only.
#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "engine/pathway/books.h"

namespace dolen {

struct Index {
  // dolen: hash order unseen, because names are looked up and never iterated.
  absl::flat_hash_map<std::string, std::vector<Interest>> events;
  std::set<std::string> named_parties;
  bool reads_birth = false;
  bool watches = false;
  bool reads_holding = false;
};

// Fills in what `families` know about their own patterns and gathers the index.
Index MakeIndex(absl::Span<RuleFamily> families, absl::Span<const pathway::v1::Passing> passings);

}  // namespace dolen

#endif  // DOLEN_ENGINE_PATHWAY_INDEX_H_
