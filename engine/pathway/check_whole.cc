// What a book as a whole says wrong, rule beside rule: rules that nothing can start, versions that
// judge no day, agencies that nothing concerns, cases that cannot be read. Warnings only: the fold
// checks each publication again, and none of this changes what it does.
#include <algorithm>
#include <utility>

#include "absl/container/btree_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "engine/base/time.h"
#include "engine/pathway/check.h"
#include "engine/pathway/example.h"

namespace dolen {
namespace {

using pathway::v1::Agency;
using pathway::v1::Book;
using pathway::v1::Pattern;
using pathway::v1::Rule;

// By rule id: whether some version of it can start and, having a limit, fall due.
using FallsDue = absl::btree_map<std::string, bool>;

// Whether the pattern can ever fit: an event can happen at any time, the breach of a rule only if
// that rule can start.
bool CanFit(const Pattern& pattern, const FallsDue& falls_due) {
  if (pattern.overdue().empty()) return true;
  const auto rule = falls_due.find(pattern.overdue());
  if (rule != falls_due.end() && rule->second) return true;
  return std::any_of(pattern.or_().begin(), pattern.or_().end(),
                     [&](const Pattern& other) { return CanFit(other, falls_due); });
}

bool CanFitAll(const Rule& rule, const FallsDue& falls_due) {
  return std::all_of(rule.start().begin(), rule.start().end(),
                     [&](const Pattern& start) { return CanFit(start, falls_due); });
}

// Rules that start from one another's breach alone never start: so from none that do, to more.
FallsDue RulesThatFallDue(const Book& book) {
  FallsDue falls_due;
  for (bool more = true; more;) {
    more = false;
    for (const Rule& rule : book.rule()) {
      bool& falls = falls_due[rule.id()];
      if (falls || rule.limit_size() == 0 || !CanFitAll(rule, falls_due)) continue;
      falls = more = true;
    }
  }
  return falls_due;
}

struct Days {
  absl::CivilDay from = absl::CivilDay::min();
  absl::CivilDay to = absl::CivilDay::max();  // not included
};

Days DaysOf(const Rule& rule) {
  Days days;
  ParseDay(rule.valid_from(), days.from);
  ParseDay(rule.valid_to(), days.to);
  return days;
}

// Whether wherever `inner` applies, `outer` does by its words.
bool IsWithin(const Rule& inner, const Rule& outer) {
  if (outer.scope().empty()) return true;
  return !inner.scope().empty() &&
         std::all_of(inner.scope().begin(), inner.scope().end(), [&](const std::string& scope) {
           return std::find(outer.scope().begin(), outer.scope().end(), scope) !=
                  outer.scope().end();
         });
}

// Every text of the message, at any depth, that may name a party or a place.
void CollectTexts(const google::protobuf::Message& message, absl::btree_set<std::string>& texts) {
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  const google::protobuf::Reflection* reflection = message.GetReflection();
  reflection->ListFields(message, &fields);
  for (const google::protobuf::FieldDescriptor* field : fields) {
    const int size = field->is_repeated() ? reflection->FieldSize(message, field) : 1;
    for (int i = 0; i < size; ++i) {
      if (field->message_type() != nullptr) {
        CollectTexts(field->is_repeated() ? reflection->GetRepeatedMessage(message, field, i)
                                          : reflection->GetMessage(message, field),
                     texts);
      } else if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_STRING) {
        texts.insert(field->is_repeated() ? reflection->GetRepeatedString(message, field, i)
                                          : reflection->GetString(message, field));
      }
    }
  }
}

// Whether the texts name the agency, or leave open who acts.
bool Concern(const absl::btree_set<std::string>& texts, const Agency& agency) {
  for (absl::string_view open : {"starter", "asked", "asker", "holder"}) {
    if (texts.contains(open)) return true;
  }
  const auto begins = [](const std::string& text) { return absl::StartsWith(text, "role:"); };
  return std::any_of(texts.begin(), texts.end(), begins) ||
         texts.contains(absl::StrCat("agency:", agency.id())) ||
         texts.contains(absl::StrCat("kind:", agency.kind())) ||
         texts.contains(absl::StrCat("nation:", agency.nation())) ||
         texts.contains(absl::StrCat("authority:", agency.authority()));
}

}  // namespace

