// book explain, book diff, book test: what a board reads before it publishes a book.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "deploy/program/book_case.h"
#include "deploy/program/book_file.h"
#include "deploy/program/verbs.h"
#include "deploy/program/worked_example.h"
#include "deploy/zone_table.h"
#include "engine/base/status.h"
#include "engine/base/time.h"
#include "engine/pathway/diff.h"
#include "engine/pathway/explain.h"
#include "engine/pathway/zone_proto.h"
#include "nlohmann/json.hpp"

namespace dolen {
namespace {

using nlohmann::ordered_json;
using pathway::v1::Rule;

// What flags would give a worked example its calendar.
constexpr Phrase kAddCalendars = {"ychwanegu llyfr â chalendrau: --with=FILE",
                                  "a book with calendars is added by --with=FILE"};
constexpr Phrase kSayNation = {
    "calendr pwy? gwlad yr asiantaeth sy'n gyfrifol: --nation, un o",
    "whose calendar? Say the nation of who must act by --nation, one of"};

// A book and those beside it, ready for the engine. A book with errors is not: it can be read only.
struct Loaded {
  CheckedBook checked;
  pathway::v1::Book all;  // this book and then the others, in one
  Books books;
  Zone zone;
};

// The nations that `all` has a calendar of working days for, sorted.
std::vector<std::string> NationsOf(const pathway::v1::Book& all) {
  std::vector<std::string> nations;
  for (const pathway::v1::Calendar& calendar : all.calendar()) {
    if (!calendar.school() && !calendar.nation().empty()) nations.push_back(calendar.nation());
  }
  std::sort(nations.begin(), nations.end());
  nations.erase(std::unique(nations.begin(), nations.end()), nations.end());
  return nations;
}

// Stands for any agency of a nation, in books that name none.
std::string AnyOf(absl::string_view nation) { return absl::StrCat("dolen_any_of_", nation); }

// Makes them known, each with its nation.
absl::Status AddAnyOf(const std::vector<std::string>& nations, const Zone& zone, Books& books) {
  pathway::v1::Book book;
  book.set_id("dolen-any");
  book.set_version("1");
  book.set_zone("UTC");  // no rule uses it
  for (const std::string& nation : nations) {
    pathway::v1::Agency& agency = *book.add_agency();
    agency.set_id(AnyOf(nation));
    agency.set_nation(nation);
  }
  return books.Add(book, zone, absl::UnixEpoch());
}

enum class WhereErrors { kRefuse, kReadOnly };

// Errors: as ReadBook and AddBook.
absl::StatusOr<Loaded> Load(const std::string& file, const std::vector<std::string>& with,
                            WhereErrors where_errors) {
  Loaded loaded;
  DOLEN_ASSIGN_OR_RETURN(loaded.checked, ReadBook(file));
  loaded.all = loaded.checked.book;
  for (const std::string& other : with) {
    DOLEN_ASSIGN_OR_RETURN(const CheckedBook beside, ReadBook(other));
    DOLEN_RETURN_IF_ERROR(AddBook(other, beside, loaded.books));
    loaded.all.MergeFrom(beside.book);
  }
  if (!loaded.checked.ok() && where_errors == WhereErrors::kReadOnly) return loaded;
  DOLEN_RETURN_IF_ERROR(AddBook(file, loaded.checked, loaded.books));
  DOLEN_ASSIGN_OR_RETURN(const ledger::v1::Zone table, LoadZoneTable(loaded.checked.book.zone()));
  DOLEN_ASSIGN_OR_RETURN(loaded.zone, ZoneFromProto(table));
  return loaded;
}

// Writes the pages of one book.
class Explainer {
 public:
  Explainer(const Common& common, const BookExplainFlags& flags, const Loaded& loaded)
      : common_(common), flags_(flags), loaded_(loaded) {}

  absl::Status Run() {
    const pathway::v1::Book& book = loaded_.checked.book;
    if (!flags_.from.empty()) DOLEN_RETURN_IF_ERROR(ParseFrom());
    std::vector<const Rule*> rules;
    std::vector<std::string> ids;
    for (const Rule& rule : book.rule()) {
      if (flags_.rule.empty() || rule.id() == flags_.rule) rules.push_back(&rule);
      if (ids.empty() || ids.back() != rule.id()) ids.push_back(rule.id());
    }
    if (rules.empty() && !flags_.rule.empty()) {
      return absl::NotFoundError(absl::StrCat(flags_.file, ": no rule is called \"", flags_.rule,
                                              "\"; there are: ", absl::StrJoin(ids, ", ")));
    }
    if (flags_.rule.empty()) {
      const std::string name = absl::StrCat(book.id(), ", ", book.version());
      for (const Language language : Languages()) {
        Write("", language, absl::StrCat(phrase::kBook.In(language), " ", name),
              ExplainBook(book, language));
      }
    }
    for (const Rule* rule : rules) {
      for (const Language language : Languages()) WriteRule(*rule, language);
    }
    return absl::OkStatus();
  }

