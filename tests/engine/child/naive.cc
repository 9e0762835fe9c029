#include "tests/engine/child/naive.h"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>

#include "absl/functional/function_ref.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"

namespace dolen::naive {
namespace {

using event::v1::Open;
using pathway::v1::Amount;
using pathway::v1::Pattern;
using pathway::v1::Rule;

absl::TimeZone London() {
  static const absl::TimeZone zone = [] {
    absl::TimeZone loaded;
    absl::LoadTimeZone("Europe/London", &loaded);
    return loaded;
  }();
  return zone;
}

absl::CivilDay DayFrom(const std::string& text) {
  absl::CivilDay day;
  absl::ParseCivilTime(text, &day);
  return day;
}
absl::Time Midnight(absl::CivilDay day) { return absl::FromCivil(day, London()); }
absl::CivilDay DayOf(absl::Time t) { return absl::ToCivilDay(t, London()); }

// --- events in order

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

bool Earlier(const Said& x, const Said& y) {
  const auto place = [](const Said& said) {
    const Open& open = said.open;
    const absl::Time stands =
        open.occurred().has_day()
            ? absl::FromCivil(DayFrom(open.occurred().day()), absl::UTCTimeZone())
            : SpanOf(open).from;
    return std::make_tuple(stands, Rank(open.kind()), open.agency(), open.sequence(),
                           open.event_id());
  };
  return place(x) < place(y);
}

// --- who and what

std::string NameOf(const Open& open) {
  if (!open.milestone().empty()) return open.milestone();
  return absl::AsciiStrToLower(event::v1::Kind_Name(open.kind()).substr(5));
}

struct Who {
  std::string asker, asked;
};

bool InMatter(const Open& open, const std::string& agency, const std::string& id) {
  return open.matter().agency() == agency && open.matter().id() == id;
}

// Who is who in a matter after the first `count` events.
Who WhoIn(const std::vector<Said>& events, size_t count, const std::string& agency,
          const std::string& id) {
  Who who;
  for (size_t i = 0; i < count; ++i) {
    const Open& open = events[i].open;
    if (!InMatter(open, agency, id)) continue;
    if (open.kind() == event::v1::KIND_REFERRAL_MADE) who = {open.agency(), open.to_agency()};
    if (open.kind() == event::v1::KIND_REFERRAL_REDIRECTED) who.asked = open.to_agency();
    if (open.kind() == event::v1::KIND_REFERRAL_DECLINED) who.asked = who.asker;
  }
  return who;
}

std::string Party(const std::string& party, const std::string& starter, const Who& who) {
  if (party.substr(0, 7) == "agency:") return party.substr(7);
  if (party == "starter") return starter;
  if (party == "asked" && !who.asked.empty()) return who.asked;
  if (party == "asker" && !who.asker.empty()) return who.asker;
  return party;
}

// --- the books

bool InScope(const Rule& rule, const std::string& agency, const Library& library) {
  if (rule.scope().empty()) return true;
  for (const std::string& scope : rule.scope()) {
    if (scope == "agency:" + agency) return true;
    const auto known = library.agencies.find(agency);
    if (known != library.agencies.end() && scope == "nation:" + known->second.nation()) return true;
  }
  return false;
}

const pathway::v1::Calendar* CalendarOf(const std::string& agency, const Library& library) {
  const auto known = library.agencies.find(agency);
  const pathway::v1::Calendar* found = nullptr;
  for (const auto& [id, calendar] : library.calendars) {
    if (calendar.nation().empty() && found == nullptr) found = &calendar;
    if (known != library.agencies.end() && !calendar.nation().empty() &&
        calendar.nation() == known->second.nation()) {
      found = &calendar;
    }
  }
  return found;
}

using AskWho = absl::FunctionRef<Who()>;

bool FitsOne(const Pattern& pattern, const Open& open, AskWho ask, const Library& library) {
  if (pattern.is() != NameOf(open)) return false;
  const std::string& by = pattern.by();
  const Who who = by == "asked" || by == "asker" ? ask() : Who();
  if (by == "asked" && (who.asked.empty() || who.asked != open.agency())) return false;
  if (by == "asker" && (who.asker.empty() || who.asker != open.agency())) return false;
  if (by.substr(0, 7) == "agency:" && by.substr(7) != open.agency()) return false;
  if (by.substr(0, 5) == "kind:") {
    const auto known = library.agencies.find(open.agency());
    if (known == library.agencies.end() || known->second.kind() != by.substr(5)) return false;
  }
  for (const pathway::v1::Test& test : pattern.where()) {  // of the reason only
    if (std::find(test.is().begin(), test.is().end(), open.reason()) == test.is().end()) {
      return false;
    }
  }
  return true;
}

bool Fits(const Pattern& pattern, const Open& open, AskWho ask, const Library& library) {
  if (FitsOne(pattern, open, ask, library)) return true;
  for (const Pattern& other : pattern.or_()) {
    if (Fits(other, open, ask, library)) return true;
  }
  return false;
}

// --- due

bool IsWeekend(absl::CivilDay day) {
  const absl::Weekday weekday = absl::GetWeekday(day);
  return weekday == absl::Weekday::saturday || weekday == absl::Weekday::sunday;
}

bool Reaches(const pathway::v1::Calendar* calendar, absl::CivilDay day) {
  return calendar != nullptr && DayFrom(calendar->from()) <= day && day <= DayFrom(calendar->to());
}

bool IsWorkingDay(const pathway::v1::Calendar& calendar, absl::CivilDay day) {
  if (IsWeekend(day)) return false;
  for (const auto& closed : calendar.closed()) {
    const absl::CivilDay from = DayFrom(closed.from());
    const absl::CivilDay to = closed.to().empty() ? from : DayFrom(closed.to());
    if (from <= day && day <= to) return false;
  }
  return true;
}

// One civil day after the other until `n` counted ones are passed.
std::optional<absl::CivilDay> StepByStep(absl::CivilDay day, const Amount& amount,
                                         const pathway::v1::Calendar* calendar) {
  int n = 0;
  if (amount.has_calendar_days()) n = amount.calendar_days();
  if (amount.has_weeks()) n = 7 * amount.weeks();
  if (amount.has_weekdays()) n = amount.weekdays();
  if (amount.has_working_days()) n = amount.working_days();
  const int direction = n < 0 ? -1 : 1;
  if (amount.has_working_days() && !Reaches(calendar, day)) return std::nullopt;
  while (n != 0) {
    day += direction;
    if (amount.has_working_days() && !Reaches(calendar, day)) return std::nullopt;
    const bool counts = amount.has_weekdays()       ? !IsWeekend(day)
                        : amount.has_working_days() ? IsWorkingDay(*calendar, day)
                                                    : true;
    if (counts) n -= direction;
  }
  return day;
}

std::optional<absl::Duration> Elapsed(const Amount& amount) {
  if (amount.has_minutes()) return absl::Minutes(amount.minutes());
  if (amount.has_hours()) return absl::Hours(amount.hours());
  return std::nullopt;
}

void SetDue(const pathway::v1::Calendar* calendar, Clock& clock) {
  clock.levels.assign(clock.rule.level_size(), absl::InfiniteFuture());
  if (clock.rule.limit_size() == 0) return;
  const Amount& allow = clock.rule.limit(0).allow();
  if (const auto elapsed = Elapsed(allow)) {
    const bool exact = clock.start.from == clock.start.to;
    clock.due = (exact ? clock.start.from : Midnight(DayOf(clock.start.to) + 1)) + *elapsed;
  } else {
    const auto last = StepByStep(DayOf(clock.start.from), allow, calendar);
    if (!last) {
      clock.no_calendar = true;
      return;
    }
    clock.due = Midnight(*last + 1);
  }
  for (int i = 0; i < clock.rule.level_size(); ++i) {
    const Amount& offset = clock.rule.level(i).offset();
    if (const auto elapsed = Elapsed(offset)) {
      clock.levels[i] = clock.due + *elapsed;
    } else if (offset.of_case() == Amount::OF_NOT_SET) {
      clock.levels[i] = clock.due;
    } else if (const auto day =
                   StepByStep(DayOf(clock.due - absl::Microseconds(1)), offset, calendar)) {
      clock.levels[i] = Midnight(*day + 1);
    }
  }
}

// --- one clock of one key

Span Latest(const Span& x, const Span& y) {
  return {std::max(x.from, y.from), std::max(x.to, y.to)};
}

class KeyDrawer {
 public:
  // `events`: of the whole child, in order; `in_key`: indexes of those of the key.
  KeyDrawer(const std::vector<Said>& events, const std::vector<size_t>& in_key,
            const Library& library)
      : events_(events), in_key_(in_key), library_(library) {}

