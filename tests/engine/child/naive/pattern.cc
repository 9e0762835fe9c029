// Which entries fit a pattern.
#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/engine/child/naive/duty.h"

namespace dolen::second {
namespace {

using event::v1::Open;
using pathway::v1::Amount;
using pathway::v1::Pattern;

// A field as text; empty: the event does not state it.
std::optional<std::string> FieldText(const Open& open, const std::string& name,
                                     absl::TimeZone zone) {
  const std::vector<std::pair<const char*, const std::string*>> own = {
      {"to_agency", &open.to_agency()}, {"service_type", &open.service_type()},
      {"role", &open.role()},           {"reason", &open.reason()},
      {"next_step", &open.next_step()}, {"outcome", &open.outcome()},
      {"part", &open.part()},           {"rule", &open.rule()},
      {"owner", &open.owner()},         {"birth_month", &open.birth_month()},
      {"language", &open.language()},   {"area", &open.area()},
      {"basis", &open.basis()},         {"occasion", &open.occasion()},
      {"family", &open.family()}};
  for (const auto& [known, value] : own) {
    if (name == known) return value->empty() ? std::nullopt : std::optional(*value);
  }
  for (const event::v1::Field& field : open.fields()) {
    if (field.name() != name) continue;
    if (field.has_number()) return absl::StrCat(field.number());
    if (!field.has_when()) return field.code();
    return DayText(absl::ToCivilDay(SpanOf(field.when(), zone).from, zone));
  }
  return std::nullopt;
}

std::optional<int64_t> FieldNumber(const Open& open, const std::string& name) {
  for (const event::v1::Field& field : open.fields()) {
    if (field.name() == name && field.has_number()) return field.number();
  }
  return std::nullopt;
}

// Full years at a day: a year is full on the first day after its month of birth.
int AgeAt(const std::string& birth_month, absl::CivilDay day) {
  const absl::CivilMonth birth(DayFrom(birth_month + "-01"));
  int age = 0;
  while (absl::CivilDay(birth + 12 * (age + 1) + 1) <= day) ++age;
  return age;
}

}  // namespace

Key KeyOf(const Entry& entry, const pathway::v1::Rule& rule, const Threads& threads) {
  std::vector<std::string> per(rule.per().begin(), rule.per().end());
  if (per.empty()) per = {"matter"};
  Key key;
  for (const std::string& part : per) {
    if (part == "matter") {
      key.emplace_back(MatterName(entry.open().matter()));
    } else if (part == "child") {
      key.emplace_back("child");
    } else if (part == "thread") {
      key.emplace_back(threads.Of(entry.open().matter()));
    } else if (part == "agency") {
      key.emplace_back(entry.open().agency());
    } else {
      key.push_back(FieldText(entry.open(), part, absl::UTCTimeZone()));
    }
  }
  return key;
}

bool Agrees(const Key& key, const Key& whole) {
  for (size_t i = 0; i < key.size(); ++i) {
    if (key[i] && key[i] != whole[i]) return false;
  }
  return true;
}

std::string KeyText(const Key& whole) {
  return absl::StrJoin(whole, "/", [](std::string* out, const std::optional<std::string>& part) {
    absl::StrAppend(out, part.value_or(""));
  });
}

bool Duty::Fits(const Pattern& pattern, size_t i) const {
  if (FitsOne(pattern, i, false)) return true;
  return std::any_of(pattern.or_().begin(), pattern.or_().end(),
                     [&](const Pattern& other) { return Fits(other, i); });
}

bool Duty::FitsWhen(const Pattern& pattern, size_t i) const {
  if (FitsOne(pattern, i, true)) return true;
  return std::any_of(pattern.or_().begin(), pattern.or_().end(),
                     [&](const Pattern& other) { return FitsWhen(other, i); });
}

bool Duty::FitsOne(const Pattern& pattern, size_t i, bool any_kind) const {
  const Entry& entry = entries_[i];
  if (!pattern.overdue().empty()) {
    if (entry.overdue != pattern.overdue()) return false;
  } else if (!any_kind || !pattern.is().empty()) {
    if (entry.IsMoment() || pattern.is() != NameOf(entry.open())) return false;
  }
  if (const std::string& by = pattern.by(); !by.empty()) {
    if (entry.IsMoment()) return false;
    if (absl::StartsWith(by, "kind:")) {
      if (sight_.library.KindOf(entry.open().agency()) != by.substr(5)) return false;
    } else {
      // A request is said by its asker; whatever else by who it was when it was said.
      const bool asks = entry.open().kind() == event::v1::KIND_REFERRAL_MADE;
      const Seen seen = asks ? sight_.UpTo(entry) : sight_.Before(entry);
      const Subject subject = {"", entry.open().matter(), ""};
      if (PartyOf(by, subject, seen, sight_.threads, sight_.library) != entry.open().agency()) {
        return false;
      }
    }
  }
  const auto came = [&](const Pattern& earlier) { return Came(earlier, i); };
  return std::all_of(pattern.where().begin(), pattern.where().end(),
                     [&](const pathway::v1::Test& test) { return FitsTest(test, entry); }) &&
         std::all_of(pattern.given().begin(), pattern.given().end(), came) &&
         std::none_of(pattern.unless().begin(), pattern.unless().end(), came);
}

// Whether an entry before this one fits, and so long ago as the pattern says.
bool Duty::Came(const Pattern& pattern, size_t i) const {
  for (size_t j = 0; j < i; ++j) {
    if (FitsOne(pattern, j, false) && IsLongAgo(pattern.ago(), entries_[j], entries_[i])) {
      return true;
    }
  }
  return std::any_of(pattern.or_().begin(), pattern.or_().end(),
                     [&](const Pattern& other) { return Came(other, i); });
}

bool Duty::IsLongAgo(const Amount& ago, const Entry& then, const Entry& now) const {
  if (ago.of_case() == Amount::OF_NOT_SET) return true;
  if (ago.has_minutes()) return then.span.from + absl::Minutes(ago.minutes()) <= now.span.from;
  if (ago.has_hours()) return then.span.from + absl::Hours(ago.hours()) <= now.span.from;
  const absl::TimeZone zone = ZoneOf(version_.zone);
  const std::optional<absl::CivilDay> day = StepDays(absl::ToCivilDay(then.span.from, zone), ago,
                                                     CountedDays(ago.of_case(), nullptr, {}));
  return day && *day <= absl::ToCivilDay(now.span.from, zone);
}

bool Duty::FitsTest(const pathway::v1::Test& test, const Entry& entry) const {
  const bool derived = test.field() == "age" || test.field() == "hours";
  const std::optional<std::string> text =
      derived ? Derived(test.field(), entry)
              : FieldText(entry.open(), test.field(), ZoneOf(version_.zone));
  if (derived && !text) return false;
  if (std::find(test.is().begin(), test.is().end(), text.value_or("")) != test.is().end()) {
    return true;
  }
  if (test.is_size() > 0 && test.below() == 0) return false;
  int64_t number = 0;
  if (test.field() == "age") return absl::SimpleAtoi(*text, &number) && number < test.below();
  const std::optional<int64_t> stated = FieldNumber(entry.open(), test.field());
  return stated && *stated < test.below();
}

std::optional<std::string> Duty::Derived(const std::string& field, const Entry& entry) const {
  const absl::TimeZone zone = ZoneOf(version_.zone);
  const absl::CivilDay day = absl::ToCivilDay(entry.span.from, zone);
  if (field == "age") {
    std::string birth_month;
    for (const Entry& one : sight_.all) {
      if (!one.open().birth_month().empty()) birth_month = one.open().birth_month();
    }
    if (birth_month.empty()) return std::nullopt;
    return absl::StrCat(AgeAt(birth_month, day));
  }
  if (entry.span.from != entry.span.to) return std::nullopt;
  Subject subject = {entry.open().agency(), entry.open().matter(), ""};
  if (std::count(rule().per().begin(), rule().per().end(), "thread") > 0) {
    subject.thread = sight_.threads.Of(entry.open().matter());
  }
  const std::string agency =
      PartyOf(rule().accountable(), subject, sight_.UpTo(entry), sight_.threads, sight_.library);
  const pathway::v1::Calendar* const calendar = sight_.library.CalendarOf(agency, false);
  if (calendar == nullptr || calendar->opens().empty() || calendar->closes().empty()) {
    return std::nullopt;
  }
  std::vector<int> closed;  // as was known on the day before
  for (int i = 0; i < calendar->closed_size(); ++i) {
    const std::string& announced = calendar->closed(i).announced();
    if (announced.empty() || DayFrom(announced) < day) closed.push_back(i);
  }
  const std::optional<bool> works = CountedDays(Amount::kWorkingDays, calendar, closed).Counts(day);
  if (!works) return std::nullopt;
  const std::string at = absl::FormatTime("%H:%M", entry.span.from, zone);
  return *works && calendar->opens() <= at && at < calendar->closes() ? "in" : "out";
}

namespace {

// A pattern with all that are inside it.
void Gather(const Pattern& pattern, std::vector<Pattern>& all) {
  all.push_back(pattern);
  for (const Pattern& other : pattern.or_()) Gather(other, all);
  for (const Pattern& earlier : pattern.given()) Gather(earlier, all);
  for (const Pattern& earlier : pattern.unless()) Gather(earlier, all);
}

}  // namespace

bool Duty::Means(size_t i) const {
  std::vector<Pattern> all;
  for (const Pattern& pattern : rule().start()) Gather(pattern, all);
  for (const Pattern& pattern : rule().stop()) Gather(pattern, all);
  if (rule().has_cancel()) Gather(rule().cancel(), all);
  for (const pathway::v1::Pause& pause : rule().pause()) {
    const bool counts =
        pause.cause_size() == 0 ||
        std::count(pause.cause().begin(), pause.cause().end(), entries_[i].open().reason()) > 0;
    if (counts) Gather(pause.begin(), all);
    Gather(pause.end(), all);
  }
  const auto of_limit = [&](const pathway::v1::Limit& limit) {
    if (limit.from().has_event()) Gather(limit.from().event(), all);
    // What `when` asks of the start event is another matter; what it asks of earlier ones is not.
    std::vector<Pattern> when;
    if (limit.has_when()) Gather(limit.when(), when);
    for (const Pattern& one : when) {
      for (const Pattern& earlier : one.given()) all.push_back(earlier);
      for (const Pattern& earlier : one.unless()) all.push_back(earlier);
    }
  };
  for (const pathway::v1::Limit& limit : rule().limit()) of_limit(limit);
  for (const pathway::v1::Limit& limit : rule().target()) of_limit(limit);
  return std::any_of(all.begin(), all.end(), [&](const Pattern& one) {
    return !one.is().empty() && FitsOne(one, i, false);
  });
}

}  // namespace dolen::second
