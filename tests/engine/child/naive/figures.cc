#include "tests/engine/child/naive/figures.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace dolen::second {
namespace {

std::string MonthText(absl::Time t, const std::string& zone) {
  return DayText(absl::ToCivilDay(t, ZoneOf(zone))).substr(0, 7);
}

// A party that nobody is known to be is nobody.
std::string AgencyOr(const std::string& party) {
  const bool is_known = party != "starter" && party != "asked" && party != "asker" &&
                        party != "holder" && !absl::StartsWith(party, "role:") &&
                        !absl::StartsWith(party, "kind:");
  return is_known ? party : "";
}

using Numbers = std::map<std::string, std::map<std::string, int64_t>>;  // by line, by name

void AddClock(const Clock& clock, const Library& library, bool is_untold, Numbers& numbers) {
  std::string agency;
  for (const auto& [from, who] : clock.parties_from.at(clock.rule.accountable())) {
    if (from <= std::max(clock.start.from, clock.close.from)) agency = who;
  }
  const std::string line = absl::StrCat("clocks ", clock.rule.id(), " by ", AgencyOr(agency),
                                        " in ", MonthText(clock.close.from, clock.zone));
  const std::string state = StateAt(clock, std::max(clock.start.from, clock.close.from));
  const auto micros = [](absl::Time from, absl::Time to) {
    return to > from ? absl::ToInt64Microseconds(to - from) : 0;
  };
  ++numbers[line][state];
  numbers[line]["untold"] += is_untold ? 1 : 0;
  if (state == "in_time" && clock.close_recorded >= clock.due) ++numbers[line]["late_by_report"];
  if (state == "late") {
    numbers[line]["overrun"] += micros(std::max(clock.due, clock.start.from), clock.close.from);
  }
  numbers[line]["action"] += micros(clock.start.from, clock.close.from);
  numbers[line]["reporting"] += micros(clock.close.from, clock.close_recorded);
  for (const auto& [whose, time] : TimesOf(clock, library, absl::InfiniteFuture())) {
    const std::string name =
        absl::StrCat(whose.second ? "paused by " : "with ", AgencyOr(whose.first));
    numbers[line][name] += absl::ToInt64Microseconds(time);
  }
}

// One event that asks, passes on or declines, and what was so before it in its matter.
struct Asking {
  const Entry* entry;
  std::string matter;
  std::string asker, asked;  // after it
  std::string had;           // who was asked before it
  bool declines = false, passes = false;
  bool accepted = false;  // before the next
};

std::vector<Asking> AskingsIn(const std::vector<Entry>& events) {
  std::vector<Asking> all;
  for (const Entry& entry : events) {
    const event::v1::Open& open = entry.open();
    Asking one;
    one.entry = &entry;
    one.matter = MatterName(open.matter());
    Asking* before = nullptr;
    for (Asking& other : all) {
      if (other.matter == one.matter) before = &other;
    }
    if (before != nullptr) {
      one.asker = before->asker;
      one.had = before->asked;
    }
    switch (open.kind()) {
      case event::v1::KIND_REFERRAL_MADE:
      case event::v1::KIND_HANDOVER_OFFERED:
        one.asker = open.agency();
        one.asked = open.to_agency();
        break;
      case event::v1::KIND_REFERRAL_REDIRECTED:
        one.asked = open.to_agency();
        one.passes = true;
        break;
      case event::v1::KIND_REFERRAL_DECLINED:
      case event::v1::KIND_HANDOVER_DECLINED:
        one.asked = one.asker;
        one.declines = true;
        break;
      case event::v1::KIND_REFERRAL_ACCEPTED:
      case event::v1::KIND_HANDOVER_ACCEPTED:
        if (before != nullptr && !before->declines) before->accepted = true;
        continue;
      default:
        continue;
    }
    all.push_back(one);
  }
  return all;
}

bool IsBack(const std::vector<Asking>& all, size_t at, const Threads& threads) {
  const Asking& its = all[at];
  if (its.asked.empty()) return false;
  bool is_back = false, is_reminder = false;
  for (size_t i = 0; i < all.size(); ++i) {
    const Asking& other = all[i];
    const bool same = other.matter == its.matter;
    if (i == at || (same && i > at)) continue;
    if (same) is_reminder = !other.declines && other.asked == its.asked;
    const event::v1::Matter& matter = other.entry->open().matter();
    if (!same && threads.Of(matter) != threads.Of(its.entry->open().matter())) continue;
    if (!same && other.entry->stands >= its.entry->stands) continue;
    is_back =
        is_back || (!other.declines && (other.asker == its.asked || other.asked == its.asked));
  }
  return is_back && !is_reminder;
}

void AddAsks(const std::vector<Said>& said, const std::string& zone, Numbers& numbers) {
  const std::vector<Entry> events = LiveOf(said, zone, false);
  const Threads threads(events);
  const std::vector<Asking> all = AskingsIn(events);
  for (size_t i = 0; i < all.size(); ++i) {
    const Asking& one = all[i];
    if (one.declines) continue;
    const Asking* next = nullptr;
    bool is_first = true;
    for (size_t j = 0; j < all.size(); ++j) {
      if (all[j].matter != one.matter) continue;
      if (j < i) is_first = false;
      if (j > i && next == nullptr) next = &all[j];
    }
    const std::string by = one.passes && !is_first ? one.had : one.asker;
    std::map<std::string, int64_t>& line = numbers[absl::StrCat(
        "asks ", by, " to ", one.asked, " in ", MonthText(one.entry->span.from, zone))];
    ++line["asks"];
    line["back"] += IsBack(all, i, threads) ? 1 : 0;
    if (next != nullptr && next->declines) {
      ++line[absl::StrCat("declined ", next->entry->open().reason())];
    } else if (next != nullptr && next->passes) {
      ++line["passed_on"];
    } else if (one.accepted) {
      ++line["taken_on"];
    }
  }
}

}  // namespace

std::vector<std::string> FiguresOf(const std::vector<Clock>& clocks, const std::vector<Said>& said,
                                   const Library& library, const std::string& zone,
                                   const std::function<bool(const Clock&)>& is_untold) {
  Numbers numbers;
  for (const Clock& clock : clocks) {
    if (clock.closed_by == ClosedBy::kVoided || clock.close.IsNever()) continue;
    AddClock(clock, library, is_untold(clock), numbers);
  }
  AddAsks(said, zone, numbers);
  std::string language;
  for (const Entry& entry : LiveOf(said, zone, false)) {
    if (!entry.open().language().empty()) language = entry.open().language();
  }
  std::vector<std::string> lines = {"language " + language};
  for (const auto& [name, its] : numbers) {
    lines.push_back(name);
    for (const auto& [what, number] : its) {
      if (number != 0) absl::StrAppend(&lines.back(), "; ", what, " ", number);
    }
  }
  std::sort(std::next(lines.begin()), lines.end());
  return lines;
}

}  // namespace dolen::second
