#include "engine/child/drawing.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/base/digest.h"
#include "engine/child/key.h"
#include "engine/child/party.h"
#include "engine/child/reading.h"
#include "engine/child/see.h"
#include "engine/child/version_reading.h"
#include "engine/pathway/limits.h"

namespace dolen {
namespace {

using pathway::v1::Pattern;

// Adds events to a picture, in order.
class Drawing {
 public:
  // `many` events are to come: once the picture is large, its matters and duties are found by an
  // index. For one event, making the index would cost more than looking through them. Events whose
  // root is in `voided` are told as void.
  Drawing(const Books& books, Picture& picture, bool many, const std::set<uint64_t>& voided)
      : books_(books), picture_(picture), many_(many), voided_(voided) {}

  // Reads what was put off. To be called once, after all events.
  void Finish() {
    for (const auto& [place, latest] : put_off_) {
      ReadClocks(books_, {}, latest - kReach, picture_.duties[place]);
    }
    put_off_.clear();
  }

  // Finds out which matters there are and which continues which. A thread is what all events say it
  // is, also those after the one in hand.
  void Join(absl::Span<const Event> events) {
    for (const Event& event : events) MatterOf(event.open);
  }

  void Add(const Event& event) {
    const absl::string_view name = EventName(event.open);
    latest_ = event.Occurred();
    const int matter = MatterOf(event.open);
    // Who was asked during the event: a decline is said by whoever is asked, and changes it.
    Matter& its = picture_.matters[matter];
    its.last = latest_;
    const bool answers = IsAnswer(event.open.kind());
    const std::string was_asked(its.parties().asked);
    const bool asks = Take(event, its);
    const Parties during{its.parties().asker, answers ? was_asked : its.parties().asked};
    const Scene scene{books_, picture_, event,
                      matter, during,   !voided_.empty() && voided_.count(event.Root()) > 0};
    if (!scene.is_void) NoteFamily(event.open);
    const size_t acted = picture_.acting.size();
    NoteActing(scene);
    const bool holds = NoteHolding(scene);
    touched_.clear();
    for (const Interest& interest : books_.InterestIn(name)) Show(scene, interest, name);
    if (asks || holds || picture_.acting.size() > acted) TouchWatchers();
    if (holds) TouchHolding();
    // A duty that is read may touch those that watch it.
    for (size_t i = 0; i < touched_.size(); ++i) {
      if (many_ && MayWait(touched_[i])) {
        put_off_[touched_[i]] = latest_;
      } else {
        Read(touched_[i]);
      }
    }
  }

 private:
  static constexpr size_t kFew = 64;

  // The matter an event belongs to; a new one where none has its name.
  int MatterOf(const event::v1::Open& open) {
    if (many_ && !indexed_ && picture_.matters.size() > kFew) Index();
    int place = FindMatter(open.matter());
    if (place < 0) {
      place = static_cast<int>(picture_.matters.size());
      Matter& matter = picture_.matters.emplace_back();
      matter.agency = open.matter().agency();
      matter.id = open.matter().id();
      if (indexed_) matter_at_.emplace(std::make_pair(matter.agency, matter.id), place);
    }
    Matter& matter = picture_.matters[place];
    if (open.has_continues() && !matter.continues()) {
      matter.continues_agency = open.continues().agency();
      matter.continues_id = open.continues().id();
    }
    return place;
  }

  // -1: none. Looked through from the newest, which most events name.
  int FindMatter(const event::v1::Matter& named) const {
    if (indexed_) {
      const auto found = matter_at_.find(std::make_pair(named.agency(), named.id()));
      return found == matter_at_.end() ? -1 : found->second;
    }
    int i = static_cast<int>(picture_.matters.size()) - 1;
    while (i >= 0 && !picture_.matters[i].Is(named)) --i;
    return i;
  }

  // -1: none.
  int FindDuty(int family, const Key& key) const {
    if (indexed_) {
      const auto found = duty_at_.find(std::make_tuple(family, key.matter, key.text));
      return found == duty_at_.end() ? -1 : found->second;
    }
    int i = static_cast<int>(picture_.duties.size()) - 1;
    while (i >= 0 && !Is(picture_.duties[i], family, key)) --i;
    return i;
  }

