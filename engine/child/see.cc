#include "engine/child/see.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "engine/base/digest.h"
#include "engine/base/limits.h"
#include "engine/base/time.h"
#include "engine/child/days.h"
#include "engine/child/party.h"
#include "engine/pathway/amount.h"
#include "engine/pathway/limits.h"

namespace dolen {
namespace {

using pathway::v1::Amount;
using pathway::v1::Limit;
using pathway::v1::Pattern;
using pathway::v1::Rule;

// Whether `from` lies at least `ago` before `now`.
bool IsSoLong(const Amount& ago, absl::Time from, absl::Time now, const Zone& zone) {
  const absl::CivilDay day = zone.DayOf(from), today = zone.DayOf(now);
  if (const auto elapsed = ElapsedOf(ago)) return from + *elapsed <= now;
  if (const auto months = MonthsOf(ago)) return AddMonths(day, *months) <= today;
  const auto since = Days(ago.of_case(), nullptr).Step(day, DaysOf(ago));
  return ago.of_case() == Amount::OF_NOT_SET || !since || *since <= today;
}

// Whether an event of the duty's key fitted `earlier` so long before `now` as it says.
bool CameBefore(const Pattern& earlier, const Duty& duty, int number, const RuleVersion& version,
                absl::Time now, const Zone& zone) {
  for (const Came& came : duty.came) {
    if (came.version == number && version.uses[came.use].pattern == &earlier) {
      return came.from <= now && IsSoLong(earlier.ago(), came.from, now, zone);
    }
  }
  return false;
}

// The first day of the month after the birth month: with it an age is reached.
absl::optional<absl::CivilMonth> MonthOf(absl::string_view birth_month) {
  absl::CivilDay day;
  if (!ParseDay(std::string(birth_month) + "-01", day)) return absl::nullopt;
  return absl::CivilMonth(day);
}

// Full years at an instant.
absl::optional<int64_t> AgeAt(absl::Time at, absl::string_view birth_month, const Zone& zone) {
  const auto birth = MonthOf(birth_month);
  if (!birth) return absl::nullopt;
  const int64_t months = absl::CivilMonth(zone.DayOf(at)) - *birth - 1;
  return std::max<int64_t>(0, months / 12);
}

// "in" or "out" of the office hours that an agency's calendar says; empty: nobody can say.
absl::string_view HoursAt(absl::Time at, absl::string_view agency, const Books& books,
                          const Zone& zone) {
  const Calendar* calendar = books.WorkingDaysOf(agency);
  const absl::CivilDay day = zone.DayOf(at);
  if (calendar == nullptr || !calendar->hours() || !calendar->Knows(day)) return {};
  const int64_t second = zone.CivilOf(at) - absl::CivilSecond(day);
  const Calendar::Hours& hours = *calendar->hours();
  // A closure counts from the day after it was announced.
  Days days(Amount::kWorkingDays, calendar);
  days.IgnoreAnnouncedAfter(day - 1);
  const bool in = days.Counts(day).value_or(false) && hours.opens * 60 <= second &&
                  second < int64_t{hours.closes} * 60;
  return in ? "in" : "out";
}

// The event in its place among the others of one duty, as one version asks.
class EventOccurrence : public Occurrence {
 public:
  EventOccurrence(const Scene& scene, absl::string_view thread, const Duty* duty, int version)
      : scene_(scene), thread_(thread), duty_(duty), version_(version) {}

  const event::v1::Open& open() const override { return scene_.event.open; }
  Parties parties() const override { return scene_.parties; }

  bool Came(const Pattern& earlier) const override {
    return duty_ != nullptr &&
           CameBefore(earlier, *duty_, version_, version(), moment().from, zone());
  }

  absl::optional<int64_t> age() const override {
    if (duty_ == nullptr) return absl::nullopt;
    return AgeAt(moment().from, scene_.picture.birth_month, zone());
  }

  absl::string_view hours() const override {
    if (duty_ == nullptr || scene_.event.IsDayOnly()) return {};
    return HoursAt(moment().from, Party(version().rule.accountable()), scene_.books, zone());
  }

  const RuleVersion& version() const {
    return scene_.books.families()[duty_->family].versions[version_];
  }
  const Zone& zone() const { return scene_.books.ZoneOf(version()); }
  Moment moment() const { return scene_.event.MomentIn(zone()); }
  // Who a party of the rule is, right after the event.
  std::string Party(absl::string_view party) const {
    return AgencyOf(party,
                    {scene_.picture, zone(), scene_.matter, thread_, scene_.event.open.agency()});
  }

