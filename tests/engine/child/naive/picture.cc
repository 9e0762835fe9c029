#include "tests/engine/child/naive/picture.h"

#include <algorithm>
#include <memory>
#include <set>
#include <tuple>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace dolen::second {
namespace {

using pathway::v1::Pattern;
using pathway::v1::Rule;

void AddOverdue(const Pattern& pattern, std::set<std::string>& rules) {
  if (!pattern.overdue().empty()) rules.insert(pattern.overdue());
  for (const Pattern& other : pattern.or_()) AddOverdue(other, rules);
}

// The rules whose falling due this one waits for.
std::set<std::string> OverdueIn(const Rule& rule) {
  std::set<std::string> rules;
  for (const Pattern& pattern : rule.start()) AddOverdue(pattern, rules);
  for (const Pattern& pattern : rule.stop()) AddOverdue(pattern, rules);
  AddOverdue(rule.cancel(), rules);
  return rules;
}

bool InScope(const Rule& rule, const std::string& agency, const Library& library) {
  if (rule.scope().empty()) return true;
  const auto known = library.agencies.find(agency);
  for (const std::string& scope : rule.scope()) {
    if (scope == "agency:" + agency) return true;
    if (known == library.agencies.end()) continue;
    if (scope == "nation:" + known->second.nation()) return true;
    if (scope == "authority:" + known->second.authority()) return true;
  }
  return false;
}

// A clock that one version finds.
struct Candidate {
  std::string key;
  std::shared_ptr<Duty> duty;
  Found found;
  const Entry& event() const { return duty->entries()[found.event]; }
};

// One look at the child: live events, with voided ones as if they were live or without.
class Drawing {
 public:
  Drawing(const std::vector<Said>& said, const Library& library, absl::Time as_of, bool with_voided)
      : said_(said), library_(library), as_of_(as_of), with_voided_(with_voided) {}

  std::vector<Clock> Run() {
    std::vector<Clock> all;
    for (const auto& [id, versions] : library_.rules) {
      const std::vector<Clock>& clocks = ClocksOf(id);
      all.insert(all.end(), clocks.begin(), clocks.end());
    }
    return all;
  }
  // Whether a voided event is among those that start it.
  bool IsByVoided(const Clock& clock) const {
    return by_voided_.count({clock.rule.id(), clock.key, clock.root}) > 0;
  }

 private:
  struct Zoned {
    std::vector<Entry> all;
    std::unique_ptr<Threads> threads;
    std::unique_ptr<Sight> sight;
  };

  const Sight& SightIn(const std::string& zone) {
    std::unique_ptr<Zoned>& zoned = zones_[zone];
    if (zoned == nullptr) {
      zoned = std::make_unique<Zoned>();
      for (Entry& entry : LiveOf(said_, zone, with_voided_)) {
        if (entry.span.from <= as_of_) zoned->all.push_back(std::move(entry));
      }
      zoned->threads = std::make_unique<Threads>(zoned->all);
      zoned->sight = std::make_unique<Sight>(Sight{zoned->all, *zoned->threads, library_});
    }
    return *zoned->sight;
  }

  const std::vector<Clock>& ClocksOf(const std::string& rule) {
    const auto known = clocks_.find(rule);
    if (known != clocks_.end()) return known->second;
    std::vector<Clock>& clocks = clocks_[rule];
    const auto versions = library_.rules.find(rule);
    if (versions == library_.rules.end()) return clocks;
    std::vector<Candidate> kept;
    const std::set<std::string> keys = KeysOf(versions->second);
    for (const Version& version : versions->second) {
      for (Candidate& candidate : Candidates(version, versions->second, keys)) {
        if (&VersionInForce(versions->second, candidate) != &version) continue;
        Keep(std::move(candidate), kept);
      }
    }
    std::vector<Clock> drawn;
    for (const Candidate& candidate : kept) drawn.push_back(ClockOf(candidate, kept));
    return clocks_[rule] = std::move(drawn);
  }

