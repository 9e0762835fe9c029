#include "engine/child/told.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "engine/base/digest.h"
#include "engine/base/time.h"
#include "engine/child/key.h"
#include "engine/pathway/amount.h"

namespace dolen {
namespace {

using alert::v1::Alert;

absl::string_view WeightName(pathway::v1::Rule::Weight weight) {
  switch (weight) {
    case pathway::v1::Rule::STATUTE:
      return "statute";
    case pathway::v1::Rule::GUIDANCE:
      return "guidance";
    case pathway::v1::Rule::LOCAL:
      return "local";
    default:
      return "advisory";
  }
}

// What the book says of the rule and of the level.
void Describe(const RuleVersion& version, const Told& told, Alert& alert) {
  const pathway::v1::Rule& rule = version.rule;
  alert.set_book_version(version.book_version);
  alert.mutable_source()->set_title(rule.source().title());
  alert.mutable_source()->set_paragraph(rule.source().paragraph());
  alert.mutable_source()->set_address(rule.source().address());
  alert.set_weight(std::string(WeightName(rule.weight())));
  alert.set_title_cy(rule.title().cy());
  alert.set_title_en(rule.title().en());
  alert.set_about(version.about);
  for (const pathway::v1::Level& level : rule.level()) {
    if (level.name() == told.level) *alert.mutable_audience() = level.audience();
  }
}

template <typename AlertsOfAChild>
auto* Find(AlertsOfAChild& alerts, absl::string_view clock, absl::string_view level) {
  const auto key = std::make_tuple(clock, level);
  const auto told =
      std::lower_bound(alerts.begin(), alerts.end(), key, [](const Told& one, const auto& wanted) {
        return std::make_tuple(absl::string_view(one.clock), absl::string_view(one.level)) < wanted;
      });
  const bool is_it = told != alerts.end() && told->clock == clock && told->level == level;
  return is_it ? &*told : nullptr;
}

}  // namespace

bool Before(const Told& a, const Told& b) {
  return std::tie(a.clock, a.level) < std::tie(b.clock, b.level);
}

Told* FindTold(Alerts& alerts, absl::string_view clock, absl::string_view level) {
  return Find(alerts, clock, level);
}

const Told* FindTold(const Alerts& alerts, absl::string_view clock, absl::string_view level) {
  return Find(alerts, clock, level);
}

absl::Time AnsweredUntil(const Alerts& alerts, absl::string_view clock) {
  absl::Time until = absl::InfinitePast();
  const auto first = std::lower_bound(
      alerts.begin(), alerts.end(), clock,
      [](const Told& told, absl::string_view wanted) { return told.clock < wanted; });
  for (auto told = first; told != alerts.end() && told->clock == clock; ++told) {
    if (told->IsAnswered()) until = std::max(until, told->until);
  }
  return until;
}

Alert AlertOf(const ChildKey& child, const Told& told, const Books& books) {
  Alert alert;
  alert.set_alert_id(AlertId(child, told.clock, told.level));
  alert.set_number(told.number);
  alert.set_state(told.state);
  alert.set_level(told.level);
  alert.set_child(child.Hex());
  alert.set_matter_agency(told.matter_agency);
  alert.set_matter_id(told.matter_id);
  alert.set_clock(told.clock);
  alert.set_rule(told.rule);
  alert.set_accountable(told.accountable);
  *alert.mutable_due() = ToTimestamp(told.due);
  *alert.mutable_since() = ToTimestamp(told.since);
  alert.mutable_to()->Assign(told.to.begin(), told.to.end());
  alert.set_household(told.household);
  alert.set_assigned_to(told.assigned_to);
  if (told.IsAnswered()) {
    alert.mutable_answer()->set_kind(told.answer);
    *alert.mutable_answer()->mutable_at() = ToTimestamp(told.answered);
    *alert.mutable_answer()->mutable_until() = ToTimestamp(told.until);
  }
  const RuleVersion* version = VersionOf(told, books);
  if (version != nullptr) Describe(*version, told, alert);
  if (alert.about() == alert::v1::ABOUT_SILENCE) {
    alert.set_silent_agency(ValueOf(absl::StripPrefix(told.clock, absl::StrCat(told.rule, "/"))));
  }
  return alert;
}

const RuleVersion* VersionOf(const Told& told, const Books& books) {
  const RuleFamily* family = books.FindFamily(told.rule);
  const bool is_known = family != nullptr && told.version >= 0 &&
                        told.version < static_cast<int>(family->versions.size());
  return is_known ? &family->versions[told.version] : nullptr;
}

const pathway::v1::Level* LevelOf(const Told& told, const Books& books) {
  const RuleVersion* version = VersionOf(told, books);
  if (version == nullptr) return nullptr;
  for (const pathway::v1::Level& level : version->rule.level()) {
    if (level.name() == told.level) return &level;
  }
  return nullptr;
}

bool IsEscalation(const pathway::v1::Level& level) {
  return !level.of_target() && NumberOf(level.offset()) > 0;
}

alert::v1::State RaisedStateOf(const Told& told, const Books& books) {
  const pathway::v1::Level* level = LevelOf(told, books);
  const bool escalates = level != nullptr && IsEscalation(*level);
  return escalates ? alert::v1::STATE_ESCALATED : alert::v1::STATE_RAISED;
}

std::string AlertId(const ChildKey& child, absl::string_view clock, absl::string_view level) {
  return ShortSha256Hex(absl::StrCat(child.Hex(), "\n", clock, "\n", level));
}

std::string HouseholdOf(absl::string_view family) {
  return family.empty() ? "" : ShortSha256Hex(absl::StrCat("household\n", family));
}

}  // namespace dolen
