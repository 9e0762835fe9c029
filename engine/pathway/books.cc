#include "engine/pathway/books.h"

#include <algorithm>
#include <utility>

#include "absl/container/btree_map.h"
// dolen: hash order unseen, because the map is for look-up only.
#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "engine/base/check.h"
#include "engine/base/status.h"
#include "engine/base/time.h"
#include "engine/pathway/book.h"
#include "engine/pathway/index.h"

namespace dolen {
namespace {

using pathway::v1::Agency;
using pathway::v1::Book;
using pathway::v1::Pattern;
using pathway::v1::Rule;

struct Publication {
  std::string book_id;
  Zone zone;
};

struct PublishedCalendar {
  Calendar calendar;
  std::string nation, authority;
  bool school = false;
};

// The calendars of one sort, by whom they are for.
struct CalendarsFor {
  absl::btree_map<std::string, const Calendar*> by_authority, by_nation;
  const Calendar* for_all = nullptr;

  void Add(const PublishedCalendar& published) {
    if (!published.authority.empty()) {
      by_authority[published.authority] = &published.calendar;
    } else if (!published.nation.empty()) {
      by_nation[published.nation] = &published.calendar;
    } else {
      for_all = &published.calendar;
    }
  }
  const Calendar* Of(const Agency& agency) const {
    const auto authority = by_authority.find(agency.authority());
    if (authority != by_authority.end()) return authority->second;
    const auto nation = by_nation.find(agency.nation());
    return nation != by_nation.end() ? nation->second : for_all;
  }
};

struct PublishedAgency {
  Agency agency;
  const Calendar* working_days = nullptr;
  const Calendar* school_days = nullptr;
};

// CheckBook has seen that the text is empty or a day.
absl::CivilDay DayOr(const std::string& text, absl::CivilDay otherwise) {
  absl::CivilDay day;
  return !text.empty() && ParseDay(text, day) ? day : otherwise;
}

absl::StatusOr<std::vector<PublishedCalendar>> CalendarsOf(const Book& book) {
  std::vector<PublishedCalendar> made;
  for (const pathway::v1::Calendar& calendar : book.calendar()) {
    std::vector<Calendar::Closed> closed;
    for (const pathway::v1::Closed& run : calendar.closed()) {
      Calendar::Closed& made_run = closed.emplace_back();
      made_run.from = DayOr(run.from(), absl::CivilDay());
      made_run.to = DayOr(run.to(), made_run.from);
      absl::CivilDay announced;
      if (ParseDay(run.announced(), announced)) made_run.announced = announced;
    }
    absl::optional<Calendar::Hours> hours;
    int opens = 0, closes = 24 * 60;
    const bool has_opens = ParseTimeOfDay(calendar.opens(), opens);
    const bool has_closes = ParseTimeOfDay(calendar.closes(), closes);
    if (has_opens || has_closes) hours = Calendar::Hours{opens, closes};
    DOLEN_ASSIGN_OR_RETURN(Calendar days,
                           Calendar::Make(calendar.id(), DayOr(calendar.from(), absl::CivilDay()),
                                          DayOr(calendar.to(), absl::CivilDay()), closed, hours));
    made.push_back({std::move(days), calendar.nation(), calendar.authority(), calendar.school()});
  }
  return made;
}

// Days of start, the last exclusive.
struct Days {
  absl::CivilDay from = absl::CivilDay::min();
  absl::CivilDay to = absl::CivilDay::max();
  bool IsEmpty() const { return from >= to; }
};

Days DaysOf(const RuleVersion& version) { return {version.from, version.to}; }
Days Both(const Days& a, const Days& b) { return {std::max(a.from, b.from), std::min(a.to, b.to)}; }
bool Overlap(const Days& a, const Days& b) { return !Both(a, b).IsEmpty(); }
bool Overlap(const RuleVersion& a, const RuleVersion& b) { return Overlap(DaysOf(a), DaysOf(b)); }

// What is left of `all` before and after `taken`.
std::vector<Days> Without(const Days& all, const Days& taken) {
  std::vector<Days> left;
  if (taken.IsEmpty()) return {all};
  for (const Days& part :
       {Days{all.from, std::min(all.to, taken.from)}, Days{std::max(all.from, taken.to), all.to}}) {
    if (!part.IsEmpty()) left.push_back(part);
  }
  return left;
}

// The versions that a book has of one rule, with the days that its text gives them.
std::vector<RuleVersion> VersionsOf(const Book& book, absl::string_view rule_id, int publication) {
  std::vector<RuleVersion> made;
  for (const Rule& rule : book.rule()) {
    if (rule.id() != rule_id) continue;
    made.push_back({rule, book.id(), book.version(),
                    DayOr(rule.valid_from(), absl::CivilDay::min()),
                    DayOr(rule.valid_to(), absl::CivilDay::max()), publication});
  }
  return made;
}

absl::Status Checked(const Book& book) {
  for (const Finding& finding : CheckBook(book)) {
    if (finding.severity == Finding::kError) {
      return absl::InvalidArgumentError(FindingText(absl::StrCat("book ", book.id()), finding));
    }
  }
  return absl::OkStatus();
}

// Whether `all` holds a message with the same text.
template <typename Message>
bool Holds(const google::protobuf::RepeatedPtrField<Message>& all, const Message& one) {
  const std::string text = one.SerializeAsString();
  return std::any_of(all.begin(), all.end(),
                     [&](const Message& other) { return other.SerializeAsString() == text; });
}

}  // namespace

struct Books::State {
  std::vector<Publication> publications;
  std::vector<RuleFamily> families;  // by id
  // dolen: hash order unseen, because names are looked up and never iterated.
  absl::flat_hash_map<std::string, std::vector<Interest>> events;  // by name
  absl::btree_map<std::string, Zone> zones;                        // by name, the newest
  std::vector<PublishedCalendar> calendars;                        // ids differ; the newest last
  absl::btree_map<std::string, PublishedAgency> agencies;
  CalendarsFor working_days, school_days;
  std::vector<std::string> named_parties;
  bool reads_birth = false;
  bool watches = false;
  bool reads_holding = false;
  absl::btree_map<std::string, Book> newest;   // publication of each book id
  std::vector<pathway::v1::Passing> passings;  // of those