  // The keys that some event names which means something to some version.
  std::set<std::string> KeysOf(const std::vector<Version>& versions) {
    std::set<std::string> keys;
    for (const Version& version : versions) {
      std::set<std::string> tried;
      const Sight& sight = SightIn(version.zone);
      // The keys of a rule are those of the rules that wait for it too.
      for (const std::string& id : OverdueIn(version.rule)) {
        const auto awaited = library_.rules.find(id);
        if (awaited != library_.rules.end()) keys.merge(KeysOf(awaited->second));
      }
      for (const Entry& named : sight.all) {
        const Key key = KeyOf(named, version.rule, sight.threads);
        const bool whole =
            std::all_of(key.begin(), key.end(), [](const auto& p) { return bool(p); });
        if (!whole || keys.count(KeyText(key)) > 0 || !tried.insert(KeyText(key)).second) continue;
        const Duty duty(version, sight, EntriesOf(key, version, versions));
        for (size_t i = 0; i < duty.entries().size(); ++i) {
          if (KeyOf(duty.entries()[i], version.rule, sight.threads) != key) continue;
          if (MeansSomething(duty, i)) keys.insert(KeyText(key));
        }
      }
    }
    return keys;
  }

  bool MeansSomething(const Duty& duty, size_t i) const {
    return duty.Means(i) || Excuses(duty, duty.entries()[i]);
  }

  // The events that count for a key of a rule, in order. Of one name and occasion the first that
  // means something to any version stays, and has the occasion's root.
  std::vector<Entry> EntriesOf(const Key& key, const Version& version,
                               const std::vector<Version>& versions) {
    const Sight& sight = SightIn(version.zone);
    std::vector<Entry> entries;
    std::set<std::pair<std::string, std::string>> known;
    for (const Entry& entry : sight.all) {
      if (!Agrees(KeyOf(entry, version.rule, sight.threads), key)) continue;
      entries.push_back(entry);
      const std::string& occasion = entry.open().occasion();
      if (occasion.empty()) continue;
      const auto means = [&](const Version& one) {
        return MeansSomething(Duty(one, SightIn(one.zone), entries), entries.size() - 1);
      };
      if (std::none_of(versions.begin(), versions.end(), means)) continue;
      if (known.emplace(NameOf(entry.open()), occasion).second) {
        entries.back().root = absl::StrCat("occasion\n", occasion);
      } else {
        entries.pop_back();
      }
    }
    return entries;
  }

  std::vector<Candidate> Candidates(const Version& version, const std::vector<Version>& versions,
                                    const std::set<std::string>& known) {
    const Sight& sight = SightIn(version.zone);
    std::map<std::string, Key> keys;
    for (const Entry& entry : sight.all) {
      const Key key = KeyOf(entry, version.rule, sight.threads);
      const bool whole = std::all_of(key.begin(), key.end(), [](const auto& p) { return bool(p); });
      if (whole && known.count(KeyText(key)) > 0) keys.emplace(KeyText(key), key);
    }
    std::vector<Candidate> candidates;
    for (const auto& [text, whole] : keys) {
      std::vector<Entry> entries = EntriesOf(whole, version, versions);
      for (Entry& moment : MomentsIn(text, version.rule)) entries.push_back(std::move(moment));
      const auto duty = std::make_shared<Duty>(version, sight, std::move(entries));
      for (Found& found : duty->Find()) candidates.push_back({text, duty, std::move(found)});
    }
    return candidates;
  }

  std::vector<Entry> MomentsIn(const std::string& key, const Rule& rule) {
    std::vector<Entry> moments;
    for (const std::string& id : OverdueIn(rule)) {
      for (const Clock& clock : ClocksOf(id)) {
        if (clock.key != key || clock.due == absl::InfiniteFuture()) continue;
        // Of a ghost nothing else is evaluated.
        if (IsByVoided(clock)) continue;
        // One that is due before it starts is overdue from the start.
        const absl::Time at = std::max(clock.due, clock.start.from);
        if (clock.close.from < clock.due || IsExcusedAt(clock, at)) continue;
        Entry moment;
        moment.overdue = id;
        moment.root = absl::StrCat("overdue\n", id, "\n", clock.root);
        moment.span = {at, at};
        moment.stands = at;
        moment.began = clock.start.from;
        moment.backfill = clock.backfill;
        event::v1::Open open;
        *open.mutable_matter() = clock.matter;
        moment.shared = std::make_shared<const event::v1::Open>(std::move(open));
        moments.push_back(std::move(moment));
      }
    }
    return moments;
  }

