// Sealed records: what only the agency that sealed it may know of (adoption, protection of a
// witness, recognition of a gender). To everybody else it is as if it were not there. Pure.
//
// A seal is an event: it names the matter that it seals, or none and seals all that is known of the
// child, and it stands until its agency lifts it, or takes it back by a correction. What corrects
// or disputes a sealed event is as sealed as that. Where several have sealed the same, nobody may
// know.
#ifndef DOLEN_ENGINE_CHILD_SEAL_H_
#define DOLEN_ENGINE_CHILD_SEAL_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "engine/child/event.h"

namespace dolen {

class Seals {
 public:
  // `events` are those of one child that are known so far, as they were said, in any order.
  explicit Seals(absl::Span<const Event> events);

  // Whether an event may seal something, now or when others are corrected.
  static bool MayBe(const Event& event);

  bool any() const { return any_; }
  // Whether the agency must not know of the event at this place among them, not even that it is.
  bool Hide(size_t place, absl::string_view agency) const;

 private:
  bool any_ = false;
  std::vector<absl::btree_set<std::string>> by_;  // who has sealed each; empty where nothing is
};

}  // namespace dolen

#endif  // DOLEN_ENGINE_CHILD_SEAL_H_
