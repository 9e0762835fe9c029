#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/container/btree_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "engine/base/time.h"
#include "engine/calendar/calendar.h"
#include "engine/pathway/check.h"

namespace dolen {
namespace {

constexpr absl::string_view kNations[] = {"england", "wales", "scotland", "northern_ireland"};

std::vector<std::string> KeyNames(const pathway::v1::Rule& rule) {
  if (rule.per().empty()) return {"matter"};
  return {rule.per().begin(), rule.per().end()};
}

}  // namespace

bool IsNation(absl::string_view nation) {
  return std::find(std::begin(kNations), std::end(kNations), nation) != std::end(kNations);
}

Checker::Checker(const pathway::v1::Book& book,
                 const google::protobuf::TextFormat::ParseInfoTree* tree)
    : book_(book), root_(pathway::v1::Book::descriptor(), tree) {
  for (const pathway::v1::Agency& agency : book.agency()) {
    agencies_.insert(agency.id());
    kinds_.insert(agency.kind());
  }
  Know(book);
}

void Checker::Know(const pathway::v1::Book& book) {
  for (const pathway::v1::Calendar& calendar : book.calendar()) {
    if (calendar.school()) {
      counts_school_days_ = true;
    } else {
      counts_working_days_ = true;
      has_office_hours_ |= !calendar.opens().empty() || !calendar.closes().empty();
    }
  }
}

void Checker::Error(const Spot& spot, std::string sentence) {
  findings_.push_back(spot.Error(std::move(sentence)));
}

void Checker::Warn(const Spot& spot, std::string sentence, Finding::Lacks lacks) {
  findings_.push_back(spot.Warning(std::move(sentence)));
  findings_.back().lacks = lacks;
}

bool Checker::CheckDay(const std::string& day, const Spot& spot) {
  absl::CivilDay parsed;
  if (day.empty() || ParseDay(day, parsed)) return true;
  Error(spot, absl::StrCat("\"", day, "\" is not a day; write it as \"2026-04-01\""));
  return false;
}

void Checker::CheckAgencyName(absl::string_view agency, const Spot& spot) {
  if (agencies_.contains(agency)) return;
  if (agency.empty()) {
    Error(spot, "\"agency:\" names nobody; write the agency's id after it");
    return;
  }
  Error(spot, absl::StrCat("agency \"", agency, "\" is not in this book; add agency { id: \"",
                           agency, "\" ... } or write one of: ",
                           agencies_.empty() ? "(none yet)" : absl::StrJoin(agencies_, ", ")));
}

std::vector<Finding> Checker::Run() {
  if (book_.id().empty()) {
    Error(root_.At("id"), "the book has no id; write id: \"wales\" or the like");
  }
  if (book_.version().empty()) {
    Error(root_.At("version"), "the book has no version; write version: \"2026-04\" or the like");
  }
  if (book_.zone().empty()) {
    Error(root_.At("zone"), "the book has no time zone; write zone: \"Europe/London\"");
  }
  for (int i = 0; i < book_.agency_size(); ++i) {
    CheckAgency(book_.agency(i), root_.At("agency", i));
  }
  for (int i = 0; i < book_.word_size(); ++i) CheckWord(book_.word(i), root_.At("word", i));
  for (int i = 0; i < book_.calendar_size(); ++i) {
    CheckCalendar(book_.calendar(i), root_.At("calendar", i));
  }
  for (int i = 0; i < book_.rule_size(); ++i) CheckRule(book_.rule(i), root_.At("rule", i));
  CheckVersions();
  CheckWatched();
  for (int i = 0; i < book_.passing_size(); ++i) {
    CheckPassing(book_.passing(i), root_.At("passing", i));
  }
  CheckWhole();
  std::stable_sort(findings_.begin(), findings_.end(), [](const Finding& a, const Finding& b) {
    return std::make_pair(a.line, a.column) < std::make_pair(b.line, b.column);
  });
  return std::move(findings_);
}

void Checker::CheckAgency(const pathway::v1::Agency& agency, const Spot& spot) {
  if (agency.id().empty()) {
    Error(spot.At("id"), "the agency has no id; write the short id by which events name it");
  }
  for (const pathway::v1::Agency& other : book_.agency()) {
    if (&other == &agency) break;
    if (other.id() != agency.id() || agency.id().empty()) continue;
    Error(spot.At("id"),
          absl::StrCat("agency \"", agency.id(), "\" is in this book twice; keep one of the two"));
    break;
  }
  if (!agency.nation().empty() && !IsNation(agency.nation())) {
    Error(spot.At("nation"), absl::StrCat("\"", agency.nation(), "\" is not a nation; write ",
                                          absl::StrJoin(kNations, ", ")));
  }
  if (agency.has_quiet_after()) CheckAmount(agency.quiet_after(), false, spot.At("quiet_after"));
}

void Checker::CheckWord(const pathway::v1::Word& word, const Spot& spot) {
  if (word.code().empty()) {
    Error(spot.At("code"), "the word is for no code; write the code that events or rules use");
  }
  for (const pathway::v1::Word& other : book_.word()) {
    if (&other == &word) break;
    if (other.code() != word.code() || word.code().empty()) continue;
    Error(spot.At("code"),
          absl::StrCat("code \"", word.code(), "\" has a word twice; keep one of the two"));
    break;
  }
  if (word.title().en().empty() || word.title().cy().empty()) {
    Error(spot.At("title"),
          "a word is said in both languages; write title { cy: \"...\" en: \"...\" }");
  }
}

void Checker::CheckCalendar(const pathway::v1::Calendar& calendar, const Spot& spot) {
  if (calendar.id().empty()) {
    Error(spot.At("id"), "the calendar has no id; a later version replaces it by its id");
  }
  for (const pathway::v1::Calendar& other : book_.calendar()) {
    if (&other == &calendar) break;
    if (other.id() == calendar.id() && !calendar.id().empty()) {
      Error(spot.At("id"), absl::StrCat("calendar \"", calendar.id(),
                                        "\" is in this book twice; keep one of the two"));
    } else if (other.nation() == calendar.nation() && other.authority() == calendar.authority() &&
               other.school() == calendar.school()) {
      Error(spot, absl::StrCat("calendar \"", other.id(),
                               "\" is for the same place; join the two, or give one another "
                               "nation or authority"));
    }
  }
  if (!calendar.nation().empty() && !IsNation(calendar.nation())) {
    Error(spot.At("nation"), absl::StrCat("\"", calendar.nation(), "\" is not a nation; write ",
                                          absl::StrJoin(kNations, ", ")));
  }
  CheckHours(calendar, spot);
  CheckDays(calendar, spot);
  CheckClosed(calendar, spot);
}

void Checker::CheckHours(const pathway::v1::Calendar& calendar, const Spot& spot) {
  bool good = true;
  for (absl::string_view field : {"opens", "closes"}) {
    const std::string& time = field == "opens" ? calendar.opens() : calendar.closes();
    int minutes = 0;
    if (!time.empty() && !ParseTimeOfDay(time, minutes)) {
      good = false;
      Error(spot.At(field),
            absl::StrCat("\"", time, "\" is not a time of day; write \"09:00\" or the like"));
    }
  }
  if (calendar.school() && calendar.opens().empty()) {
    Warn(spot.At("opens"),
         "without a time at which schools open no school_openings can be counted; write opens: "
         "\"09:00\" or the like");
  }
  int opens = 0, closes = 24 * 60;
  ParseTimeOfDay(calendar.opens(), opens);
  ParseTimeOfDay(calendar.closes(), closes);
  if (good && closes <= opens) {
    Error(spot.At("closes"), "it closes no later than it opens, and so is never open; swap them");
  }
}

void Checker::CheckDays(const pathway::v1::Calendar& calendar, const Spot& spot) {
  for (absl::string_view field : {"from", "to"}) {
    const std::string& day = field == "from" ? calendar.from() : calendar.to();
    if (day.empty()) {
      Error(spot.At(field), absl::StrCat("the calendar does not say its ",
                                         field == "from" ? "first" : "last", " day; write ", field,
                                         ": \"2026-12-31\" or the like: "
                                         "beyond what it knows it must not guess"));
    }
  }
  const bool from = CheckDay(calendar.from(), spot.At("from"));
  const bool to = CheckDay(calendar.to(), spot.At("to"));
  absl::CivilDay first, last;
  if (from && to && ParseDay(calendar.from(), first) && ParseDay(calendar.to(), last)) {
    if (last < first) {
      Error(spot.At("to"), absl::StrCat("the last day ", calendar.to(), " is before the first, ",
                                        calendar.from(), "; swap them"));
    } else if (last - first >= Calendar::kMaxDays) {
      Error(spot.At("to"), absl::StrCat("the calendar reaches over more than ", Calendar::kMaxDays,
                                        " days; shorten it"));
    }
  }
}

void Checker::CheckClosed(const pathway::v1::Calendar& calendar, const Spot& spot) {
  absl::CivilDay first, last;
  const bool reach = ParseDay(calendar.from(), first) && ParseDay(calendar.to(), last);
  for (int i = 0; i < calendar.closed_size(); ++i) {
    const pathway::v1::Closed& closed = calendar.closed(i);
    const Spot place = spot.At("closed", i);
    if (closed.from().empty()) {
      Error(place.At("from"), "the closed day is missing; write from: \"2026-12-25\"");
    }
    const bool valid =
        CheckDay(closed.from(), place.At("from")) && CheckDay(closed.to(), place.At("to"));
    absl::CivilDay from, to, announced;
    if (!valid || !ParseDay(closed.from(), from)) continue;
    if (!ParseDay(closed.to(), to)) to = from;
    if (to < from) {
      Error(place.At("to"), absl::StrCat("closed until ", closed.to(), ", before its first day ",
                                         closed.from(), "; swap them"));
    } else if (CheckDay(closed.announced(), place.At("announced")) &&
               ParseDay(closed.announced(), announced) && to < announced) {
      Warn(place.At("announced"),
           absl::StrCat("announced on ", closed.announced(),
                        ", after it was over; write the day on which it became known"));
    } else if (reach && (from < first || last < to)) {
      Warn(place, absl::StrCat("outside the days that the calendar knows, ", calendar.from(),
                               " to ", calendar.to(), "; it has no effect there"));
    }
  }
}

// What passes the holding is asked of an event alone, before any rule sees it.
void Checker::CheckPassing(const pathway::v1::Passing& passing, const Spot& spot) {
  CheckPattern(passing.on(), spot.At("on"));
  CheckAlone(passing.on(), spot.At("on"));
  CheckParty(passing.from(), spot.At("from"));
  CheckParty(passing.to(), spot.At("to"));
  if (passing.from() == passing.to()) {
    Error(spot.At("to"), "nothing passes from a party to itself; name the one that takes over");
  }
}

void Checker::CheckAlone(const pathway::v1::Pattern& pattern, const Spot& spot) {
  if (pattern.given_size() + pattern.unless_size() > 0) {
    Error(spot.At(pattern.given_size() > 0 ? "given" : "unless", 0),
          "what came earlier is remembered for rules only; name one event that passes it");
  }
  for (int i = 0; i < pattern.where_size(); ++i) {
    const std::string& field = pattern.where(i).field();
    if (field != "age" && field != "hours") continue;
    Error(spot.At("where", i).At("field"),
          absl::StrCat("\"", field, "\" is worked out for rules only; test a field of the event"));
  }
  for (int i = 0; i < pattern.or__size(); ++i) CheckAlone(pattern.or_(i), spot.At("or", i));
}

// A rule that starts with another's breach is about the same key, and nothing may wait for itself.
void Checker::CheckWatched() {
  std::multimap<std::string, std::string> watches;
  for (const Watched& watched : watched_) watches.emplace(watched.by->id(), watched.rule);
  for (const Watched& watched : watched_) {
    for (const pathway::v1::Rule& rule : book_.rule()) {
      if (rule.id() != watched.rule) continue;
      if (KeyNames(rule) != KeyNames(*watched.by)) {
        Error(watched.spot, absl::StrCat("rule \"", watched.rule,
                                         "\" has another key (per) than this one; give both the "
                                         "same"));
        break;
      }
    }
    std::set<std::string> reached;
    std::vector<std::string> next = {watched.rule};
    while (!next.empty()) {
      const std::string rule = std::move(next.back());
      next.pop_back();
      if (!reached.insert(rule).second) continue;
      const auto [begin, end] = watches.equal_range(rule);
      for (auto it = begin; it != end; ++it) next.push_back(it->second);
    }
    if (reached.count(watched.by->id()) > 0) {
      Error(watched.spot,
            absl::StrCat("rule \"", watched.by->id(), "\" waits for its own breach, by way of \"",
                         watched.rule, "\"; break the circle"));
    }
  }
}

// Two versions of a rule for the same agencies that judge the same day: the later one in the text
// counts there, which is rarely what was meant.
void Checker::CheckVersions() {
  struct Days {
    absl::CivilDay from, to;
  };
  const auto days_of = [](const pathway::v1::Rule& rule) {
    Days days{absl::CivilDay::min(), absl::CivilDay::max()};
    ParseDay(rule.valid_from(), days.from);
    ParseDay(rule.valid_to(), days.to);
    return days;
  };
  const auto scope_of = [](const pathway::v1::Rule& rule) {
    return absl::btree_set<std::string>(rule.scope().begin(), rule.scope().end());
  };
  for (int i = 0; i < book_.rule_size(); ++i) {
    for (int j = 0; j < i; ++j) {
      const pathway::v1::Rule &earlier = book_.rule(j), &later = book_.rule(i);
      if (earlier.id() != later.id()) continue;
      if (KeyNames(earlier) != KeyNames(later)) {
        Error(root_.At("rule", i),
              absl::StrCat("versions of rule \"", later.id(), "\" (rule[", j, "] and rule[", i,
                           "]) have other keys (per), and a rule has one; give them the same, or "
                           "this one another id"));
      }
      if (scope_of(earlier) != scope_of(later)) continue;
      const Days a = days_of(earlier), b = days_of(later);
      if (std::max(a.from, b.from) >= std::min(a.to, b.to)) continue;
      Warn(root_.At("rule", i),
           absl::StrCat("two versions of rule \"", later.id(), "\" (rule[", j, "] and rule[", i,
                        "]) judge the same days; this one counts there; give the other a valid_to "
                        "if one is meant to follow the other"));
    }
  }
}

std::vector<Finding> CheckBook(const pathway::v1::Book& book) {
  return Checker(book, nullptr).Run();
}

}  // namespace dolen