  static bool Is(const Duty& duty, int family, const Key& key) {
    return duty.family == family && duty.matter == key.matter && duty.key == key.text;
  }

  void Index() {
    indexed_ = true;
    for (size_t i = 0; i < picture_.matters.size(); ++i) {
      const Matter& matter = picture_.matters[i];
      matter_at_.emplace(std::make_pair(matter.agency, matter.id), static_cast<int>(i));
    }
    for (size_t i = 0; i < picture_.duties.size(); ++i) IndexDuty(static_cast<int>(i));
  }

  void IndexDuty(int place) {
    const Duty& duty = picture_.duties[place];
    duty_at_.emplace(std::make_tuple(duty.family, duty.matter, duty.key), place);
  }

  void NoteFamily(const event::v1::Open& open) {
    if (!open.family().empty()) picture_.family = open.family();
    if (!open.language().empty()) picture_.language = open.language();
  }

  void NoteActing(const Scene& scene) {
    if (books_.named_parties().empty()) return;
    const event::v1::Open& open = scene.event.open;
    for (const std::string& party : books_.named_parties()) {
      const absl::string_view name = absl::string_view(party).substr(5);
      if (absl::StartsWith(party, "role:")) {
        if (open.role() == name) Note(scene, party, open.agency());
      } else if (IsOfKind(open.agency(), name)) {
        Note(scene, party, open.agency());
      } else if (AsksAnother(open.kind()) && IsOfKind(open.to_agency(), name)) {
        Note(scene, party, open.to_agency());
      }
    }
  }

  bool IsOfKind(const std::string& agency, absl::string_view kind) const {
    const pathway::v1::Agency* known = books_.FindAgency(agency);
    return known != nullptr && known->kind() == kind;
  }

  // Remembers who acts, unless that is known of the matter and of the child.
  void Note(const Scene& scene, const std::string& party, const std::string& agency) {
    const Acting *of_child = nullptr, *of_matter = nullptr;
    for (const Acting& one : picture_.acting) {
      if (one.party != party) continue;
      of_child = &one;
      if (one.matter == scene.matter) of_matter = &one;
    }
    if (of_matter != nullptr && of_matter->agency == agency && of_child->agency == agency &&
        !MayComeBefore(scene.event, of_matter->from) &&
        !MayComeBefore(scene.event, of_child->from)) {
      return;
    }
    picture_.acting.push_back({party, scene.matter, agency, scene.event.dated()});
  }

  // A day is later in the order than an instant soon after it began, where its zone is ahead of
  // UTC.
  static bool MayComeBefore(const Event& event, const Dated& known) {
    return event.IsDayOnly() && event.Occurred() - known.at < kReach;
  }

  bool NoteHolding(const Scene& scene) {
    bool changed = false;
    if (ChangesHolding(scene.event.open.kind())) {
      changed =
          TakeHolding(scene.event, picture_.matters[scene.matter], scene.matter, picture_.holds);
    }
    for (const pathway::v1::Passing& passing : books_.passings()) {
      if (!FitsAlone(passing.on(), scene)) continue;
      const Standpoint here{picture_, kUtc, scene.matter, {}, scene.event.open.agency()};
      Pass(passing.part(), AgencyOf(passing.from(), here), AgencyOf(passing.to(), here),
           scene.matter, scene.event.dated(), picture_.holds);
      changed = true;
    }
    return changed;
  }