  // The newest version that judges the day of the start and the one who must act.
  const Version& VersionInForce(const std::vector<Version>& versions,
                                const Candidate& candidate) const {
    static const Version none;
    const Version* in_force = &none;
    for (const Version& version : versions) {
      const absl::CivilDay day = absl::ToCivilDay(candidate.found.start.from, ZoneOf(version.zone));
      const Sight& sight = candidate.duty->sight();
      const std::string agency =
          PartyOf(version.rule.accountable(), candidate.duty->SubjectOf(candidate.found),
                  sight.UpTo(candidate.event()), sight.threads, library_);
      if (version.from <= day && day < version.to && InScope(version.rule, agency, library_)) {
        in_force = &version;
      }
    }
    return *in_force;
  }

  // Of two with one identity the one that starts earlier.
  static void Keep(Candidate candidate, std::vector<Candidate>& kept) {
    for (Candidate& other : kept) {
      if (other.key != candidate.key || other.found.root != candidate.found.root) continue;
      if (Earlier(candidate.event(), other.event())) other = std::move(candidate);
      return;
    }
    kept.push_back(std::move(candidate));
  }

  Clock ClockOf(const Candidate& candidate, const std::vector<Candidate>& kept) {
    const Duty& duty = *candidate.duty;
    const Found& found = candidate.found;
    Clock clock;
    clock.rule = duty.rule();
    clock.zone = duty.version().zone;
    clock.key = candidate.key;
    clock.root = found.root;
    clock.matter = candidate.event().open().matter();
    clock.start = found.start;
    clock.close = found.close;
    clock.closed_by = found.closed_by;
    clock.close_recorded = found.recorded;
    clock.backfill = candidate.event().backfill;
    clock.question = duty.QuestionOf(found);
    for (const Candidate& other : kept) {
      if (&other == &candidate || other.key != candidate.key) continue;
      clock.question.inside.push_back({other.found.start.from, other.found.close.from});
    }
    clock.answer = Due(clock.question, library_);
    clock.speaks = clock.answer.speaks;
    clock.no_calendar = clock.answer.no_calendar;
    clock.due = clock.answer.due;
    clock.target = clock.answer.target;
    clock.levels = clock.answer.levels;
    SetExcuses(duty, clock);
    SetParties(duty, found, clock);
    for (const size_t part : found.parts) {
      if (!duty.entries()[part].voided) continue;
      by_voided_.insert({clock.rule.id(), clock.key, clock.root});
    }
    return clock;
  }

  void SetExcuses(const Duty& duty, Clock& clock) const {
    if (duty.rule().exception_by().empty()) return;
    for (const Entry& entry : duty.entries()) {
      const event::v1::Open& open = entry.open();
      if (!Excuses(duty, entry)) continue;
      if (entry.span.to < clock.start.from || entry.span.from > clock.close.to) continue;
      if (entry.span.from >= clock.due) {
        clock.too_late.push_back(entry.span.from);
        continue;
      }
      Excuse excuse = {entry.span.from};
      if (open.has_until()) {
        const Span until = SpanOf(open.until(), ZoneOf(clock.zone));
        excuse.until = open.until().has_day() ? until.to + absl::Microseconds(1) : until.from;
      }
      // One that is over before it is given excuses nothing.
      if (excuse.from < excuse.until) clock.excuses.push_back(excuse);
    }
  }

