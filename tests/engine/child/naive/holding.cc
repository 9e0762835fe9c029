#include "tests/engine/child/naive/holding.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"

namespace dolen::second {
namespace {

using event::v1::Open;
using pathway::v1::Pattern;

Mark MarkOf(const event::v1::When& when, const std::string& zone) {
  const absl::Time at = SpanOf(when, ZoneOf(zone)).from;
  return {at, when.has_day() ? when.day()
                             : absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", at, absl::UTCTimeZone())};
}

const std::string& Either(const std::string& first, const std::string& second) {
  return first.empty() ? second : first;
}

// Who asked last in a matter, and who is asked.
struct Asking {
  std::string asker, asked;
};

class Maker {
 public:
  Maker(const std::vector<Said>& said, const Library& library,
        const std::vector<pathway::v1::Passing>& passings, const std::string& zone)
      : zone_(zone), library_(library), passings_(passings), events_(LiveOf(said, zone, false)) {}

  Responsibility Make() && {
    const Threads threads(events_);
    Seen seen;
    for (const Entry& entry : events_) {
      seen.push_back(&entry);
      TakeAsking(entry);
      TakeHolding(entry);
      for (const pathway::v1::Passing& passing : passings_) {
        if (!Fits(passing.on(), entry.open())) continue;
        const Subject subject{entry.open().agency(), entry.open().matter(), ""};
        const auto party = [&](const std::string& name) {
          return PartyOf(name, subject, seen, threads, library_);
        };
        Pass(entry, passing.part(), party(passing.from()), party(passing.to()),
             MarkOf(entry.open().occurred(), zone_));
      }
    }
    return std::move(made_);
  }

 private:
  static bool Fits(const Pattern& pattern, const Open& open) {
    const auto says = [&](const pathway::v1::Test& test) {
      return std::find(test.is().begin(), test.is().end(), open.reason()) != test.is().end();
    };
    if (pattern.is() == NameOf(open) && (pattern.by().empty() || pattern.by() == open.agency()) &&
        std::all_of(pattern.where().begin(), pattern.where().end(), says)) {
      return true;
    }
    return std::any_of(pattern.or_().begin(), pattern.or_().end(),
                       [&](const Pattern& other) { return Fits(other, open); });
  }

  // Another ask, and every answer, ends what was offered in the matter.
  void TakeAsking(const Entry& entry) {
    const Open& open = entry.open();
    const std::string matter = MatterName(open.matter());
    Asking& asking = asking_[matter];
    const Mark now = MarkOf(open.occurred(), zone_);
    switch (open.kind()) {
      case event::v1::KIND_HANDOVER_OFFERED:
      case event::v1::KIND_REFERRAL_MADE:
        EndOffers(matter, now);
        asking = {open.agency(), open.to_agency()};
        if (open.kind() == event::v1::KIND_HANDOVER_OFFERED) {
          Finish(matter, now);
          made_.offers.push_back(
              {matter, open.part(), open.agency(), open.to_agency(), now, {}, {}});
        }
        return;
      case event::v1::KIND_REFERRAL_REDIRECTED:
        EndOffers(matter, now);
        asking.asked = open.to_agency();
        return;
      case event::v1::KIND_REFERRAL_DECLINED:
      case event::v1::KIND_HANDOVER_DECLINED:
        EndOffers(matter, now);
        asking.asked = asking.asker;
        return;
      case event::v1::KIND_REFERRAL_ACCEPTED:
      case event::v1::KIND_HANDOVER_ACCEPTED:
        return EndOffers(matter, now);
      case event::v1::KIND_HANDOVER_COMPLETED:
      case event::v1::KIND_HANDOVER_CANCELLED:
        EndOffers(matter, now);
        return Finish(matter, now);
      default:
        return;
    }
  }

  void EndOffers(const std::string& matter, const Mark& now) {
    for (Offer& offer : made_.offers) {
      if (offer.matter == matter && offer.to.at == absl::InfiniteFuture()) offer.to = now;
    }
  }

  void Finish(const std::string& matter, const Mark& now) {
    for (Offer& offer : made_.offers) {
      if (offer.matter == matter && offer.finished.at == absl::InfiniteFuture()) {
        offer.finished = now;
      }
    }
  }

  void TakeHolding(const Entry& entry) {
    const Open& open = entry.open();
    const Mark now = MarkOf(open.occurred(), zone_);
    switch (open.kind()) {
      case event::v1::KIND_HANDOVER_COMPLETED:
        return Complete(entry);
      case event::v1::KIND_COVER_STARTED:
        return Begin(Holding::kCover, open.part(), entry, now);
      case event::v1::KIND_EPISODE_OPENED:
        return Begin(Holding::kEpisode, Either(open.part(), open.service_type()), entry, now);
      case event::v1::KIND_COVER_ENDED:
        return End(Holding::kCover, entry, now);
      case event::v1::KIND_EPISODE_CLOSED:
        return End(Holding::kEpisode, entry, now);
      default:
        return;
    }
  }

  void Begin(Holding::Why why, const std::string& part, const Entry& entry, const Mark& now) {
    const Open& open = entry.open();
    made_.holdings.push_back(
        {part, Either(open.to_agency(), open.agency()), why, MatterName(open.matter()), now, {}});
  }

  void End(Holding::Why why, const Entry& entry, const Mark& now) {
    for (Holding& one : made_.holdings) {
      if (one.why == why && one.matter == MatterName(entry.open().matter()) && IsOpen(one)) {
        one.to = now;
      }
    }
  }

  void Complete(const Entry& entry) {
    const Open& open = entry.open();
    const Asking& asking = asking_[MatterName(open.matter())];
    const std::string giver = Either(asking.asker, open.agency());
    std::string taker = Either(asking.asked, open.to_agency());
    // Where nobody else is named, whoever says it has taken it.
    if (taker.empty() || taker == giver) taker = open.agency();
    if (taker == giver) return;
    Pass(entry, open.part(), giver, taker,
         MarkOf(open.has_effective() ? open.effective() : open.occurred(), zone_));
  }

  // Who gives all of it gives every part of it.
  void Pass(const Entry& entry, const std::string& part, const std::string& giver,
            const std::string& taker, const Mark& at) {
    for (Holding& one : made_.holdings) {
      if (one.why == Holding::kCover || one.agency != giver || !IsOpen(one)) continue;
      if (part.empty() || one.part == part) one.to = at;
    }
    made_.holdings.push_back(
        {part, taker, Holding::kHandover, MatterName(entry.open().matter()), at, {}});
  }

  static bool IsOpen(const Holding& one) { return one.to.at == absl::InfiniteFuture(); }

  const std::string zone_;
  const Library& library_;
  const std::vector<pathway::v1::Passing>& passings_;
  const std::vector<Entry> events_;
  std::map<std::string, Asking> asking_;  // by matter
  Responsibility made_;
};

}  // namespace

std::vector<const Holding*> Responsibility::InForce(const std::string& part, absl::Time t) const {
  std::vector<const Holding*> covers, holds;
  for (const Holding& one : holdings) {
    if (one.part != part || one.from.at > t || one.to.at <= t) continue;
    (one.why == Holding::kCover ? covers : holds).push_back(&one);
  }
  return covers.empty() ? holds : covers;
}

std::set<std::string> Responsibility::Who(const std::string& part, absl::Time t) const {
  std::set<std::string> who;
  for (const Holding* one : InForce(part, t)) who.insert(one->agency);
  return who.empty() && !part.empty() ? Who("", t) : who;
}

void Responsibility::AddGap(const std::string& part, const std::string& agency, absl::Time t,
                            std::vector<std::string>& lines) const {
  if (!Who(part, t).empty()) return;
  // Since the last that held it, or held all, ended. Whoever held it last is left, if it was handed
  // over to them or they want to hand it over; who only stood in is none of these.
  const Holding *last = nullptr, *of_any = nullptr;
  for (const Holding& one : holdings) {
    if ((one.part != part && !one.part.empty()) || one.from.at >= one.to.at || one.to.at > t) {
      continue;
    }
    if (of_any == nullptr || one.to.at > of_any->to.at) of_any = &one;
    if (one.why == Holding::kCover || one.part != part) continue;
    if (last == nullptr || one.to.at > last->to.at) last = &one;
  }
  if (last == nullptr || last->agency != agency) return;
  const bool is_offered = std::any_of(offers.begin(), offers.end(), [&](const Offer& offer) {
    return offer.from_agency == agency && (offer.part.empty() || offer.part == part) &&
           offer.from.at <= t && t < offer.finished.at;
  });
  if (last->why != Holding::kHandover && !is_offered) return;
  lines.push_back(absl::StrCat("gap '", part, "' ", agency, " since ", of_any->to.text));
}

std::vector<std::string> Responsibility::LinesOf(const std::string& agency, absl::Time t) const {
  static const char* const kBy[] = {"handover", "episode", "cover"};
  std::vector<std::string> lines;
  std::set<std::string> parts;
  for (const Holding& one : holdings) parts.insert(one.part);
  for (const std::string& part : parts) {
    // Of several spans of one agency the one that began last.
    std::map<std::string, const Holding*> spans;
    for (const Holding* one : InForce(part, t)) {
      const Holding*& span = spans[one->agency];
      if (span == nullptr || one->from.at >= span->from.at) span = one;
    }
    AddGap(part, agency, t, lines);
    if (spans.count(agency) == 0) continue;
    const Holding& ours = *spans[agency];
    lines.push_back(
        absl::StrCat("holds '", part, "' since ", ours.from.text, " by ", kBy[ours.why]));
    for (const auto& [other, theirs] : spans) {
      if (other == agency) continue;
      const Mark& since = ours.from.at < theirs->from.at ? theirs->from : ours.from;
      lines.push_back(
          absl::StrCat("overlap '", part, "' ", agency, " ", other, " since ", since.text));
    }
  }
  return lines;
}

Responsibility ResponsibilityOf(const std::vector<Said>& said, const Library& library,
                                const std::vector<pathway::v1::Passing>& passings,
                                const std::string& zone) {
  return Maker(said, library, passings, zone).Make();
}

}  // namespace dolen::second
