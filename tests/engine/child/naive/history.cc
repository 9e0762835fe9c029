#include "tests/engine/child/naive/history.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <tuple>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace dolen::second {
namespace {

using event::v1::Matter;
using event::v1::Open;

int Rank(event::v1::Kind kind) {
  static const std::set<int> openers = {
      event::v1::KIND_REFERRAL_MADE, event::v1::KIND_REFERRAL_REOPENED,
      event::v1::KIND_HANDOVER_OFFERED, event::v1::KIND_COVER_STARTED,
      event::v1::KIND_EPISODE_OPENED};
  static const std::set<int> closers = {
      event::v1::KIND_REFERRAL_WITHDRAWN, event::v1::KIND_REFERRAL_COMPLETED,
      event::v1::KIND_REFERRAL_EXPIRED,   event::v1::KIND_HANDOVER_COMPLETED,
      event::v1::KIND_HANDOVER_CANCELLED, event::v1::KIND_COVER_ENDED,
      event::v1::KIND_EPISODE_CLOSED};
  return openers.count(kind) > 0 ? 0 : closers.count(kind) > 0 ? 2 : 1;
}

using Id = std::pair<std::string, std::string>;  // agency, event id
Id IdOf(const Open& open) { return {open.agency(), open.event_id()}; }

// A correction of another agency's event is a dispute and changes nothing.
bool IsCorrection(const Open& open) {
  return open.kind() == event::v1::KIND_CORRECTION && open.corrects().agency() == open.agency();
}

// The event at the beginning of the chain of corrections; the smallest id where it is a circle.
Id RootOf(Id id, const std::map<Id, Said>& events) {
  std::set<Id> passed;
  while (true) {
    const auto found = events.find(id);
    if (found == events.end() || !IsCorrection(found->second.open)) return id;
    if (!passed.insert(id).second) break;
    id = {id.first, found->second.open.corrects().event_id()};
  }
  Id smallest = id;
  for (Id one = id;;) {
    one.second = events.at(one).open.corrects().event_id();
    smallest = std::min(smallest, one);
    if (one == id) return smallest;
  }
}

// The one that was published last decides.
std::tuple<int64_t, int, std::string> PublishedAs(const Open& correction) {
  const auto& published = correction.published();
  return {published.seconds(), published.nanos(), correction.event_id()};
}

Entry EntryOf(const Said& said, const Id& root, const std::string& zone) {
  Entry entry;
  Open open = said.open;
  open.set_event_id(root.second);
  entry.shared = std::make_shared<const Open>(std::move(open));
  entry.backfill = said.backfill;
  entry.recorded = said.recorded;
  entry.root = absl::StrCat(root.first, "\n", root.second);
  entry.span = SpanOf(said.open.occurred(), ZoneOf(zone));
  const bool is_day = said.open.occurred().has_day();
  entry.stands = SpanOf(said.open.occurred(), is_day ? absl::UTCTimeZone() : ZoneOf(zone)).from;
  return entry;
}

}  // namespace

std::string NameOf(const Open& open) {
  if (!open.milestone().empty()) return open.milestone();
  return absl::AsciiStrToLower(event::v1::Kind_Name(open.kind()).substr(5));
}

bool Earlier(const Entry& x, const Entry& y) {
  const auto place = [](const Entry& entry) {
    const Open& open = entry.open();
    return std::make_tuple(entry.stands, entry.IsMoment(), Rank(open.kind()), open.agency(),
                           open.sequence(), open.event_id(), entry.began, entry.overdue,
                           entry.IsMoment() ? entry.root : "");
  };
  return place(x) < place(y);
}

std::vector<Entry> LiveOf(const std::vector<Said>& said, const std::string& zone,
                          bool with_voided) {
  std::map<Id, Said> events;  // the first of each id stays
  for (const Said& one : said) events.emplace(IdOf(one.open), one);
  std::set<Id> roots;
  for (const auto& [id, one] : events) roots.insert(RootOf(id, events));

  std::vector<Entry> live;
  for (const Id& root : roots) {
    const auto original = events.find(root);
    const bool arrived = original != events.end() && !IsCorrection(original->second.open);
    const Said* last = nullptr;  // of its corrections
    for (const auto& [id, one] : events) {
      if (!IsCorrection(one.open) || RootOf(id, events) != root) continue;
      if (last == nullptr || PublishedAs(last->open) < PublishedAs(one.open)) last = &one;
    }
    if (last == nullptr) {
      live.push_back(EntryOf(original->second, root, zone));
    } else if (!last->open.corrects().voids()) {
      Said corrected = *last;
      corrected.open.set_kind(last->open.corrects().kind());
      corrected.open.set_milestone(last->open.corrects().milestone());
      corrected.open.clear_corrects();
      if (arrived) corrected.backfill = original->second.backfill;
      live.push_back(EntryOf(corrected, root, zone));
    } else if (with_voided && arrived) {
      live.push_back(EntryOf(original->second, root, zone));
      live.back().voided = true;
    }
  }
  // Disputes are said, and shown, and no part of the picture.
  live.erase(
      std::remove_if(live.begin(), live.end(),
                     [](const Entry& e) { return e.open().kind() == event::v1::KIND_CORRECTION; }),
      live.end());
  std::sort(live.begin(), live.end(), Earlier);
  return live;
}

