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

constexpr int64_t kDay = 24 * 60;
constexpr int kMaxLimits = 32;  // a start remembers in one number for which of them it speaks

// An amount in minutes as if every day counted, to bound amounts and to order levels.
int64_t NominalMinutes(const Amount& amount) {
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
    case Amount::kSchoolDays:
      return amount.school_days() * kDay;
    case Amount::kWeeks:
      return amount.weeks() * 7 * kDay;
    case Amount::kMonths:
      return amount.months() * 30 * kDay;
    case Amount::kYears:
      return amount.years() * 365 * kDay;
    case Amount::kSchoolOpenings:
      return amount.school_openings() * kDay;
    case Amount::OF_NOT_SET:
      return 0;
  }
  return 0;
}

constexpr absl::string_view kUnits =
    "minutes, hours, calendar_days, weekdays, working_days, school_days, weeks, months, years or "
    "school_openings";
constexpr absl::string_view kParties =
    "\"starter\", \"asked\", \"asker\", \"holder\", \"role:R\", \"kind:K\" or \"agency:A\"";

// Units in which a pause may be counted for a limit in this unit.
enum class Sort { kTime, kCalendar, kCounted };
Sort SortOf(const Amount& amount) {
  switch (amount.of_case()) {
    case Amount::kMinutes:
    case Amount::kHours:
      return Sort::kTime;
    case Amount::kWeekdays:
    case Amount::kWorkingDays:
    case Amount::kSchoolDays:
    case Amount::kSchoolOpenings:
      return Sort::kCounted;
    default:
      return Sort::kCalendar;
  }
}

}  // namespace

void Checker::CheckRule(const Rule& rule, const Spot& spot) {
  if (rule.id().empty()) {
    Error(spot.At("id"), "the rule has no id; write id: \"W-CORE-1\" or the like");
  }
  current_rule_ = &rule;
  CheckWhen(rule, spot);
  CheckScope(rule, spot);
  CheckOpening(rule, spot);
  for (int i = 0; i < rule.pause_size(); ++i) CheckPause(rule, rule.pause(i), spot.At("pause", i));
  if (rule.exception_by() != "holder") CheckBy(rule.exception_by(), spot.At("exception_by"));
  if (rule.limit_size() + rule.target_size() > kMaxLimits) {
    Error(spot.At("limit", 0), absl::StrCat("the rule has more than ", kMaxLimits,
                                            " limits and targets; write a second rule"));
  }
  for (int i = 0; i < rule.limit_size(); ++i) {
    CheckLimit(rule.limit(i), spot.At("limit", i));
  }
  for (int i = 0; i < rule.target_size(); ++i) {
    CheckLimit(rule.target(i), spot.At("target", i));
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
    const std::string& per = rule.per(i);
    if (!IsSnakeCase(per)) {
      Error(spot.At("per", i),
            absl::StrCat("\"", per, "\" is no key; write \"matter\", \"child\", \"thread\", "
                         "\"agency\" or the name of a field, in lower_snake_case"));
    }
    for (int j = 0; j < i; ++j) {
      if (rule.per(j) == per) {
        Error(spot.At("per", i), absl::StrCat("\"", per, "\" is named twice; leave one out"));
      }
    }
  }
  if (rule.start_size() == 0) {
    Error(spot.At("id"), "the rule has no start and can never run; write start { is: \"...\" }");
  }
  if (rule.opens() == Rule::EACH && rule.start_size() > 1) {
    Error(spot.At("start", 1),
          "opens: EACH gives one clock for each start event, so it has one start; join them with or, "
          "or leave opens out");
  }
  if (rule.opens() == Rule::EACH && rule.which() == Rule::LAST) {
    Error(spot.At("which"), "opens: EACH gives each start its own clock; leave which out");
  }
  for (int i = 0; i < rule.start_size(); ++i) CheckOpener(rule.start(i), spot.At("start", i));
  if (rule.stop_size() == 0) {
    Warn(spot.At("id"),
         "the rule has no stop: no event ever meets it; write stop { is: \"...\" } unless the duty "
         "just lapses");
  }
  for (int i = 0; i < rule.stop_size(); ++i) CheckOpener(rule.stop(i), spot.At("stop", i));
  if (rule.has_cancel()) CheckOpener(rule.cancel(), spot.At("cancel"));
}

