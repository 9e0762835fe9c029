#include "engine/child/notes.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/container/btree_map.h"
#include "engine/child/holding.h"
#include "engine/pathway/pattern.h"

namespace dolen {
namespace {

using event::v1::Kind;

// The threads of work that have a beginning and an end.
enum class Work { kNone, kReferral, kHandover, kEpisode };

Work WorkOf(Kind kind) {
  if (event::v1::KIND_REFERRAL_MADE <= kind && kind <= event::v1::KIND_REFERRAL_REOPENED) {
    return Work::kReferral;
  }
  switch (kind) {
    case event::v1::KIND_HANDOVER_OFFERED:
    case event::v1::KIND_HANDOVER_ACCEPTED:
    case event::v1::KIND_HANDOVER_DECLINED:
    case event::v1::KIND_HANDOVER_COMPLETED:
    case event::v1::KIND_HANDOVER_CANCELLED:
      return Work::kHandover;
    case event::v1::KIND_EPISODE_OPENED:
    case event::v1::KIND_EPISODE_CLOSED:
      return Work::kEpisode;
    default:
      return Work::kNone;
  }
}

bool Opens(Kind kind) {
  return kind == event::v1::KIND_REFERRAL_MADE || kind == event::v1::KIND_HANDOVER_OFFERED ||
         kind == event::v1::KIND_EPISODE_OPENED;
}

bool OpensAgain(Kind kind) { return Opens(kind) || kind == event::v1::KIND_REFERRAL_REOPENED; }

bool Completes(Kind kind) {
  return kind == event::v1::KIND_REFERRAL_COMPLETED || kind == event::v1::KIND_HANDOVER_COMPLETED;
}

// A part that was handed over leaves the rest open.
bool Closes(const Event& event) {
  switch (event.open.kind()) {
    case event::v1::KIND_REFERRAL_WITHDRAWN:
    case event::v1::KIND_REFERRAL_COMPLETED:
    case event::v1::KIND_REFERRAL_EXPIRED:
    case event::v1::KIND_HANDOVER_CANCELLED:
    case event::v1::KIND_EPISODE_CLOSED:
      return true;
    case event::v1::KIND_HANDOVER_COMPLETED:
      return event.open.part().empty();
    default:
      return false;
  }
}

// Whether only a party takes this step.
bool IsStepOfParties(Kind kind) {
  switch (kind) {
    case event::v1::KIND_REFERRAL_MADE:
    case event::v1::KIND_INFORMATION_REQUESTED:
    case event::v1::KIND_INFORMATION_SUPPLIED:
    case event::v1::KIND_HANDOVER_OFFERED:
      return false;
    case event::v1::KIND_INFORMATION_PACK_SENT:
    case event::v1::KIND_INFORMATION_PACK_RECEIVED:
      return true;
    default:
      return WorkOf(kind) == Work::kReferral || WorkOf(kind) == Work::kHandover;
  }
}

// One live event, and when it happened.
struct Happened {
  const Event* event;
  Moment when;

  Kind kind() const { return event->open.kind(); }
  const event::v1::Open& open() const { return event->open; }
};

// Whatever their precision leaves open.
bool IsSurelyBefore(const Moment& a, const Moment& b) { return a.to() < b.from; }
bool IsSurelyBefore(const Happened& a, const Happened& b) { return IsSurelyBefore(a.when, b.when); }

Note NoteAt(NoteCode code, const Event& event, const Event& against) {
  return {code, event.position, against.open.agency(), against.open.event_id()};
}

// The contradictions inside one matter.
class MatterNotes {
 public:
  // `events` are those of the matter, in order.
  MatterNotes(const std::vector<Happened>& events, const Books& books)
      : events_(events), books_(books) {
    for (const Happened& one : events_) {
      if (OpensAgain(one.kind()) || Completes(one.kind()) || Closes(*one.event)) {
        bounds_.push_back(&one);
      }
      if (Opens(one.kind()) || AsksAnother(one.kind()) || !one.open().to_agency().empty()) {
        asks_.push_back(&one);
      }
    }
  }

