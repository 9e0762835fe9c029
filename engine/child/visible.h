// What an agency may know of an event about a child: need-to-know, read from the events themselves.
// Pure. It answers what an agency could have known at a time, and it is what readers of an agency
// are let see.
//
// Of the events known so far, as they were said, an agency is party to a matter if
//  * the matter is named as its own: it opened it,
//  * it said an event in it, or
//  * an event in it is addressed to it (Open.to_agency: asked, offered to, redirected to,
//  covering).
// What names no matter belongs to the child's standing matter, which has parties like any other but
// no opener. A matter that continues another gives no sight of it.
//
// Of an event an agency may know
//  * the whole, if it said it, or it is addressed to it;
//  * the whole, if it is party to the event's matter and takes part in it: it opened it, or said
//    more in it than that a request arrived, needs more information, is declined or passed on;
//  * the open part, if it is party to the event's matter without taking part: it was asked and has
//    not taken it on (a limited preview before acceptance);
//  * otherwise nothing, not even that there is an event.
// Whoever may know an event may know likewise what became of it: a correction shows to all to whom
// another event of its chain shows, else they would go on believing what was taken back. A dispute
// (a correction of another agency's event) shows to all to whom the disputed chain shows. A
// replacement makes parties as what it says would; to void or dispute an event makes nobody party.
//
// Parties are never lost, also not by a correction of the event that made them so: what was once
// visible stays known. Seals are not looked at here (need_to_know.h).
#ifndef DOLEN_ENGINE_CHILD_VISIBLE_H_
#define DOLEN_ENGINE_CHILD_VISIBLE_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "engine/child/event.h"

namespace dolen {

// Ascending: who may know the whole may know the open part.
enum class Extent { kNothing, kOpenPart, kWhole };

// Who is party to which matter of one child, and which events are of one chain of corrections.
class Involved {
 public:
  // `events` are those known so far, as they were said, in any order; they outlive this.
  explicit Involved(absl::Span<const Event> events);

  // What the agency may know of a matter's events because it is party to it.
  Extent OfMatter(const event::v1::Matter& matter, absl::string_view agency) const;
  // What the agency may know of any event of the chain of this correction, or of the chain that it
  // disputes.
  Extent OfChain(const Event& correction, absl::string_view agency) const;

 private:
  using Name = std::pair<std::string, std::string>;  // agency, id

  void Join(const Event& event);
  uint64_t RootOf(absl::string_view agency, absl::string_view event_id) const;
  void Raise(const Name& matter, const std::string& agency, Extent extent);

  // By matter, then agency.
  absl::btree_map<Name, absl::btree_map<std::string, Extent>> parties_;
  absl::btree_map<uint64_t, std::vector<const Event*>> chains_;  // by root
  absl::btree_map<Name, uint64_t> root_of_;                      // by event
};

// `event` is one of those that `involved` was made of. No agency has the empty name: it may know
// nothing.
Extent Visible(const Event& event, absl::string_view agency, const Involved& involved);

}  // namespace dolen

#endif  // DOLEN_ENGINE_CHILD_VISIBLE_H_
