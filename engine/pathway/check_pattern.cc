#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "engine/pathway/check.h"
#include "engine/pathway/pattern.h"

namespace dolen {
namespace {

// The kind whose name is nearest to `name` if it is near enough to be a typing error; else empty.
std::string NearKind(absl::string_view name) {
  std::string near;
  int best = 3;
  for (int number = 0; number <= event::v1::Kind_MAX; ++number) {
    const absl::string_view kind = KindName(static_cast<event::v1::Kind>(number));
    if (kind.empty()) continue;
    const int distance = Distance(kind, name);
    if (distance < best) {
      best = distance;
      near = std::string(kind);
    }
  }
  return near;
}

bool IsMomentsOnly(const pathway::v1::Pattern& pattern) {
  return (!pattern.overdue().empty() || pattern.holding() != pathway::v1::Pattern::NONE) &&
         std::all_of(pattern.or_().begin(), pattern.or_().end(), IsMomentsOnly);
}

// Whether every event has this field, but not one that a rule can test.
bool IsUntestable(const std::string& field) {
  return event::v1::Open::descriptor()->FindFieldByName(field) != nullptr && !IsCodeField(field);
}

}  // namespace

void Checker::CheckOpener(const pathway::v1::Pattern& pattern, const Spot& spot) {
  if (pattern.overdue().empty() && pattern.holding() == pathway::v1::Pattern::NONE) {
    pathway::v1::Pattern without = pattern;
    without.clear_or_();
    CheckPattern(without, spot);
  } else {
    CheckMoment(pattern, spot);
  }
  for (int i = 0; i < pattern.or__size(); ++i) CheckOpener(pattern.or_(i), spot.At("or", i));
}

// A moment is no event: nobody published it, and it has no fields.
void Checker::CheckMoment(const pathway::v1::Pattern& pattern, const Spot& spot) {
  const bool is_overdue = !pattern.overdue().empty();
  const Spot place = spot.At(is_overdue ? "overdue" : "holding");
  if (!pattern.is().empty() || !pattern.by().empty() || pattern.where_size() > 0 ||
      pattern.given_size() > 0 || pattern.unless_size() > 0 || pattern.has_ago() ||
      (is_overdue && pattern.holding() != pathway::v1::Pattern::NONE)) {
    Error(place,
          "a moment is no event and has nothing else beside it; write the event into an or of its "
          "own");
  }
  if (is_overdue) watched_.push_back({pattern.overdue(), current_rule_, place});
  if (pattern.holding() == pathway::v1::Pattern::NONE) return;
  // The holding is of the child, or of one part of the responsibility; a matter has none.
  const auto& per = current_rule_->per();
  if (per.size() != 1 || (per[0] != "child" && per[0] != "part")) {
    Error(
        spot.At("holding"),
        "who holds is asked of the child or of a part of the responsibility; write per: \"child\" "
        "or per: \"part\"");
  }
}

bool StartsWithMomentsOnly(const pathway::v1::Rule& rule) {
  return std::all_of(rule.start().begin(), rule.start().end(), IsMomentsOnly);
}

bool Names(const pathway::v1::Pattern& pattern, absl::string_view name) {
  return pattern.is() == name ||
         std::any_of(pattern.or_().begin(), pattern.or_().end(),
                     [&](const pathway::v1::Pattern& other) { return Names(other, name); });
}

void Checker::CheckPattern(const pathway::v1::Pattern& pattern, const Spot& spot, bool needs_name) {
  if (!pattern.overdue().empty() || pattern.holding() != pathway::v1::Pattern::NONE) {
    Error(spot.At(pattern.overdue().empty() ? "holding" : "overdue"),
          "moments start, stop and cancel clocks, and nothing else; name an event here");
  } else if (needs_name || !pattern.is().empty()) {
    CheckName(pattern.is(), spot.At("is"));
  }
  CheckBy(pattern.by(), spot.At("by"));
  for (int i = 0; i < pattern.where_size(); ++i) {
    CheckTest(pattern.where(i), spot.At("where", i));
  }
  for (int i = 0; i < pattern.given_size(); ++i) {
    CheckEarlier(pattern.given(i), spot.At("given", i));
  }
  for (int i = 0; i < pattern.unless_size(); ++i) {
    CheckEarlier(pattern.unless(i), spot.At("unless", i));
  }
  if (pattern.has_ago()) {
    Error(spot.At("ago"), "ago belongs to a pattern inside given or unless; leave it out");
  }
  for (int i = 0; i < pattern.or__size(); ++i) {
    CheckPattern(pattern.or_(i), spot.At("or", i), needs_name);
  }
}

void Checker::CheckEarlier(const pathway::v1::Pattern& pattern, const Spot& spot) {
  pathway::v1::Pattern without = pattern;
  without.clear_ago();
  CheckPattern(without, spot);
  if (!pattern.has_ago()) return;
  const pathway::v1::Amount& ago = pattern.ago();
  if (ago.has_working_days() || ago.has_school_days() || ago.has_school_openings()) {
    Error(spot.At("ago"),
          "how long ago is said in minutes, hours, calendar_days, weekdays, weeks, "
          "months or years: it needs no calendar");
  } else {
    CheckAmount(ago, false, spot.At("ago"));
  }
}

void Checker::CheckName(const std::string& name, const Spot& spot) {
  if (name.empty()) {
    Error(spot, "the pattern names no event; write is: \"referral_made\" or a milestone's name");
    return;
  }
  if (!IsSnakeCase(name)) {
    const std::string lower =
        absl::AsciiStrToLower(absl::StripPrefix(absl::string_view(name), "KIND_"));
    Error(spot, absl::StrCat("\"", name,
                             "\" cannot be an event's name: kinds and milestones are written in "
                             "lower_snake_case",
                             IsSnakeCase(lower) ? absl::StrCat("; write \"", lower, "\"") : ""));
    return;
  }
  const event::v1::Kind kind = KindOf(name);
  if (kind == event::v1::KIND_MILESTONE_REACHED) {
    Error(spot, "\"milestone_reached\" fits no event; write the name of the milestone itself");
  } else if (kind == event::v1::KIND_CORRECTION) {
    Error(spot,
          "\"correction\" fits no event: a correction is carried out on the event that it names; "
          "write that event's name");
  } else if (kind == event::v1::KIND_UNSPECIFIED) {
    const std::string near = NearKind(name);
    if (!near.empty()) {
      Warn(spot, absl::StrCat("\"", name,
                              "\" is taken for a milestone; if the kind of event is "
                              "meant, write \"",
                              near, "\""));
    }
  }
}

void Checker::CheckBy(absl::string_view by, const Spot& spot) {
  if (by.empty() || by == "asked" || by == "asker") return;
  const std::string all(by);
  if (absl::ConsumePrefix(&by, "role:")) {
    if (by.empty()) {
      Error(spot, "\"role:\" names no role; write \"role:senior_manager\" or the like");
    }
    return;
  }
  if (absl::ConsumePrefix(&by, "agency:")) {
    CheckAgencyName(by, spot);
  } else if (absl::ConsumePrefix(&by, "kind:")) {
    if (by.empty()) {
      Error(spot, "\"kind:\" names no kind of agency; write \"kind:police\" or the like");
    } else if (!kinds_.contains(by)) {
      Warn(spot, absl::StrCat("no agency of this book is of kind \"", by,
                              "\"; the pattern fits agencies of other books only"));
    }
  } else {
    Error(spot, absl::StrCat("\"", by,
                             "\" says not who; write \"agency:A\", \"kind:K\", "
                             "\"role:R\", \"asked\" or \"asker\""));
  }
}

void Checker::CheckTest(const pathway::v1::Test& test, const Spot& spot) {
  const std::string& field = test.field();
  if (field.empty()) {
    Error(spot.At("field"), "the test names no field; write field: \"reason\" or the like");
  } else if (!IsSnakeCase(field)) {
    Error(spot.At("field"), absl::StrCat("\"", field,
                                         "\" cannot be a field's name: they are written in "
                                         "lower_snake_case"));
  } else if (IsUntestable(field)) {
    Warn(spot.At("field"),
         absl::StrCat("\"", field,
                      "\" is taken for a field of the event's own: of what every event has only "
                      "codes are tested; who said it is tested with by: \"agency:A\", how old the "
                      "child is with field: \"age\""));
  }
  if (test.is_size() == 0 && test.below() == 0) {
    Error(spot,
          "the test has no values and can never hold; write is: \"...\" once for each value that "
          "fits, or below: a number other than 0");
  }
  if (test.below() != 0 && (IsCodeField(field) || field == "hours")) {
    Error(spot.At("below"), absl::StrCat("\"", field,
                                         "\" is a code and is never below a number; write is: "
                                         "\"...\""));
  }
  CheckDerived(test, spot);
}

// Fields that no event has: they are worked out for it.
void Checker::CheckDerived(const pathway::v1::Test& test, const Spot& spot) {
  for (int i = 0; i < test.is_size(); ++i) {
    const std::string& value = test.is(i);
    if (test.field() == "hours" && value != "in" && value != "out") {
      Error(spot.At("is", i), absl::StrCat("\"", value,
                                           "\" is never what the office hours are; write \"in\" or "
                                           "\"out\""));
    }
    int64_t years = 0;
    const bool is_age = absl::SimpleAtoi(value, &years) && years >= 0;
    if (test.field() == "age" && (!is_age || absl::StrCat(years) != value)) {
      Error(spot.At("is", i), absl::StrCat("\"", value,
                                           "\" is never an age; write full years, for example "
                                           "\"16\", or below: 16"));
    }
  }
  if (test.field() == "age" && test.below() < 0) {
    Error(spot.At("below"), "no age is below 0; write full years, for example below: 5");
  }
  if (test.field() == "hours" && !has_office_hours_) {
    Warn(spot.At("field"),
         "office hours need a calendar of working days with opens and closes, and this book has "
         "none; without one from another book this fits nothing");
  }
}

}  // namespace dolen