  void AddTo(std::vector<Note>& notes) const {
    for (const Happened& one : events_) {
      for (const auto& [code, against] :
           {std::pair{NoteCode::kAcceptedBeforeMade, MadeAfter(one)},
            std::pair{NoteCode::kCompletedTwice, CompletedBefore(one)},
            std::pair{NoteCode::kEventAfterClosure, ClosedBefore(one)},
            std::pair{NoteCode::kStepByNoParty, AskOfOthers(one)},
            std::pair{NoteCode::kMilestoneBeforeOpened, OpenedAfter(one)}}) {
        if (against != nullptr) notes.push_back(NoteAt(code, *one.event, *against->event));
      }
    }
  }

 private:
  // The earliest of those that fit, if `one` came surely before all of them; else none.
  template <typename Fits>
  const Happened* AllAfter(const Happened& one, const Fits& fits) const {
    const Happened* earliest = nullptr;
    for (const Happened* other : bounds_) {
      if (!fits(*other)) continue;
      if (!IsSurelyBefore(one, *other)) return nullptr;
      if (earliest == nullptr) earliest = other;
    }
    return earliest;
  }

  const Happened* MadeAfter(const Happened& one) const {
    const bool referral = one.kind() == event::v1::KIND_REFERRAL_ACCEPTED;
    if (!referral && one.kind() != event::v1::KIND_HANDOVER_ACCEPTED) return nullptr;
    const Kind made = referral ? event::v1::KIND_REFERRAL_MADE : event::v1::KIND_HANDOVER_OFFERED;
    return AllAfter(one, [&](const Happened& other) { return other.kind() == made; });
  }

  const Happened* OpenedAfter(const Happened& one) const {
    if (one.kind() != event::v1::KIND_MILESTONE_REACHED) return nullptr;
    return AllAfter(one, [](const Happened& other) { return Opens(other.kind()); });
  }

  // The last that fits and came surely before `one`, unless the work was opened again since, or may
  // have been.
  template <typename Fits>
  const Happened* LastBefore(const Happened& one, Work work, const Fits& fits) const {
    const auto found = std::find_if(bounds_.rbegin(), bounds_.rend(), [&](const Happened* other) {
      return fits(*other) && IsSurelyBefore(*other, one);
    });
    if (found == bounds_.rend()) return nullptr;
    const bool may_be_open =
        std::any_of(bounds_.begin(), bounds_.end(), [&](const Happened* opener) {
          return OpensAgain(opener->kind()) && WorkOf(opener->kind()) == work &&
                 !IsSurelyBefore(*opener, **found) && !IsSurelyBefore(one, *opener);
        });
    return may_be_open ? nullptr : *found;
  }

  const Happened* CompletedBefore(const Happened& one) const {
    if (!Completes(one.kind())) return nullptr;
    return LastBefore(one, WorkOf(one.kind()), [&](const Happened& other) {
      return other.kind() == one.kind() && other.open().part() == one.open().part();
    });
  }

  // What ends the work that `one` belongs to.
  Work EndsWith(const Happened& one) const {
    switch (one.kind()) {
      case event::v1::KIND_MILESTONE_REACHED:
        // A rule that waits for it reaches beyond the closure.
        return books_.InterestIn(EventName(one.open())).empty() ? Work::kReferral : Work::kNone;
      case event::v1::KIND_EXCEPTION_AUTHORISED:
      case event::v1::KIND_CLOCK_PAUSED:
      case event::v1::KIND_CLOCK_RESUMED:
        return Work::kReferral;
      default:
        return WorkOf(one.kind());
    }
  }

  const Happened* ClosedBefore(const Happened& one) const {
    const Work work = EndsWith(one);
    if (work == Work::kNone || OpensAgain(one.kind())) return nullptr;
    if (CompletedBefore(one) != nullptr) return nullptr;  // said already
    return LastBefore(one, work, [&](const Happened& other) {
      return Closes(*other.event) && WorkOf(other.kind()) == work;
    });
  }

