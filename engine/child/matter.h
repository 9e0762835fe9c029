// A matter: one thread of work about a child, and who asked whom. Pure.
#ifndef DOLEN_ENGINE_CHILD_MATTER_H_
#define DOLEN_ENGINE_CHILD_MATTER_H_

#include <string>

#include "absl/strings/string_view.h"
#include "dolen/event/v1/event.pb.h"

namespace dolen {

// "agency:id"; "standing" for the standing matter, which has neither.
std::string MatterName(absl::string_view agency, absl::string_view id);

struct Matter {
  std::string agency;  // that opened it; empty with an empty id: the child's standing matter
  std::string id;      // that agency's own id of it
  std::string asker;   // who asked last
  std::string asked;  // who is asked: the receiver of the open ask; after a decline the asker again

  bool Is(const event::v1::Matter& named) const {
    return agency == named.agency() && id == named.id();
  }
  std::string Name() const { return MatterName(agency, id); }
  friend bool operator==(const Matter&, const Matter&) = default;
};

// Whether an event of this kind is said by whoever is asked and changes who that is.
bool IsAnswer(event::v1::Kind kind);

// Takes up what the event says about who asked whom.
void Take(const event::v1::Open& open, Matter& matter);

}  // namespace dolen

#endif  // DOLEN_ENGINE_CHILD_MATTER_H_
