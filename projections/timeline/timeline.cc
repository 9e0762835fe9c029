#include "projections/timeline/timeline.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "absl/functional/function_ref.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "engine/base/time.h"
#include "engine/child/holding.h"
#include "engine/child/notes.h"
#include "engine/pathway/amount.h"
#include "engine/pathway/pattern.h"

namespace dolen {
namespace {

// A day is shown as a day: no invented 00:00.
std::string DatedText(const Dated& dated) {
  return dated.is_day ? DayText(absl::ToCivilDay(dated.at, absl::UTCTimeZone()))
                      : Rfc3339(dated.at);
}

EventLine LineOf(const Event& event) {
  const event::v1::Open& open = event.open;
  EventLine line;
  line.occurred = DatedText(event.dated());
  line.at = event.Occurred();
  line.recorded = event.recorded;
  line.agency = open.agency();
  line.event = std::string(EventName(open));
  line.matter = MatterName(open.matter().agency(), open.matter().id());
  line.to_agency = open.to_agency();
  line.reason = open.reason();
  line.outcome = open.outcome();
  line.part = open.part();
  line.event_id = open.event_id();
  line.position = event.position;
  return line;
}

// Days are charged whole, and only where a limit counts them.
bool IsInDays(const Stood& one, const pathway::v1::Rule& rule, const Zone& zone) {
  const auto begins_day = [&](absl::Time t) {
    return t == absl::InfiniteFuture() || zone.StartOf(zone.DayOf(t)) == t;
  };
  const auto counts_days = [](const pathway::v1::Limit& limit) {
    return !ElapsedOf(limit.allow()).has_value();
  };
  return std::any_of(rule.limit().begin(), rule.limit().end(), counts_days) &&
         begins_day(one.from) && begins_day(one.to);
}

// Whether both are charged to one pause, with nothing but uncounted days between.
bool AreOfOnePause(const Stood& a, const Stood& b, const Clock& clock) {
  constexpr absl::Duration kLeast = absl::Microseconds(1);
  return a.owner == b.owner &&
         std::any_of(clock.stood.begin(), clock.stood.end(), [&](const Stood& pause) {
           return pause.owner == a.owner && pause.from <= a.to - kLeast &&
                  b.to - kLeast <= pause.to;
         });
}

// A pause over weekends is one line, although they are charged to nobody. `who` the owner was when
// it began: the owner may be a party.
std::vector<ChargeLine> ChargesOf(const Clock& clock, const pathway::v1::Rule& rule,
                                  const Zone& zone,
                                  absl::FunctionRef<std::string(const Stood&)> who) {
  std::vector<ChargeLine> lines;
  for (size_t i = 0; i < clock.charged.size(); ++i) {
    const Stood& one = clock.charged[i];
    const bool is_new = i == 0 || !AreOfOnePause(clock.charged[i - 1], one, clock);
    ChargeLine& line = is_new ? lines.emplace_back() : lines.back();
    const bool in_days = IsInDays(one, rule, zone);
    const absl::CivilDay first = zone.DayOf(one.from);
    if (is_new) {
      line.from = in_days ? DayText(first) : Rfc3339(one.from);
      line.owner = one.owner.empty() ? "" : who(one);
    }
    line.to = "";
    if (one.to == absl::InfiniteFuture()) {
      line.days = 0;
      line.time = absl::ZeroDuration();
    } else if (in_days) {
      const absl::CivilDay end = zone.DayOf(one.to);
      line.to = DayText(end - 1);
      line.days += end - first;
    } else {
      line.to = Rfc3339(one.to);
      line.time += one.to - one.from;
    }
  }
  return lines;
}

ClockLine LineOf(const Duty& duty, const Clock& clock, const Picture& picture, const Books& books,
                 absl::Time at) {
  const RuleVersion& version = books.families()[duty.family].versions[clock.version];
  const Matter& matter = picture.matters[clock.matter];
  ClockLine line;
  line.clock = ClockName(picture, duty, clock, books);
  line.rule = version.rule.id();
  line.book_version = version.book_version;
  line.title_en = version.rule.title().en();
  line.title_cy = version.rule.title().cy();
  line.source = SourceText(version.rule.source());
  line.weight = WeightText(version.rule);
  line.accountable = AgencyAt(version.rule.accountable(), picture, duty, clock, books);
  line.matter = matter.Name();
  line.state = StateAt(clock, at);
  line.open = IsOpenAt(clock, at);
  line.start = clock.start;
  line.close = clock.close;
  line.due = clock.due;
  line.charged = ChargesOf(clock, version.rule, books.ZoneOf(version), [&](const Stood& charged) {
    return AgencyAt(charged.owner, picture, duty, clock, books, charged.from);
  });
  line.shares = SharesOf(picture, duty, clock, books, at);
  return line;
}

void AddNotes(const Known& known, const Books& books, Timeline& timeline) {
  absl::btree_map<int64_t, EventLine*> line_at;
  absl::btree_set<std::pair<std::string, std::string>> shown = {{"", ""}};
  for (EventLine& line : timeline.events) {
    line_at.emplace(line.position, &line);
    shown.emplace(line.agency, line.event_id);
  }
  for (const Note& note : Notes(known.live.events, known.picture, books)) {
    const auto found = line_at.find(note.position);
    if (found == line_at.end() || !shown.contains({note.against_agency, note.against_event_id})) {
      continue;
    }
    const Phrase phrase = NotePhrase(note.code);
    found->second->notes.push_back({std::string(NoteName(note.code)), std::string(phrase.en),
                                    std::string(phrase.cy), note.against_agency,
                                    note.against_event_id});
  }
}

std::string ByText(Hold::Why why) {
  switch (why) {
    case Hold::kPassed:
      return "handover";
    case Hold::kEpisode:
      return "episode";
    case Hold::kCover:
      return "cover";
  }
  return "";
}

// During cover those who stand in, in place of the holders.
void AddHolders(const Picture& picture, const Zone& zone, const NeedToKnow* reader,
                Timeline& timeline) {
  const std::vector<Hold>& holds = picture.holds;
  for (const Hold& hold : holds) {
    if (reader != nullptr) {
      const Matter& by = picture.matters[hold.matter];
      if (!reader->OfHold(hold.part, hold.agency, by.agency, by.id)) continue;
    }
    if (hold.from.In(zone) > timeline.at || hold.to.In(zone) <= timeline.at) continue;
    const std::vector<absl::string_view> who = HoldersAt(holds, hold.part, timeline.at, zone);
    if (std::find(who.begin(), who.end(), hold.agency) == who.end()) continue;
    timeline.holders.push_back({hold.part, hold.agency, DatedText(hold.from), ByText(hold.why)});
  }
  std::stable_sort(timeline.holders.begin(), timeline.holders.end(),
                   [](const HolderLine& a, const HolderLine& b) {
                     return std::tie(a.part, a.agency) < std::tie(b.part, b.agency);
                   });
}

bool MaySee(const NeedToKnow& reader, const Picture& picture, const Duty& duty, const Clock& clock,
            const Books& books) {
  const Matter& matter = picture.matters[clock.matter];
  const RuleVersion& version = books.families()[duty.family].versions[clock.version];
  const std::string accountable = AgencyAt(version.rule.accountable(), picture, duty, clock, books);
  return reader.OfDuty(matter.agency, matter.id, accountable,
                       WaitsFor(accountable, picture, duty, clock, books));
}

}  // namespace

std::string StateText(alert::v1::State state) {
  const std::string name = alert::v1::State_Name(state);
  return absl::AsciiStrToLower(absl::StripPrefix(name, "STATE_"));
}

std::string WeightText(const pathway::v1::Rule& rule) {
  return absl::AsciiStrToLower(pathway::v1::Rule::Weight_Name(rule.weight()));
}

std::string SourceText(const alert::v1::Source& source) {
  return absl::StrCat(source.title(), source.paragraph().empty() ? "" : ", ", source.paragraph());
}

std::string SourceText(const pathway::v1::Source& source) {
  return absl::StrCat(source.title(), source.paragraph().empty() ? "" : ", ", source.paragraph());
}

Timeline DrawTimeline(const Known& known, const Past& past, const Books& books, absl::Time reached,
                      const NeedToKnow* reader) {
  Timeline timeline;
  timeline.past = past;
  timeline.reached = reached;
  timeline.at =
      past.as_of != absl::InfiniteFuture() ? past.as_of : std::min(past.known_at, reached);
  for (const Event& event : known.events) {
    const Extent extent = reader == nullptr ? Extent::kWhole : reader->OfEvent(event);
    if (extent == Extent::kNothing) continue;
    timeline.events.push_back(LineOf(event));
    timeline.events.back().extent = extent;
  }
  AddNotes(known, books, timeline);
  AddHolders(known.picture, books.zone(), reader, timeline);
  ForEachClock(known.picture, [&](const Duty& duty, const Clock& clock) {
    if (reader == nullptr || MaySee(*reader, known.picture, duty, clock, books)) {
      timeline.clocks.push_back(LineOf(duty, clock, known.picture, books, timeline.at));
    }
  });
  std::stable_sort(timeline.clocks.begin(), timeline.clocks.end(),
                   [](const ClockLine& a, const ClockLine& b) {
                     return std::tie(a.start.from, a.clock) < std::tie(b.start.from, b.clock);
                   });
  return timeline;
}

void AddAlerts(const ChildKey& child, const Alerts& alerts, const Books& books,
               Timeline& timeline) {
  std::vector<const Told*> told;
  for (const Told& one : alerts) told.push_back(&one);
  std::stable_sort(told.begin(), told.end(),
                   [](const Told* a, const Told* b) { return a->since < b->since; });
  for (const Told* one : told) timeline.alerts.push_back(AlertOf(child, *one, books));
}

}  // namespace dolen