  // Shows the event to the duties of one family that it belongs to.
  void Show(const Scene& scene, const Interest& interest, absl::string_view name) {
    const RuleFamily& family = books_.families()[interest.family];
    const Key key = KeyOf(family, picture_, scene.matter, scene.event.open);
    if (!key.is_partial) {
      ShowOne(scene, interest, name, key);
      return;
    }
    for (int i = 0; i < static_cast<int>(picture_.duties.size()); ++i) {
      const Duty& duty = picture_.duties[i];
      if (duty.family != interest.family || duty.is_partial || !Agrees(duty.key, key.text))
        continue;
      if (SeeOnce(scene, interest, name, picture_.duties[i])) touched_.push_back(i);
    }
    ShowOne(scene, interest, name, key);
    // The keys of the rules it watches are its own too, and now there is something to lend them.
    for (int i = 0; i < static_cast<int>(picture_.duties.size()); ++i) {
      const Duty& other = picture_.duties[i];
      if (other.is_partial || !Agrees(other.key, key.text) ||
          !std::binary_search(family.watched.begin(), family.watched.end(), other.family)) {
        continue;
      }
      const Key same{other.matter, other.key, false};
      if (FindDuty(interest.family, same) < 0) TouchOrMake(interest.family, same);
    }
  }

  void ShowOne(const Scene& scene, const Interest& interest, absl::string_view name,
               const Key& key) {
    const int known = FindDuty(interest.family, key);
    if (known >= 0) {
      Duty& duty = picture_.duties[known];
      const RuleFamily& family = books_.families()[interest.family];
      if (!IsDone(family, duty) && SeeOnce(scene, interest, name, duty)) touched_.push_back(known);
      return;
    }
    Duty duty = NewDuty(interest.family, key);
    if (SeeOnce(scene, interest, name, duty)) touched_.push_back(Keep(std::move(duty)));
  }

  // Events of one name and occasion are one.
  bool SeeOnce(const Scene& scene, const Interest& interest, absl::string_view name, Duty& duty) {
    const std::string& occasion = scene.event.open.occasion();
    const uint64_t hash = occasion.empty() ? 0 : Hash64(name, occasion);
    if (hash != 0 &&
        std::find(duty.occasions.begin(), duty.occasions.end(), hash) != duty.occasions.end()) {
      return false;
    }
    if (!See(scene, interest, ThreadOf(duty), duty)) return false;
    if (hash != 0) duty.occasions.push_back(hash);
    return true;
  }

  // A duty with what others of its family saw under keys of which parts are missing.
  Duty NewDuty(int family, const Key& key) {
    Duty duty;
    duty.family = family;
    duty.matter = key.matter;
    duty.key = key.text;
    duty.is_partial = key.is_partial;
    if (key.is_partial || key.text.empty()) return duty;
    for (const Duty& other : picture_.duties) {
      if (other.family != family || !other.is_partial || !Agrees(key.text, other.key)) continue;
      duty.hits.insert(duty.hits.end(), other.hits.begin(), other.hits.end());
      duty.exceptions.insert(duty.exceptions.end(), other.exceptions.begin(),
                             other.exceptions.end());
      duty.came.insert(duty.came.end(), other.came.begin(), other.came.end());
      duty.occasions.insert(duty.occasions.end(), other.occasions.begin(), other.occasions.end());
    }
    std::stable_sort(duty.hits.begin(), duty.hits.end(),
                     [](const Hit& a, const Hit& b) { return a.moment.from < b.moment.from; });
    return duty;
  }

  int Keep(Duty duty) {
    const int place = static_cast<int>(picture_.duties.size());
    picture_.duties.push_back(std::move(duty));
    if (indexed_) IndexDuty(place);
    return place;
  }
  absl::string_view ThreadOf(const Duty& duty) const {
    return IsPer(books_.families()[duty.family], "thread") ? absl::string_view(duty.key)
                                                           : absl::string_view();
  }

  // Who is accountable for a clock that starts with another's breach hangs on who is asked, acts
  // and holds then, and that may lie ahead.
  void TouchWatchers() {
    if (!books_.watches()) return;
    for (int i = 0; i < static_cast<int>(picture_.duties.size()); ++i) {
      if (books_.families()[picture_.duties[i].family].watches) touched_.push_back(i);
    }
  }