 private:
  std::vector<Language> Languages() const {
    if (flags_.lang == "en") return {Language::kEnglish};
    if (flags_.lang == "cy") return {Language::kWelsh};
    return {Language::kWelsh, Language::kEnglish};
  }

  absl::Status ParseFrom() {
    absl::CivilDay day;
    std::string error;
    absl::Time time;  // as if in UTC, to read the civil time
    if (ParseDay(flags_.from, day)) {
      const absl::Time begin = loaded_.zone.StartOf(day);
      from_ = {begin, loaded_.zone.StartOf(day + 1) - absl::Microseconds(1) - begin};
    } else if (absl::ParseTime("%Y-%m-%d %H:%M", flags_.from, absl::UTCTimeZone(), &time, &error)) {
      from_ = {loaded_.zone.InstantOf(absl::ToCivilSecond(time, absl::UTCTimeZone())), {}};
    } else {
      return absl::InvalidArgumentError(absl::StrCat("--from=\"", flags_.from,
                                                     "\" is no start; write --from=2026-04-02 or "
                                                     "--from=\"2026-04-02 16:30\""));
    }
    return absl::OkStatus();
  }

  // Today at 09:00, or the nearest day that this version judges.
  Moment StartFor(const Rule& rule) const {
    if (!from_.IsNever()) return from_;
    absl::CivilDay day = loaded_.zone.DayOf(absl::Now());
    absl::CivilDay first, end;
    if (ParseDay(rule.valid_to(), end)) day = std::min(day, end - 1);
    if (ParseDay(rule.valid_from(), first)) day = std::max(day, first);
    return {loaded_.zone.InstantOf(absl::CivilSecond(day) + 9 * 3600), {}};
  }

  // Who answers in the example: an agency, or any of a nation; neither where nothing says who.
  struct Who {
    std::string agency, nation;
  };
  // As asked, as the rule says, or the first whom the rule is for; where the books name no such
  // agency, any of the only nation that the rule is for or that there is a calendar of.
  Who WhoFor(const Rule& rule) const {
    if (!flags_.agency.empty()) return {flags_.agency, ""};
    if (!flags_.nation.empty()) return {"", flags_.nation};
    absl::string_view party = rule.accountable();
    if (absl::ConsumePrefix(&party, "agency:")) return {std::string(party), ""};
    RuleVersion version;
    version.rule = rule;
    for (const pathway::v1::Agency& agency : loaded_.all.agency()) {
      if (InScope(version, agency.id(), loaded_.books)) return {agency.id(), ""};
    }
    absl::string_view scope;
    if (rule.scope_size() == 1) scope = rule.scope(0);
    if (absl::ConsumePrefix(&scope, "nation:")) return {"", std::string(scope)};
    const std::vector<std::string> nations = NationsOf(loaded_.all);
    return {"", nations.size() == 1 ? nations[0] : ""};
  }

  // What would give the example a calendar.
  std::string HintFor(const Rule& rule, const Who& who, Language language) const {
    const std::vector<std::string> nations = NationsOf(loaded_.all);
    const bool counts_school_days =
        std::any_of(rule.limit().begin(), rule.limit().end(), [](const pathway::v1::Limit& limit) {
          return limit.allow().has_school_days() || limit.allow().has_school_openings();
        });
    if (nations.empty() || counts_school_days) return std::string(kAddCalendars.In(language));
    const bool has_its = std::binary_search(nations.begin(), nations.end(), who.nation);
    if (has_its) return "";  // it is there and does not reach so far
    if (!who.agency.empty()) {
      const pathway::v1::Agency* agency = loaded_.books.FindAgency(who.agency);
      if (agency != nullptr && !agency->nation().empty()) return "";
    }
    return Labelled(kSayNation, absl::StrJoin(nations, ", "), language);
  }

  void WriteRule(const Rule& rule, Language language) const {
    std::vector<Item> items = ExplainRule(rule, language);
    Item worked{std::string(phrase::kWorked.In(language)), {}};
    if (loaded_.checked.ok()) {
      AddExample(rule, language, worked.lines);
    } else {
      worked.lines.push_back({0, std::string(phrase::kHasErrors.In(language))});
    }
    items.push_back(std::move(worked));
    Write(rule.id(), language, rule.id(), items);
  }