 private:
  const Scene& scene_;
  const absl::string_view thread_;
  const Duty* const duty_;
  const int version_;
};

// The date or instant that a field of the event states; never: none.
Moment Stated(const event::v1::Open& open, const std::string& field, const Zone& zone) {
  if (field == "birth_month") {
    const auto month = MonthOf(open.birth_month());
    if (!month) return Moment();
    event::v1::When last;
    last.set_day(DayText(absl::CivilDay(*month + 1) - 1));
    return MomentOf(last, zone);
  }
  if (field == "until" && open.has_until()) return MomentOf(open.until(), zone);
  if (field == "effective" && open.has_effective()) return MomentOf(open.effective(), zone);
  for (const event::v1::Field& one : open.fields()) {
    if (one.name() == field && one.has_when()) return MomentOf(one.when(), zone);
  }
  return Moment();
}

// Until when a pause or exception holds: an instant, or the end of a day.
absl::Time UntilOf(const event::v1::Open& open, const Zone& zone) {
  if (!open.has_until()) return absl::InfiniteFuture();
  const Moment until = MomentOf(open.until(), zone);
  if (until.from > OccurredOf(open) + kLongestUntil) return absl::InfiniteFuture();
  return open.until().has_day() ? until.to() + absl::Microseconds(1) : until.from;
}

// Which version of the family judges a start then, as `party` resolves who is accountable.
template <typename PartyOf>
bool IsJudged(const Books& books, int family, int version, absl::Time start,
              const PartyOf& party_of) {
  const RuleFamily& of = books.families()[family];
  const absl::CivilDay day = books.ZoneOf(of.versions[version]).DayOf(start);
  std::string accountable;  // of the version asked about, kept while it is looked at
  const auto who = [&](const RuleVersion& one) -> absl::string_view {
    accountable = party_of(one.rule.accountable());
    return accountable;
  };
  return VersionInForce(of, day, who, books) == version;
}

template <typename PartyOf>
void TakeParties(const Rule& rule, const PartyOf& party_of, Opening& opening) {
  opening.accountable = party_of(rule.accountable());
  ForEachLimit(rule, [&](const Limit& limit, int i) {
    if (limit.calendar_of().empty()) return;
    opening.calendars.resize(i + 1);
    opening.calendars[i] = party_of(limit.calendar_of());
  });
}

class Seer {
 public:
  Seer(const Scene& scene, const Interest& interest, absl::string_view thread, Duty& duty)
      : scene_(scene), open_(scene.event.open), interest_(interest), thread_(thread), duty_(duty) {}

  bool Run() {
    const size_t hits = duty_.hits.size(), exceptions = duty_.exceptions.size();
    std::vector<Came> came;  // only now: an event does not come earlier than itself
    for (const auto& [version, use] : interest_.uses) {
      const EventOccurrence occurrence(scene_, thread_, &duty_, version);
      const PatternUse& what = occurrence.version().uses[use];
      if (!Fits(*what.pattern, occurrence, scene_.books)) continue;
      if (what.role == PatternUse::kEarlier) {
        came.push_back({version, use, occurrence.moment().from});
      } else {
        AddHit(occurrence, version, use, what);
      }
    }
    MarkStarts(absl::MakeSpan(duty_.hits).subspan(hits), scene_.books.families()[duty_.family]);
    if (interest_.may_excuse) AddExceptions();
    for (const Came& one : came) Remember(one);
    // Also where it was known that such a one had come: a key is there once an event names it that
    // fits any pattern, whatever was seen under keys of which parts are missing.
    return !came.empty() || duty_.hits.size() > hits || duty_.exceptions.size() > exceptions;
  }

 private:
  void Remember(const Came& one) {
    for (Came& known : duty_.came) {
      if (known.version != one.version || known.use != one.use) continue;
      known.from = std::min(known.from, one.from);
      return;
    }
    duty_.came.push_back(one);
  }

  void AddHit(const EventOccurrence& occurrence, int version, int use, const PatternUse& what) {
    const Rule& rule = occurrence.version().rule;
    Hit hit;
    hit.version = version;
    hit.use = use;
    hit.moment = occurrence.moment();
    hit.root =
        open_.occasion().empty() ? scene_.event.Root() : Hash64("occasion", open_.occasion());
    hit.event = scene_.event.Root();
    hit.is_void = scene_.is_void;
    switch (what.role) {
      case PatternUse::kStart:
        hit.opening = OpeningOf(occurrence, version);
        break;
      case PatternUse::kPauseBegin: {
        const pathway::v1::Pause& clause = rule.pause(what.index);
        if (clause.cause_size() > 0 && std::find(clause.cause().begin(), clause.cause().end(),
                                                 open_.reason()) == clause.cause().end()) {
          return;
        }
        hit.cause = open_.reason();
        // Who a party is hangs on the clock and on the time: it is asked for each minute.
        hit.owner = open_.owner().empty() ? clause.owner() : open_.owner();
        hit.until = UntilOf(open_, occurrence.zone());
        break;
      }
      case PatternUse::kPauseEnd:
        hit.cause = open_.reason();
        break;
      case PatternUse::kStop:
      case PatternUse::kCancel:
        hit.recorded = scene_.event.recorded;
        break;
      case PatternUse::kFrom: {
        const int limits = rule.limit_size();
        const Limit& limit =
            what.index < limits ? rule.limit(what.index) : rule.target(what.index - limits);
        const std::string& field = limit.from().field();
        hit.base = field.empty() ? hit.moment : Stated(open_, field, occurrence.zone());
        break;
      }
      default:
        break;
    }
    duty_.hits.push_back(std::move(hit));
  }

