// Anomalies: where what was said about a child contradicts itself. An event is a fact, so nothing
// is rejected for it; a note with a code stands at the event instead. Pure, and drawn on reading: a
// correction that takes the contradiction back takes the note with it.
//
// There is no note where the precision of `occurred` cannot tell: something known to the day is not
// before or after another thing of that day. docs/as-of.md says the codes to users.
#ifndef DOLEN_ENGINE_CHILD_NOTES_H_
#define DOLEN_ENGINE_CHILD_NOTES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "engine/child/event.h"
#include "engine/child/picture.h"
#include "engine/pathway/books.h"
#include "engine/pathway/phrases.h"

namespace dolen {

enum class NoteCode {
  // A referral or handover accepted before it was ever made or offered in its matter.
  kAcceptedBeforeMade,
  // From this event on another agency holds what one holds already: all of the responsibility, or
  // the same named part. Who stands in holds in place of the holder.
  kTwoHolders,
  // A referral, or the same part of a handover, completed again without being opened again.
  kCompletedTwice,
  // A step of a referral, handover or episode after that was closed and not opened again; or a
  // milestone, pause or exception after its referral was closed. What the child says, strengths and
  // bases for sharing may come at any time, and so may packs, cover, and milestones that a rule of
  // the books names.
  kEventAfterClosure,
  // A step of a referral or handover by an agency that neither opened the matter nor asked nor was
  // asked in it by then. Information may come from anyone, and of an ask that names nobody nobody
  // can tell.
  kStepByNoParty,
  // A milestone before the first event that opens its matter.
  kMilestoneBeforeOpened,
};

struct Note {
  NoteCode code;
  int64_t position = 0;  // ledger offset of the event, as it stands, at which the note is
  // The event that it contradicts, under its first id.
  std::string against_agency, against_event_id;
  friend bool operator==(const Note&, const Note&) = default;
};

// `live` are a child's live events in order, and `picture` is drawn from them and the books. In
// the order of events, and of codes.
std::vector<Note> Notes(absl::Span<const Event> live, const Picture& picture, const Books& books);

absl::string_view NoteName(NoteCode code);  // "two_holders"
Phrase NotePhrase(NoteCode code);           // "two holders at once"

}  // namespace dolen

#endif  // DOLEN_ENGINE_CHILD_NOTES_H_