  RuleFamily& FamilyFor(const std::string& id);
  void AddRules(const Book& book, const Zone& zone, absl::CivilDay day, bool first);
  void AddVersions(std::vector<RuleVersion> made, absl::string_view book_id, absl::CivilDay day,
                   bool first, RuleFamily& family);
  std::vector<int> GoingOn(const std::vector<RuleVersion>& made, const RuleFamily& family,
                           const Days& days) const;
  void ReplaceVersions(const std::vector<RuleVersion>& made, absl::string_view book_id,
                       const Days& days, RuleFamily& family);
  void AddAgencies(const Book& book, std::vector<PublishedCalendar> calendars_made);
  void FindCalendars();
  // What is known about all books together, made anew.
  void Index();
};

RuleFamily& Books::State::FamilyFor(const std::string& id) {
  auto place = std::lower_bound(
      families.begin(), families.end(), id,
      [](const RuleFamily& family, const std::string& wanted) { return family.id < wanted; });
  if (place == families.end() || place->id != id) place = families.insert(place, {id, {}});
  return *place;
}

// Which of the family's versions goes on as each of `made`, -1 for a new one. A version goes on if
// its text is unchanged, it judges any of `days`, and it still stands where the text puts it: after
// all that the text writes before it for any of its days. For those days the last version counts.
std::vector<int> Books::State::GoingOn(const std::vector<RuleVersion>& made,
                                       const RuleFamily& family, const Days& days) const {
  std::vector<int> goes_on(made.size(), -1);
  for (size_t i = 0; i < made.size(); ++i) {
    const std::string text = made[i].rule.SerializeAsString();
    const std::string& zone = publications[made[i].publication].zone.name();
    for (size_t v = 0; v < family.versions.size(); ++v) {
      const RuleVersion& version = family.versions[v];
      if (version.book_id == made[i].book_id && Overlap(DaysOf(version), days) &&
          publications[version.publication].zone.name() == zone &&
          version.rule.SerializeAsString() == text) {
        goes_on[i] = static_cast<int>(v);
      }
    }
    for (size_t j = 0; j < i; ++j) {
      if (Overlap(made[j], made[i]) && (goes_on[j] == -1 || goes_on[j] >= goes_on[i])) {
        goes_on[i] = -1;
      }
    }
  }
  return goes_on;
}

// `made` are all versions of this family's id in the text, perhaps none, each with the days that
// the text gives it.
void Books::State::AddVersions(std::vector<RuleVersion> made, absl::string_view book_id,
                               absl::CivilDay day, bool first, RuleFamily& family) {
  std::vector<RuleVersion>& versions = family.versions;
  for (RuleVersion& version : made) {
    RuleVersion past = version;
    past.to = std::min(past.to, day);
    const bool judged = std::any_of(versions.begin(), versions.end(),
                                    [&](const RuleVersion& other) { return Overlap(other, past); });
    if (!first || judged) version.from = std::max(version.from, day);
  }
  const std::vector<int> goes_on = GoingOn(made, family, {day});
  for (size_t v = 0; v < versions.size(); ++v) {
    if (versions[v].book_id != book_id ||
        std::find(goes_on.begin(), goes_on.end(), static_cast<int>(v)) != goes_on.end()) {
      continue;
    }
    versions[v].to = std::min(versions[v].to, std::max(versions[v].from, day));
  }
  for (size_t i = 0; i < made.size(); ++i) {
    // One that judges no day (it was over before its publication) would only grow the list.
    if (goes_on[i] == -1 && made[i].from < made[i].to) versions.push_back(std::move(made[i]));
  }
}

// The same for a draft, whose versions judge `days` only: on those days they replace the versions
// of their own book; other days keep theirs.
void Books::State::ReplaceVersions(const std::vector<RuleVersion>& made, absl::string_view book_id,
                                   const Days& days, RuleFamily& family) {
  const std::vector<int> goes_on = GoingOn(made, family, days);
  std::vector<RuleVersion> versions;
  const auto add = [&](const RuleVersion& version, const std::vector<Days>& parts) {
    for (const Days& part : parts) {
      RuleVersion& added = versions.emplace_back(version);
      added.from = part.from;
      added.to = part.to;
    }
  };
  for (size_t v = 0; v < family.versions.size(); ++v) {
    const RuleVersion& version = family.versions[v];
    const bool stays =
        version.book_id != book_id ||
        std::find(goes_on.begin(), goes_on.end(), static_cast<int>(v)) != goes_on.end();
    add(version, stays ? std::vector<Days>{DaysOf(version)} : Without(DaysOf(version), days));
  }
  for (size_t i = 0; i < made.size(); ++i) {
    const Days judged = Both(DaysOf(made[i]), days);
    if (judged.IsEmpty()) continue;
    add(made[i], goes_on[i] == -1 ? std::vector<Days>{judged}
                                  : Without(judged, DaysOf(family.versions[goes_on[i]])));
  }
  family.versions = std::move(versions);
}

void Books::State::AddRules(const Book& book, const Zone& zone, absl::CivilDay day, bool first) {
  publications.push_back({book.id(), zone});
  zones.insert_or_assign(zone.name(), zone);
  for (const Rule& rule : book.rule()) FamilyFor(rule.id());
  for (RuleFamily& family : families) {
    AddVersions(VersionsOf(book, family.id, static_cast<int>(publications.size()) - 1), book.id(),
                day, first, family);
  }
}

void Books::State::AddAgencies(const Book& book, std::vector<PublishedCalendar> calendars_made) {
  for (const Agency& agency : book.agency()) agencies[agency.id()].agency = agency;
  for (PublishedCalendar& calendar : calendars_made) {
    calendars.erase(std::remove_if(calendars.begin(), calendars.end(),
                                   [&](const PublishedCalendar& older) {
                                     return older.calendar.id() == calendar.calendar.id();
                                   }),
                    calendars.end());
    calendars.push_back(std::move(calendar));
  }
}

void Books::State::FindCalendars() {
  working_days = school_days = CalendarsFor();
  for (const PublishedCalendar& published : calendars) {
    (published.school ? school_days : working_days).Add(published);
  }
  for (auto& [id, published] : agencies) {
    published.working_days = working_days.Of(published.agency);
    published.school_days = school_days.Of(published.agency);
  }
}

void Books::State::Index() {
  passings.clear();
  for (const auto& [id, book] : newest) {
    passings.insert(passings.end(), book.passing().begin(), book.passing().end());
  }
  dolen::Index index = MakeIndex(absl::MakeSpan(families), passings);
  events = std::move(index.events);
  named_parties.assign(index.named_parties.begin(), index.named_parties.end());
  reads_birth = index.reads_birth;
  watches = index.watches;
  reads_holding = index.reads_holding;
  FindCalendars();
}

Books::Books() : state_(std::make_unique<State>()) {}
Books::~Books() = default;
Books::Books(Books&&) noexcept = default;
Books& Books::operator=(Books&&) noexcept = default;

absl::Status Books::Add(const Book& book, Zone zone, absl::Time recorded) {
  DOLEN_RETURN_IF_ERROR(Checked(book));
  DOLEN_ASSIGN_OR_RETURN(std::vector<PublishedCalendar> calendars, CalendarsOf(book));
  const bool first = state_->newest.find(book.id()) == state_->newest.end();
  state_->AddRules(book, zone, zone.DayOf(recorded), first);
  state_->AddAgencies(book, std::move(calendars));
  state_->newest[book.id()] = book;
  state_->Index();
  return absl::OkStatus();
}

absl::Status Books::AddDraft(const Book& draft, Zone zone, absl::CivilDay from, absl::CivilDay to) {
  DOLEN_RETURN_IF_ERROR(Checked(draft));
  Book& newest = state_->newest[draft.id()];
  Book changed;  // agencies and calendars that the draft says otherwise
  changed.set_id(draft.id());
  for (const Agency& agency : draft.agency()) {
    if (!Holds(newest.agency(), agency)) *changed.add_agency() = agency;
  }
  for (const pathway::v1::Calendar& calendar : draft.calendar()) {
    if (!Holds(newest.calendar(), calendar)) *changed.add_calendar() = calendar;
  }
  DOLEN_ASSIGN_OR_RETURN(std::vector<PublishedCalendar> calendars, CalendarsOf(changed));
  state_->zones.emplace(zone.name(), zone);  // a table that was published stays
  state_->publications.push_back({draft.id(), std::move(zone)});
  for (const Rule& rule : draft.rule()) state_->FamilyFor(rule.id());
  for (RuleFamily& family : state_->families) {
    const std::vector<RuleVersion> made =
        VersionsOf(draft, family.id, static_cast<int>(state_->publications.size()) - 1);
    if (!made.empty()) state_->ReplaceVersions(made, draft.id(), {from, to}, family);
  }
  state_->AddAgencies(changed, std::move(calendars));
  if (!draft.passing().empty()) *newest.mutable_passing() = draft.passing();
  state_->Index();
  return absl::OkStatus();
}

int Books::publications() const { return static_cast<int>(state_->publications.size()); }

absl::Span<const RuleFamily> Books::families() const { return state_->families; }

const RuleFamily* Books::FindFamily(absl::string_view id) const {
  const auto& families = state_->families;
  const auto found = std::lower_bound(
      families.begin(), families.end(), id,
      [](const RuleFamily& family, absl::string_view wanted) { return family.id < wanted; });
  return found != families.end() && found->id == id ? &*found : nullptr;
}

absl::Span<const Interest> Books::InterestIn(absl::string_view event) const {
  const auto found = state_->events.find(event);
  if (found == state_->events.end()) return {};
  return found->second;
}

absl::Span<const std::string> Books::named_parties() const { return state_->named_parties; }

bool Books::reads_birth() const { return state_->reads_birth; }

bool Books::watches() const { return state_->watches; }

bool Books::reads_holding() const { return state_->reads_holding; }

absl::Span<const pathway::v1::Passing> Books::passings() const { return state_->passings; }

const Zone& Books::zone() const {
  static const Zone* const kUtc = new Zone;
  if (state_->publications.empty()) return *kUtc;
  return state_->zones.at(state_->publications.back().zone.name());
}

const Zone& Books::ZoneOf(const RuleVersion& version) const {
  DOLEN_CHECK(0 <= version.publication && version.publication < publications());
  const auto found = state_->zones.find(state_->publications[version.publication].zone.name());
  DOLEN_CHECK(found != state_->zones.end());
  return found->second;
}

const Calendar* Books::WorkingDaysOf(absl::string_view agency) const {
  const auto found = state_->agencies.find(agency);
  return found != state_->agencies.end() ? found->second.working_days
                                         : state_->working_days.for_all;
}

const Calendar* Books::SchoolDaysOf(absl::string_view agency) const {
  const auto found = state_->agencies.find(agency);
  return found != state_->agencies.end() ? found->second.school_days : state_->school_days.for_all;
}

const Agency* Books::FindAgency(absl::string_view agency) const {
  const auto found = state_->agencies.find(agency);
  return found != state_->agencies.end() ? &found->second.agency : nullptr;
}

const std::string& RuleFamily::per(int i) const {
  static const auto* const matter = new std::string("matter");
  const auto& names = versions.back().rule.per();
  return names.empty() ? *matter : names[i];
}

int RuleFamily::per_size() const { return std::max(1, versions.back().rule.per_size()); }

bool InScope(const RuleVersion& version, absl::string_view agency, const Books& books) {
  if (version.rule.scope().empty()) return true;
  if (agency.empty()) return false;
  const Agency* known = books.FindAgency(agency);
  const auto fits = [&](absl::string_view scope) {
    if (absl::ConsumePrefix(&scope, "agency:")) return scope == agency;
    if (known == nullptr) return false;
    if (absl::ConsumePrefix(&scope, "nation:")) {
      return !scope.empty() && scope == known->nation();
    }
    return absl::ConsumePrefix(&scope, "authority:") && !scope.empty() &&
           scope == known->authority();
  };
  return std::any_of(version.rule.scope().begin(), version.rule.scope().end(), fits);
}

int VersionInForce(const RuleFamily& family, absl::CivilDay day,
                   absl::FunctionRef<absl::string_view(const RuleVersion&)> accountable,
                   const Books& books) {
  for (int i = static_cast<int>(family.versions.size()) - 1; i >= 0; --i) {
    const RuleVersion& version = family.versions[i];
    if (version.Judges(day) && InScope(version, accountable(version), books)) return i;
  }
  return -1;
}

}  // namespace dolen
