#include <cstdlib>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "engine/base/time.h"
#include "engine/calendar/calendar.h"
#include "engine/pathway/check.h"

namespace dolen {
namespace {

using pathway::v1::Amount;
using pathway::v1::Level;
using pathway::v1::Limit;
using pathway::v1::Rule;

// An amount in minutes as if every day counted, to bound amounts and to order levels.
int64_t NominalMinutes(const Amount& amount) {
  constexpr int64_t kDay = 24 * 60;
  switch (amount.of_case()) {
    case Amount::kMinutes:
      return amount.minutes();
    case Amount::kHours:
      return int64_t{amount.hours()} * 60;
    case Amount::kCalendarDays:
      return amount.calendar_days() * kDay;
    case Amount::kWeekdays:
      return amount.weekdays() * kDay;
    case Amount::kWorkingDays:
      return amount.working_days() * kDay;
    case Amount::kWeeks:
      return amount.weeks() * 7 * kDay;
    default:
      return 0;
  }
}

constexpr absl::string_view kUnits =
    "minutes, hours, calendar_days, weekdays, working_days or weeks";

}  // namespace

void Checker::CheckRule(const Rule& rule, const Spot& spot) {
  if (rule.id().empty()) {
    Error(spot.At("id"), "the rule has no id; write id: \"W-CORE-1\" or the like");
  }
  CheckWhen(rule, spot);
  CheckScope(rule, spot);
  CheckOpening(rule, spot);
  for (int i = 0; i < rule.pause_size(); ++i) {
    NotFolded(spot.At("pause", i), "leave it out: clocks are not held yet");
  }
  if (!rule.exception_by().empty()) {
    NotFolded(spot.At("exception_by"), "leave it out: exceptions do not excuse yet");
  }
  for (int i = 0; i < rule.limit_size(); ++i) {
    if (i == 0) {
      CheckLimit(rule.limit(i), spot.At("limit", i));
    } else {
      NotFolded(spot.At("limit", i), "keep one limit, or write a rule for each");
    }
  }
  for (int i = 0; i < rule.target_size(); ++i) {
    NotFolded(spot.At("target", i), "leave it out, or write it as a limit with weight: ADVISORY");
  }
  if (rule.several() != Rule::EARLIEST) {
    NotFolded(spot.At("several"), "keep one limit and leave several out");
  }
  CheckAccountable(rule, spot);
  CheckLevels(rule, spot);
  CheckText(rule, spot);
}

void Checker::CheckWhen(const Rule& rule, const Spot& spot) {
  const bool from_ok = CheckDay(rule.valid_from(), spot.At("valid_from"));
  const bool to_ok = CheckDay(rule.valid_to(), spot.At("valid_to"));
  absl::CivilDay from, to;
  if (from_ok && to_ok && ParseDay(rule.valid_from(), from) && ParseDay(rule.valid_to(), to) &&
      from >= to) {
    Error(spot.At("valid_to"),
          absl::StrCat("the rule judges no day: valid_to ", rule.valid_to(),
                       " is the first day no longer judged and must be after valid_from ",
                       rule.valid_from()));
  }
}

void Checker::CheckScope(const Rule& rule, const Spot& spot) {
  for (int i = 0; i < rule.scope_size(); ++i) {
    const Spot place = spot.At("scope", i);
    absl::string_view scope = rule.scope(i);
    if (absl::ConsumePrefix(&scope, "agency:")) {
      CheckAgencyName(scope, place);
    } else if (absl::ConsumePrefix(&scope, "nation:")) {
      if (!IsNation(scope)) {
        Error(place, absl::StrCat("\"", scope,
                                  "\" is not a nation; write \"nation:england\", "
                                  "\"nation:wales\", \"nation:scotland\" or "
                                  "\"nation:northern_ireland\""));
      }
    } else if (!absl::ConsumePrefix(&scope, "authority:") || scope.empty()) {
      Error(place, absl::StrCat("\"", rule.scope(i),
                                "\" is not a scope; write \"agency:A\", "
                                "\"nation:wales\" or \"authority:W06000015\""));
    }
  }
}

void Checker::CheckOpening(const Rule& rule, const Spot& spot) {
  for (int i = 0; i < rule.per_size(); ++i) {
    const Spot place = spot.At("per", i);
    if (i > 0) {
      NotFolded(place, "keep one key, \"matter\" or \"child\"");
    } else if (rule.per(i) != "matter" && rule.per(i) != "child") {
      NotFolded(place, absl::StrCat("\"", rule.per(i),
                                    "\" is no key of it; write \"matter\" or "
                                    "\"child\""));
    }
  }
  if (rule.opens() != Rule::ONCE) {
    NotFolded(spot.At("opens"), "leave it out: one clock for each key");
  }
  if (rule.which() != Rule::FIRST) {
    NotFolded(spot.At("which"), "leave it out: the first match starts the clock");
  }
  if (rule.start_size() == 0) {
    Error(spot.At("id"), "the rule has no start and can never run; write start { is: \"...\" }");
  }
  for (int i = 0; i < rule.start_size(); ++i) CheckPattern(rule.start(i), spot.At("start", i));
  if (rule.stop_size() == 0) {
    Warn(spot.At("id"),
         "the rule has no stop: no event ever meets it; write stop { is: \"...\" } unless the duty "
         "just lapses");
  }
  for (int i = 0; i < rule.stop_size(); ++i) CheckPattern(rule.stop(i), spot.At("stop", i));
  if (rule.has_cancel()) CheckPattern(rule.cancel(), spot.At("cancel"));
}

bool Checker::CheckAmount(const Amount& amount, bool negative, const Spot& spot) {
  switch (amount.of_case()) {
    case Amount::OF_NOT_SET:
      Error(spot, absl::StrCat("the amount has no unit; write one of ", kUnits));
      return false;
    case Amount::kSchoolDays:
      NotFolded(spot.At("school_days"), absl::StrCat("write ", kUnits));
      return false;
    case Amount::kMonths:
      NotFolded(spot.At("months"), absl::StrCat("write ", kUnits));
      return false;
    case Amount::kYears:
      NotFolded(spot.At("years"), absl::StrCat("write ", kUnits));
      return false;
    case Amount::kSchoolOpenings:
      NotFolded(spot.At("school_openings"), absl::StrCat("write ", kUnits));
      return false;
    default:
      break;
  }
  const int64_t minutes = NominalMinutes(amount);
  if (std::abs(minutes) > int64_t{Calendar::kMaxDays} * 24 * 60) {
    Error(spot, absl::StrCat("the amount is longer than ", Calendar::kMaxDays,
                             " days; look for a digit too many"));
    return false;
  }
  if (minutes < 0 && !negative) {
    NotFolded(spot, "write an amount of 0 or more: deadlines before a date come later");
    return false;
  }
  return true;
}

void Checker::CheckLimit(const Limit& limit, const Spot& spot) {
  if (!limit.has_allow()) {
    Error(spot, absl::StrCat("the limit allows nothing; write allow { working_days: 5 } or the "
                             "like (",
                             kUnits, "), or leave the limit out for a standing duty"));
  } else if (CheckAmount(limit.allow(), false, spot.At("allow")) &&
             limit.allow().has_working_days() && !counts_working_days_) {
    Warn(spot.At("allow"),
         "working days need a calendar, and this book has none; without one from another book the "
         "clock says that its calendar is missing");
  }
  if (limit.has_when()) NotFolded(spot.At("when"), "put the test into the rule's start");
  if (limit.has_from()) NotFolded(spot.At("from"), "make that event the rule's start");
  if (limit.has_within()) NotFolded(spot.At("within"), "leave the budget out");
  if (!limit.cut_off().empty()) NotFolded(spot.At("cut_off"), "leave it out");
  if (limit.closed_start_moves()) NotFolded(spot.At("closed_start_moves"), "leave it out");
  if (limit.start_day_is_one()) {
    NotFolded(spot.At("start_day_is_one"), "leave it out and allow one day less");
  }
  if (limit.before_last_day()) {
    NotFolded(spot.At("before_last_day"), "leave it out and allow one day less");
  }
  if (limit.roll() != Limit::STAY) NotFolded(spot.At("roll"), "leave it out");
  absl::string_view party = limit.calendar_of();
  if (party.empty()) return;
  if (absl::ConsumePrefix(&party, "agency:")) {
    CheckAgencyName(party, spot.At("calendar_of"));
  } else {
    NotFolded(spot.At("calendar_of"),
              "write \"agency:A\", or leave it out for the accountable agency's calendar");
  }
}

void Checker::CheckAccountable(const Rule& rule, const Spot& spot) {
  const Spot place = spot.At("accountable");
  absl::string_view party = rule.accountable();
  if (party.empty()) {
    Error(place, "nobody is accountable; write \"starter\", \"asked\", \"asker\" or \"agency:A\"");
  } else if (party == "starter" || party == "asked" || party == "asker") {
    return;
  } else if (absl::ConsumePrefix(&party, "agency:")) {
    CheckAgencyName(party, place);
  } else if (party == "holder" || absl::StartsWith(party, "role:") ||
             absl::StartsWith(party, "kind:")) {
    NotFolded(place, "write \"starter\", \"asked\", \"asker\" or \"agency:A\"");
  } else {
    Error(place, absl::StrCat("\"", party,
                              "\" says not who; write \"starter\", \"asked\", "
                              "\"asker\" or \"agency:A\""));
  }
}

void Checker::CheckLevels(const Rule& rule, const Spot& spot) {
  if (rule.level_size() > 0 && rule.limit_size() == 0) {
    Warn(spot.At("level", 0),
         "the rule has no limit, so it is never due and no level is ever reached; leave the levels "
         "out or add a limit");
  }
  if (rule.level_size() == 0 && rule.limit_size() > 0) {
    Warn(spot.At("limit", 0),
         "nobody is told when this is late; write level { name: \"overdue\" audience: \"...\" }");
  }
  for (int i = 0; i < rule.level_size(); ++i) {
    const Level& level = rule.level(i);
    const Spot place = spot.At("level", i);
    CheckLevel(level, place);
    for (int j = 0; j < i; ++j) {
      if (rule.level(j).name() == level.name() && !level.name().empty()) {
        Error(place.At("name"), absl::StrCat("level \"", level.name(),
                                             "\" is in this rule twice; an alert is known by its "
                                             "level's name, so give it another"));
        break;
      }
    }
    if (i > 0 && NominalMinutes(level.offset()) < NominalMinutes(rule.level(i - 1).offset())) {
      Error(place, absl::StrCat("level \"", level.name(), "\" comes before level \"",
                                rule.level(i - 1).name(),
                                "\" in time; write the levels in order of their offset"));
    }
  }
}

void Checker::CheckLevel(const Level& level, const Spot& spot) {
  if (!IsSnakeCase(level.name())) {
    Error(spot.At("name"),
          absl::StrCat(level.name().empty() ? "the level has no name"
                                            : "a level's name is written in lower_snake_case",
                       "; write \"due_soon\", \"overdue\" or one of the book's own"));
  }
  if (level.of_target()) NotFolded(spot.At("of_target"), "measure the level from due");
  if (level.has_ack_expires()) {
    NotFolded(spot.At("ack_expires"),
              "leave it out: an acknowledgement holds until the alert ends");
  }
  if (level.has_offset()) {
    CheckAmount(level.offset(), true, spot.At("offset"));
    if (level.name() == "overdue") {
      Error(spot.At("offset"),
            "\"overdue\" is the due time itself and has no offset; leave it out, or give the level "
            "another name");
    }
  }
  if (level.name() == "due_soon" && NominalMinutes(level.offset()) >= 0) {
    Warn(spot, "\"due_soon\" is not before due; write offset { working_days: -1 } or the like");
  }
  if (level.offset().has_working_days() && !counts_working_days_) {
    Warn(spot.At("offset"),
         "working days need a calendar, and this book has none; without one from another book this "
         "level is never reached");
  }
  for (int i = 0; i < level.audience_size(); ++i) {
    absl::string_view audience = level.audience(i);
    if (audience.empty()) {
      Error(spot.At("audience", i), "the audience is empty; write whom to tell");
    } else if (absl::ConsumePrefix(&audience, "agency:")) {
      CheckAgencyName(audience, spot.At("audience", i));
    }
  }
}

void Checker::CheckText(const Rule& rule, const Spot& spot) {
  if (rule.title().en().empty()) {
    Warn(spot.At("title"),
         "the rule has no English title; write title { cy: \"...\" en: \"...\" }");
  }
  if (rule.title().cy().empty()) {
    Warn(spot.At("title"), "the rule has no Welsh title; write title { cy: \"...\" en: \"...\" }");
  }
  if (rule.source().title().empty()) {
    Warn(spot.At("source"),
         "the rule does not say where it comes from; write source { title: \"...\" paragraph: "
         "\"...\" address: \"...\" }");
  }
  if (rule.percent_in_time() != 0) {
    NotFolded(spot.At("percent_in_time"), "leave it out: no page compares with it yet");
  }
  for (int i = 0; i < rule.level_size(); ++i) {
    if (rule.weight() != Rule::ADVISORY || rule.level(i).audience().empty()) continue;
    Warn(spot.At("level", i),
         "the rule is advisory and pages nobody, yet this level has an audience; give the rule a "
         "weight (STATUTE, GUIDANCE or LOCAL) or leave the audience out");
  }
}

}  // namespace dolen
