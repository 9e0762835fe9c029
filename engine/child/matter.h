// A matter: one thread of work about a child, who asked whom, and what it continues. Pure.
#ifndef DOLEN_ENGINE_CHILD_MATTER_H_
#define DOLEN_ENGINE_CHILD_MATTER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "dolen/event/v1/event.pb.h"
#include "engine/calendar/zone.h"
#include "engine/child/event.h"
#include "engine/pathway/pattern.h"

namespace dolen {

// "agency:id"; "standing" for the standing matter, which has neither.
std::string MatterName(absl::string_view agency, absl::string_view id);

// The same as a number: not a proof, since two may share one.
uint64_t MatterId(absl::string_view agency, absl::string_view id);

// What an event says about who asks whom.
enum class AskKind : uint8_t { kAsked, kPassedOn, kDeclined };

// From when on who asks whom.
struct Ask {
  Dated at;
  std::string asker;
  std::string asked;  // the receiver of the open ask; after a decline the asker again
  AskKind kind = AskKind::kAsked;
  bool is_taken_on = false;  // not of kDeclined: it was accepted
  std::string reason;        // kDeclined: coded
  bool is_handover = false;  // kAsked: responsibility was offered, and not a service asked for
  // Of a handover: when it was accepted, and when completed or cancelled; else never.
  Dated accepted{absl::InfiniteFuture()}, over{absl::InfiniteFuture()};
  std::string part;  // of a handover: of which part; empty: all of it
  friend bool operator==(const Ask&, const Ask&) = default;
};

struct Matter {
  std::string agency;  // that opened it; empty with an empty id: the child's standing matter
  std::string id;      // that agency's own id of it
  std::vector<Ask> asks;
  // The matter before this one, as the first event says that names one; both empty: none.
  std::string continues_agency, continues_id;
  absl::Time last = absl::InfinitePast();  // when its last event occurred

  bool Is(const event::v1::Matter& named) const {
    return agency == named.agency() && id == named.id();
  }
  bool continues() const { return !continues_agency.empty() || !continues_id.empty(); }
  bool Continues(const Matter& other) const {
    return continues() && continues_agency == other.agency && continues_id == other.id;
  }
  std::string Name() const { return MatterName(agency, id); }
  // Who asked last, and who is asked.
  Parties parties() const;
  // The handover that was offered last, unless it is completed or cancelled; nullptr: none is. It
  // may be declined, or accepted and not completed: then it is still with whoever offered it.
  const Ask* UnfinishedHandover() const;
  // Of the ask with this index, if it is a handover: when it no longer waits for an answer, since
  // it got one or another ask took its place; never: it still does.
  Dated WaitsUntil(size_t ask) const;
  // Likewise: when it is completed or cancelled, or offered again; never: it is unfinished.
  Dated UnfinishedUntil(size_t ask) const;
  // Who they were at an instant.
  Parties PartiesAt(absl::Time t, const Zone& zone) const;
  friend bool operator==(const Matter&, const Matter&) = default;
};

// Whether an event of this kind is said by whoever is asked and changes who that is.
bool IsAnswer(event::v1::Kind kind);

// Whether an event of this kind asks the agency that it is addressed to.
bool AsksAnother(event::v1::Kind kind);

// Takes up what the event says about who asked whom. Whether it changes who is asked.
bool Take(const Event& event, Matter& matter);

// The name of the matter at the beginning of the chain that `matter` continues, even if nothing of
// it has arrived. Of a circle the smallest name in it.
std::string ThreadName(absl::Span<const Matter> matters, const Matter& matter);

}  // namespace dolen

#endif  // DOLEN_ENGINE_CHILD_MATTER_H_