  std::optional<Clock> Run(const std::vector<Version>& versions) const {
    std::optional<Clock> found;
    size_t found_at = 0;
    for (size_t v = 0; v < versions.size(); ++v) {
      size_t at = 0;
      std::optional<Clock> clock = Started(versions, v, at);
      if (clock && (!found || at < found_at)) found = std::move(clock), found_at = at;
    }
    if (found) Close(found_at, *found);
    return found;
  }

 private:
  const Open& open(size_t i) const { return events_[i].open; }
  Who WhoAt(size_t i, size_t count) const {
    return WhoIn(events_, count, open(i).matter().agency(), open(i).matter().id());
  }
  // Patterns look at who was asked while it was said; a request itself is said by its asker.
  bool FitsAt(const Pattern& pattern, size_t i) const {
    const bool asks = open(i).kind() == event::v1::KIND_REFERRAL_MADE;
    const auto ask = [&] { return WhoAt(i, asks ? i + 1 : i); };
    return Fits(pattern, open(i), ask, library_);
  }
  bool IsStart(const Rule& rule, size_t i) const {
    for (const Pattern& start : rule.start()) {
      if (FitsAt(start, i)) return true;
    }
    return false;
  }

  std::optional<Clock> Started(const std::vector<Version>& versions, size_t v, size_t& at) const {
    const Rule& rule = versions[v].rule;
    Clock clock;
    clock.rule = rule;
    clock.start = {absl::InfinitePast(), absl::InfinitePast()};
    at = 0;
    for (const Pattern& start : rule.start()) {
      const auto first =
          std::find_if(in_key_.begin(), in_key_.end(), [&](size_t i) { return FitsAt(start, i); });
      if (first == in_key_.end()) return std::nullopt;
      at = std::max(at, *first);
      clock.start = Latest(clock.start, SpanOf(open(*first)));
    }
    const auto accountable = [&](const Rule& of) {
      return Party(of.accountable(), open(at).agency(), WhoAt(at, at + 1));
    };
    const absl::CivilDay day = DayOf(clock.start.from);
    size_t judge = versions.size();
    for (size_t w = 0; w < versions.size(); ++w) {
      if (versions[w].from <= day && day < versions[w].to &&
          InScope(versions[w].rule, accountable(versions[w].rule), library_)) {
        judge = w;
      }
    }
    if (judge != v) return std::nullopt;
    clock.matter_agency = open(at).matter().agency();
    clock.matter_id = open(at).matter().id();
    clock.backfill = events_[at].backfill;
    SetDue(CalendarOf(accountable(rule), library_), clock);
    clock.accountable = Party(rule.accountable(), open(at).agency(),
                              WhoIn(events_, events_.size(), clock.matter_agency, clock.matter_id));
    return clock;
  }