void Checker::CheckPause(const Rule& rule, const pathway::v1::Pause& pause, const Spot& spot) {
  if (!pause.has_begin()) {
    Error(spot, "the pause does not say what begins it; write begin { is: \"clock_paused\" }");
  } else {
    CheckPattern(pause.begin(), spot.At("begin"));
  }
  if (!pause.has_end()) {
    Error(spot, "the pause does not say what ends it; write end { is: \"clock_resumed\" }");
  } else {
    CheckPattern(pause.end(), spot.At("end"));
  }
  if (!pause.has_cap() || !CheckAmount(pause.cap(), false, spot.At("cap"))) return;
  for (const Limit& limit : rule.limit()) {
    const bool same = SortOf(pause.cap()) == SortOf(limit.allow()) &&
                      (SortOf(pause.cap()) != Sort::kCounted ||
                       pause.cap().of_case() == limit.allow().of_case());
    const bool months = pause.cap().has_months() || pause.cap().has_years();
    if (!same || months) {
      Error(spot.At("cap"),
            "the cap is in another unit than the limit; write it in the limit's own (hours or "
            "minutes for hours, calendar_days or weeks for weeks and months)");
      return;
    }
  }
}

bool Checker::CheckAmount(const Amount& amount, bool negative, const Spot& spot) {
  if (amount.of_case() == Amount::OF_NOT_SET) {
    Error(spot, absl::StrCat("the amount has no unit; write one of ", kUnits));
    return false;
  }
  const int64_t minutes = NominalMinutes(amount);
  if (std::abs(minutes) > int64_t{Calendar::kMaxDays} * kDay) {
    Error(spot, absl::StrCat("the amount is longer than ", Calendar::kMaxDays,
                             " days; look for a digit too many"));
    return false;
  }
  if (minutes < 0 && (!negative || amount.has_school_openings())) {
    Error(spot, "the amount is negative; write one of 0 or more here");
    return false;
  }
  return true;
}

void Checker::CheckLimit(const Limit& limit, const Spot& spot) {
  if (!limit.has_allow()) {
    Error(spot, absl::StrCat("the limit allows nothing; write allow { working_days: 5 } or the "
                             "like (",
                             kUnits, "), or leave the limit out for a standing duty"));
  } else if (CheckAmount(limit.allow(), true, spot.At("allow")) &&
             limit.allow().has_working_days() && !counts_working_days_) {
    Warn(spot.At("allow"),
         "working days need a calendar, and this book has none; without one from another book the "
         "clock says that its calendar is missing");
  }
  if (limit.has_when()) CheckPattern(limit.when(), spot.At("when"), /*needs_name=*/false);
  CheckFrom(limit.from(), spot.At("from"));
  CheckWithin(limit, spot);
  CheckConventions(limit, spot);
  if (!limit.calendar_of().empty()) CheckParty(limit.calendar_of(), spot.At("calendar_of"));
}

void Checker::CheckFrom(const pathway::v1::From& from, const Spot& spot) {
  if (from.has_event()) CheckPattern(from.event(), spot.At("event"));
  if (!from.field().empty() && !IsSnakeCase(from.field())) {
    Error(spot.At("field"), absl::StrCat("\"", from.field(),
                                         "\" cannot be a field's name: they are written in "
                                         "lower_snake_case"));
  }
}

void Checker::CheckWithin(const Limit& limit, const Spot& spot) {
  if (!limit.has_within()) return;
  if (!CheckAmount(limit.within(), false, spot.At("within"))) return;
  if (SortOf(limit.allow()) != Sort::kCalendar || limit.allow().has_months() ||
      limit.allow().has_years()) {
    Error(spot.At("allow"),
          "a budget within a window is counted in calendar_days or weeks; write it so");
  } else if (SortOf(limit.within()) != Sort::kCalendar) {
    Error(spot.At("within"), "the window is in calendar_days, weeks, months or years");
  } else if (NominalMinutes(limit.allow()) > NominalMinutes(limit.within())) {
    Error(spot.At("within"), "the window is shorter than the budget, which is then never used up");
  }
}