void Checker::CheckWhole() {
  CheckReach();
  CheckUnknown();
  for (int i = 0; i < book_.rule_size(); ++i) CheckCovered(i);
  CheckConcerned();
  for (int i = 0; i < book_.example_size(); ++i) {
    const absl::StatusOr<Example> example = ParseExample(book_.example(i));
    const absl::Status status = example.ok() ? CheckNames(*example, book_) : example.status();
    if (!status.ok()) {
      Warn(root_.At("example", i), absl::StrCat("the case fails: ", status.message()));
    }
  }
}

void Checker::CheckReach() {
  const FallsDue falls_due = RulesThatFallDue(book_);
  for (int i = 0; i < book_.rule_size(); ++i) {
    const Rule& rule = book_.rule(i);
    if (CanFitAll(rule, falls_due)) continue;
    for (int j = 0; j < rule.start_size(); ++j) {
      if (CanFit(rule.start(j), falls_due)) continue;
      const std::string& other = rule.start(j).overdue();
      const bool is_here = falls_due.contains(other);
      Warn(root_.At("rule", i).At("start", j).At("overdue"),
           absl::StrCat("the rule can never start: \"", other,
                        is_here ? "\" never falls due (it has no limit, or waits for this one)"
                                : "\" is no rule of this book",
                        "; write the id of a rule with a limit, or start { is: \"...\" }"));
    }
  }
}

// Another book may have the rule whose breach is waited for.
void Checker::CheckUnknown() {
  for (const Watched& watched : watched_) {
    const bool is_here = std::any_of(book_.rule().begin(), book_.rule().end(),
                                     [&](const Rule& rule) { return rule.id() == watched.rule; });
    const bool is_said =
        std::any_of(findings_.begin(), findings_.end(),
                    [&](const Finding& finding) { return finding.field == watched.spot.path(); });
    if (is_here || is_said) continue;
    Warn(watched.spot, absl::StrCat("no rule \"", watched.rule,
                                    "\" is in this book; without another book that has it this "
                                    "never happens"));
  }
}

// Later versions count where days overlap. A version all of whose days they judge is never used.
void Checker::CheckCovered(int index) {
  const Rule& rule = book_.rule(index);
  const Days days = DaysOf(rule);
  std::vector<std::pair<absl::CivilDay, absl::CivilDay>> later;
  std::vector<std::string> places;
  for (int j = index + 1; j < book_.rule_size(); ++j) {
    const Rule& other = book_.rule(j);
    const Days its = DaysOf(other);
    if (other.id() != rule.id() || !IsWithin(rule, other)) continue;
    if (std::max(days.from, its.from) >= std::min(days.to, its.to)) continue;
    later.emplace_back(its.from, its.to);
    places.push_back(absl::StrCat("rule[", j, "]"));
  }
  std::sort(later.begin(), later.end());
  absl::CivilDay covered = days.from;
  for (const auto& [from, to] : later) {
    if (from <= covered) covered = std::max(covered, to);
  }
  if (later.empty() || covered < days.to) return;
  Warn(root_.At("rule", index),
       absl::StrCat("this version of \"", rule.id(),
                    "\" judges no day: ", absl::StrJoin(places, ", "),
                    " after it in the text judges all its days; give it a valid_to and the later "
                    "one a valid_from, or take it out"));
}

// An agency that publishes is heard without being in a book. In a book it is there to be told, held
// to account or given a calendar; where nothing can, its id is perhaps written otherwise elsewhere.
void Checker::CheckConcerned() {
  if (book_.rule_size() == 0) return;
  absl::btree_set<std::string> texts;
  for (const Rule& rule : book_.rule()) CollectTexts(rule, texts);
  for (const pathway::v1::Passing& passing : book_.passing()) CollectTexts(passing, texts);
  for (int i = 0; i < book_.agency_size(); ++i) {
    const Agency& agency = book_.agency(i);
    if (agency.id().empty() || agency.has_quiet_after() || Concern(texts, agency)) continue;
    Warn(root_.At("agency", i),
         absl::StrCat("no rule concerns agency \"", agency.id(),
                      "\": none names it, its kind, nation or authority, and none leaves open who "
                      "acts; look for its id written otherwise, or take it out"));
  }
}

}  // namespace dolen