  Opening OpeningOf(const EventOccurrence& occurrence, int version) const {
    const Rule& rule = occurrence.version().rule;
    const auto party_of = [&](absl::string_view party) { return occurrence.Party(party); };
    Opening opening;
    TakeParties(rule, party_of, opening);
    opening.judged =
        IsJudged(scene_.books, duty_.family, version, occurrence.moment().from, party_of);
    opening.starter = open_.agency();
    opening.backfill = scene_.event.backfill;
    opening.matter = scene_.matter;
    ForEachLimit(rule, [&](const Limit& limit, int i) {
      if (limit.has_when() && Fits(limit.when(), occurrence, scene_.books)) {
        opening.when |= uint32_t{1} << i;
      }
      if (limit.from().field().empty() || limit.from().has_event()) return;
      opening.fields.resize(i + 1);
      opening.fields[i] = Stated(open_, limit.from().field(), occurrence.zone());
    });
    return opening;
  }

  void AddExceptions() {
    const RuleFamily& family = scene_.books.families()[duty_.family];
    if (!open_.rule().empty() && open_.rule() != family.id) return;
    for (size_t version = 0; version < family.versions.size(); ++version) {
      const std::string& by = family.versions[version].rule.exception_by();
      if (by.empty()) continue;
      const EventOccurrence occurrence(scene_, thread_, &duty_, static_cast<int>(version));
      const bool is_starter =
          by == "starter";  // which clocks it started is seen when they are read
      const bool may = is_starter       ? true
                       : by == "holder" ? occurrence.Party(by) == open_.agency()
                                        : ByFits(by, open_, scene_.parties, scene_.books);
      if (!may) continue;
      duty_.exceptions.push_back({static_cast<int>(version), occurrence.moment(),
                                  UntilOf(open_, occurrence.zone()),
                                  is_starter ? open_.agency() : ""});
    }
  }

  const Scene& scene_;
  const event::v1::Open& open_;
  const Interest& interest_;
  const absl::string_view thread_;
  Duty& duty_;
};

// A moment has no publisher and no fields, but others may have come before it.
class MomentOccurrence : public Occurrence {
 public:
  MomentOccurrence(const MomentScene& moment, absl::string_view accountable)
      : moment_(moment), accountable_(accountable) {}

  const event::v1::Open& open() const override { return event::v1::Open::default_instance(); }
  Parties parties() const override { return {}; }
  bool Came(const Pattern& earlier) const override {
    return CameBefore(earlier, moment_.duty, moment_.version, version(), moment_.at, zone());
  }
  absl::optional<int64_t> age() const override {
    return AgeAt(moment_.at, moment_.picture.birth_month, zone());
  }
  absl::string_view hours() const override {
    return HoursAt(moment_.at, accountable_, moment_.books, zone());
  }

 private:
  const RuleVersion& version() const {
    return moment_.books.families()[moment_.duty.family].versions[moment_.version];
  }
  const Zone& zone() const { return moment_.books.ZoneOf(version()); }

  const MomentScene& moment_;
  const absl::string_view accountable_;
};

}  // namespace

void MarkStarts(absl::Span<Hit> hits, const RuleFamily& family) {
  for (const Hit& start : hits) {
    if (family.versions[start.version].uses[start.use].role != PatternUse::kStart) continue;
    for (Hit& hit : hits) hit.starts |= hit.version == start.version && hit.event == start.event;
  }
}

bool See(const Scene& scene, const Interest& interest, absl::string_view thread, Duty& duty) {
  return Seer(scene, interest, thread, duty).Run();
}

Opening OpeningAt(const MomentScene& moment, const Clock* watched) {
  const auto& [books, picture, duty, version, thread, at] = moment;
  const RuleVersion& of = books.families()[duty.family].versions[version];
  const Zone& zone = books.ZoneOf(of);
  Opening opening;
  opening.matter = watched != nullptr ? watched->matter : std::max(0, duty.matter);
  const Standpoint from = {picture, zone, opening.matter, thread, "", at};
  const auto party_of = [&](absl::string_view party) { return AgencyOf(party, from); };
  TakeParties(of.rule, party_of, opening);
  opening.judged = IsJudged(books, duty.family, version, at, party_of);
  const MomentOccurrence occurrence(moment, opening.accountable);
  ForEachLimit(of.rule, [&](const Limit& limit, int i) {
    if (limit.has_when() && Fits(limit.when(), occurrence, moment.books)) {
      opening.when |= uint32_t{1} << i;
    }
  });
  if (watched != nullptr) opening.backfill = watched->backfill;
  return opening;
}

bool FitsAlone(const pathway::v1::Pattern& pattern, const Scene& scene) {
  return Fits(pattern, EventOccurrence(scene, {}, nullptr, 0), scene.books);
}

}  // namespace dolen