  void AddExample(const Rule& rule, Language language, std::vector<Line>& lines) const {
    const Who who = WhoFor(rule);
    if (!who.agency.empty()) {
      lines.push_back({0, Labelled(phrase::kAgency, who.agency, language)});
    } else if (!who.nation.empty()) {
      lines.push_back({0, Labelled(phrase::kNation, who.nation, language)});
    }
    const Worked worked =
        WorkedExample(rule, StartFor(rule), who.nation.empty() ? who.agency : AnyOf(who.nation),
                      loaded_.books, loaded_.zone);
    Append(lines, WorkedLines(worked, loaded_.zone, language), 0);
    if (!worked.no_calendar) return;
    std::string hint = HintFor(rule, who, language);
    if (!hint.empty()) lines.push_back({0, std::move(hint)});
  }

  void Write(const std::string& rule, Language language, const std::string& heading,
             const std::vector<Item>& items) const {
    if (!common_.json()) {
      absl::PrintF("%s\n", PageText(heading, items, language));
      return;
    }
    ordered_json json = {{"rule", rule},
                         {"lang", language == Language::kWelsh ? "cy" : "en"},
                         {"heading", heading},
                         {"draft", language == Language::kWelsh},
                         {"items", ordered_json::array()}};
    for (const Item& item : items) {
      ordered_json lines = ordered_json::array();
      for (const Line& line : item.lines)
        lines.push_back({{"depth", line.depth}, {"text", line.text}});
      json["items"].push_back({{"label", item.label}, {"lines", std::move(lines)}});
    }
    absl::PrintF("%s\n", json.dump());
  }

  const Common& common_;
  const BookExplainFlags& flags_;
  const Loaded& loaded_;
  Moment from_;  // never: not given
};

absl::string_view WhatName(Change::What what) {
  return what == Change::kAdded ? "added" : what == Change::kRemoved ? "removed" : "changed";
}

}  // namespace

int RunBookExplain(const Common& common, const BookExplainFlags& flags) {
  absl::StatusOr<Loaded> loaded = Load(flags.file, flags.with, WhereErrors::kReadOnly);
  if (!loaded.ok()) return Fail(loaded.status());
  if (loaded->checked.ok()) {
    const absl::Status added = AddAnyOf(NationsOf(loaded->all), loaded->zone, loaded->books);
    if (!added.ok()) return Fail(added);
  }
  for (const Finding& finding : loaded->checked.findings) {
    if (finding.severity == Finding::kError) {
      absl::FPrintF(stderr, "%s\n", FindingText(flags.file, finding));
    }
  }
  const absl::Status status = Explainer(common, flags, *loaded).Run();
  if (!status.ok()) return Fail(status);
  return loaded->checked.ok() ? kDone : kNo;
}

int RunBookDiff(const Common& common, const std::string& before, const std::string& after) {
  const absl::StatusOr<CheckedBook> a = ReadBook(before);
  if (!a.ok()) return Fail(a.status());
  const absl::StatusOr<CheckedBook> b = ReadBook(after);
  if (!b.ok()) return Fail(b.status());
  const std::vector<Change> changes = DiffBooks(a->book, b->book);
  for (const Change& change : changes) {
    if (common.json()) {
      const ordered_json json = {{"what", std::string(WhatName(change.what))},
                                 {"subject", change.subject},
                                 {"field", change.field},
                                 {"before", change.before},
                                 {"after", change.after}};
      absl::PrintF("%s\n", json.dump());
    } else {
      absl::PrintF("%s\n", ChangeText(change));
    }
  }
  return changes.empty() ? kDone : kNo;
}

int RunBookTest(const Common& common, const std::vector<std::string>& files,
                const std::vector<std::string>& with) {
  int exit = kDone;
  for (const std::string& file : files) {
    const absl::StatusOr<Loaded> loaded = Load(file, with, WhereErrors::kRefuse);
    if (!loaded.ok()) return Fail(loaded.status());
    const pathway::v1::Book& book = loaded->checked.book;
    if (book.example_size() == 0 && !common.json()) {
      absl::PrintF(
          "%s: no cases; write example: \"2026-03-02 referral_made -> RULE last "
          "2026-03-09\" or the like\n",
          file);
    }
    for (int i = 0; i < book.example_size(); ++i) {
      const std::vector<std::string> failures =
          FailuresOf(book.example(i), loaded->all, loaded->books, loaded->zone);
      const int line = loaded->checked.example_lines[i];
      if (!failures.empty()) exit = kNo;
      if (common.json()) {
        const ordered_json json = {{"file", file},
                                   {"line", line},
                                   {"example", book.example(i)},
                                   {"ok", failures.empty()},
                                   {"failures", failures}};
        absl::PrintF("%s\n", json.dump());
        continue;
      }
      if (failures.empty()) {
        absl::PrintF("%s:%d: ok: %s\n", file, line, book.example(i));
      } else {
        absl::PrintF("%s:%d: FAILED: %s (%s)\n", file, line, absl::StrJoin(failures, "; "),
                     book.example(i));
      }
    }
  }
  return exit;
}

}  // namespace dolen