  void TouchHolding() {
    if (!books_.reads_holding()) return;
    for (size_t i = 0; i < books_.families().size(); ++i) {
      const RuleFamily& family = books_.families()[i];
      if (!family.watches_holding) continue;
      if (IsPer(family, "child")) {
        TouchOrMake(static_cast<int>(i), Key());
      } else {
        std::set<std::string> parts;
        for (const Hold& hold : picture_.holds) parts.insert(hold.part);
        for (const std::string& part : parts) {
          if (!part.empty()) TouchOrMake(static_cast<int>(i), {-1, KeyPart(part), false});
        }
      }
    }
  }

  void TouchOrMake(int family, const Key& key) {
    int place = FindDuty(family, key);
    if (place < 0) {
      // The keys of a rule are those of the rules that watch it too.
      Duty duty = NewDuty(family, key);
      if (Moments(duty).empty() && duty.hits.empty() && duty.exceptions.empty()) return;
      place = Keep(std::move(duty));
    }
    touched_.push_back(place);
  }

  // Whether the duty's own hits alone make its clocks, by first matches only, and no other duty
  // asks for them. Of many events such a duty is read once, after the last that it saw, which ends
  // in the same picture; read after each, all clocks that are still open would be read again each
  // time.
  bool MayWait(int place) const {
    const Duty& duty = picture_.duties[place];
    const RuleFamily& family = books_.families()[duty.family];
    return family.watchers.empty() &&
           std::all_of(family.versions.begin(), family.versions.end(),
                       [](const RuleVersion& version) { return version.is_plain; });
  }

  void Read(int place) {
    Duty& duty = picture_.duties[place];
    if (duty.is_partial) return;
    ReadClocks(books_, Moments(duty), FirmUntil(duty), duty);
    // By index: making a duty moves the others.
    for (const int watcher : books_.families()[duty.family].watchers) {
      const Key key{picture_.duties[place].matter, picture_.duties[place].key, false};
      TouchOrMake(watcher, key);
    }
  }

  // What happened before this instant stands, whatever comes later in the order. A later event
  // occurs not much before the last one; but the breach that a duty waits for may be anywhere in
  // the life of the other clock, as long as that may change.
  absl::Time FirmUntil(const Duty& duty) const {
    absl::Time firm = latest_ - kReach;
    for (const int watched : books_.families()[duty.family].watched) {
      const int place = FindDuty(watched, {duty.matter, duty.key, false});
      if (place >= 0) {
        for (const Clock& clock : picture_.duties[place].clocks) {
          if (!IsBreachFirm(watched, clock)) firm = std::min(firm, clock.start.from);
        }
        continue;
      }
      // It may yet be made, of what was seen under keys of which parts are missing.
      for (const Duty& other : picture_.duties) {
        if (other.family != watched || !other.is_partial || !Agrees(duty.key, other.key)) continue;
        for (const Hit& hit : other.hits) firm = std::min(firm, hit.moment.from);
      }
    }
    return firm;
  }

  // Whether nothing that comes later in the order can bring, move or take back its breach.
  bool IsBreachFirm(int family, const Clock& clock) const {
    if (clock.settled) return true;
    const pathway::v1::Rule& rule = books_.families()[family].versions[clock.version].rule;
    bool waits = rule.which() == pathway::v1::Rule::LAST;
    ForEachLimit(rule,
                 [&](const pathway::v1::Limit& limit, int) { waits |= limit.from().has_event(); });
    return !waits && std::max(clock.due, clock.start.from) < latest_ - kReach;
  }

  // Hits that no event made: other clocks of this key that fall due, and changes of the holding.
  std::vector<Hit> Moments(const Duty& duty) const {
    std::vector<Hit> hits;
    const RuleFamily& family = books_.families()[duty.family];
    if (!family.watches && !family.watches_holding) return hits;
    std::vector<MomentHit> found;
    for (size_t version = 0; version < family.versions.size(); ++version) {
      const std::vector<PatternUse>& uses = family.versions[version].uses;
      for (size_t use = 0; use < uses.size(); ++use) {
        if (uses[use].role > PatternUse::kCancel) continue;
        AddMoments(*uses[use].pattern, duty, static_cast<int>(version), static_cast<int>(use),
                   found);
      }
    }
    // Of clocks that fall due at one instant the one that started first comes first.
    std::stable_sort(found.begin(), found.end(), [](const MomentHit& a, const MomentHit& b) {
      return std::tie(a.hit.moment.from, a.began, a.hit.root) <
             std::tie(b.hit.moment.from, b.began, b.hit.root);
    });
    for (MomentHit& one : found) hits.push_back(std::move(one.hit));
    MarkStarts(absl::MakeSpan(hits), family);
    return hits;
  }

