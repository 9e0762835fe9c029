#include "tests/engine/child/naive/words.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace dolen::second {
namespace {

[[noreturn]] void Fail(const std::string& what, const std::string& text) {
  fprintf(stderr, "second model: %s: \"%s\"\n", what.c_str(), text.c_str());
  abort();
}

}  // namespace

Span Later(const Span& x, const Span& y) {
  return {std::max(x.from, y.from), std::max(x.to, y.to)};
}

absl::TimeZone ZoneOf(const std::string& zone) {
  static auto* const known = new std::map<std::string, absl::TimeZone>;
  const auto found = known->find(zone);
  if (found != known->end()) return found->second;
  absl::TimeZone loaded;
  if (!absl::LoadTimeZone(zone, &loaded)) Fail("no such time zone", zone);
  return (*known)[zone] = loaded;
}

absl::CivilDay DayFrom(const std::string& text) {
  absl::CivilDay day;
  if (!absl::ParseCivilTime(text, &day)) Fail("no day", text);
  return day;
}

std::string DayText(absl::CivilDay day) { return absl::FormatCivilTime(day); }

absl::Time Midnight(absl::CivilDay day, absl::TimeZone zone) {
  const absl::TimeZone::TimeInfo info = zone.At(absl::CivilSecond(day));
  return info.kind == absl::TimeZone::TimeInfo::SKIPPED ? info.trans : info.pre;
}

absl::Time EndOf(absl::CivilDay day, absl::TimeZone zone) {
  return Midnight(day + 1, zone) - absl::Microseconds(1);
}

Span SpanOf(const event::v1::When& when, absl::TimeZone zone) {
  if (when.has_day()) {
    const absl::CivilDay day = DayFrom(when.day());
    return {Midnight(day, zone), EndOf(day, zone)};
  }
  const absl::Time t = absl::FromUnixSeconds(when.instant().seconds()) +
                       absl::Microseconds(when.instant().nanos() / 1000);
  return {t, t};
}

absl::CivilDay AddMonths(absl::CivilDay day, int months) {
  const absl::CivilMonth month = absl::CivilMonth(day) + months;
  const absl::CivilDay last = absl::CivilDay(month + 1) - 1;
  return absl::CivilDay(month) + (std::min(day.day(), last.day()) - 1);
}

std::string Micro(absl::Time t) {
  return t == absl::InfiniteFuture() ? "-" : absl::StrCat(absl::ToUnixMicros(t));
}

const pathway::v1::Calendar* Library::CalendarOf(const std::string& agency, bool school) const {
  const auto known = agencies.find(agency);
  const pathway::v1::Calendar *of_nation = nullptr, *of_all = nullptr;
  for (const auto& [id, calendar] : calendars) {
    if (calendar.school() != school) continue;
    if (calendar.nation().empty() && calendar.authority().empty()) {
      if (of_all == nullptr) of_all = &calendar;
      continue;
    }
    if (known == agencies.end()) continue;
    if (!calendar.authority().empty()) {
      if (calendar.authority() == known->second.authority()) return &calendar;
    } else if (calendar.nation() == known->second.nation() && of_nation == nullptr) {
      of_nation = &calendar;
    }
  }
  return of_nation != nullptr ? of_nation : of_all;
}

std::string Library::KindOf(const std::string& agency) const {
  const auto known = agencies.find(agency);
  return known == agencies.end() ? "" : known->second.kind();
}

Library Read(const std::vector<Published>& books) {
  Library library;
  for (size_t p = 0; p < books.size(); ++p) {
    const std::string& zone = books[p].book.zone();
    const auto day_of = [&](absl::Time t) { return absl::ToCivilDay(t, ZoneOf(zone)); };
    absl::CivilDay first = absl::CivilDay::min(), end = absl::CivilDay::max();
    if (p > 0) first = day_of(books[p].recorded);
    if (p + 1 < books.size()) end = day_of(books[p + 1].recorded);
    for (const pathway::v1::Rule& rule : books[p].book.rule()) {
      absl::CivilDay from = first, to = end;
      if (!rule.valid_from().empty()) from = std::max(from, DayFrom(rule.valid_from()));
      if (!rule.valid_to().empty()) to = std::min(to, DayFrom(rule.valid_to()));
      library.rules[rule.id()].push_back({rule, from, to, zone});
    }
    for (const auto& agency : books[p].book.agency()) library.agencies[agency.id()] = agency;
    for (const auto& calendar : books[p].book.calendar()) {
      library.calendars[calendar.id()] = calendar;
    }
  }
  return library;
}

}  // namespace dolen::second