  // Which event meets a closing pattern. What the order puts before the start counts only where
  // precision cannot tell, or where an earlier one will do; of those the last.
  std::optional<Span> Match(const Pattern& pattern, size_t at, const Clock& clock,
                            bool earlier_will_do) const {
    std::optional<Span> before, after;
    for (const size_t i : in_key_) {
      if (!FitsAt(pattern, i)) continue;
      const Span span = SpanOf(open(i));
      if (i > at) {
        if (!after && span.to >= clock.start.from) after = span;
      } else if (!IsStart(clock.rule, i)) {
        if (!before || before->to < span.to) before = span;
      }
    }
    if (before && (earlier_will_do || before->to >= clock.start.from)) return before;
    return after;
  }

  void Close(size_t at, Clock& clock) const {
    std::optional<Span> stop;
    if (clock.rule.stop_size() > 0) stop = Span{absl::InfinitePast(), absl::InfinitePast()};
    for (const Pattern& pattern : clock.rule.stop()) {
      const std::optional<Span> met = Match(pattern, at, clock, clock.rule.done_before());
      if (!met) {
        stop.reset();
        break;
      }
      stop = Latest(*stop, *met);
    }
    if (stop && stop->to < clock.start.from) stop = clock.start;  // done before: at the start
    std::optional<Span> cancel;
    if (clock.rule.has_cancel()) cancel = Match(clock.rule.cancel(), at, clock, false);
    if (stop && (!cancel || stop->from <= cancel->to)) {
      clock.close = *stop;
    } else if (cancel) {
      clock.close = *cancel;
      clock.cancelled = true;
    }
  }