  // The last ask before the step, if all asks by then are of others.
  const Happened* AskOfOthers(const Happened& one) const {
    if (!IsStepOfParties(one.kind())) return nullptr;
    const std::string& agency = one.open().agency();
    if (agency == one.open().matter().agency()) return nullptr;
    const Happened* last = nullptr;
    for (const Happened* other : asks_) {
      if (IsSurelyBefore(one, *other)) continue;
      const event::v1::Open& open = other->open();
      // Nobody is made party by what it says itself, but by opening.
      if (open.agency() == agency) {
        if (Opens(other->kind())) return nullptr;
        continue;
      }
      if (open.to_agency() == agency) return nullptr;
      if (!AsksAnother(other->kind())) continue;
      if (open.to_agency().empty()) return nullptr;
      last = other;
    }
    return last;
  }

  const std::vector<Happened>& events_;
  const Books& books_;
  // What the others are held against: few of a long matter.
  std::vector<const Happened*> bounds_, asks_;
};

// Who surely holds what at once.
class HoldingNotes {
 public:
  HoldingNotes(absl::Span<const Event> live, const Picture& picture, const Books& books)
      : live_(live), picture_(picture), books_(books), zone_(books.zone()) {}

  void AddTo(std::vector<Note>& notes) const {
    std::vector<const Hold*> holds;
    for (const Hold& hold : picture_.holds) holds.push_back(&hold);
    std::stable_sort(holds.begin(), holds.end(), [&](const Hold* a, const Hold* b) {
      return a->from.In(zone_) < b->from.In(zone_);
    });
    for (size_t i = 0; i < holds.size(); ++i) {
      const auto other =
          std::find_if(holds.begin(), holds.begin() + static_cast<ptrdiff_t>(i),
                       [&](const Hold* earlier) { return AreAtOnce(*earlier, *holds[i]); });
      if (other == holds.begin() + static_cast<ptrdiff_t>(i)) continue;
      const Event *event = BeginningOf(*holds[i]), *against = BeginningOf(**other);
      if (event != nullptr && against != nullptr) {
        notes.push_back(NoteAt(NoteCode::kTwoHolders, *event, *against));
      }
    }
  }

 private:
  absl::Time LatestOf(const Dated& dated) const {
    if (!dated.is_day) return dated.at;
    return zone_.StartOf(absl::ToCivilDay(dated.at, absl::UTCTimeZone()) + 1);
  }

  bool AreAtOnce(const Hold& a, const Hold& b) const {
    const bool cover = a.why == Hold::kCover;
    if (a.agency == b.agency || a.part != b.part || cover != (b.why == Hold::kCover)) return false;
    const absl::Time begin = std::max(LatestOf(a.from), LatestOf(b.from));
    const absl::Time end = std::min(a.to.In(zone_), b.to.In(zone_));
    return begin < end && (cover || !IsCovered(a.part, begin, end));
  }

  // Whether cover may have lasted the whole time.
  bool IsCovered(absl::string_view part, absl::Time begin, absl::Time end) const {
    std::vector<std::pair<absl::Time, absl::Time>> covers;
    for (const Hold& hold : picture_.holds) {
      if (hold.why != Hold::kCover || hold.part != part) continue;
      covers.emplace_back(hold.from.In(zone_), LatestOf(hold.to));
    }
    std::sort(covers.begin(), covers.end());
    for (const auto& [from, to] : covers) {
      if (from <= begin) begin = std::max(begin, to);
    }
    return begin >= end;
  }

  // The event by which it began: a hold itself does not say which.
  const Event* BeginningOf(const Hold& hold) const {
    const Matter& matter = picture_.matters[hold.matter];
    const Event* by_passing = nullptr;
    for (const Event& event : live_) {
      if (!matter.Is(event.open.matter())) continue;
      if (Begins(event, hold)) return &event;
      if (hold.why == Hold::kPassed && by_passing == nullptr && event.dated() == hold.from &&
          Passes(event)) {
        by_passing = &event;
      }
    }
    return by_passing;
  }

