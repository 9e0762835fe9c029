// Whose minutes a clock's time is: each to whoever held it up, or was accountable then, or nobody.
// Pure. rules.md, "Minutes".
#ifndef DOLEN_ENGINE_CHILD_MINUTES_H_
#define DOLEN_ENGINE_CHILD_MINUTES_H_

#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "engine/child/picture.h"

namespace dolen {

struct Share {
  absl::Time from;
  absl::Time to;
  std::string who;         // an agency, a code such as "family", or empty: nobody
  bool is_paused = false;  // the clock stood
  friend bool operator==(const Share&, const Share&) = default;
};

// Whether it is a party of a rule, as AgencyAt leaves it where nobody is known to be that party.
bool IsParty(absl::string_view who);

// The time from the clock's start to its close, or to `until` where it is open, without gaps and in
// order. A ghost has none.
std::vector<Share> SharesOf(const Picture& picture, const Duty& duty, const Clock& clock,
                            const Books& books, absl::Time until);

// Together, by who.
absl::btree_map<std::string, absl::Duration> MinutesOf(const std::vector<Share>& shares);

}  // namespace dolen

#endif  // DOLEN_ENGINE_CHILD_MINUTES_H_