std::string MatterName(const Matter& matter) {
  if (matter.agency().empty() && matter.id().empty()) return "standing";
  return absl::StrCat(absl::StrReplaceAll(matter.agency(), {{"%", "%25"}, {":", "%3A"}}), ":",
                      matter.id());
}

Threads::Threads(const std::vector<Entry>& events) {
  for (const Entry& entry : events) {
    if (!entry.open().has_continues() || !entry.open().has_matter()) continue;
    before_.emplace(MatterName(entry.open().matter()), MatterName(entry.open().continues()));
  }
}

std::string Threads::Of(const Matter& matter) const {
  std::string name = MatterName(matter);
  std::set<std::string> passed;
  while (before_.count(name) > 0) {
    if (!passed.insert(name).second) {  // a circle: its smallest
      std::string smallest = name;
      for (std::string one = before_.at(name); one != name; one = before_.at(one)) {
        smallest = std::min(smallest, one);
      }
      return smallest;
    }
    name = before_.at(name);
  }
  return name;
}

namespace {

bool InMatter(const Entry& entry, const Matter& matter) {
  return MatterName(entry.open().matter()) == MatterName(matter);
}

// A handover that is offered is asked for as a referral is.
bool Asks(const Open& open) {
  return open.kind() == event::v1::KIND_REFERRAL_MADE ||
         open.kind() == event::v1::KIND_HANDOVER_OFFERED;
}
bool PassesOn(const Open& open) { return open.kind() == event::v1::KIND_REFERRAL_REDIRECTED; }
bool Declines(const Open& open) {
  return open.kind() == event::v1::KIND_REFERRAL_DECLINED ||
         open.kind() == event::v1::KIND_HANDOVER_DECLINED;
}

std::string WhoIsAsked(const Matter& matter, const Seen& seen, bool asker) {
  std::string asked, by;
  for (const Entry* entry : seen) {
    const Open& open = entry->open();
    if (!InMatter(*entry, matter)) continue;
    if (Asks(open)) by = open.agency();
    if (Asks(open) || PassesOn(open)) asked = open.to_agency();
    if (Declines(open)) asked = by;
  }
  return asker ? by : asked;
}

// The matter that is meant now: of a thread the one in which somebody else than the asker was asked
// last; if nobody was, the one with the last word about asking.
Matter MatterOf(const Subject& subject, const Seen& seen, const Threads& threads) {
  Matter matter = subject.matter;
  if (subject.thread.empty()) return matter;
  bool is_known = false;
  Seen so_far;
  for (const Entry* entry : seen) {
    so_far.push_back(entry);
    const Open& open = entry->open();
    if (!Asks(open) && !PassesOn(open) && !Declines(open)) continue;
    const Matter& its = open.matter();
    if (threads.Of(its) != subject.thread) continue;
    const bool asks_another = WhoIsAsked(its, so_far, false) != WhoIsAsked(its, so_far, true);
    if (asks_another || !is_known) matter = its;
    is_known = is_known || asks_another;
  }
  return matter;
}

// The last that fits, in the matter, else in the child.
template <typename Agency>
std::string LastIn(const Matter& matter, const Seen& seen, Agency agency) {
  std::string in_matter, in_child;
  for (const Entry* entry : seen) {
    const std::string found = agency(entry->open());
    if (found.empty()) continue;
    in_child = found;
    if (InMatter(*entry, matter)) in_matter = found;
  }
  return in_matter.empty() ? in_child : in_matter;
}

}  // namespace

std::string PartyOf(const std::string& party, const Subject& subject, const Seen& seen,
                    const Threads& threads, const Library& library) {
  const Matter matter = MatterOf(subject, seen, threads);
  std::string found;
  if (absl::StartsWith(party, "agency:")) return party.substr(7);
  if (party == "starter") found = subject.starter;
  if (party == "asked") found = WhoIsAsked(matter, seen, false);
  if (party == "asker") found = WhoIsAsked(matter, seen, true);
  if (absl::StartsWith(party, "role:")) {
    found = LastIn(subject.matter, seen, [&](const Open& open) {
      return open.role() == party.substr(5) ? open.agency() : std::string();
    });
  }
  if (absl::StartsWith(party, "kind:")) {
    const std::string kind = party.substr(5);
    found = LastIn(subject.matter, seen, [&](const Open& open) {
      if (library.KindOf(open.agency()) == kind) return open.agency();
      return (Asks(open) || PassesOn(open)) && library.KindOf(open.to_agency()) == kind
                 ? open.to_agency()
                 : std::string();
    });
  }
  return found.empty() ? party : found;
}

}  // namespace dolen::second