  const std::vector<Said>& events_;
  const std::vector<size_t>& in_key_;
  const Library& library_;
};

}  // namespace

Span SpanOf(const Open& open) {
  if (open.occurred().has_day()) {
    const absl::CivilDay day = DayFrom(open.occurred().day());
    return {Midnight(day), Midnight(day + 1) - absl::Microseconds(1)};
  }
  const absl::Time t = absl::FromUnixSeconds(open.occurred().instant().seconds());
  return {t, t};
}

std::string Micro(absl::Time t) {
  return t == absl::InfiniteFuture() ? "-" : absl::StrCat(absl::ToUnixMicros(t));
}

std::string Clock::Name() const {
  if (per_child) return rule.id() + "/child";
  if (matter_agency.empty() && matter_id.empty()) return rule.id() + "/standing";
  return rule.id() + "/" + matter_agency + ":" + matter_id;
}

Library Read(const std::vector<Published>& books) {
  Library library;
  for (size_t p = 0; p < books.size(); ++p) {
    absl::CivilDay first = absl::CivilDay::min(), end = absl::CivilDay::max();
    if (p > 0) first = DayOf(books[p].recorded);
    if (p + 1 < books.size()) end = DayOf(books[p + 1].recorded);
    for (const Rule& rule : books[p].book.rule()) {
      absl::CivilDay from = first, to = end;
      if (!rule.valid_from().empty()) from = std::max(from, DayFrom(rule.valid_from()));
      if (!rule.valid_to().empty()) to = std::min(to, DayFrom(rule.valid_to()));
      library.rules[rule.id()].push_back({rule, from, to});
    }
    for (const auto& agency : books[p].book.agency()) library.agencies[agency.id()] = agency;
    for (const auto& calendar : books[p].book.calendar()) {
      library.calendars[calendar.id()] = calendar;
    }
  }
  return library;
}

std::vector<Clock> Draw(std::vector<Said> said, const Library& library) {
  std::sort(said.begin(), said.end(), Earlier);
  std::vector<Clock> clocks;
  for (const auto& [id, versions] : library.rules) {
    const Rule& any = versions.front().rule;
    const bool per_child = any.per_size() > 0 && any.per(0) == "child";
    std::map<std::pair<std::string, std::string>, std::vector<size_t>> keys;
    for (size_t i = 0; i < said.size(); ++i) {
      const event::v1::Matter& matter = said[i].open.matter();
      keys[per_child ? std::make_pair(std::string(), std::string())
                     : std::make_pair(matter.agency(), matter.id())]
          .push_back(i);
    }
    for (const auto& [key, in_key] : keys) {
      std::optional<Clock> clock = KeyDrawer(said, in_key, library).Run(versions);
      if (!clock) continue;
      clock->per_child = per_child;
      clocks.push_back(*std::move(clock));
    }
  }
  std::sort(clocks.begin(), clocks.end(),
            [](const Clock& x, const Clock& y) { return x.Name() < y.Name(); });
  return clocks;
}

std::string StateAt(const Clock& clock, absl::Time t) {
  if (clock.start.from > t) return "not_started";
  const bool closed = clock.close.from <= t;
  const bool has_due = clock.due != absl::InfiniteFuture();
  const bool before_due = !has_due || clock.close.from < clock.due;
  if (closed && clock.cancelled && before_due) return "cancelled";
  if (clock.no_calendar) return "no_calendar";
  if (closed && !has_due) return "done";
  if (closed) return before_due ? "in_time" : "late";
  if (!has_due) return "standing";
  return t >= clock.due ? "overdue" : "running";
}

std::string Text(const Clock& clock) {
  std::string text =
      absl::StrCat(clock.Name(), " start ", Micro(clock.start.from), "..", Micro(clock.start.to),
                   " close ", Micro(clock.close.from), clock.cancelled ? " cancelled" : "",
                   clock.no_calendar ? " no_calendar" : "", " due ", Micro(clock.due), " by ",
                   clock.accountable, " backfill ", clock.backfill, " levels");
  for (const absl::Time level : clock.levels) absl::StrAppend(&text, " ", Micro(level));
  return text;
}

}  // namespace dolen::naive