void Checker::CheckConventions(const Limit& limit, const Spot& spot) {
  int minutes = 0;
  if (!limit.cut_off().empty() && !ParseTimeOfDay(limit.cut_off(), minutes)) {
    Error(spot.At("cut_off"),
          absl::StrCat("\"", limit.cut_off(), "\" is not a time of day; write \"16:00\""));
  }
  const bool counted = SortOf(limit.allow()) != Sort::kTime &&
                       !limit.allow().has_school_openings() && !limit.allow().has_months() &&
                       !limit.allow().has_years();
  if (!counted && (!limit.cut_off().empty() || limit.closed_start_moves())) {
    Error(spot.At(limit.cut_off().empty() ? "closed_start_moves" : "cut_off"),
          "only limits that are counted in days have it; allow working_days or the like, or leave it "
          "out");
  }
  const bool days = SortOf(limit.allow()) != Sort::kTime && !limit.allow().has_school_openings();
  if (days) return;
  for (const char* field : {"start_day_is_one", "before_last_day", "roll"}) {
    const std::string name = field;
    const bool is_set = name == "roll"             ? limit.roll() != Limit::STAY
                        : name == "before_last_day" ? limit.before_last_day()
                                                    : limit.start_day_is_one();
    if (is_set) Error(spot.At(field), "only limits in days have it; leave it out");
  }
}

void Checker::CheckAccountable(const Rule& rule, const Spot& spot) {
  const Spot place = spot.At("accountable");
  if (rule.accountable().empty()) {
    Error(place, absl::StrCat("nobody is accountable; write ", kParties));
    return;
  }
  CheckParty(rule.accountable(), place);
}

void Checker::CheckParty(absl::string_view party, const Spot& spot) {
  if (party == "starter" || party == "asked" || party == "asker" || party == "holder") return;
  const std::string all(party);
  if (absl::ConsumePrefix(&party, "agency:")) {
    CheckAgencyName(party, spot);
  } else if ((absl::ConsumePrefix(&party, "role:") || absl::ConsumePrefix(&party, "kind:")) &&
             !party.empty()) {
    return;
  } else {
    Error(spot, absl::StrCat("\"", all, "\" says not who; write ", kParties));
  }
}

void Checker::CheckLevels(const Rule& rule, const Spot& spot) {
  if (rule.level_size() > 0 && rule.limit_size() + rule.target_size() == 0) {
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
    if (level.of_target() && rule.target_size() == 0) {
      Error(place.At("of_target"),
            "the rule has no target to measure from; write target { allow { ... } } or leave "
            "of_target out");
    }
    if (!level.of_target() && rule.limit_size() == 0 && rule.target_size() > 0) {
      Warn(place, "the rule has no limit to measure from; write of_target: true");
    }
    if (i > 0 && level.of_target() == rule.level(i - 1).of_target() &&
        NominalMinutes(level.offset()) < NominalMinutes(rule.level(i - 1).offset())) {
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
  if (level.has_ack_expires()) CheckAmount(level.ack_expires(), false, spot.At("ack_expires"));
  if (level.has_offset()) {
    CheckAmount(level.offset(), true, spot.At("offset"));
    if (level.name() == "overdue" && !level.of_target()) {
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
  if (rule.percent_in_time() > 100) {
    Error(spot.At("percent_in_time"), "a share of more than 100 percent; write 0 to 100");
  }
  for (int i = 0; i < rule.level_size(); ++i) {
    if (rule.weight() != Rule::ADVISORY || rule.level(i).audience().empty()) continue;
    Warn(spot.At("level", i),
         "the rule is advisory and pages nobody, yet this level has an audience; give the rule a "
         "weight (STATUTE, GUIDANCE or LOCAL) or leave the audience out");
  }
}

}  // namespace dolen