  static bool Begins(const Event& event, const Hold& hold) {
    switch (event.open.kind()) {
      case event::v1::KIND_HANDOVER_COMPLETED:
        return hold.why == Hold::kPassed && EffectiveOf(event) == hold.from &&
               event.open.part() == hold.part;
      case event::v1::KIND_COVER_STARTED:
        return hold.why == Hold::kCover && event.dated() == hold.from;
      case event::v1::KIND_EPISODE_OPENED:
        return hold.why == Hold::kEpisode && event.dated() == hold.from;
      default:
        return false;
    }
  }

  bool Passes(const Event& event) const {
    const absl::string_view name = EventName(event.open);
    const auto names = [&](const pathway::v1::Pattern& pattern) { return pattern.is() == name; };
    return std::any_of(books_.passings().begin(), books_.passings().end(),
                       [&](const pathway::v1::Passing& passing) {
                         return names(passing.on()) || std::any_of(passing.on().or_().begin(),
                                                                   passing.on().or_().end(), names);
                       });
  }

  const absl::Span<const Event> live_;
  const Picture& picture_;
  const Books& books_;
  const Zone& zone_;
};

struct Words {
  NoteCode code;
  absl::string_view name;
  Phrase phrase;
};
constexpr Words kWords[] = {
    {NoteCode::kAcceptedBeforeMade,
     "accepted_before_made",
     {"derbyniwyd cyn gwneud y cais", "accepted before the request was made"}},
    {NoteCode::kTwoHolders,
     "two_holders",
     {"dwy asiantaeth yn gyfrifol ar yr un pryd", "two agencies hold the same at once"}},
    {NoteCode::kCompletedTwice, "completed_twice", {"cwblhawyd ddwywaith", "completed twice"}},
    {NoteCode::kEventAfterClosure,
     "event_after_closure",
     {"ar ôl cau'r mater", "after the matter was closed"}},
    {NoteCode::kStepByNoParty,
     "step_by_no_party",
     {"cam gan asiantaeth nad yw'n barti i'r mater", "a step by an agency that was no party"}},
    {NoteCode::kMilestoneBeforeOpened,
     "milestone_before_opened",
     {"carreg filltir cyn agor y mater", "a milestone before its matter opened"}},
};

const Words& WordsOf(NoteCode code) {
  return *std::find_if(std::begin(kWords), std::end(kWords),
                       [&](const Words& words) { return words.code == code; });
}

}  // namespace

std::vector<Note> Notes(absl::Span<const Event> live, const Picture& picture, const Books& books) {
  absl::btree_map<std::pair<std::string, std::string>, std::vector<Happened>> matters;
  absl::btree_map<int64_t, size_t> place;  // in the order, by position
  for (const Event& event : live) {
    const event::v1::Matter& matter = event.open.matter();
    Moment when = event.MomentIn(books.zone());
    // Nothing has ended before responsibility passes.
    if (event.open.kind() == event::v1::KIND_HANDOVER_COMPLETED && event.open.has_effective()) {
      when = Later(when, MomentOf(event.open.effective(), books.zone()));
    }
    matters[{matter.agency(), matter.id()}].push_back({&event, when});
    place.emplace(event.position, place.size());
  }
  std::vector<Note> notes;
  for (const auto& [matter, events] : matters) {
    // The standing matter is never opened and never ends, and many threads may lie in it.
    if (!matter.first.empty() || !matter.second.empty()) MatterNotes(events, books).AddTo(notes);
  }
  HoldingNotes(live, picture, books).AddTo(notes);
  std::sort(notes.begin(), notes.end(), [&](const Note& a, const Note& b) {
    return std::make_pair(place.at(a.position), a.code) <
           std::make_pair(place.at(b.position), b.code);
  });
  return notes;
}

absl::string_view NoteName(NoteCode code) { return WordsOf(code).name; }

Phrase NotePhrase(NoteCode code) { return WordsOf(code).phrase; }

}  // namespace dolen
