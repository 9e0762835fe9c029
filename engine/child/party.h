// Who a party of a rule is. Internal to engine/child.
#ifndef DOLEN_ENGINE_CHILD_PARTY_H_
#define DOLEN_ENGINE_CHILD_PARTY_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "engine/child/picture.h"

namespace dolen {

// From where one looks for a party.
struct Standpoint {
  const Picture& picture;
  const Zone& zone;
  int matter;                // index
  absl::string_view thread;  // the key of a duty per thread; else empty
  absl::string_view starter;
  absl::Time t = absl::InfiniteFuture();
};

// The agency, or the party's own name where none is known.
std::string AgencyOf(absl::string_view party, const Standpoint& standpoint);

}  // namespace dolen

#endif  // DOLEN_ENGINE_CHILD_PARTY_H_