  // Whether it is an exception that its author may give.
  bool Excuses(const Duty& duty, const Entry& entry) const {
    const std::string& by = duty.rule().exception_by();
    if (by.empty() || entry.open().kind() != event::v1::KIND_EXCEPTION_AUTHORISED) return false;
    if (!entry.open().rule().empty() && entry.open().rule() != duty.rule().id()) return false;
    if (absl::StartsWith(by, "role:")) return entry.open().role() == by.substr(5);
    if (absl::StartsWith(by, "kind:"))
      return library_.KindOf(entry.open().agency()) == by.substr(5);
    const Sight& sight = duty.sight();
    const Subject subject = {"", entry.open().matter(), ""};
    return PartyOf(by, subject, sight.Before(entry), sight.threads, library_) ==
           entry.open().agency();
  }

  void SetParties(const Duty& duty, const Found& found, Clock& clock) const {
    const Sight& sight = duty.sight();
    const auto by = [&](const std::string& party, absl::Time t) {
      return PartyOf(party, duty.SubjectOf(found), sight.By(t), sight.threads, library_);
    };
    std::set<std::string> parties = {clock.rule.accountable()};
    for (const Hold& hold : clock.question.holds) parties.insert(hold.owner);
    std::set<absl::Time> times = {clock.start.from};
    for (const Entry& entry : sight.all) {
      if (entry.span.from > clock.start.from) times.insert(entry.span.from);
    }
    for (const std::string& party : parties) {
      for (const absl::Time t : times) clock.parties_from[party].emplace_back(t, by(party, t));
    }
    clock.accountable = by(clock.rule.accountable(), absl::InfiniteFuture());
    const std::string asker = by("asker", absl::InfiniteFuture());
    clock.waits =
        asker != "asker" && asker != clock.accountable ? asker : duty.SubjectOf(found).starter;
    if (clock.waits == clock.accountable) clock.waits.clear();
  }

  const std::vector<Said>& said_;
  const Library& library_;
  const absl::Time as_of_;
  const bool with_voided_;
  std::map<std::string, std::unique_ptr<Zoned>> zones_;
  std::map<std::string, std::vector<Clock>> clocks_;
  std::set<std::tuple<std::string, std::string, std::string>> by_voided_;
};

Clock GhostOf(const Clock& clock) {
  Clock ghost;
  ghost.rule = clock.rule;
  ghost.zone = clock.zone;
  ghost.key = clock.key;
  ghost.root = clock.root;
  ghost.matter = clock.matter;
  ghost.start = clock.start;
  ghost.closed_by = ClosedBy::kVoided;
  ghost.levels.assign(clock.rule.level_size(), absl::InfiniteFuture());
  ghost.backfill = clock.backfill;
  ghost.accountable = clock.accountable;
  return ghost;
}

void SortClocks(std::vector<Clock>& clocks) {
  std::sort(clocks.begin(), clocks.end(), [](const Clock& x, const Clock& y) {
    return std::make_tuple(x.rule.id(), x.key, x.start.from, x.root) <
           std::make_tuple(y.rule.id(), y.key, y.start.from, y.root);
  });
}

}  // namespace

std::vector<Clock> Draw(const std::vector<Said>& said, const Library& library, absl::Time as_of) {
  std::vector<Clock> clocks = Drawing(said, library, as_of, false).Run();
  std::set<std::tuple<std::string, std::string, std::string>> living;
  for (const Clock& clock : clocks) living.insert({clock.rule.id(), clock.key, clock.root});
  const std::vector<Entry> all = LiveOf(said, "UTC", true);
  if (std::none_of(all.begin(), all.end(), [](const Entry& e) { return e.voided; })) {
    SortClocks(clocks);
    return clocks;
  }
  Drawing as_said(said, library, as_of, true);
  for (const Clock& clock : as_said.Run()) {
    if (!as_said.IsByVoided(clock)) continue;
    if (living.count({clock.rule.id(), clock.key, clock.root}) > 0) continue;
    clocks.push_back(GhostOf(clock));
  }
  SortClocks(clocks);
  return clocks;
}

std::string Clock::Name(const RootName& root_name) const {
  const std::string name = absl::StrCat(rule.id(), "/", key);
  return root.empty() ? name : absl::StrCat(name, "/", root_name(root));
}

}  // namespace dolen::second