  struct MomentHit {
    absl::Time began;  // when the clock started that falls due
    Hit hit;
  };

  void AddMoments(const Pattern& pattern, const Duty& duty, int version, int use,
                  std::vector<MomentHit>& found) const {
    for (const Pattern& other : pattern.or_()) AddMoments(other, duty, version, use, found);
    const auto add = [&](absl::Time at, uint64_t root, const Clock* watched) {
      MomentHit& one = found.emplace_back();
      one.began = watched == nullptr ? at : watched->start.from;
      Hit& hit = one.hit;
      hit.version = version;
      hit.use = use;
      hit.moment.from = at;
      hit.root = hit.event = root;
      hit.opening = OpeningAt({books_, picture_, duty, version, ThreadOf(duty), at}, watched);
    };
    if (!pattern.overdue().empty()) {
      const RuleFamily* watched = books_.FindFamily(pattern.overdue());
      if (watched == nullptr) return;
      const int family = static_cast<int>(watched - books_.families().data());
      const int place = FindDuty(family, {duty.matter, duty.key, false});
      if (place < 0) return;
      for (const Clock& clock : picture_.duties[place].clocks) {
        // One that is due before it starts is overdue from the start.
        const absl::Time at = std::max(clock.due, clock.start.from);
        const ClockState state = StateAt(clock, at);
        if (state != ClockState::kOverdue && state != ClockState::kLate) continue;
        add(at, Hash64(pattern.overdue(), absl::StrFormat("%016x", clock.root)), &clock);
      }
    }
    if (pattern.holding() != Pattern::NONE) {
      const bool is_part = IsPer(books_.families()[duty.family], "part");
      const std::string part = is_part ? ValueOf(duty.key) : "";
      const Zone& zone = books_.ZoneOf(books_.families()[duty.family].versions[version]);
      for (const HoldingMoment& moment : HoldingMoments(picture_.holds, part, zone)) {
        if (moment.becomes != pattern.holding()) continue;
        add(moment.at, Hash64("holding", absl::StrCat(part, "@", absl::ToUnixMicros(moment.at))),
            nullptr);
      }
    }
  }

  static inline const Zone kUtc;

  const Books& books_;
  Picture& picture_;
  const bool many_;
  const std::set<uint64_t>& voided_;
  absl::Time latest_ = absl::InfinitePast();
  bool indexed_ = false;
  std::vector<int> touched_;                  // duties to be read again
  absl::btree_map<int, absl::Time> put_off_;  // duties to be read in the end, as of this event
  absl::btree_map<std::pair<std::string, std::string>, int> matter_at_;
  absl::btree_map<std::tuple<int, int, std::string>, int> duty_at_;  // by family and key
};

}  // namespace

Picture DrawLive(absl::Span<const Event> events, const Books& books,
                 const std::set<uint64_t>& voided) {
  Picture picture;
  picture.books = books.publications();
  if (books.reads_birth()) {
    for (const Event& event : events) {
      if (!event.open.birth_month().empty()) picture.birth_month = event.open.birth_month();
    }
  }
  Drawing drawing(books, picture, /*many=*/true, voided);
  const auto continues = [](const Event& event) { return event.open.has_continues(); };
  if (std::any_of(events.begin(), events.end(), continues)) drawing.Join(events);
  for (const Event& event : events) drawing.Add(event);
  drawing.Finish();
  return picture;
}

void DrawOne(const Event& event, const Books& books, Picture& picture) {
  const std::set<uint64_t> none;
  Drawing(books, picture, /*many=*/false, none).Add(event);
}

}  // namespace dolen
