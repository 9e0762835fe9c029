#include "engine/pathway/pattern.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace dolen {
namespace {

using event::v1::Kind;
using event::v1::Open;
using pathway::v1::Pattern;
using pathway::v1::Test;

struct KindNames {
  std::vector<std::string> by_number;                 // "": no such kind
  std::vector<std::pair<std::string, Kind>> by_name;  // ascending
};

// The contract's own names, made once.
const KindNames& Names() {
  static const KindNames* const names = [] {
    auto* made = new KindNames;
    made->by_number.resize(event::v1::Kind_MAX + 1);
    const google::protobuf::EnumDescriptor* kinds = event::v1::Kind_descriptor();
    for (int i = 0; i < kinds->value_count(); ++i) {
      const google::protobuf::EnumValueDescriptor* kind = kinds->value(i);
      if (kind->number() == event::v1::KIND_UNSPECIFIED) continue;
      std::string name = absl::AsciiStrToLower(absl::StripPrefix(kind->name(), "KIND_"));
      made->by_number[kind->number()] = name;
      made->by_name.emplace_back(std::move(name), static_cast<Kind>(kind->number()));
    }
    std::sort(made->by_name.begin(), made->by_name.end());
    return made;
  }();
  return *names;
}

struct CodeField {
  absl::string_view name;
  const std::string& (Open::*get)() const;
};

constexpr CodeField kCodeFields[] = {
    {"service_type", &Open::service_type},
    {"role", &Open::role},
    {"reason", &Open::reason},
    {"cause", &Open::reason},
    {"next_step", &Open::next_step},
    {"outcome", &Open::outcome},
    {"part", &Open::part},
    {"owner", &Open::owner},
    {"rule", &Open::rule},
    {"language", &Open::language},
    {"area", &Open::area},
    {"basis", &Open::basis},
    {"to_agency", &Open::to_agency},
};

bool IsOneOf(const Test& test, absl::string_view value) {
  return std::find(test.is().begin(), test.is().end(), value) != test.is().end();
}

bool NumberFits(const Test& test, int64_t number) {
  return IsOneOf(test, absl::StrCat(number)) || (test.below() != 0 && number < test.below());
}

bool FieldFits(const Test& test, const event::v1::Field& field) {
  switch (field.value_case()) {
    case event::v1::Field::kCode:
      return IsOneOf(test, field.code());
    case event::v1::Field::kNumber:
      return NumberFits(test, field.number());
    case event::v1::Field::kWhen:
      // An instant has no day of its own; it never equals a day as text.
      return field.when().has_day() && IsOneOf(test, field.when().day());
    case event::v1::Field::VALUE_NOT_SET:
      return false;
  }
  return false;
}

bool TestFits(const Test& test, const Occurrence& occurrence) {
  const Open& open = occurrence.open();
  for (const CodeField& field : kCodeFields) {
    if (field.name == test.field()) return IsOneOf(test, (open.*field.get)());
  }
  for (const event::v1::Field& field : open.fields()) {
    if (field.name() == test.field()) return FieldFits(test, field);
  }
  if (test.field() == "age") {
    const absl::optional<int64_t> age = occurrence.age();
    return age && NumberFits(test, *age);
  }
  if (test.field() == "hours") {
    const absl::string_view hours = occurrence.hours();
    return !hours.empty() && IsOneOf(test, hours);
  }
  return false;
}

bool OneFits(const Pattern& pattern, const Occurrence& occurrence, const Books& books) {
  if (!pattern.overdue().empty() || pattern.holding() != Pattern::NONE) return false;
  const Open& open = occurrence.open();
  if (!pattern.is().empty()) {
    const absl::string_view name = EventName(open);
    if (name.empty() || name != pattern.is()) return false;
  }
  const auto came = [&](const Pattern& earlier) { return occurrence.Came(earlier); };
  return ByFits(pattern.by(), open, occurrence.parties(), books) &&
         std::all_of(pattern.where().begin(), pattern.where().end(),
                     [&](const Test& test) { return TestFits(test, occurrence); }) &&
         std::all_of(pattern.given().begin(), pattern.given().end(), came) &&
         std::none_of(pattern.unless().begin(), pattern.unless().end(), came);
}

}  // namespace

absl::string_view KindName(Kind kind) {
  const std::vector<std::string>& names = Names().by_number;
  if (kind < 0 || kind >= static_cast<int>(names.size())) return {};
  return names[kind];
}

Kind KindOf(absl::string_view name) {
  const auto& names = Names().by_name;
  const auto found = std::lower_bound(
      names.begin(), names.end(), name,
      [](const std::pair<std::string, Kind>& a, absl::string_view b) { return a.first < b; });
  if (found == names.end() || found->first != name) return event::v1::KIND_UNSPECIFIED;
  return found->second;
}

absl::string_view EventName(const Open& open) {
  if (open.kind() == event::v1::KIND_MILESTONE_REACHED && !open.milestone().empty()) {
    return open.milestone();
  }
  return KindName(open.kind());
}

bool IsCodeField(absl::string_view field) {
  return std::any_of(std::begin(kCodeFields), std::end(kCodeFields),
                     [&](const CodeField& known) { return known.name == field; });
}

absl::optional<std::string> FieldText(const Open& open, absl::string_view name) {
  for (const CodeField& field : kCodeFields) {
    if (field.name != name) continue;
    const std::string& code = (open.*field.get)();
    return code.empty() ? absl::nullopt : absl::make_optional(code);
  }
  for (const event::v1::Field& field : open.fields()) {
    if (field.name() != name) continue;
    if (field.has_code()) return field.code();
    if (field.has_number()) return absl::StrCat(field.number());
    if (field.has_when() && field.when().has_day()) return field.when().day();
  }
  return absl::nullopt;
}

bool ByFits(absl::string_view by, const Open& open, const Parties& parties, const Books& books) {
  if (by.empty()) return true;
  if (by == "asked") return !parties.asked.empty() && open.agency() == parties.asked;
  if (by == "asker") return !parties.asker.empty() && open.agency() == parties.asker;
  if (absl::ConsumePrefix(&by, "agency:")) return open.agency() == by;
  if (absl::ConsumePrefix(&by, "role:")) return !by.empty() && open.role() == by;
  if (absl::ConsumePrefix(&by, "kind:")) {
    const pathway::v1::Agency* agency = books.FindAgency(open.agency());
    return agency != nullptr && agency->kind() == by;
  }
  return false;
}

bool Fits(const Pattern& pattern, const Occurrence& occurrence, const Books& books) {
  return OneFits(pattern, occurrence, books) ||
         std::any_of(pattern.or_().begin(), pattern.or_().end(),
                     [&](const Pattern& other) { return Fits(other, occurrence, books); });
}

}  // namespace dolen
